"""Which value of a parameter counts for a subject, by the law of a day and the subject's place (`docs/meaning.md` 1.9)."""

from collections.abc import Mapping

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.days import is_dynamic
from mofan_rules.executors.duckdb.graph import ancestry
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, Op, Param
from mofan_rules.schema import DatedValue, Parameter
from mofan_rules.values.dates import BEGINNING, END

FAR = 10**6
"""More steps than any tree has: a value for everybody is the farthest."""


def named_parameters(expressions: list[Expression | None]) -> list[str]:
    """The names of the parameters in some expressions, each once."""
    names: dict[str, None] = {}

    def walk(expression: Expression | None) -> None:
        match expression:
            case Param(name):
                names[name] = None
            case Op(_, arguments):
                for argument in arguments:
                    walk(argument)
            case _:
                pass

    for expression in expressions:
        walk(expression)
    return list(names)


def choice_columns(work: Work, names: list[str]) -> dict[str, str]:
    """The columns that hold the choice of each parameter that has one."""
    return choice_columns_of(work.parameters, names)


def choice_columns_of(parameters: Mapping[str, Parameter], names: list[str]) -> dict[str, str]:
    """The columns that hold the choice of each of some parameters that has more than one value for all."""
    return {name: f"p{number}" for number, name in enumerate(sorted(parameters)) if name in names and is_dynamic(parameters[name])}


def with_choices(work: Work, relation: str, choices: dict[str, str], law: str = "law", place: str = "day") -> str:
    """A relation of cells with the columns of `choices` added; `law` and `place` are its columns."""
    if not choices:
        return relation
    joins: list[str] = []
    columns = [f"{_choice(work, work.parameters[name], joins, law, place)} AS {column}" for name, column in choices.items()]
    if joins:
        relation = work.table("cells", f"SELECT * FROM {relation}")
        joins = [join.replace("{cells}", relation) for join in joins]
    return f"(SELECT c.*, {', '.join(columns)} FROM {relation} c {' '.join(joins)})"


def _choice(work: Work, parameter: Parameter, joins: list[str], law: str, place: str) -> str:
    """The place of the value that counts in the parameter's list, plus one; 0 if there is none."""
    unders = sorted({value.under for value in parameter.values if value.under is not None})
    steps: dict[str | None, tuple[str, str]] = {None: (str(FAR), str(FAR))}
    for under in unders:
        found = f"FROM {ancestry(work, unders)} WHERE ancestor = {sql.text(under)}"
        table = work.once(("below", under, tuple(unders)), lambda found=found: work.table("below", f"SELECT * {found}"))  # type: ignore[misc]
        ends = []
        for sure in (True, False):
            alias = f"a{len(joins)}"
            ends.append(f"{alias}.steps")
            nearest = (
                f"(SELECT x.cell, min(a.steps) AS steps FROM {{cells}} x JOIN {table} a ON a.organization = x.subject"
                f" AND {'' if sure else 'NOT '}a.sure AND x.{place} BETWEEN a.first AND a.last GROUP BY x.cell)"
            )
            joins.append(f"LEFT JOIN {nearest} {alias} ON {alias}.cell = c.cell")
        steps[under] = (ends[0], ends[1])
    many = len(parameter.values) + 1
    sure_ranks: list[str] = []
    ranks: list[str] = []
    for number, value in enumerate(parameter.values, 1):
        spans = [f"c.{law} >= {sql.day(value.first)}"] if value.first != BEGINNING else []
        spans += [f"c.{law} <= {sql.day(value.last)}"] if value.last != END else []
        for step, into in zip(steps[value.under], (sure_ranks, ranks), strict=True):
            rank = f"{step} * {many} + {many - number}"
            into.append(f"CASE WHEN {' AND '.join(spans)} THEN {rank} END" if spans else rank)
    chosen, best = (f"{many} - list_min([{', '.join(listed)}]) % {many}" for listed in (sure_ranks, sure_ranks + ranks))
    if not unders:
        return f"COALESCE({chosen}, 0)"
    same = {number: min(other for other, known in enumerate(parameter.values, 1) if _same(known, value)) for number, value in enumerate(parameter.values, 1)}
    classes = " ".join(f"WHEN {number} THEN {first}" for number, first in same.items())
    return f"CASE WHEN CASE {chosen} {classes} END = CASE {best} {classes} END THEN {chosen} ELSE 0 END"


def _same(a: DatedValue, b: DatedValue) -> bool:
    return (a.value, a.unbounded) == (b.value, b.unbounded)

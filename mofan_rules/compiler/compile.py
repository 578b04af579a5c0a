"""A program as views: the shared ones, one a requirement, and one for the verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.dialects import Dialect
from mofan_rules.compiler.frame import Refused
from mofan_rules.compiler.judging import SHOWN, VERDICT, judge
from mofan_rules.compiler.organizations import Aliased
from mofan_rules.compiler.periods import asked_of
from mofan_rules.compiler.plan import Names, Plan
from mofan_rules.compiler.tallies import constants, selected, tally_verdicts
from mofan_rules.compiler.tree import Tree, case, column, eq, text
from mofan_rules.compiler.values import TooLarge
from mofan_rules.ir.program import Judgement, Program, Tally
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State

OVERFLOW = "a number could outgrow 37 digits"


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name, the queries that its own query reads, by name, and that query. `requirement`: whose verdicts it has, if any's."""

    name: str
    steps: dict[str, Tree]
    query: Tree
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program in SQL, as far as it is compiled: views in the order in which each comes after those that it reads, and what was refused."""

    views: tuple[View, ...]
    refusals: tuple[str, ...]

    @property
    def requirements(self) -> tuple[str, ...]:
        """The requirements that are compiled."""
        return tuple(view.requirement for view in self.views if view.requirement is not None)


def compile_program(program: Program, dialect: Dialect, names: Names) -> Compiled:
    """The views of a program. A requirement of which any version cannot be compiled has none; `refusals` says which and why."""
    plan = Plan(program, dialect, names)
    views: list[View] = []
    refusals: list[str] = []
    judged: dict[str, Aliased] = {}
    written = 0
    for requirement, versions in _by_requirement(program).items():
        before = len(plan.shared)
        try:
            own = _requirement(plan, requirement, versions, judged)
        except (Refused, TooLarge) as refused:
            refusals.append(f"{requirement}: {refused if isinstance(refused, Refused) else OVERFLOW}")
            _forget(plan, before)
            continue
        shared = list(plan.shared.items())
        views += [View(name, {}, query) for name, query in shared[written:]]
        written = len(shared)
        views += own
        if len(own) > 1:
            judged[requirement] = partial(sql.relation, own[0].name, schema=names.views)
    views.append(View("verdicts", {}, _all(plan, [view for view in views if view.requirement is not None])))
    return Compiled(tuple(views), tuple(refusals))


def _requirement(plan: Plan, requirement: str, versions: list[Judgement | Tally], judged: dict[str, Aliased]) -> list[View]:
    """The view of a requirement; where roll-ups read its verdicts, after one of all the verdicts that they or the period may select."""
    counted = any(requirement in tally.parts for tally in plan.program.tallies)
    question = asked_of(plan, requirement)
    parts = []
    for version in versions:
        plan.local = {}
        query = _judged(plan, version, judged, question)
        columns = {name: column(f"v.{name}") for name in VERDICT} | constants(version)
        parts.append(View("", plan.local, sql.select(columns, sql.nested(query, "v"))))
    name = view_name(requirement)
    whole = _view(name.replace("verdicts_", "judged_", 1) if counted else name, parts)
    shown = {name: column(f"p.{name}") for name in SHOWN}
    asked = selected("p", column("q.as_of"), column("q.period_first"), column("q.period_last"))
    joins = [sql.crossed(plan.question())]
    if not counted:
        return [View(name, whole.steps, sql.select(shown, sql.nested(whole.query, "p"), joins, asked), requirement)]
    return [whole, View(name, {}, sql.select(shown, sql.relation(whole.name, "p", plan.names.views), joins, asked), requirement)]


def _judged(plan: Plan, version: Judgement | Tally, judged: dict[str, Aliased], question: Aliased) -> Tree:
    if isinstance(version, Judgement):
        return judge(plan, version, question)
    if lacking := sorted(set(version.parts) - judged.keys()):
        raise Refused(f"Tally.parts: {lacking[0]} is not compiled")
    return tally_verdicts(plan, version, judged, question)


def _forget(plan: Plan, before: int) -> None:
    """Take back the shared views of a requirement that was refused, since some of them may be unfinished."""
    for name in list(plan.shared)[before:]:
        del plan.shared[name]
        plan.forget(name)


def _by_requirement(program: Program) -> dict[str, list[Judgement | Tally]]:
    found: dict[str, list[Judgement | Tally]] = {}
    everything: list[Judgement | Tally] = [*program.judgements, *program.tallies]
    for version in everything:
        found.setdefault(version.header.requirement, []).append(version)
    return found


def _view(name: str, parts: list[View]) -> View:
    """The versions of one requirement together."""
    steps: dict[str, Tree] = {}
    queries = []
    for number, part in enumerate(parts, 1):
        names = {step: step if len(parts) == 1 else f"v{number}_{step}" for step in part.steps}
        for step, query in part.steps.items():
            steps[names[step]] = _with_names(query, names)
        queries.append(_with_names(part.query, names))
    return View(name, steps, sql.union(queries[0], *queries[1:]))


def _with_names(query: Tree, names: dict[str, str]) -> Tree:
    """The query with other names of the steps that it reads."""
    if all(name == other for name, other in names.items()):
        return query

    def renamed(node: Tree) -> Tree:
        if isinstance(node, exp.Table) and not node.args.get("db") and node.name in names:
            return exp.Table(this=exp.Identifier(this=names[node.name], quoted=True), alias=node.args.get("alias"))
        return node

    return query.transform(renamed)


def view_name(requirement: str) -> str:
    """The name of the view of a requirement: letters, digits and underscores, of at most 60 characters."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in requirement)
    if "_" in requirement or plain != requirement.replace(".", "_") or len(plain) > 50:
        import hashlib

        plain = f"{plain[:40]}_{hashlib.sha256(requirement.encode()).hexdigest()[:8]}"
    return f"verdicts_{plain}"


def _all(plan: Plan, views: Iterable[View]) -> Tree:
    """All verdicts in the eleven columns of the verdict table."""
    listed = [sql.select({name: column(f"v.{name}") for name in SHOWN}, sql.relation(view.name, "v", plan.names.views)) for view in views]
    if not listed:
        kinds = dict.fromkeys(VERDICT, sql.TEXT) | {"subject": sql.BIGINT, "accountable": sql.BIGINT}
        kinds |= dict.fromkeys(("window_first", "window_last", "due_on"), sql.DATE)
        nothing = {name: sql.null(kind) for name, kind in kinds.items()}
        listed = [sql.select(nothing, plan.question(), where=sql.FALSE)]
    return table_of(plan, sql.union(listed[0], *listed[1:]))


def table_of(plan: Plan, judged: Tree) -> Tree:
    """The verdict table of judged requirements: ids in the place of numbers, and states."""
    states = [(sql.among(column("v.reason"), [text(name) for name, of in REASONS.items() if of is state]), text(state.value)) for state in State]
    columns = {
        "requirement": column("v.requirement"),
        "subject": column("s.id"),
        "key": column("v.key"),
        "window_from": column("v.window_first"),
        "window_until": column("v.window_last"),
        "state": case(*states, otherwise=text("")),
        "reason": column("v.reason"),
        "measured": column("v.measured"),
        "required": column("v.required"),
        "due_on": column("v.due_on"),
        "accountable": column("a.id"),
    }
    joins = [
        sql.inner(plan.fact("subjects", "s"), eq(column("s.number"), column("v.subject"))),
        sql.inner(plan.fact("subjects", "a"), eq(column("a.number"), column("v.accountable"))),
    ]
    return sql.select(columns, sql.nested(judged, "v"), joins)


def text_of(view: View, dialect: Dialect, pretty: bool = False) -> str:
    """The query of a view in the words of its dialect."""
    query = view.query
    if view.steps:
        tables = [exp.CTE(this=step, alias=exp.TableAlias(this=exp.Identifier(this=name, quoted=True))) for name, step in view.steps.items()]
        body = sql.select({}, sql.nested(query, "x"), star="x")
        body.set("with_", exp.With(expressions=tables))
        query = body
    return query.sql(dialect.name, pretty=pretty)

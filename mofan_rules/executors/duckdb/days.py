"""On which days an organization exists, has a kind, or is bound by a requirement (`docs/meaning.md` section 1), as stretches of days."""

from dataclasses import dataclass

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.expressions import truth
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, Field, Op, Param, Scope, WindowDay
from mofan_rules.ir.program import Header, Program
from mofan_rules.schema import Parameter
from mofan_rules.values.dates import BEGINNING, END


def versions(work: Work) -> str:
    """(organization, version, sure_first, sure_last, first, last, certain, kind): the days that each version covers surely and possibly;
    none surely if sure_first is null.

    Days after the as-of date are like it, so that what covers the as-of date has no end.
    """
    return work.once("versions", lambda: work.table("version", _versions(work)))


def _versions(work: Work) -> str:
    as_of = work.as_of

    def until(end: str) -> str:
        return f"CASE WHEN {end} >= {as_of} THEN {sql.LAST_DAY} ELSE {end} END"

    def columns(organization: str) -> str:
        return (
            f'SELECT {organization} AS organization, {organization} AS subject, o."row" AS version,'
            f" o.certain, o.kind, o.valid_from_low AS first, {until('o.valid_until_high')} AS last,"
            f" CASE WHEN o.certain AND o.valid_from_high <= {as_of} AND o.valid_from_high <= o.valid_until_low THEN o.valid_from_high END AS sure_first,"
            f" {until('o.valid_until_low')} AS sure_last FROM facts.organizations o"
        )

    seen = f"o.valid_from_low <= {as_of}"
    query = f"{columns('o.organization')} WHERE o.organization IS NOT NULL AND {seen}"
    if work.any("SELECT 1 FROM facts.organizations WHERE organization IS NULL"):
        query += f" UNION ALL {columns('n.number')} CROSS JOIN facts.subjects n WHERE o.organization IS NULL AND {seen}"
    return query


def headers(program: Program) -> list[Header]:
    """The headers of all judgements and tallies."""
    return [judgement.header for judgement in program.judgements] + [tally.header for tally in program.tallies]


def merged(source: str, keys: str = "organization") -> str:
    """Stretches of days that overlap or meet made one; `source` is a relation with `keys`, first and last.

    Of several that are alike the one that begins anew comes first: in which order they are numbered is otherwise left to DuckDB, which may sort them twice.
    """
    before = f"max(last) OVER (PARTITION BY {keys} ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    marked = f"SELECT {keys}, first, last, CASE WHEN first <= {before} + 1 THEN 0 ELSE 1 END AS fresh FROM {source} WHERE first <= last"
    numbered = f"SELECT *, sum(fresh) OVER (PARTITION BY {keys} ORDER BY first, last, fresh DESC ROWS UNBOUNDED PRECEDING) AS island FROM ({marked})"
    return f"SELECT {keys}, min(first) AS first, max(last) AS last FROM ({numbered}) GROUP BY {keys}, island"


def depends_on_window(expression: Expression | None, work: Work) -> bool:
    """Does a condition on the subject look at the window or at a parameter that has several values?"""
    match expression:
        case WindowDay():
            return True
        case Param(name):
            return is_dynamic(work.parameters[name])
        case Op(_, arguments):
            return any(depends_on_window(argument, work) for argument in arguments)
        case _:
            return False


def is_dynamic(parameter: Parameter) -> bool:
    """Does a parameter have more than the one value that always holds everywhere?"""
    values = parameter.values
    return bool(values) and not (len(values) == 1 and values[0].first == BEGINNING and values[0].last == END and values[0].under is None)


def uses_subject(expression: Expression | None) -> bool:
    """Does an expression read a column of the subject?"""
    match expression:
        case Field(Scope.SUBJECT):
            return True
        case Op(_, arguments):
            return any(uses_subject(argument) for argument in arguments)
        case _:
            return False


def kind_truth(kinds: frozenset[str], column: str) -> str:
    """Is a kind among these? Null (of a row that is not certain): unknown."""
    return f"{column} IN {sql.texts(kinds)}" if kinds else f"CASE WHEN {column} IS NOT NULL THEN FALSE END"


def binding_frame(work: Work, cell: str = "v", choices: dict[str, str] | None = None) -> Frame:
    """Where `when` is evaluated: over a version `s` of the organization in question."""
    return Frame({Scope.SUBJECT: "s"}, {Scope.SUBJECT: "s.certain"}, work.parameters, choices or {}, cell=cell)


@dataclass(frozen=True, slots=True)
class Selected:
    """A relation and the columns to select of it."""

    columns: str
    source: str


def bound_versions(work: Work, kinds: frozenset[str], when: Expression | None, source: str, frame: Frame, keys: list[str]) -> Selected:
    """Versions (alias `v` in `source`) that possibly bind: the keys, the days covered, and the truth of kind and `when`."""
    condition = sql.conjunction([frame.need(kind_truth(kinds, "v.kind")), truth(when, frame)])
    names = [(frame.need(key), key.rsplit(".", 1)[1]) for key in [*keys, "v.first", "v.last", "v.sure_first", "v.sure_last"]]
    if Scope.SUBJECT in frame.used or "s.certain" in frame.needed.values():
        source = f'{source} JOIN facts.organizations s ON s."row" = v.version'
    decided = frame.keep(condition)
    columns = ", ".join([*(f"{flat} AS {plain}" for flat, plain in names), f"{decided} AS truth"])
    return Selected(columns, f"{frame.relation(source)} WHERE {decided} IS NOT FALSE")


def subject_versions(work: Work) -> str:
    """Versions with their fields and the days that they surely cover (span_first, span_last)."""
    query = (
        f"SELECT v.organization AS subject_number, v.sure_first AS span_first, v.sure_last AS span_last, o.* EXCLUDE (organization)"
        f' FROM {versions(work)} v JOIN facts.organizations o ON o."row" = v.version WHERE v.sure_first IS NOT NULL'
    )
    return work.once("subject_versions", lambda: work.table("fields", query))

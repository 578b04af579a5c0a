"""Which rows of facts match which cells, and how surely (`ir.rows`, `docs/meaning.md` 3.1 and 4.1).

The result is a relation of candidates: cell, id, row, certain, truth (true or unknown; false ones are gone), low and high (the row's date), and
what the measure asks for. Rows with exact, certain dates of calendar windows are put into their window by arithmetic; all others meet the cells in a join.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import life
from mofan_rules.executors.duckdb.cells import Lattice
from mofan_rules.executors.duckdb.days import kind_truth, subject_versions
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.members import SharedRows, row_condition, source
from mofan_rules.executors.duckdb.owners import Join, owners_of
from mofan_rules.executors.duckdb.places import place_truth
from mofan_rules.executors.duckdb.scope import Judging, Project, Stretch, date_column, owner_column, row_frame
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, Field, Holds, Op, Param, Scope, WindowDay
from mofan_rules.ir.rows import Own, Place, Rows
from mofan_rules.schema import KIND_COLUMN, Table


def candidates(judging: Judging, rows: Rows, stretch: Stretch, project: Project) -> str:
    """The relation of candidates of some rows for the cells."""
    found = lanes(judging, rows, stretch, project)
    return " UNION ALL ".join([*([found.plain(None)] if found.plain else []), *found.rest])


Condition = Callable[[Frame], str]
"""The truth of a condition on a row, over a frame."""

Plain = Callable[[str | None], str]
"""The query of the candidates that arithmetic puts into their window; of all organizations, or of those in a query."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The candidates, apart: those of certain, exactly dated rows that arithmetic puts into their window, if there are such lanes, and all others."""

    plain: Plain | None
    rest: list[str]
    added: tuple[str, ...] = ()
    """Relations of what rows of any organization add to counts (`anyone`)."""


def lanes(judging: Judging, rows: Rows, stretch: Stretch, project: Project, anyone: bool = True) -> Lanes:
    """The candidates of some rows for the cells; with rows that may be any organization's, if they are asked for, where arithmetic places others."""
    lattice = judging.lattice
    if not arithmetic(judging, rows, stretch) or lattice is None:
        return Lanes(None, _by_join(judging, rows, stretch, project, sql.TRUE))
    rest = left_for_join(judging.work, rows)
    others = _by_join(judging, rows, stretch, project, rest, anyone) if rest is not None else []
    return Lanes(partial(_by_arithmetic, judging, rows, lattice, project), others)


def arithmetic(judging: Judging, rows: Rows, stretch: Stretch) -> bool:
    """Can rows be put into their windows by arithmetic?"""
    return judging.lattice is not None and stretch.own and not judging.state and rows.place is Place.DATED and isinstance(rows.owner, Own)


BELONGS = ('r."belongs_to_low"', 'r."belongs_to_high"')
"""The first and the last day of the period to which an event belongs; null where it has none."""


def plain_row(work: Work, rows: Rows) -> str:
    """Is a row certain, exactly dated, and known to belong to no period (of many organizations: or known to which)?"""
    column, owner = date_column(rows), rows.owner
    assert isinstance(owner, Own)
    first, last = BELONGS
    known = f" OR {first} <> {sql.FIRST_DAY} OR {last} <> {sql.LAST_DAY}" if work.many else ""
    period = f" AND ({first} IS NULL{known})" if by_period(rows) else ""
    return (
        f"(r.certain AND r.{sql.name(column + '_low')} = r.{sql.name(column + '_high')} AND r.{sql.name(owner_column(rows.table, owner))} IS NOT NULL{period})"
    )


def by_period(rows: Rows) -> bool:
    """Do rows count for the window that contains the period to which they belong?"""
    return rows.by_period and rows.table is Table.EVENTS


def plain_forms(work: Work, rows: Rows) -> list[tuple[bool, str]]:
    """Whether plain rows belong to periods, and the condition of those that do or do not: apart, for looking at a period costs more than looking at a date.

    Of few organizations a join places those that do: preparing one more lane would take longer.
    """
    if not work.many or not by_period(rows):
        return [(False, sql.TRUE)]
    first, _ = BELONGS
    some = work.any(f"SELECT 1 FROM facts.{rows.table.value} r WHERE {' AND '.join([*prefilter(rows), f'{first} IS NOT NULL'])}")
    return [(False, f"{first} IS NULL"), *([(True, f"{first} IS NOT NULL")] if some else [])]


def counted_on(rows: Rows, lattice: Lattice, periods: bool) -> str:
    """The day that says for which window a plain row counts: the first of the period to which it belongs, if that lies in one window; else its date."""
    value, (first, last) = f"r.{sql.name(date_column(rows) + '_low')}", BELONGS
    return f"CASE WHEN {lattice.number(first)} = {lattice.number(last)} THEN {first} ELSE {value} END" if periods else value


def in_windows(rows: Rows, lattice: Lattice, who: str, periods: bool) -> list[str]:
    """The conditions of plain rows that count for one of the windows. One that counts by its date is dated before the window is due, of course."""
    day = counted_on(rows, lattice, periods)
    inside = f"{day} BETWEEN {sql.day(lattice.first)} AND {sql.day(lattice.last)}"
    return [inside, f"r.{sql.name(date_column(rows) + '_low')} <= {lattice.due(who, day)}"] if periods else [inside]


def left_for_join(work: Work, rows: Rows) -> str | None:
    """The condition of the rows that arithmetic does not place; `None` if there are none."""
    condition = f"NOT {plain_row(work, rows)}"
    some = work.any(f"SELECT 1 FROM facts.{rows.table.value} r WHERE {' AND '.join([*prefilter(rows), condition])}")
    return condition if some else None


def row_truths(rows: Rows, frame: Frame) -> list[str]:
    """Kind and `held` of a row `r`, and whether it is certain."""
    parts = []
    if rows.kinds is not None:
        parts.append(frame.need(kind_truth(rows.kinds, f"r.{KIND_COLUMN[rows.table]}")) if rows.table in KIND_COLUMN else sql.TRUE)
    if rows.table is Table.EVENTS:
        parts.append(frame.need("CASE r.held WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END"))
    parts.append(frame.need("CASE WHEN r.certain THEN TRUE END"))
    return parts


def prefilter(rows: Rows) -> list[str]:
    """Plain conditions that let no row through that cannot match: near the scan."""
    parts = []
    if rows.kinds is not None and rows.table in KIND_COLUMN:
        column = f"r.{KIND_COLUMN[rows.table]}"
        parts.append(f"({column} IN {sql.texts(rows.kinds)} OR {column} IS NULL)")
    if rows.table is Table.EVENTS:
        parts.append("(r.held <> 'no' OR r.held IS NULL)")
    return parts


def reads(expression: Expression | None, scope: Scope) -> bool:
    """Does an expression read a column of a scope?"""
    match expression:
        case Field(found):
            return found is scope
        case Op(_, arguments):
            return any(reads(argument, scope) for argument in arguments)
        case _:
            return False


def reads_cell(expression: Expression | None, judging: Judging) -> bool:
    """Does an expression on a row look at the cell: its window, the subject's id, a parameter with several values?"""
    match expression:
        case WindowDay() | Holds() | Field(Scope.SUBJECT, "id") | Field(Scope.SUBJECT, "organization"):
            return True
        case Param(name):
            return name in judging.choices
        case Op(_, arguments):
            return any(reads_cell(argument, judging) for argument in arguments)
        case _:
            return False


def finished(frame: Frame, build: Callable[[], tuple[list[str], list[str]]], truths: list[str], columns: dict[str, str], project: Project) -> str:
    """The SELECT of one lane. `build` gives the FROM clause and the conditions; it is asked when it is known which columns the frame needs."""
    projected = {name: frame.need(column) for name, column in columns.items()} | project(frame)
    kept = frame.keep(sql.conjunction(truths))
    listed = ", ".join(f"{column} AS {name}" for name, column in projected.items())
    sources, where = build()
    return f"SELECT {listed}, {kept} AS truth FROM {frame.relation(' '.join(sources), ' AND '.join(where))} WHERE {kept} IS NOT FALSE"


def row_columns(rows: Rows) -> dict[str, str]:
    column = date_column(rows)
    return {"id": "r.id", "row": 'r."row"', "certain": "r.certain", "low": f"r.{sql.name(column + '_low')}", "high": f"r.{sql.name(column + '_high')}"}


def _by_arithmetic(judging: Judging, rows: Rows, lattice: Lattice, project: Project, organizations: str | None) -> str:
    """The lanes of certain, exactly dated rows: each falls into one window, found by dividing."""
    owner = rows.owner
    assert isinstance(owner, Own)
    who = "r.who" if isinstance(rows, SharedRows) else "0"
    subject = f"r.{sql.name(owner_column(rows.table, owner))}"
    found = []
    for periods, form in plain_forms(judging.work, rows):
        cell = lattice.cell(subject, who, counted_on(rows, lattice, periods))
        where = [form, *in_windows(rows, lattice, who, periods)]
        found.append(placed(judging, rows, f"{source(rows)} r", cell, where, organizations, project, partial(row_condition, rows)))
    return " UNION ALL ".join(found)


def placed(judging: Judging, rows: Rows, table: str, cell: str, where: list[str], organizations: str | None, project: Project, condition: Condition) -> str:
    """One lane of certain, exactly dated rows, whose cells are known.

    Parameters
    ----------
    table: the rows, as `r`.
    cell: the number of the cell of a row.
    organizations: the query of those whose rows are asked for; `None`: all.
    """
    work, owner = judging.work, rows.owner
    assert isinstance(owner, Own)
    subject, value = f"r.{sql.name(owner_column(rows.table, owner))}", f"r.{sql.name(date_column(rows) + '_low')}"
    frame = row_frame(judging)
    matches = condition(frame)
    alive = life(work)
    existence = [] if alive.plain else [frame.need("CASE WHEN l.sure THEN TRUE END")]
    few = [f"{subject} IN ({organizations})"] if organizations is not None else []

    def build() -> tuple[list[str], list[str]]:
        lives = f"{alive.table} l ON l.sure AND" if alive.plain else f"{existence_pieces(work)} l ON"
        sources = [table, f"JOIN {lives} l.organization = {subject} AND {value} BETWEEN l.first AND l.last"]
        if any("c." in needed for needed in frame.needed.values()) or frame.joins:
            sources.append(f"JOIN {judging.cells} c ON c.cell = {cell}")
        if Scope.SUBJECT in frame.used:
            sources.append(f"LEFT JOIN {subject_versions(work)} s ON s.subject_number = {subject} AND {value} BETWEEN s.span_first AND s.span_last")
        return sources, [*prefilter(rows), plain_row(work, rows), f"{value} <= {work.as_of}", *where, *few]

    return finished(frame, build, [*row_truths(rows, frame), *existence, matches], {"cell": cell} | row_columns(rows), project)


def existence_pieces(work: Work) -> str:
    """(organization, first, last, sure): disjoint stretches of days on which an organization exists surely, or else possibly."""
    return work.once("pieces", lambda: work.table("piece", _pieces(life(work).table)))


def _pieces(runs: str) -> str:
    cuts = f"SELECT organization, first AS cut FROM {runs} UNION SELECT organization, last + 1 FROM {runs}"
    spans = f"SELECT organization, cut AS first, lead(cut) OVER (PARTITION BY organization ORDER BY cut) - 1 AS last FROM ({cuts})"
    return (
        f"SELECT p.organization, p.first, p.last, bool_or(r.sure) AS sure FROM ({spans}) p JOIN {runs} r ON r.organization = p.organization"
        " AND r.first <= p.first AND r.last >= p.last GROUP BY ALL"
    )


def _by_join(judging: Judging, rows: Rows, stretch: Stretch, project: Project, rest: str, anyone: bool = True) -> list[str]:
    """The lanes in which cells and rows are joined on the organization."""
    return [joined(judging, rows, stretch, project, join) for join in owners_of(judging, rows, rest, anyone)]


def joined(judging: Judging, rows: Rows, stretch: Stretch, project: Project, join: Join, condition: Condition | None = None, anyone: bool = False) -> str:
    """One lane in which cells and rows are joined; `condition` stands for that of the rows.

    `anyone`: the cells are windows, whichever the subject: nothing is said of its existence.
    """
    work = judging.work
    frame = row_frame(judging)
    low, high = (f"r.{sql.name(date_column(rows) + end)}" for end in ("_low", "_high"))
    placed, where = place_truth(judging, rows, stretch, anyone)
    truths = [*row_truths(rows, frame), frame.need(join.owned), *(frame.need(part) for part in placed)]
    if judging.trigger_table is rows.table:
        where.append("(r.id IS DISTINCT FROM c.trigger_id)")
    truths.append(condition(frame) if condition is not None else row_condition(rows, frame))
    columns = {"cell": "c.cell"} | row_columns(rows)

    def build() -> tuple[list[str], list[str]]:
        sources = [join.source]
        if rows.place is Place.DATED and not anyone:
            sources.append(f"LEFT JOIN {life(work).table} ls ON ls.organization = c.subject AND ls.sure AND ls.first <= {low} AND ls.last >= {high}")
        if Scope.SUBJECT in frame.used:
            by_row = not judging.state and rows.place in (Place.DATED, Place.ANY)
            first, last = (low, high) if by_row else ("c.day", "c.day")
            sources.append(f"LEFT JOIN {subject_versions(work)} s ON s.subject_number = c.subject AND s.span_first <= {first} AND s.span_last >= {last}")
        if Scope.TRIGGER in frame.used and judging.trigger_table is not None:
            sources.append(f'LEFT JOIN facts.{judging.trigger_table.value} t ON t."row" = c.trigger')
        return sources, [*prefilter(rows), *join.where, *where]

    return finished(frame, build, truths, columns, project)

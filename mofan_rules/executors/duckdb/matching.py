"""Which rows of facts match which cells, and how surely (`ir.rows`, `docs/meaning.md` 3.1 and 4.1).

The result is a relation of candidates: cell, id, row, certain, truth (true or unknown; false ones are gone), low and high (the row's date), and
what the measure asks for. Rows with exact, certain dates of calendar windows are put into their window by arithmetic; all others meet the cells in a join.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.calendar import months_of, window_number
from mofan_rules.executors.duckdb.cells import Lattice
from mofan_rules.executors.duckdb.days import kind_truth, life, subject_versions
from mofan_rules.executors.duckdb.expressions import truth
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.holding import holds_column, offices
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, END_COLUMN, Work
from mofan_rules.ir.expressions import Expression, Field, Op, Scope
from mofan_rules.ir.program import Calendar, Each, Once, Windows
from mofan_rules.ir.rows import ByRole, OfLinked, Own, Place, Rows
from mofan_rules.schema import KIND_COLUMN, Table
from mofan_rules.values.windows import Every

Project = Callable[[Frame], dict[str, str]]
"""What a measure wants of each candidate: names and SQL over the frame."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What the measures of one judgement are computed over.

    Parameters
    ----------
    cells: a table with cell, subject, window_first, window_last, due, day, trigger, trigger_id, after_day and the columns of `choices`.
    state: the cells are days on which a state is looked at; else windows.
    ends: the column of the cells with the end of the window (an answer to a deadline may come until the extended `due_on`).
    """

    work: Work
    cells: str
    windows: Windows
    state: bool
    choices: dict[str, str] = field(default_factory=dict)
    lattice: Lattice | None = None
    ends: str = "window_last"

    @property
    def trigger_table(self) -> Table | None:
        return self.windows.trigger.table if isinstance(self.windows, Each) and self.windows.trigger else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The window of a measure in terms of a cell `c`, and the calendar it belongs to."""

    first: str
    last: str
    every: Every | None = None
    anchor: str | None = None
    own: bool = True
    """It is the window of the cell itself."""


def date_column(rows: Rows) -> str:
    """The column that dates the rows: that which they name, or the beginning of a row where the table has no such column."""
    beginning = BEGINNING_COLUMN[rows.table]
    return beginning if rows.date == "date" and beginning != "date" else rows.date


def candidates(judging: Judging, rows: Rows, stretch: Stretch, project: Project) -> str:
    """The relation of candidates of some rows for the cells."""
    lanes = []
    lattice = judging.lattice
    if lattice is not None and stretch.own and not judging.state and rows.place is Place.DATED and isinstance(rows.owner, Own):
        lanes.append(_by_arithmetic(judging, rows, lattice, project))
        rest = _left_for_join(judging.work, rows)
        if rest is not None:
            lanes += _by_join(judging, rows, stretch, project, rest)
    else:
        lanes += _by_join(judging, rows, stretch, project, sql.TRUE)
    return " UNION ALL ".join(lanes)


def _plain_row(rows: Rows) -> str:
    """Is a row certain, exactly dated and counted by its date?"""
    column, owner = date_column(rows), rows.owner
    assert isinstance(owner, Own)
    period = ' AND r."belongs_to_low" IS NULL' if rows.by_period else ""
    return (
        f"(r.certain AND r.{sql.name(column + '_low')} = r.{sql.name(column + '_high')} AND r.{sql.name(owner_column(rows.table, owner))} IS NOT NULL{period})"
    )


def _left_for_join(work: Work, rows: Rows) -> str | None:
    """The condition of the rows that arithmetic does not place; `None` if there are none."""
    condition = f"NOT {_plain_row(rows)}"
    key = ("left", rows.table, date_column(rows), rows.owner, rows.by_period)
    found = work.once(key, lambda: work.any(f"SELECT 1 FROM facts.{rows.table.value} r WHERE {condition}"))
    return condition if found else None


def owner_column(table: Table, owner: Own) -> str:
    """The column that says whose a row is."""
    return "source" if table is Table.RELATIONS and owner.column == "organization" else owner.column


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


def row_frame(judging: Judging) -> Frame:
    """Where the conditions on a row `r` for a cell `c` are evaluated; `s` is the subject's version, `t` the trigger."""
    work = judging.work
    frame = Frame(
        {Scope.SUBJECT: "s", Scope.ROW: "r", Scope.TRIGGER: "t"},
        {Scope.SUBJECT: "s.certain", Scope.ROW: "r.certain", Scope.TRIGGER: "t.certain"},
        work.parameters,
        judging.choices,
    )
    frame.holds = lambda asked, node: holds_column(work, judging.cells, asked, node)
    return frame


def finished(frame: Frame, source: str, where: list[str], truths: list[str], columns: dict[str, str], project: Project) -> str:
    """The SELECT of one lane."""
    projected = {name: frame.need(column) for name, column in columns.items()} | project(frame)
    kept = frame.keep(sql.conjunction(truths))
    listed = ", ".join(f"{column} AS {name}" for name, column in projected.items())
    return f"SELECT {listed}, {kept} AS truth FROM {frame.relation(source, ' AND '.join(where))} WHERE {kept} IS NOT FALSE"


def _row_columns(rows: Rows) -> dict[str, str]:
    column = date_column(rows)
    return {"id": "r.id", "row": 'r."row"', "certain": "r.certain", "low": f"r.{sql.name(column + '_low')}", "high": f"r.{sql.name(column + '_high')}"}


def _by_arithmetic(judging: Judging, rows: Rows, lattice: Lattice, project: Project) -> str:
    """The lane of certain, exactly dated rows: each falls into one window, found by dividing."""
    work = judging.work
    owner = rows.owner
    assert isinstance(owner, Own)
    subject, value = f"r.{sql.name(owner_column(rows.table, owner))}", f"r.{sql.name(date_column(rows) + '_low')}"
    cell = lattice.cell(subject, value)
    frame = row_frame(judging)
    condition = truth(rows.where, frame)
    alive = life(work)
    existence = [] if alive.plain else [frame.need("CASE WHEN l.sure THEN TRUE END")]
    projected = finished(frame, "{source}", ["{where}"], [*row_truths(rows, frame), *existence, condition], {"cell": cell} | _row_columns(rows), project)
    until = min(lattice.last, work.context.as_of)
    where = [*prefilter(rows), _plain_row(rows), f"{value} BETWEEN {sql.day(lattice.first)} AND {sql.day(until)}"]
    sources = [f"facts.{rows.table.value} r"]
    if alive.plain:
        sources.append(f"JOIN {alive.table} l ON l.sure AND l.organization = {subject} AND {value} BETWEEN l.first AND l.last")
    else:
        sources.append(f"JOIN {_existence_pieces(work)} l ON l.organization = {subject} AND {value} BETWEEN l.first AND l.last")
    if any("c." in source for source in frame.needed.values()) or frame.joins:
        sources.append(f"JOIN {judging.cells} c ON c.cell = {cell}")
    if Scope.SUBJECT in frame.used:
        sources.append(f"LEFT JOIN {subject_versions(work)} s ON s.subject_number = {subject} AND {value} BETWEEN s.span_first AND s.span_last")
    return projected.replace("{source}", " ".join(sources), 1).replace("{where}", " AND ".join(where), 1)


def _existence_pieces(work: Work) -> str:
    """(organization, first, last, sure): disjoint stretches of days on which an organization exists surely, or else possibly."""
    return work.once("pieces", lambda: work.table("piece", _pieces(life(work).table)))


def _pieces(runs: str) -> str:
    cuts = f"SELECT organization, first AS cut FROM {runs} UNION SELECT organization, last + 1 FROM {runs}"
    spans = f"SELECT organization, cut AS first, lead(cut) OVER (PARTITION BY organization ORDER BY cut) - 1 AS last FROM ({cuts})"
    return (
        f"SELECT p.organization, p.first, p.last, bool_or(r.sure) AS sure FROM ({spans}) p JOIN {runs} r ON r.organization = p.organization"
        " AND r.first <= p.first AND r.last >= p.last GROUP BY ALL"
    )


@dataclass(slots=True)
class Join:
    """How rows meet cells: the FROM clause with `c` and `r`, conditions, and the truth of *it is the subject's*."""

    source: str
    where: list[str]
    owned: str


def _by_join(judging: Judging, rows: Rows, stretch: Stretch, project: Project, rest: str) -> list[str]:
    """The lanes in which cells and rows are joined on the organization."""
    return [_joined(judging, rows, stretch, project, join) for join in _owners(judging, rows, rest)]


def _joined(judging: Judging, rows: Rows, stretch: Stretch, project: Project, join: Join) -> str:
    work = judging.work
    frame = row_frame(judging)
    low, high = (f"r.{sql.name(date_column(rows) + end)}" for end in ("_low", "_high"))
    placed, where = place_truth(judging, rows, stretch)
    truths = [*row_truths(rows, frame), frame.need(join.owned), *(frame.need(part) for part in placed)]
    if judging.trigger_table is rows.table:
        where.append("(r.id IS DISTINCT FROM c.trigger_id)")
    truths.append(truth(rows.where, frame))
    columns = {"cell": "c.cell"} | _row_columns(rows)
    selected = finished(frame, "{source}", ["{where}"], truths, columns, project)
    sources = [join.source]
    if rows.place is Place.DATED:
        sources.append(f"LEFT JOIN {life(work).table} ls ON ls.organization = c.subject AND ls.sure AND ls.first <= {low} AND ls.last >= {high}")
    if Scope.SUBJECT in frame.used:
        by_row = not judging.state and rows.place in (Place.DATED, Place.ANY)
        first, last = (low, high) if by_row else ("c.day", "c.day")
        sources.append(f"LEFT JOIN {subject_versions(work)} s ON s.subject_number = c.subject AND s.span_first <= {first} AND s.span_last >= {last}")
    if Scope.TRIGGER in frame.used and judging.trigger_table is not None:
        sources.append(f'LEFT JOIN facts.{judging.trigger_table.value} t ON t."row" = c.trigger')
    conditions = " AND ".join([*prefilter(rows), *join.where, *where])
    return selected.replace("{source}", " ".join(sources), 1).replace("{where}", conditions, 1)


def _owners(judging: Judging, rows: Rows, rest: str) -> list[Join]:
    """The ways in which rows belong to subjects; rows whose organization may be any meet every subject."""
    work, table = judging.work, f"facts.{rows.table.value} r"
    match rows.owner:
        case Own() as owner:
            column = f"r.{sql.name(owner_column(rows.table, owner))}"
            joins = [Join(f"{judging.cells} c JOIN {table} ON {column} = c.subject", [rest], sql.TRUE)]
            return joins + _anyone(work, rows, column, Join(f"{judging.cells} c CROSS JOIN {table}", [rest], sql.UNKNOWN))
        case OfLinked(link):
            column = 'r."organization"'
            links = reach(work, link, f"SELECT DISTINCT subject FROM {judging.cells}")
            pairs = f"(SELECT DISTINCT subject, organization FROM {links})"
            first, last = _link_days(judging, rows)
            sure = f"LEFT JOIN {links} q ON q.subject = c.subject AND q.organization = p.organization AND q.sure AND q.first <= {first} AND q.last >= {last}"
            possible = (
                f"EXISTS (SELECT 1 FROM {links} m WHERE m.subject = c.subject AND m.organization = p.organization AND NOT m.sure"
                f" AND m.first <= {last} AND m.last >= {first})"
            )
            source = f"{judging.cells} c JOIN {pairs} p ON p.subject = c.subject JOIN {table} ON {column} = p.organization {sure}"
            joins = [Join(source, [rest, possible], "CASE WHEN q.subject IS NOT NULL THEN TRUE END")]
            reached = f"EXISTS (SELECT 1 FROM {links} m WHERE m.subject = c.subject AND NOT m.sure AND m.first <= {last} AND m.last >= {first})"
            return joins + _anyone(work, rows, column, Join(f"{judging.cells} c CROSS JOIN {table}", [rest, reached], sql.UNKNOWN))
        case ByRole(roles):
            held = f"(SELECT cell, holder, bool_or(sure) AS sure FROM ({offices(work, judging.cells, roles, None)}) WHERE holder IS NOT NULL GROUP BY ALL)"
            source = f'{judging.cells} c JOIN {held} p ON p.cell = c.cell JOIN {table} ON r."organization" = p.holder'
            joins = [Join(source, [rest], "CASE WHEN p.sure THEN TRUE END")]
            anyone = f"{judging.cells} c SEMI JOIN {held} p ON p.cell = c.cell CROSS JOIN {table}"
            return joins + _anyone(work, rows, 'r."organization"', Join(anyone, [rest], sql.UNKNOWN))


def _anyone(work: Work, rows: Rows, column: str, join: Join) -> list[Join]:
    """The join of rows whose organization is not known, if there are any."""
    some = work.once(("anyone", rows.table, column), lambda: work.any(f"SELECT 1 FROM facts.{rows.table.value} r WHERE {column} IS NULL"))
    return [replace_where(join, f"{column} IS NULL")] if some else []


def replace_where(join: Join, condition: str) -> Join:
    return replace(join, where=[*join.where, condition])


def _link_days(judging: Judging, rows: Rows) -> tuple[str, str]:
    """The days on which a link is looked at: the row's own date in a count over a window, else the judged or reference day."""
    if judging.state or rows.place in (Place.IN_FORCE, Place.OVERLAPPING):
        return "c.day", "c.day"
    column = date_column(rows)
    return f"r.{sql.name(column + '_low')}", f"r.{sql.name(column + '_high')}"


def dated_by(low: str, high: str, limit: str) -> str:
    """The truth of *the date is at most the limit*."""
    return sql.decided(f"{high} <= {limit}", f"{low} > {limit}")


def place_truth(judging: Judging, rows: Rows, stretch: Stretch) -> tuple[list[str], list[str]]:
    """How a row lies in time: truths over `c` and `r`, and plain conditions that let no impossible row through."""
    column = date_column(rows)
    low, high = (f"r.{sql.name(column + end)}" for end in ("_low", "_high"))
    as_of = judging.work.as_of
    now = "c.day" if judging.state else as_of
    seen = dated_by(low, high, as_of)
    match rows.place:
        case Place.DATED:
            return _dated(judging, rows, stretch, low, high)
        case Place.ANY:
            return [dated_by(low, high, now)], [f"{low} <= {now}"]
        case Place.IN_FORCE:
            first_low, first_high, last_low, last_high = validity(judging.work, rows.table)
            holds = sql.decided(f"{first_high} <= c.day AND {last_low} >= c.day", f"{first_low} > c.day OR {last_high} < c.day")
            return [holds], [f"{first_low} <= c.day", f"{last_high} >= c.day"]
        case Place.OVERLAPPING:
            first_low, first_high, last_low, last_high = validity(judging.work, rows.table)
            start, end = (stretch.first, sql_least(stretch.last, "c.day" if judging.state else as_of))
            shares = sql.decided(f"{first_high} <= {end} AND {last_low} >= {start}", f"{first_low} > {end} OR {last_high} < {start}")
            return [shares, seen], [f"{first_low} <= {end}", f"{last_high} >= {start}"]


def sql_least(a: str, b: str) -> str:
    """The earlier of two dates that are not null."""
    return a if a == b else f"least({a}, {b})"


def validity(work: Work, table: Table) -> tuple[str, str, str, str]:
    """The earliest and latest beginning and end of a row `r`; an end after the as-of date counts as open, an event ends on its day."""
    begin, end = BEGINNING_COLUMN[table], END_COLUMN.get(table)
    first = (f"r.{sql.name(begin + '_low')}", f"r.{sql.name(begin + '_high')}")
    if end is None:
        return (*first, *first)
    last = [f"({work.seen_until('r.' + sql.name(end + side))})" for side in ("_low", "_high")]
    return (*first, last[0], last[1])


def _dated(judging: Judging, rows: Rows, stretch: Stretch, low: str, high: str) -> tuple[list[str], list[str]]:
    now = "c.day" if judging.state else judging.work.as_of
    inside = sql.decided(f"{stretch.first} <= {low} AND {high} <= {stretch.last}", f"{high} < {stretch.first} OR {low} > {stretch.last}")
    near = f"COALESCE({low} <= {stretch.last} AND {high} >= {stretch.first}, TRUE)"
    if rows.by_period and rows.table is Table.EVENTS and not judging.state:
        whole, within = _one_window(judging, stretch)
        nothing = f'(r."belongs_to_low" = {sql.FIRST_DAY} AND r."belongs_to_high" = {sql.LAST_DAY})'
        due = dated_by(low, high, "c.due" if stretch.own else "c.m_due")
        inside = f"CASE WHEN {nothing} THEN NULL WHEN {whole} THEN CASE WHEN {within} THEN {due} ELSE FALSE END ELSE {inside} END"
        near = f"CASE WHEN {nothing} THEN TRUE WHEN {whole} THEN {within} ELSE {near} END"
    truths = [inside, dated_by(low, high, now), "CASE WHEN ls.organization IS NOT NULL THEN TRUE END"]
    alive = life(judging.work).table
    exists = f"EXISTS (SELECT 1 FROM {alive} e WHERE e.organization = c.subject AND NOT e.sure AND e.first <= {high} AND e.last >= {low})"
    where = [f"{low} <= {now}", near, exists]
    if isinstance(judging.windows, Each) and judging.windows.chain is not None:
        truths.append(f"CASE WHEN c.after_day IS NULL THEN TRUE ELSE {sql.decided(f'{low} > c.after_day', f'{high} <= c.after_day')} END")
    return truths, where


def _one_window(judging: Judging, stretch: Stretch) -> tuple[str, str]:
    """Whether a row counts by the period to which it belongs, and whether that lies in the window of the cell."""
    first, last = 'r."belongs_to_low"', 'r."belongs_to_high"'
    within = f"({first} >= {stretch.first} AND {last} <= {stretch.last})"
    if stretch.every is None:
        if not isinstance(judging.windows, Once):
            return sql.FALSE, sql.FALSE
        apart = f"({last} < {stretch.first} OR {first} > {stretch.last})"
        no_longer = f"{months_of(last)} - {months_of(first)} <= {months_of(stretch.last)} - {months_of(stretch.first)}"
        return f"({first} IS NOT NULL AND {no_longer} AND ({within} OR {apart}))", within
    numbers = [window_number(stretch.every, value, stretch.anchor) for value in (first, last)]
    return f"({first} IS NOT NULL AND {numbers[0]} = {numbers[1]})", within


def calendar_of(windows: Windows) -> tuple[Every | None, str | None]:
    """The calendar of the windows, with its anchor as SQL over a cell."""
    match windows:
        case Calendar(every, None):
            return every, None
        case Calendar(every, str()):
            return every, "c.start"
        case Calendar(every, anchor):
            return every, sql.day(anchor)  # type: ignore[arg-type]
        case _:
            return None, None

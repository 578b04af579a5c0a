"""How a row of facts lies in time, seen from a cell (`docs/meaning.md` 3.1 and 4.1): its date in a window, its validity on a day."""

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import life
from mofan_rules.executors.duckdb.calendar import months_of, window_number
from mofan_rules.executors.duckdb.scope import Judging, Stretch, date_column
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, END_COLUMN, Work
from mofan_rules.ir.program import Each, Once
from mofan_rules.ir.rows import Place, Rows
from mofan_rules.schema import Table


def dated_by(low: str, high: str, limit: str) -> str:
    """The truth of *the date is at most the limit*."""
    return sql.decided(f"{high} <= {limit}", f"{low} > {limit}")


def place_truth(judging: Judging, rows: Rows, stretch: Stretch, anyone: bool = False) -> tuple[list[str], list[str]]:
    """How a row lies in time: truths over `c` and `r`, and plain conditions that let no impossible row through.

    `anyone`: nothing is said of the existence of a subject on the date of the row.
    """
    column = date_column(rows)
    low, high = (f"r.{sql.name(column + end)}" for end in ("_low", "_high"))
    as_of = judging.work.as_of
    now = "c.day" if judging.state else as_of
    seen = dated_by(low, high, as_of)
    match rows.place:
        case Place.DATED:
            return _dated(judging, rows, stretch, low, high, anyone)
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


def _dated(judging: Judging, rows: Rows, stretch: Stretch, low: str, high: str, anyone: bool) -> tuple[list[str], list[str]]:
    now = "c.day" if judging.state else judging.work.as_of
    inside = sql.decided(f"{stretch.first} <= {low} AND {high} <= {stretch.last}", f"{high} < {stretch.first} OR {low} > {stretch.last}")
    near = f"COALESCE({low} <= {stretch.last} AND {high} >= {stretch.first}, TRUE)"
    if rows.by_period and rows.table is Table.EVENTS and not judging.state:
        whole, within = _one_window(judging, stretch)
        nothing = f'(r."belongs_to_low" = {sql.FIRST_DAY} AND r."belongs_to_high" = {sql.LAST_DAY})'
        due = dated_by(low, high, "c.due" if stretch.own else "c.m_due")
        inside = f"CASE WHEN {nothing} THEN NULL WHEN {whole} THEN CASE WHEN {within} THEN {due} ELSE FALSE END ELSE {inside} END"
        near = f"CASE WHEN {nothing} THEN TRUE WHEN {whole} THEN {within} ELSE {near} END"
    truths, where = [inside, dated_by(low, high, now)], [f"{low} <= {now}", near]
    if not anyone:
        truths.append("CASE WHEN ls.organization IS NOT NULL THEN TRUE END")
        alive = life(judging.work).table
        where.append(f"EXISTS (SELECT 1 FROM {alive} e WHERE e.organization = c.subject AND NOT e.sure AND e.first <= {high} AND e.last >= {low})")
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

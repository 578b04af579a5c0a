"""Measures: one interval for each cell, from the candidates of `matching` (`ir.measures`).

`computed` makes a table (cell, …) with the columns of one measure and says how tests read them. A cell without candidates has no row in it.
"""

from dataclasses import dataclass, replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.amounts import extreme_query, total_query
from mofan_rules.executors.duckdb.calendar import delayed, window_first, window_last, window_number
from mofan_rules.executors.duckdb.counts import count_query, largest_query
from mofan_rules.executors.duckdb.fed import measure_gaps
from mofan_rules.executors.duckdb.feeds import Gap
from mofan_rules.executors.duckdb.frame import MeasureColumns
from mofan_rules.executors.duckdb.matching import reads_cell
from mofan_rules.executors.duckdb.scope import Judging, Stretch, calendar_of
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Ratio, Span, Truth
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.rows import Own, Place, Rows
from mofan_rules.values.dates import CivilDate, Duration


@dataclass(frozen=True, slots=True)
class Computed:
    """A measure of all cells.

    Parameters
    ----------
    joins: what to add to a FROM clause with cells `c`.
    known, extended: the measure as it is, and by what may still come; columns over that FROM clause.
    undecided, rejected, unfed: conditions: a certain row matches maybe; one that is not certain does; a feed is incomplete.
    """

    joins: str
    known: MeasureColumns
    extended: MeasureColumns
    undecided: str
    rejected: str
    unfed: str
    tables: tuple[str, ...]


def by_arithmetic(judging: Judging, measure: Measure, expressions: list[Expression | None]) -> bool:
    """Are the certain, exactly dated rows of a measure counted without a look at the cells that they fall into?"""
    rows = rows_of(measure)
    if not own_window(measure) or not isinstance(rows.owner, Own) or rows.place is not Place.DATED:
        return False
    return not any(reads_cell(expression, judging) for expression in expressions)


def rows_of(measure: Measure) -> Rows:
    """The rows that a measure reads."""
    return measure.quantity.rows


def own_window(measure: Measure) -> bool:
    """Does a measure look at the window of its cell?"""
    return measure.per is None and measure.window is WindowOf.THIS


def stretched(judging: Judging, measure: Measure, grace: Duration | CivilDate | None) -> tuple[Judging, Stretch]:
    """The window of a measure; where it is not that of the cell, cells get the columns m_first, m_last and m_due."""
    every, anchor = calendar_of(judging.windows)
    rows = rows_of(measure)
    if own_window(measure):
        if judging.state:
            first = sql.FIRST_DAY if rows.place is Place.DATED else "c.day"
            return judging, Stretch(first, "c.day", None, None)
        return judging, Stretch("c.window_first", f"c.{judging.ends}", every, anchor)
    if measure.per is not None:
        every, anchor, inside = measure.per, None, "c.day"
    else:
        inside = "c.row_first" if judging.state else "c.window_first"
    assert every is not None
    back = 1 if measure.window is WindowOf.PREVIOUS else 0
    cells = f"(SELECT c.*, {window_number(every, inside, anchor)} - {back} AS m_number FROM {judging.cells} c)"
    cells = f"(SELECT c.*, {window_first(every, 'm_number', anchor)} AS m_first, {window_last(every, 'm_number', anchor)} AS m_last FROM {cells} c)"
    cells = f"(SELECT *, {delayed('m_last', None if judging.state else grace)} AS m_due FROM {cells})"
    return replace(judging, cells=judging.work.table("stretched", f"SELECT * FROM {cells}")), Stretch("c.m_first", "c.m_last", every, anchor, False)


def computed(judging: Judging, measure: Measure, number: int, grace: Duration | CivilDate | None) -> Computed:
    """The measure over all cells."""
    own, stretch = stretched(judging, measure, grace)
    alias = f"m{number}"
    match measure.quantity:
        case Count():
            query, known, extended = count_query(own, measure.quantity, stretch, alias)
        case LargestGroup():
            query, known, extended = largest_query(own, measure.quantity, stretch, alias)
        case Total():
            query, known, extended = total_query(own, measure.quantity, stretch, alias)
        case Extreme():
            query, known, extended = extreme_query(own, measure.quantity, stretch, alias)
    return as_read(judging, own, measure, number, query, (known, extended), measure_gaps(own, measure, stretch, f"{alias}f"))


def as_read(
    judging: Judging, own: Judging, measure: Measure, number: int, query: str, values: tuple[MeasureColumns, MeasureColumns], gap: Gap | None
) -> Computed:
    """How tests read the measure that a query (cell, …) gives; `own` has the cells over which it was computed, `gap` says where rows may be wanting."""
    alias, work = f"m{number}", judging.work
    known, extended = values
    table = work.table("measure", query)
    work.drop(*work.passing)
    work.passing.clear()
    joins = f"LEFT JOIN {table} {alias} ON {alias}.cell = c.cell"
    unfed = sql.FALSE
    if gap is not None:
        first, last = gap.first, gap.last
        if own_window(measure):
            joins += f" {gap.joins}"
        else:
            joins += f" LEFT JOIN (SELECT c.cell, {first} AS first, {last} AS last FROM {own.cells} c {gap.joins}) {alias}f ON {alias}f.cell = c.cell"
            first, last = f"{alias}f.first", f"{alias}f.last"
        unfed = f"({first}) IS NOT NULL"
        if isinstance(measure.quantity, Extreme):
            beaten = f"({last}) <= {alias}.edge" if measure.quantity.latest else f"({first}) >= {alias}.edge"
            unfed = f"({unfed} AND ({beaten}) IS NOT TRUE)"
    if not own_window(measure):
        joins += f" LEFT JOIN {own.cells} {alias}w ON {alias}w.cell = c.cell"
    still = judging.constants.get("c.is_open", "c.is_open") if own_window(measure) else f"({alias}w.m_due >= {work.as_of} AND c.may_open)"
    shown = _unfed(measure, known, alias, unfed)
    opened = _unfed(measure, extended, alias, sql.disjunction([unfed, still])) if not judging.state else shown
    flags = [f"COALESCE({alias}.{column}, FALSE)" for column in ("undecided", "rejected")]
    return Computed(joins, shown, opened, flags[0], flags[1], unfed, (table,))


def _unfed(measure: Measure, columns: MeasureColumns, alias: str, unfed: str) -> MeasureColumns:
    """The measure where rows may be wanting: open ends, or unknown."""
    value, absent = columns.value, columns.absent
    if unfed == sql.FALSE:
        return columns

    def unless(part: str, otherwise: str = "NULL") -> str:
        return f"CASE WHEN {unfed} THEN {otherwise} ELSE {part} END"

    def opened(ratio: Ratio) -> Ratio:
        return replace(ratio, n=unless(ratio.n))

    match measure.quantity, value:
        case ((Count() | LargestGroup()), Number(low, high)):
            return MeasureColumns(Number(low, opened(high)), absent)
        case Total(_, _, minimum, maximum), Number(low, high):
            kept_low = low if minimum is not None and minimum >= 0 else opened(low)
            kept_high = high if maximum is not None and maximum <= 0 else opened(high)
            return MeasureColumns(Number(kept_low, kept_high), absent)
        case Extreme(), _:
            gone = unless(absent, f"CASE WHEN {alias}.some THEN FALSE END")
            match value:
                case Number(low, high):
                    return MeasureColumns(Number(opened(low), opened(high)), gone)
                case Dates(low_day, high_day):
                    return MeasureColumns(Dates(unless(low_day, sql.FIRST_DAY), unless(high_day, sql.LAST_DAY)), gone)
                case Truth(known):
                    return MeasureColumns(Truth(unless(known)), gone)
                case Plain(known):
                    return MeasureColumns(Plain(unless(known)), gone)
                case Span(amount, unit):
                    return MeasureColumns(Span(unless(amount), unit), gone)
    raise TypeError(f"{type(measure.quantity).__name__} of {type(value).__name__}")


def previous_needs_row(measure: Measure) -> bool:
    """Does a measure of a state look at the window before that of its row?"""
    return measure.per is None and measure.window is WindowOf.PREVIOUS


def number_type(measure: Measure) -> bool:
    """Does a measure count whole things?"""
    return isinstance(measure.quantity, Count | LargestGroup)

"""Measures: one interval for each cell, from its candidates (`ir.measures`)."""

from dataclasses import dataclass, replace

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.arithmetic import Exact
from mofan_rules.compiler.calendar import FIRST_DAY
from mofan_rules.compiler.cells import KEY, same_cell
from mofan_rules.compiler.expressions import compiled
from mofan_rules.compiler.feeds import gaps, owner_in_feeds
from mofan_rules.compiler.frame import Frame, MeasureColumns, Refused
from mofan_rules.compiler.matching import Sight, candidates
from mofan_rules.compiler.tree import BIGINT, TEXT, Tree, both, case, column, eq, ge, is_known, is_null, le, no, null, whole
from mofan_rules.compiler.values import Dates, Number, Plain, Ratio, Span, Truth, Value
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Count, Measure, WindowOf
from mofan_rules.ir.rows import Own, Place, Rows
from mofan_rules.schema import Table
from mofan_rules.values.dates import CivilDate, Duration

ROWS = 10**8
"""No cell has more rows than this."""

OWN_KEY = {Table.TENURES: "person", Table.ORGANIZATIONS: "organization"}
"""What makes two rows of a table one, where it is not the id."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A measure of all cells.

    Parameters
    ----------
    joins: what to add to a FROM clause with cells `c`.
    known, extended: the measure as it is, and by what may still come; over that FROM clause.
    undecided, rejected, unfed: conditions: a certain row matches maybe; one that is not certain does; a feed is incomplete.
    """

    joins: list[exp.Join]
    known: MeasureColumns
    extended: MeasureColumns
    undecided: Tree
    rejected: Tree
    unfed: Tree


def computed(sight: Sight, measure: Measure, number: int, grace: Duration | CivilDate | None, can_be_open: bool) -> Computed:
    """The measure over all cells."""
    if measure.per is not None or measure.window is not WindowOf.THIS:
        raise Refused(f"measure {measure.name}: a window of its own")
    alias = f"m{number}"
    quantity = measure.quantity
    match quantity:
        case Count():
            query, value = _count(sight, quantity, alias)
        case _:
            raise Refused(f"measure {measure.name}: {type(quantity).__name__}")
    table = sight.plan.step(f"measure_{number}", query)
    joins = [sql.left(table(alias), same_cell(alias, "c"))]
    unfed_cells = incomplete(sight, quantity.rows)
    step = sight.plan.step(f"incomplete_{number}", unfed_cells)
    joins.append(sql.left(step(f"{alias}f"), same_cell(f"{alias}f", "c")))
    unfed = is_known(column(f"{alias}f.subject"))
    still = both(ge(sight.stretch.due, column("c.as_of")), sql.TRUE if can_be_open else sql.FALSE)
    known = _opened(value, unfed)
    extended = _opened(value, sql.either(unfed, sql.surely(still))) if can_be_open else known
    del grace
    flags = [sql.surely(column(f"{alias}.{name}")) for name in ("undecided", "rejected")]
    return Computed(joins, known, extended, flags[0], flags[1], unfed)


def _opened(columns: MeasureColumns, unfed: Tree) -> MeasureColumns:
    """A count where rows may be wanting: no upper end."""
    value = columns.value
    assert isinstance(value, Number)
    high = replace(value.high, n=case((unfed, null(BIGINT)), otherwise=value.high.n))
    return MeasureColumns(Number(value.low, high), columns.absent)


FLAGS = {
    "undecided": sql.any_of(both(is_null(column("f.truth")), column("f.certain"))),
    "rejected": sql.any_of(both(is_null(column("f.truth")), no(column("f.certain")))),
}
"""Does a certain row match maybe, and does one that is not certain?"""


def counted(thing: str, truth: Tree) -> dict[str, Tree]:
    """The two ends of a count of things (null: anonymous)."""
    sure = sql.number_of_different(case((truth, column(thing)), otherwise=null(TEXT)))
    anonymous = case((sql.any_of(both(sql.surely(truth), is_null(column(thing)))), whole(1)), otherwise=whole(0))
    possible = sql.plus(sql.number_of_different(column(thing)), sql.number_of(is_null(column(thing))))
    return {"low": sql.cast(sql.greater(sure, anonymous), BIGINT), "high": sql.cast(possible, BIGINT)}


def key_text(value: Value, frame: Frame) -> Tree:
    """A text that is the same for equal values; null for one that is not known."""
    match value:
        case Number():
            exact = Exact(frame)
            number = exact.kept_number(value)
            return case((exact.same(number), exact.written(number.low)), otherwise=null(TEXT))
        case Dates(first, last):
            return case((eq(first, last), frame.dialect.date_text(first)), otherwise=null(TEXT))
        case Truth(known) | Plain(known) | Span(known):
            return sql.cast(known, TEXT)


def thing_of(distinct: Expression | None, rows: Rows, frame: Frame) -> Tree:
    """What makes two rows one."""
    if distinct is None:
        return frame.need(sql.cast(column(f"r.{OWN_KEY.get(rows.table, 'id')}"), TEXT))
    return frame.keep(key_text(compiled(distinct, frame), frame))


def _count(sight: Sight, count: Count, alias: str) -> tuple[Tree, MeasureColumns]:
    found = candidates(sight, count.rows, lambda frame: {"thing": thing_of(count.distinct, count.rows, frame)})
    key = {name: column(f"f.{name}") for name in KEY}
    query = sql.select(key | counted("f.thing", column("f.truth")) | FLAGS, sql.nested(found, "f"), group=list(key.values()))
    return query, whole_columns(alias)


def whole_columns(alias: str) -> MeasureColumns:
    """A count, 0 where there is no candidate."""
    low, high = (Ratio(sql.coalesce(column(f"{alias}.{end}"), whole(0)), 1, ROWS, 1) for end in ("low", "high"))
    return MeasureColumns(Number(low, high))


def fed_days(sight: Sight, rows: Rows) -> tuple[Tree, Tree]:
    """The days on which the feed must be complete."""
    day, as_of = column("c.day"), column("c.as_of")
    limit = day if sight.state else as_of
    if rows.place is Place.IN_FORCE:
        return (FIRST_DAY if rows.table is Table.EVIDENCE else day), day
    if rows.place is Place.ANY:
        return FIRST_DAY, limit
    if rows.place is Place.OVERLAPPING and sight.state:
        return day, day
    undated = is_null(column("c.window_first"))
    stretch = sight.stretch
    return case((undated, FIRST_DAY), otherwise=stretch.first), case((undated, limit), otherwise=sql.lesser(stretch.due, limit))


def incomplete(sight: Sight, rows: Rows) -> Tree:
    """(subject, w): the cells for which a feed is incomplete on one of the days that matter."""
    assert isinstance(rows.owner, Own)
    first, last = fed_days(sight, rows)
    days = both(le(column("g.first"), last), ge(column("g.last"), first), le(first, last))
    joins: list[exp.Join] = []
    if rows.owner.column in ("organization", "source", "target"):
        join, owner = owner_in_feeds(sight.plan, rows.table, column("c.subject"), "n")
        joins.append(join)
        days = both(eq(column("g.organization"), owner), days)
    joins.append(sql.inner(gaps(sight.plan, rows.table, rows.kinds)("g"), days))
    return sql.select({name: column(f"c.{name}") for name in KEY}, sight.cells("c"), joins, distinct=True)

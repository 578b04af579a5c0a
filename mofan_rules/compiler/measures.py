"""Measures: one interval for each cell, from its candidates (`ir.measures`)."""

from dataclasses import dataclass, replace

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.amounts import extreme_query, largest_query, total_query
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY
from mofan_rules.compiler.cells import KEY, same_cell
from mofan_rules.compiler.counting import FLAGS, counted, thing_of, whole_columns
from mofan_rules.compiler.feeds import gaps, owner_in_feeds
from mofan_rules.compiler.frame import Frame, MeasureColumns, Refused
from mofan_rules.compiler.graph import linked_between
from mofan_rules.compiler.matching import Sight, candidates
from mofan_rules.compiler.organizations import Aliased
from mofan_rules.compiler.tree import BIGINT, BOOLEAN, Tree, both, case, column, eq, ge, is_known, is_null, le, null, whole
from mofan_rules.compiler.values import Dates, Number, Plain, Ratio, Span, Truth, Value
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.rows import ByRole, OfLinked, Own, Place, Rows
from mofan_rules.schema import Table
from mofan_rules.values.dates import CivilDate, Duration

Quantity = Count | Total | Extreme | LargestGroup


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
        case Total():
            query, value = total_query(sight, quantity, alias)
        case LargestGroup():
            query, value = largest_query(sight, quantity, alias)
        case Extreme():
            query, value = extreme_query(sight, quantity, alias)
    table = sight.plan.step(f"{sight.prefix}measure_{number}", query)
    joins = [sql.left(table(alias), same_cell(alias, "c"))]
    unfed_cells = incomplete(sight, quantity, table)
    step = sight.plan.step(f"{sight.prefix}incomplete_{number}", unfed_cells)
    joins.append(sql.left(step(f"{alias}f"), same_cell(f"{alias}f", "c")))
    unfed = is_known(column(f"{alias}f.subject"))
    still = both(ge(sight.stretch.due, column("c.as_of")), sql.TRUE if can_be_open else sql.FALSE)
    known = _opened(quantity, value, unfed, sql.FALSE)
    extended = _opened(quantity, value, unfed, sql.surely(still)) if can_be_open else known
    flags = [sql.surely(column(f"{alias}.{name}")) for name in ("undecided", "rejected")]
    return Computed(joins, known, extended, flags[0], flags[1], unfed)


def _opened(quantity: Quantity, columns: MeasureColumns, unfed: Tree, still: Tree) -> MeasureColumns:
    """The measure where rows may be wanting (`unfed`) or may still come (`still`): open ends, or unknown."""
    wanting = sql.either(unfed, still)
    value = columns.value

    def opened(ratio: Ratio) -> Ratio:
        return replace(ratio, n=case((wanting, null(BIGINT)), otherwise=ratio.n))

    match quantity, value:
        case ((Count() | LargestGroup()), Number(low, high)):
            return MeasureColumns(Number(low, opened(high)), columns.absent)
        case Total(_, _, minimum, maximum), Number(low, high):
            kept_low = low if minimum is not None and minimum >= 0 else opened(low)
            kept_high = high if maximum is not None and maximum <= 0 else opened(high)
            return MeasureColumns(Number(kept_low, kept_high), columns.absent)
        case Extreme(), _:
            absent = case((sql.surely_not(columns.absent), sql.FALSE), (wanting, null(BOOLEAN)), otherwise=columns.absent)
            return MeasureColumns(_unknown_where(wanting, value), absent)
        case _:
            raise TypeError(f"{type(quantity).__name__} of {type(value).__name__}")


def _unknown_where(wanting: Tree, value: Value) -> Value:
    """The value, missing where the condition holds."""
    match value:
        case Number(low, high):
            ends = [replace(end, n=case((wanting, null(BIGINT)), otherwise=end.n)) for end in (low, high)]
            return Number(ends[0], ends[1])
        case Dates(first, last):
            return Dates(case((wanting, FIRST_DAY), otherwise=first), case((wanting, LAST_DAY), otherwise=last))
        case Truth(known):
            return Truth(case((wanting, null(BOOLEAN)), otherwise=known))
        case Plain(known):
            return Plain(case((wanting, exp.Null()), otherwise=known))
        case Span(amount, unit):
            return Span(case((wanting, null(BIGINT)), otherwise=amount), unit)


def _count(sight: Sight, count: Count, alias: str) -> tuple[Tree, MeasureColumns]:
    found = candidates(sight, count.rows, lambda frame: {"thing": thing_of(count.distinct, count.rows, frame)})
    key = {name: column(f"f.{name}") for name in KEY}
    query = sql.select(key | counted("f.thing", column("f.truth")) | FLAGS, sql.nested(found, "f"), group=list(key.values()))
    return query, whole_columns(alias)


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


def incomplete(sight: Sight, quantity: Quantity, measured: Aliased) -> Tree:
    """(subject, w): the cells for which a feed is incomplete on one of the days that matter: of an `Extreme` those on which a row could beat every sure one."""
    rows = quantity.rows
    first, last = fed_days(sight, rows)
    edge = column("m.edge")
    if isinstance(quantity, Extreme) and quantity.latest:
        first = case((is_null(edge), first), otherwise=sql.greater(first, sight.plan.dialect.days_after(edge, whole(1))))
    elif isinstance(quantity, Extreme):
        last = case((is_null(edge), last), otherwise=sql.lesser(last, sight.plan.dialect.days_after(edge, whole(-1))))
    joins = [sql.left(measured("m"), same_cell("m", "c"))] if isinstance(quantity, Extreme) else []
    found: list[Tree] = []

    def touched(table: Table, kinds: frozenset[str] | None, organization: Tree | None, more: list[exp.Join]) -> None:
        """The cells on whose days a feed is incomplete for an organization; for any that a feed names if there is none."""
        days = both(le(column("g.first"), last), ge(column("g.last"), first), le(first, last))
        own = list(more)
        if organization is not None:
            join, owner = owner_in_feeds(sight.plan, table, organization, "n")
            own.append(join)
            days = both(eq(column("g.organization"), owner), days)
        own.append(sql.inner(gaps(sight.plan, table, kinds)("g"), days))
        found.append(sql.select({name: column(f"c.{name}") for name in KEY}, sight.cells("c"), [*joins, *own]))

    subject = column("c.subject")
    match rows.owner:
        case Own(name):
            touched(rows.table, rows.kinds, subject if name in ("organization", "source", "target") else None, [])
        case OfLinked(link):
            family = sight.plan.program.vocabulary.family(Table.RELATIONS, link.relation)
            touched(Table.RELATIONS, family, subject, [])
            if rows.table is Table.ORGANIZATIONS:
                touched(Table.ORGANIZATIONS, rows.kinds, subject, [])
            else:
                if "part_of" in family:
                    touched(Table.ORGANIZATIONS, None, subject, [])
                linked = linked_between(sight.plan, sight.cells, link, *fed_days(sight, rows))
                touched(rows.table, rows.kinds, column("o.organization"), [sql.inner(linked("o"), same_cell("o", "c"))])
        case ByRole():
            raise Refused("ByRole: rows of the holders of a role")
    together = sql.nested(sql.union(found[0], *found[1:]), "x")
    return sql.select({name: column(f"x.{name}") for name in KEY}, together, distinct=True)


def flat(value: Value, frame: Frame) -> Value:
    """A value over the FROM clause as one over the frame."""
    match value:
        case Number(low, high):
            ends = [Ratio(frame.need(end.n), end.d if isinstance(end.d, int) else frame.need(end.d), end.top, end.bottom) for end in (low, high)]
            return Number(ends[0], ends[1])
        case Dates(first, last):
            return Dates(frame.need(first), frame.need(last))
        case Truth(known):
            return Truth(frame.need(known))
        case Plain(known):
            return Plain(frame.need(known))
        case Span(amount, unit):
            return Span(frame.need(amount), unit)

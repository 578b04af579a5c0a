"""The value of a measure from the rows that match and the gaps in the feeds (`ir.measures`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import assert_never

from mofan_rules.executors.interpreter.expressions import World, evaluate
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.feeds import Feeds, Gap
from mofan_rules.executors.interpreter.frames import Frame, Look
from mofan_rules.executors.interpreter.matching import Match, Matcher
from mofan_rules.executors.interpreter.values import Value, missing_value
from mofan_rules.ir.expressions import Expression, Field
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.rows import ByRole, OfLinked, Own, Rows
from mofan_rules.ir.rows import Place as Lies
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import BEGINNING, Day, add_days
from mofan_rules.values.interval import Interval, Number
from mofan_rules.values.truth import Truth


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure as known, and extended by what may still come in an open window (meaning 3.3).

    `absent`: what `MISSING` answers: is there surely no row? (Only of the latest and earliest; a number is never missing.) `gaps` are the days on which the
    feed is incomplete.
    """

    value: Value
    extended: Value
    absent: Truth
    absent_extended: Truth
    matches: tuple[Match, ...]
    gaps: tuple[Gap, ...]


class Measurer:
    """Takes readings, in one state of the facts."""

    def __init__(self, matcher: Matcher, feeds: Feeds) -> None:
        self.matcher = matcher
        self.feeds = feeds
        self.as_of = matcher.as_of

    def read(self, measure: Measure, look: Look, world: World, extend: bool) -> Reading:
        """The reading of a measure. `extend`: the verdict's window may be open at all (not a state)."""
        quantity = measure.quantity
        frame = look.frame(measure)
        matches = self.matcher.matches(quantity.rows, look, frame, world)
        first, last = self._fed_days(quantity.rows, look, frame)
        if isinstance(quantity, Extreme):
            first, last = _undecided_days(quantity, matches, first, last)
        gaps = tuple(self._gaps(quantity.rows, look, first, last))
        is_open = extend and frame.due is not None and frame.due >= self.as_of
        never_missing = not isinstance(quantity, Extreme) or any(match.truth for match in matches)
        absent = False if never_missing else (None if matches or gaps else True)
        value = self._value(quantity, matches, not gaps, look, world)
        extended = self._value(quantity, matches, False, look, world) if is_open and not gaps else value
        return Reading(value, extended, absent, False if never_missing else (None if is_open else absent), tuple(matches), gaps)

    def _value(self, quantity: Count | Total | Extreme | LargestGroup, matches: list[Match], fed: bool, look: Look, world: World) -> Value:
        def cell(expression: Expression, row: Row) -> Value:
            return evaluate(expression, self.matcher.place(quantity.rows, row, look, world))

        match quantity:
            case Count():
                return count([(key_of(quantity.distinct, row, cell), truth) for row, truth in matches], fed)
            case Total():
                return _total(quantity, [(cell(quantity.value, row), truth) for row, truth in matches], fed)
            case Extreme():
                if not fed:
                    return missing_value(quantity.value.type)
                values = [cell(quantity.value, row) for row, _ in candidates(quantity, matches)]
                if not any(truth for _, truth in matches):
                    default = quantity.default
                    values.append(missing_value(quantity.value.type) if default is None else evaluate(default, self.matcher.day_place(look, world)))
                return joined(values, quantity.value.type)
            case LargestGroup():
                keyed = [(group_of(cell(quantity.by, row)), key_of(quantity.distinct, row, cell), truth) for row, truth in matches]
                return _largest_group(keyed, fed)
            case _:
                assert_never(quantity)

    # feeds

    def _fed_days(self, rows: Rows, look: Look, frame: Frame) -> tuple[date, date]:
        """The days on which the feed must be complete."""
        if rows.place is Lies.IN_FORCE:
            return (BEGINNING if rows.table is Table.EVIDENCE else look.day), look.day
        limit = look.day if look.state else self.as_of
        if rows.place is Lies.ANY or frame.first is None or frame.due is None:
            return BEGINNING, limit
        if rows.place is Lies.OVERLAPPING and look.state:
            return look.day, look.day
        return frame.first, min(frame.due, limit)

    def _gaps(self, rows: Rows, look: Look, first: date, last: date) -> Iterable[Gap]:
        match rows.owner:
            case Own(column):
                known = column in ("organization", "source", "target")
                owners = {look.subject} if known else {look.subject, *self.feeds.named(rows.table)}
                yield from self.feeds.gaps(rows.table, rows.kinds, owners, first, last)
            case OfLinked():
                yield from self._linked_gaps(rows, rows.owner, look, first, last)
            case ByRole(roles):
                yield from self.feeds.gaps(Table.TENURES, roles, {look.subject}, first, last)
                yield from self.feeds.gaps(Table.ORGANIZATIONS, rows.kinds, {look.subject}, first, last)
            case _:
                assert_never(rows.owner)

    def _linked_gaps(self, rows: Rows, owner: OfLinked, look: Look, first: date, last: date) -> Iterable[Gap]:
        relations = self.matcher.facts.vocabulary.family(Table.RELATIONS, owner.link.relation)
        yield from self.feeds.gaps(Table.RELATIONS, relations, {look.subject}, first, last)
        if rows.table is Table.ORGANIZATIONS:
            yield from self.feeds.gaps(Table.ORGANIZATIONS, rows.kinds, {look.subject}, first, last)
            return
        if "part_of" in relations:
            yield from self.feeds.gaps(Table.ORGANIZATIONS, None, {look.subject}, first, last)
        if self.feeds.any_gap(rows.table, first, last):
            yield from self.feeds.gaps(rows.table, rows.kinds, self._linked_between(owner, look.subject, first, last), first, last)

    def _linked_between(self, owner: OfLinked, subject: int, first: date, last: date) -> set[int]:
        links = self.matcher.links
        days = [first, *(turn for turn in links.turns(subject, owner.link) if first < turn <= last)]
        return {found for day in days for found in links.links(subject, owner.link, day)}


def _undecided_days(quantity: Extreme, matches: list[Match], first: date, last: date) -> tuple[date, date]:
    """The days on which a row could still beat every sure one."""
    sure = [row.day(quantity.rows.date) for row, truth in matches if truth]
    if not sure:
        return first, last
    if quantity.latest:
        return max(first, add_days(max(day.low for day in sure), 1)), last
    return first, min(last, add_days(min(day.high for day in sure), -1))


# quantities

Key = object
Keyed = list[tuple[Key | None, Truth]]
CellOf = Callable[[Expression, Row], Value]


def key_of(distinct: Expression | None, row: Row, cell: CellOf) -> Key | None:
    """What makes two rows one; `None` is anonymous."""
    if distinct is not None:
        return group_of(cell(distinct, row))
    match row.table:
        case Table.TENURES:
            return row.cells["person"]
        case Table.ORGANIZATIONS:
            return row.cells["organization"]
        case _:
            return row.id or None


def group_of(value: Value) -> Key | None:
    """A value as a key: known exactly, or `None`."""
    match value:
        case Interval():
            return value.low if value.exact else None
        case Day():
            return value.low if value.exact else None
        case _:
            return value


def count(keyed: Keyed, fed: bool) -> Interval:
    """How many different keys there are (`Count`)."""
    sure = {key for key, truth in keyed if truth and key is not None}
    possible = {key for key, _ in keyed if key is not None}
    anonymous_sure = any(truth and key is None for key, truth in keyed)
    anonymous = sum(key is None for key, _ in keyed)
    low = max(len(sure), 1 if anonymous_sure else 0)
    return Interval(Fraction(low), Fraction(len(possible) + anonymous) if fed else None)


def _plus(total: Number, part: Number) -> Number:
    return None if total is None or part is None else total + part


def _total(quantity: Total, values: list[tuple[Value, Truth]], fed: bool) -> Interval:
    low: Number = Fraction(0)
    high: Number = Fraction(0)
    declared = Interval(_declared(quantity.minimum), _declared(quantity.maximum))
    for value, truth in values:
        assert isinstance(value, Interval)
        if value.low is None and value.high is None and isinstance(quantity.value, Field):
            value = declared
        low = _plus(low, value.low if truth or value.low is None else min(Fraction(0), value.low))
        high = _plus(high, value.high if truth or value.high is None else max(Fraction(0), value.high))
    if not fed and not (declared.high is not None and declared.high <= 0):
        high = None
    if not fed and not (declared.low is not None and declared.low >= 0):
        low = None
    return Interval(low, high)


def _declared(bound: int | None) -> Number:
    return None if bound is None else Fraction(bound)


def _largest_group(keyed: list[tuple[Key | None, Key | None, Truth]], fed: bool) -> Interval:
    groups = {group for group, _, _ in keyed if group is not None}
    sure = [count([(key, truth) for found, key, truth in keyed if found == group and truth], True).low or Fraction(0) for group in groups]
    sure += [Fraction(1) for group, _, truth in keyed if group is None and truth]
    possible = [count([(key, truth) for found, key, truth in keyed if found in (group, None)], True).high or Fraction(0) for group in groups or {None}]
    return Interval(max(sure, default=Fraction(0)), max(possible, default=Fraction(0)) if fed else None)


def candidates(quantity: Extreme, matches: list[Match]) -> list[Match]:
    """The possible rows that no sure row surely beats."""
    sure = [match.row for match in matches if match.truth]
    return [match for match in matches if not any(_beats(quantity, row, match.row) for row in sure if row is not match.row)]


def _beats(quantity: Extreme, row: Row, other: Row) -> bool:
    mine, theirs = row.day(quantity.rows.date), other.day(quantity.rows.date)
    if mine.exact and theirs.exact and mine.low == theirs.low:
        return (row.id, row.number) > (other.id, other.number)
    return mine.low > theirs.high if quantity.latest else mine.high < theirs.low


def joined(values: list[Value], type_: Type) -> Value:
    """The hull of some values; missing where they do not agree and have no order."""
    intervals = [value for value in values if isinstance(value, Interval)]
    days = [value for value in values if isinstance(value, Day)]
    if intervals:
        lows = [value.low for value in intervals if value.low is not None]
        highs = [value.high for value in intervals if value.high is not None]
        return Interval(min(lows) if len(lows) == len(values) else None, max(highs) if len(highs) == len(values) else None)
    if days:
        return missing_value(type_) if any(day.missing for day in days) else Day(min(day.low for day in days), max(day.high for day in days))
    return values[0] if all(value == values[0] for value in values) else missing_value(type_)

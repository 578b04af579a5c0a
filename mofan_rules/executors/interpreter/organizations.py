"""Versions of organizations: on which days they exist, of which kind they are, and what their fields hold (meaning 1.1 to 1.6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.interpreter.facts import Facts, Row
from mofan_rules.schema import Table
from mofan_rules.values.dates import END, Day, add_days
from mofan_rules.values.truth import Truth, conjunction, disjunction

Span = tuple[date, date]


def opened(until: Day, as_of: date) -> Day:
    """An until-date as it is seen on the as-of date: an end that is later is a plan and counts as open (meaning 1.1)."""
    return Day(END if until.low > as_of else until.low, END if until.high > as_of else until.high)


def in_force(start: Day, until: Day, certain: bool, day: date) -> Truth:
    """Does a validity cover the day: surely, possibly (`None`) or not?"""
    if certain and start.high <= day <= until.low:
        return True
    return None if start.low <= day <= until.high else False


@dataclass(frozen=True, slots=True)
class Version:
    """A row of `organizations`, its until-date as seen on the as-of date."""

    row: Row
    start: Day
    until: Day

    def covers(self, day: date) -> Truth:
        return in_force(self.start, self.until, self.row.certain, day)

    def has_kind(self, kinds: frozenset[str]) -> Truth:
        """Is its kind one of these? A null kind (of an uncertain version) may be any."""
        kind = self.row.cells["kind"]
        return None if kind is None else kind in kinds

    def turns(self) -> Iterable[date]:
        """The days on which `covers` may begin to answer otherwise."""
        return (self.start.low, self.start.high, add_days(self.until.low, 1), add_days(self.until.high, 1))


def stretches(first: date, last: date, turns: Iterable[date]) -> Iterator[Span]:
    """`first..last`, cut before each turn."""
    cuts = sorted({turn for turn in turns if first < turn <= last})
    start = first
    for cut in cuts:
        yield start, add_days(cut, -1)
        start = cut
    yield start, last


def throughout(truths: Iterable[Truth]) -> Truth:
    """True if it holds on all possible days, false if on none, else unknown (meaning 3.1)."""
    found = set(truths)
    return found.pop() if len(found) == 1 else None


class Organizations:
    """The organizations as they are seen on the as-of date; days after it are like it."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self.facts = facts
        self.as_of = as_of
        self._versions: dict[int, tuple[Version, ...]] = {}

    def seen(self, day: date) -> date:
        """The day itself, or the as-of date for a later one."""
        return min(day, self.as_of)

    def versions(self, organization: int) -> tuple[Version, ...]:
        """The versions that are seen, by `row`."""
        known = self._versions.get(organization)
        if known is None:
            rows = self.facts.owned(Table.ORGANIZATIONS, "organization", organization)
            seen = (Version(row, row.day("valid_from"), opened(row.day("valid_until"), self.as_of)) for row in rows if row.day("valid_from").low <= self.as_of)
            known = self._versions[organization] = tuple(sorted(seen, key=lambda version: version.row.number))
        return known

    def is_subject(self, organization: int) -> bool:
        """Has it a version that bears its id? (meaning 1.6)"""
        return any(version.row.cells["organization"] is not None for version in self.versions(organization))

    def exists(self, organization: int, day: date) -> Truth:
        return disjunction(version.covers(self.seen(day)) for version in self.versions(organization))

    def stretches(self, organization: int, first: date, last: date) -> Iterator[Span]:
        """`first..last` in stretches on which each version covers all days alike."""
        seen = (turn for version in self.versions(organization) for turn in version.turns() if turn <= self.as_of)
        return stretches(first, last, seen)

    def exists_on(self, organization: int, days: Day) -> Truth:
        """Does it exist on a date that may be known in part? (meaning 3.1)"""
        if days.exact:
            return self.exists(organization, days.low)
        return throughout(self.exists(organization, first) for first, _ in self.stretches(organization, days.low, days.high))

    def fields(self, organization: int, day: date) -> Row | None:
        """The version that surely covers the day (meaning 1.4)."""
        return next((version.row for version in self.versions(organization) if version.covers(self.seen(day))), None)

    def fields_on(self, organization: int, days: Day) -> Row | None:
        """The version that surely covers all days that the date may be."""
        if days.exact:
            return self.fields(organization, days.low)
        low, high = self.seen(days.low), self.seen(days.high)
        return next((version.row for version in self.versions(organization) if version.covers(low) and version.covers(high)), None)

    def has_kind(self, organization: int, kinds: frozenset[str], day: date) -> Truth:
        """Is it of one of these kinds on the day? (meaning 1.6)"""
        seen = self.seen(day)
        return disjunction(conjunction((version.covers(seen), version.has_kind(kinds))) for version in self.versions(organization))

    def has_kind_between(self, organization: int, kinds: frozenset[str], first: date, last: date) -> bool:
        """Is it possibly of one of these kinds on one day of `first..last`?"""
        return any(self.has_kind(organization, kinds, start) is not False for start, _ in self.stretches(organization, first, last))

    def reference_day(self, organization: int, first: date | None, last: date | None) -> date:
        """The latest day of the window, not after the as-of date, on which it possibly exists (meaning 2.3)."""
        if first is None or last is None:
            return self.as_of
        end = min(last, self.as_of)
        latest = ((version.start.low, min(end, version.until.high)) for version in self.versions(organization))
        return max((day for start, day in latest if day >= max(start, first)), default=end)

    def current(self, organization: int) -> Row | None:
        """The certain version that covers the as-of date, or else the last that began (meaning 2.7)."""
        covering = self.fields(organization, self.as_of)
        if covering is not None:
            return covering
        certain = [version.row for version in self.versions(organization) if version.row.certain]
        return max(certain, key=lambda row: (row.day("valid_from").low, row.number), default=None)

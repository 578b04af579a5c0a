"""Calendar windows: the weeks, months, quarters and years into which a duty is divided (SEMANTICS section 4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mofan_rules.values.dates import add_months


class Unit(StrEnum):
    WEEK = "week"
    MONTH = "month"


MONDAY = date(1, 1, 1)
"""The first Monday of the calendar: weeks are ISO weeks, counted from it."""


@dataclass(frozen=True, slots=True)
class Every:
    """So many weeks or months at a time. A quarter is 3 months, a half-year 6, a year 12.

    Windows are numbered from an anchor: without one, weeks from the first Monday of the calendar and months from the
    January of the year 1, so that quarters begin in January, April, July and October.
    """

    unit: Unit
    count: int

    def number(self, day: date, anchor: date | None = None) -> int:
        """The number of the window that contains `day`; with an `anchor`, window 0 begins on it."""
        if self.unit is Unit.WEEK:
            return ((day - (anchor or MONDAY)).days) // (7 * self.count)
        if anchor is None:
            return (day.year * 12 + day.month - 13) // self.count
        guess = (day.year * 12 + day.month - anchor.year * 12 - anchor.month) // self.count
        return guess if self.first(guess, anchor) <= day else guess - 1

    def first(self, number: int, anchor: date | None = None) -> date:
        """The first day of a window. With an anchor on the 31st, months clamp and are added once, to the anchor."""
        if self.unit is Unit.WEEK:
            return (anchor or MONDAY) + timedelta(days=7 * self.count * number)
        if anchor is not None:
            return add_months(anchor, number * self.count)
        year, month = divmod(number * self.count, 12)
        return date(year + 1, month + 1, 1)

    def last(self, number: int, anchor: date | None = None) -> date:
        """The last day of a window: the day before the next one begins."""
        return self.first(number + 1, anchor) - timedelta(days=1)

    def between(self, start: date, end: date, anchor: date | None = None) -> Iterator[tuple[date, date]]:
        """The windows that share a day with `start` to `end`; with an anchor, none before it."""
        number = self.number(start, anchor)
        if anchor is not None:
            number = max(number, 0)
        while (first := self.first(number, anchor)) <= end:
            yield first, self.last(number, anchor)
            number += 1

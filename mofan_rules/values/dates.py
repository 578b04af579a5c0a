"""Dates that may be known in part, durations, and the arithmetic of civil dates.

A date known in part is a pair of its earliest and its latest possible day. Nothing is ever null: a date of
which nothing is known is the pair `(BEGINNING, END)`, and an open end of a validity is `END` itself.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

BEGINNING = date(1, 1, 1)
"""Stands for *since always*, and for the earliest day of a date of which nothing is known."""

END = date(9999, 12, 31)
"""Stands for *for ever*, and for the latest day of a date of which nothing is known."""

EARLIEST_ADMITTED = date(1000, 1, 1)
LATEST_ADMITTED = date(2999, 12, 31)


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A civil date known in part: it is some day from `low` to `high`, both included."""

    low: date
    high: date

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def missing(self) -> bool:
        return self.low == BEGINNING and self.high == END


UNKNOWN_DAY = Day(BEGINNING, END)


class DurationUnit(StrEnum):
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Duration:
    """A signed number of days, or of months; the two are not comparable (SEMANTICS section 2.6)."""

    amount: int
    unit: DurationUnit


@dataclass(frozen=True, slots=True)
class CivilDate:
    """The next such month and day, as a cut-off that delays judgement (`03-31`)."""

    month: int
    day: int


def add_months(day: date, months: int) -> date:
    """The same day so many months on, clamped to the end of the month; `BEGINNING` and `END` stay as they are,
    and a result outside the calendar is clamped to them."""
    if day in (BEGINNING, END):
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < 1:
        return BEGINNING
    if year > 9999:
        return END
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_days(day: date, days: int) -> date:
    """So many days on; `BEGINNING` and `END` stay as they are, and a result outside the calendar is clamped to them."""
    if day in (BEGINNING, END):
        return day
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return END if days > 0 else BEGINNING


def add(day: date, duration: Duration) -> date:
    """`day` plus `duration`, added once (SEMANTICS section 2.6)."""
    if duration.unit is DurationUnit.DAYS:
        return add_days(day, duration.amount)
    return add_months(day, duration.amount)


def next_civil_date(day: date, cut_off: CivilDate) -> date:
    """The first day on or after `day` with this month and day (29 February falls on the 28th in a common year)."""
    for year in (day.year, day.year + 1):
        last = calendar.monthrange(year, cut_off.month)[1]
        candidate = date(year, cut_off.month, min(cut_off.day, last))
        if candidate >= day:
            return candidate
    raise AssertionError("a month and day recur within two years")

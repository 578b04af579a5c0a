"""The arithmetic of civil dates in SQL: durations, cut-off dates and the numbering of windows, as `values.dates` and `values.windows` define them."""

from datetime import date, timedelta

from mofan_rules.executors.duckdb import sql
from mofan_rules.values.dates import CivilDate, Duration, DurationUnit, add
from mofan_rules.values.dates import next_civil_date as next_civil_date_of
from mofan_rules.values.windows import MONDAY, Every, Unit

DAY_LIMIT, MONTH_LIMIT = 4_000_000, 130_000
"""Longer durations leave the calendar from any of its days; amounts are cut to these so that they fit an INTEGER."""


def add_amount(start: str, amount: str, unit: DurationUnit) -> str:
    """`start` plus so many days or months, added once; the ends of the calendar stay as they are; null if either is null."""
    limit = DAY_LIMIT if unit is DurationUnit.DAYS else MONTH_LIMIT
    number = f"(CASE WHEN {amount} > {limit} THEN {limit} WHEN {amount} < -{limit} THEN -{limit} ELSE {amount} END)::INTEGER"
    moved = f"({start} + {number})" if unit is DurationUnit.DAYS else f"({start} + to_months({number}))::DATE"
    return (
        f"CASE WHEN {amount} IS NULL THEN NULL WHEN {start} = {sql.FIRST_DAY} OR {start} = {sql.LAST_DAY} THEN {start}"
        f" WHEN {moved} < {sql.FIRST_DAY} THEN {sql.FIRST_DAY} WHEN {moved} > {sql.LAST_DAY} THEN {sql.LAST_DAY} ELSE {moved} END"
    )


def add_duration(start: str, duration: Duration) -> str:
    """`start` plus a known duration."""
    return add_amount(start, sql.whole(duration.amount), duration.unit)


def next_civil_date(start: str, cut_off: CivilDate) -> str:
    """The first such month and day on or after `start`."""

    def in_year(year: str) -> str:
        first = f"make_date(({year})::INTEGER, {cut_off.month}, 1)"
        return f"least(make_date(({year})::INTEGER, {cut_off.month}, 1) + {cut_off.day - 1}, last_day({first}))"

    this = in_year(f"year({start})")
    return f"CASE WHEN {this} >= {start} THEN {this} ELSE {in_year(f'year({start}) + 1')} END"


def delayed(last: str, grace: Duration | CivilDate | None) -> str:
    """The day on which a window that ends on `last` is due."""
    match grace:
        case None:
            return last
        case Duration():
            return add_duration(last, grace)
        case CivilDate():
            return next_civil_date(last, grace)


def due_day(last: date, grace: Duration | CivilDate | None) -> date:
    """The same of a day that is known beforehand."""
    match grace:
        case None:
            return last
        case Duration():
            return add(last, grace)
        case CivilDate():
            return next_civil_date_of(last, grace)


def months_of(value: str) -> str:
    """The number of a date's month, counted from January of the year 0."""
    return f"(year({value}) * 12 + month({value}) - 1)"


def window_number(every: Every, value: str, anchor: str | None = None) -> str:
    """The number of the window that contains a date; with an anchor (a date), window 0 begins on it."""
    if every.unit is Unit.WEEK:
        return sql.floor_divide(f"({value} - {anchor or sql.day(MONDAY)})", str(7 * every.count))
    if anchor is None:
        return f"({months_of(value)} - 12) // {every.count}"
    guess = sql.floor_divide(f"({months_of(value)} - {months_of(anchor)})", str(every.count))
    return f"({guess}) - CASE WHEN {window_first(every, guess, anchor)} > {value} THEN 1 ELSE 0 END"


def window_first(every: Every, number: str, anchor: str | None = None) -> str:
    """The first day of a window, by its number."""
    if every.unit is Unit.WEEK:
        return f"({anchor or sql.day(MONDAY)} + ({7 * every.count} * ({number}))::INTEGER)"
    return f"({anchor or sql.day(date(1, 1, 1))} + to_months(({every.count} * ({number}))::INTEGER))::DATE"


def window_last(every: Every, number: str, anchor: str | None = None) -> str:
    """The last day of a window, by its number."""
    return f"({window_first(every, f'({number}) + 1', anchor)} - 1)"


def before(start: date, duration: Duration) -> date:
    """A day from which `duration` surely ends before `start`: where to begin looking for runs that touch `start`."""
    earlier = add(start, Duration(-duration.amount, duration.unit))
    return earlier - timedelta(days=4) if earlier.toordinal() > 4 else earlier

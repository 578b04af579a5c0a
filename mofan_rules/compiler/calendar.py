"""The arithmetic of civil dates in SQL, as `values.dates` and `values.windows` define it."""

from calendar import monthrange
from datetime import date

from mofan_rules.compiler.dialects import Dialect
from mofan_rules.compiler.tree import (
    BIGINT,
    DATE,
    Tree,
    among,
    case,
    day,
    either,
    eq,
    ge,
    gt,
    is_null,
    lt,
    minus,
    negative,
    null,
    plus,
    remainder,
    times,
    whole,
)
from mofan_rules.values.dates import BEGINNING, END, CivilDate, Duration, DurationUnit
from mofan_rules.values.windows import MONDAY, Every, Unit

FIRST_DAY, LAST_DAY = day(BEGINNING), day(END)
FIRST_MONTH, LAST_MONTH = 12, 9999 * 12 + 11


def months_of(dialect: Dialect, value: Tree) -> Tree:
    """The number of a date's month, counted from January of the year 0."""
    return minus(plus(times(dialect.part("YEAR", value), whole(12)), dialect.part("MONTH", value)), whole(1))


def add_amount(dialect: Dialect, start: Tree, amount: Tree, unit: DurationUnit) -> Tree:
    """`start` plus so many days or months, added once; the ends of the calendar stay as they are, and nothing leaves it. Null if `amount` is."""
    if unit is DurationUnit.DAYS:
        early = lt(amount, dialect.days_between(FIRST_DAY, start))
        late = gt(amount, dialect.days_between(LAST_DAY, start))
        moved = dialect.days_after(start, amount)
    else:
        early = lt(plus(months_of(dialect, start), amount), whole(FIRST_MONTH))
        late = gt(plus(months_of(dialect, start), amount), whole(LAST_MONTH))
        moved = dialect.months_after(start, amount)
    return case((is_null(amount), null(DATE)), (among(start, (FIRST_DAY, LAST_DAY)), start), (early, FIRST_DAY), (late, LAST_DAY), otherwise=moved)


def add_duration(dialect: Dialect, start: Tree, duration: Duration) -> Tree:
    """`start` plus a known duration."""
    return add_amount(dialect, start, whole(duration.amount), duration.unit)


def next_civil_date(dialect: Dialect, start: Tree, cut_off: CivilDate) -> Tree:
    """The first such month and day on or after `start`; 29 February falls on the 28th in a common year."""

    def in_year(year: Tree) -> Tree:
        last = monthrange(2023, cut_off.month)[1]
        exact = dialect.date_of(year, whole(cut_off.month), whole(min(cut_off.day, last)))
        if cut_off.month != 2 or cut_off.day <= last:
            return exact
        following = dialect.days_after(exact, whole(1))
        return case((eq(dialect.part("MONTH", following), whole(2)), following), otherwise=exact)

    year = dialect.part("YEAR", start)
    this = in_year(year)
    return case((ge(this, start), this), otherwise=in_year(plus(year, whole(1))))


def delayed(dialect: Dialect, last: Tree, grace: Duration | CivilDate | None) -> Tree:
    """The day on which a window that ends on `last` is due."""
    match grace:
        case None:
            return last
        case Duration():
            return add_duration(dialect, last, grace)
        case CivilDate():
            return next_civil_date(dialect, last, grace)


def floor_quotient(dialect: Dialect, a: Tree, b: int) -> Tree:
    """`a / b` rounded down, of whole numbers of 64 bits and `b` above 0."""
    rest = remainder(plus(remainder(a, whole(b)), whole(b)), whole(b))
    return dialect.short_quotient(minus(a, rest), whole(b))


def window_number(dialect: Dialect, every: Every, value: Tree, anchor: Tree | None = None) -> Tree:
    """The number of the window that contains a date; with an anchor, window 0 begins on it."""
    if every.unit is Unit.WEEK:
        return floor_quotient(dialect, dialect.days_between(value, anchor or day(MONDAY)), 7 * every.count)
    if anchor is None:
        return floor_quotient(dialect, minus(months_of(dialect, value), whole(FIRST_MONTH)), every.count)
    guess = floor_quotient(dialect, minus(months_of(dialect, value), months_of(dialect, anchor)), every.count)
    return minus(guess, case((gt(window_first(dialect, every, guess, anchor), value), whole(1)), otherwise=whole(0)))


def window_first(dialect: Dialect, every: Every, number: Tree, anchor: Tree | None = None) -> Tree:
    """The first day of a window, by its number."""
    if every.unit is Unit.WEEK:
        return dialect.days_after(anchor or day(MONDAY), times(whole(7 * every.count), number))
    return dialect.months_after(anchor or day(date(1, 1, 1)), times(whole(every.count), number))


def window_last(dialect: Dialect, every: Every, number: Tree, anchor: Tree | None = None) -> Tree:
    """The last day of a window, by its number."""
    return dialect.days_after(window_first(dialect, every, plus(number, whole(1)), anchor), whole(-1))


def date_part(dialect: Dialect, name: str, low: Tree, high: Tree) -> Tree:
    """A part of a date on whose possible days it agrees, else null."""
    year = dialect.part("YEAR", low)
    same = eq(low, high)
    if name in ("YEAR", "MONTH"):
        same = eq(year, dialect.part("YEAR", high))
    if name == "MONTH":
        same = eq(months_of(dialect, low), months_of(dialect, high))
    return case((same, dialect.part(name, low)), otherwise=null(BIGINT))


def complete_months(dialect: Dialect, a: Tree, b: Tree) -> Tree:
    """The complete months from b to a; if a is before b, the negative of those from a to b."""

    def forward(start: Tree, end: Tree) -> Tree:
        whole_months = minus(months_of(dialect, end), months_of(dialect, start))
        short = gt(dialect.months_after(start, whole_months), end)
        return minus(whole_months, case((short, whole(1)), otherwise=whole(0)))

    return case((ge(a, b), forward(b, a)), otherwise=negative(forward(a, b)))


def is_open(*ends: Tree) -> Tree:
    """Is one of these days an end of the calendar?"""
    return either(*(among(end, (FIRST_DAY, LAST_DAY)) for end in dict.fromkeys(ends)))

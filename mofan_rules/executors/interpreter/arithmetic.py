"""Arithmetic on intervals of exact numbers, on dates and on durations (the docstring of `ir.expressions`)."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import ceil, floor

from mofan_rules.executors.interpreter.values import Value
from mofan_rules.ir.expressions import Operator
from mofan_rules.values.dates import BEGINNING, END, UNKNOWN_DAY, Day, Duration, DurationUnit, add, add_months
from mofan_rules.values.interval import UNKNOWN_NUMBER, Interval, exactly


def hull(numbers: Iterable[Fraction]) -> Interval:
    """The least interval that holds all the numbers."""
    known = list(numbers)
    return Interval(min(known), max(known))


def _finite(value: Interval) -> tuple[Fraction, Fraction] | None:
    return None if value.low is None or value.high is None else (value.low, value.high)


def binary(operator: Operator, left: Interval, right: Interval) -> Interval:
    """`+ - * /` and modulo: the hull of all results; an open operand, and a divisor that may be 0, make an unknown one."""
    a, b = _finite(left), _finite(right)
    if a is None or b is None:
        return UNKNOWN_NUMBER
    pairs = [(x, y) for x in a for y in b]
    match operator:
        case Operator.ADD:
            return Interval(a[0] + b[0], a[1] + b[1])
        case Operator.SUBTRACT:
            return Interval(a[0] - b[1], a[1] - b[0])
        case Operator.MULTIPLY:
            return hull(x * y for x, y in pairs)
        case Operator.DIVIDE:
            return UNKNOWN_NUMBER if b[0] <= 0 <= b[1] else hull(x / y for x, y in pairs)
        case Operator.MODULO:
            return exactly(a[0] - b[0] * floor(a[0] / b[0])) if left.exact and right.exact and b[0] != 0 else UNKNOWN_NUMBER
        case _:
            raise AssertionError(operator)


def unary(operator: Operator, value: Interval) -> Interval:
    """Negation, absolute value, floor and ceiling; an open operand makes an unknown result."""
    ends = _finite(value)
    if ends is None:
        return UNKNOWN_NUMBER
    low, high = ends
    match operator:
        case Operator.NEGATE:
            return Interval(-high, -low)
        case Operator.ABSOLUTE:
            largest = max(abs(low), abs(high))
            return Interval(Fraction(0) if low <= 0 <= high else min(abs(low), abs(high)), largest)
        case Operator.FLOOR:
            return Interval(Fraction(floor(low)), Fraction(floor(high)))
        case Operator.CEILING:
            return Interval(Fraction(ceil(low)), Fraction(ceil(high)))
        case _:
            raise AssertionError(operator)


def extremum(operator: Operator, values: list[Interval]) -> Interval:
    """The least or the greatest of some numbers, by their ends, where an open end is infinite."""
    if not values or any(value.low is None and value.high is None for value in values):
        return UNKNOWN_NUMBER
    lows = [value.low for value in values]
    highs = [value.high for value in values]
    known_lows = [low for low in lows if low is not None]
    known_highs = [high for high in highs if high is not None]
    if operator is Operator.MINIMUM:
        return Interval(min(known_lows) if len(known_lows) == len(lows) else None, min(known_highs, default=None))
    return Interval(max(known_lows, default=None), max(known_highs) if len(known_highs) == len(highs) else None)


def moved(day: Day, duration: Duration | None) -> Day:
    """A date plus a duration; both ends move."""
    return UNKNOWN_DAY if duration is None or day.missing else Day(add(day.low, duration), add(day.high, duration))


def _open(day: Day) -> bool:
    return BEGINNING in (day.low, day.high) or END in (day.low, day.high)


def days_between(left: Day, right: Day) -> Interval:
    """left - right in days."""
    if _open(left) or _open(right):
        return UNKNOWN_NUMBER
    return Interval(Fraction((left.low - right.high).days), Fraction((left.high - right.low).days))


def complete_months(later: date, earlier: date) -> int:
    """The greatest n with `earlier` + n months <= `later`; negative if `later` is before `earlier`."""
    if later < earlier:
        return -complete_months(earlier, later)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months if add_months(earlier, months) <= later else months - 1


def months_between(left: Day, right: Day) -> Interval:
    """The complete months from right to left."""
    if _open(left) or _open(right):
        return UNKNOWN_NUMBER
    return Interval(Fraction(complete_months(left.low, right.high)), Fraction(complete_months(left.high, right.low)))


def part_of_date(operator: Operator, day: Day) -> Interval:
    """Year, month, day or weekday, if all possible days agree."""
    low, high = day.low, day.high
    same_year = low.year == high.year
    match operator:
        case Operator.YEAR:
            return exactly(low.year) if same_year else UNKNOWN_NUMBER
        case Operator.MONTH:
            return exactly(low.month) if same_year and low.month == high.month else UNKNOWN_NUMBER
        case Operator.DAY:
            return exactly(low.day) if day.exact else UNKNOWN_NUMBER
        case Operator.WEEKDAY:
            return exactly(low.isoweekday()) if day.exact else UNKNOWN_NUMBER
        case _:
            raise AssertionError(operator)


def to_duration(number: Interval, unit: DurationUnit) -> Duration | None:
    """A duration of an exact whole number, else a missing one."""
    if number.low is None or not number.exact or number.low.denominator != 1:
        return None
    return Duration(int(number.low), unit)


def on_durations(operator: Operator, values: list[Value]) -> Duration | None:
    """The sum, the difference or the negation of durations in one unit; else missing."""
    known = [value for value in values if isinstance(value, Duration)]
    if len(known) < len(values) or len({duration.unit for duration in known}) != 1:
        return None
    amounts = [duration.amount for duration in known]
    if operator is Operator.NEGATE:
        return Duration(-amounts[0], known[0].unit)
    return Duration(amounts[0] + (amounts[1] if operator is Operator.ADD else -amounts[1]), known[0].unit)

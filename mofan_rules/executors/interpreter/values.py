"""The values that expressions take, and how they compare (the docstring of `ir.expressions`)."""

from fractions import Fraction

from mofan_rules.ir.expressions import Operator
from mofan_rules.schema import Type
from mofan_rules.values.dates import UNKNOWN_DAY, Day, Duration
from mofan_rules.values.interval import UNKNOWN_NUMBER, Interval
from mofan_rules.values.truth import Truth, negation

Value = bool | Interval | Day | str | int | Duration | tuple[str, ...] | None
"""A truth value, a number, a date, a text, an organization (its number), a duration, items. `None` is unknown or missing."""

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})


def missing_value(type_: Type) -> Value:
    """The missing value of a type."""
    if type_ in NUMBERS:
        return UNKNOWN_NUMBER
    return UNKNOWN_DAY if type_ is Type.DATE else None


def is_missing(value: Value) -> bool:
    """Is nothing known of it?"""
    match value:
        case Interval():
            return value.low is None and value.high is None
        case Day():
            return value.missing
        case _:
            return value is None


def _as_interval(value: Value) -> Interval:
    """A number, a date or a duration on a line of numbers."""
    match value:
        case Interval():
            return value
        case Day():
            return Interval(Fraction(value.low.toordinal()), Fraction(value.high.toordinal()))
        case Duration():
            return Interval(Fraction(value.amount), Fraction(value.amount))
        case _:
            raise TypeError(f"a {type(value).__name__} has no order")


def _less(left: Interval, right: Interval, or_equal: bool) -> Truth:
    """Is left less than (or equal to) right, for every, none or some pair of values?"""
    if left.high is not None and right.low is not None and (left.high < right.low or (or_equal and left.high == right.low)):
        return True
    if right.high is not None and left.low is not None and (right.high < left.low or (not or_equal and right.high == left.low)):
        return False
    return None


def _equal(left: Value, right: Value) -> Truth:
    if not isinstance(left, Interval | Day):
        return left == right
    one, other = _as_interval(left), _as_interval(right)
    if _less(one, other, or_equal=False) or _less(other, one, or_equal=False):
        return False
    return True if one.exact and other.exact else None


def compare(operator: Operator, left: Value, right: Value) -> Truth:
    """A comparison: unknown as soon as one side is missing, or if months are compared with days."""
    if is_missing(left) or is_missing(right):
        return None
    if isinstance(left, Duration) and isinstance(right, Duration) and left.unit is not right.unit:
        return None
    match operator:
        case Operator.EQUAL:
            return _equal(left, right)
        case Operator.UNEQUAL:
            return negation(_equal(left, right))
        case Operator.LESS | Operator.AT_MOST:
            return _less(_as_interval(left), _as_interval(right), operator is Operator.AT_MOST)
        case Operator.GREATER | Operator.AT_LEAST:
            return _less(_as_interval(right), _as_interval(left), operator is Operator.AT_LEAST)
        case _:
            raise AssertionError(operator)

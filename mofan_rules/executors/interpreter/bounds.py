"""Tests of intervals against bounds, and how they are written in `measured` and `required` (meaning 5 and 6)."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from mofan_rules.executors.interpreter.arithmetic import binary
from mofan_rules.executors.interpreter.expressions import Place, number
from mofan_rules.ir.expressions import Expression, Operator, Param
from mofan_rules.values.interval import Interval, at_least, at_most
from mofan_rules.values.truth import Truth, conjunction

WHOLE = Interval(Fraction(1), Fraction(1))


@dataclass(frozen=True, slots=True)
class Limits:
    """The two bounds of a test, after prorating; `None` is no bound."""

    least: Interval | None
    most: Interval | None


def limits(least: Expression | None, most: Expression | None, place: Place, share: Interval) -> Limits:
    """The bounds of a test, multiplied by the share of the window that is bound."""
    return Limits(_limit(least, place, share), _limit(most, place, share))


def _limit(expression: Expression | None, place: Place, share: Interval) -> Interval | None:
    if expression is None:
        return None
    if isinstance(expression, Param):
        known = place.world.parameter(expression.name)
        if known is not None and known.unbounded:
            return None
    bound = number(expression, place)
    return bound if share == WHOLE else binary(Operator.MULTIPLY, bound, share)


def passes(value: Interval, bounds: Limits, whole: bool) -> Truth:
    """Does the value lie between the bounds? `whole`: it is a whole number, so that it cannot lie between two of them."""
    truths = [at_least(value, bounds.least)] if bounds.least is not None else []
    truths += [at_most(value, bounds.most)] if bounds.most is not None else []
    result = conjunction(truths)
    return False if result is None and _nothing_between(value, bounds, whole) else result


def _nothing_between(value: Interval, bounds: Limits, whole: bool) -> bool:
    least, most = bounds.least, bounds.most
    if least is None or most is None or not (least.exact and most.exact):
        return False
    assert least.low is not None
    assert most.low is not None
    low = least.low if value.low is None else max(least.low, value.low)
    high = most.low if value.high is None else min(most.low, value.high)
    return ceil(low) > floor(high) if whole else low > high


def is_short(value: Interval, bounds: Limits) -> bool:
    """Does the value lie surely below the lower bound?"""
    return bounds.least is not None and at_least(value, bounds.least) is False


def written(value: Fraction) -> str:
    """A number as it stands in the columns: whole, or decimal if it ends within six places, else `p/q`."""
    if value.denominator == 1:
        return str(value.numerator)
    millions = value * 1_000_000
    if millions.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(millions.numerator)).rjust(7, "0")
    return f"{'-' if value < 0 else ''}{digits[:-6]}.{digits[-6:]}".rstrip("0")


def written_interval(value: Interval) -> str:
    """An interval: `n`, `low..high`, `low..`, `..high`, or nothing if it is open at both ends."""
    if value.low is not None and value.low == value.high:
        return written(value.low)
    low, high = ("" if end is None else written(end) for end in (value.low, value.high))
    return f"{low}..{high}" if low or high else ""


def measured_text(value: Interval, bounds: Limits) -> str:
    """The column `measured`: counting stops at what the test needs."""
    cap = _cap(bounds)
    low, high = value.low, value.high
    if cap is None or low is None:
        return written_interval(value)
    if low >= cap:
        return f"{cap}+"
    return written_interval(Interval(low, None if high is None or high >= cap else high))


def _cap(bounds: Limits) -> int | None:
    if bounds.most is not None:
        return ceil(bounds.most.low + 1) if bounds.most.exact and bounds.most.low is not None else None
    if bounds.least is not None:
        return ceil(bounds.least.low) if bounds.least.exact and bounds.least.low is not None else None
    return None


def required_text(bounds: Limits) -> str:
    """The column `required`."""
    ends = _exact_ends(bounds)
    return "" if ends is None else written_interval(Interval(*ends))


def _exact_ends(bounds: Limits) -> tuple[Fraction | None, Fraction | None] | None:
    """Both bounds, or `None` if one of them is not exact."""
    least, most = bounds.least, bounds.most
    if (least is not None and not least.exact) or (most is not None and not most.exact):
        return None
    return (least.low if least is not None else None), (most.low if most is not None else None)


def required_share(bounds: Limits) -> str:
    """The column `required` of a tally by shares: in hundredths if possible."""
    ends = _exact_ends(bounds)
    known = [end for end in ends or () if end is not None]
    if len(known) == 2 and known[0] == known[1]:
        known.pop()
    hundredths = [end * 100 for end in known]
    if all(end.denominator == 1 for end in hundredths):
        return "..".join(str(end.numerator) for end in hundredths) + "/100" if known else ""
    return "..".join(f"{end.numerator}/{end.denominator}" for end in known)

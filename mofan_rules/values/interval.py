"""Intervals of exact numbers: what is surely so, and what may still be (SEMANTICS section 3)."""

from dataclasses import dataclass
from fractions import Fraction

from mofan_rules.values.truth import Truth

Number = Fraction | None
"""An exact number; `None` is infinite: minus infinity as a lower end, plus infinity as an upper one."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both included; `None` is an open end.

    A number of which nothing is known is the interval that is open at both ends, so that each comparison with it is unknown.
    """

    low: Number
    high: Number

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high


UNKNOWN_NUMBER = Interval(None, None)


def exactly(number: int | Fraction) -> Interval:
    """The interval of one number."""
    value = Fraction(number)
    return Interval(value, value)


def at_least(value: Interval, bound: Interval) -> Truth:
    """Is every, none or some value of the interval at least the bound, whatever number of its interval the bound is?"""
    if value.low is not None and bound.high is not None and value.low >= bound.high:
        return True
    if value.high is not None and bound.low is not None and value.high < bound.low:
        return False
    return None


def at_most(value: Interval, bound: Interval) -> Truth:
    """The mirror image of `at_least`."""
    return at_least(bound, value)

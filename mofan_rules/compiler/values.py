"""What an expression is in SQL: the shapes of compiled values.

A `Ratio` is a pair of whole numbers with a positive denominator; its numerator is null where the number is not known (as an end of an interval: where that
end is open). Each carries bounds on its two parts, so that what might not fit is refused before anything runs.
"""

from dataclasses import dataclass
from fractions import Fraction

from mofan_rules.compiler.tree import Tree, whole
from mofan_rules.values.dates import DurationUnit

TOP = 10**37
"""No number may outgrow this: all dialects hold 38 digits."""

QUOTIENT_TOP = 10**31
"""No dividend may: Spark's quotients have 32 digits before the point."""


ROWS = 10**8
"""No cell has more rows than this."""


class TooLarge(Exception):
    """A number could outgrow what the databases hold exactly."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """`n / d`. `d` is a whole number known beforehand or a tree above 0; `top` and `bottom` bound |n| and d."""

    n: Tree
    d: int | Tree
    top: int
    bottom: int

    @property
    def denominator(self) -> Tree:
        return whole(self.d) if isinstance(self.d, int) else self.d


@dataclass(frozen=True, slots=True)
class Number:
    """An interval of numbers. If `exact`, both ends are one: a number, or unknown (open at both ends)."""

    low: Ratio
    high: Ratio

    @property
    def exact(self) -> bool:
        return self.low is self.high


@dataclass(frozen=True, slots=True)
class Truth:
    """A boolean; null is unknown."""

    tree: Tree


@dataclass(frozen=True, slots=True)
class Dates:
    """An earliest and a latest day, never null."""

    low: Tree
    high: Tree


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, an organization's number or a list of texts; null is missing."""

    tree: Tree


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: a whole number of a unit; null is missing."""

    amount: Tree
    unit: DurationUnit


Value = Number | Truth | Dates | Plain | Span


def exactly(ratio: Ratio) -> Number:
    """The number whose two ends are one ratio."""
    return Number(ratio, ratio)


def checked(ratio: Ratio, limit: int = TOP) -> Ratio:
    """The same ratio, if it fits.

    Raises
    ------
    TooLarge: if its parts could outgrow the limit.
    """
    if ratio.top > limit or ratio.bottom > limit:
        raise TooLarge
    return ratio


def constant(value: Fraction | int) -> Ratio:
    """A literal number."""
    number = Fraction(value)
    return checked(Ratio(whole(number.numerator), number.denominator, abs(number.numerator), number.denominator))

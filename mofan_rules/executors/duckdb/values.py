"""What an expression is in SQL: the shapes of compiled values, and exact arithmetic on numbers as numerator and denominator.

A `Ratio` is a pair of whole numbers with a positive denominator; its numerator is null where the number is not known (as an end of an interval: where
that end is open). Each carries bounds on its two parts, so that what might not fit 128 bits is refused before anything runs.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from mofan_rules.executors.duckdb import sql
from mofan_rules.values.dates import DurationUnit


class TooLarge(Exception):
    """A number could outgrow 128 bits."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """`n / d`. `d` is a whole number known beforehand or an SQL expression above 0; `top` and `bottom` bound |n| and d."""

    n: str
    d: int | str
    top: int
    bottom: int

    @property
    def denominator(self) -> str:
        return sql.whole(self.d) if isinstance(self.d, int) else self.d


@dataclass(frozen=True, slots=True)
class Number:
    """An interval of numbers. If `exact`, both ends are one: a number or unknown (open at both ends)."""

    low: Ratio
    high: Ratio

    @property
    def exact(self) -> bool:
        return self.low is self.high


@dataclass(frozen=True, slots=True)
class Truth:
    """A nullable boolean. `absent`: where the value may be missing (measures), the truth of *it is missing*."""

    sql: str


@dataclass(frozen=True, slots=True)
class Dates:
    """An earliest and a latest day, never null."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, an organization's number or a list of texts; null is missing."""

    sql: str


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: a whole number of a unit; null is missing."""

    amount: str
    unit: DurationUnit


Value = Number | Truth | Dates | Plain | Span


def exactly(ratio: Ratio) -> Number:
    """The number whose two ends are one ratio."""
    return Number(ratio, ratio)


def constant(value: Fraction | int) -> Ratio:
    """A literal number."""
    number = Fraction(value)
    return checked(Ratio(sql.whole(number.numerator), number.denominator, abs(number.numerator), number.denominator))


NO_NUMBER = Ratio("NULL::BIGINT", 1, 0, 1)


def checked(ratio: Ratio) -> Ratio:
    """The same ratio, if it fits.

    Raises
    ------
    TooLarge: if its parts could outgrow 128 bits.
    """
    if ratio.top > sql.HUGEINT_TOP or ratio.bottom > sql.HUGEINT_TOP:
        raise TooLarge
    return ratio


def _times(a: str, b: str, top: int) -> str:
    """A product, in 64 bits where those of literals, 32, might not do, and in 128 where 64 might not."""
    if a == "1":
        return b
    if b == "1":
        return a
    wide = "" if top < sql.INTEGER_TOP else "::BIGINT" if top < sql.BIGINT_TOP else "::HUGEINT"
    return f"({a}){wide} * ({b})"


def scaled(a: Ratio, b: Ratio) -> tuple[str, str, int | str, int, int]:
    """Two numerators over one denominator: (numerator of a, of b, the denominator, bound on the numerators, bound on the denominator)."""
    if a.d == b.d:
        return a.n, b.n, a.d, max(a.top, b.top), max(a.bottom, b.bottom)
    if isinstance(a.d, int) and isinstance(b.d, int):
        common = lcm(a.d, b.d)
        top = max(a.top * (common // a.d), b.top * (common // b.d))
        left, right = sql.whole(common // a.d), sql.whole(common // b.d)
        denominator: int | str = common
        bottom = common
    else:
        top = max(a.top * b.bottom, b.top * a.bottom)
        bottom = a.bottom * b.bottom
        left, right = b.denominator, a.denominator
        denominator = _times(a.denominator, b.denominator, bottom)
    checked(Ratio("", 1, top, bottom))
    return _times(a.n, left, top), _times(b.n, right, top), denominator, top, bottom


def compare(a: Ratio, operator: str, b: Ratio) -> str:
    """A comparison of two known ratios, by cross-multiplication; null if one is null."""
    left, right, *_ = scaled(a, b)
    return f"{left} {operator} {right}"


def plus(a: Ratio, b: Ratio, sign: str = "+") -> Ratio:
    """A sum, or with `-` for a sign a difference."""
    left, right, denominator, top, bottom = scaled(a, b)
    wide = f"({left})" if top * 2 < sql.INTEGER_TOP else f"({left})::BIGINT" if top * 2 < sql.BIGINT_TOP else f"({left})::HUGEINT"
    return checked(Ratio(f"{wide} {sign} ({right})", denominator, top * 2, bottom))


def times(a: Ratio, b: Ratio) -> Ratio:
    """A product."""
    top, bottom = a.top * b.top, a.bottom * b.bottom
    checked(Ratio("", 1, top, bottom))
    denominator: int | str = a.d * b.d if isinstance(a.d, int) and isinstance(b.d, int) else _times(a.denominator, b.denominator, bottom)
    return Ratio(_times(a.n, b.n, top), denominator, top, bottom)


def over(a: Ratio, b: Ratio) -> Ratio:
    """A quotient; unknown (a null numerator) if the divisor is 0."""
    top, bottom = a.top * b.bottom, a.bottom * max(b.top, 1)
    checked(Ratio("", 1, top, bottom))
    numerator = f"({_times(a.n, b.denominator, top)}) * CASE WHEN ({b.n}) < 0 THEN -1 WHEN ({b.n}) > 0 THEN 1 END"
    denominator = _times(a.denominator, f"CASE WHEN ({b.n}) = 0 OR ({b.n}) IS NULL THEN 1 ELSE abs({b.n}) END", bottom)
    return Ratio(numerator, denominator, top, bottom)


def negated(a: Ratio) -> Ratio:
    """The same with the other sign."""
    return Ratio(f"-({a.n})", a.d, a.top, a.bottom)


def floor(a: Ratio) -> Ratio:
    """The greatest whole number that is not above it."""
    if a.d == 1:
        return a
    return Ratio(sql.floor_divide(a.n, a.denominator), 1, a.top + 1, 1)


def ceiling(a: Ratio) -> Ratio:
    """The least whole number that is not below it."""
    return a if a.d == 1 else negated(floor(negated(a)))


def written(a: Ratio) -> str:
    """As text: whole, or decimal if it ends within six places, else `p/q` in lowest terms; null if the number is."""
    if a.d == 1:
        return f"({a.n})::VARCHAR"
    g = f"gcd(abs({a.n})::HUGEINT, ({a.denominator})::HUGEINT)"
    p, q = f"(({a.n})::HUGEINT // {g})", f"(({a.denominator})::HUGEINT // {g})"
    digits = f"(abs({p}) % {q}) * (1000000 // {q})"
    decimal = f"(CASE WHEN {p} < 0 THEN '-' ELSE '' END) || (abs({p}) // {q})::VARCHAR || '.' || rtrim(lpad(({digits})::VARCHAR, 6, '0'), '0')"
    return f"CASE WHEN {q} = 1 THEN {p}::VARCHAR WHEN 1000000 % {q} = 0 THEN {decimal} ELSE {p}::VARCHAR || '/' || {q}::VARCHAR END"

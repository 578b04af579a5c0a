"""Exact arithmetic on numbers as numerator and denominator, and on intervals of them."""

from math import lcm

from mofan_rules.compiler.dialects import Dialect
from mofan_rules.compiler.frame import Frame
from mofan_rules.compiler.tree import (
    BIGINT,
    TEXT,
    Tree,
    both,
    call,
    case,
    cast,
    either,
    eq,
    ge,
    gt,
    is_known,
    is_null,
    joined,
    le,
    lt,
    minus,
    ne,
    negative,
    no,
    null,
    plus,
    remainder,
    text,
    times,
    whole,
)
from mofan_rules.compiler.values import QUOTIENT_TOP, Number, Ratio, checked, exactly
from mofan_rules.ir.expressions import Operator

COMPARE = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


class Exact:
    """The arithmetic of one dialect, over the columns of one frame."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.dialect: Dialect = frame.dialect

    def nothing(self) -> Ratio:
        """A number that is not known."""
        return Ratio(self.dialect.exact(null(BIGINT)), 1, 0, 1)

    def kept(self, ratio: Ratio) -> Ratio:
        """The ratio with its parts as columns."""
        return Ratio(self.frame.keep(ratio.n), ratio.d if isinstance(ratio.d, int) else self.frame.keep(ratio.d), ratio.top, ratio.bottom)

    def product(self, a: Tree, b: Tree) -> Tree:
        if a == whole(1):
            return b
        if b == whole(1):
            return a
        return times(self.dialect.exact(a), self.dialect.exact(b))

    def scaled(self, a: Ratio, b: Ratio) -> tuple[Tree, Tree, int | Tree, int, int]:
        """Two numerators over one denominator: (numerator of a, of b, the denominator, bound on the numerators, bound on the denominator)."""
        if a.d == b.d:
            return a.n, b.n, a.d, max(a.top, b.top), max(a.bottom, b.bottom)
        denominator: int | Tree
        if isinstance(a.d, int) and isinstance(b.d, int):
            common = lcm(a.d, b.d)
            top, bottom = max(a.top * (common // a.d), b.top * (common // b.d)), common
            left, right = whole(common // a.d), whole(common // b.d)
            denominator = common
        else:
            top, bottom = max(a.top * b.bottom, b.top * a.bottom), a.bottom * b.bottom
            left, right = b.denominator, a.denominator
            denominator = self.product(a.denominator, b.denominator)
        checked(Ratio(whole(0), 1, top, bottom))
        return self.product(a.n, left), self.product(b.n, right), denominator, top, bottom

    def compare(self, a: Ratio, operator: str, b: Ratio) -> Tree:
        """A comparison of two known ratios by cross-multiplication; null if one is null."""
        left, right, *_ = self.scaled(a, b)
        return COMPARE[operator](left, right)

    def added(self, a: Ratio, b: Ratio, subtract: bool = False) -> Ratio:
        left, right, denominator, top, bottom = self.scaled(a, b)
        exact = self.dialect.exact
        return checked(Ratio(minus(exact(left), exact(right)) if subtract else plus(exact(left), exact(right)), denominator, top * 2, bottom))

    def multiplied(self, a: Ratio, b: Ratio) -> Ratio:
        top, bottom = a.top * b.top, a.bottom * b.bottom
        checked(Ratio(whole(0), 1, top, bottom))
        known = isinstance(a.d, int) and isinstance(b.d, int)
        denominator = a.d * b.d if isinstance(a.d, int) and isinstance(b.d, int) and known else self.product(a.denominator, b.denominator)
        return Ratio(self.product(a.n, b.n), denominator, top, bottom)

    def divided(self, a: Ratio, b: Ratio) -> Ratio:
        """A quotient; unknown if the divisor is 0."""
        top, bottom = a.top * b.bottom, a.bottom * max(b.top, 1)
        checked(Ratio(whole(0), 1, top, bottom))
        sign = case((lt(b.n, whole(0)), whole(-1)), (gt(b.n, whole(0)), whole(1)), otherwise=null(BIGINT))
        size = case((either(is_null(b.n), eq(b.n, whole(0))), whole(1)), otherwise=call("ABS", b.n))
        return Ratio(self.product(self.product(a.n, b.denominator), sign), self.product(a.denominator, size), top, bottom)

    def negated(self, a: Ratio) -> Ratio:
        return Ratio(negative(a.n), a.d, a.top, a.bottom)

    def floor(self, a: Ratio) -> Ratio:
        """The greatest whole number that is not above it."""
        if a.d == 1:
            return a
        checked(a, QUOTIENT_TOP)
        n, d = self.frame.keep(a.n), a.denominator if isinstance(a.d, int) else self.frame.keep(a.denominator)
        rest = self.frame.keep(remainder(plus(remainder(n, d), d), d))
        return Ratio(self.frame.keep(self.dialect.quotient(minus(n, rest), d)), 1, a.top + 1, 1)

    def ceiling(self, a: Ratio) -> Ratio:
        """The least whole number that is not below it."""
        return a if a.d == 1 else self.negated(self.floor(self.negated(a)))

    def modulo(self, a: Ratio, b: Ratio) -> Ratio:
        """What is left, with the sign of the divisor; unknown if that is 0."""
        left, right, denominator, top, bottom = self.scaled(a, b)
        left, right = self.frame.keep(left), self.frame.keep(right)
        divisor = self.frame.keep(case((ne(right, whole(0)), right), otherwise=self.dialect.exact(null(BIGINT))))
        return checked(Ratio(remainder(plus(remainder(left, divisor), divisor), divisor), denominator, top * 2, bottom))

    def written(self, a: Ratio) -> Tree:
        """As text: whole, or decimal if it ends within six places, else `p/q` in lowest terms; null if the number is."""
        if a.d == 1:
            return cast(a.n, TEXT)
        checked(a, QUOTIENT_TOP)
        keep, dialect = self.frame.keep, self.dialect
        n = keep(a.n)
        d = keep(dialect.exact(a.denominator))
        size = keep(dialect.exact(coalesced(call("ABS", n))))
        common = keep(dialect.gcd(size, d))
        p, q = keep(dialect.quotient(size, common)), keep(dialect.quotient(d, common))
        sign = case((lt(n, whole(0)), text("-")), otherwise=text(""))
        units = keep(dialect.quotient(minus(p, remainder(p, q)), q))
        ends = keep(eq(remainder(whole(1_000_000), q), whole(0)))
        step = keep(case((ends, dialect.quotient(dialect.exact(minus(whole(1_000_000), remainder(whole(1_000_000), q))), q)), otherwise=whole(0)))
        digits = call("LPAD", cast(self.dialect.exact(times(remainder(p, q), step)), TEXT), whole(6), text("0"))
        decimal = joined(sign, cast(units, TEXT), text("."), dialect.without_trailing_zeros(digits))
        fraction = joined(sign, cast(p, TEXT), text("/"), cast(q, TEXT))
        return case((is_null(n), null(TEXT)), (eq(q, whole(1)), joined(sign, cast(p, TEXT))), (ends, decimal), otherwise=fraction)

    # intervals

    def ends(self, number: Number) -> list[Ratio]:
        """Its low and high end; one if it is exact."""
        return [number.low] if number.exact else [number.low, number.high]

    def hull(self, ratios: list[Ratio]) -> tuple[Ratio, Ratio]:
        """The least and the greatest of known ratios."""
        found = []
        for operator in ("<=", ">="):
            best = self.kept(ratios[0])
            for other in (self.kept(ratio) for ratio in ratios[1:]):
                better = self.frame.keep(self.compare(best, operator, other))
                n = self.frame.keep(case((better, best.n), (no(better), other.n), otherwise=self.nothing().n))
                d = best.d if isinstance(best.d, int) and best.d == other.d else self.frame.keep(case((better, best.denominator), otherwise=other.denominator))
                best = Ratio(n, d, max(best.top, other.top), max(best.bottom, other.bottom))
            found.append(best)
        return found[0], found[1]

    def apply(self, operator: Operator, numbers: list[Number]) -> Number:
        """An operator on numbers; an open operand makes an unknown result."""
        numbers = [self.kept_number(number) for number in numbers]
        if operator in (Operator.MINIMUM, Operator.MAXIMUM):
            return self.extremum(operator is Operator.MINIMUM, numbers)
        if all(number.exact for number in numbers):
            return exactly(self.kept(self._on_exact(operator, [number.low for number in numbers])))
        closed = self.frame.keep(both(*(is_known(end.n) for number in numbers for end in (number.low, number.high))))
        low, high = self._on_intervals(operator, [self._closed(number, closed) for number in numbers])
        return Number(self.kept(low), self.kept(high))

    def kept_number(self, number: Number) -> Number:
        low = self.kept(number.low)
        return exactly(low) if number.exact else Number(low, self.kept(number.high))

    def _closed(self, number: Number, closed: Tree) -> Number:
        """The number where all operands are closed, else unknown."""

        def end(ratio: Ratio) -> Ratio:
            return Ratio(self.frame.keep(case((closed, ratio.n), otherwise=self.nothing().n)), ratio.d, ratio.top, ratio.bottom)

        low = end(number.low)
        return exactly(low) if number.exact else Number(low, end(number.high))

    def _on_exact(self, operator: Operator, ratios: list[Ratio]) -> Ratio:
        match operator, ratios:
            case ((Operator.ADD | Operator.SUBTRACT), [a, b]):
                return self.added(a, b, operator is Operator.SUBTRACT)
            case Operator.MULTIPLY, [a, b]:
                return self.multiplied(a, b)
            case Operator.DIVIDE, [a, b]:
                return self.divided(a, b)
            case Operator.NEGATE, [a]:
                return self.negated(a)
            case Operator.ABSOLUTE, [a]:
                return Ratio(call("ABS", a.n), a.d, a.top, a.bottom)
            case Operator.FLOOR, [a]:
                return self.floor(a)
            case Operator.CEILING, [a]:
                return self.ceiling(a)
            case Operator.MODULO, [a, b]:
                return self.modulo(a, b)
            case _:
                raise TypeError(f"{operator} on {len(ratios)} numbers")

    def _on_intervals(self, operator: Operator, numbers: list[Number]) -> tuple[Ratio, Ratio]:
        """The two ends of an operator on intervals that are closed on both sides, or unknown."""
        match operator, numbers:
            case Operator.ADD, [a, b]:
                return self.added(a.low, b.low), self.added(a.high, b.high)
            case Operator.SUBTRACT, [a, b]:
                return self.added(a.low, b.high, True), self.added(a.high, b.low, True)
            case Operator.MULTIPLY, [a, b]:
                return self.hull([self.multiplied(x, y) for x in self.ends(a) for y in self.ends(b)])
            case Operator.DIVIDE, [a, b]:
                spans_zero = self.frame.keep(both(le(b.low.n, whole(0)), ge(b.high.n, whole(0))))
                divisors = [
                    Ratio(self.frame.keep(case((no(spans_zero), end.n), otherwise=self.nothing().n)), end.d, end.top, end.bottom) for end in self.ends(b)
                ]
                return self.hull([self.divided(x, y) for x in self.ends(a) for y in divisors])
            case Operator.NEGATE, [a]:
                return self.negated(a.high), self.negated(a.low)
            case Operator.ABSOLUTE, [a]:
                low, high = self.hull([Ratio(call("ABS", end.n), end.d, end.top, end.bottom) for end in (a.low, a.high)])
                spans_zero = both(le(a.low.n, whole(0)), ge(a.high.n, whole(0)))
                return Ratio(case((spans_zero, whole(0)), otherwise=low.n), low.d, low.top, low.bottom), high
            case Operator.FLOOR, [a]:
                return self.floor(a.low), self.floor(a.high)
            case Operator.CEILING, [a]:
                return self.ceiling(a.low), self.ceiling(a.high)
            case Operator.MODULO, [a, b]:
                same = self.frame.keep(both(self.compare(a.low, "=", a.high), self.compare(b.low, "=", b.high)))
                rest = self.kept(self.modulo(a.low, b.low))
                known = Ratio(case((same, rest.n), otherwise=self.nothing().n), rest.d, rest.top, rest.bottom)
                return known, known
            case _:
                raise TypeError(f"{operator} on {len(numbers)} numbers")

    def extremum(self, least: bool, numbers: list[Number]) -> Number:
        """The smallest (or greatest) of some numbers, end by end, an open end being infinite; unknown if one of them is."""
        result = numbers[0]
        for other in numbers[1:]:
            known = self.frame.keep(both(*(either(is_known(number.low.n), is_known(number.high.n)) for number in (result, other))))
            low = self._picked(result.low, other.low, least, open_wins=least)
            high = self._picked(result.high, other.high, least, open_wins=not least)
            ends = [Ratio(self.frame.keep(case((known, end.n), otherwise=self.nothing().n)), end.d, end.top, end.bottom) for end in (low, high)]
            result = Number(ends[0], ends[1])
        return result

    def _picked(self, x: Ratio, y: Ratio, least: bool, open_wins: bool) -> Ratio:
        left, right, denominator, top, bottom = self.scaled(x, y)
        left, right = self.frame.keep(left), self.frame.keep(right)
        better = le(left, right) if least else ge(left, right)
        rest = self.nothing().n if open_wins else case((is_known(left), left), otherwise=right)
        n = case((better, left), (no(better), right), otherwise=rest)
        return self.kept(Ratio(n, denominator, top, bottom))

    def same(self, number: Number) -> Tree:
        """Is it one known number? Two-valued."""
        known = is_known(number.low.n)
        return known if number.exact else both(known, is_known(number.high.n), self.compare(number.low, "=", number.high))


def coalesced(value: Tree) -> Tree:
    """A number, 1 where it is not known, for what must not be null on the way."""
    return call("COALESCE", value, whole(1))

"""Exact arithmetic on numbers and on intervals of numbers."""

from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.shapes import kept, kept_ratio
from mofan_rules.executors.duckdb.values import Number, Ratio, ceiling, checked, compare, exactly, floor, negated, over, plus, scaled, times
from mofan_rules.ir.expressions import Operator


def whole_amount(number: Number) -> str:
    """The number if it is exact and whole, else null."""
    low = number.low
    exact = sql.TRUE if number.exact else compare(low, "=", number.high)
    return f"CASE WHEN {exact} AND ({low.n}) % ({low.denominator}) = 0 THEN ({low.n}) // ({low.denominator}) END"


def arithmetic(operator: Operator, numbers: list[Number], frame: Frame) -> Number:
    """Arithmetic on numbers: the hull of all results; an open operand makes the result unknown (not of least and greatest, which act on the ends)."""
    if operator in (Operator.MINIMUM, Operator.MAXIMUM):
        result = numbers[0]
        for number in numbers[1:]:
            result = cast(Number, kept(extreme(operator is Operator.MINIMUM, result, number), frame))
        return result
    if all(number.exact for number in numbers):
        return exactly(on_exact(operator, [number.low for number in numbers], frame))
    closed = [shut(number, frame) for number in numbers]
    low, high = on_intervals(operator, closed, frame)
    known = frame.keep(" AND ".join(f"({number.low.n}) IS NOT NULL" for number in closed))
    return Number(*(Ratio(f"CASE WHEN {known} THEN {end.n} END", end.d, end.top, end.bottom) for end in (low, high)))


def shut(number: Number, frame: Frame) -> Number:
    """The number with both ends unknown where one is open."""
    if number.exact:
        return number
    shut_at = frame.keep(f"({number.low.n}) IS NOT NULL AND ({number.high.n}) IS NOT NULL")
    ends = (Ratio(frame.keep(f"CASE WHEN {shut_at} THEN {end.n} END"), end.d, end.top, end.bottom) for end in (number.low, number.high))
    return Number(*ends)


def on_exact(operator: Operator, ratios: list[Ratio], frame: Frame) -> Ratio:
    """An operator on numbers that are exact or unknown."""
    match operator, ratios:
        case Operator.ADD, [a, b]:
            return plus(a, b)
        case Operator.SUBTRACT, [a, b]:
            return plus(a, b, "-")
        case Operator.MULTIPLY, [a, b]:
            return times(a, b)
        case Operator.DIVIDE, [a, b]:
            return over(a, Ratio(frame.keep(b.n), b.d, b.top, b.bottom))
        case Operator.NEGATE, [a]:
            return negated(a)
        case Operator.ABSOLUTE, [a]:
            return Ratio(f"abs({a.n})", a.d, a.top, a.bottom)
        case Operator.FLOOR, [a]:
            return floor(Ratio(frame.keep(a.n), a.d, a.top, a.bottom))
        case Operator.CEILING, [a]:
            return ceiling(Ratio(frame.keep(a.n), a.d, a.top, a.bottom))
        case Operator.MODULO, [a, b]:
            left, right, denominator, top, bottom = scaled(a, b)
            left, right = frame.keep(left), frame.keep(right)
            rest = f"CASE WHEN {right} <> 0 THEN ((({left}) % ({right})) + ({right})) % ({right}) END"
            return checked(Ratio(rest, denominator, top * 2, bottom))
        case _:
            raise TypeError(f"{operator} on {len(ratios)} numbers")


def on_intervals(operator: Operator, numbers: list[Number], frame: Frame) -> tuple[Ratio, Ratio]:
    """The two ends of an operator on intervals that are closed on both sides, or unknown."""
    match operator, numbers:
        case Operator.ADD, [a, b]:
            return plus(a.low, b.low), plus(a.high, b.high)
        case Operator.SUBTRACT, [a, b]:
            return plus(a.low, b.high, "-"), plus(a.high, b.low, "-")
        case Operator.MULTIPLY, [a, b]:
            return hull([times(x, y) for x in ends_of(a) for y in ends_of(b)], frame)
        case Operator.DIVIDE, [a, b]:
            spans_zero = frame.keep(f"({b.low.n}) <= 0 AND ({b.high.n}) >= 0")
            divisors = [Ratio(frame.keep(f"CASE WHEN NOT {spans_zero} THEN {end.n} END"), end.d, end.top, end.bottom) for end in (b.low, b.high)]
            return hull([over(x, y) for x in ends_of(a) for y in (divisors[:1] if b.exact else divisors)], frame)
        case Operator.NEGATE, [a]:
            return negated(a.high), negated(a.low)
        case Operator.ABSOLUTE, [a]:
            ends = [Ratio(f"abs({end.n})", end.d, end.top, end.bottom) for end in (a.low, a.high)]
            low, high = hull(ends, frame)
            return Ratio(f"CASE WHEN ({a.low.n}) <= 0 AND ({a.high.n}) >= 0 THEN 0 ELSE {low.n} END", low.d, low.top, low.bottom), high
        case Operator.FLOOR, [a]:
            return floor(a.low), floor(a.high)
        case Operator.CEILING, [a]:
            return ceiling(a.low), ceiling(a.high)
        case Operator.MODULO, [a, b]:
            same = frame.keep(f"{compare(a.low, '=', a.high)} AND {compare(b.low, '=', b.high)}")
            rest = on_exact(Operator.MODULO, [a.low, b.low], frame)
            known = Ratio(f"CASE WHEN {same} THEN {rest.n} END", rest.d, rest.top, rest.bottom)
            return known, known
        case _:
            raise TypeError(f"{operator} on {len(numbers)} numbers")


def ends_of(number: Number) -> list[Ratio]:
    """Its low and high end; one if it is exact."""
    return [number.low] if number.exact else [number.low, number.high]


def hull(ratios: list[Ratio], frame: Frame) -> tuple[Ratio, Ratio]:
    """The least and the greatest of known ratios."""
    ends = []
    for operator in ("<=", ">="):
        best = kept_ratio(ratios[0], frame)
        for other in (kept_ratio(ratio, frame) for ratio in ratios[1:]):
            better = frame.keep(compare(best, operator, other))
            numerator = frame.keep(f"CASE WHEN {better} THEN {best.n} WHEN NOT {better} THEN {other.n} END")
            same = best.d == other.d and isinstance(best.d, int)
            denominator = best.d if same else frame.keep(f"CASE WHEN {better} THEN {best.denominator} ELSE {other.denominator} END")
            best = Ratio(numerator, denominator, max(best.top, other.top), max(best.bottom, other.bottom))
        ends.append(best)
    return ends[0], ends[1]


def extreme(least: bool, a: Number, b: Number) -> Number:
    """The smaller (or greater) of two numbers, end by end; unknown if one of them is."""
    operator = "<=" if least else ">="

    def pick(x: Ratio, y: Ratio, open_wins: bool) -> Ratio:
        left, right, denominator, top, bottom = scaled(x, y)
        both = f"CASE WHEN {left} {operator} {right} THEN {left} WHEN {right} {operator} {left} THEN {right}"
        rest = " END" if open_wins else f" ELSE COALESCE({left}, {right}) END"
        return Ratio(both + rest, denominator, top, bottom)

    if a.exact and b.exact:
        return exactly(pick(a.low, b.low, True))
    known = " AND ".join(f"(({number.low.n}) IS NOT NULL OR ({number.high.n}) IS NOT NULL)" for number in (a, b))
    ends = (pick(a.low, b.low, least), pick(a.high, b.high, not least))
    return Number(*(Ratio(f"CASE WHEN {known} THEN {end.n} END", end.d, end.top, end.bottom) for end in ends))

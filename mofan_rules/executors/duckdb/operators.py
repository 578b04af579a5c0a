"""The operators of `ir.expressions` on compiled values."""

from collections.abc import Callable
from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.calendar import add_amount
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.values import (
    NO_NUMBER,
    Dates,
    Number,
    Plain,
    Ratio,
    Span,
    Truth,
    Value,
    ceiling,
    checked,
    compare,
    exactly,
    floor,
    negated,
    over,
    plus,
    scaled,
    times,
)
from mofan_rules.ir.expressions import Operator
from mofan_rules.schema import Type
from mofan_rules.values.dates import DurationUnit

COMPARISONS = (Operator.EQUAL, Operator.UNEQUAL, Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST)
MIRRORED = {Operator.GREATER: Operator.LESS, Operator.AT_LEAST: Operator.AT_MOST}


def apply(operator: Operator, values: list[Value], type_: Type, frame: Frame) -> Value:
    """The value of an operator on its arguments."""
    match operator, values:
        case Operator.AND, _:
            return Truth(sql.conjunction(cast(Truth, value).sql for value in values))
        case Operator.OR, _:
            return Truth(sql.disjunction(cast(Truth, value).sql for value in values))
        case Operator.NOT, [Truth(value)]:
            return Truth(f"NOT ({value})")
        case _, [left, right] if operator in COMPARISONS:
            return Truth(comparison(operator, left, right))
        case Operator.IF, [Truth(condition), yes, no]:
            known = frame.keep(condition)
            choice = f"CASE WHEN {known} THEN 1 WHEN NOT {known} THEN 2 ELSE 0 END"
            return kept(choose(frame.keep(choice), [(1, yes), (2, no)], missing_like(yes)), frame)
        case Operator.AMONG, [value, *options]:
            return Truth(among(value, options))
        case Operator.CONTAINS, [Plain(items), Plain(item)]:
            return Truth(f"CASE WHEN {items} IS NOT NULL AND {item} IS NOT NULL THEN list_contains({items}, {item}) END")
        case Operator.ADD_DURATION, [Dates(low, high), Span(amount, unit)]:
            ends = [(add_amount(end, amount, unit), missing) for end, missing in ((low, sql.FIRST_DAY), (high, sql.LAST_DAY))]
            return Dates(*(frame.keep(f"COALESCE({moved}, {missing})") for moved, missing in ends))
        case Operator.DAYS_BETWEEN, [Dates() as a, Dates() as b]:
            return between_dates(a, b, lambda x, y: f"({x} - {y})", 4 * 10**6, frame)
        case Operator.MONTHS_BETWEEN, [Dates() as a, Dates() as b]:
            return between_dates(a, b, complete_months, 2 * 10**5, frame)
        case ((Operator.TO_DAYS | Operator.TO_MONTHS), [Number() as number]):
            return Span(frame.keep(whole_amount(number)), DurationUnit.DAYS if operator is Operator.TO_DAYS else DurationUnit.MONTHS)
        case ((Operator.YEAR | Operator.MONTH | Operator.DAY | Operator.WEEKDAY), [Dates(low, high)]):
            return exactly(Ratio(date_part(operator, low, high), 1, 10**4, 1))
        case Operator.NEGATE, [Span(amount, unit)]:
            return Span(f"-({amount})", unit)
        case _:
            return kept(arithmetic(operator, [cast(Number, value) for value in values], frame), frame)


def kept(value: Value, frame: Frame) -> Value:
    """The same value, each part a column: so that expressions do not grow when they nest."""

    def ratio(part: Ratio) -> Ratio:
        return Ratio(frame.keep(part.n), part.d if isinstance(part.d, int) else frame.keep(part.d), part.top, part.bottom)

    match value:
        case Number(low, high):
            first = ratio(low)
            return exactly(first) if value.exact else Number(first, ratio(high))
        case Truth(known):
            return Truth(frame.keep(known))
        case Dates(low_day, high_day):
            return Dates(frame.keep(low_day), frame.keep(high_day))
        case Plain(known):
            return Plain(frame.keep(known))
        case Span(amount, unit):
            return Span(frame.keep(amount), unit)


def missing_like(value: Value) -> Value:
    """The missing value of the same type."""
    match value:
        case Number():
            return exactly(NO_NUMBER)
        case Truth():
            return Truth(sql.UNKNOWN)
        case Dates():
            return Dates(sql.FIRST_DAY, sql.LAST_DAY)
        case Plain():
            return Plain("NULL")
        case Span(_, unit):
            return Span("NULL::BIGINT", unit)


def choose(choice: str, options: list[tuple[int, Value]], otherwise: Value) -> Value:
    """The value whose number is in the column `choice`."""

    def case(parts: list[str], default: str) -> str:
        branches = " ".join(f"WHEN {number} THEN {part}" for (number, _), part in zip(options, parts, strict=True))
        return f"CASE {choice} {branches} ELSE {default} END" if branches else default

    values = [value for _, value in options]
    match otherwise:
        case Number():
            numbers = [cast(Number, value) for value in values]
            low = merged([number.low for number in numbers], case)
            return exactly(low) if all(number.exact for number in numbers) else Number(low, merged([number.high for number in numbers], case))
        case Truth(missing):
            return Truth(case([cast(Truth, value).sql for value in values], missing))
        case Dates(low_day, high_day):
            dates = [cast(Dates, value) for value in values]
            return Dates(case([each.low for each in dates], low_day), case([each.high for each in dates], high_day))
        case Plain(missing):
            return Plain(case([cast(Plain, value).sql for value in values], missing))
        case Span(missing, unit):
            return Span(case([cast(Span, value).amount for value in values], missing), unit)


def merged(ratios: list[Ratio], case: "Case") -> Ratio:
    """One ratio out of several, over a common denominator where all are known beforehand."""
    common = NO_NUMBER
    for ratio in ratios:
        _, _, denominator, top, bottom = scaled(ratio, common)
        common = Ratio("NULL", denominator, top, bottom)
    if isinstance(common.d, int):
        numerators = [scaled(ratio, Ratio("NULL", common.d, 0, common.d))[0] for ratio in ratios]
        return Ratio(case(numerators, "NULL"), common.d, common.top, common.bottom)
    top, bottom = max(ratio.top for ratio in ratios), max(ratio.bottom for ratio in ratios)
    return Ratio(case([ratio.n for ratio in ratios], "NULL"), case([ratio.denominator for ratio in ratios], "1"), top, bottom)


Case = Callable[[list[str], str], str]
"""SQL parts and a default to a CASE."""


def comparison(operator: Operator, left: Value, right: Value) -> str:
    """True if it holds for every pair of values of the two sides, false if for none."""
    match left, right:
        case Number(), Number():
            return compare_numbers(operator, left, right)
        case Dates(), Dates():
            return compare_dates(operator, left, right)
        case (Truth(a), Truth(b)) | (Plain(a), Plain(b)) if operator in (Operator.EQUAL, Operator.UNEQUAL):
            return f"({a}) {'=' if operator is Operator.EQUAL else '<>'} ({b})"
        case Span(a, unit), Span(b, other) if unit is other:
            return f"({a}) {'<>' if operator is Operator.UNEQUAL else operator.value} ({b})"
        case _:
            raise TypeError(f"{operator} between {type(left).__name__} and {type(right).__name__}")


def compare_numbers(operator: Operator, left: Number, right: Number) -> str:
    if left.exact and right.exact:
        return compare(left.low, "<>" if operator is Operator.UNEQUAL else operator.value, right.low)
    if operator in MIRRORED:
        return compare_numbers(MIRRORED[operator], right, left)
    match operator:
        case Operator.LESS:
            return sql.decided(compare(left.high, "<", right.low), compare(left.low, ">=", right.high))
        case Operator.AT_MOST:
            return sql.decided(compare(left.high, "<=", right.low), compare(left.low, ">", right.high))
        case _:
            same = f"{compare(left.high, '=', right.low)} AND {compare(left.low, '=', right.high)}"
            apart = f"{compare(left.high, '<', right.low)} OR {compare(left.low, '>', right.high)}"
            return sql.decided(same, apart) if operator is Operator.EQUAL else sql.decided(apart, same)


def compare_dates(operator: Operator, left: Dates, right: Dates) -> str:
    if operator in MIRRORED:
        return compare_dates(MIRRORED[operator], right, left)
    match operator:
        case Operator.LESS:
            return sql.decided(f"{left.high} < {right.low}", f"{left.low} >= {right.high}")
        case Operator.AT_MOST:
            return sql.decided(f"{left.high} <= {right.low}", f"{left.low} > {right.high}")
        case _:
            same = f"{left.high} = {right.low} AND {left.low} = {right.high}"
            apart = f"{left.high} < {right.low} OR {left.low} > {right.high}"
            return sql.decided(same, apart) if operator is Operator.EQUAL else sql.decided(apart, same)


def among(value: Value, options: list[Value]) -> str:
    """Is the value one of the options: the Kleene *or* of the equalities."""
    if isinstance(value, Plain) and options:
        return f"({value.sql}) IN ({', '.join(cast(Plain, option).sql for option in options)})"
    return sql.disjunction(comparison(Operator.EQUAL, value, option) for option in options)


def date_part(operator: Operator, low: str, high: str) -> str:
    """A part of a date on whose possible days it agrees."""
    match operator:
        case Operator.YEAR:
            return f"CASE WHEN year({low}) = year({high}) THEN year({low}) END"
        case Operator.MONTH:
            return f"CASE WHEN year({low}) = year({high}) AND month({low}) = month({high}) THEN month({low}) END"
        case Operator.DAY:
            return f"CASE WHEN {low} = {high} THEN day({low}) END"
        case _:
            return f"CASE WHEN {low} = {high} THEN isodow({low}) END"


def complete_months(a: str, b: str) -> str:
    """The complete months from b to a: the greatest n with b + n months <= a; if a is before b, the negative of those from a to b."""

    def forward(start: str, end: str) -> str:
        whole = f"((year({end}) - year({start})) * 12 + month({end}) - month({start}))"
        return f"({whole} - CASE WHEN {start} + to_months({whole}::INTEGER) > {end} THEN 1 ELSE 0 END)"

    return f"(CASE WHEN {a} >= {b} THEN {forward(b, a)} ELSE -{forward(a, b)} END)"


def between_dates(a: Dates, b: Dates, distance: "Distance", top: int, frame: Frame) -> Number:
    """The distance of two dates; unknown if a side is missing or open."""
    ends = f"{sql.FIRST_DAY}, {sql.LAST_DAY}"
    known = frame.keep(" AND ".join(f"{end} NOT IN ({ends})" for end in dict.fromkeys((a.low, a.high, b.low, b.high))))
    low = Ratio(frame.keep(f"CASE WHEN {known} THEN {distance(a.low, b.high)} END"), 1, top, 1)
    if a.low == a.high and b.low == b.high:
        return exactly(low)
    return Number(low, Ratio(frame.keep(f"CASE WHEN {known} THEN {distance(a.high, b.low)} END"), 1, top, 1))


Distance = Callable[[str, str], str]
"""SQL of two dates to SQL of a whole number."""


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


def kept_ratio(ratio: Ratio, frame: Frame) -> Ratio:
    """The ratio with its parts as columns."""
    return Ratio(frame.keep(ratio.n), ratio.d if isinstance(ratio.d, int) else frame.keep(ratio.d), ratio.top, ratio.bottom)


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

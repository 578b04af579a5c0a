"""The operators of `ir.expressions` on compiled values."""

from collections.abc import Callable
from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.arithmetic import arithmetic, whole_amount
from mofan_rules.executors.duckdb.calendar import add_amount
from mofan_rules.executors.duckdb.comparisons import COMPARISONS, among, comparison
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.shapes import choose, kept, missing_like
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Ratio, Span, Truth, Value, exactly
from mofan_rules.ir.expressions import Operator
from mofan_rules.schema import Type
from mofan_rules.values.dates import DurationUnit


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
        case ((Operator.ADD | Operator.SUBTRACT), [Span(amount, unit), Span(other)]):
            return Span(frame.keep(f"({amount}) {operator.value} ({other})"), unit)
        case Operator.NEGATE, [Span(amount, unit)]:
            return Span(f"-({amount})", unit)
        case _:
            return kept(arithmetic(operator, [cast(Number, value) for value in values], frame), frame)


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

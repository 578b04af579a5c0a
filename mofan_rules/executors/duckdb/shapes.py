"""Compiled values as columns, and one of several compiled values by a number."""

from collections.abc import Callable
from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.values import NO_NUMBER, Dates, Number, Plain, Ratio, Span, Truth, Value, exactly, scaled


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


def kept_ratio(ratio: Ratio, frame: Frame) -> Ratio:
    """The ratio with its parts as columns."""
    return Ratio(frame.keep(ratio.n), ratio.d if isinstance(ratio.d, int) else frame.keep(ratio.d), ratio.top, ratio.bottom)

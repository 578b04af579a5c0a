"""Tests on measures in SQL: their truth, the reason of a false one, and how a measure and its bounds are written (`docs/meaning.md` sections 5 and 6)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.arithmetic import arithmetic
from mofan_rules.executors.duckdb.codes import code
from mofan_rules.executors.duckdb.expressions import compile_expression, truth
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.shapes import kept
from mofan_rules.executors.duckdb.values import Number, Ratio, ceiling, compare, constant, floor, plus, scaled, written
from mofan_rules.ir.expressions import Expression, Op, Operator, Param
from mofan_rules.ir.program import Bounds, Condition, Test


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound of a test. `missing`: the condition under which there is no such bound (an author's `none`)."""

    number: Number
    missing: str


@dataclass(frozen=True, slots=True)
class Tested:
    """One test: its truth and, if that is false, its reason (SQL texts)."""

    truth: str
    reason: str
    few: str = sql.FALSE
    """The condition under which the reason is `few`."""


def bound(expression: Expression | None, frame: Frame, factor: Number | None) -> Bound | None:
    """A bound, multiplied by `factor`; `None` if there surely is none."""
    if expression is None:
        return None
    missing = sql.FALSE
    if isinstance(expression, Param):
        values = frame.parameters[expression.name].values
        if expression.name not in frame.choices:
            if values and values[0].unbounded:
                return None
        else:
            places = [str(place) for place, value in enumerate(values, 1) if value.unbounded]
            if places:
                missing = frame.keep(f"{frame.need(f'{frame.cell}.{frame.choices[expression.name]}')} IN ({', '.join(places)})")
    number = cast(Number, compile_expression(expression, frame))
    if factor is not None:
        number = cast(Number, kept(arithmetic(Operator.MULTIPLY, [number, factor], frame), frame))
    return Bound(number, missing)


def within(value: Number, least: Bound | None, most: Bound | None, whole: bool, frame: Frame) -> tuple[str, str]:
    """The truth of *the value lies between the bounds*, and of *it is at least the lower one*."""
    above = _unless(least, lambda number: _at_least(value, number), sql.TRUE)
    below = _unless(most, lambda number: _at_least(number, value), sql.TRUE)
    both = sql.conjunction([above, below])
    if least is None or most is None or _surely_apart(least, most, whole):
        return both, above
    apart = _nothing_between(value, least.number, most.number, whole)
    absent = sql.disjunction([least.missing, most.missing])
    return f"CASE WHEN NOT ({absent}) AND ({apart}) THEN FALSE ELSE {both} END", above


def _unless(bound: Bound | None, make: "FromNumber", otherwise: str) -> str:
    if bound is None:
        return otherwise
    made = make(bound.number)
    return made if bound.missing == sql.FALSE else f"CASE WHEN {bound.missing} THEN {otherwise} ELSE {made} END"


FromNumber = Callable[[Number], str]


def _at_least(value: Number, bound: Number) -> str:
    if value.exact and bound.exact:
        return compare(value.low, ">=", bound.low)
    return sql.decided(compare(value.low, ">=", bound.high), compare(value.high, "<", bound.low))


def _surely_apart(least: Bound, most: Bound, whole: bool) -> bool:
    """Are both bounds literals between which there is a number that counts?"""
    texts = (least.number.low.n, most.number.low.n)
    if not (least.number.exact and most.number.exact and all(text.lstrip("-").isdigit() for text in texts)):
        return False
    if least.number.low.d != 1 or most.number.low.d != 1:
        return False
    return int(texts[0]) <= int(texts[1])


def _nothing_between(value: Number, least: Number, most: Number, whole: bool) -> str:
    """Are both bounds exact, and does no (whole) number lie in the value and between them?"""
    exact = [compare(number.low, "=", number.high) for number in (least, most) if not number.exact]
    exact += [f"({number.low.n}) IS NOT NULL" for number in (least, most)]
    lowest, highest = _outermost(value.low, least.low, ">="), _outermost(value.high, most.low, "<=")
    if whole:
        lowest, highest = ceiling(lowest), floor(highest)
    return f"({' AND '.join(exact)}) AND {compare(lowest, '>', highest)}"


def _outermost(end: Ratio, bound: Ratio, operator: str) -> Ratio:
    """The end of the value, or the bound where that is open or inside."""
    left, right, denominator, top, bottom = scaled(end, bound)
    return Ratio(f"CASE WHEN {left} {operator} {right} THEN {left} ELSE {right} END", denominator, top, bottom)


def tested(test: Test, frame: Frame, factor: Number | None, whole: bool) -> Tested:
    """The truth and the reason of one test."""
    match test:
        case Condition(expression, otherwise):
            return Tested(frame.keep(truth(expression, frame)), code(otherwise))
        case Bounds(measure, at_least, at_most, few, many):
            value = cast(Number, kept(frame.measures[measure].value, frame))
            least, most = bound(at_least, frame, factor), bound(at_most, frame, factor)
            result, above = within(value, least, most, whole, frame)
            below = frame.keep(f"({above}) IS FALSE")
            return Tested(frame.keep(result), f"CASE WHEN {below} THEN {code(few)} ELSE {code(many)} END", below)


def measured_text(value: Number, least: Bound | None, most: Bound | None, frame: Frame) -> str:
    """The column `measured`: counting stops at what the test needs."""
    value = cast(Number, kept(value, frame))
    low, high = frame.keep(written(value.low)), frame.keep(written(value.high))
    limit = _cap(least, most, frame)
    n, m = value.low, value.high
    whole = f"CASE WHEN ({n.n}) IS NULL AND ({m.n}) IS NULL THEN '' WHEN ({n.n}) IS NULL THEN '..' || {high}"
    reached = open_above = ""
    if limit is not None:
        stop = sql.text(f"{limit.n}+") if limit.n.lstrip("-").isdigit() else f"({limit.n})::VARCHAR || '+'"
        reached = f" WHEN {compare(n, '>=', limit)} THEN {stop}"
        open_above = f" OR {compare(m, '>=', limit)}"
    return f"{whole}{reached} WHEN {compare(n, '=', m)} THEN {low} WHEN ({m.n}) IS NULL{open_above} THEN {low} || '..' ELSE {low} || '..' || {high} END"


def _cap(least: Bound | None, most: Bound | None, frame: Frame) -> Ratio | None:
    """Where counting stops, rounded up; null where there is no cap."""
    caps = []
    for limit, more in ((most, 1), (least, 0)):
        if limit is None:
            continue
        number = limit.number
        top = ceiling(plus(number.low, constant(more)) if more else number.low)
        exact = sql.TRUE if number.exact else compare(number.low, "=", number.high)
        caps.append((limit.missing, f"CASE WHEN {exact} THEN {top.n} END" if exact != sql.TRUE else top.n, top.top))
        if limit.missing == sql.FALSE:
            break
    if not caps:
        return None
    text = "NULL"
    for missing, cap, _ in reversed(caps):
        text = cap if missing == sql.FALSE else f"CASE WHEN {missing} THEN {text} ELSE {cap} END"
    return Ratio(frame.keep(text), 1, max(top for *_, top in caps), 1)


def required_text(least: Bound | None, most: Bound | None, frame: Frame) -> str:
    """The column `required`: the bounds; empty if one is not exact."""
    if (literal := _literal_required(least, most)) is not None:
        return sql.text(literal)
    ends: list[tuple[str, str, str, Number | None]] = []
    for limit in (least, most):
        if limit is None:
            ends.append(("TRUE", "TRUE", "''", None))
            continue
        number = cast(Number, kept(limit.number, frame))
        exact = f"({number.low.n}) IS NOT NULL" + ("" if number.exact else f" AND COALESCE({compare(number.low, '=', number.high)}, FALSE)")
        ends.append((limit.missing, f"({limit.missing} OR ({exact}))", frame.keep(written(number.low)), number))
    (no_low, low_exact, low, a), (no_high, high_exact, high, b) = ends
    if a is None and b is None:
        return "''"
    equal = compare(a.low, "=", b.low) if a is not None and b is not None else "FALSE"
    return (
        f"CASE WHEN NOT ({low_exact} AND {high_exact}) OR ({no_low} AND {no_high}) THEN '' WHEN {no_low} THEN '..' || {high} WHEN {no_high} THEN {low} || '..'"
        f" WHEN {equal} THEN {low} ELSE {low} || '..' || {high} END"
    )


def _literal_required(least: Bound | None, most: Bound | None) -> str | None:
    """The same where all bounds are whole numbers known beforehand."""
    texts = ["", ""]
    for place, limit in enumerate((least, most)):
        if limit is None:
            continue
        number = limit.number
        if limit.missing != sql.FALSE or not number.exact or number.low.d != 1 or not number.low.n.isdigit():
            return None
        texts[place] = number.low.n
    if texts == ["", ""]:
        return ""
    return texts[0] if texts[0] == texts[1] else "..".join(texts)


def parameter_missing(tests: tuple[Test, ...], frame: Frame) -> str:
    """The condition under which a parameter in the tests has no value, or is `none` elsewhere than as a bound."""
    parts: list[str] = []

    def look(expression: Expression | None, as_bound: bool) -> None:
        match expression:
            case Param(name):
                parts.append(_without_value(name, frame, as_bound))
            case Op(_, arguments):
                for argument in arguments:
                    look(argument, False)
            case _:
                pass

    for test in tests:
        match test:
            case Condition(expression):
                look(expression, False)
            case Bounds(_, at_least, at_most):
                look(at_least, True)
                look(at_most, True)
    return sql.disjunction(parts)


def _without_value(name: str, frame: Frame, as_bound: bool) -> str:
    values = frame.parameters[name].values
    known = [value.value is not None or (value.unbounded and as_bound) for value in values]
    if name not in frame.choices:
        return sql.FALSE if known and known[0] else sql.TRUE
    places = [str(place) for place, good in enumerate(known, 1) if good]
    choice = frame.need(f"{frame.cell}.{frame.choices[name]}")
    return f"{choice} NOT IN ({', '.join(places)})" if places else sql.TRUE

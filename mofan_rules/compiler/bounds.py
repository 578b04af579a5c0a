"""Tests of measures against bounds in SQL, and how both are written in `measured` and `required` (`docs/meaning.md` sections 5 and 6)."""

from dataclasses import dataclass
from typing import cast

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.arithmetic import Exact
from mofan_rules.compiler.expressions import compiled, truth
from mofan_rules.compiler.frame import Frame
from mofan_rules.compiler.parameters import unbounded
from mofan_rules.compiler.tree import FALSE, TRUE, Tree, both, case, either, is_known, is_null, joined, no, text
from mofan_rules.compiler.values import Number, Ratio, constant
from mofan_rules.ir.expressions import Expression, Operator
from mofan_rules.ir.program import Bounds, Condition, Test


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound of a test. `absent`: the condition under which there is no such bound (an author's `none`)."""

    number: Number
    absent: Tree


@dataclass(frozen=True, slots=True)
class Tested:
    """One test: its truth, the reason where it is false, and whether that is `few`."""

    truth: Tree
    reason: Tree
    few: Tree = FALSE


def bound(expression: Expression | None, frame: Frame, factor: Number | None) -> Bound | None:
    """A bound, multiplied by `factor`; `None` if there is none."""
    if expression is None:
        return None
    absent = unbounded(expression, frame)
    if absent is TRUE:
        return None
    number = cast(Number, compiled(expression, frame))
    exact = Exact(frame)
    number = exact.kept_number(number) if factor is None else exact.apply(Operator.MULTIPLY, [number, factor])
    return Bound(number, frame.keep(absent))


def within(value: Number, least: Bound | None, most: Bound | None, whole_numbers: bool, frame: Frame) -> tuple[Tree, Tree]:
    """The truth of *the value lies between the bounds*, and of *it is at least the lower one*."""
    exact = Exact(frame)
    above = TRUE if least is None else case((least.absent, TRUE), otherwise=_at_least(exact, value, least.number))
    below = TRUE if most is None else case((most.absent, TRUE), otherwise=_at_least(exact, most.number, value))
    above, below = frame.keep(above), frame.keep(below)
    result = both(above, below)
    if least is None or most is None:
        return result, above
    apart = sql.surely(_nothing_between(exact, value, least.number, most.number, whole_numbers))
    return case((both(no(either(least.absent, most.absent)), apart), FALSE), otherwise=result), above


def _at_least(exact: Exact, value: Number, limit: Number) -> Tree:
    return sql.decided(exact.compare(value.low, ">=", limit.high), exact.compare(value.high, "<", limit.low))


def _nothing_between(exact: Exact, value: Number, least: Number, most: Number, whole_numbers: bool) -> Tree:
    """Are both bounds exact, and does no (whole) number lie in the value and between them?"""
    lowest, highest = _outermost(exact, value.low, least.low, ">="), _outermost(exact, value.high, most.low, "<=")
    if whole_numbers:
        lowest, highest = exact.ceiling(lowest), exact.floor(highest)
    return both(exact.same(least), exact.same(most), exact.compare(lowest, ">", highest))


def _outermost(exact: Exact, end: Ratio, limit: Ratio, operator: str) -> Ratio:
    """The end of the value, or the bound where that is open or inside."""
    left, right, denominator, top, bottom = exact.scaled(end, limit)
    compare = sql.ge if operator == ">=" else sql.le
    return exact.kept(Ratio(case((compare(left, right), left), otherwise=right), denominator, top, bottom))


def tested(test: Test, frame: Frame, factor: Number | None, whole_numbers: bool) -> Tested:
    """The truth and the reason of one test."""
    match test:
        case Condition(expression, otherwise):
            return Tested(frame.keep(truth(expression, frame)), text(otherwise))
        case Bounds(measure, at_least, at_most, few, many):
            value = Exact(frame).kept_number(cast(Number, frame.measures[measure].value))
            least, most = bound(at_least, frame, factor), bound(at_most, frame, factor)
            result, above = within(value, least, most, whole_numbers, frame)
            below = frame.keep(sql.surely_not(above))
            return Tested(frame.keep(result), case((below, text(few)), otherwise=text(many)), below)


def interval_text(low: Ratio, high: Ratio, frame: Frame) -> Tree:
    """An interval: `n`, `low..high`, `low..`, `..high`, or nothing if it is open at both ends."""
    exact = Exact(frame)
    low, high = exact.kept(low), exact.kept(high)
    start, end = frame.keep(exact.written(low)), frame.keep(exact.written(high))
    return case(
        (both(is_null(low.n), is_null(high.n)), text("")),
        (is_null(low.n), joined(text(".."), end)),
        (is_null(high.n), joined(start, text(".."))),
        (exact.compare(low, "=", high), start),
        otherwise=joined(start, text(".."), end),
    )


def measured_text(value: Number, least: Bound | None, most: Bound | None, frame: Frame) -> Tree:
    """The column `measured`: counting stops at what the test needs."""
    exact = Exact(frame)
    value = exact.kept_number(value)
    cap = _cap(least, most, frame)
    if cap is None:
        return interval_text(value.low, value.high, frame)
    reached = frame.keep(sql.surely(exact.compare(value.low, ">=", cap)))
    beyond = frame.keep(both(is_known(value.low.n), sql.surely(exact.compare(value.high, ">=", cap))))
    high = Ratio(case((beyond, exact.nothing().n), otherwise=frame.dialect.exact(value.high.n)), value.high.d, value.high.top, value.high.bottom)
    return case((reached, joined(exact.written(cap), text("+"))), otherwise=interval_text(value.low, high, frame))


def _cap(least: Bound | None, most: Bound | None, frame: Frame) -> Ratio | None:
    """Where counting stops, rounded up; null where there is no cap."""
    exact = Exact(frame)
    caps: list[tuple[Tree, Tree, int]] = []
    for limit, more in ((most, 1), (least, 0)):
        if limit is not None:
            top = exact.kept(exact.ceiling(exact.added(limit.number.low, constant(more))))
            caps.append((limit.absent, case((exact.same(limit.number), frame.dialect.exact(top.n)), otherwise=exact.nothing().n), top.top))
    if not caps:
        return None
    chosen = exact.nothing().n
    for absent, cap, _ in reversed(caps):
        chosen = case((absent, chosen), otherwise=cap)
    return exact.kept(Ratio(chosen, 1, max(top for *_, top in caps), 1))


def _end(limit: Bound | None, frame: Frame) -> tuple[Ratio, Tree]:
    """One bound as an end (null: none), and whether it is exact, or none."""
    exact = Exact(frame)
    if limit is None:
        return exact.nothing(), TRUE
    number = limit.number
    n = case((limit.absent, exact.nothing().n), otherwise=frame.dialect.exact(number.low.n))
    return exact.kept(Ratio(n, number.low.d, number.low.top, number.low.bottom)), frame.keep(either(limit.absent, sql.surely(exact.same(number))))


def required_text(least: Bound | None, most: Bound | None, frame: Frame) -> Tree:
    """The column `required`: the bounds; empty if one is not exact."""
    low, low_exact = _end(least, frame)
    high, high_exact = _end(most, frame)
    return case((both(low_exact, high_exact), interval_text(low, high, frame)), otherwise=text(""))

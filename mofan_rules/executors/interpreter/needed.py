"""What would have to happen, and by when, for a violated or pending verdict to be satisfied."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from math import ceil

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.executors.interpreter.bounds import Limits, written
from mofan_rules.executors.interpreter.expressions import truth
from mofan_rules.executors.interpreter.labels import about, test_text
from mofan_rules.executors.interpreter.outcome import Judged, Outcome, Tested
from mofan_rules.executors.interpreter.tally import Sum
from mofan_rules.ir.expressions import Expression, Op, Operator
from mofan_rules.ir.measures import Count, LargestGroup
from mofan_rules.ir.program import Bounds, Judgement, Snapshot, Tally
from mofan_rules.values.interval import Interval
from mofan_rules.verdicts.explanation import Needed
from mofan_rules.verdicts.state import State


def needed(node: Judgement | Tally, judged: Judged, as_of: date) -> tuple[Needed, ...]:
    """What is lacking; nothing for other states."""
    if judged.state not in (State.VIOLATED, State.PENDING):
        return ()
    missed = judged.state is State.VIOLATED
    lasting = isinstance(node, Judgement) and isinstance(node.windows, Snapshot)
    by = None if missed and lasting else judged.due_on
    if isinstance(node, Tally):
        assert isinstance(judged.parts, Sum)
        return tuple(_of_tally(node, judged.parts, by, missed))
    assert judged.outcome is not None
    if judged.outcome.given is False:
        # nothing is asked as long as the premise does not hold
        return ()
    return tuple(found for tested in judged.outcome.tested for found in _of_test(judged.outcome, tested, by, missed and not lasting))


def _of_test(outcome: Outcome, tested: Tested, by: date | None, missed: bool) -> Iterator[Needed]:
    test = tested.test
    if isinstance(test, Bounds):
        assert tested.value is not None
        assert tested.limits is not None
        quantity = outcome.setting.measures[test.measure].quantity
        yield from _of_bounds(about(quantity), tested.value, tested.limits, isinstance(quantity, Count | LargestGroup), by, missed)
        return
    if tested.truth is not True:
        place = outcome.setting.place(extended=False)
        for failing in _failing(test.expression, lambda part: truth(part, place) is True):
            yield Needed(test_text(failing, outcome.setting.measures), by=by, missed=missed)


def _of_bounds(what: Bilingual, value: Interval, limits: Limits, whole: bool, by: date | None, missed: bool) -> Iterator[Needed]:
    """How much the value, as far as it is sure, lies below the least or above the most."""
    least, most = limits.least, limits.most
    if least is not None and least.high is not None:
        lacking = None if value.low is None else least.high - value.low
        if lacking is None:
            yield Needed(what, by=by, missed=missed)
        elif lacking > 0:
            yield Needed(what, more=written(_whole(lacking, whole)), by=by, missed=missed)
    if most is not None and most.low is not None and value.low is not None and value.low > most.low:
        yield Needed(what, fewer=written(_whole(value.low - most.low, whole)), by=by, missed=missed)


def _whole(number: Fraction, whole: bool) -> Fraction:
    return Fraction(ceil(number)) if whole else number


def _failing(expression: Expression, holds: Callable[[Expression], bool]) -> Iterator[Expression]:
    """The parts of a conjunction that do not hold."""
    if isinstance(expression, Op) and expression.operator is Operator.AND:
        for argument in expression.arguments:
            yield from _failing(argument, holds)
    elif not holds(expression):
        yield expression


def _of_tally(tally: Tally, total: Sum, by: date | None, missed: bool) -> Iterator[Needed]:
    counted = total.sure.counted
    satisfied = tally.counted.value == "satisfied"
    what = Bilingual(f"{'达标' if satisfied else '未达标'}的项目", f"parts that are {tally.counted.value}")
    scale = Fraction(total.sure.all) if tally.share else Fraction(1)
    least, most = total.limits.least, total.limits.most
    if least is not None and least.high is not None and least.high * scale > counted:
        yield Needed(what, more=str(ceil(least.high * scale - counted)), by=by, missed=missed)
    if most is not None and most.low is not None and most.low * scale < counted:
        yield Needed(what, fewer=str(ceil(counted - most.low * scale)), by=by, missed=missed)

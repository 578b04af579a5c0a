"""What the tests of a judgement say at one look, and the finished verdict with everything that it rests on."""

from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.interpreter.binding import NO_WAIVERS, Stretch, Waivers
from mofan_rules.executors.interpreter.bounds import WHOLE, Limits, is_short, limits, measured_text, passes, required_text
from mofan_rules.executors.interpreter.engine import Law, Setting
from mofan_rules.executors.interpreter.expressions import truth
from mofan_rules.executors.interpreter.windows import Window
from mofan_rules.ir.expressions import Const, Expression, Field, Holds, MeasureValue, Op, Param, WindowDay
from mofan_rules.ir.measures import Count, LargestGroup
from mofan_rules.ir.program import Bounds, Condition, Header, Judgement, Test
from mofan_rules.values.interval import Interval
from mofan_rules.values.truth import Truth, conjunction
from mofan_rules.verdicts.state import State


@dataclass(frozen=True, slots=True)
class Tested:
    """One test: its truth, the reason if it is false, and for bounds the limits and the value as known."""

    test: Test
    truth: Truth
    reason: str
    value: Interval | None = None
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All tests at one look, and whether the premise holds (`Judgement.given`; without one, it does)."""

    setting: Setting
    tested: tuple[Tested, ...]
    given: Truth = True

    @property
    def truth(self) -> Truth:
        return conjunction(tested.truth for tested in self.tested)

    @property
    def failed(self) -> Tested:
        """The first test that is false."""
        return next(tested for tested in self.tested if tested.truth is False)

    def shown(self) -> tuple[str, str]:
        """The columns `measured` and `required` in numbers: those of the first test with bounds."""
        for tested in self.tested:
            if tested.value is not None and tested.limits is not None:
                return measured_text(tested.value, tested.limits), required_text(tested.limits)
        return "", ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict and its derivation. `day` is the reference day; organizations are numbers.

    `outcome` is that of the window, or of the reference day for a state; `running` the start of a run of failing days that grace still bears with; `parts` says
    more for tallies.
    """

    header: Header
    subject: int
    window: Window
    state: State
    reason: str
    measured: str
    required: str
    due_on: date | None
    accountable: int
    day: date
    law: Law
    stretches: tuple[Stretch, ...] = ()
    waivers: Waivers = NO_WAIVERS
    outcome: Outcome | None = None
    share: Interval = WHOLE
    answered_on: date | None = None
    extended: bool = False
    running: date | None = None
    parts: object | None = None


def take_tests(judgement: Judgement, setting: Setting, share: Interval) -> Outcome:
    """Tests a judgement at one look, with its measures extended by what may still come."""
    given = True if judgement.given is None else truth(judgement.given, setting.place(extended=True))
    return Outcome(setting, tuple(_take(test, setting, share) for test in judgement.tests), given)


def _take(test: Test, setting: Setting, share: Interval) -> Tested:
    match test:
        case Bounds():
            bounds = limits(test.at_least, test.at_most, setting.place(extended=True), share)
            reading = setting.reading(test.measure)
            assert isinstance(reading.value, Interval)
            assert isinstance(reading.extended, Interval)
            whole = isinstance(setting.measures[test.measure].quantity, Count | LargestGroup)
            reason = test.few if is_short(reading.extended, bounds) else test.many
            return Tested(test, passes(reading.extended, bounds, whole), reason, reading.value, bounds)
        case Condition():
            return Tested(test, truth(test.expression, setting.place(extended=True)), test.otherwise)


def parts_of(expression: Expression) -> list[Expression]:
    """An expression and all its sub-expressions, outer ones first."""
    match expression:
        case Op():
            return [expression, *(part for argument in expression.arguments for part in parts_of(argument))]
        case Const() | Field() | Param() | MeasureValue() | WindowDay() | Holds():
            return [expression]


def reads_measures(judgement: Judgement) -> bool:
    """Does some test read a measure? (meaning 3.3)"""
    return any(isinstance(test, Bounds) or any(isinstance(part, MeasureValue) for part in parts_of(test.expression)) for test in judgement.tests)


def bound_expressions(test: Test) -> list[Expression]:
    """The expressions of a test."""
    match test:
        case Bounds():
            return [bound for bound in (test.at_least, test.at_most) if bound is not None]
        case Condition():
            return [test.expression]


def missing_parameters(expressions: list[Expression], law: Law, bounds: bool) -> list[str]:
    """The parameters that have no value; `none` as a whole bound is one."""
    missing = []
    for expression in expressions:
        for part in parts_of(expression):
            known = law.parameter(part.name) if isinstance(part, Param) else None
            no_bound = known is not None and known.unbounded and bounds and part is expression
            if isinstance(part, Param) and not no_bound and (known is None or known.value is None):
                missing.append(part.name)
    return missing


def why_unknown(judgement: Judgement, outcome: Outcome) -> str:
    """The first reason that applies to a verdict that is undecided (meaning 5)."""
    law = outcome.setting.law
    given = [] if judgement.given is None else missing_parameters([judgement.given], law, False)
    if given or any(missing_parameters(bound_expressions(test), law, isinstance(test, Bounds)) for test in judgement.tests):
        return "parameter_missing"
    readings = [outcome.setting.reading(measure.name) for measure in judgement.measures]
    maybe = [match.row for reading in readings for match in reading.matches if match.truth is None]
    if any(row.certain for row in maybe):
        return "undecided_rows"
    if maybe:
        return "rejected_rows"
    return "feed_incomplete" if any(reading.gaps for reading in readings) else "value_missing"

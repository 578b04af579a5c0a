"""The verdicts of one judgement (meaning 5 and 6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from mofan_rules.executors.interpreter.binding import Binding, Stretch, waivers
from mofan_rules.executors.interpreter.bounds import WHOLE
from mofan_rules.executors.interpreter.engine import Engine, Law, Setting
from mofan_rules.executors.interpreter.frames import Frame, Look, delayed
from mofan_rules.executors.interpreter.outcome import Judged, Outcome, reads_measures, take_tests, why_unknown
from mofan_rules.executors.interpreter.states import DayTests, StateJudge, StateResult, previous_window
from mofan_rules.executors.interpreter.windows import Window, WindowFinder, is_deadline
from mofan_rules.ir.program import Bounds, Each, Header, Judge, Judgement, Measured, Partial, Snapshot
from mofan_rules.values.dates import BEGINNING, END
from mofan_rules.values.interval import Interval
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.state import State


def has_the_kind(engine: Engine, header: Header, subject: int, window: Window) -> bool:
    """Has the subject possibly the kind on a day of the window, or without dates on a day up to the as-of date? (meaning 2.4)"""
    first = BEGINNING if window.first is None else window.first
    last = engine.as_of if window.last is None else window.last
    return engine.organizations.has_kind_between(subject, header.subjects, first, last)


def not_applicable(header: Header, stretches: list[Stretch]) -> str | None:
    """The reason why a window is not applicable, if it is."""
    if all(stretch.bound is False for stretch in stretches):
        return "not_bound"
    if header.partial is Partial.SKIP and any(stretch.bound is False for stretch in stretches):
        return "partial_window"
    return None


def undecided_binding(header: Header, stretches: list[Stretch]) -> bool:
    """Is it undecided whether the requirement binds?"""
    sure = any(stretch.bound for stretch in stretches)
    return not sure or (header.partial is Partial.SKIP and any(stretch.bound is None for stretch in stretches))


@dataclass(frozen=True, slots=True)
class Tests:
    """What the tests of a window come to. `settled` is their truth where nothing that may still come can change it."""

    outcome: Outcome
    settled: Truth
    is_open: bool
    state: StateResult | None = None


class JudgementRunner:
    """Judges one version of a requirement, subject by subject."""

    def __init__(self, engine: Engine, judgement: Judgement) -> None:
        self.engine = engine
        self.judgement = self.node = judgement
        self.header = judgement.header
        self.as_of = engine.as_of
        self.finder = WindowFinder(engine, judgement)
        self.measures = {measure.name: measure for measure in judgement.measures}
        self.is_state = judgement.judge is not Judge.WINDOW
        self.is_deadline = is_deadline(judgement.windows)
        self.is_span = isinstance(judgement.windows, Each) and not self.is_deadline
        self.asks_when = self.is_deadline and judgement.measured is Measured.DATE
        self.can_be_open = not self.is_span and reads_measures(judgement)

    def judged(self, subject: int, first: date, last: date) -> Iterator[Judged]:
        """The verdicts of one subject for a period (meaning 2.4, 2.6)."""
        days = DayTests(self.engine, self.judgement, subject)
        for window in self.windows(subject, first, last):
            if self.selects(window, first, last, partial(self.answered_on, subject, window)):
                yield self.judge(subject, window, days)

    def windows(self, subject: int, first: date, last: date) -> Iterator[Window]:
        """The windows of one subject that have begun by the end of a period: those that it selects, and of triggers others too."""
        for window in self.finder.windows(subject, first, last):
            in_force = self.header.first <= window.law <= self.header.last
            if in_force and has_the_kind(self.engine, self.header, subject, window):
                yield window

    def selects(self, window: Window, first: date, last: date, answered_on: Callable[[], date | None]) -> bool:
        """Does a period select a window? (meaning 2.6) `answered_on` is asked only where it matters."""
        if window.first is None or isinstance(self.judgement.windows, Snapshot):
            return True
        if window.first > min(last, self.as_of):
            return False
        if window.last is None or window.last >= first:
            return True
        if not self.asks_when:
            return False
        answered = answered_on()
        return answered is None or answered > last

    def _look(self, subject: int, window: Window, due: date | None) -> Look:
        day = self.engine.organizations.reference_day(subject, window.first, window.last)
        last = due if self.is_deadline else window.last
        frame = Frame(window.counts_from or window.first, last, due, window.every, window.anchor, window.single)
        before = previous_window(window, state=False, grace=self.header.grace)
        return Look(subject, frame, day, window.law, day, False, window.first, window.last, window.trigger, self.header.grace, before)

    def answered_on(self, subject: int, window: Window) -> date | None:
        """The earliest day on which a deadline is surely answered, however late (meaning 2.6)."""
        if not self.is_deadline or window.first is None or not self.judgement.measures:
            return None
        look = self._look(subject, window, END)
        rows = self.judgement.measures[0].quantity.rows
        law = Law(self.engine, subject, look.law, look.place_day)
        matches = self.engine.matcher.matches(rows, look, look.window, law)
        return min((match.row.day(rows.date).low for match in matches if match.truth), default=None)

    def judge(self, subject: int, window: Window, days: DayTests) -> Judged:
        """The verdict on one window."""
        header, engine = self.header, self.engine
        reference = engine.organizations.reference_day(subject, window.first, window.last)
        law = Law(engine, subject, window.law, reference)
        binding = Binding(engine, header, law, (window.first, window.last), cut=self.is_state)
        due = None if window.last is None else (window.last if self.is_state else delayed(window.last, header.grace))
        stretches = list(binding.stretches(*self._binding_days(window, due)))
        covered = waivers(engine, header, subject, window.last or self.as_of)
        extended = due if due is None or window.last is None or not self.is_deadline else covered.extended(window.last, due, header)
        blank = Judged(
            header=header,
            subject=subject,
            window=window,
            state=State.UNKNOWN,
            reason=window.problem or "",
            measured="",
            required="",
            due_on=extended,
            accountable=engine.accountable(header.accountable, subject, reference),
            day=reference,
            law=law,
            stretches=tuple(stretches),
            waivers=covered,
            extended=extended != due,
        )
        unbound = not_applicable(header, stretches)
        if unbound is not None:
            return replace(blank, state=State.NOT_APPLICABLE, reason=unbound)
        if window.problem is not None:
            return blank
        return self._tested(blank, binding, extended, days)

    def _binding_days(self, window: Window, due: date | None) -> tuple[date, date]:
        """The days on which it matters whether the requirement binds."""
        if window.first is None or due is None:
            return self.as_of, self.as_of
        first = window.binds_from or window.first
        return first, max(first, due)

    def _tested(self, blank: Judged, binding: Binding, due: date | None, days: DayTests) -> Judged:
        window, header = blank.window, self.header
        share = WHOLE
        if header.partial is Partial.PRORATE and not self.is_state and window.first is not None and window.last is not None:
            first = window.binds_from or window.first
            share = binding.share(first, max(first, window.last))
        tests = self._state_tests(blank, binding, days) if self.is_state else self._window_tests(blank, due, share)
        answered = self.answered_on(blank.subject, window)
        measured, required = self._columns(tests.outcome, window, due, answered, blank.extended)
        judged = replace(blank, outcome=tests.outcome, share=share, answered_on=answered, measured=measured, required=required)
        if undecided_binding(header, list(blank.stretches)):
            return replace(judged, state=State.UNKNOWN, reason="binding_unknown")
        return self._decided(judged, tests)

    def _window_tests(self, blank: Judged, due: date | None, share: Interval) -> Tests:
        look = self._look(blank.subject, blank.window, due)
        setting = Setting(self.engine, self.measures, look, extend=self.can_be_open)
        outcome = take_tests(self.judgement, setting, share)
        return Tests(outcome, outcome.truth, self.can_be_open and due is not None and due >= self.as_of)

    def _state_tests(self, blank: Judged, binding: Binding, days: DayTests) -> Tests:
        window = blank.window
        result = StateJudge(days, binding, window, self.header.grace).result(blank.day)
        goes_on = not self.is_span and not isinstance(self.judgement.windows, Snapshot)
        is_open = goes_on and window.last is not None and window.last >= self.as_of
        at_once = self.judgement.judge is Judge.THROUGHOUT and result.truth is False
        settled = None if is_open and not at_once else result.truth
        return Tests(days.on(blank.day, window), settled, is_open, result)

    def _columns(self, outcome: Outcome, window: Window, due: date | None, answered: date | None, extended: bool) -> tuple[str, str]:
        if not any(isinstance(test, Bounds) for test in self.judgement.tests) or self.judgement.measured is Measured.NOTHING:
            return "", ""
        if self.judgement.measured is Measured.NUMBER:
            return outcome.shown()
        needed = due if extended else window.last
        return "" if answered is None else answered.isoformat(), "" if needed is None else needed.isoformat()

    def _decided(self, judged: Judged, tests: Tests) -> Judged:
        """The first state that applies, once it is known that the requirement binds."""
        result = tests.state
        given = tests.outcome.given
        if given is False and not tests.is_open:
            return replace(judged, state=State.NOT_APPLICABLE, reason="not_given", measured="", required="")
        if given is not True:
            if tests.is_open:
                return replace(judged, state=State.PENDING, reason="open")
            return replace(judged, state=State.UNKNOWN, reason=self._why_unknown(tests))
        if tests.settled:
            return replace(judged, state=State.SATISFIED, reason="forgiven" if result is not None and result.forgiven else "met")
        if judged.waivers.covering and not self.is_deadline:
            return replace(judged, state=State.WAIVED, reason="waived")
        if tests.settled is False:
            if judged.waivers.doubt:
                return replace(judged, state=State.UNKNOWN, reason="waiver_unknown")
            return replace(judged, state=State.VIOLATED, reason=self._why_violated(judged, tests))
        running = result.running if result is not None else None
        if running is not None:
            return replace(judged, state=State.PENDING, reason="grace", due_on=delayed(running, self.header.grace), running=running)
        if tests.is_open:
            return replace(judged, state=State.PENDING, reason=self._why_pending(judged))
        return replace(judged, state=State.UNKNOWN, reason=self._why_unknown(tests))

    def _why_violated(self, judged: Judged, tests: Tests) -> str:
        if self.judgement.judge is Judge.THROUGHOUT:
            return "not_throughout"
        failed = tests.outcome.failed
        short = isinstance(failed.test, Bounds) and failed.reason == failed.test.few
        dated = self.is_deadline and self.judgement.measured is Measured.DATE
        return "late" if dated and short and judged.answered_on is not None else failed.reason

    def _why_pending(self, judged: Judged) -> str:
        if judged.extended:
            return "extended"
        last = judged.window.last
        return "grace" if last is not None and last < self.as_of else "open"

    def _why_unknown(self, tests: Tests) -> str:
        if self.judgement.judge is Judge.THROUGHOUT and tests.outcome.truth:
            return "undecided_days"
        return why_unknown(self.judgement, tests.outcome)

"""States: tests taken on a day, and runs of failing days that grace forgives (meaning 4)."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from mofan_rules.executors.interpreter.binding import Binding
from mofan_rules.executors.interpreter.bounds import WHOLE
from mofan_rules.executors.interpreter.engine import Engine, Setting
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.frames import Frame, Grace, Look, delayed, up_to
from mofan_rules.executors.interpreter.outcome import Outcome, take_tests
from mofan_rules.executors.interpreter.turns import turning_days
from mofan_rules.executors.interpreter.windows import Window
from mofan_rules.ir.program import Judge, Judgement
from mofan_rules.values.dates import BEGINNING
from mofan_rules.values.truth import Truth

OneDay = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of failing days. If it exceeds the grace, `start` and `end` are only as far as was needed to see it."""

    start: date
    end: date
    exceeds: bool


@dataclass(frozen=True, slots=True)
class StateResult:
    """The truth of a state over its window; `forgiven` if only grace makes it true; `running`: the start of the run that grace still bears with."""

    truth: Truth
    forgiven: bool = False
    running: date | None = None


class DayTests:
    """The tests of one judgement and subject by day, each taken once."""

    def __init__(self, engine: Engine, judgement: Judgement, subject: int) -> None:
        self.engine = engine
        self.judgement = judgement
        self.subject = subject
        self.measures = {measure.name: measure for measure in judgement.measures}
        self.turns = turning_days(engine, judgement, subject) if judgement.judge is not Judge.WINDOW else None
        self._taken: dict[tuple[date | int, Frame | None, Row | None], Outcome] = {}

    def on(self, day: date, window: Window) -> Outcome:
        """The tests on a day; law, parameters and fields are those of that day. Days that are alike (`turning_days`) are judged once."""
        before = None if self.turns is not None else previous_window(window, state=True)
        key = (day if self.turns is None else bisect_right(self.turns, day), before, window.trigger)
        if key not in self._taken:
            look = Look(self.subject, up_to(day), day, day, day, True, day, day, window.trigger, None, before)
            setting = Setting(self.engine, self.measures, look, extend=False)
            self._taken[key] = take_tests(self.judgement, setting, WHOLE)
        return self._taken[key]


def previous_window(window: Window, state: bool, grace: Grace = None) -> Frame | None:
    """The calendar window before this one."""
    if window.every is None or window.number is None:
        return None
    number = window.number - 1
    first, last = window.every.first(number, window.anchor), window.every.last(number, window.anchor)
    return Frame(first, last, last if state else delayed(last, grace), window.every, window.anchor)


class StateJudge:
    """Judges one window of a state."""

    def __init__(self, tests: DayTests, binding: Binding, window: Window, grace: Grace) -> None:
        self.tests = tests
        self.binding = binding
        self.window = window
        self.grace = grace
        self.as_of = tests.engine.as_of

    def result(self, day: date) -> StateResult:
        """The truth on the reference day, or throughout the window."""
        if self.tests.judgement.judge is Judge.THROUGHOUT:
            return self._throughout(day)
        return self._on(day)

    def _truth(self, day: date) -> Truth:
        return self.tests.on(day, self.window).truth

    def _surely_fails(self, day: date) -> bool:
        return self.binding.on(day) is True and self._truth(day) is False

    def _possibly_fails(self, day: date) -> bool:
        return self.binding.on(day) is not False and self._truth(day) is not True

    def _on(self, day: date) -> StateResult:
        there = self._truth(day)
        if there or self.grace is None or not self._possibly_fails(day):
            return StateResult(there)
        if self._surely_fails(day) and self._run(day, self._surely_fails).exceeds:
            return StateResult(False)
        run = self._run(day, self._possibly_fails)
        if run.exceeds:
            return StateResult(None)
        return StateResult(None, running=run.start) if run.end == self.as_of else StateResult(True, forgiven=True)

    def _throughout(self, day: date) -> StateResult:
        if self.window.first is None or self.window.last is None:
            return self._on(day)
        first, last = self.window.first, min(self.window.last, self.as_of)
        possible = self._longest(first, last, self._possibly_fails)
        if possible is None:
            return StateResult(True)
        if possible.exceeds:
            sure = self._longest(first, last, self._surely_fails)
            return StateResult(False if sure is not None and sure.exceeds else None)
        return StateResult(None, running=possible.start) if possible.end == self.as_of else StateResult(True, forgiven=True)

    def _longest(self, first: date, last: date, fails: Callable[[date], bool]) -> Run | None:
        """Of the runs that share a day with the span one that exceeds the grace, else the last."""
        found, day = None, first
        while day <= last:
            if fails(day):
                found = self._run(day, fails)
                if found.exceeds:
                    return found
                day = found.end
            day += OneDay
        return found

    def _run(self, day: date, fails: Callable[[date], bool]) -> Run:
        """The run that contains a failing day; it is followed only until it is seen to exceed the grace."""
        start = end = day
        while not self._exceeds(start, end) and start > BEGINNING and fails(start - OneDay):
            start -= OneDay
        while not self._exceeds(start, end) and end < self.as_of and fails(end + OneDay):
            end += OneDay
        return Run(start, end, self._exceeds(start, end))

    def _exceeds(self, start: date, end: date) -> bool:
        """Does a run from `start` to at least `end` exceed the grace? (meaning 4.4)"""
        if self.grace is None:
            return True
        return min(end + OneDay, self.as_of) > delayed(start, self.grace)

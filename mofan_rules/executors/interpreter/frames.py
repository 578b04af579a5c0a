"""The stretches of time that a verdict and its measures look at (meaning 2 and 3)."""

from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.ir.measures import Measure, WindowOf
from mofan_rules.values.dates import BEGINNING, CivilDate, Duration, add, next_civil_date
from mofan_rules.values.windows import Every, Unit

Grace = Duration | CivilDate | None


def delayed(day: date, grace: Grace) -> date:
    """A day, later by a grace: a duration, or the next such civil date."""
    match grace:
        case None:
            return day
        case Duration():
            return add(day, grace)
        case CivilDate():
            return next_civil_date(day, grace)


@dataclass(frozen=True, slots=True)
class Frame:
    """The stretch in which dated rows count: `first..last`; `due` is the day by which a row that belongs to it must be dated.

    Without dates (`None`) nothing is known of it. `every` is the calendar that it is a window of, `anchor` the beginning of that calendar; `single` says
    that it is a window by itself. `belongs` is false where `belongs_to` says nothing.
    """

    first: date | None
    last: date | None
    due: date | None
    every: Every | None = None
    anchor: date | None = None
    single: bool = False

    @property
    def belongs(self) -> bool:
        return self.every is not None or self.single

    def longer(self, low: date, high: date) -> bool:
        """Is a span of days longer than the window: in days for weeks, else in calendar months?"""
        assert self.first is not None
        assert self.last is not None
        if self.every is not None and self.every.unit is Unit.WEEK:
            return high - low > self.last - self.first
        return _months(low, high) > _months(self.first, self.last)

    def astride(self, low: date, high: date) -> bool:
        """Does a span of days lie in no single window of the calendar?"""
        assert self.first is not None
        assert self.last is not None
        if self.every is not None:
            return self.every.number(low, self.anchor) != self.every.number(high, self.anchor)
        return low <= self.last and high >= self.first and not self.holds(low, high)

    def holds(self, low: date, high: date) -> bool:
        """Does a span of days lie within the window?"""
        return self.first is not None and self.last is not None and self.first <= low and high <= self.last


def _months(low: date, high: date) -> int:
    return (high.year - low.year) * 12 + high.month - low.month


@dataclass(frozen=True, slots=True)
class Look:
    """What a verdict looks at: the window, the reference day or (a `state`) the day judged, the day of the law, the trigger.

    `window` is the frame of the measures; `shown_first`, `shown_last` are what `WindowDay` answers. `place_day` is the day of the graph for parameters.
    """

    subject: int
    window: Frame
    day: date
    law: date
    place_day: date
    state: bool
    shown_first: date | None
    shown_last: date | None
    trigger: Row | None = None
    grace: Grace = None
    before: Frame | None = None

    def frame(self, measure: Measure) -> Frame:
        """The frame of a measure: this window or the one before, of the verdict or of the measure's own calendar."""
        if measure.per is None:
            if measure.window is WindowOf.THIS:
                return self.window
            return self.before or Frame(None, None, None)
        number = measure.per.number(self.day) - (measure.window is WindowOf.PREVIOUS)
        return self.calendar_frame(measure.per, number, None)

    def calendar_frame(self, every: Every, number: int, anchor: date | None) -> Frame:
        """A window of a calendar, in a state only as far as the day judged."""
        first, last = every.first(number, anchor), every.last(number, anchor)
        if self.state:
            last = min(last, self.day)
            return Frame(first, last, last, every, anchor)
        return Frame(first, last, delayed(last, self.grace), every, anchor)


def up_to(day: date) -> Frame:
    """All days up to one: what a state looks at."""
    return Frame(BEGINNING, day, day)

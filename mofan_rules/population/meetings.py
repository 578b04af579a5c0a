"""Events that recur in each window, with the faults that may befall one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mofan_rules.population.answers import AnswerMaker
from mofan_rules.population.bodies import Body, holds, number_in
from mofan_rules.population.duties import Fault, Meetings
from mofan_rules.population.question import Faults, Workshop, filled, present, span_or_value
from mofan_rules.population.some import SomeMaker
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell
from mofan_rules.values.dates import CivilDate, next_civil_date
from mofan_rules.values.windows import Every, Unit

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}

FAULTS = frozenset(
    [
        "missed",
        "neglected",
        "excused",
        "unfed",
        "unclear",
        "undated",
        "inquorate",
        "blank",
        "cancelled",
        "withdrawn",
        "corrected",
        "late",
        "repeated",
        "contradicted",
        "month_only",
        "doubled",
        "spoiled",
        "short",
    ]
)
"""What may befall a meeting; `docs/population.md` says what each does to the rows."""


@dataclass(frozen=True, slots=True)
class Window:
    """One window: its days, the day by which it is due, whether the question asks about it, and its name as a period."""

    first: int
    last: int
    due: int
    asked: bool
    label: str


class MeetingMaker:
    """Makes the events of one duty, for one organization after the other."""

    def __init__(self, duty: Meetings, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._events = shop.tables["events"]
        self._kind = cell(duty.event)
        self._faults = Faults(duty, FAULTS, shop, stream, expected)
        self._number = span_or_value(duty.expected)
        self._windows = self._calendar()
        self._some = None if duty.some is None else SomeMaker(duty.some, shop, stream, expected)
        self._answers = None if duty.answer is None else AnswerMaker(duty.answer, shop, stream, expected)
        self._called: list[tuple[int, str]] = []
        self._columns = duty.columns if duty.some is None else duty.columns | duty.some.otherwise

    def make(self, body: Body, stream: Stream) -> None:
        """Writes the events of one organization and counts the verdicts that must follow."""
        duty, question = self._duty, self._shop.question
        if not holds(duty.when, body):
            asked = sum(1 for window in self._windows if window.asked and _meets(body, window))
            self._shop.ledger.expect(duty.requirement, "not_applicable", asked)
            return
        self._called.clear()
        if self._some is not None:
            self._some.begin()
        expected = self._expected(body, stream)
        place, fault = self._fault(body, stream)
        low, high = duty.days
        satisfied = pending = partial = 0
        until = question.as_of - 1 if body.last is None else min(body.last, question.as_of - 1)
        for number, window in enumerate(self._windows):
            if not _meets(body, window):
                continue
            day = window.first + stream.between(low, high)
            if fault is not None and (number == place or (fault.fault == "neglected" and self._over(body, window))):
                self._broken(fault, body, window, day, expected, stream)
                self._shop.ledger.expect(duty.requirement, fault.state)
                continue
            held = body.first <= day <= until
            if held:
                self._regular(body, window, day, expected, stream)
            if not window.asked:
                continue
            if not _whole(body, window):
                partial += 1
            elif held and not (duty.at_end and window.last >= question.as_of):
                satisfied += 1
            else:
                pending += 1
        for state, count in (("satisfied", satisfied), ("pending", pending), ("not_applicable", partial)):
            self._shop.ledger.expect(duty.requirement, state, count)
        if self._answers is not None:
            self._answers.make(body, self._called, stream)

    def _regular(self, body: Body, window: Window, day: int, expected: str, stream: Stream, short: int = 0) -> None:
        """The events of a window in which nothing goes wrong, but that so many may be left out."""
        label = window.label if self._duty.belongs_to else ""
        owner = body.parent if self._duty.by_parent else body.id
        for number in range(1, number_in(self._duty.times, body) + 1 - short):
            came = present(expected, self._duty.attended, stream)
            asked = self._shop.question.first <= day <= self._shop.question.horizon
            more = None if self._some is None else self._some.columns(asked, stream)
            tail = self._tail(body, stream, day, number, more)
            self._called.append((day, f"e{self._events.rows}"))
            self._events.add(f"e{self._events.rows},{owner},{self._kind},{DAY[day]},{label},,{expected},{came},,,", tail)

    def _calendar(self) -> list[Window]:
        """The windows from the period's first day to the as-of day, and one before where meetings are held after their window; or those `ago`."""
        question, duty = self._shop.question, self._duty
        every = Every(Unit.MONTH, MONTHS[duty.every])
        start = date.fromordinal(question.first)
        length = every.last(every.number(start)) - every.first(every.number(start))
        if duty.days[1] > length.days:
            start -= timedelta(days=1)
        windows = []
        first_number, after = every.number(start), every.number(date.fromordinal(question.as_of - 1)) + 1
        for number in range(first_number - duty.ago, first_number) if duty.ago else range(first_number, after):
            first, last = every.first(number), every.last(number)
            begins, ends = first.toordinal(), last.toordinal()
            asked = begins <= question.horizon and ends >= question.first
            windows.append(Window(begins, ends, self._due(last), asked, _label(first, duty.every)))
        return windows

    def _due(self, last: date) -> int:
        month, dash, day = self._duty.grace.partition("-")
        if dash:
            return next_civil_date(last, CivilDate(int(month), int(day))).toordinal()
        return last.toordinal() + int(month)

    def _expected(self, body: Body, stream: Stream) -> str:
        return str(stream.between(*self._number)) if self._number is not None else body.values.get(self._duty.expected, "")

    def _fault(self, body: Body, stream: Stream) -> tuple[int, Fault | None]:
        """Which window a fault befalls: one that is over, asked about, and binds the organization from its first day to its last."""
        chosen = self._faults.next()
        if chosen is None:
            return -1, None
        places = [number for number, window in enumerate(self._windows) if self._over(body, window)]
        if not places:
            return -1, None
        chosen[1].take()
        self._shop.ledger.inject(self._duty.requirement, chosen[0].fault, chosen[0].rejects, "events")
        return stream.one(places), chosen[0]

    def _over(self, body: Body, window: Window) -> bool:
        return window.asked and window.due < self._shop.question.as_of and _whole(body, window)

    def _broken(self, fault: Fault, body: Body, window: Window, day: int, expected: str, stream: Stream) -> None:
        shop, duty = self._shop, self._duty
        label = window.label if duty.belongs_to else ""
        row = f"{body.parent if duty.by_parent else body.id},{self._kind}"
        id_ = f"e{self._events.rows}"
        came = present(expected, duty.attended, stream)
        usual = f"{row},{DAY[day]},{label},,{expected},{came}"
        yesterday = shop.question.as_of - 1
        tail = self._tail(body, stream, day)
        match fault.fault:
            case "missed" | "neglected":
                pass
            case "short":
                self._regular(body, window, day, expected, stream, short=1)
            case "excused":
                waiver = f"w{shop.tables['waivers'].rows},{body.id},{cell(duty.requirement or '')},{DAY[window.first]},{DAY[window.last]}"
                shop.tables["waivers"].add(f"{waiver},{cell(stream.one(duty.reasons or shop.reasons))},{body.parent}")
            case "unfed":
                shop.tables["feeds"].add(f"events,{self._kind},{body.id},{DAY[window.first]},{DAY[window.due]},no")
            case "unclear":
                self._events.add(f"{id_},{row},{DAY[day]},{label},unclear,{expected},{came},,,", tail)
            case "cancelled":
                self._events.add(f"{id_},{row},{DAY[day]},{label},no,{expected},,,,", tail)
            case "undated":
                self._events.add(f"{id_},{row},{cell(fault.value)},{label},,{expected},{came},,,", tail)
            case "month_only":
                self._events.add(f"{id_},{row},{DAY[day][:7]},{label},,{expected},{came},,,", tail)
            case "inquorate":
                self._events.add(f"{id_},{row},{DAY[day]},{label},,{expected},{int(expected or 0) * 2 // 5},,,", tail)
            case "blank":
                self._events.add(f"{id_},{row},{DAY[day]},{label},,{expected},,,,", tail)
            case "late":
                self._events.add(f"{id_},{usual},{DAY[min(day + stream.between(45, 120), yesterday)]},,", tail)
            case "withdrawn":
                self._events.add(f"{id_},{usual},{DAY[day]},,", tail)
                self._events.add(f"{id_}x,{usual},{DAY[min(day + 20, yesterday)]},{id_},yes", tail)
            case "corrected":
                self._events.add(f"{id_},{row},{DAY[day]},{label},no,{expected},,{DAY[day]},,", tail)
                self._events.add(f"{id_}x,{usual},{DAY[min(day + 20, yesterday)]},{id_},", tail)
            case "repeated":
                self._events.add(f"{id_},{usual},,,", tail)
                self._events.add(f"{id_},{usual},,,", tail)
            case "contradicted":
                self._events.add(f"{id_},{usual},,,", tail)
                self._events.add(f"{id_},{row},{DAY[day]},{label},no,{expected},,,,", tail)
            case "spoiled":
                self._events.add(f"{id_},{usual},,,", self._tail(body, stream, day, 1, fault.set))
            case _:
                self._events.add(f"{id_},{usual},,,", tail)
                self._events.add(f"{id_}x,{usual},,,", tail)

    def _tail(self, body: Body, stream: Stream, day: int, number: int = 1, other: Mapping[str, str] | None = None) -> str | None:
        """The further cells of a row, some of them perhaps others than usual."""
        if not self._columns:
            return None
        return self._events.tail(filled(self._columns | dict(other or {}), body, stream, DAY[day], number))


def _meets(body: Body, window: Window) -> bool:
    return body.first <= window.last and (body.last is None or body.last >= window.first)


def _whole(body: Body, window: Window) -> bool:
    return body.first <= window.first and (body.last is None or body.last >= window.due)


def _label(first: date, every: str) -> str:
    match every:
        case "month":
            return f"{first.year}-{first.month:02}"
        case "quarter":
            return f"{first.year}Q{(first.month + 2) // 3}"
        case "half-year":
            return f"{first.year}H{(first.month + 5) // 6}"
        case _:
            return str(first.year)

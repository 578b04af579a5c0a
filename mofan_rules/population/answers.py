"""Events that rows call for: a training after each beginning of a tenure, a consent before certain ends, a follow-up of each report."""

from collections.abc import Sequence
from datetime import date

from mofan_rules.population.bodies import Body, holds
from mofan_rules.population.duties import Answer, Fault
from mofan_rules.population.question import Faults, Workshop, filled
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell
from mofan_rules.values.dates import add_months

FAULTS = frozenset(["missed", "late", "unfed"])

LATE = 60
"""An answer that is late comes within so many days after it was due."""

Called = Sequence[tuple[int, str]]
"""The rows that call for an answer: their days and ids."""


class AnswerMaker:
    """Makes the answers of one duty, for one organization after the other."""

    def __init__(self, duty: Answer, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, FAULTS, shop, stream, expected)

    def make(self, body: Body, called: Called, stream: Stream) -> None:
        """Writes what the rows of one organization call for and counts the verdicts that must follow."""
        bound = holds(self._duty.when, body)
        spans = [self._span(day) for day, _ in called]
        place, fault = self._fault(body, called, spans) if bound else (-1, None)
        for number, ((day, trigger), (first, last)) in enumerate(zip(called, spans, strict=True)):
            befalls = fault if number == place else None
            answered = self._answered(day, last, befalls, stream)
            if not bound or answered is None or answered >= self._shop.question.as_of or (body.last is not None and answered > body.last):
                answered = None
            else:
                self._event(body, answered, trigger, stream)
            if self._judged(day, first, last, answered):
                self._shop.ledger.expect(self._duty.requirement, self._state(body, bound, befalls, answered, first, last))
            if befalls is not None and befalls.fault == "unfed":
                self._shop.tables["feeds"].add(f"events,{cell(self._duty.event)},{body.id},{DAY[first]},{DAY[last]},no")

    def _answered(self, day: int, last: int, fault: Fault | None, stream: Stream) -> int | None:
        """When a row of that day is answered, if it is."""
        days = stream.between(*self._duty.days)
        if fault is not None:
            return last + stream.between(1, LATE) if fault.fault == "late" else None
        return day - days if self._duty.before else day + days

    def _event(self, body: Body, day: int, trigger: str, stream: Stream) -> None:
        columns = {name: text.replace("{trigger}", trigger) for name, text in self._duty.columns.items()}
        events = self._shop.tables["events"]
        row = f"e{events.rows},{body.id},{cell(self._duty.event)},{DAY[day]},,,,,,,"
        events.add(row, events.tail(filled(columns, body, stream, DAY[day])) if columns else None)

    def _judged(self, day: int, first: int, last: int, answered: int | None) -> bool:
        """Does the question ask about it? What was answered before the period is over and done with."""
        question = self._shop.question
        if first > question.horizon or (self._duty.since is not None and day < self._duty.since.toordinal()):
            return False
        return last >= question.first or answered is None or answered > question.last

    def _state(self, body: Body, bound: bool, fault: Fault | None, answered: int | None, first: int, last: int) -> str:
        if not bound or body.first > first or (body.last is not None and body.last < last):
            return "not_applicable"
        if fault is not None:
            return fault.state
        return "satisfied" if answered is not None else "pending" if last >= self._shop.question.as_of else "violated"

    def _span(self, day: int) -> tuple[int, int]:
        """From the row, or up to it."""
        number, unit = self._duty.within.split()
        length = int(number) * (-1 if self._duty.before else 1)
        other = add_months(date.fromordinal(day), length).toordinal() if unit == "months" else day + length
        return min(day, other), max(day, other)

    def _fault(self, body: Body, called: Called, spans: Sequence[tuple[int, int]]) -> tuple[int, Fault | None]:
        """Which answer something goes wrong with: the last of those that are due, and about which the question asks when it does."""
        if body.last is not None:
            return -1, None
        chosen = self._faults.next(lambda fault: bool(self._places(fault, body, called, spans)))
        if chosen is None:
            return -1, None
        fault, turns = chosen
        turns.take()
        self._shop.ledger.inject(self._duty.requirement, fault.fault, fault.rejects, "events")
        return self._places(fault, body, called, spans)[-1], fault

    def _places(self, fault: Fault, body: Body, called: Called, spans: Sequence[tuple[int, int]]) -> list[int]:
        """What was not answered in earlier years is still asked about, what was answered late is not."""
        question = self._shop.question
        low, high = (question.first, question.as_of - LATE) if fault.fault == "late" else (0, question.as_of)
        due = [number for number, (first, last) in enumerate(spans) if low <= last < high and body.first <= first]
        return [number for number in due if self._judged(called[number][0], *spans[number], None)]

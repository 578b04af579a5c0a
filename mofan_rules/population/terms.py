"""Elections, each of which begins a term that the next one must end in time, and the reminders that go with them."""

from datetime import date

from mofan_rules.population.bodies import Body, holds
from mofan_rules.population.duties import Fault, Reminder, Term, Terms
from mofan_rules.population.question import Faults, Workshop, present, span_or_value
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell
from mofan_rules.values.dates import add_months

FAULTS = frozenset(["overdue", "late_election", "extended", "unrecorded", "inquorate"])
REMINDER_FAULTS = frozenset(["missed", "unfed"])


class TermMaker:
    """Makes the elections and reminders of one duty, for one organization after the other."""

    def __init__(self, duty: Terms, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, FAULTS, shop, stream, expected)
        self._number = span_or_value(duty.expected)
        self._reminders = None if duty.reminder is None else ReminderMaker(duty.reminder, shop, stream, expected)

    def make(self, body: Body, stream: Stream) -> None:
        """Writes the elections and reminders of one organization and counts the verdicts that must follow."""
        duty, ledger = self._duty, self._shop.ledger
        if not holds(duty.when, body):
            ledger.expect(duty.requirement, "not_applicable")
            return
        fault, elections = self._elections(body, stream)
        expected = str(stream.between(*self._number)) if self._number is not None else body.values.get(duty.expected, "")
        for day in elections:
            self._election(body, day, expected, present(expected, duty.attended, stream))
        if fault is not None:
            ledger.inject(duty.requirement, fault.fault, fault.rejects, "events")
            if fault.fault == "inquorate":
                self._election(body, self._ends(body, elections[-1]) - 3, expected, str(int(expected or 0) // 2))
        if not elections:
            ledger.expect(duty.requirement, "unknown")
        extended = fault is not None and fault.fault == "extended"
        for number, day in enumerate(elections):
            self._expect(body, day, elections[number + 1] if number + 1 < len(elections) else None, extended)
        if extended:
            self._waive(body, elections[-1], stream)
        if self._reminders is not None:
            self._reminders.make(body, elections, stream)

    def _elections(self, body: Body, stream: Stream) -> tuple[Fault | None, list[int]]:
        chosen = self._faults.next()
        if chosen is not None:
            made = self._faulty(chosen[0].fault, body, stream)
            if made is not None:
                chosen[1].take()
                return chosen[0], made
        return None, self._regular(body, stream)

    def _regular(self, body: Body, stream: Stream) -> list[int]:
        """Elections that are all in time, from the founding or from some day after `since`, up to the as-of day."""
        since = self._duty.since.toordinal()
        end = self._end(body)
        day = min(body.first + stream.between(0, 20), end) if body.first > since else stream.between(since, min(self._ends(body, since), end))
        elections = [day]
        while (day := self._ends(body, day) - stream.between(*self._duty.early)) <= end:
            elections.append(day)
        return elections

    def _faulty(self, fault: str, body: Body, stream: Stream) -> list[int] | None:
        """The elections of an organization with a fault, or nothing where its life is too short for it."""
        question = self._shop.question
        if fault == "unrecorded":
            return [] if body.last is None else None
        low, high = question.first, min(question.last, question.as_of - 1)
        if fault == "extended":
            low = max(low, add_months(date.fromordinal(question.as_of), -10).toordinal())
        if low > high or body.last is not None:
            return None
        last = self._begun(body, stream.between(low, high))
        before = self._begun(body, last) - self._duty.early[0]
        if before <= body.first or last - before < 60:
            return None
        elections = [before, last]
        if fault == "late_election":
            late = self._ends(body, last) + stream.between(1, 60)
            if late >= question.as_of:
                return None
            elections.append(late)
        return elections if self._ends(body, before) >= last and low <= self._ends(body, last) <= high else None

    def _expect(self, body: Body, day: int, following: int | None, extended: bool) -> None:
        """The verdict on the term that one election began."""
        question = self._shop.question
        due = self._ends(body, day)
        answered = following is not None and following <= question.last
        if day > question.horizon or (due < question.first and answered):
            return
        if body.last is not None and body.last < due:
            state = "not_applicable"
        elif following is not None and following <= due:
            state = "satisfied"
        elif due >= question.as_of or (extended and following is None):
            state = "pending"
        else:
            state = "violated"
        self._shop.ledger.expect(self._duty.requirement, state)

    def _election(self, body: Body, day: int, expected: str, attended: str) -> None:
        events = self._shop.tables["events"]
        events.add(f"e{events.rows},{body.id},{cell(self._duty.event)},{DAY[day]},,,{expected},{attended},,,")

    def _waive(self, body: Body, day: int, stream: Stream) -> None:
        shop, due = self._shop, self._ends(body, day)
        limit = add_months(date.fromordinal(due), 12).toordinal()
        until = stream.between(shop.question.as_of, limit)
        row = f"w{shop.tables['waivers'].rows},{body.id},{cell(self._duty.requirement or '')},{DAY[due - 30]},{DAY[until]}"
        shop.tables["waivers"].add(f"{row},{cell(stream.one(self._duty.reasons or shop.reasons))},{body.parent}")

    def _end(self, body: Body) -> int:
        """The last day on which something can have happened."""
        yesterday = self._shop.question.as_of - 1
        return yesterday if body.last is None else min(body.last, yesterday)

    def _term(self, body: Body, day: int) -> Term:
        held = date.fromordinal(day)
        for term in self._duty.terms:
            if (term.kinds is None or body.kind in term.kinds) and (term.until is None or held <= term.until):
                return term
        return self._duty.terms[-1]

    def _ends(self, body: Body, day: int) -> int:
        """The last day of the term that an election began."""
        return add_months(date.fromordinal(day), self._term(body, day).months).toordinal()

    def _begun(self, body: Body, end: int) -> int:
        """A day on which an election began a term that ends on about `end`."""
        months = self._term(body, end).months
        return add_months(date.fromordinal(end), -months).toordinal()


class ReminderMaker:
    """Makes the reminders of one duty."""

    def __init__(self, duty: Reminder, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, REMINDER_FAULTS, shop, stream, expected * 0.3)

    def make(self, body: Body, elections: list[int], stream: Stream) -> None:
        """Writes the reminder that each election calls for and counts the verdicts that must follow."""
        question, duty, shop = self._shop.question, self._duty, self._shop
        spans = [self._span(day) for day in elections]
        place, fault = self._fault(body, spans)
        for number, (first, last) in enumerate(spans):
            day = stream.between(first, last)
            held = day < question.as_of and (body.last is None or day <= body.last) and number != place
            if held:
                events = shop.tables["events"]
                events.add(f"e{events.rows},{body.id},{cell(duty.event)},{DAY[day]},,,,,,,")
            gone = body.last is not None and body.last < first
            if gone or first > question.horizon or (last < question.first and held and day <= question.last):
                continue
            if body.last is not None and body.last < last:
                shop.ledger.expect(duty.requirement, "not_applicable")
            elif number == place and fault is not None:
                shop.ledger.expect(duty.requirement, fault.state)
                shop.ledger.inject(duty.requirement, fault.fault, fault.rejects, "events")
                if fault.fault == "unfed":
                    shop.tables["feeds"].add(f"events,{cell(duty.event)},{body.id},{DAY[first]},{DAY[last]},no")
            else:
                shop.ledger.expect(duty.requirement, "satisfied" if held else "pending" if last >= question.as_of else "violated")

    def _span(self, day: int) -> tuple[int, int]:
        held = date.fromordinal(day)
        return add_months(held, self._duty.after).toordinal(), add_months(held, self._duty.within).toordinal()

    def _fault(self, body: Body, spans: list[tuple[int, int]]) -> tuple[int, Fault | None]:
        """Which reminder is left out: one that was due in the period and before the as-of day."""
        question = self._shop.question
        places = [number for number, (_, last) in enumerate(spans) if question.first <= last <= min(question.last, question.as_of - 1)]
        if not places or body.last is not None:
            return -1, None
        chosen = self._faults.next()
        if chosen is None:
            return -1, None
        chosen[1].take()
        return places[-1], chosen[0]

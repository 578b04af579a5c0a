"""Documents and conditions of an organization: what is judged on a day, not in a window."""

from mofan_rules.population.bodies import Body, change, holds
from mofan_rules.population.duties import Documents, Standing, StandingFault
from mofan_rules.population.question import Faults, Workshop, filled, judged_at
from mofan_rules.population.some import SomeMaker
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell

DOCUMENT_FAULTS = frozenset(["none", "incomplete", "blank", "expired", "spoiled"])
SETTLED = 400
"""Only organizations older than so many days take faults of posts and standing: by then any grace that a rule gives a new one has run out."""

STANDING_FAULTS = frozenset(["standing"])


class DocumentMaker:
    """Makes one kind of document, judged at the end of the year or, before that, not yet."""

    def __init__(self, duty: Documents, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, DOCUMENT_FAULTS, shop, stream, expected)
        self._some = None if duty.some is None else SomeMaker(duty.some, shop, stream, expected, "evidence")

    def make(self, body: Body, stream: Stream) -> None:
        """Writes the document of one organization and counts the verdict on it."""
        duty, shop, question = self._duty, self._shop, self._shop.question
        bound = holds(duty.when, body)
        state = judged_at(duty.judged, body, bound, question)
        chosen = self._faults.next() if state == "satisfied" else None
        fault = None if chosen is None else chosen[0]
        if chosen is not None and fault is not None:
            chosen[1].take()
            shop.ledger.inject(duty.requirement, fault.fault, fault.rejects, "evidence")
            state = fault.state
        if state:
            shop.ledger.expect(duty.requirement, state)
        day = self._day(body, stream)
        if not bound or day >= question.as_of or (fault is not None and fault.fault == "none"):
            return
        items = [] if fault is not None and fault.fault == "blank" else list(duty.items)
        if fault is not None and fault.fault == "incomplete":
            items.remove(stream.one(items))
        end = question.as_of if duty.judged == "as_of" else question.last
        until = DAY[end - stream.between(20, 100)] if fault is not None and fault.fault == "expired" else ""
        columns = dict(duty.columns) | (fault.set if fault is not None and fault.fault == "spoiled" else {})
        if self._some is not None:
            self._some.begin()
            columns |= self._some.columns(day <= question.horizon and end >= question.first, stream)
        self._row(body, DAY[day], until, items, filled(columns, body, stream, DAY[day]))

    def _day(self, body: Body, stream: Stream) -> int:
        if self._duty.dated is not None:
            low, high = (day.toordinal() for day in self._duty.dated)
        else:
            low, high = (self._shop.question.first + days for days in self._duty.days or (0, 0))
        return max(stream.between(low, high), body.first)

    def _row(self, body: Body, day: str, until: str, items: list[str], columns: dict[str, str]) -> None:
        evidence = self._shop.tables["evidence"]
        grade, assessor = cell(columns.get("grade", "")), cell(columns.get("assessor", ""))
        row = f"d{evidence.rows},{body.id},{cell(self._duty.document)},{day},{until},{cell('、'.join(items))},{grade},{assessor}"
        evidence.add(row, evidence.tail(columns))


class StandingMaker:
    """Judges conditions of the organization itself, and spoils some: it changes the attributes and links before they are written."""

    def __init__(self, duty: Standing, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, STANDING_FAULTS, shop, stream, expected)

    def make(self, body: Body) -> None:
        """Counts the verdict on one organization, having perhaps spoiled it."""
        duty, ledger = self._duty, self._shop.ledger
        if body.last is not None:
            return
        if not holds(duty.when, body):
            ledger.expect(duty.requirement, "not_applicable")
            return
        fault = self._fault(body)
        if fault is None:
            ledger.expect(duty.requirement, "satisfied")
            return
        change(body, fault.set | {name: str(int(body.values.get(name) or 0) + more) for name, more in fault.add.items()})
        body.linked = body.linked and not fault.unlink
        if fault.unfed is not None:
            self._shop.tables["feeds"].add(f"{cell(fault.unfed.table)},{cell(fault.unfed.kind)},{body.id},,,no")
        ledger.inject(duty.requirement, fault.value or fault.fault, fault.rejects, "organizations")
        ledger.expect(duty.requirement, fault.state)

    def _fault(self, body: Body) -> StandingFault | None:
        """What befalls the organization: what follows from another one, or else the fault whose turn it is, once the organization has existed for a while."""
        following = self._faults.following(body)
        if isinstance(following, StandingFault):
            return following
        chosen = self._faults.next(lambda fault: isinstance(fault, StandingFault) and holds(fault.when, body))
        if chosen is None or body.first >= self._shop.question.as_of - SETTLED or not isinstance(fault := chosen[0], StandingFault):
            return None
        chosen[1].take()
        return fault

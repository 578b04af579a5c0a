"""Posts, documents and conditions of an organization: what is judged on a day, not in a window."""

from datetime import date

from mofan_rules.population.bodies import Body, holds
from mofan_rules.population.duties import Documents, Posts, Standing, StandingFault
from mofan_rules.population.question import Faults, Workshop, filled
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell

POST_FAULTS = frozenset(["vacant", "vacant_briefly", "other_person", "unfed"])
DOCUMENT_FAULTS = frozenset(["none", "incomplete", "blank", "expired", "spoiled"])
SETTLED = 400
"""Only organizations older than so many days take faults of posts and standing: by then any grace that a rule gives a new one has run out."""

STANDING_FAULTS = frozenset(["standing"])


class PostMaker:
    """Makes the tenures of one post, for one organization after the other."""

    def __init__(self, duty: Posts, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, POST_FAULTS, shop, stream, expected)

    def make(self, body: Body, unit: int, stream: Stream) -> None:
        """Writes the tenures of one organization and counts the verdict on it."""
        duty, question, ledger = self._duty, self._shop.question, self._shop.ledger
        person = f"p{unit}-{duty.person}" if duty.person is not None else f"p{body.id}-1"
        standing = body.last is None
        bound = holds(duty.when, body)
        chosen = self._faults.next() if standing and bound and body.first < question.as_of - SETTLED else None
        fault = None
        if chosen is not None:
            fault = chosen[0]
            chosen[1].take()
            ledger.inject(duty.requirement, fault.fault, fault.rejects, "tenures")
        until = "" if body.last is None else DAY[body.last]
        match fault.fault if fault is not None else "":
            case "vacant":
                self._tenure(body, person, DAY[body.first], DAY[question.as_of - stream.between(130, 300)])
            case "vacant_briefly":
                self._tenure(body, person, DAY[body.first], DAY[question.as_of - stream.between(10, 60)])
            case "other_person":
                self._tenure(body, f"{person}-2", DAY[body.first], until)
            case "unfed":
                self._shop.tables["feeds"].add(f"tenures,{cell(duty.role)},{body.id},,,no")
            case _:
                self._regular(body, person, until, stream)
        if standing:
            state = "not_applicable" if not bound else "satisfied" if fault is None else fault.state
            ledger.expect(duty.requirement, state)

    def _regular(self, body: Body, person: str, until: str, stream: Stream) -> None:
        """One holder, or with a change some time ago two of them."""
        end = self._shop.question.as_of if body.last is None else body.last
        changed = end - stream.between(200, 1500)
        if self._duty.person is not None or changed <= body.first or not stream.chance(0.4):
            self._tenure(body, person, DAY[body.first], until)
            return
        self._tenure(body, person, DAY[body.first], DAY[changed])
        self._tenure(body, f"p{body.id}-2", DAY[changed + 1 + stream.between(*self._duty.gap)], until)

    def _tenure(self, body: Body, person: str, first: str, until: str) -> None:
        tenures = self._shop.tables["tenures"]
        tenures.add(f"t{tenures.rows},{body.id},{cell(self._duty.role)},{person},{first},{until}")
        if self._duty.approved is not None:
            day = date.fromisoformat(first).toordinal() + self._duty.days[0]
            if day < self._shop.question.as_of:
                evidence = self._shop.tables["evidence"]
                evidence.add(f"d{evidence.rows},{body.id},{cell(self._duty.approved)},{DAY[day]},,,,")


class DocumentMaker:
    """Makes one kind of document, judged at the end of the year or, before that, not yet."""

    def __init__(self, duty: Documents, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, DOCUMENT_FAULTS, shop, stream, expected)

    def make(self, body: Body, stream: Stream) -> None:
        """Writes the document of one organization and counts the verdict on it."""
        duty, shop, question = self._duty, self._shop, self._shop.question
        bound = holds(duty.when, body)
        state = self._state(body, bound)
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
        self._row(body, DAY[day], until, items, filled(columns, body, stream))

    def _state(self, body: Body, bound: bool) -> str:
        """What the verdict is if nothing goes wrong; nothing where there is none."""
        duty, question = self._duty, self._shop.question
        if duty.judged == "as_of":
            return "" if body.last is not None else "satisfied" if bound else "not_applicable"
        whole = body.first <= question.first and (body.last is None or body.last >= question.last)
        if not (whole and bound):
            return "not_applicable"
        return "satisfied" if question.last < question.as_of else "pending"

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
        settled = body.first < self._shop.question.as_of - SETTLED
        chosen = self._faults.next(lambda fault: isinstance(fault, StandingFault) and holds(fault.when, body))
        if chosen is None or not settled or not isinstance(fault := chosen[0], StandingFault):
            ledger.expect(duty.requirement, "satisfied")
            return
        chosen[1].take()
        body.values.update(fault.set)
        body.linked = body.linked and not fault.unlink
        if fault.unfed is not None:
            self._shop.tables["feeds"].add(f"{cell(fault.unfed.table)},{cell(fault.unfed.kind)},{body.id},,,no")
        ledger.inject(duty.requirement, fault.value or fault.fault, fault.rejects, "organizations")
        ledger.expect(duty.requirement, fault.state)

"""Posts, documents and conditions of an organization: what is judged on a day, not in a window."""

from mofan_rules.population.bodies import Body, holds
from mofan_rules.population.duties import Documents, Posts, Standing, StandingFault
from mofan_rules.population.question import Faults, Workshop
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell

POST_FAULTS = frozenset(["vacant", "vacant_briefly", "other_person", "unfed"])
DOCUMENT_FAULTS = frozenset(["none", "incomplete", "blank", "expired"])
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


class DocumentMaker:
    """Makes one kind of document, judged at the end of the year or, before that, not yet."""

    def __init__(self, duty: Documents, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, DOCUMENT_FAULTS, shop, stream, expected)

    def make(self, body: Body, stream: Stream) -> None:
        """Writes the document of one organization and counts the verdict on it."""
        duty, shop, question = self._duty, self._shop, self._shop.question
        whole = body.first <= question.first and (body.last is None or body.last >= question.last)
        judged = whole and question.last < question.as_of and holds(duty.when, body)
        chosen = self._faults.next() if judged else None
        items = list(duty.items)
        low, high = (day.toordinal() for day in duty.dated)
        day = max(stream.between(low, high), body.first)
        until = ""
        state = "satisfied" if judged else "pending" if whole and holds(duty.when, body) else "not_applicable"
        shop.ledger.expect(duty.requirement, state if chosen is None else chosen[0].state)
        if chosen is not None:
            chosen[1].take()
            shop.ledger.inject(duty.requirement, chosen[0].fault, chosen[0].rejects, "evidence")
            match chosen[0].fault:
                case "none":
                    return
                case "incomplete":
                    items.remove(stream.one(items))
                case "blank":
                    items = []
                case _:
                    until = DAY[question.last - stream.between(20, 100)]
        evidence = shop.tables["evidence"]
        evidence.add(f"d{evidence.rows},{body.id},{cell(duty.document)},{DAY[day]},{until},{cell('、'.join(items))},,")


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

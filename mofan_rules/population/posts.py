"""The posts of an organization: who holds them, what other requirements say of the holder, and what beginnings and ends call for."""

from collections.abc import Callable, Mapping
from datetime import date

from mofan_rules.population.answers import AnswerMaker
from mofan_rules.population.bodies import Body, holds
from mofan_rules.population.duties import Fault, Holder, Posts
from mofan_rules.population.question import Faults, Workshop, filled, judged_at
from mofan_rules.population.states import SETTLED
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell

FAULTS = frozenset(["vacant", "vacant_briefly", "other_person", "unfed", "spoiled"])
HOLDER_FAULTS = frozenset(["other_person", "spoiled", "unlinked"])

CHANGED = 0.4
"""The share of the posts without a slot whose holder has changed."""

EARLIEST_CHANGE = 400
"""Who holds a post first stays so many days, so that nothing that his beginning calls for answers the next one's."""


class PostMaker:
    """Makes the tenures of one duty, for one organization after the other; of its posts at most one has a fault."""

    def __init__(self, duty: Posts, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, FAULTS, shop, stream, expected)
        self._holders = [(holder, Faults(holder, HOLDER_FAULTS, shop, stream, expected)) for holder in duty.holder]
        self._began = None if duty.began is None else AnswerMaker(duty.began, shop, stream, expected * CHANGED)
        self._ended = None if duty.ended is None else AnswerMaker(duty.ended.answer, shop, stream, expected * CHANGED * duty.ended.rate)
        self._calls: tuple[list[tuple[int, str]], list[tuple[int, str]]] = ([], [])

    def make(self, body: Body, unit: int, stream: Stream) -> None:
        """Writes the tenures of one organization and counts the verdicts on it."""
        duty, question, ledger = self._duty, self._shop.question, self._shop.ledger
        bound = holds(duty.when, body)
        state = judged_at(duty.judged, body, bound, question)
        following = [faults.following(body) for _, faults in self._holders]
        fault = self._chosen(self._faults, body) if state == "satisfied" and not any(following) else None
        if fault is not None:
            ledger.inject(duty.requirement, fault.fault, fault.rejects, "tenures")
            state = fault.state
        if state:
            ledger.expect(duty.requirement, state)
        of_holder = [self._of_holder(holder, faults, body, fault or follows) for (holder, faults), follows in zip(self._holders, following, strict=True)]
        amiss = [one for one in (fault, *of_holder) if one is not None]
        columns = dict(duty.columns)
        for one in amiss:
            columns |= one.set
        self._calls = ([], [])
        for role in duty.role:
            self._held(role, body, unit, fault, columns, stream)
            if any(one.fault == "other_person" for one in amiss):
                body.holders.pop(role, None)
        for maker, calls in zip((self._began, self._ended), self._calls, strict=True):
            if maker is not None:
                maker.make(body, calls, stream)

    def _chosen(self, faults: Faults, body: Body) -> Fault | None:
        """The fault whose turn it is, for an organization that has existed for a while and has no other with its posts."""
        if body.upset or body.last is not None or body.first >= self._shop.question.as_of - SETTLED:
            return None
        chosen = faults.next()
        if chosen is None:
            return None
        chosen[1].take()
        body.upset = True
        return chosen[0]

    def _of_holder(self, holder: Holder, faults: Faults, body: Body, fault: Fault | None) -> Fault | None:
        """Counts the verdict of a requirement on whoever holds the post, given a fault that is not its own; returns the one that is."""
        ledger = self._shop.ledger
        bound = holds(holder.when, body)
        if body.last is not None or not bound:
            ledger.expect(holder.requirement if body.last is None else None, "not_applicable")
            return None
        own = self._chosen(faults, body) if fault is None else None
        befalls = fault or own
        if befalls is not None:
            ledger.inject(holder.requirement, befalls.fault, {} if own is None else own.rejects, "tenures")
        ledger.expect(holder.requirement, "satisfied" if befalls is None else befalls.state)
        return own

    def _held(self, role: str, body: Body, unit: int, fault: Fault | None, columns: Mapping[str, str], stream: Stream) -> None:
        """The tenures of one role."""
        duty, question = self._duty, self._shop.question
        until = "" if body.last is None else DAY[body.last]
        person = self._person(body, unit)
        judged = question.as_of if duty.judged == "as_of" else min(question.as_of, question.last + 1)

        def write(person: str, first: int, until: str) -> None:
            self._tenure(role, body, person, first, until, columns, stream)

        kind = "" if fault is None else fault.fault
        if kind not in ("unfed", "other_person"):
            body.holders[role] = person
        match kind:
            case "vacant":
                write(person, body.first, DAY[judged - stream.between(130, 300)])
            case "vacant_briefly":
                write(person, body.first, DAY[judged - stream.between(10, 60)])
            case "other_person":
                write(f"{person}-2", body.first, until)
            case "unfed":
                self._shop.tables["feeds"].add(f"tenures,{cell(role)},{body.id},,,no")
            case _:
                self._regular(body, role, person, until, write, stream)

    def _person(self, body: Body, unit: int) -> str:
        """Who holds the post, or holds it first."""
        duty = self._duty
        if duty.person is not None:
            return f"p{unit}-{duty.person}"
        if duty.same_as is not None and (held := body.company[duty.same_as.node].holders.get(duty.same_as.role)) is not None:
            return held
        return _somebody(body)

    def _regular(self, body: Body, role: str, person: str, until: str, write: Callable[[str, int, str], None], stream: Stream) -> None:
        """One holder, or with a change some time ago two of them."""
        end = self._shop.question.as_of if body.last is None else body.last
        changed = end - stream.between(200, 1500)
        stays = self._duty.person is not None or self._duty.same_as is not None
        if stays or changed <= body.first + EARLIEST_CHANGE or not stream.chance(CHANGED):
            write(person, body.first, until)
        else:
            write(person, body.first, DAY[changed])
            body.holders[role] = _somebody(body)
            write(body.holders[role], changed + 1 + stream.between(*self._duty.gap), until)

    def _tenure(self, role: str, body: Body, person: str, first: int, until: str, columns: Mapping[str, str], stream: Stream) -> None:
        tenures = self._shop.tables["tenures"]
        id_ = f"t{tenures.rows}"
        self._calls[0].append((first, id_))
        cells = columns if self._duty.ended is None else {**columns, **self._leaving(body, until, id_, stream)}
        tenures.add(f"{id_},{body.id},{cell(role)},{person},{DAY[first]},{until}", tenures.tail(filled(cells, body, stream, DAY[first])) if cells else None)
        if self._duty.approved is not None:
            day = first + self._duty.days[0]
            if day < self._shop.question.as_of:
                evidence = self._shop.tables["evidence"]
                evidence.add(f"d{evidence.rows},{body.id},{cell(self._duty.approved)},{DAY[day]},,,,")

    def _leaving(self, body: Body, until: str, id_: str, stream: Stream) -> Mapping[str, str]:
        """What the end of a tenure carries, if it has one; of some it calls for an answer."""
        ended = self._duty.ended
        if ended is None or not until:
            return {}
        last = date.fromisoformat(until).toordinal()
        if last == body.last or not stream.chance(ended.rate):
            return ended.otherwise
        self._calls[1].append((last, id_))
        return ended.columns


def _somebody(body: Body) -> str:
    """A person that holds no other post."""
    body.people += 1
    return f"p{body.id}-{body.people}"

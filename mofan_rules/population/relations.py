"""Relations of an organization to others of its unit, which are judged on a day."""

from mofan_rules.population.bodies import Body, holds, number_in
from mofan_rules.population.duties import Relations
from mofan_rules.population.profile import ProfileError
from mofan_rules.population.question import Faults, Workshop, filled
from mofan_rules.population.states import SETTLED
from mofan_rules.population.streams import Stream
from mofan_rules.population.tables import DAY, cell

FAULTS = frozenset(["none", "short", "unfed", "spoiled"])


class RelationMaker:
    """Makes the relations of one duty, for one organization after the other."""

    def __init__(self, duty: Relations, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._table = shop.tables["relations"]
        self._faults = Faults(duty, FAULTS, shop, stream, expected)

    def make(self, body: Body, stream: Stream) -> None:
        """Writes the relations of one organization and counts the verdict on it."""
        duty, ledger = self._duty, self._shop.ledger
        bound, standing = holds(duty.when, body), body.last is None
        if not bound:
            ledger.expect(duty.requirement if standing else None, "not_applicable")
            return
        chosen = self._faults.next() if standing and body.first < self._shop.question.as_of - SETTLED else None
        number = number_in(duty.times, body)
        last = dict(duty.columns)
        if chosen is not None:
            fault, turns = chosen
            turns.take()
            ledger.inject(duty.requirement, fault.fault, fault.rejects, "relations")
            number -= {"none": number, "unfed": number, "short": 1}.get(fault.fault, 0)
            last |= fault.set if fault.fault == "spoiled" else {}
            if fault.fault == "unfed":
                self._shop.tables["feeds"].add(f"relations,{cell(duty.relation)},{body.id},,,no")
        others = self._others(body) if number else []
        for place in range(1, number + 1):
            self._row(body, others[(place - 1) % len(others)], last if place == number else duty.columns, place, stream)
        if standing:
            ledger.expect(duty.requirement, "satisfied" if chosen is None else chosen[0].state)

    def _others(self, body: Body) -> list[Body]:
        for name in self._duty.to:
            if found := [other for other in body.unit.get(name, ()) if other.last is None and other is not body]:
                return found
        raise ProfileError([f"{self._duty.relation}: to: {body.name} has no organization of {', '.join(self._duty.to)} in its unit"])

    def _row(self, body: Body, other: Body, columns: dict[str, str], place: int, stream: Stream) -> None:
        first, until = DAY[max(body.first, other.first)], "" if body.last is None else DAY[body.last]
        row = f"r{self._table.rows},{body.id},{other.id},{cell(self._duty.relation)},{first},{until}"
        self._table.add(row, self._table.tail(filled(columns, body, stream, first, place)))

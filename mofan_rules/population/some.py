"""What some of the events of a duty carry besides, and what a requirement says of each of these."""

from collections.abc import Mapping

from mofan_rules.population.duties import Fault, Some
from mofan_rules.population.question import Faults, Workshop
from mofan_rules.population.streams import Stream, Turns

FAULTS = frozenset(["spoiled", "varied"])


class SomeMaker:
    """Says for one event after the other what it carries, and counts the verdicts that must follow."""

    def __init__(self, duty: Some, shop: Workshop, stream: Stream, expected: float) -> None:
        self._duty = duty
        self._shop = shop
        self._faults = Faults(duty, FAULTS, shop, stream, expected)
        self._chosen: tuple[Fault, Turns] | None = None

    def begin(self) -> None:
        """The events that follow are those of another organization."""
        self._chosen = self._faults.next()

    def columns(self, day: int, stream: Stream) -> Mapping[str, str]:
        """The further cells of an event of that day; a fault takes the first event that is asked about."""
        duty, question, ledger = self._duty, self._shop.question, self._shop.ledger
        if not stream.chance(duty.rate):
            return {}
        if not question.first <= day <= question.horizon:
            return duty.columns
        if self._chosen is None:
            ledger.expect(duty.requirement, "satisfied")
            return duty.columns
        (fault, turns), self._chosen = self._chosen, None
        turns.take()
        ledger.inject(duty.requirement, fault.fault, fault.rejects, "events")
        ledger.expect(duty.requirement, fault.state)
        return duty.columns | fault.set

"""What some of the rows of a duty carry besides, and what a requirement says of each of these."""

from collections.abc import Mapping

from mofan_rules.population.duties import Fault, Some
from mofan_rules.population.question import Faults, Workshop
from mofan_rules.population.streams import Stream, Turns

FAULTS = frozenset(["spoiled", "varied"])


class SomeMaker:
    """Says for one row after the other what it carries, and counts the verdicts that must follow."""

    def __init__(self, duty: Some, shop: Workshop, stream: Stream, expected: float, table: str = "events") -> None:
        self._duty = duty
        self._table = table
        self._shop = shop
        self._faults = Faults(duty, FAULTS, shop, stream, expected)
        self._chosen: tuple[Fault, Turns] | None = None

    def begin(self) -> None:
        """The rows that follow are those of another organization."""
        self._chosen = self._faults.next()

    def columns(self, asked: bool, stream: Stream) -> Mapping[str, str]:
        """The further cells of a row; a fault takes the first row that is asked about."""
        duty, ledger = self._duty, self._shop.ledger
        if not stream.chance(duty.rate):
            return duty.otherwise
        if not asked:
            return duty.columns
        if self._chosen is None:
            ledger.expect(duty.requirement, "satisfied")
            return duty.columns
        (fault, turns), self._chosen = self._chosen, None
        turns.take()
        ledger.inject(duty.requirement, fault.fault, fault.rejects, self._table)
        ledger.expect(duty.requirement, fault.state)
        return duty.columns | fault.set

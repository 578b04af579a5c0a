"""The value of a parameter for a subject on a day of the law and a day of the graph (meaning 1.9)."""

from collections.abc import Mapping
from datetime import date

from mofan_rules.executors.interpreter.links import Links
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.schema import DatedValue, Parameter

UPWARDS = Linked("part_of", Direction.OUT, None)

Rank = tuple[float, int]
"""Steps to the organization under which a value holds, then its place in the list, later first: the least wins."""


class Parameters:
    """All parameters of a program. `supposed` are values that are thought of; `unknown` collects the names of those that were asked for and had none."""

    def __init__(self, parameters: tuple[Parameter, ...], links: Links, supposed: Mapping[str, DatedValue] | None = None) -> None:
        self.parameters = {parameter.name: parameter for parameter in parameters}
        self.links = links
        self.numbers = links.facts.numbers
        self.supposed = supposed or {}
        self.unknown: set[str] = set()

    def value(self, name: str, law_day: date, subject: int, place_day: date) -> DatedValue | None:
        """The value that holds, or `None` where none is known, or where one that may hold would say otherwise."""
        found = self.supposed.get(name) or self._value(name, law_day, subject, place_day)
        if found is None or (found.value is None and not found.unbounded):
            self.unknown.add(name)
        return found

    def _value(self, name: str, law_day: date, subject: int, place_day: date) -> DatedValue | None:
        parameter = self.parameters.get(name)
        if parameter is None:
            return None
        holding = [(place, value) for place, value in enumerate(parameter.values) if value.first <= law_day <= value.last]
        if all(value.under is None for _, value in holding):
            return holding[-1][1] if holding else None
        surely: list[tuple[Rank, DatedValue]] = []
        possibly: list[tuple[Rank, DatedValue]] = []
        for place, value in holding:
            sure, possible = self._steps(value.under, subject, place_day)
            if sure is not None:
                surely.append(((sure, -place), value))
            if possible is not None:
                possibly.append(((possible, -place), value))
        rank, winner = min(surely, key=lambda ranked: ranked[0], default=((float("inf"), 1), None))
        rivals = {(value.value, value.unbounded) for better, value in possibly if better < rank}
        return winner if winner is not None and rivals <= {(winner.value, winner.unbounded)} else None

    def _steps(self, under: str | None, subject: int, place_day: date) -> tuple[float | None, float | None]:
        """How far `under` is: surely, and on the shortest path that may be."""
        if under is None:
            return float("inf"), float("inf")
        number = self.numbers.get(under)
        if number == subject:
            return 0, 0
        reached = self.links.reached(subject, UPWARDS, place_day).get(number) if number is not None else None
        return (None, None) if reached is None else (reached.surely, reached.possibly)

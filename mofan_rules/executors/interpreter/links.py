"""Which organizations a relation leads to on a day, surely or possibly (meaning 1.7, `ir.rows.Linked`)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.interpreter.facts import Facts, Row
from mofan_rules.executors.interpreter.organizations import Organizations, in_force, opened, throughout
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.schema import Table
from mofan_rules.values.dates import Day, add_days
from mofan_rules.values.truth import Truth, conjunction


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation as it leads from one organization to another; `target` is `None` where any organization may be meant."""

    row: Row
    sure: bool
    target: int | None
    start: Day
    until: Day


@dataclass(frozen=True, slots=True)
class Reached:
    """In how many steps an organization is reached: on the shortest sure path, and on the shortest path that may be."""

    surely: int | None
    possibly: int


class Links:
    """The graph of relations as it is seen on the as-of date."""

    def __init__(self, facts: Facts, organizations: Organizations) -> None:
        self.facts = facts
        self.organizations = organizations
        self.as_of = organizations.as_of
        self._edges: dict[tuple[str, Direction, int], tuple[Edge, ...]] = {}
        self._reached: dict[tuple[int, Linked, date], Mapping[int, Reached]] = {}
        self._ever: dict[tuple[int, Linked], tuple[frozenset[int], tuple[date, ...]]] = {}

    def edges(self, relation: str, direction: Direction, organization: int) -> tuple[Edge, ...]:
        """The edges that may lead away from an organization, whenever they were in force, by `row`."""
        key = (relation, direction, organization)
        if key not in self._edges:
            near, far = ("source", "target") if direction is Direction.OUT else ("target", "source")
            rows = self.facts.owned(Table.RELATIONS, near, organization)
            self._edges[key] = tuple(self._edge(row, near, far) for row in sorted(rows, key=lambda row: row.number) if self._is_seen(row, relation))
        return self._edges[key]

    def _is_seen(self, row: Row, relation: str) -> bool:
        kind = row.cells["kind"]
        return row.day("valid_from").low <= self.as_of and (kind is None or kind in self.facts.vocabulary.family(Table.RELATIONS, relation))

    def _edge(self, row: Row, near: str, far: str) -> Edge:
        target = row.cells[far]
        assert target is None or isinstance(target, int)
        known = row.certain and None not in (row.cells["kind"], row.cells[near], target)
        return Edge(row, known, target, row.day("valid_from"), opened(row.day("valid_until"), self.as_of))

    def _steps(self, organization: int, linked: Linked, day: date) -> Iterator[tuple[int, Truth]]:
        """Where one step leads on a day: surely (true) or maybe."""
        for edge in self.edges(linked.relation, linked.direction, organization):
            held = in_force(edge.start, edge.until, edge.sure, day)
            if held is False:
                continue
            targets: Iterable[int] = range(len(self.facts.subjects)) if edge.target is None else (edge.target,)
            for target in targets:
                truth = conjunction((held, self.organizations.exists(organization, day), self.organizations.exists(target, day)))
                if truth is not False:
                    yield target, truth

    def reached(self, organization: int, linked: Linked, day: date) -> Mapping[int, Reached]:
        """The organizations that may be reached on a day, never the one that is asked about."""
        seen = self.organizations.seen(day)
        key = (organization, linked, seen)
        if key not in self._reached:
            possibly = self._walk(organization, linked, seen, sure=False)
            surely = self._walk(organization, linked, seen, sure=True)
            self._reached[key] = {found: Reached(surely.get(found), steps) for found, steps in possibly.items()}
        return self._reached[key]

    def _walk(self, organization: int, linked: Linked, day: date, sure: bool) -> dict[int, int]:
        """Breadth first: each organization with the number of steps to it."""
        steps = {organization: 0}
        front, depth = [organization], 0
        while front and (linked.depth is None or depth < linked.depth):
            depth += 1
            found = {target for near in front for target, truth in self._steps(near, linked, day) if truth or not sure}
            front = sorted(found - steps.keys())
            steps |= dict.fromkeys(front, depth)
        del steps[organization]
        return steps

    def links(self, organization: int, linked: Linked, day: date) -> dict[int, Truth]:
        """The organizations that are reached on a day, surely (true) or possibly (`None`)."""
        return {found: True if reached.surely is not None else None for found, reached in self.reached(organization, linked, day).items()}

    def link(self, organization: int, linked: Linked, target: int, day: date) -> Truth:
        """Is one organization reached on a day?"""
        reached = self.reached(organization, linked, day).get(target)
        return False if reached is None else (True if reached.surely is not None else None)

    def links_on(self, organization: int, linked: Linked, days: Day) -> dict[int, Truth]:
        """The same on a date that may be known in part: true if so on all its possible days, left out if on none (meaning 1.7)."""
        if days.exact:
            return self.links(organization, linked, days.low)
        samples = [days.low, *(turn for turn in self.turns(organization, linked) if days.low < turn <= days.high)]
        found = [self.links(organization, linked, day) for day in samples]
        return {target: throughout(links.get(target, False) for links in found) for target in sorted(set().union(*found))}

    def turns(self, organization: int, linked: Linked) -> tuple[date, ...]:
        """The days on which what is reached may begin to change, by whatever path, in order."""
        return self._timeless(organization, linked)[1]

    def ever(self, organization: int, linked: Linked) -> frozenset[int]:
        """The organizations that a path leads to if one asks not when its edges were in force."""
        return self._timeless(organization, linked)[0]

    def _timeless(self, organization: int, linked: Linked) -> tuple[frozenset[int], tuple[date, ...]]:
        key = (organization, linked)
        if key not in self._ever:
            days: set[date] = set()
            known, front, depth = {organization}, {organization}, 0
            while front and (linked.depth is None or depth < linked.depth):
                depth += 1
                edges = [edge for near in front for edge in self.edges(linked.relation, linked.direction, near)]
                days.update(turn for edge in edges for turn in self._edge_turns(edge))
                targets = {target for edge in edges for target in ([edge.target] if edge.target is not None else range(len(self.facts.subjects)))}
                front = targets - known
                known |= front
            days.update(turn for found in known for version in self.organizations.versions(found) for turn in version.turns())
            self._ever[key] = frozenset(known - {organization}), tuple(sorted(day for day in days if day <= self.as_of))
        return self._ever[key]

    def _edge_turns(self, edge: Edge) -> Iterable[date]:
        return (edge.start.low, edge.start.high, add_days(edge.until.low, 1), add_days(edge.until.high, 1))

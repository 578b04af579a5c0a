"""Derivations as a network: which places there are, what takes tokens from one to the next, and how many patterns each rule of the network has.

Patterns are joined two by two, from the left: what the first hold together in is a fact of its own, that the next is joined with by one key. So the network
needs only the one form of join that it does well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mofan_rules.executors.rete.consumers import Consumer, Head, Limit, Matched, Read, Tally
from mofan_rules.executors.rete.network import Side
from mofan_rules.executors.rete.tokens import Place
from mofan_rules.ir.derivations import Counted, Derivation, Found, OfDerived, Pattern


@dataclass(slots=True)
class Plan:
    """The network of some derivations. `grounds` are the places of what patterns find outside, `facts` those of derived facts by kind."""

    patterns: list[int] = field(default_factory=list)
    grounds: dict[Pattern, Place] = field(default_factory=dict)
    facts: dict[str, Place] = field(default_factory=dict)
    tallies: list[Tally] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    levels: int = 0


def planned(derivations: Iterable[Derivation]) -> Plan:
    """The network of derivations. The counts of stratum n are made at level 2n, its facts at level 2n + 1."""
    rules = tuple(derivations)
    building = _Building(rules, Plan(levels=2 * max((rule.stratum for rule in rules), default=-1) + 2))
    for rule in rules:
        building.derivation(rule)
    return building.plan


class _Building:
    def __init__(self, rules: Sequence[Derivation], plan: Plan) -> None:
        self.plan = plan
        self.recursive = set(_recursive(rules))
        self.read: dict[tuple[Pattern, int], Place] = {}
        for kind in dict.fromkeys(rule.head.kind for rule in rules):
            plan.facts[kind] = Place(recursive=kind in self.recursive)

    def derivation(self, rule: Derivation) -> None:
        """The chain of a derivation, those of its counts before it."""
        level = 2 * rule.stratum + 1
        recursive = rule.head.kind in self.recursive
        tallies = [self._tally(rule, counted, level - 1) for counted in rule.counts]
        items = [self._place(pattern, level) for pattern in rule.patterns]
        items += [tally.out for tally in tallies if tally.out is not None]
        end = self._chain(items, level, recursive)
        limits = tuple(
            Limit(tally, tally.counted.at_most, tuple(end.names.index(name) for name in tally.shared)) for tally in tallies if tally.counted.at_most is not None
        )
        head = Head(level, self.plan.facts[rule.head.kind], rule, end.names, limits)
        self.plan.heads.append(head)
        end.consumers.append(head)

    def _tally(self, rule: Derivation, counted: Counted, level: int) -> Tally:
        shared = rule.shared(counted)
        end = self._chain([self._place(pattern, level) for pattern in counted.patterns], level, recursive=False)
        tally = Tally(level, counted, end.names, shared, Place(shared) if counted.at_least is not None else None)
        self.plan.tallies.append(tally)
        end.consumers.append(tally)
        return tally

    def _place(self, pattern: Pattern, level: int) -> Place:
        """Where the finds of a pattern lie."""
        if not isinstance(pattern.source, OfDerived):
            return self.plan.grounds.setdefault(pattern, Place(pattern.variables))
        place = self.read.get((pattern, level))
        if place is None:
            kinds = sorted(pattern.source.kinds & self.plan.facts.keys())
            place = self.read[pattern, level] = Place(pattern.variables, recursive=not self.recursive.isdisjoint(kinds))
            for kind in kinds:
                self.plan.facts[kind].consumers.append(Read(level, place, pattern))
        return place

    def _chain(self, items: Sequence[Place], level: int, recursive: bool) -> Place:
        """Join items from the left; where the ways lie in which all hold together."""
        if len(items) == 1:
            end = Place(items[0].names, recursive)
            self._rule(1, [Matched(level, end, len(self.plan.patterns), Side.LEFT, (), _alone)], items)
            return end
        left = items[0]
        for right in items[1:]:
            common = [name for name in left.names if name in right.names]
            added = [place for place, name in enumerate(right.names) if name not in left.names]
            out = Place((*left.names, *(right.names[place] for place in added)), recursive)
            sides: list[Consumer] = [
                Matched(level, out, len(self.plan.patterns), side, tuple(place.names.index(name) for name in common), _joining(added))
                for side, place in ((Side.LEFT, left), (Side.RIGHT, right))
            ]
            self._rule(2, sides, (left, right))
            left = out
        return left

    def _rule(self, patterns: int, sides: Sequence[Consumer], places: Sequence[Place]) -> None:
        self.plan.patterns.append(patterns)
        for place, side in zip(places, sides, strict=True):
            place.consumers.append(side)


def _alone(left: Found, right: Found | None) -> Found:
    return left


def _joining(added: Sequence[int]) -> Callable[[Found, Found | None], Found]:
    """Joins two finds: the values of the first and those of the second that are new, the later day, the days on which both hold."""

    def joined(left: Found, right: Found | None) -> Found:
        assert right is not None
        days = [day for day in (left.day, right.day) if day is not None]
        values = (*left.values, *(right.values[place] for place in added))
        return Found(values, max(days, default=None), max(left.first, right.first), min(left.last, right.last))

    return joined


def _recursive(rules: Sequence[Derivation]) -> Iterator[str]:
    """The kinds that rest on themselves."""
    rests: dict[str, set[str]] = {}
    for rule in rules:
        for pattern in rule.patterns:
            if isinstance(pattern.source, OfDerived):
                rests.setdefault(rule.head.kind, set()).update(pattern.source.kinds)
    for kind in rests:
        reached, todo = set[str](), [kind]
        while todo:
            new = rests.get(todo.pop(), set()) - reached
            reached |= new
            todo += new
        if kind in reached:
            yield kind

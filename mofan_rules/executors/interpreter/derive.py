"""Derived facts, in plain Python: stratum by stratum, each until nothing new comes (meaning 8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mofan_rules.ir.derivations import Counted, Derivation, DerivedFact, Found, Ground, Literal, OfDerived, Pattern, Term, Value
from mofan_rules.values.dates import BEGINNING, END, add

Index = Mapping[tuple[Value, ...], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which patterns hold together: the values of their variables, the latest day that dates one of them, and the days on which all others hold."""

    values: Mapping[str, Value]
    day: date
    first: date
    last: date

    def joined(self, names: Sequence[str], found: Found) -> "Way":
        values = {**self.values, **dict(zip(names, found.values, strict=True))}
        return Way(values, max(self.day, found.day or self.day), max(self.first, found.first), min(self.last, found.last))


START = Way({}, BEGINNING, BEGINNING, END)


def derive(derivations: Iterable[Derivation], ground: Ground, until: date) -> frozenset[DerivedFact]:
    """All derived facts that are dated up to a day.

    Parameters
    ----------
    ground: what the patterns find in verdicts, rows and edges.
    until: the as-of date, or the known-at date if that is earlier.
    """
    rules = tuple(derivations)
    facts: set[DerivedFact] = set()
    for stratum in sorted({rule.stratum for rule in rules}):
        here = [Rule(rule, ground, facts, until) for rule in rules if rule.stratum == stratum]
        new = {fact for rule in here for fact in rule.first(facts)} - facts
        while new:
            facts |= new
            new = {fact for rule in here for fact in rule.again(facts, new)} - facts
    return frozenset(facts)


class Rule:
    """A derivation with its counts, which the strata below have settled."""

    def __init__(self, derivation: Derivation, ground: Ground, below: Iterable[DerivedFact], until: date) -> None:
        self.derivation = derivation
        self.ground = ground
        self.until = until
        self.counts = [(counted, derivation.shared(counted), self._count(counted, list(below))) for counted in derivation.counts]

    def first(self, facts: Iterable[DerivedFact]) -> Iterator[DerivedFact]:
        """What follows from everything known."""
        return self._heads(ways(self.derivation.patterns, [self._found(pattern, facts) for pattern in self.derivation.patterns]))

    def again(self, facts: Iterable[DerivedFact], new: Iterable[DerivedFact]) -> Iterator[DerivedFact]:
        """What follows if one pattern at least finds a fact that is new."""
        patterns = self.derivation.patterns
        for place, pattern in enumerate(patterns):
            if isinstance(pattern.source, OfDerived):
                yield from self._heads(ways(patterns, [self._found(other, new if at == place else facts) for at, other in enumerate(patterns)]))

    def _found(self, pattern: Pattern, facts: Iterable[DerivedFact]) -> Iterable[Found]:
        if not isinstance(pattern.source, OfDerived):
            return self.ground[pattern]
        kinds = pattern.source.kinds
        read = ((pattern.read(fact.cells()), fact.dated) for fact in facts if fact.kind in kinds)
        return [Found(values, day, BEGINNING, END) for values, day in read if values is not None]

    def _count(self, counted: Counted, below: Iterable[DerivedFact]) -> dict[tuple[Value, ...], list[date]]:
        """For each value of the shared variables the days on which the number grows by one, in order."""
        shared = self.derivation.shared(counted)
        earliest: dict[tuple[Value, ...], dict[Value | None, date]] = {}
        for way in ways(counted.patterns, [self._found(pattern, below) for pattern in counted.patterns]):
            if way.first <= way.day <= way.last:
                group = earliest.setdefault(tuple(way.values[name] for name in shared), {})
                one = None if counted.of is None else way.values[counted.of]
                group[one] = min(way.day, group.get(one, END))
        return {key: sorted(group.values()) for key, group in earliest.items()}

    def _heads(self, found: Iterable[Way]) -> Iterator[DerivedFact]:
        for counted, shared, groups in self.counts:
            if counted.at_least is not None:
                reached = [Found(key, days[counted.at_least - 1], BEGINNING, END) for key, days in groups.items() if len(days) >= counted.at_least]
                found = join(found, shared, reached)
        for way in found:
            day = way.day if self.derivation.after is None else add(way.day, self.derivation.after)
            if day <= self.until and way.first <= day <= way.last and self._allowed(way, day):
                yield self._head(way, day)

    def _allowed(self, way: Way, day: date) -> bool:
        """Is nothing counted too often on that day?"""
        for counted, shared, groups in self.counts:
            days = groups.get(tuple(way.values[name] for name in shared), ())
            if counted.at_most is not None and sum(one <= day for one in days) > counted.at_most:
                return False
        return True

    def _head(self, way: Way, day: date) -> DerivedFact:
        head = self.derivation.head
        attributes = tuple((column, _value(term, way)) for column, term in head.attributes)
        return DerivedFact(head.kind, str(_value(head.organization, way)), day, attributes)


def _value(term: Term, way: Way) -> Value:
    return term.value if isinstance(term, Literal) else way.values[term.name]


def ways(patterns: Sequence[Pattern], found: Sequence[Iterable[Found]]) -> Iterable[Way]:
    """All ways in which patterns hold together, if each finds this."""
    result: Iterable[Way] = [START]
    for pattern, each in zip(patterns, found, strict=True):
        result = join(result, pattern.variables, each)
    return result


def join(left: Iterable[Way], names: Sequence[str], right: Iterable[Found]) -> list[Way]:
    """Each way with each find that agrees with it in the variables that both have. (All ways have the same variables.)"""
    ways = list(left)
    if not ways:
        return []
    common = [place for place, name in enumerate(names) if name in ways[0].values]
    index: dict[tuple[Value, ...], list[Found]] = {}
    for found in right:
        index.setdefault(tuple(found.values[place] for place in common), []).append(found)
    return [way.joined(names, found) for way in ways for found in index.get(tuple(way.values[names[place]] for place in common), ())]

"""What takes tokens further: a pattern of a network's rule, the reading of a derived fact, the end of a derivation, a count."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from mofan_rules.executors.rete.network import Side
from mofan_rules.executors.rete.tokens import Place, Token
from mofan_rules.ir.derivations import Counted, Derivation, DerivedFact, Found, Literal, Pattern, Term, Value
from mofan_rules.values.dates import BEGINNING, END, add

Key = tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Matched:
    """One side of a rule of the network. `common` are the places, among the token's values, of the variables that both sides have."""

    level: int
    out: Place
    rule: int
    side: Side
    common: tuple[int, ...]
    join: "Callable[[Found, Found | None], Found]"

    def key(self, found: Found) -> Key:
        """What the other side must have in common with it."""
        return tuple(found.values[place] for place in self.common)


@dataclass(eq=False, slots=True)
class Read:
    """A pattern over derived facts."""

    level: int
    out: Place
    pattern: Pattern

    def result(self, content: object) -> Found | None:
        """What the pattern finds in a fact."""
        assert isinstance(content, DerivedFact)
        values = self.pattern.read(content.cells())
        return None if values is None else Found(values, content.dated, BEGINNING, END)


@dataclass(eq=False, slots=True)
class Tally:
    """Counts the ways in which the patterns of a count hold together: for each value of the shared variables, what is counted and from which days on."""

    level: int
    counted: Counted
    names: tuple[str, ...]
    shared: tuple[str, ...]
    out: Place | None
    groups: dict[Key, dict[Value | None, dict[date, int]]] = field(default_factory=dict)
    days: dict[Key, list[date]] = field(default_factory=dict)
    reached: dict[Key, Found] = field(default_factory=dict)
    changed: dict[Key, None] = field(default_factory=dict)

    def enter(self, found: Found, by: int) -> None:
        """Enter a way (`by` 1), or take it out (-1)."""
        day = found.day
        if day is None or not found.first <= day <= found.last:
            return
        values = dict(zip(self.names, found.values, strict=True))
        key = tuple(values[name] for name in self.shared)
        one = None if self.counted.of is None else values[self.counted.of]
        group = self.groups.setdefault(key, {})
        days = group.setdefault(one, {})
        days[day] = days.get(day, 0) + by
        if not days[day]:
            del days[day]
        if not days:
            del group[one]
        if not group:
            del self.groups[key]
        self.changed[key] = None

    def recount(self, key: Key) -> Found | None:
        """Count a group again: the days on which its number grows, and the find of the day on which `at_least` is reached."""
        days = sorted(min(days) for days in self.groups.get(key, {}).values())
        if days:
            self.days[key] = days
        else:
            self.days.pop(key, None)
        least = self.counted.at_least
        return Found(key, days[least - 1], BEGINNING, END) if least is not None and len(days) >= least else None


@dataclass(eq=False, slots=True)
class Limit:
    """A count of which no more may be there, and the ways that depend on it."""

    tally: Tally
    most: int
    places: tuple[int, ...]
    watching: dict[Key, dict[Token, None]] = field(default_factory=dict)

    def key(self, found: Found) -> Key:
        """The group that a way depends on."""
        return tuple(found.values[place] for place in self.places)

    def watch(self, token: Token, found: Found, *, on: bool) -> None:
        """From now on (or no more) is this way looked at when its group changes."""
        key = self.key(found)
        watching = self.watching.setdefault(key, {})
        if on:
            watching[token] = None
        else:
            watching.pop(token, None)
            if not watching:
                del self.watching[key]

    def allows(self, found: Found, day: date) -> bool:
        """Is no more there on that day?"""
        return sum(one <= day for one in self.tally.days.get(self.key(found), ())) <= self.most


@dataclass(eq=False, slots=True)
class Head:
    """The end of a derivation: a way in which all its patterns hold together becomes a fact."""

    level: int
    out: Place
    derivation: Derivation
    names: tuple[str, ...]
    limits: tuple[Limit, ...]

    def result(self, found: Found) -> DerivedFact | None:
        """The fact that follows, if it does."""
        assert found.day is not None
        after = self.derivation.after
        day = found.day if after is None else add(found.day, after)
        if not found.first <= day <= found.last or not all(limit.allows(found, day) for limit in self.limits):
            return None
        values = dict(zip(self.names, found.values, strict=True))
        head = self.derivation.head
        attributes = tuple((column, _value(term, values)) for column, term in head.attributes)
        return DerivedFact(head.kind, str(_value(head.organization, values)), day, attributes)


Consumer = Matched | Read | Tally | Head


def _value(term: Term, values: dict[str, Value]) -> Value:
    return term.value if isinstance(term, Literal) else values[term.name]

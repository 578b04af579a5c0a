"""The adapter: the one place that speaks to durable_rules, and all that is done against its defects.

A network consists of rules with one pattern or two. A rule with two joins its sides where one whole number is the same: the only form of join in which
durable_rules does not read past its arrays. A fact is such a number under keys of our own, so that no text, fraction or foreign key reaches it; facts are
spread over shards by that number, so that no shard holds many. They are never taken out one by one: what is dead is left where it is, and a shard in which
most is dead is dropped and built anew.

Every assertion is answered with the number of firings that it must bring, and any other number is an error: a firing that is lost, repeated or made up, or a
network that is not one, cannot go unnoticed.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from importlib import import_module
from types import TracebackType
from typing import Any, Protocol

from mofan_rules.executors.rete.identifiers import Identifiers, hashed
from mofan_rules.executors.rete.missing import ENGINE, missing

SHARDS = 64
"""So many shards has a network. (durable_rules fails at about a thousand.)"""

MOST_FACTS_IN_SHARD = 30_000
"""So many facts a shard holds; what each costs grows with them."""

GREATEST_KEY = 2**53
MOST_RULES = 1_000
LEAST_DEAD = 32
"""A shard with fewer dead facts is left as it is."""

OPENING = "opening"
"""The id of the first fact of every shard, its key, and the rule that fires for it."""

HANDLED, UNMATCHED, OBSERVED = 0, 1, 2


class NetworkError(Exception):
    """The network did not do what it must, or was asked for what it does not do. If it fired wrongly, it is closed."""


class NetworkFull(NetworkError):
    """More facts than a network holds."""


class Side(IntEnum):
    """Which pattern of a rule a fact is for."""

    LEFT = 0
    RIGHT = 1


class Engine(Protocol):
    """What is used of the C module."""

    def create_ruleset(self, name: str, definition: str) -> int: ...
    def assert_fact(self, handle: int, fact: str) -> tuple[int, int]: ...
    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, state: int) -> str | None: ...
    def delete_state(self, handle: int, sid: str) -> None: ...
    def delete_ruleset(self, handle: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Fired:
    """A firing: the numbers of the facts that hold together."""

    left: int
    right: int | None


@dataclass(frozen=True, slots=True)
class _Fact:
    identifier: str
    rule: int
    side: Side
    key: int


@dataclass(slots=True)
class _Shard:
    live: set[int] = field(default_factory=set)
    dead: set[int] = field(default_factory=set)


class Network:
    """Rules that fire for facts. It must be closed; a `with` does so.

    Parameters
    ----------
    patterns: how many patterns each rule has, 1 or 2.
    engine: in the place of durable_rules; for tests.

    Raises
    ------
    NetworkError: if there is no durable_rules, or it refuses the rules.
    """

    def __init__(self, patterns: Sequence[int], engine: Engine | None = None) -> None:
        if any(number not in (1, 2) for number in patterns) or len(patterns) > MOST_RULES:
            raise NetworkError(f"not rules of one or two patterns, at most {MOST_RULES}")
        if engine is None and (reason := missing()):
            raise NetworkError(reason)
        self._engine: Engine = engine or import_module(ENGINE)
        self._patterns = tuple(patterns)
        self._sids = tuple(f"s{number}" for number in range(SHARDS))
        self._ids = Identifiers((OPENING, *(f"sid-{sid}" for sid in self._sids)))
        self._facts: dict[int, _Fact] = {}
        self._numbers: dict[str, int] = {}
        self._held: dict[tuple[int, int], list[int]] = {}
        self._shards = [_Shard() for _ in self._sids]
        self._next = 0
        self._used: set[int] = set()
        self.fired = 0
        """How often rules have fired."""
        self._handle: int | None = self._engine.create_ruleset("mofan", json.dumps(definition(self._patterns))) if patterns else None

    def __enter__(self) -> "Network":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        """How many facts it holds, dead ones included."""
        return len(self._facts)

    def close(self) -> None:
        """Frees all that it holds; a second time does nothing. (Dropping the rules alone would leave all facts in memory.)"""
        handle, self._handle = self._handle, None
        if handle is not None:
            for number in self._used:
                self._engine.delete_state(handle, self._sids[number])
            self._engine.delete_ruleset(handle)
        self._facts, self._numbers, self._held, self._used = {}, {}, {}, set()
        self._shards = [_Shard() for _ in self._sids]

    # facts

    def add(self, rule: int, side: Side, key: int) -> tuple[int, list[Fired]]:
        """Assert a fact, and tell its number and which rules fire.

        Parameters
        ----------
        rule: the rule's place in the list that the network was made from.
        key: what the two sides of a rule must have in common; for a rule of one pattern, any number.

        Raises
        ------
        NetworkFull: if the shard of that key is full. Nothing was asserted, and the network goes on.
        NetworkError: if the fact is none, the network is closed, or it fires otherwise than it must.
        """
        self._check(rule, side, key)
        shard = self._shards[key % SHARDS]
        if len(shard.live) + len(shard.dead) >= MOST_FACTS_IN_SHARD:
            raise NetworkFull(f"more than {MOST_FACTS_IN_SHARD} facts in one shard of the network")
        number = self._next
        self._next += 1
        fact = _Fact(self._ids.allot(), rule, side, key)
        self._facts[number] = fact
        self._numbers[fact.identifier] = number
        shard.live.add(number)
        return number, self._assert(number, fact)

    def remove(self, number: int) -> list[int]:
        """Declare a fact dead. It still fires, as dead ones do, until its shard is built anew; which facts then are gone, this one perhaps among them, is told.

        Raises
        ------
        NetworkError: if there is no such fact.
        """
        shard = self._shard_of(number)
        if number not in shard.live:
            raise NetworkError(f"no living fact {number}")
        shard.live.remove(number)
        shard.dead.add(number)
        return self._rebuild(shard) if len(shard.dead) > max(LEAST_DEAD, len(shard.live)) else []

    def revive(self, number: int) -> None:
        """A dead fact that is not gone lives again. (Its firings have been told.)

        Raises
        ------
        NetworkError: if there is no such fact.
        """
        shard = self._shard_of(number)
        if number not in shard.dead:
            raise NetworkError(f"no dead fact {number}")
        shard.dead.remove(number)
        shard.live.add(number)

    def _shard_of(self, number: int) -> _Shard:
        fact = self._facts.get(number)
        if fact is None:
            raise NetworkError(f"no fact {number}")
        return self._shards[fact.key % SHARDS]

    def _check(self, rule: int, side: Side, key: int) -> None:
        if self._handle is None:
            raise NetworkError("the network is closed")
        if not 0 <= rule < len(self._patterns) or (side is Side.RIGHT and self._patterns[rule] == 1):
            raise NetworkError(f"no such pattern: rule {rule}, {side.name}")
        if type(key) is not int or not 0 <= key <= GREATEST_KEY:
            raise NetworkError(f"not a key: {key!r}")

    # asserting and firing

    def _assert(self, number: int, fact: _Fact) -> list[Fired]:
        expected = self._expected(fact)
        fired = list(self._drain(number, fact, expected))
        if len(fired) != expected:
            self._fail(f"{len(fired)} firings where there must be {expected}")
        self.fired += expected
        return fired

    def _expected(self, fact: _Fact) -> int:
        """How often the rule must fire, by what its other side holds; the fact is counted from here on."""
        if self._patterns[fact.rule] == 1:
            return 1
        held = self._held.setdefault((fact.rule, fact.key), [0, 0])
        held[fact.side] += 1
        return held[1 - fact.side]

    def _drain(self, number: int, fact: _Fact, most: int) -> Iterator[Fired]:
        assert self._handle is not None
        shard = fact.key % SHARDS
        try:
            self._open(shard)
            result, state = self._engine.assert_fact(self._handle, written(self._sids[shard], fact.identifier, fact.rule, fact.side, fact.key))
            if result != HANDLED:
                self._fail("a fact was not matched" if result == UNMATCHED else "a fact was taken for another" if result == OBSERVED else f"answer {result}")
            started = self._engine.start_action_for_state(self._handle, state)
            message = started[1] if started else None
            while message:
                if not most:
                    self._fail("more firings than there can be")
                most -= 1
                yield self._firing(message, number, fact)
                message = self._engine.complete_and_start_action(self._handle, state)
        except NetworkError:
            raise
        except Exception as error:
            self._fail(f"durable_rules failed: {error}")

    def _open(self, shard: int) -> None:
        """Have a new shard fire once. (What durable_rules frees with a shard is not set before its first firing: dropping one in which nothing fired kills the
        process.)"""
        if shard in self._used:
            return
        assert self._handle is not None
        result, state = self._engine.assert_fact(self._handle, f'{{"sid":"{self._sids[shard]}","id":"{OPENING}","{OPENING}":1}}')
        started = self._engine.start_action_for_state(self._handle, state) if result == HANDLED else None
        if started is None or OPENING not in json.loads(started[1]) or self._engine.complete_and_start_action(self._handle, state):
            self._fail("a shard could not be opened")
        self._used.add(shard)

    def _firing(self, message: str, number: int, fact: _Fact) -> Fired:
        """The firing that a message tells, if it is one of the new fact with one that is there."""
        told: Any = json.loads(message)
        sides: Any = told.get(f"r{fact.rule}")
        names = ("m_0", "m_1")[: self._patterns[fact.rule]]
        if len(told) != 1 or not isinstance(sides, dict) or sorted(sides) != list(names):
            self._fail(f"a firing of another rule: {message[:200]}")
        numbers = [self._numbers.get(str(sides[name].get("id"))) for name in names]
        if any(one is None for one in numbers) or numbers[fact.side] != number:
            self._fail(f"a firing of other facts: {message[:200]}")
        left, *rest = (one for one in numbers if one is not None)
        if rest and (self._facts[left].key, self._facts[left].rule) != (self._facts[rest[0]].key, self._facts[rest[0]].rule):
            self._fail(f"a firing of facts that do not belong together: {message[:200]}")
        return Fired(left, rest[0] if rest else None)

    def _rebuild(self, shard: _Shard) -> list[int]:
        """Drop a shard and assert what lives in it anew. It fires as it did, which is checked and not told again."""
        assert self._handle is not None
        gone = sorted(shard.dead)
        place = self._shards.index(shard)
        self._engine.delete_state(self._handle, self._sids[place])
        self._used.discard(place)
        for number in (*gone, *shard.live):
            self._held.pop((self._facts[number].rule, self._facts[number].key), None)
        for number in gone:
            fact = self._facts.pop(number)
            del self._numbers[fact.identifier]
            self._ids.release(fact.identifier)
        shard.dead.clear()
        for number in sorted(shard.live):
            self._assert(number, self._facts[number])
        return gone

    def _fail(self, reason: str) -> None:
        self.close()
        raise NetworkError(reason)


def definition(patterns: Sequence[int]) -> dict[str, object]:
    """The rules as durable_rules reads them: a pattern that asks for a key, and of two the second that equates its own key with the first's; nothing else.

    Raises
    ------
    NetworkError: if two of the names have one hash.
    """
    rules: dict[str, object] = {OPENING: {"all": [{"m_0": {OPENING: 1}}]}}
    for number, count in enumerate(patterns):
        left = {"m_0": {f"a{number}": 1}}
        rules[f"r{number}"] = {"all": [left] if count == 1 else [left, {"m_1": {f"b{number}": {"m_0": f"k{number}"}}}]}
    names = [f"{letter}{number}" for number in range(len(patterns)) for letter in "abk"]
    names += [OPENING, "sid", "id", "$s", "$i", "m_0", "m_1"]
    if len({hashed(name) for name in names}) < len(names):
        raise NetworkError("two names of the network have one hash")
    return rules


def written(sid: str, identifier: str, rule: int, side: Side, key: int) -> str:
    """A fact as durable_rules reads it."""
    if side is Side.RIGHT:
        return f'{{"sid":"{sid}","id":"{identifier}","b{rule}":{key:d}}}'
    return f'{{"sid":"{sid}","id":"{identifier}","a{rule}":1,"k{rule}":{key:d}}}'

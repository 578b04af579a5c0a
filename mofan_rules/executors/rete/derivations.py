"""Derived facts on the network, kept up to date: what is asserted or retracted changes what follows from it, and nothing else is computed again.

A token that loses all its firings falls, and what was made of it falls with it. Where rules are recursive, being carried by a firing is not enough, for two
facts may carry each other: there everything that rests on what fell is deleted first, and what still has a firing that lives is derived again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import assert_never

from mofan_rules.executors.rete.consumers import Consumer, Head, Key, Matched, Read, Tally
from mofan_rules.executors.rete.from_ir import planned
from mofan_rules.executors.rete.network import Engine, Network
from mofan_rules.executors.rete.tokens import Content, Firing, Holding, Place, Token
from mofan_rules.ir.derivations import Changed, Derivation, DerivedFact, Found, Ground, Pattern, in_order

Queue = dict[tuple[Token, Consumer], None]


@dataclass(slots=True)
class _Interned:
    number: int
    used: int = 0


class Derivations:
    """What follows from what patterns find, as long as finds come and go. It must be closed; a `with` does so.

    Parameters
    ----------
    until: the as-of date, or the known-at date if that is earlier; what is dated later is not derived yet.
    engine: in the place of durable_rules; for tests.

    Raises
    ------
    NetworkError: if there is no network, it is full, or it fails. Nothing more can be asked of it then.
    """

    def __init__(self, derivations: Iterable[Derivation], until: date, engine: Engine | None = None) -> None:
        self._plan = planned(derivations)
        self._until = until
        self._network = Network(self._plan.patterns, engine)
        self._queues: list[Queue] = [{} for _ in range(self._plan.levels)]
        self._facts: dict[int, Holding] = {}
        self._keys: dict[Key, _Interned] = {}
        self._next_key = 0
        self._later: dict[date, dict[Token, None]] = {}
        self._before: dict[Token, bool] = {}
        self._fact_places = set(map(id, self._plan.facts.values()))

    def __enter__(self) -> "Derivations":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Frees the network; a second time does nothing."""
        self._network.close()

    @property
    def fired(self) -> int:
        """How often the rules of the network have fired."""
        return self._network.fired

    @property
    def held(self) -> int:
        """How many facts the network holds, dead ones that still lie there included."""
        return len(self._network)

    def derived(self) -> tuple[DerivedFact, ...]:
        """All that follows, in order."""
        facts = (token.content for place in self._plan.facts.values() for token in place.tokens.values() if token.live)
        return tuple(sorted((fact for fact in facts if isinstance(fact, DerivedFact)), key=in_order))

    def update(self, asserted: Iterable[tuple[Pattern, Found]] = (), retracted: Iterable[tuple[Pattern, Found]] = (), until: date | None = None) -> Changed:
        """Assert and retract what patterns find, and tell what follows now and did not, and the other way round.

        Parameters
        ----------
        asserted, retracted: a find that is asserted twice must be retracted twice. What is both changes nothing. Finds of patterns that no derivation has are
            passed over.
        until: the day up to which is derived from now on.

        Raises
        ------
        ValueError: if a find is retracted that was not asserted, or `until` goes back. Nothing has changed then.
        NetworkError: as above.
        """
        counts: dict[tuple[Pattern, Found], int] = {}
        for finds, by in ((asserted, 1), (retracted, -1)):
            for find in finds:
                counts[find] = counts.get(find, 0) + by
        self._check(counts, until)
        for (pattern, found), by in counts.items():
            if by and pattern in self._plan.grounds:
                self._assert(self._plan.grounds[pattern], found, by)
        if until is not None:
            self._advance(until)
        return self._settle()

    def become(self, ground: Ground, until: date | None = None) -> Changed:
        """As `update`, from all that is asserted now to exactly these finds."""
        now = {(pattern, token.content) for pattern, place in self._plan.grounds.items() for token in place.tokens.values() if token.asserted}
        then = {(pattern, found) for pattern in self._plan.grounds for found in ground.get(pattern, ())}
        gone = [(pattern, found) for pattern, found in now - then if isinstance(found, Found)]
        times = {find: self._plan.grounds[find[0]].tokens[find[1]].asserted for find in gone}
        return self.update(then - now, [find for find in gone for _ in range(times[find])], until)

    def _check(self, counts: Mapping[tuple[Pattern, Found], int], until: date | None) -> None:
        if until is not None and until < self._until:
            raise ValueError(f"derived up to {self._until} already, asked for {until}")
        for (pattern, found), by in counts.items():
            place = self._plan.grounds.get(pattern)
            token = None if place is None else place.tokens.get(found)
            if place is not None and by + (0 if token is None else token.asserted) < 0:
                raise ValueError(f"not asserted: {found}")

    def _advance(self, until: date) -> None:
        self._until = until
        for day in sorted(day for day in self._later if day <= until):
            for token in self._later.pop(day):
                self._see_to(token)

    # tokens

    def _token(self, place: Place, content: Content) -> Token:
        token = place.tokens.get(content)
        if token is None:
            token = place.tokens[content] = Token(place, content)
        return token

    def _assert(self, place: Place, found: Found, by: int) -> None:
        token = self._token(place, found)
        token.asserted += by
        self._see_to(token)

    def _founded(self, token: Token) -> bool:
        """Does it hold now? (What is dated later waits.)"""
        if not token.asserted and not token.support:
            return False
        if isinstance(token.content, DerivedFact) and token.content.dated > self._until:
            self._later.setdefault(token.content.dated, {})[token] = None
            return False
        return True

    def _see_to(self, token: Token) -> None:
        founded = self._founded(token)
        if founded != token.live:
            self._turn(token, founded)
        elif not founded:
            self._forget(token)

    def _turn(self, token: Token, live: bool) -> None:
        if id(token.place) in self._fact_places:
            self._before.setdefault(token, token.live)
        token.live = live
        for consumer in token.place.consumers:
            self._queues[consumer.level][token, consumer] = None

    def _forget(self, token: Token) -> None:
        """What nothing carries or has made, and nobody holds, is no more."""
        if not (token.live or token.asserted or token.made_by or token.held) and token.place.tokens.get(token.content) is token:
            del token.place.tokens[token.content]
            if isinstance(token.content, DerivedFact) and token.content.dated in self._later:
                self._later[token.content.dated].pop(token, None)

    # level by level

    def _settle(self) -> Changed:
        for level, queue in enumerate(self._queues):
            self._settle_level(queue)
            for tally in self._plan.tallies:
                if tally.level == level:
                    self._recount(tally)
        before, self._before = self._before, {}
        facts = [(token.content, was, token.live) for token, was in before.items() if isinstance(token.content, DerivedFact)]
        for token in before:
            self._forget(token)
        derived = sorted((fact for fact, was, now in facts if now and not was), key=in_order)
        withdrawn = sorted((fact for fact, was, now in facts if was and not now), key=in_order)
        # a fact may have fallen and come again as another token
        again = set(derived) & set(withdrawn)
        return Changed(tuple(fact for fact in derived if fact not in again), tuple(fact for fact in withdrawn if fact not in again))

    def _settle_level(self, queue: Queue) -> None:
        """Deaths first; then what fell and is still carried; then births. Within a level a birth kills nothing."""
        born: list[tuple[Token, Consumer]] = []
        fallen: dict[Token, None] = {}
        while queue:
            token, consumer = next(iter(queue))
            del queue[token, consumer]
            held = token.held.get(consumer)
            wanted = self._wanted(token, consumer)
            if held is not None and held.live and not wanted:
                self._die(held, fallen)
            elif wanted and (held is None or not held.live):
                born.append((token, consumer))
        for token in fallen:
            self._see_to(token)
        queue.update(dict.fromkeys(born))
        while queue:
            token, consumer = next(iter(queue))
            del queue[token, consumer]
            held = token.held.get(consumer)
            if (held is None or not held.live) and self._wanted(token, consumer):
                self._live(token, consumer)
            elif not token.live:
                self._forget(token)

    def _wanted(self, token: Token, consumer: Consumer) -> bool:
        if isinstance(consumer, Head):
            assert isinstance(token.content, Found)
            for limit in consumer.limits:
                limit.watch(token, token.content, on=token.live)
            return token.live and consumer.result(token.content) is not None
        return token.live

    def _die(self, held: Holding, fallen: dict[Token, None]) -> None:
        held.live = False
        for firing in held.firings:
            if firing.live:
                firing.live = False
                result = firing.result
                result.support -= 1
                if result.live and (not result.support or result.place.recursive):
                    self._turn(result, False)
                fallen[result] = None
        match held.consumer:
            case Matched():
                assert held.number is not None
                for number in self._network.remove(held.number):
                    self._drop(self._facts.pop(number))
            case Tally() as tally:
                assert isinstance(held.token.content, Found)
                tally.enter(held.token.content, -1)
                self._drop(held)
            case Read() | Head():
                self._drop(held)
            case _:
                assert_never(held.consumer)

    def _drop(self, held: Holding) -> None:
        """A holding that cannot come to life again goes, with its firings."""
        token, consumer = held.token, held.consumer
        if isinstance(consumer, Matched):
            assert isinstance(token.content, Found)
            key = consumer.key(token.content)
            interned = self._keys[key]
            interned.used -= 1
            if not interned.used:
                del self._keys[key]
        del token.held[consumer]
        for firing in held.firings:
            other = firing.other(held)
            if other is not None:
                del other.firings[firing]
            firing.result.made_by -= 1
            self._forget(firing.result)
        self._forget(token)

    def _live(self, token: Token, consumer: Consumer) -> None:
        held = token.held.get(consumer)
        if held is not None:
            held.live = True
            assert held.number is not None
            self._network.revive(held.number)
            for firing in list(held.firings):
                self._carry(firing)
            return
        held = token.held[consumer] = Holding(token, consumer, live=True)
        match consumer:
            case Matched():
                self._match(held, consumer)
            case Read() | Head():
                result = consumer.result(token.content)  # type: ignore[arg-type]  # the place of a head holds finds, that of a reading facts
                if result is not None:
                    self._fire(held, None, consumer.out, result)
            case Tally():
                assert isinstance(token.content, Found)
                consumer.enter(token.content, 1)
            case _:
                assert_never(consumer)

    def _match(self, held: Holding, consumer: Matched) -> None:
        """Assert a fact in the network, and take down what fires."""
        assert isinstance(held.token.content, Found)
        held.number, fired = self._network.add(consumer.rule, consumer.side, self._number(consumer.key(held.token.content)))
        self._facts[held.number] = held
        for one in fired:
            left, right = self._facts[one.left], None if one.right is None else self._facts[one.right]
            first, second = left.token.content, None if right is None else right.token.content
            assert isinstance(first, Found) and not isinstance(second, DerivedFact)
            result = consumer.join(first, second)
            if result.first <= result.last:
                self._fire(left, right, consumer.out, result)

    def _number(self, key: Key) -> int:
        interned = self._keys.get(key)
        if interned is None:
            interned = self._keys[key] = _Interned(self._next_key)
            self._next_key += 1
        interned.used += 1
        return interned.number

    def _fire(self, left: Holding, right: Holding | None, place: Place, content: Content) -> None:
        firing = Firing(left, right, self._token(place, content))
        firing.result.made_by += 1
        left.firings[firing] = None
        if right is not None:
            right.firings[firing] = None
        self._carry(firing)

    def _carry(self, firing: Firing) -> None:
        if firing.holds and not firing.live:
            firing.live = True
            firing.result.support += 1
            self._see_to(firing.result)

    # counts

    def _recount(self, tally: Tally) -> None:
        """Counts the changed groups again, and what follows from them looks once more."""
        limits = [limit for head in self._plan.heads for limit in head.limits if limit.tally is tally]
        for key in tally.changed:
            found, before = tally.recount(key), tally.reached.get(key)
            if tally.out is not None and found != before:
                if before is not None:
                    del tally.reached[key]
                    self._assert(tally.out, before, -1)
                if found is not None:
                    tally.reached[key] = found
                    self._assert(tally.out, found, 1)
            for limit in limits:
                for token in limit.watching.get(key, ()):
                    for consumer in token.place.consumers:
                        self._queues[consumer.level][token, consumer] = None
        tally.changed.clear()

"""Derivations on the network against the interpreter's, on random programs: at once, and while finds come and go."""

from random import Random
from typing import Any

import pytest

pytest.importorskip("durable_rules_engine", reason="the extra `live` is not installed")

import durable_rules_engine

from mofan_rules.executors.interpreter.derive import derive as derive_plainly
from mofan_rules.executors.interpreter.standing import Derivations as OnInterpreter
from mofan_rules.executors.rete import network
from mofan_rules.executors.rete.derivations import Derivations
from mofan_rules.executors.rete.derive import derive
from mofan_rules.executors.rete.network import Engine, NetworkError
from mofan_rules.ir.derivations import Changed, Derivation, DerivedFact, Found, Ground, Head, Literal, OfDerived, OfVerdicts, Pattern, Variable, in_order
from mofan_rules.schema import Type
from mofan_rules.values.dates import BEGINNING, END
from tests.rete.programs import DAYS, EDGES, changes, day, ground, program

pytestmark = pytest.mark.live

SHARDS = 10
SEEDS = 600


def plainly(rules: tuple[Derivation, ...], found: Ground, until: int) -> tuple[DerivedFact, ...]:
    return tuple(sorted(derive_plainly(rules, found, day(until)), key=in_order))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_at_once(shard: int) -> None:
    reached = 0
    for seed in range(shard, SEEDS, SHARDS):
        drawn, random = program(seed), Random(seed)
        found, until = ground(drawn, random), DAYS + random.randint(-6, 6)
        expected = plainly(drawn.derivations, found, until)
        assert derive(drawn.derivations, found, day(until)) == expected, seed
        reached += bool(expected)
    assert reached >= SEEDS // SHARDS // 4


@pytest.mark.parametrize("least", [0, 32])
@pytest.mark.parametrize("shard", range(SHARDS))
def test_while_finds_come_and_go(shard: int, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each change all that follows is as if derived anew, and what changed is told; with shards built anew after every death, and seldom."""
    monkeypatch.setattr(network, "LEAST_DEAD", least)
    withdrawn = 0
    for seed in range(shard, SEEDS // 2, SHARDS):
        drawn, random = program(seed), Random(seed)
        with Derivations(drawn.derivations, day(0)) as standing:
            plain, before, until = OnInterpreter(drawn.derivations, day(0)), set[DerivedFact](), 0
            for found in changes(drawn, random, 12):
                until += random.randint(0, 2)
                changed = standing.become(found, day(until))
                now = plainly(drawn.derivations, found, until)
                assert standing.derived() == now, (seed, until)
                assert changed == Changed(tuple(fact for fact in now if fact not in before), tuple(sorted(before - set(now), key=in_order))), (seed, until)
                assert plain.become(found, day(until)) == changed
                before = set(now)
                withdrawn += len(changed.withdrawn)
    assert withdrawn > 10


def test_nothing_is_kept_of_what_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "LEAST_DEAD", 0)
    for seed in range(60):
        drawn, random = program(seed), Random(seed)
        with Derivations(drawn.derivations, day(DAYS)) as standing:
            for found in changes(drawn, random, 3):
                standing.become(found)
            standing.become({})
            assert standing.derived() == ()
            assert not any(place.tokens for place in standing._plan.facts.values())
            assert standing.held == len(standing._facts) <= sum(len(place.tokens) for place in standing._plan.grounds.values()) * 10
            assert sum(interned.used for interned in standing._keys.values()) == standing.held


# by hand

X, Y, Z = (Variable(name, Type.ORGANIZATION) for name in "xyz")
MISSED = Pattern(OfVerdicts(frozenset({"r"}), frozenset({"violated"})), (("subject", X),))
PARENT = Pattern(EDGES, (("source", X), ("target", Y)))
RAISED = Pattern(OfDerived(frozenset({"raised"})), (("organization", X),))
FIRST = Derivation("first", Head("raised", X), (MISSED,))
HIGHER = Derivation("higher", Head("raised", Y), (RAISED, PARENT))


def missed(organization: str, number: int = 1) -> tuple[Pattern, Found]:
    return MISSED, Found((organization,), day(number), BEGINNING, END)


def edge(source: str, target: str) -> tuple[Pattern, Found]:
    return PARENT, Found((source, target), None, BEGINNING, END)


def raised(*organizations: str) -> tuple[DerivedFact, ...]:
    return tuple(DerivedFact("raised", organization, day(1)) for organization in organizations)


def test_what_carries_itself_in_a_circle_falls_with_its_cause() -> None:
    with Derivations((FIRST, HIGHER), day(9)) as standing:
        standing.update([edge("a", "b"), edge("b", "c"), edge("c", "a")])
        assert standing.update([missed("a")]).derived == raised("a", "b", "c")
        assert standing.update(retracted=[missed("a")]) == Changed((), raised("a", "b", "c"))
        assert standing.update([missed("a")]).derived == raised("a", "b", "c")
        assert standing.update([missed("c")], [missed("a")]) == Changed()
        assert standing.update(retracted=[edge("a", "b")]) == Changed((), raised("b"))


def test_what_was_asserted_twice_stays_until_it_is_retracted_twice() -> None:
    with Derivations((FIRST,), day(9)) as standing:
        standing.update([missed("a"), missed("a")])
        assert standing.update(retracted=[missed("a")]) == Changed()
        assert standing.update([missed("a")], [missed("a")]) == Changed()
        assert standing.become({}) == Changed((), raised("a"))


def test_what_is_wrong_changes_nothing() -> None:
    for standing in (Derivations((FIRST,), day(5)), OnInterpreter((FIRST,), day(5))):
        standing.update([missed("a")])
        for wrong in (lambda at=standing: at.update([missed("c")], [missed("b")]), lambda at=standing: at.update([missed("c")], until=day(4))):
            with pytest.raises(ValueError):
                wrong()
        assert standing.derived() == raised("a")
        standing.close()
        standing.close()


def test_what_is_dated_later_waits_for_its_day() -> None:
    with Derivations((FIRST, Derivation("of x", Head("told", X), (RAISED,))), day(0)) as standing:
        assert standing.update([missed("a"), missed("b")]) == Changed()
        assert standing.update(retracted=[missed("b")], until=day(1)).derived == (*raised("a"), DerivedFact("told", "a", day(1)))


def test_the_network_fires_for_every_find_and_every_join() -> None:
    with Derivations((FIRST, HIGHER), day(9)) as standing:
        standing.update([missed("a"), edge("a", "b")])
        # the verdict; the raised fact with the edge
        assert (standing.fired, standing.held) == (2, 4)
        standing.update([edge("x", "y")])
        assert standing.fired == 2


class Silent:
    """A network that takes everything and never fires but to open its shards."""

    def __getattr__(self, name: str) -> Any:
        return getattr(durable_rules_engine, name)

    def start_action_for_state(self, handle: int, state: int) -> Any:
        found = durable_rules_engine.start_action_for_state(handle, state)
        return found if found is not None and "opening" in found[1] else None


def test_a_stub_in_the_place_of_the_network_is_found_out() -> None:
    engine: Engine = Silent()
    found: Ground = {MISSED: frozenset({missed("a")[1]}), PARENT: frozenset({edge("a", "b")[1]})}
    assert derive((FIRST, HIGHER), found, day(9)) == raised("a", "b")
    with pytest.raises(NetworkError, match="0 firings where there must be 1"):
        derive((FIRST, HIGHER), found, day(9), engine)


def test_literals_and_values_that_look_alike_are_kept_apart() -> None:
    rule = Derivation("d", Head("k", Literal("o", Type.ORGANIZATION), (("a_0", X),)), (MISSED,))
    values = ("1", "支部", "", "a" * 5_000, '"}')
    found: Ground = {MISSED: frozenset(Found((value,), day(1), BEGINNING, END) for value in values)}
    assert {fact.attributes[0][1] for fact in derive((rule,), found, day(2))} == set(values)

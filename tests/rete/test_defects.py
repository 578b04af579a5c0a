"""What is known to be wrong with durable_rules 2.0.28, each shown on itself, and beside it that the adapter is safe from it."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("durable_rules_engine", reason="the extra `live` is not installed")

import durable_rules_engine

from mofan_rules.executors.rete import identifiers, network
from mofan_rules.executors.rete.from_ir import planned
from mofan_rules.executors.rete.identifiers import Identifiers, hashed
from mofan_rules.executors.rete.network import Engine, Fired, Network, NetworkError, NetworkFull, Side, definition, written
from tests.rete.children import run
from tests.rete.programs import program

pytestmark = pytest.mark.live

ONE = '{"r": {"all": [{"m": {"a": 1}}]}}'


@pytest.fixture
def joins() -> Iterator[Network]:
    """A rule of one pattern, and one of two."""
    with Network([1, 2]) as made:
        yield made


# what kills the process, or never returns


def test_a_join_of_more_than_one_equality_kills_the_process() -> None:
    lines = """
pattern = {"$and": [{"b": {"m_0": "k"}}, {"$lt": {"c": {"m_0": "l"}}}]}
handle = engine.create_ruleset("x", json.dumps({"r": {"all": [{"m_0": {"a": 1}}, {"m_1": pattern}]}}))
for number in range(20):
    fire(handle, {"sid": "s", "id": f"a{number}", "a": 1, "k": 1, "l": 0})
    fire(handle, {"sid": "s", "id": f"b{number}", "b": 1, "c": 1})
"""
    code = run(lines, MALLOC_MMAP_THRESHOLD_="1000").code
    assert code is not None and code < 0


def test_dropping_a_state_in_which_nothing_fired_kills_the_process() -> None:
    lines = f"""
handle = engine.create_ruleset("x", json.dumps({ONE}))
for number in range(20):
    engine.assert_fact(handle, json.dumps({{"sid": f"s{{number}}", "id": "1", "a": 1}}))
    engine.delete_state(handle, f"s{{number}}")
"""
    code = run(lines, MALLOC_PERTURB_="171").code
    assert code is not None and code < 0


def test_a_lone_absence_hangs() -> None:
    lines = """
from durable.lang import assert_fact, m, ruleset, when_all
with ruleset("x"):
    @when_all(-m.a)
    def nothing(c): pass
assert_fact("x", {"b": 1})
"""
    assert run(lines, seconds=2).code is None


@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_none_of_these_can_be_written(seed: int) -> None:
    """A rule asks for a key of our own, and its second pattern, if it has one, for one equality; a fact has at most four keys, with whole numbers in them."""
    for drawn in (program(number) for number in range(seed, seed + 10)):
        patterns = planned(drawn.derivations).patterns
        rules: dict[str, Any] = definition(patterns)
        assert rules.pop(network.OPENING) == {"all": [{"m_0": {network.OPENING: 1}}]}
        for number, (name, rule) in enumerate(rules.items()):
            first, *second = rule["all"]
            assert (name, list(rule), first) == (f"r{number}", ["all"], {"m_0": {f"a{number}": 1}})
            assert second == [{"m_1": {f"b{number}": {"m_0": f"k{number}"}}}] * (patterns[number] - 1)
    for side in Side:
        fact = json.loads(written("s0", "1", 7, side, 5))
        assert len(fact) <= 4 and all(type(value) is int for key, value in fact.items() if key not in ("sid", "id"))


def test_shards_in_which_no_rule_of_ours_fired_are_dropped_safely() -> None:
    """Run where freeing what was never set is sure to be noticed."""
    lines = """
from mofan_rules.executors.rete.network import Network, Side
for _ in range(50):
    with Network([2, 1]) as network:
        for key in range(70):
            network.add(0, Side.LEFT, key)
print("alive")
"""
    assert run(lines, MALLOC_PERTURB_="171", PYTHONPATH=".").output == "alive"


# what is refused, or answered wrongly


def test_two_ids_with_one_hash_are_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = durable_rules_engine.create_ruleset("x", ONE)
    answers = [durable_rules_engine.assert_fact(handle, json.dumps({"sid": "s", "id": name, "a": 1}))[0] for name in ("2047.34", "5246.10")]
    assert answers == [network.HANDLED, network.OBSERVED]
    assert hashed("2047.34") == hashed("5246.10")
    ids = Identifiers()
    allotted = [ids.allot() for _ in range(60_000)]
    assert len({hashed(name) for name in allotted}) == len(ids) == 60_000
    assert all(name.isascii() and len(name) < 20 for name in allotted)
    with pytest.raises(UnicodeEncodeError):
        hashed("支部")
    # where hashes are scarce, ids are passed over, and what is released may be used again
    monkeypatch.setattr(identifiers, "hashed", lambda text: sum(text.encode()) % 50)
    few = Identifiers(("sid-s0",))
    kept = [few.allot() for _ in range(49)]
    few.release(kept[7])
    kept[7] = few.allot()
    assert len({identifiers.hashed(name) for name in (*kept, "sid-s0")}) == 50


def test_text_is_compared_with_numbers_as_text(joins: Network) -> None:
    rule = '{"r": {"all": [{"m": {"$gte": {"n": 7}}}]}}'
    handle = durable_rules_engine.create_ruleset("x", rule)
    matched = [durable_rules_engine.assert_fact(handle, json.dumps({"sid": "s", "id": str(n), "n": value}))[0] for n, value in enumerate(("9", "10"))]
    assert matched == [network.HANDLED, network.UNMATCHED]
    with pytest.raises(durable_rules_engine.error):
        durable_rules_engine.assert_fact(handle, '{"sid": "s", "id": "x", "n": 1e300}')
    for wrong in ("9", 9.0, True, None, -1, 1e300, 2**53 + 1, 10**30):
        with pytest.raises(NetworkError, match="not a key"):
            joins.add(1, Side.LEFT, wrong)  # type: ignore[arg-type]
    assert len(joins) == 0
    joins.add(1, Side.LEFT, 2**53)
    assert len(joins.add(1, Side.RIGHT, 2**53)[1]) == 1


def test_negation_and_arithmetic_on_the_left_and_many_keys_are_refused() -> None:
    for pattern in ({"$not": [{"n": 7}]}, {"$gte": {"$add": {"$l": {"m": "a"}, "$r": 1}}}):
        with pytest.raises(durable_rules_engine.error):
            durable_rules_engine.create_ruleset("x", json.dumps({"r": {"all": [{"m": pattern}]}}))
    handle = durable_rules_engine.create_ruleset("x", ONE)
    with pytest.raises(durable_rules_engine.error):
        durable_rules_engine.assert_fact(handle, json.dumps({"sid": "s", "id": "1", "a": 1} | {f"k{number}": 1 for number in range(255)}))


def test_an_event_fires_once_but_a_fact_for_every_partner(joins: Network) -> None:
    lines = f"""
handle = engine.create_ruleset("x", json.dumps({{"r": {ONE[6:-1]}, "q": {ONE[6:-1]}}}))
print(fire(handle, {{"sid": "1", "id": "1", "a": 1}}, engine.assert_event), fire(handle, {{"sid": "2", "id": "1", "a": 1}}))
"""
    assert run(lines).output == "1 2"
    left, fired = joins.add(1, Side.LEFT, 5)
    assert fired == []
    rights = [joins.add(1, Side.RIGHT, 5) for _ in range(40)]
    assert [fired for _, fired in rights] == [[Fired(left, number)] for number, _ in rights]
    other, fired = joins.add(1, Side.LEFT, 5)
    assert sorted(fired, key=str) == sorted((Fired(other, number) for number, _ in rights), key=str)
    assert joins.fired == 80


def test_states_end_at_a_thousand_and_slow_down_with_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = f"""
handle = engine.create_ruleset("x", json.dumps({ONE}))
for number in range(2000):
    engine.assert_fact(handle, json.dumps({{"sid": f"s{{number}}", "id": "1", "a": 1}}))
"""
    assert run(lines).output.endswith("MemoryError")
    monkeypatch.setattr(network, "MOST_FACTS_IN_SHARD", 20)
    with Network([1]) as filled:
        for key in range(20 * network.SHARDS):
            filled.add(0, Side.LEFT, key)
        for key in (0, 1):
            with pytest.raises(NetworkFull):
                filled.add(0, Side.LEFT, key)
        assert len(filled) == filled.fired == 20 * network.SHARDS


def test_no_thread_is_started_and_no_host_made() -> None:
    lines = """
import sys, threading
from mofan_rules.executors.rete.network import Network, Side
with Network([2]) as network:
    network.add(0, Side.LEFT, 1)
    network.add(0, Side.RIGHT, 1)
print(threading.active_count(), sorted(name for name in sys.modules if name.split(".")[0] == "durable"))
"""
    assert run(lines, PYTHONPATH=".").output == "1 []"
    assert threading.active_count() < 50


# what the adapter notices


class Tampered:
    """durable_rules, with one call that does something else."""

    def __init__(self, call: str, does: Any) -> None:
        self.call, self.does = call, does

    def __getattr__(self, name: str) -> Any:
        return self.does if name == self.call else getattr(durable_rules_engine, name)


def opened(handle: int, fact: str) -> Any:
    return durable_rules_engine.assert_fact(handle, fact)


@pytest.mark.parametrize(
    ("call", "does", "told"),
    [
        ("assert_fact", lambda handle, fact: (1, 1), "could not be opened"),
        ("assert_fact", lambda handle, fact: opened(handle, fact) if "opening" in fact else (1, 1), "not matched"),
        ("assert_fact", lambda handle, fact: opened(handle, fact) if "opening" in fact else (2, 1), "taken for another"),
        ("assert_fact", lambda handle, fact: opened(handle, fact.replace('"k1":5', '"k1":6')), "0 firings where there must be 1"),
        ("assert_fact", lambda handle, fact: opened(handle, fact.replace('"b1":69', '"b1":5')), "more firings than there can be"),
        ("complete_and_start_action", lambda handle, state: '{"r1": {"m_0": {"id": "0"}, "m_1": {"id": "1"}}}', "could not be opened"),
        ("start_action_for_state", lambda handle, state: None, "could not be opened"),
        ("start_action_for_state", lambda handle, state: 1 / 0, "division by zero"),
    ],
)
def test_a_firing_that_is_lost_repeated_or_swallowed_is_an_error(call: str, does: Any, told: str) -> None:
    engine: Engine = Tampered(call, does)
    with Network([1, 2], engine) as tampered, pytest.raises(NetworkError, match=told):
        tampered.add(1, Side.LEFT, 5)
        tampered.add(1, Side.RIGHT, 5)
        tampered.add(1, Side.RIGHT, 69)  # in the shard of 5
    with pytest.raises(NetworkError, match="closed"):
        tampered.add(1, Side.LEFT, 5)


@pytest.mark.parametrize("told", ['{"r0": {"m_0": {"id": "0"}}}', '{"r1": {"m_0": {"id": "0"}}}', '{"r1": {"m_0": {"id": "0"}, "m_1": {"id": "9"}}}', "[1]"])
def test_a_firing_of_other_facts_is_an_error(told: str) -> None:
    def start(handle: int, state: int) -> Any:
        found = durable_rules_engine.start_action_for_state(handle, state)
        return found if found is None or "opening" in found[1] else (found[0], told)

    engine: Engine = Tampered("start_action_for_state", start)
    with Network([1, 2], engine) as tampered, pytest.raises(NetworkError):
        tampered.add(1, Side.LEFT, 5)
        tampered.add(1, Side.RIGHT, 5)

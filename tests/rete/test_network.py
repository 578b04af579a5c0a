"""The adapter: what fires, what is dead, and what is left behind."""

from pathlib import Path
from random import Random

import pytest

pytest.importorskip("durable_rules_engine", reason="the extra `live` is not installed")

from mofan_rules.executors.rete import network
from mofan_rules.executors.rete.network import Fired, Network, NetworkError, Side

pytestmark = pytest.mark.live

MEGABYTE = 2**20


def memory() -> int:
    """What this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("least", [0, 32])
def test_it_fires_for_every_pair_once(seed: int, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a nested loop, while facts come, die, are revived, and shards are built anew."""
    monkeypatch.setattr(network, "LEAST_DEAD", least)
    random = Random(seed)
    with Network([2, 1, 2]) as made:
        alive: dict[int, tuple[int, Side, int]] = {}
        dead: dict[int, tuple[int, Side, int]] = {}
        for _ in range(1_500):
            draw = random.random()
            if draw < 0.35 and alive:
                number = random.choice(list(alive))
                dead[number] = alive.pop(number)
                for gone in made.remove(number):
                    del dead[gone]
            elif draw < 0.45 and dead:
                number = random.choice(list(dead))
                made.revive(number)
                alive[number] = dead.pop(number)
            else:
                rule = random.randrange(3)
                side = Side.LEFT if rule == 1 else Side(random.randrange(2))
                key = random.randrange(12)
                number, fired = made.add(rule, side, key)
                partners = [other for other, fact in (alive | dead).items() if fact == (rule, Side(1 - side), key)]
                expected = [Fired(number, None)] if rule == 1 else [Fired(*((number, other) if side is Side.LEFT else (other, number))) for other in partners]
                assert sorted(fired, key=str) == sorted(expected, key=str)
                alive[number] = (rule, side, key)
            assert len(made) == len(alive) + len(dead)


def test_what_is_no_fact_is_refused() -> None:
    with Network([1, 2]) as made:
        for wrong in (lambda: made.add(2, Side.LEFT, 1), lambda: made.add(0, Side.RIGHT, 1), lambda: made.remove(0), lambda: made.revive(0)):
            with pytest.raises(NetworkError):
                wrong()
        number, _ = made.add(0, Side.LEFT, 1)
        with pytest.raises(NetworkError):
            made.revive(number)
        made.remove(number)
        with pytest.raises(NetworkError):
            made.remove(number)
    made.close()
    for patterns in ([0], [3], [1] * (network.MOST_RULES + 1)):
        with pytest.raises(NetworkError):
            Network(patterns)
    with Network([]) as empty, pytest.raises(NetworkError):
        empty.add(0, Side.LEFT, 1)


def cycle(number: int) -> None:
    with Network([2, 1, 2]) as made:
        for key in range(number, number + 6):
            made.add(0, Side.LEFT, key)
            made.add(0, Side.RIGHT, key)
            made.add(1, Side.LEFT, key)


def test_nothing_is_left_after_closing(request: pytest.FixtureRequest) -> None:
    """Networks opened and closed (`--many`: ten thousand), each with facts in several shards."""
    cycles = 10_000 if request.config.getoption("--many") else 400
    for number in range(100):
        cycle(number)
    before = memory()
    for number in range(cycles):
        cycle(number)
    # one network left behind holds about 400 kB
    assert memory() - before < 24 * MEGABYTE


def test_facts_that_come_and_go_leave_nothing(request: pytest.FixtureRequest) -> None:
    """Facts asserted and removed (`--many`: a million), with few alive at a time."""
    facts = 1_000_000 if request.config.getoption("--many") else 30_000
    random = Random(1)
    with Network([2, 1]) as made:
        alive: list[int] = []

        def churn(times: int) -> None:
            for _ in range(times):
                side = Side(random.randrange(2))
                alive.append(made.add(0, side, random.randrange(100_000))[0])
                if len(alive) > 500:
                    made.remove(alive.pop(random.randrange(len(alive))))

        churn(20_000)
        before = memory()
        churn(facts)
        assert memory() - before < 24 * MEGABYTE
        assert len(made) < 500 + network.SHARDS * (2 * network.LEAST_DEAD + 2)

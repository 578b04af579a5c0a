"""How long does a session take for one recorded event, with the whole of `rulesets/mofan`?

    pytest --benchmark-enable -s benchmarks/bench_session.py

Events of the kinds that branches have most come for branches drawn at random, through `record` with validation and journal. `extra_info` holds the seconds to
open, processor milliseconds for an event (median, 99 of 100, most), for events of branches that had none before and for others, and how many events changed
a verdict.
"""

import random
import sys
import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import mofan_rules as mr
from mofan_rules import pipeline

EVENTS = 150
BRANCHES = "SELECT DISTINCT s.id FROM facts.organizations o JOIN facts.subjects s ON s.number = o.organization WHERE o.kind = '党支部' AND o.certain ORDER BY 1"
KINDS = "SELECT kind FROM facts.events GROUP BY kind ORDER BY count(*) DESC, kind LIMIT 6"


def drawn(session: mr.Session, draw: random.Random, number: int) -> list[mr.Event]:
    """Events of the first quarter of 2025."""
    connection = session._stands().admitted.connection
    branches, kinds = ([row[0] for row in connection.execute(query).fetchall()] for query in (BRANCHES, KINDS))
    days = [f"2025-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 29)]
    return [mr.Event(organization=draw.choice(branches), kind=draw.choice(kinds), date=draw.choice(days), expected=10, attended=9) for _ in range(number)]


def told(seconds: list[float]) -> list[float]:
    """Milliseconds: median, 99 of 100, most."""
    ordered = sorted(seconds) or [0.0]
    return [round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) for share in (0.5, 0.99, 1)]


@pytest.mark.parametrize("branches", [60, 1_000])
def test_an_event(benchmark: BenchmarkFixture, tmp_path: Path, branches: int) -> None:
    pipeline.generate("rulesets/mofan", branches, 1, tmp_path / "facts", "parquet")
    facts = mr.load_facts(tmp_path / "facts")
    begun = time.perf_counter()
    session = mr.open_session(mr.load_ruleset("rulesets/mofan"), facts, "2025-04-01", period="2025", journal=tmp_path / "live.db")
    opened = time.perf_counter() - begun
    events = iter(drawn(session, random.Random(7), EVENTS))
    first: list[float] = []
    later: list[float] = []
    seen: set[str | None] = set()
    changed = 0

    def record() -> None:
        nonlocal changed
        event = next(events)
        start = time.process_time()
        changed += bool(session.record(event))
        (later if event.organization in seen else first).append(time.process_time() - start)
        seen.add(event.organization)

    benchmark.pedantic(record, rounds=EVENTS, iterations=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(open_seconds=round(opened, 1), first=told(first), later=told(later), changed=changed / EVENTS)
    print(benchmark.extra_info)
    session.close()


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))

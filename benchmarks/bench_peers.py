"""The same job by this library and by others, side by side: the same verdicts first, then time, memory, and what one has to write.

    pip install ".[live,test,bench]"
    pytest --benchmark-enable benchmarks/bench_peers.py

The job is `benchmarks/peers/rulesets/whole/ruleset.yaml`, from two Parquet files to verdicts of one form. Every round of every peer is a process of its own,
peers in turn. The run writes its part of `docs/benchmarks.md`, and the chart beside it. What pytest-benchmark times is the whole process, imports included;
the figures of the table are those of the job alone. json-rules-engine is fetched by npm into a temporary folder, or taken from `NODE_PATH`.
"""

import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.peers.facts import write_facts
from benchmarks.peers.lines import lines_of_code
from benchmarks.peers.page import Figure, Result, chart, replaced, tables
from benchmarks.peers.table import LARGE, PEERS, SMALL, Peer, fetch_json_rules_engine
from benchmarks.peers.verdicts import Verdicts, differences, mapping

ROOT = Path(__file__).parents[1]
ROUNDS = 3
SLOW = 10
"""A peer whose job takes more seconds than this is timed once, by the run whose verdicts were compared."""

ASKED = [pytest.param(peer, size, id=f"{peer.name}-{size}") for size in (SMALL, LARGE) for peer in PEERS if size <= peer.at_most]


@dataclass
class Run:
    """What a run has found so far."""

    facts: dict[int, Path]
    expected: dict[int, Verdicts]
    skipped: dict[str, str]
    agreed: dict[tuple[str, int], float] = field(default_factory=dict)
    times: dict[tuple[str, int], list[dict[str, float]]] = field(default_factory=lambda: defaultdict(list))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    place = tmp_path_factory.mktemp("peers")
    unreached = None if os.environ.get("NODE_PATH") else fetch_json_rules_engine(place)
    skipped = {peer.name: reason for peer in PEERS if (reason := peer.missing())}
    if unreached and "json-rules-engine" in skipped:
        skipped["json-rules-engine"] = unreached
    facts = {size: place / str(size) for size in (SMALL, LARGE)}
    for size, folder in facts.items():
        (folder / "warm").mkdir(parents=True)
        write_facts(folder, size)
        write_facts(folder / "warm", 20)
    interpreter = next(peer for peer in PEERS if peer.arguments == {"executor": "interpreter"})
    # The interpreter is the specification, and too slow for the large set: there the executor `duckdb` says what is expected, which the small one has checked.
    expected = {SMALL: mapping(interpreter.judge(facts[SMALL])), LARGE: mapping(PEERS[0].judge(facts[LARGE]))}
    found = Run(facts, expected, skipped)
    yield found
    if found.times:
        write_page(found)


def child(peer: Peer, facts: Path, verdicts: Path | None = None) -> dict[str, float]:
    """The figures of one process."""
    command = [sys.executable, "-m", "benchmarks.peers.measure", peer.name, str(facts), *([str(verdicts)] if verdicts else [])]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


@pytest.mark.parametrize(("peer", "size"), ASKED)
def test_verdicts(run: Run, tmp_path: Path, peer: Peer, size: int) -> None:
    if peer.name in run.skipped:
        pytest.skip(run.skipped[peer.name])
    file = tmp_path / "verdicts.json"
    figures = child(peer, run.facts[size], file)
    found = {(requirement, organization, window): state for requirement, organization, window, state in json.loads(file.read_text())}
    differ = differences(found, run.expected[size], peer.requirements)
    assert not differ, f"{len(differ)} verdicts differ: {differ[:5]}"
    run.agreed[peer.name, size] = figures["wall"]
    if figures["wall"] > SLOW:
        run.times[peer.name, size].append(figures)


@pytest.mark.parametrize(("peer", "size"), ASKED)
@pytest.mark.parametrize("turn", range(ROUNDS))
def test_time(benchmark: BenchmarkFixture, run: Run, turn: int, peer: Peer, size: int) -> None:
    if (peer.name, size) not in run.agreed:
        pytest.skip(run.skipped.get(peer.name, "its verdicts were not those expected"))
    if run.agreed[peer.name, size] > SLOW:
        pytest.skip(f"takes more than {SLOW} seconds: timed once")
    figures: dict[str, Any] = benchmark.pedantic(child, args=(peer, run.facts[size]))  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(figures)
    run.times[peer.name, size].append(figures)


def results(run: Run) -> list[Result]:
    """Each peer with the least of its rounds."""
    found = []
    for peer in PEERS:
        figures = {}
        for size in (SMALL, LARGE):
            if rounds := run.times.get((peer.name, size)):
                least = {name: min(each[name] for each in rounds) for name in rounds[0]}
                figures[size] = Figure(least["wall"], least["cpu"], least["mb"], int(least["verdicts"]), len(rounds))
        found.append(Result(peer.name, sum(map(lines_of_code, peer.written())), peer.cannot, figures, run.skipped.get(peer.name)))
    return found


def write_page(run: Run) -> None:
    """The section of the page, and the chart."""
    found = results(run)
    sizes = [size for size in (SMALL, LARGE) if size in found[0].figures]
    section = f"Python {platform.python_version()}, {os.cpu_count()} processors.\n\n{tables(found, sizes)}"
    page = ROOT / "docs" / "benchmarks.md"
    page.write_text(replaced(page.read_text(encoding="utf-8"), section), encoding="utf-8")
    (ROOT / "docs" / "benchmarks-peers.svg").write_text(chart(found, sizes), encoding="utf-8")

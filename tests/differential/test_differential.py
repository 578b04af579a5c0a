"""The interpreter against every other executor, on random programs and random facts.

`pytest tests/differential --differential 5000 -s` draws more facts than CI does; `--differential-seed` begins elsewhere.
"""

from functools import reduce
from operator import add
from pathlib import Path

import pytest

from mofan_rules.executors import COMPLETE
from mofan_rules.verdicts.reasons import REASONS
from tests.differential.comparison import Difference, Report, differences
from tests.differential.reachable import KINDS, UNREACHABLE
from tests.differential.scenarios import scenarios
from tests.differential.shrinking import case_text, shrink

SEEDS = 170
"""How many sets of facts CI draws, with three programs each: at least 500 distinct programs on facts, and 200,000 cells."""

CELLS = 200_000
OFTEN = 100
"""How often each triple that is reachable must turn up."""

SHARDS = 13
"""Tests that share the seeds among them, so that several workers can run them. (What a seed is about goes by its rest by five.)"""


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory, worker_id: str, testrun_uid: str) -> Path:
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / f"differential-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("shard", range(SHARDS))
def test_executors_agree(shard: int, request: pytest.FixtureRequest, reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every executor gives the interpreter's table, byte for byte; the scenarios reach every state and reason often, which the shard sees to that is last."""
    wanted = request.config.getoption("--differential")
    start = request.config.getoption("--differential-seed")
    report = Report()
    found: list[Difference] = list(
        differences((drawn for seed in range(start + shard, start + (wanted or SEEDS), SHARDS) for drawn in scenarios(seed)), report)
    )
    (reports / f"{shard}.part").write_text(report.as_json(), encoding="utf-8")
    (reports / f"{shard}.part").rename(reports / f"{shard}.json")
    if found:
        smallest = shrink(min(found, key=lambda difference: len(difference.expected) + len(difference.found)))
        pytest.fail("\n".join((*(difference.describe() for difference in found[:10]), "", smallest.describe(), "", case_text(smallest))))
    done = sorted(reports.glob("*.json"))
    if len(done) == SHARDS:
        whole = reduce(add, (Report.from_json(path.read_text(encoding="utf-8")) for path in done))
        with capsys.disabled():
            print(f"\n{whole.table()}")
        if wanted is None:
            _is_enough(whole)


def _is_enough(report: Report) -> None:
    assert report.programs >= 500
    assert report.cells >= CELLS
    assert all(report.refused[name] * 20 < report.programs for name in COMPLETE), "an executor refuses too many programs"
    assert not set(report.triples) & set(UNREACHABLE), "what turns up must not stand in the list of what cannot"
    assert not rare(report)


def rare(report: Report) -> dict[tuple[str, str, str], int]:
    """The triples that are reachable and turned up less often than wanted, with their counts."""
    reachable = {(kind, state.value, reason) for kind in KINDS for reason, state in REASONS.items()} - set(UNREACHABLE)
    return {triple: report.triples[triple] for triple in sorted(reachable) if report.triples[triple] < OFTEN}

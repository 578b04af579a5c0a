"""The interpreter against every other executor, on random programs and random facts.

`pytest tests/differential --differential 5000 -s` draws more facts than CI does; `--differential-seed` begins elsewhere.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

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

BATCH = 5


def _batch(first: int, last: int) -> tuple[Report, list[Difference]]:
    """The scenarios of some seeds."""
    report = Report()
    return report, list(differences((drawn for seed in range(first, last) for drawn in scenarios(seed)), report))


def _batches(first: int, count: int) -> Iterator[tuple[Report, list[Difference]]]:
    starts = range(first, first + count, BATCH)
    ends = [min(start + BATCH, first + count) for start in starts]
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_batch, starts, ends)


def test_executors_agree(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    """Every executor gives the interpreter's table, byte for byte; the scenarios reach every state and reason often."""
    wanted = request.config.getoption("--differential")
    report = Report()
    found: list[Difference] = []
    for part, differing in _batches(request.config.getoption("--differential-seed"), wanted or SEEDS):
        report.programs += part.programs
        report.cells += part.cells
        report.triples += part.triples
        report.refused += part.refused
        found += differing
    with capsys.disabled():
        print(f"\n{report.table()}")
    if found:
        smallest = shrink(min(found, key=lambda difference: len(difference.expected) + len(difference.found)))
        pytest.fail("\n".join((*(difference.describe() for difference in found[:10]), "", smallest.describe(), "", case_text(smallest))))
    if wanted is None:
        assert report.programs >= 500
        assert report.cells >= CELLS
        assert all(count * 20 < report.programs for count in report.refused.values()), "an executor refuses too many programs"
        assert not rare(report)


def rare(report: Report) -> dict[tuple[str, str, str], int]:
    """The triples that are reachable and turned up less often than wanted, with their counts."""
    reachable = {(kind, state.value, reason) for kind in KINDS for reason, state in REASONS.items()} - set(UNREACHABLE)
    return {triple: report.triples[triple] for triple in sorted(reachable) if report.triples[triple] < OFTEN}


def test_what_is_called_unreachable_is_not_reached() -> None:
    """A triple that turns up must not stand in the list of those that cannot."""
    report = _batch(0, 10)[0]
    assert not set(report.triples) & set(UNREACHABLE)

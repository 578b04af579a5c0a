"""Roll-ups from counters: what the executor added up at the beginning, and the parts that have come out otherwise since, give what a batch run gives.

The scenarios draw roll-ups of every form: each `per`, runs of windows, shares and counts, weights, over relations (some of them uncertain), over `accountable`,
limited to kinds, of roll-ups. `--sessions 500` follows more of them.
"""

from collections import Counter
from random import Random

import pytest

from mofan_rules import pipeline
from mofan_rules.ir.program import ByAccountable, Per
from mofan_rules.sessions import roll_ups
from tests.sessions.world import Course, applied, fact_of

TURNING = (4, 9, 13, 37)
"""Scenarios in which roll-ups turn."""


def _followed(course: Course, seed: int) -> int:
    """Lets facts come one by one, compares with a batch run, and says how many verdicts of roll-ups changed."""
    tallied = {tally.header.requirement for tally in course.ruleset.program.tallies}
    standing = course.stands("duckdb")
    rows = course.independent(standing, 8)
    session = course.begin(standing)
    table = list(session.verdicts())
    changed = 0
    for place in Random(seed).sample(range(len(rows)), len(rows)):
        name, row = rows[place]
        changes = session.record(fact_of(name, {"recorded_on": "2020-01-01"} | row))
        expected, table = applied(table, changes), list(session.verdicts())
        assert Counter(table) == expected, seed
        changed += sum(change.verdict.requirement in tallied for change in changes)
    batch = pipeline.evaluate(course.ruleset, session.facts(), course.scenario.as_of, course.scenario.period, executor="interpreter")
    assert table == list(batch.verdicts), seed
    batch.facts.connection.close()
    session.close()
    standing.close()
    return changed


def test_counters_give_what_a_batch_run_gives(request: pytest.FixtureRequest) -> None:
    seeds = range(request.config.getoption("--sessions") or 0) or TURNING
    changed = sum(_followed(Course(seed, share=0.5), seed) for seed in seeds)
    assert changed > len(seeds) // 4, "roll-ups must turn, or this shows nothing"


def test_roll_ups_that_are_not_counted_give_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those with windows of each organization's own are judged from their parts; here all are."""
    monkeypatch.setattr(roll_ups, "windows_asked", lambda program, context: (None,) * len(program.tallies))
    assert sum(_followed(Course(seed, share=0.5), seed) for seed in TURNING[:2])


def test_the_scenarios_have_roll_ups_of_every_form() -> None:
    tallies = [tally for seed in range(150) for tally in Course(seed).ruleset.program.tallies]
    assert {tally.per for tally in tallies} == set(Per)
    assert any(tally.in_a_row for tally in tallies)
    assert any(isinstance(tally.over, ByAccountable) for tally in tallies)
    assert any(tally.part_kinds for tally in tallies)
    assert any(tally.share for tally in tallies)
    assert any(tally.windows is not None for tally in tallies)

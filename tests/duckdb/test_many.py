"""What is done otherwise where there are many organizations comes to the same."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

import mofan_rules as mr
from mofan_rules.evaluation.question import read_context
from mofan_rules.executors.duckdb import Executor, families, fused, work
from tests.cases import admitted, ruleset_of
from tests.differential.populations import Tables
from tests.differential.scenarios import scenarios

ROOT = Path(__file__).parents[2]


def _as_if_many(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    monkeypatch.setattr(work, "MANY", 0)
    monkeypatch.setattr(families, "CELLS", cells)
    monkeypatch.setattr(fused, "CELLS", cells)


def _of_nobody(random: Random, facts: Tables) -> Tables:
    """The facts, in which some events do not say whose they are, and one of these bears the id of another."""
    events = [dict(row) for row in facts.get("events", [])]
    for row in random.sample(events, min(6, len(events))):
        row["organization"] = ""
    more = [{**random.choice(events), "organization": ""}] if events else []
    return {**facts, "events": [*events, *more]} if events else facts


@pytest.mark.parametrize("seed", range(7000, 7008))
def test_random_programs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Families of few cells, verdicts written a few members at a time, tables of those cells only that other rows meet, events of nobody known."""
    scenario = next(scenarios(seed))
    case = replace(scenario, facts=_of_nobody(Random(seed), scenario.facts)).case()
    program = ruleset_of(case).program
    facts = admitted(case, program.vocabulary)
    expected = list(Executor().run(program, facts, case.context).rows())
    _as_if_many(monkeypatch, 20)
    assert list(Executor().run(program, facts, case.context).rows()) == expected


def test_the_whole_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the facts that ship with it: with as many cells at once as each requirement has, and with some."""
    ruleset = mr.load_ruleset(ROOT / "rulesets" / "mofan")
    facts = mr.pipeline.admit(ruleset, mr.load_facts(ROOT / "rulesets" / "mofan" / "example"))
    context = read_context("2025-01-01", "2024")
    expected = list(Executor().run(ruleset.program, facts, context).rows())
    _as_if_many(monkeypatch, 1_000)
    slices: list[str] = []
    plain = work.Work.verdicts

    def verdicts(self: work.Work, query: str, *more: str) -> str:
        slices.extend(more)
        return plain(self, query, *more)

    monkeypatch.setattr(work.Work, "verdicts", verdicts)
    assert list(Executor().run(ruleset.program, facts, context).rows()) == expected
    assert slices, "no family was written in slices"

"""The passes that change how a program is computed and never what comes out: each is run both ways."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mofan_rules import ruleset as rulesets
from mofan_rules.executors.duckdb import Executor, desks, run, table, work
from mofan_rules.executors.duckdb.verdicts import Filed
from mofan_rules.facts import admit, load_facts
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Each, Program
from mofan_rules.verdicts.table import Verdict

FOLDER = Path(__file__).parents[2] / "rulesets" / "mofan"
QUESTIONS = [Context(date(2025, 4, 1), date(2024, 1, 1), date(2024, 12, 31)), Context(date(2024, 8, 15), date(2024, 1, 1), date(2024, 12, 31))]


@pytest.fixture(scope="module")
def asked() -> tuple[Program, AdmittedFacts]:
    """Every sixth requirement of a large ruleset, more of its deadlines, and what these and some roll-ups say of its example."""
    program = rulesets.load_ruleset(FOLDER).program
    deadlines = [judgement for judgement in program.judgements if isinstance(judgement.windows, Each)]
    judgements = list(dict.fromkeys([*program.judgements[::6], *deadlines[::2]]))
    program = replace(program, judgements=tuple(judgements), tallies=program.tallies[:8])
    return program, admit(load_facts(FOLDER / "example"), program.vocabulary, None)


def verdicts(asked: tuple[Program, AdmittedFacts], question: Context) -> list[Verdict]:
    return list(Executor().run(*asked, question).rows())


@pytest.mark.parametrize("question", QUESTIONS)
def test_families_give_what_their_members_give_alone(asked: tuple[Program, AdmittedFacts], question: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: dict[str, list[int]] = {"judge_together": [], "judge_states": [], "judge_windows": [], "count_together": []}

    def counting(name: str, together: Callable[..., list[Filed]]) -> Callable[..., list[Filed]]:
        def counted(*arguments: object) -> list[Filed]:
            found = together(*arguments)
            sizes[name].append(len(found))
            return found

        return counted

    for name in sizes:
        monkeypatch.setattr(run, name, counting(name, getattr(run, name)))
    fused = verdicts(asked, question)
    assert all(max(found, default=0) >= 2 for found in sizes.values()), f"some family was not made, nothing is compared: {sizes}"
    monkeypatch.setattr(run, "families", lambda work, judgements, periods: [[judgement] for judgement in judgements])
    monkeypatch.setattr(run, "tally_families", lambda work, tallies: [[tally] for tally in tallies])
    assert fused == verdicts(asked, question)


def test_several_desks_give_what_one_gives(asked: tuple[Program, AdmittedFacts], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "cpu_count", lambda: 3)
    sitting: list[int] = []
    opened = desks.desks_for

    def counting(desk: work.Work, tasks: int) -> list[work.Work]:
        found = opened(desk, tasks)
        sitting.append(len(found))
        return found

    monkeypatch.setattr(run, "desks_for", counting)
    several = verdicts(asked, QUESTIONS[0])
    monkeypatch.setattr(desks, "cpu_count", lambda: 1)
    assert several == verdicts(asked, QUESTIONS[0])
    assert sitting == [3, 1]


def test_many_organizations_are_judged_as_few_are(asked: tuple[Program, AdmittedFacts], monkeypatch: pytest.MonkeyPatch) -> None:
    few = verdicts(asked, QUESTIONS[1])
    monkeypatch.setattr(work, "MANY", 0)
    assert few == verdicts(asked, QUESTIONS[1])


def test_verdicts_sorted_together_are_those_sorted_one_requirement_at_a_time(asked: tuple[Program, AdmittedFacts], monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated = Executor().run(*asked, QUESTIONS[0])
    together = list(evaluated.rows())
    assert len({row.requirement for row in together}) > 5
    read = list(evaluated.connect(ordered=True).execute("FROM verdicts").fetchall())
    monkeypatch.setattr(table, "SORTED", 1)
    apart = Executor().run(*asked, QUESTIONS[0])
    assert together == list(apart.rows()) == read
    assert read == apart.connect(ordered=True).execute("FROM verdicts").fetchall()
    assert len(together) == len(apart)

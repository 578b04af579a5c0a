"""The passes that change how a program is computed and never what comes out: each is run both ways."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mofan_rules import ruleset as rulesets
from mofan_rules.executors.duckdb import Executor, run, table, work
from mofan_rules.facts import admit, load_facts
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.verdicts.table import Verdict

FOLDER = Path(__file__).parents[2] / "rulesets" / "mofan-minimal"
QUESTIONS = [Context(date(2025, 4, 1), date(2024, 1, 1), date(2024, 12, 31)), Context(date(2024, 8, 15), date(2024, 1, 1), date(2024, 12, 31))]


@pytest.fixture(scope="module")
def asked() -> tuple[Program, AdmittedFacts]:
    program = rulesets.load_ruleset(FOLDER).program
    return program, admit(load_facts(FOLDER / "example"), program.vocabulary, None)


def verdicts(asked: tuple[Program, AdmittedFacts], question: Context) -> list[Verdict]:
    return list(Executor().run(*asked, question).rows())


@pytest.mark.parametrize("question", QUESTIONS)
def test_families_give_what_their_members_give_alone(asked: tuple[Program, AdmittedFacts], question: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    together: Callable[..., list[str]] = run.judge_together

    def counting(*arguments: object) -> list[str]:
        relations = together(*arguments)
        sizes.append(len(relations))
        return relations

    monkeypatch.setattr(run, "judge_together", counting)
    fused = verdicts(asked, question)
    assert max(sizes) >= 3, "no family was made: nothing is compared"
    monkeypatch.setattr(run, "families", lambda work, judgements, periods: [[judgement] for judgement in judgements])
    assert fused == verdicts(asked, question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_many_organizations_are_judged_as_few_are(asked: tuple[Program, AdmittedFacts], question: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    few = verdicts(asked, question)
    monkeypatch.setattr(work, "MANY", 0)
    assert few == verdicts(asked, question)


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

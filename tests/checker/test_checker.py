"""Explanations checked from outside: the rows that they name are enough to find the verdict, and what they say would decide an unknown one does."""

from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from mofan_rules.executors.interpreter import Executor
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Program
from mofan_rules.verdicts.explanation import Explanation, Unknown
from mofan_rules.verdicts.table import Verdict
from tests.cases import Case, admitted, ruleset_of
from tests.checker import questions
from tests.checker.filling import fillings
from tests.checker.questions import IDS, Row
from tests.checker.recomputation import KINDS, Claim, Named, rollup

VERDICTS = 200
"""How many verdicts of each kind are recomputed."""

UNKNOWN = 4
"""Of how many unknown verdicts of each kind it is tried out what decides them."""

COMBINATIONS = 48


@dataclass
class Question:
    """A ruleset and facts as people write them, and what the interpreter makes of them."""

    ruleset: dict[str, Any]
    rows: dict[str, list[Row]]
    program: Program
    facts: AdmittedFacts
    case: Case

    @classmethod
    def of(cls, ruleset: dict[str, Any], rows: dict[str, list[Row]]) -> "Question":
        from datetime import date

        case = Case(Path("checker"), "", date.fromisoformat(questions.AS_OF), rows, (), ruleset, questions.PERIOD)
        program = ruleset_of(case).program
        return cls(ruleset, rows, program, admitted(case, program.vocabulary), case)

    @classmethod
    def drawn(cls, seed: int) -> "Question":
        random = Random(seed)
        return cls.of(questions.ruleset(random), questions.facts(random))

    def verdicts(self) -> list[Verdict]:
        return list(Executor().run(self.program, self.facts, self.case.context).rows())

    def explain(self, verdict: Verdict) -> Explanation:
        window = None if verdict.window_from is None or verdict.window_until is None else (verdict.window_from, verdict.window_until)
        return Executor().explain(self.program, self.facts, self.case.context, verdict.requirement, verdict.subject, window, verdict.key)

    def claim(self, verdict: Verdict) -> Claim:
        """The verdict with the rows that its explanation names, as written."""
        found = {(table, row["id"]): row for table, rows in self.rows.items() for row in rows if "id" in row}
        organizations = {row["id"]: row for row in self.rows["organizations"]}
        named = [Named(fact.role.value, fact.table, found[fact.table, fact.id]) for fact in self.explain(verdict).evidence]
        requirement = next(fields for fields in self.ruleset["requirements"] if fields["id"] == verdict.requirement)
        edges = tuple(row for row in self.rows["relations"] if row["target"] == verdict.subject)
        return Claim(requirement, organizations[verdict.subject], verdict.window_from, verdict.window_until, verdict.key, tuple(named), organizations, edges)

    def recomputed(self, verdict: Verdict, verdicts: list[Verdict]) -> str:
        """The state that the named rows give; of a roll-up, the states that those of its parts give."""
        claim = self.claim(verdict)
        if verdict.requirement != "rollup":
            return KINDS[verdict.requirement](claim)
        below = {row["id"] for row in self.rows["organizations"] if row.get("parent") == verdict.subject}
        parts = [row for row in verdicts if row.requirement == "occurrence" and row.subject in below and row.window_from == verdict.window_from]
        return rollup(claim, [KINDS["occurrence"](self.claim(part)) for part in parts])


def test_named_rows_are_enough() -> None:
    """Two hundred verdicts of each kind, recomputed from the rows that their explanations name."""
    done: Counter[str] = Counter()
    states: Counter[tuple[str, str]] = Counter()
    seed = 0
    while any(done[kind] < VERDICTS for kind in IDS):
        question = Question.drawn(seed)
        verdicts = question.verdicts()
        for verdict in Random(seed).sample(verdicts, len(verdicts)):
            if done[verdict.requirement] >= VERDICTS:
                continue
            done[verdict.requirement] += 1
            states[verdict.requirement, verdict.state] += 1
            assert question.recomputed(verdict, verdicts) == verdict.state, f"seed {seed}: {verdict}\n{question.claim(verdict)}"
        question.facts.connection.close()
        seed += 1
    assert len(states) >= 25, f"too little variety to prove much: {states}"


AWAITED = {"deadline": "a trigger whose row was rejected may, repaired, meet an answer that is itself undecided; that one is not named"}
"""Kinds for which what is named is not always enough yet, with what is wrong. One that holds by now fails, so that it is taken out of this list."""


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=[pytest.mark.xfail(reason=AWAITED[kind], strict=True)] if kind in AWAITED else []) for kind in IDS])
def test_what_is_named_decides_an_unknown_verdict(kind: str) -> None:
    """With all that is named filled in the verdict is decided, whichever way; without any one of it, there is a way in which it is not."""
    done = 0
    seed = 0
    while done < UNKNOWN:
        question = Question.drawn(seed)
        seed += 1
        for verdict in question.verdicts():
            if verdict.requirement == kind and verdict.state == "unknown" and done < UNKNOWN:
                explanation = question.explain(verdict)
                if explanation.complete and len(explanation.deciding) <= 3:
                    _check_deciding(question, verdict, explanation.deciding)
                    done += 1
        question.facts.connection.close()


def _check_deciding(question: Question, verdict: Verdict, deciding: tuple[Unknown, ...]) -> None:
    assert deciding, f"{verdict} is unknown, and nothing would decide it"
    assert not any(_undecided(question, verdict, deciding)), f"{verdict} stays unknown with {deciding} filled in"
    for left_out in deciding:
        others = tuple(unknown for unknown in deciding if unknown != left_out)
        assert any(_undecided(question, verdict, others)), f"{verdict} is decided without {left_out}"


def _undecided(question: Question, verdict: Verdict, named: tuple[Unknown, ...]) -> Any:
    """For each way of filling in what is named: is the verdict still unknown?"""
    ways = list(product(*(fillings(unknown, question.rows, verdict) for unknown in named)))
    for way in Random(0).sample(ways, min(len(ways), COMBINATIONS)):
        rows = question.rows
        for change in way:
            rows = change(rows)
        filled = Question.of(question.ruleset, rows)
        same = [found for found in filled.verdicts() if found[:3] == verdict[:3] and verdict.window_from in (None, found.window_from)]
        filled.facts.connection.close()
        yield any(found.state == "unknown" for found in same)

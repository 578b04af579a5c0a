"""Explanations checked from outside: the rows that they name are enough to find the verdict, and what they say would decide an unknown one does."""

from collections import Counter
from collections.abc import Iterator
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
from tests.checker.filling import Rows, fillings, in_world, side_by_side
from tests.checker.questions import IDS, Row
from tests.checker.recomputation import KINDS, Claim, Named, rollup

VERDICTS = 200
"""How many verdicts of each kind are recomputed."""

UNKNOWN = 12
"""Of how many unknown verdicts of each kind it is tried out what decides them."""

COMBINATIONS = 48
"""In how many ways what is named is filled in."""


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

    def narrowed(self, requirement: str) -> dict[str, Any]:
        """The ruleset with one requirement, and those that it reads."""
        wanted = {requirement, "occurrence"} if requirement == "rollup" else {requirement}
        return self.ruleset | {"requirements": [fields for fields in self.ruleset["requirements"] if fields["id"] in wanted]}

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


def states_side_by_side(question: Question, verdict: Verdict, worlds: list[Rows]) -> list[bool]:
    """Is the verdict unknown, in each of several worlds?"""
    together = Question.of(question.narrowed(verdict.requirement), side_by_side(worlds))
    found: dict[tuple[str, str], list[Verdict]] = {}
    for row in together.verdicts():
        found.setdefault((row.subject, row.key), []).append(row)
    together.facts.connection.close()

    def is_unknown(place: int) -> bool:
        key = in_world(place, verdict.key) if verdict.key else ""
        same = found.get((in_world(place, verdict.subject), key), [])
        return any(row.state == "unknown" for row in same if verdict.window_from in (None, row.window_from))

    return [is_unknown(place) for place in range(len(worlds))]


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


@pytest.mark.parametrize("kind", IDS)
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
    fewer = [tuple(unknown for unknown in deciding if unknown != left_out) for left_out in deciding]
    # all ways of filling in are worlds side by side in one set of facts
    worlds = [(some, way) for some in (deciding, *fewer) for way in _ways(question, verdict, some)]
    undecided = states_side_by_side(question, verdict, [filled for _, filled in worlds])
    stays = [filled for (some, filled), is_unknown in zip(worlds, undecided, strict=True) if is_unknown and some == deciding]
    assert not stays, f"{verdict} stays unknown with {deciding} filled in, as in {stays[0]}"
    for left_out, others in zip(deciding, fewer, strict=True):
        decided = not any(is_unknown for (some, _), is_unknown in zip(worlds, undecided, strict=True) if some == others)
        assert not decided, f"{verdict} is decided without {left_out}"


def _ways(question: Question, verdict: Verdict, named: tuple[Unknown, ...]) -> Iterator[Rows]:
    """The facts with what is named filled in, in each way, or in some of them where there are too many."""
    ways = list(product(*(fillings(unknown, question.rows, verdict) for unknown in named)))
    for way in Random(0).sample(ways, min(len(ways), COMBINATIONS)):
        rows = question.rows
        for change in way:
            rows = change(rows)
        yield rows

"""The ruleset `rulesets/mofan`: its cases, written from the law, hold on both executors; every requirement has a case for each state it can have."""

from collections import defaultdict
from pathlib import Path

import pytest

from mofan_rules.executors import EXECUTORS, load_executor
from mofan_rules.ir.program import Header
from mofan_rules.ruleset import lint, load_ruleset
from tests.cases import admitted, compare, find_cases, read_case, ruleset_of

FOLDER = Path(__file__).parents[2] / "rulesets" / "mofan"
CASES = find_cases(FOLDER / "cases")
STATES = {"satisfied", "violated", "unknown", "pending", "not_applicable"}
KINDS = {"occurrence", "deadline", "occupancy", "coverage", "attribute", "evidence", "rollup"}


def headers() -> list[Header]:
    program = load_ruleset(FOLDER).program
    return [*(judgement.header for judgement in program.judgements), *(tally.header for tally in program.tallies)]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    """Each executor gives what the case wants; `only` is meant of the requirements that the case names."""
    case = read_case(path)
    ruleset = ruleset_of(case)
    facts = admitted(case, ruleset.vocabulary)
    named = {row["requirement"] for row in case.want}
    for executor in sorted(EXECUTORS):
        rows = load_executor(executor).run(ruleset.program, facts, case.context).rows()
        problems = compare([row for row in rows if row.requirement in named], case.want, only=case.only)
        assert not problems, "\n".join([f"{executor}: {case.note}", *problems])


def test_every_requirement_has_a_case_for_every_state() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for path in CASES:
        for row in read_case(path).want:
            seen[row["requirement"]].add(row["state"])
    requirements = {header.requirement for header in headers()}
    assert {requirement: STATES - seen[requirement] for requirement in requirements if STATES - seen[requirement]} == {}
    assert set(seen) <= requirements


def test_every_kind_is_used() -> None:
    assert {header.kind for header in headers()} == KINDS


def test_no_errors_and_no_warnings_but_what_is_not_verified() -> None:
    assert [str(found.message.en) for found in lint(FOLDER) if found.code not in {"unverified"}] == []

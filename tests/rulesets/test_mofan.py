"""The ruleset `rulesets/mofan`: its cases, written from the law, hold on both executors; every requirement has a case for each state it can have."""

from collections import defaultdict
from pathlib import Path

import pytest

from mofan_rules.executors import COMPLETE
from mofan_rules.ir.program import Header
from mofan_rules.ruleset import lint, load_ruleset
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.possible import states_of
from mofan_rules.workbench.running import Status, run_case
from mofan_rules.workbench.telling import failure
from mofan_rules.workbench.testing import cases_of

FOLDER = Path(__file__).parents[2] / "rulesets" / "mofan"
RULESET = load_ruleset(FOLDER)
CASES = cases_of(FOLDER, RULESET)
KINDS = {"occurrence", "deadline", "occupancy", "coverage", "attribute", "evidence", "rollup"}


def headers() -> list[Header]:
    return [*(judgement.header for judgement in RULESET.program.judgements), *(tally.header for tally in RULESET.program.tallies)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    """Each executor gives what the case wants; `only` is meant of the requirements that the case names."""
    result = run_case(RULESET, case, COMPLETE)
    assert result.status is not Status.FAILED, failure(RULESET, result, "both")


def test_every_requirement_has_a_case_for_every_state() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for case in CASES:
        for wanted in case.want:
            seen[wanted.requirement].add(wanted.values["state"])
    lacking = {header.requirement: {state.value for state in states_of(RULESET.program, header.requirement)} for header in headers()}
    assert {requirement: wanted - seen[requirement] for requirement, wanted in lacking.items() if wanted - seen[requirement]} == {}
    assert set(seen) <= set(lacking)


def test_every_kind_is_used() -> None:
    assert {header.kind for header in headers()} == KINDS


def test_no_errors_and_no_warnings_but_what_is_not_verified() -> None:
    assert [str(found.message.en) for found in lint(FOLDER) if found.code not in {"unverified"}] == []

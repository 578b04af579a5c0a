"""The ruleset `rulesets/mofan-tianjin`: it imports `mofan`, adds local campaigns, makes numbers stricter and switches requirements off."""

from collections import defaultdict
from pathlib import Path

import pytest

from mofan_rules.executors import COMPLETE
from mofan_rules.ruleset import lint, load_ruleset
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.possible import states_of
from mofan_rules.workbench.running import Status, run_case
from mofan_rules.workbench.telling import failure
from mofan_rules.workbench.testing import cases_of

FOLDER = Path(__file__).parents[2] / "rulesets" / "mofan-tianjin"
RULESET = load_ruleset(FOLDER)
CASES = cases_of(FOLDER, RULESET)
OWN = {judgement.header.requirement for judgement in RULESET.program.judgements if judgement.header.requirement.startswith("tianjin.")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    result = run_case(RULESET, case, COMPLETE)
    assert result.status is not Status.FAILED, failure(RULESET, result, "both")


def test_its_own_requirements_have_a_case_for_every_state() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for case in CASES:
        for wanted in case.want:
            seen[wanted.requirement].add(wanted.values["state"])
    assert len(OWN) == 4
    assert {name: missing for name in OWN if (missing := {state.value for state in states_of(RULESET.program, name)} - seen[name])} == {}


def test_what_is_switched_off_is_gone_and_the_base_keeps_it() -> None:
    here = {judgement.header.requirement for judgement in RULESET.program.judgements}
    base = {judgement.header.requirement for judgement in load_ruleset(FOLDER.parent / "mofan").program.judgements}
    assert base - here == {"dangke.branch_secretary", "jizhi.score"}
    assert here - base == OWN


def test_nothing_is_wrong_with_it() -> None:
    assert [str(found.message.en) for found in lint(FOLDER) if found.code not in {"unverified"}] == []

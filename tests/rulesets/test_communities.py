"""The rulesets that are not of the Party: they have no doubtful place but what they leave open on purpose, and their cases hold on every executor."""

import re
from pathlib import Path

import pytest

from mofan_rules.executors import COMPLETE
from mofan_rules.ruleset import Ruleset, lint, load_ruleset
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.running import Status, run_case
from mofan_rules.workbench.telling import failure
from mofan_rules.workbench.testing import cases_of

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "rulesets").glob("*/ruleset.yaml") if not path.parent.name.startswith("mofan"))
RULESETS = {folder.name: load_ruleset(folder) for folder in FOLDERS}
CASES = [(folder.name, case) for folder in FOLDERS for case in cases_of(folder, RULESETS[folder.name])]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_is_doubtful_but_a_number_that_nobody_gave(folder: Path) -> None:
    assert {found.code for found in lint(folder)} <= {"parameter-without-value"}


@pytest.mark.parametrize("name", RULESETS)
def test_every_requirement_can_be_read_and_traced(name: str) -> None:
    """A title in both languages, a remedy, and a clause."""
    assert [
        entry.requirement for entry in RULESETS[name].catalogue.entries if not (entry.title.zh and entry.title.en and entry.remedy and entry.citations)
    ] == []


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case.name}" for name, case in CASES])
def test_case(name: str, case: Case) -> None:
    ruleset: Ruleset = RULESETS[name]
    result = run_case(ruleset, case, COMPLETE)
    assert result.status is not Status.FAILED, failure(ruleset, result, "both")


def test_the_bylaws_of_the_choirs_say_what_is_quoted_and_each_requirement_has_a_case() -> None:
    """The text in README.md was there first; each of its paragraphs is expressed, and the page names each class with a requirement that there is."""
    page = (ROOT / "rulesets" / "choirs" / "README.md").read_text(encoding="utf-8")
    entries = RULESETS["choirs"].catalogue.entries
    paragraphs = dict(re.findall(r"^> (§ \d+)\. (.*)$", page, re.MULTILINE))
    cited = [(citation.clause, citation.quote) for entry in entries for citation in entry.citations]
    assert [(clause, quote) for clause, quote in cited if not quote or quote not in paragraphs[clause]] == []
    assert {clause for clause, _ in cited} == set(paragraphs)
    named = {name for row in page.splitlines() if row.startswith("| ") for name in re.findall(r"`([a-z_.]+)`", row)}
    assert named <= {entry.requirement for entry in entries} == {wanted.requirement for folder, case in CASES if folder == "choirs" for wanted in case.want}


def test_the_page_of_classes_names_each_requirement() -> None:
    """`docs/classes-of-rules.md` shows every requirement of the cooperative, each of which has a case, and nothing that is not there."""
    rows = [line for line in (ROOT / "docs" / "classes-of-rules.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = {name for line in rows for name in re.findall(r"`([a-z_.]+)`", line.rsplit("|", 2)[1])} - {"rulesets/cooperative"}
    requirements = set(RULESETS["cooperative"].catalogue.requirements())
    assert named == requirements
    assert {wanted.requirement for folder, case in CASES if folder == "cooperative" for wanted in case.want} == requirements

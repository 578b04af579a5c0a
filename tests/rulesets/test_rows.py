"""Each row of the document is judged as its class says, and each requirement of `rulesets/mofan` can be read, answered and traced."""

from collections import defaultdict
from pathlib import Path

import yaml

from mofan_rules.ruleset import lint, load_ruleset
from mofan_rules.workbench.testing import cases_of

FOLDER = Path(__file__).parents[2] / "rulesets" / "mofan"
RULESET = load_ruleset(FOLDER)
ROWS = yaml.load((FOLDER / "document.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)["rows"]
REQUIREMENTS = [
    requirement
    for path in FOLDER.glob("*.yaml")
    if path.name not in {"population.yaml", "document.yaml"}
    for requirement in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader).get("requirements") or []
]
OF_ROW: dict[str, list[dict[str, object]]] = defaultdict(list)
for one in REQUIREMENTS:
    for name in {cite["row"] for cite in one["cite"] if "row" in cite}:
        OF_ROW[name].append(one)


def is_assessment(requirement: dict[str, object]) -> bool:
    return requirement.get("assessment") == "true"


def test_what_only_people_can_judge_is_an_assessment_and_nothing_else_is_computed_from_it() -> None:
    for row, fields in ROWS.items():
        assessed = [requirement for requirement in OF_ROW[row] if is_assessment(requirement)]
        if fields["class"] == "Q":
            assert len(assessed) == 1, row
            assert assessed[0]["kind"] == "evidence" and assessed[0]["grade"] == ["好", "较好"], row
            assert "every" not in assessed[0], "an assessment is in force until it expires"
        else:
            assert any(not is_assessment(requirement) for requirement in OF_ROW[row]), row


def test_what_records_decide_is_decided_from_records() -> None:
    counted = {"occurrence", "deadline", "occupancy", "coverage", "attribute", "rollup"}
    documents = {"2.1.2-a", "2.1.2-b", "2.6.0-b"}
    """Plans and schemes: their existence and their parts are on record."""
    lacking = {row for row, fields in ROWS.items() if fields["class"] == "M" and not any(requirement["kind"] in counted for requirement in OF_ROW[row])}
    assert lacking <= documents


def test_no_two_documents_or_activities_are_the_same() -> None:
    seen: dict[object, str] = {}
    for requirement in REQUIREMENTS:
        if requirement["kind"] != "evidence":
            continue
        document = requirement["document"]
        key = (str(document), str(sorted(requirement.get("items", []))))
        assert seen.setdefault(key, requirement["id"]) == requirement["id"], key
    rows = {row for row, fields in ROWS.items() if fields["class"] in "EQ"}
    kinds = [
        (str(requirement.get("event")), str(requirement.get("where")), str(requirement["subject"]))
        for requirement in REQUIREMENTS
        if requirement["kind"] == "occurrence" and {cite.get("row") for cite in requirement["cite"]} & rows
    ]
    assert len(set(kinds)) == len(kinds)


def test_every_requirement_can_be_read_answered_and_traced() -> None:
    wanted = {name for case in cases_of(FOLDER, RULESET) for name in case.requirements}
    for requirement in REQUIREMENTS:
        for text in (requirement["title"], requirement["remedy"]):
            assert set(text) == {"zh", "en"} and text["zh"] != text["en"], requirement["id"]
        assert any("row" in cite for cite in requirement["cite"]), requirement["id"]
        assert requirement.get("accountable", "part_of") == "part_of", requirement["id"]
        assert requirement["modality"] in {"must", "should"}, requirement["id"]
        assert requirement["id"] in wanted


def test_lint_has_nothing_to_say() -> None:
    assert [str(found.message.en) for found in lint(FOLDER)] == []

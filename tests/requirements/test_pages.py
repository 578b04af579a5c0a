"""The pages in `docs/kinds` are those that the code gives, and their examples are rules."""

import re
from pathlib import Path

import pytest

from mofan_rules.requirements import KINDS
from mofan_rules.ruleset import lint_texts
from mofan_rules.ruleset.pages import page

DOCS = Path(__file__).parents[2] / "docs" / "kinds"
WORDS = """\
ruleset: pages
version: "1"
vocabulary:
  organizations: {branch: , division: , unit: }
  events: {assembly: , committee: , lecture: , election: }
  roles: {secretary: }
  documents: {plan: }
  relations: {belongs_to_division: }
  attributes: {members: {of: branch, type: integer}}
"""
PARTS = "".join(
    f"- {{id: {name}, title: T, kind: occurrence, subject: branch, event: {name}, every: month, modality: should}}\n"
    for name in ("assembly", "committee", "lecture")
)


@pytest.mark.parametrize("kind", KINDS)
def test_up_to_date(kind: str) -> None:
    assert (DOCS / f"{kind}.md").read_text(encoding="utf-8") == page(kind)


def test_no_other_page() -> None:
    assert {path.stem for path in DOCS.glob("*.md")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_a_rule(kind: str) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", page(kind), flags=re.DOTALL)
    parts = PARTS.replace("id: assembly", "id: other") if "id: assembly" in example else PARTS
    diagnostics = lint_texts({"ruleset.yaml": WORDS, "rules.yaml": f"requirements:\n{parts}{example}"})
    assert [diagnostic.code for diagnostic in diagnostics if diagnostic.code != "must-without-cite"] == []
    assert f"kind: {kind}\n" in example

"""Each sentence of the semantics has something that shows it: `clauses.yaml` says what."""

from pathlib import Path

import pytest
import yaml

from tests.cases import find_cases
from tests.semantics.clauses import clauses, sentences

FOLDER = Path(__file__).parent
CORPUS = FOLDER.parent / "conformance"
ROOT = FOLDER.parents[1]
TABLE: dict[str, dict[str, list[str]]] = yaml.safe_load((FOLDER / "clauses.yaml").read_text(encoding="utf-8"))
TEXTS = clauses()
LATER = "later"
"""Stands for what no batch can show."""


def test_the_table_has_the_clauses_of_the_page() -> None:
    assert list(TABLE) == list(TEXTS)


@pytest.mark.parametrize("clause", TEXTS)
def test_each_sentence_is_shown(clause: str) -> None:
    """A sentence is shown if a piece of it stands in the table; a piece that stands in no sentence is out of date."""
    found = sentences(TEXTS[clause])
    assert not [sentence for sentence in found if not any(piece in sentence for piece in TABLE[clause])]
    assert not [piece for piece in TABLE[clause] if not any(piece in sentence for sentence in found)]


def test_what_is_named_exists() -> None:
    cases = {str(path.relative_to(CORPUS).with_suffix("")) for path in find_cases(CORPUS)}
    named = {name for pieces in TABLE.values() for names in pieces.values() for name in names if name != LATER}
    assert not {name for name in named if "::" not in name} - cases
    for path, test in (name.split("::") for name in sorted(named) if "::" in name):
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{test}"


def test_every_sentence_names_something() -> None:
    assert all(names for pieces in TABLE.values() for names in pieces.values())

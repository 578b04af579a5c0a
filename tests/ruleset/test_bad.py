"""What is told about rulesets that are wrong, word for word: a case holds files and the diagnostics in both languages.

The name of a case begins with the code that it is about. `python tests/ruleset/test_bad.py` writes what the cases give now; look at the difference before you
keep it.
"""

import re
from pathlib import Path

import pytest

from mofan_rules.diagnostics import RulesetError, render
from mofan_rules.diagnostics.catalogue.ruleset import RULESET_CODES
from mofan_rules.ruleset import lint_texts, load_texts

FOLDER = Path(__file__).parent / "bad"
CASES = sorted(FOLDER.glob("*.txt"))
ELSEWHERE = {
    "yaml-too-large": "../documents/test_reader.py",
    "yaml-encoding": "../documents/test_reader.py",
    "yaml-assumed-encoding": "../documents/test_reader.py",
    "folder-unreadable": "test_files.py",
    "too-many-files": "test_files.py",
    "file-unreadable": "test_files.py",
    "too-many-wrong": "test_load.py",
}
"""Codes whose cases are no text: the test that has them."""


def parts(case: Path) -> dict[str, str]:
    """The files of a case by name, and `expected`."""
    pieces = re.split(r"^=== (.+)\n", case.read_bytes().decode("utf-8"), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def told(case: Path) -> str:
    files = parts(case)
    del files["expected"]
    own = {name: text for name, text in files.items() if "/" not in name}
    imports: dict[str, dict[str, str]] = {}
    for name, text in files.items():
        if "/" in name:
            folder, file = name.split("/")
            imports.setdefault(folder, {})[file] = text
    diagnostics = lint_texts(own, imports)
    assert any(diagnostic.code == code_of(case) for diagnostic in diagnostics), (case.name, [d.code for d in diagnostics])
    if diagnostics.has_errors:
        with pytest.raises(RulesetError) as raised:
            load_texts(own, imports)
        assert list(raised.value.diagnostics) == list(diagnostics)
    else:
        assert list(load_texts(own, imports).warnings) == list(diagnostics)
    return render(diagnostics, diagnostics.sources, "both") + "\n"


def code_of(case: Path) -> str:
    return case.stem.split(".")[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_told(case: Path) -> None:
    assert told(case) == parts(case)["expected"]


def test_every_code_has_a_case() -> None:
    assert set(RULESET_CODES) - set(ELSEWHERE) <= {code_of(case) for case in CASES}


def test_codes_elsewhere_are_tested_there() -> None:
    for code, file in ELSEWHERE.items():
        assert f'"{code}"' in (Path(__file__).parent / file).read_text(encoding="utf-8")


if __name__ == "__main__":
    for case in CASES:
        text = case.read_bytes().decode("utf-8").split("=== expected\n")[0]
        case.write_bytes((text + "=== expected\n" + told(case)).encode("utf-8"))

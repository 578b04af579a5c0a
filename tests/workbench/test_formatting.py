"""`mofan format`: conditions in one form, and not a character changed beside them."""

from pathlib import Path

import pytest

from mofan_rules.cli import main
from mofan_rules.ruleset import load_ruleset
from mofan_rules.workbench.formatting import format_ruleset
from tests.workbench.sample import RULESET, write_sample

WRITTEN = """
# a comment with open   and members>=5
requirements:
  - id: meet   # members>=5
    title: "members>=5"
    kind: occurrence
    subject: club
    when:    members>=5   and   not missing( open )   # open
    event: meeting
    where: 'attended*2>=expected'
    every: quarter
    at_least: "1"
    cite: [{source: statute, clause: members>=5}]
"""

FORMED = """
# a comment with open   and members>=5
requirements:
  - id: meet   # members>=5
    title: "members>=5"
    kind: occurrence
    subject: club
    when:    members >= 5 and not missing(open)   # open
    event: meeting
    where: 'attended * 2 >= expected'
    every: quarter
    at_least: "1"
    cite: [{source: statute, clause: members>=5}]
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = write_sample(folder)
    (path / "requirements.yaml").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def form(path: Path, capsys: pytest.CaptureFixture[str]) -> bytes:
    assert main(["format", str(path), "--lang", "en"]) == 0
    return (path / "requirements.yaml").read_bytes()


def test_only_the_conditions_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, WRITTEN)
    before = load_ruleset(path).program
    assert main(["format", str(path), "--check", "--lang", "en"]) == 1
    assert (path / "requirements.yaml").read_text(encoding="utf-8") == WRITTEN
    assert "2 expressions would be rewritten" in capsys.readouterr().out
    assert form(path, capsys).decode("utf-8") == FORMED
    assert "requirements.yaml:8:14: members>=5   and   not missing( open ) → members >= 5 and not missing(open)" in capsys.readouterr().out
    assert load_ruleset(path).program == before
    assert main(["format", str(path), "--check"]) == 0
    assert (path / "ruleset.yaml").read_text(encoding="utf-8") == RULESET


def test_line_ends_and_marks_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    windows = b"\xef\xbb\xbf" + WRITTEN.replace("\n", "\r\n").encode("utf-8")
    assert form(write(tmp_path, windows), capsys) == b"\xef\xbb\xbf" + FORMED.replace("\n", "\r\n").encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_a_file_in_another_encoding_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    data = WRITTEN.replace("a comment", "一条说明").encode(encoding)
    assert form(write(tmp_path, data), capsys) == data


@pytest.mark.parametrize(
    "condition",
    [
        "when: |\n      members>=5",
        "when: >\n      members>=5\n      and open",
        "when: members>=5\n      and open",
        'when: "members>=5 and \\x6fpen"',
    ],
)
def test_what_yaml_would_not_take_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str], condition: str) -> None:
    text = WRITTEN.replace("when:    members>=5   and   not missing( open )   # open", condition).replace("attended*2>=expected", "attended * 2 >= expected")
    assert form(write(tmp_path, text), capsys).decode("utf-8") == text


def test_imported_files_are_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = write(tmp_path, WRITTEN)
    local = tmp_path / "local"
    local.mkdir()
    (local / "ruleset.yaml").write_text('ruleset: local\nversion: "1"\nimport: [../sample]\n', encoding="utf-8")
    assert format_ruleset(local) == []
    assert (base / "requirements.yaml").read_text(encoding="utf-8") == WRITTEN


def test_a_ruleset_with_an_error_is_told_and_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, WRITTEN.replace("subject: club", "subject: clubb"))
    assert main(["format", str(path), "--lang", "en"]) == 2
    assert "did you mean: club?" in capsys.readouterr().err


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "rulesets").iterdir()), ids=lambda path: path.name)
def test_of_the_rulesets_that_ship_the_program_stays_the_same(path: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(path.parent, tmp_path / "rulesets")
    copy = tmp_path / "rulesets" / path.name
    before = load_ruleset(copy).program
    for formatted in format_ruleset(copy):
        formatted.path.write_bytes(formatted.data)
    assert load_ruleset(copy).program == before
    assert format_ruleset(copy) == []

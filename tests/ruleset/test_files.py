"""The folders that rulesets are read from."""

import os
from pathlib import Path

import pytest

from mofan_rules.diagnostics import RulesetError
from mofan_rules.ruleset import lint, load_ruleset, load_texts
from mofan_rules.ruleset.files import MOST_FILES

MAIN = 'ruleset: base\nversion: "1"\nvocabulary: {organizations: {branch: }, events: {meeting: }}\n'
RULE = "requirements:\n  - {id: r, title: T, kind: occurrence, subject: branch, event: meeting, every: month, modality: should}\n"


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def codes(path: Path) -> list[str]:
    return [diagnostic.code for diagnostic in lint(path)]


def test_a_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "rules", ruleset=MAIN, one=RULE, two=RULE.replace("id: r", "id: s"), population="not: [rules", facts="nor: [these")
    write(folder / "cases", three="not: [read")
    ruleset = load_ruleset(folder)
    assert ruleset.catalogue.requirements() == ("r", "s")
    assert load_ruleset(str(folder / "ruleset.yaml")).catalogue == ruleset.catalogue
    origin = ruleset.program.judgements[0].header.origin
    assert origin is not None
    assert (origin.span.file, origin.span.line) == (str(folder / "one.yaml"), 2)


def test_an_import(tmp_path: Path) -> None:
    write(tmp_path / "base", ruleset=MAIN, rules=RULE)
    local = write(tmp_path / "local", ruleset='ruleset: local\nversion: "2"\nimport: ../base\n')
    ruleset = load_ruleset(local)
    assert (ruleset.name, ruleset.version) == ("local", "2")
    assert ruleset.catalogue.requirements() == ("r",)
    assert str(tmp_path / "base" / "rules.yaml") in ruleset.texts


def test_a_folder_that_imports_itself(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ruleset='ruleset: a\nversion: "1"\nimport: [../a, ./.]\n')
    assert codes(folder) == ["import-cycle", "import-cycle"]


def test_the_same_import_by_two_ways_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "base", ruleset=MAIN, rules=RULE)
    write(tmp_path / "left", ruleset='ruleset: left\nversion: "1"\nimport: ../base\n')
    write(tmp_path / "right", ruleset='ruleset: right\nversion: "1"\nimport: ../left/../base\n')
    top = write(tmp_path / "top", ruleset='ruleset: top\nversion: "1"\nimport: [../left, ../right]\n')
    assert load_ruleset(top).catalogue.requirements() == ("r",)


@pytest.mark.parametrize("path", ["/etc", "file:///etc", "https://example.org", "~root", "\\\\host\\share", "C:/rules", "a\\b", "x" * 501])
def test_only_relative_paths_are_imported(tmp_path: Path, path: str) -> None:
    folder = write(tmp_path / "a", ruleset=f"ruleset: a\nversion: '1'\nimport: '{path}'\n")
    assert codes(folder) == ["import-not-relative"]


def test_no_folder(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere") == ["folder-unreadable"]


def test_no_main_file(tmp_path: Path) -> None:
    assert codes(write(tmp_path / "a", rules=RULE)) == ["no-ruleset-file"]


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ruleset=MAIN)
    (folder / "rules.yaml").mkdir()
    assert codes(folder) == ["file-unreadable"]


def test_a_pipe_in_the_place_of_a_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ruleset=MAIN)
    os.mkfifo(folder / "rules.yaml")
    assert codes(folder) == ["file-unreadable"]


def test_a_dangling_link(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ruleset=MAIN)
    (folder / "rules.yaml").symlink_to(tmp_path / "nowhere")
    assert codes(folder) == ["file-unreadable"]


def test_too_many_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", ruleset=MAIN)
    for number in range(MOST_FILES):
        (folder / f"{number}.yaml").touch()
    assert codes(folder) == ["too-many-files"]


def test_in_memory_the_disk_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "base", ruleset=MAIN, rules=RULE)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RulesetError) as raised:
        load_texts({"ruleset.yaml": 'ruleset: a\nversion: "1"\nimport: base\n'})
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["import-not-found"]
    imports: dict[str, dict[str, str | bytes]] = {"base": {"ruleset.yaml": MAIN, "rules.yaml": RULE.encode("gb18030")}}
    assert load_texts({"ruleset.yaml": 'ruleset: a\nversion: "1"\nimport: base\n'}, imports).catalogue.requirements() == ("r",)

"""Hand-written tables and the folders they speak of say the same."""

import re
import sys
import tomllib
from pathlib import Path

from mofan_rules.cli import COMMANDS
from mofan_rules.cli.arguments import FAIL_ON, parse
from mofan_rules.diagnostics.codes import CATALOGUES, CODES
from mofan_rules.executors import EXECUTORS, load_executor
from mofan_rules.reports import FORMATS
from mofan_rules.requirements import KINDS
from mofan_rules.verdicts.messages import ANY, MESSAGES
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.wording import STATES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mofan_rules"


def test_kinds_are_files() -> None:
    for name, kind in KINDS.items():
        assert (PACKAGE / "requirements" / f"{name}.py").is_file()
        assert kind.__module__ == f"mofan_rules.requirements.{name}"


def test_executors_are_packages() -> None:
    folders = {path.parent.name for path in (PACKAGE / "executors").glob("*/__init__.py")}
    assert folders == set(EXECUTORS)
    for name in EXECUTORS:
        assert load_executor(name).name == name


def test_formats_are_files() -> None:
    files = {path.stem for path in (PACKAGE / "reports").glob("*.py")} - {"__init__", "base", "sections"}
    assert files == set(FORMATS)
    assert len({entry.suffix for entry in FORMATS.values()}) == len(FORMATS)


def test_commands_are_files() -> None:
    files = {path.stem for path in (PACKAGE / "cli").glob("*.py")}
    assert set(COMMANDS) <= files


def test_fail_on_levels_are_those_of_the_summary() -> None:
    from tests.reports.tables import report

    for level in FAIL_ON:
        assert isinstance(report(rows=()).summary.fails(level), bool)
        assert parse(["check", "r", "f", "--fail-on", level], "en").fail_on == level


def test_every_reason_has_a_message() -> None:
    assert set(MESSAGES) == set(REASONS)
    for by_kind in MESSAGES.values():
        assert ANY in by_kind
        assert set(by_kind) <= {ANY, *KINDS}


def test_every_state_has_words() -> None:
    assert set(STATES) == set(State)


def test_no_code_has_two_meanings() -> None:
    assert sum(map(len, CATALOGUES)) == len(CODES)


def test_codes_are_small_words_and_have_both_languages() -> None:
    for code, entry in CODES.items():
        assert code.isascii()
        assert code == code.lower()
        for text in (entry.title, entry.message):
            assert text.zh
            assert not any("\u4e00" <= character <= "\u9fff" for character in text.en)


def test_the_page_of_codes_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        from generate_diagnostics import PAGE, page  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    assert PAGE.read_text(encoding="utf-8") == page(), "run python docs/generate_diagnostics.py"


def test_every_dependency_has_its_line() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    declared = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    declared += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    names = {re.split(r"[^A-Za-z0-9_-]", one)[0].lower() for one in declared} - {"mofan-rules", "mofan_rules"}
    assert {name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page)} == set()

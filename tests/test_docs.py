"""The documentation is run: its code blocks, the paths and links it names, the words it uses."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mofan_rules.requirements import KINDS
from mofan_rules.schema import Table
from mofan_rules.verdicts.state import State

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "rulesets").rglob("README*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
TOP = ("mofan_rules/", "rulesets/", "docs/", "tests/", "benchmarks/", ".ci/")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(language: str) -> list[pytest.param]:  # type: ignore[valid-type]
    """The code blocks of a language, with a name each. The two commands of the README that install are run by `.ci/run`."""
    found = []
    for page in PAGES:
        for number, block in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1):
            if block[1] == language and "pip install" not in block[2] and "tests/setup.sh" not in block[2]:
                found.append(pytest.param(block[2], id=f"{name(page)}-{number}"))
    return found


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder in which the documentation's relative paths lead to copies."""
    for folder in ("rulesets", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    command = tmp_path / "bin" / "mofan"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mofan_rules "$@"\n')
    command.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("code", blocks("python"))
def test_python(code: str, place: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True, env=environment(place))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", blocks("sh"))
def test_shell(code: str, place: Path) -> None:
    for line in code.splitlines():
        done = subprocess.run(["sh", "-c", line], cwd=place, capture_output=True, text=True, env=environment(place))
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def environment(place: Path) -> dict[str, str]:
    """The environment, with the command of this package first and the package importable."""
    return os.environ | {"PATH": f"{place / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_paths_and_links_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in link:
            assert (page.parent / link).exists(), link
    for path in re.findall(r"`([^`\s]+)`", text):
        if path.startswith(TOP) and not set(path) & set("*<{…"):
            assert (ROOT / path).exists() or (ROOT / path.rpartition(":")[0]).exists(), path


def test_the_requirement_of_the_readme_is_one() -> None:
    from mofan_rules.ruleset import lint_texts

    (requirement,) = (block[2] for block in BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8")) if block[1] == "yaml")
    ruleset = """
ruleset: readme
version: "1"
sources: {支部工作条例: {title: 支部工作条例}}
vocabulary: {organizations: {党支部: {}}, events: {支部党员大会: {}}}
"""
    found = lint_texts({"ruleset.yaml": ruleset, "requirement.yaml": requirement})
    assert [diagnostic.code for diagnostic in found] == []


def test_both_readmes_show_the_same_code() -> None:
    english, chinese = (
        [
            re.sub(r"\s+#.*", "", block[2]).replace("--lang zh", "--lang en").replace('text("zh")', 'text("en")')
            for block in BLOCK.finditer((ROOT / readme).read_text(encoding="utf-8"))
        ]
        for readme in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese


def test_ci_runs_the_command_of_the_readme() -> None:
    done = subprocess.run([sys.executable, ".ci/readme_command.py", "2"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() in (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert "pytest" in done.stdout
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "readme_command.py 2" in run
    assert "no_skips.py" in run


def test_a_skipped_test_of_a_server_or_an_extra_fails_ci(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    needed = ("postgres", "live", "serve", "watch")
    for skipped in ("", *needed):
        cases = "".join(f'<testcase classname="tests.facts.test_{word}" name="x">{"<skipped/>" if word == skipped else ""}</testcase>' for word in needed)
        report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
        done = subprocess.run([sys.executable, ".ci/no_skips.py", str(report)], cwd=ROOT, capture_output=True)
        assert done.returncode == (1 if skipped else 0)
    report.write_text("<testsuites/>")
    assert subprocess.run([sys.executable, ".ci/no_skips.py", str(report)], cwd=ROOT, capture_output=True).returncode == 1


def test_the_glossary_has_the_words() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for word in (*KINDS, *State, "must", "should", "draft", "shadow", "enforce", "interpreter", "duckdb", "ruleset", "requirement", "verdict"):
        assert word in text, word


def test_the_semantics_name_every_table() -> None:
    text = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    for table in Table:
        assert f"`{table.value}`" in text


def test_decisions_have_a_number_each() -> None:
    numbers = [path.name[:5] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert all(re.fullmatch(r"\d{4}-", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)

"""The page for authors, `docs/zh/写一条要求.md`: what a reader copies from it works, and what it says comes out does come out."""

import re
import shutil
from pathlib import Path

import pytest

import mofan_rules as mr
from mofan_rules.executors import load_executor
from mofan_rules.ruleset import lint
from tests.cases import admitted, compare, read_case

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "zh" / "写一条要求.md").read_text(encoding="utf-8")
BLOCKS = [(match[1], match[2]) for match in re.finditer(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """The folders as they are when the page has been followed to its end."""
    shutil.copytree(ROOT / "rulesets" / "mofan", tmp_path / "rulesets" / "mofan")
    shutil.copytree(ROOT / "rulesets" / "mofan" / "example", tmp_path / "my-facts")
    for language, text in BLOCKS:
        if language == "yaml" and (named := re.match(r"# (rulesets/\S+\.yaml)\n", text)):
            path = tmp_path / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    events = next(text for language, text in BLOCKS if language == "csv" and text.startswith("id,"))
    header, rows = events.split("\n", 1)
    written = tmp_path / "my-facts" / "events.csv"
    columns = written.read_text(encoding="utf-8").split("\n", 1)[0]
    assert columns.startswith(header + ","), "the page shows the first columns; the others stay empty"
    blank = "," * (columns.count(",") - header.count(","))
    with written.open("a", encoding="utf-8") as file:
        file.writelines(f"{row}{blank}\n" for row in rows.splitlines())
    return tmp_path


def shown() -> list[str]:
    """The line of the table that the page shows for its requirement."""
    line = next(line for language, text in BLOCKS if language == "console" for line in text.splitlines() if " bendi.report  " in line)
    return line.split()


def test_the_ruleset_is_without_problems(workplace: Path) -> None:
    assert [str(found.message.zh) for found in lint(workplace / "rulesets" / "bendi")] == []


def test_the_slip_is_pointed_out_where_the_page_says(workplace: Path) -> None:
    path = workplace / "rulesets" / "bendi" / "党员教育报告.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("event: 党员教育报告\n", "event: 党员教育报吿\n"), encoding="utf-8")
    (problem,) = [found for found in lint(workplace / "rulesets" / "bendi") if found.code == "unknown-word"]
    assert problem.span is not None
    assert f"党员教育报告.yaml:{problem.span.line}:{problem.span.column}: error[unknown-word]" in PAGE
    assert problem.message.zh in PAGE


@pytest.mark.parametrize("fed", [True, False])
def test_a_check_finds_the_numbers_of_the_page(workplace: Path, fed: bool) -> None:
    if not fed:
        feeds = next(text for language, text in BLOCKS if language == "csv" and text.startswith("table,"))
        with (workplace / "my-facts" / "feeds.csv").open("a", encoding="utf-8") as file:
            file.write(feeds.split("\n", 1)[1])
    evaluation = mr.evaluate(mr.load_ruleset(workplace / "rulesets" / "bendi"), mr.load_facts(workplace / "my-facts"), as_of="2025-04-01", period="2024")
    states = [verdict.state for verdict in evaluation.verdicts.rows() if verdict.requirement == "bendi.report"]
    satisfied, violated = int(shown()[2]), int(shown()[3])
    assert set(shown()[4:8]) == {"·"}
    assert states.count("satisfied") == satisfied
    assert states.count("violated" if fed else "unknown") == violated
    assert len(states) == satisfied + violated


def test_its_case_holds(workplace: Path) -> None:
    (path,) = (workplace / "rulesets" / "bendi" / "cases").iterdir()
    case = read_case(path)
    ruleset = mr.load_ruleset(workplace / "rulesets" / "bendi")
    rows = load_executor("duckdb").run(ruleset.program, admitted(case, ruleset.vocabulary), case.context).rows()
    assert compare([row for row in rows if row.requirement == "bendi.report"], case.want, only=False) == []

"""The Chinese pages for authors: their requirements and phrases are sound, their tables readable, their words those of the code."""

import contextlib
import io
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

import mofan_rules as mr
from mofan_rules.cli import main
from mofan_rules.diagnostics.codes import CODES
from mofan_rules.facts import Facts, admit
from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.requirements import KINDS
from mofan_rules.ruleset import lint, lint_texts
from mofan_rules.verdicts.reasons import REASONS
from tests.cases import as_yaml

ROOT = Path(__file__).parents[2]
MOFAN = ROOT / "rulesets" / "mofan"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "zh").glob("*.md")}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
PHRASE = re.compile(r"^\| (?P<meaning>[^|]+) \| `(?P<text>[^`]+)` \| (?P<field>when|where|at_least|within|holder) (?P<of>[^|]+) \|$", re.MULTILINE)


def blocks(page: str, language: str) -> list[str]:
    return [match[2] for match in BLOCK.finditer(PAGES[page]) if match[1] == language]


def errors(requirements: str) -> list[str]:
    """What is wrong with requirements written in the words of `rulesets/mofan`."""
    texts = {path.name: path.read_bytes() for path in MOFAN.glob("*.yaml") if path.name not in {"population.yaml", "document.yaml"}}
    return [str(found.message.zh) for found in lint_texts({**texts, "页.yaml": requirements}) if found.severity.value == "error"]


def test_a_requirement_of_each_kind_is_sound() -> None:
    text = "requirements:\n" + "".join(re.sub("^", "  ", block, flags=re.MULTILINE).rstrip() + "\n" for block in blocks("七种要求", "yaml"))
    assert errors(text) == []
    assert set(re.findall(r"kind: (\w+)", text)) == set(KINDS)
    assert errors(text.replace("event: 集中轮训", "event: 集中伦训")) != []


def test_the_phrases_are_sound() -> None:
    phrases = list(PHRASE.finditer(PAGES["短语手册"]))
    assert len(phrases) >= 30
    written = [requirement(number, phrase["text"], phrase["field"], phrase["of"].split(", ")) for number, phrase in enumerate(phrases)]
    assert errors(as_yaml({"requirements": written})) == []
    assert len(re.findall(r"^\| [^|-]+ \| `", PAGES["短语手册"], re.MULTILINE)) == len(phrases)


def requirement(number: int, text: str, field: str, of: list[str]) -> dict[str, object]:
    """The smallest requirement in which a phrase can stand."""
    common: dict[str, object] = {"id": f"duanyu.{number}", "title": "短语", "modality": "should", field: text}
    match field:
        case "when":
            return common | {"kind": "attribute", "subject": of, "condition": "真"}
        case "where":
            return common | {"kind": "occurrence", "subject": "党支部", "event": of[0], "every": "year"}
        case "at_least":
            return common | {"kind": "occurrence", "subject": of, "event": "党课", "every": "year"}
        case "within":
            return common | {"kind": "deadline", "subject": of, "trigger": "founding", "response": {"event": "换届选举"}}
        case _:
            return common | {"kind": "occupancy", "subject": of, "role": "书记"}


def test_a_ruleset_of_ones_own_is_sound(tmp_path: Path) -> None:
    shutil.copytree(MOFAN, tmp_path / "rulesets" / "mofan", ignore=shutil.ignore_patterns("cases", "example"))
    (text,) = blocks("改成本地的要求", "yaml")
    path = tmp_path / text.split("\n", 1)[0].removeprefix("# ")
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert [str(found.message.zh) for found in lint(path.parent) if found.severity.value == "error"] == []
    program = mr.load_ruleset(path.parent).program
    assert "xuexi.plenum_briefing" not in {judgement.header.requirement for judgement in program.judgements}
    (assembly,) = (judgement.header for judgement in program.judgements if judgement.header.requirement == "sanhui.assembly")
    assert assembly.modality.value == "must"


def test_the_tables_can_be_read() -> None:
    vocabulary = mr.load_ruleset(MOFAN).vocabulary
    organizations = [{"id": "zb00001-01", "kind": "党支部"}]
    feeds, corrections = (rows(block) for block in blocks("日期期间和缺少的数据", "csv"))
    facts = admit(Facts(organizations=organizations, feeds=feeds, events=corrections), vocabulary)
    assert facts.connection.execute("SELECT count(*) FROM facts.rejected").fetchone() == (0,)
    earlier = admit(Facts(organizations=organizations, events=corrections), vocabulary, known_at=date(2024, 6, 30))
    assert earlier.connection.execute("SELECT id, attended FROM facts.events WHERE certain").fetchall() == [("e901", 10)]


def rows(block: str) -> list[dict[str, str]]:
    header, *lines = (line.split(",") for line in block.strip().split("\n"))
    return [{name: cell for name, cell in zip(header, line, strict=True) if cell} for line in lines]


@pytest.mark.parametrize("page", ["七种要求", "读懂结论"])
def test_reasons_are_those_of_the_code(page: str) -> None:
    words = set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", PAGES[page]))
    assert {word for word in words if "_" in word} <= {*REASONS, *REJECTIONS, "due_on", "valid_until", "part_of", "recorded_on", "at_least", "at_most"}
    if page == "读懂结论":
        assert set(REASONS) <= words


def test_the_twenty_messages_exist() -> None:
    table = PAGES["读懂结论"].split("## 最常见的二十条提示")[1]
    codes = re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)
    assert len(codes) == 20
    assert {code for code in codes if "-" in code or code in CODES} <= set(CODES)
    assert {code for code in codes if "_" in code or code == "duplicate"} <= set(REJECTIONS)


def test_the_explanation_is_the_real_one() -> None:
    (block,) = blocks("读懂结论", "console")
    command, *shown = block.rstrip("\n").split("\n")
    arguments = [str(ROOT / word) if word.startswith("rulesets/") else word for word in command.removeprefix("$ mofan ").split()]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        assert main(arguments) == 0
    printed = [line.rstrip() for line in output.getvalue().split("\n")]
    place = 0
    for line in shown:
        if line != "…":
            place = printed.index(line.rstrip(), place) + 1


def test_the_small_example_shows_what_its_readme_says() -> None:
    folder = ROOT / "rulesets" / "mofan-minimal"
    evaluation = mr.evaluate(mr.load_ruleset(folder), mr.load_facts(folder / "example"), as_of="2025-04-01", period="2024")
    wrong = sorted((row.state, row.requirement, row.subject) for row in evaluation.verdicts.rows() if row.state in {"violated", "unknown"})
    assert wrong == [
        ("unknown", "sanhui.committee", "zb1"),
        ("violated", "chuangjian.plan", "dw1"),
        ("violated", "sanhui.lecture", "zb2"),
        ("violated", "zhuti.theme_day", "zb2"),
        ("violated", "zuzhi.secretary", "zb2"),
    ]


def test_the_ten_are_those_of_the_whole() -> None:
    """`rulesets/mofan-minimal` says of each of its requirements what `rulesets/mofan` says, up to tags, weight and citations."""

    def requirements(folder: Path) -> dict[str, dict[str, object]]:
        found = {}
        for path in folder.glob("*.yaml"):
            for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader).get("requirements", []):
                found[entry["id"]] = {name: value for name, value in entry.items() if name not in {"tags", "weight", "cite"}}
        return found

    minimal, whole = requirements(ROOT / "rulesets" / "mofan-minimal"), requirements(MOFAN)
    assert len(minimal) == 10
    assert minimal == {name: whole[name] for name in minimal}
    assert [str(found.message.zh) for found in lint(ROOT / "rulesets" / "mofan-minimal")] == []

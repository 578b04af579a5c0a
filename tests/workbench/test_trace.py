"""`mofan trace`: rows, requirements, citations, cases, verdicts, and everything that can be missing between them."""

import csv
import io
import json
from pathlib import Path

import pytest

from mofan_rules.cli import main
from mofan_rules.diagnostics import QuestionError, RulesetError
from mofan_rules.workbench.tracer import Given, run_trace

RULESET = """
ruleset: traced
version: "1"
title: {zh: 示例, en: Example}
sources: {paper: {title: A paper}, statute: {title: A statute}}
vocabulary: {organizations: {club: {}}, events: {meeting: {}}}
parameters:
  times: [{value: 1, cite: {source: statute, clause: "3", quote: once a quarter, verified: true}}]
  most: [{value: 9, local: true}]
requirements:
  - id: meet
    title: {zh: 开会, en: Meet}
    kind: occurrence
    subject: club
    event: meeting
    every: quarter
    at_least: times
    at_most: most
    modality: must
    cite: [{source: paper, clause: "1", quote: meets “often”, row: 1-a}, {source: statute, clause: "3", quote: once a quarter, row: 1-b, verified: true}]
"""

DOCUMENT = """
source: paper
rows:
  1-a: {class: M, locator: meets often, about: meetings}
  1-b: {class: E, locator: at least, about: how often}
"""

PAPER = "The club meets “often”,\n and meets often\n at least so."
STATUTE = "3. It meets once a quarter."
INVENTORY = "id\tlocator\tdemand\tclass\n1-a\tmeets often\tx\tM\n1-b\tat least\ty\tE\n"

CASE = """
note: {note}
as_of: {as_of}
period: 2024Q1
facts:
  organizations: [{{id: a, kind: club{founded}}}]
  events: [{events}]
complete: all
want: [{{requirement: meet, subject: a, window: 2024Q1, state: {state}}}]
"""

HELD = "{id: e, organization: a, kind: meeting, date: 2024-02-01}"

CASES = {
    "satisfied": CASE.format(note="held", as_of="2024-07-01", founded="", events=HELD, state="satisfied"),
    "violated": CASE.format(note="not held", as_of="2024-07-01", founded="", events="", state="violated"),
    "pending": CASE.format(note="may come", as_of="2024-02-01", founded="", events="", state="pending"),
    "unknown": CASE.format(note="which day?", as_of="2024-07-01", founded="", events=HELD.replace("02-01", "03").replace("2024-03", "2024"), state="unknown"),
    "out": CASE.format(note="founded later", as_of="2024-07-01", founded=", founded_on: 2024-02-01", events="", state="not_applicable"),
}


def write(folder: Path, ruleset: str = RULESET, document: str | None = DOCUMENT, cases: dict[str, str] | None = None) -> Path:
    path = folder / "traced"
    (path / "cases").mkdir(parents=True)
    (path / "ruleset.yaml").write_text(ruleset, encoding="utf-8")
    if document is not None:
        (path / "document.yaml").write_text(document, encoding="utf-8")
    for name, text in (CASES if cases is None else cases).items():
        (path / "cases" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def given(folder: Path, paper: str = PAPER, statute: str = STATUTE, inventory: str = INVENTORY) -> Given:
    for name, text in (("paper", paper), ("statute", statute), ("inventory", inventory)):
        (folder / name).write_text(text, encoding="utf-8")
    return Given({"": folder / "paper", "statute": folder / "statute"}, folder / "inventory")


def problems(path: Path, outside: Given | None = None) -> list[tuple[str, str]]:
    """Codes, and the words that each points at."""
    _, _, found = run_trace(path, outside or Given())
    words = []
    for one in found:
        span = one.span
        text = "" if span is None else found.sources.get(span.file, "")
        words.append((one.code, "" if span is None or not text else text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]))
    return words


def test_a_ruleset_in_which_nothing_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert problems(path, given(tmp_path)) == []
    _, trace, _ = run_trace(path, Given())
    assert [(traced.row.id, [requirement.id for requirement in traced.requirements]) for traced in trace.rows] == [("1-a", ["meet"]), ("1-b", ["meet"])]
    (requirement,) = trace.requirements()
    assert requirement.sources() == ("paper 1", "statute 3")
    assert sorted(requirement.cases) == sorted(CASES)
    assert requirement.counts is None


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (", row: 1-b, verified: true}]\n", ", verified: true}]\n", ("row-without-requirement", "1-b")),
        ("row: 1-b,", "row: 1-c,", ("unknown-row", "1-c")),
        ("meets “often”", "meets rarely", ("quote-not-found", "meets rarely")),
        ('clause: "3", quote: once a quarter, verified', 'clause: "3", quote: twice a quarter, verified', ("quote-not-found", "twice a quarter")),
        ("[{value: 9, local: true}]", "[{value: 9}]", ("number-not-marked", "9")),
        ("most: [{value: 9, local: true}]", "most: 9", ("number-not-marked", "9")),
        ("modality: must", "modality: should", ("states-without-case", "meet")),
    ],
)
def test_what_is_missing_is_told_at_its_place(tmp_path: Path, before: str, after: str, wanted: tuple[str, str]) -> None:
    assert before in RULESET
    assert wanted in problems(write(tmp_path, RULESET.replace(before, after)), given(tmp_path))


def test_a_requirement_without_citation_or_row(tmp_path: Path) -> None:
    bare = RULESET[: RULESET.index("    cite: [{source: paper")]
    assert ("requirement-without-citation", "meet") in problems(write(tmp_path / "1", bare))
    assert ("requirement-without-row", "meet") in problems(write(tmp_path / "2", bare + "    cite: [{source: paper}]\n"))


def test_a_number_of_a_requirement_is_marked_in_one_of_its_citations(tmp_path: Path) -> None:
    bound = (
        RULESET.replace("at_least: times", "at_least: 2").replace(", verified: true}]\n  most", "}]\n  most").replace("  times: [{", "  times: [{local: true, ")
    )
    assert problems(write(tmp_path / "1", bound)) == []
    unmarked = bound.replace("row: 1-b, verified: true", "row: 1-b")
    assert ("number-not-marked", "2") in problems(write(tmp_path / "2", unmarked))
    marked = bound.replace("row: 1-b, verified: true", "row: 1-b, verified: false")
    assert ("number-not-marked", "2") not in problems(write(tmp_path / "3", marked))


def test_states_without_a_case_are_named(tmp_path: Path) -> None:
    _, _, found = run_trace(write(tmp_path, cases={"held": CASES["satisfied"]}), Given())
    (lacking,) = (one for one in found if one.code == "states-without-case")
    assert "violated, pending, unknown, not_applicable" in lacking.message.en


def test_locators_must_stand_in_the_document(tmp_path: Path) -> None:
    found = problems(write(tmp_path, document=DOCUMENT.replace("at least", "at most")), Given(given(tmp_path).texts))
    assert found == [("locator-not-found", "")] or found[0][0] == "locator-not-found"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("1-b", "1-c", "row-not-carried"), ("1-b", "1-c", "row-not-in-inventory"), ("\tE\n", "\tM\n", "row-differs"), ("at least", "at most", "row-differs")],
)
def test_the_rows_are_those_of_the_inventory(tmp_path: Path, before: str, after: str, code: str) -> None:
    outside = given(tmp_path, inventory=INVENTORY.replace(before, after))
    assert code in [found for found, _ in problems(write(tmp_path), outside)]


def test_full_width_signs_and_line_ends_do_not_matter(tmp_path: Path) -> None:
    assert problems(write(tmp_path), given(tmp_path, paper=PAPER.replace(",", "，").replace("meets often", "meets\r\noften").replace("“", "「"))) == []


def test_a_ruleset_that_imports_answers_with_cases_for_its_own_requirements(tmp_path: Path) -> None:
    write(tmp_path)
    local = tmp_path / "local"
    local.mkdir()
    own = RULESET[RULESET.index("requirements:") :].replace("id: meet", "id: meet_more")
    (local / "ruleset.yaml").write_text(f'ruleset: local\nversion: "1"\nimport: [../traced]\n{own}', encoding="utf-8")
    assert [words for words in problems(local) if words[0] == "states-without-case"] == [("states-without-case", "meet_more")]


def test_a_requirement_that_is_disabled_answers_its_row_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path)
    local = tmp_path / "local"
    (local / "cases").mkdir(parents=True)
    (local / "ruleset.yaml").write_text('ruleset: local\nversion: "1"\nimport: [../traced]\noverride: {meet: {disable: no clubs here}}\n', encoding="utf-8")
    _, trace, found = run_trace(local, Given())
    assert [one.code for one in found] == []
    assert [dict(traced.disabled) for traced in trace.rows] == [{"meet": "no clubs here"}] * 2


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("rows: {}\n", "missing-key"),
        ("source: nothing\nrows: {}\n", "unknown-source"),
        ("source: paper\nrows: {1-a: {class: X, locator: x}}\n", "unknown-value"),
        ("source: paper\nrows: {1-a: x}\n", "wrong-shape"),
        ("source: paper\nrows: [x]\n", "wrong-shape"),
        ("- x\n", "wrong-shape"),
        ("source: [\n", "yaml-syntax"),
        ("source: paper\nrows: {1-a: {class: M, locator: x}, 1-a: {class: M, locator: x}}\n", "yaml-duplicate-key"),
    ],
)
def test_what_is_wrong_in_the_document_file(tmp_path: Path, document: str, code: str) -> None:
    with pytest.raises(RulesetError) as caught:
        run_trace(write(tmp_path, document=document), Given())
    assert code in {one.code for one in caught.value.diagnostics}


def test_what_is_given_must_be_there(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "empty").write_bytes(b"")
    for outside in (Given({"": tmp_path / "nowhere"}), Given({"papr": tmp_path / "empty"}), Given({}, tmp_path / "empty"), Given({"": tmp_path})):
        with pytest.raises(QuestionError):
            run_trace(path, outside)
    with pytest.raises(QuestionError):
        run_trace(write(tmp_path / "without", document=None), Given())


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, outside = str(write(tmp_path)), given(tmp_path)
    command = ["trace", path, "--lang", "en"]
    whole = [*command, "--source", str(outside.texts[""]), "--source", f"statute={outside.texts['statute']}", "--inventory", str(outside.inventory)]
    assert main(whole) == 0
    out = capsys.readouterr()
    assert "1-a  M      meetings   meet" in out.out
    assert "2 of 2 rows have requirements; 1 requirements; 0 problems" in out.err
    assert main([*command, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["requirements"] for row in found["rows"]] == [["meet"], ["meet"]]
    assert found["requirements"]["meet"]["verdicts"] is None
    assert main([*command, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out.lstrip("\ufeff"))))
    assert [(row["row"], row["requirement"], row["citations"], row["violated"]) for row in rows] == [
        ("1-a", "meet", "paper 1；statute 3", ""),
        ("1-b", "meet", "paper 1；statute 3", ""),
    ]
    assert main([*command, "-o", str(tmp_path / "page.md")]) == 0
    assert "| 1-a | M | meetings | `meet` 开会 (5) | paper 1<br>statute 3 |" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_with_facts_the_verdicts_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    path, facts = str(write(tmp_path)), tmp_path / "facts"
    facts.mkdir()
    (facts / "organizations.csv").write_text("id,kind\na,club\nb,club\n", encoding="utf-8")
    (facts / "events.csv").write_text("id,organization,kind,date\n1,a,meeting,2024-02-01\n", encoding="utf-8")
    (facts / "waivers.csv").write_text("id,organization,requirement,from_date,until_date,reason,approved_by\n", encoding="utf-8")
    asked = ["--facts", str(facts), "--as-of", "2025-01-01", "--period", "2024Q1"]
    assert main(["trace", path, "--format", "json", *asked]) == 0
    counts = json.loads(capsys.readouterr().out)["requirements"]["meet"]["verdicts"]
    assert (counts["satisfied"], counts["violated"], counts["unknown"]) == (1, 1, 0)
    assert main(["trace", path, "--lang", "en", *asked]) == 0
    assert "satisfied 1  violated 1" in capsys.readouterr().out


def test_a_problem_is_an_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path, cases={"held": CASES["satisfied"]}))
    assert main(["trace", path, "--lang", "en"]) == 1
    assert "error[states-without-case]" in capsys.readouterr().err

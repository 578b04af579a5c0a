"""`mofan test`: cases that hold, cases that fail and say why, case files that are wrong."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from mofan_rules.cli import main
from mofan_rules.diagnostics import QuestionError, RulesetError
from mofan_rules.executors import COMPLETE
from mofan_rules.workbench.running import Status
from mofan_rules.workbench.testing import Outcomes, run_tests
from tests.workbench.sample import EMPTY, HELD, write_sample


def problems(folder: Path, text: str) -> list[tuple[str, int, int]]:
    """The codes and places of what is wrong in a case file."""
    with pytest.raises(RulesetError) as caught:
        run_tests(write_sample(folder, case=text))
    return [(one.code, one.span.line if one.span else 0, one.span.column if one.span else 0) for one in caught.value.diagnostics]


def outcomes(folder: Path, **cases: str) -> Outcomes:
    return run_tests(write_sample(folder, **cases))


def test_cases_that_hold_are_run_on_every_executor(tmp_path: Path) -> None:
    found = outcomes(tmp_path, held=HELD, empty=EMPTY)
    assert [(result.case.name, result.status) for result in found.results] == [("empty", Status.PASSED), ("held", Status.PASSED)]
    assert all(set(result.found) == set(COMPLETE) for result in found.results)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("state: satisfied", "state: violated", "state is satisfied, wanted violated"),
        ("measured: 1", "measured: 2", "measured is 1, wanted 2"),
        ("window: 2024Q1", "window: 2024Q2", "there is no such verdict; there are: meet a 2024Q1 satisfied"),
        ("measured: 1", "message: 达标了", "wanted “达标了”"),
        ("complete: all", "complete: all\nrejected: 1", "0 rows are rejected, wanted 1"),
    ],
)
def test_what_is_not_as_wanted_is_told_for_each_executor(tmp_path: Path, before: str, after: str, told: str) -> None:
    (result,) = outcomes(tmp_path, held=HELD.replace(before, after)).results
    assert result.status is Status.FAILED
    for name in COMPLETE:
        assert told in " ".join(difference.text.en for difference in result.found[name])


def test_only_takes_other_verdicts_of_the_named_requirements_for_differences(tmp_path: Path) -> None:
    more = HELD.replace("[{id: a, kind: club, members: 6}]", "[{id: a, kind: club, members: 6}, {id: b, kind: club, members: 6}, {id: l, kind: league}]")
    assert outcomes(tmp_path / "1", held=more).results[0].status is Status.PASSED
    (result,) = outcomes(tmp_path / "2", held=more + "only: true\n").results
    assert [difference.text.en for difference in result.found["duckdb"]] == ["meet b 2024Q1: a verdict that is not wanted (violated)"]


def test_a_message_is_compared_in_the_language_asked_for(tmp_path: Path) -> None:
    words = "message: {zh: 做了 1 次，要求1 至 3, en: wrong}"
    (result,) = outcomes(tmp_path, held=HELD.replace("measured: 1", words)).results
    (difference,) = result.found["duckdb"]
    assert "wanted “wrong”" in difference.text.en
    assert difference.verdict is not None


def test_todo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fails = HELD.replace("satisfied", "violated").replace("reason: met, ", "") + "todo: nobody knows how\n"
    ruleset = write_sample(tmp_path, fails=fails, holds=HELD + "todo: done by now\n")
    assert main(["test", str(ruleset), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "holds.yaml: is marked `todo` but holds" in out
    assert "todo fails: nobody knows how" in out
    assert "2 cases: 1 passed, 0 failed, 1 to do" in out


def test_a_failure_shows_what_makes_the_difference_and_the_explanation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset = write_sample(tmp_path, empty=EMPTY.replace("state: violated, reason: too_few", "state: satisfied"))
    assert main(["test", str(ruleset), "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "empty.yaml:2:1: empty" in out
    assert "[duckdb, interpreter] meet a 2024Q1: state is violated, wanted satisfied" in out
    assert "what makes the difference:\n    the quantity lies within its bounds = no" in out
    assert "rows that do not count:\n    events e1: attended * 2 ≥ expected = false" in out
    assert "Derivation" in out
    assert "1 cases: 0 passed, 1 failed" in out


def test_rows_that_are_rejected_are_shown_with_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset = write_sample(tmp_path, held=HELD.replace("2024-02-01", "2024-02-31"))
    assert main(["test", str(ruleset), "--lang", "en"]) == 1
    assert "rows of facts that were rejected:" in capsys.readouterr().out


def test_facts_that_cannot_be_used_fail_the_case(tmp_path: Path) -> None:
    (result,) = outcomes(
        tmp_path, held=HELD.replace("[{id: e1, organization: a, kind: meeting, date: 2024-02-01, expected: 6, attended: 3}]", "[{id: e1}]")
    ).results
    assert result.status is Status.FAILED


def test_filters(tmp_path: Path) -> None:
    ruleset = write_sample(tmp_path, held=HELD, empty=EMPTY)
    names = [[result.case.name for result in run_tests(ruleset, ["interpreter"], filters).results] for filters in (["HELD"], ["fewer"], ["all_meet", "held"])]
    assert names == [["held"], ["empty"], ["empty", "held"]]
    with pytest.raises(QuestionError) as caught:
        run_tests(ruleset, filters=["heldd"])
    assert caught.value.diagnostics[0].code == "no-such-case"
    with pytest.raises(QuestionError):
        run_tests(ruleset, ["duckdbb"])
    with pytest.raises(QuestionError):
        run_tests(write_sample(tmp_path / "without"))


def test_junit(tmp_path: Path) -> None:
    bad = HELD.replace("state: satisfied", "state: violated")
    ruleset, report = write_sample(tmp_path, bad=bad, held=HELD, later=bad + "todo: not yet\n"), tmp_path / "junit.xml"
    assert main(["test", str(ruleset), "--junit", str(report), "--executor", "interpreter"]) == 1
    suite = ElementTree.parse(report).getroot()[0]
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {"tests": "3", "failures": "1", "skipped": "1"}
    assert [(test.get("name"), [child.tag for child in test]) for test in suite] == [("bad", ["failure"]), ("held", []), ("later", ["skipped"])]
    assert main(["test", str(ruleset), "--junit", str(tmp_path / "nowhere" / "x.xml")]) == 2


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("requirement: meet", "requirement: met", ("unknown-requirement", 10, 19)),
        ("subject: a", "subject: b", ("case-unknown-subject", 10, 34)),
        ("state: satisfied", "state: fine", ("unknown-value", 10, 60)),
        ("reason: met", "reason: mett", ("unknown-value", 10, 79)),
        ("window: 2024Q1", "window: Q1", ("bad-period", 10, 45)),
        ("as_of: 2024-07-01", "as_of: 2024-07-32", ("field-not-date", 3, 8)),
        ("as_of: 2024-07-01\n", "", ("missing-key", 2, 1)),
        ("complete: all", "complete: everything", ("facts-unknown-table", 8, 11)),
        ("  events:", "  evnts:", ("facts-unknown-table", 7, 3)),
        ("complete: all", "compleet: all", ("unknown-key", 8, 1)),
        ("complete: all", "only: yes", ("field-not-flag", 8, 7)),
        ("complete: all", "rejected: some", ("field-not-whole", 8, 11)),
        ("complete: all", "todo: true", ("case-todo-without-reason", 8, 7)),
        ("  events: [{", "  events: [1, {", ("wrong-shape", 7, 12)),
        ("id: e1,", "id: {x: e1},", ("field-not-text", 7, 18)),
        ("note: a", "note: [a", ("yaml-syntax", 3, 6)),
    ],
)
def test_what_is_wrong_in_a_case_file_is_told_at_its_place(tmp_path: Path, before: str, after: str, wanted: tuple[str, int, int]) -> None:
    assert before in HELD
    assert problems(tmp_path, HELD.replace(before, after, 1)) == [wanted]


def test_a_case_that_can_never_fail_is_wrong(tmp_path: Path) -> None:
    nothing = HELD[: HELD.index("want:")] + "want: []\n"
    assert [code for code, _, _ in problems(tmp_path, nothing)] == ["case-wants-nothing"]


def test_a_verdict_wanted_twice_is_wrong(tmp_path: Path) -> None:
    assert [code for code, _, _ in problems(tmp_path, HELD + HELD.splitlines()[-1] + "\n")] == ["case-wanted-twice"]


@pytest.mark.parametrize("content", [b"", b"- 1\n", b"\xff\xfe\x00", b"a: *b\n", b"\x00"])
def test_no_bytes_are_too_strange(tmp_path: Path, content: bytes) -> None:
    ruleset = write_sample(tmp_path, held=HELD)
    (ruleset / "cases" / "odd.yaml").write_bytes(content)
    assert main(["test", str(ruleset), "--executor", "interpreter"]) == 2

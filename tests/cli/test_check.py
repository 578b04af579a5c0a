"""`mofan check`, from arguments to exit code."""

import json
from pathlib import Path

import pytest

from mofan_rules.cli import main
from mofan_rules.reports import FORMATS
from tests.cli.sample import EVENTS, ORGANIZATIONS, write_sample

YEAR = ("--as-of", "2025-01-15", "--period", "2024")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return write_sample(tmp_path_factory.mktemp("sample"))


def test_the_table_says_how_it_stands(sample: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["check", *sample, *YEAR, "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    for word in ("示例 1.0", "截至: 2025-01-15", "每季度开会", "达标率", "试行要求", "乙社", "读入"):
        assert word in out
    (line,) = (line for line in out.splitlines() if "meet " in line and "每季度" in line)
    assert line.split()[2:5] == ["4", "4", "·"]


@pytest.mark.parametrize("executor", ["duckdb", "interpreter"])
def test_json_has_every_verdict(executor: str, sample: tuple[str, str], capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["check", *sample, *YEAR, "--executor", executor, "--format", "json"]) == 0
    report = json.loads(capsysbinary.readouterr().out)
    states = {(row["requirement"], row["subject"], row["window_from"]): row["state"] for row in report["verdicts"]}
    assert states["meet", "a", "2024-01-01"] == "satisfied"
    assert states["meet", "b", "2024-10-01"] == "violated"
    assert states["meet_yearly", "b", "2024-01-01"] == "violated"
    assert len(states) == 2 * (4 + 1 + 12)
    assert report["summary"]["counts"]["violated"] == 5
    assert report["facts"]["rows"]["events"] == {"read": 4, "admitted": 4, "rejected": 0}


@pytest.mark.parametrize(
    ("rows", "number", "told"),
    [
        ("c,丙社,cluub\n", 1, "1 organization is known from rejected rows only"),
        ("c,丙社,cluub\nd,丁社,club\nd,丁会,club\n", 2, "2 organizations are known from rejected rows only"),
        ("a,甲社,club\n", 0, ""),
    ],
)
def test_organizations_whose_rows_were_rejected_are_told(rows: str, number: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their verdicts are unknown, and the summary says how many they are; an exact repetition is no loss."""
    sample = write_sample(tmp_path)
    (tmp_path / "facts" / "organizations.csv").write_text(ORGANIZATIONS + rows, encoding="utf-8")
    assert main(["check", *sample, *YEAR, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert ("known from rejected rows only" in shown) == bool(told)
    assert told in shown
    assert main(["check", *sample, *YEAR, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["facts"]["rejected_organizations"] == number
    assert [(row["state"], row["reason"]) for row in report["verdicts"] if row["subject"] not in ("a", "b")] == [("unknown", "binding_unknown")] * 17 * number


@pytest.mark.parametrize(("level", "code"), [("never", 0), ("must", 1), ("should", 1), ("unknown", 1)])
def test_fail_on(level: str, code: int, sample: tuple[str, str]) -> None:
    assert main(["check", *sample, *YEAR, "--fail-on", level]) == code


def test_shadow_and_satisfied_do_not_fail(tmp_path: Path) -> None:
    events = EVENTS + "".join(f"b{month},b,meeting,2024-{month:02}-03\n" for month in (1, 4, 7, 10))
    sample = write_sample(tmp_path, events)
    assert main(["check", *sample, *YEAR, "--fail-on", "unknown"]) == 0


def test_should_does_not_fail_must(tmp_path: Path) -> None:
    sample = write_sample(tmp_path, EVENTS + "5,b,meeting,2024-01-03\n")
    assert main(["check", *sample, *YEAR, "--fail-on", "must"]) == 0
    assert main(["check", *sample, *YEAR, "--fail-on", "should"]) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_to_a_file(name: str, sample: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"out{FORMATS[name].suffix}"
    assert main(["check", *sample, *YEAR, "-o", str(target)]) == 0
    assert target.stat().st_size > 0
    assert capsys.readouterr().out == ""
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_today_is_said(sample: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *sample, "--lang", "en"]) == 0
    assert "(today; not given)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--as-of", "yesterday"), "bad-date", "2025-01-31"),
        (("--as-of", ""), "bad-date", "2025-01-31"),
        (("--as-of", "0999-01-01"), "bad-date", "1000"),
        (("--as-of", "2025-02-30"), "bad-date", "2025-02-30"),
        (("--as-of", "2025-01-01", "--period", "2024Q5"), "bad-period", "2024Q3"),
        (("--as-of", "2025-01-01", "--period", "2024..2023"), "bad-period", "2024..2023"),
        (("--as-of", "2025-01-01", "--known-at", "x"), "bad-date", "known_at"),
        (("--as-of", "2025-01-01", "--executor", "duckdp"), "unknown-executor", "duckdb"),
        (("--as-of", "2025-01-01", "--memory-limit", "much"), "bad-size", "4GB"),
        (("--as-of", "2025-01-01", "--memory-limit", "1MB"), "out-of-memory", "--memory-limit"),
        (("--as-of", "2025-01-01", "-o", "/no/such/folder/x.csv"), "cannot-write", "no such folder"),
        (("--as-of", "2025-01-01", "--format", "csv", "-o", "/"), "cannot-write", "folder"),
        (("--as-of", "2025-01-01", "-o", "report.doc"), "unknown-format", ".doc"),
    ],
)
def test_wrong_arguments_are_told(arguments: tuple[str, ...], code: str, words: str, sample: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *sample, *arguments, "--lang", "en"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"error[{code}]" in captured.err
    assert words in captured.err


def test_what_an_executor_cannot_compute_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset, facts = write_sample(tmp_path)
    large = "\n  - {id: large, kind: occurrence, subject: club, event: meeting, every: year, at_least: 99999999999 * 99999999999 * 99999999999 * 99999999999}\n"
    path = Path(ruleset, "requirements.yaml")
    path.write_text(path.read_text(encoding="utf-8").rstrip() + large, encoding="utf-8")
    assert main(["check", ruleset, facts, *YEAR, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "requirements.yaml:27:10: error[unsupported-program]" in said
    assert "the executor `interpreter` has no such limit" in said


def test_a_missing_ruleset_and_missing_facts(sample: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset, facts = sample
    assert main(["check", str(tmp_path / "none"), facts]) == 2
    assert main(["check", ruleset, str(tmp_path / "none")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_is_there_is_replaced_whole_or_not_at_all(sample: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.json"
    target.write_text("before")

    def fail(report: object, path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mofan_rules.reports.json.write", fail)
    assert main(["check", *sample, *YEAR, "-o", str(target)]) == 2
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_device_is_written_to_and_not_replaced(sample: tuple[str, str]) -> None:
    assert main(["check", *sample, *YEAR, "--format", "csv", "-o", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()

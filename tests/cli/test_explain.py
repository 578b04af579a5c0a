"""`mofan explain`: the verdict that is meant, as text and as data, and what is said where there is none."""

import json
from pathlib import Path

import pytest

from mofan_rules.cli import main
from tests.cli.sample import ORGANIZATIONS, write_sample

YEAR = ("--as-of", "2025-01-15", "--period", "2024")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return write_sample(tmp_path_factory.mktemp("sample"))


def explain(sample: tuple[str, str], *arguments: str) -> int:
    return main(["explain", *sample, *YEAR, *arguments])


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("每季度开会", "未达标", "2024年第三季度", "补开会议")), ("en", ("Meet every quarter", "violated", "2024 Q3", "Hold"))]
)
def test_the_text(language: str, words: tuple[str, ...], sample: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(sample, "--organization", "b", "--requirement", "meet", "--window", "2024Q3", "--lang", language) == 0
    out = capsys.readouterr().out
    for word in words:
        assert word in out


def test_the_rows_behind_it_are_named(sample: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(sample, "--organization", "a", "--requirement", "meet", "--window", "2024Q2", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"]["state"] == "satisfied"
    assert ("counted", "events", "2") in {(fact["role"], fact["table"], fact["id"]) for fact in found["evidence"]}


def test_an_organization_may_be_named(sample: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(sample, "--organization", "乙社", "--requirement", "meet_yearly", "--lang", "en") == 0
    assert "violated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--organization", "乙", "--requirement", "meet"), "unknown-organization", "乙"),
        (("--organization", "b", "--requirement", "meat"), "no-such-requirement", "did you mean: meet"),
        (("--organization", "b", "--requirement", "meet", "--window", "2024Q9"), "bad-period", "2024Q9"),
        (("--organization", "b", "--requirement", "meet", "--window", "2030"), "not-a-subject", "period"),
        (("--organization", "b", "--requirement", "meet", "--key", "x"), "no-verdict", "2024Q1"),
    ],
)
def test_what_is_not_there(arguments: tuple[str, ...], code: str, words: str, sample: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(sample, *arguments, "--lang", "en") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"error[{code}]" in captured.err
    assert words in captured.err


def test_a_name_that_two_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = write_sample(tmp_path)
    Path(sample[1], "organizations.csv").write_text(ORGANIZATIONS + "c,乙社,club\n", encoding="utf-8")
    assert explain(sample, "--organization", "乙社", "--requirement", "meet", "--lang", "en") == 2
    assert "b, c" in capsys.readouterr().err

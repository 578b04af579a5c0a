"""`mofan derive` and `mofan doctor`."""

import json
from pathlib import Path

import pytest

from mofan_rules.cli import main
from mofan_rules.executors.rete import missing as looked_up
from tests.cli.sample import write_sample

DERIVE = """
derive:
  - id: missed
    if: {verdict: meet, match: {subject: $club, window_from: $quarter}}
    then: {event: reminder, organization: $club, attributes: {quarter: $quarter, times: 2}}
"""
WORDS = """  events: {meeting: {title: {zh: 会议, en: Meeting}}, reminder: {}}
  attributes: {quarter: {of: reminder, type: date}, times: {of: reminder, type: integer}}
"""


def sample(folder: Path) -> list[str]:
    ruleset, facts = write_sample(folder)
    Path(ruleset, "derive.yaml").write_text(DERIVE, encoding="utf-8")
    path = Path(ruleset, "ruleset.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("  events: {meeting: {title: {zh: 会议, en: Meeting}}}\n", WORDS), encoding="utf-8")
    return [ruleset, facts, "--as-of", "2024-08-01"]


@pytest.mark.parametrize("executor", ["duckdb", "interpreter", pytest.param("rete", marks=pytest.mark.live)])
def test_what_follows_is_shown(executor: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if executor == "rete" and looked_up.missing():
        pytest.skip("needs the extra `live`")
    arguments = [*sample(tmp_path), "--executor", executor]
    assert main(["derive", *arguments, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"kind": "reminder", "organization": "b", "date": "2024-04-01", "attributes": {"quarter": "2024-01-01", "times": 2}},
        {"kind": "reminder", "organization": "b", "date": "2024-07-01", "attributes": {"quarter": "2024-04-01", "times": 2}},
    ]
    assert main(["derive", *arguments, "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "推导出的事项：2 件" in shown
    assert "quarter 2024-04-01，times 2" in shown


@pytest.mark.live
def test_the_network_refuses_by_name_what_it_does_not_judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if looked_up.missing():
        pytest.skip("needs the extra `live`")
    arguments = sample(tmp_path)
    path = Path(arguments[0], "requirements.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("every: year\n", "every: year\n    grace: 10 days\n"), encoding="utf-8")
    assert main(["derive", *arguments, "--executor", "rete", "--lang", "en"]) == 2
    assert "meet_yearly: Header.grace" in capsys.readouterr().err


@pytest.mark.live
def test_doctor_tells_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    if looked_up.missing():
        pytest.skip("needs the extra `live`")
    assert main(["doctor", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["network"], found["reason"]) == ("rete", "")
    assert found["versions"]["durable_rules"] == "2.0.28"
    assert main(["doctor", "--lang", "en"]) == 0
    assert "one join was tried and fired" in capsys.readouterr().out


def test_doctor_tells_why_there_is_no_network(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(looked_up, "ENGINE", "no_such_engine")
    looked_up.missing.cache_clear()
    try:
        assert main(["doctor", "--lang", "zh"]) == 0
        shown = capsys.readouterr().out
        assert "由解释器推导，结果相同" in shown
        assert "mofan-rules[live]" in shown
        assert main(["doctor", "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["network"] == "interpreter"
        assert "not installed" in found["reason"]
    finally:
        looked_up.missing.cache_clear()

"""Cases that want derived facts."""

from pathlib import Path

from mofan_rules.executors import COMPLETE
from mofan_rules.workbench.case import WantedFact
from mofan_rules.workbench.running import Status
from mofan_rules.workbench.testing import run_tests
from tests.workbench.sample import HELD, write_sample

DERIVE = """
derive:
  - id: met
    if: {verdict: meet, state: satisfied, match: {subject: $club, window_from: $quarter}}
    then: {event: praise, organization: $club, attributes: {quarter: $quarter, big: true}}
"""
LINE = "praise a 2024-04-01 big=true quarter=2024-01-01"
WANTED = "derived: [{kind: praise, organization: a, date: 2024-04-01, quarter: 2024-01-01, big: true}]\n"


def told(folder: Path, derived: str, want: str = "") -> list[list[str]]:
    """What each executor is told of one case."""
    ruleset = Path(write_sample(folder, held=(HELD if not want else HELD[: HELD.index("want:")] + want) + derived))
    (ruleset / "derive.yaml").write_text(DERIVE, encoding="utf-8")
    main = ruleset / "ruleset.yaml"
    text = main.read_text(encoding="utf-8").replace("events: {meeting: {}}", "events: {meeting: {}, praise: {}}")
    words = "  attributes:\n    quarter: {of: praise, type: date}\n    big: {of: praise, type: boolean}\n"
    main.write_text(text.replace("  attributes:\n", words), encoding="utf-8")
    (result,) = run_tests(ruleset).results
    assert set(result.found) == set(COMPLETE)
    assert (result.status is Status.PASSED) == (not any(result.found.values()))
    return [[difference.text.en for difference in found] for found in result.found.values()]


def test_what_is_wanted_is_derived(tmp_path: Path) -> None:
    assert told(tmp_path / "1", WANTED) == [[], []]
    # the requirements that derivations read are judged though the case wants no verdict of them
    assert told(tmp_path / "2", WANTED, "want: []\n") == [[], []]
    assert told(tmp_path / "3", "") == [[], []]


def test_what_is_not_wanted_or_not_derived_is_told(tmp_path: Path) -> None:
    assert told(tmp_path / "1", "derived: []\n") == [[f"derived, but not wanted: {LINE}"]] * 2
    other = WANTED.replace("date: 2024-04-01", "date: 2024-04-02")
    assert told(tmp_path / "2", other) == [[f"not derived: {LINE.replace('04-01', '04-02')}", f"derived, but not wanted: {LINE}"]] * 2


def test_a_line_is_the_whole_fact() -> None:
    assert WantedFact("praise", "a", "2024-04-01", {"quarter": "2024-01-01", "big": "true"}).line() == LINE

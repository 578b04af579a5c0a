"""rule-engine: a rule for each outcome, by which windows are filtered."""

from pathlib import Path

from rule_engine import Rule

from benchmarks.peers.counting import Row, cells
from benchmarks.peers.rolling import rolled_up

COUNTS = {
    "satisfied": Rule('bound == "yes" and sure >= 1'),
    "violated": Rule('bound == "yes" and sure == 0 and may == 0'),
    "unknown": Rule('bound == "unknown" or (bound == "yes" and sure == 0 and may >= 1)'),
    "not_applicable": Rule('bound == "no"'),
}
DATES = {"satisfied": Rule("due >= 20241231"), "violated": Rule("due >= 1 and due < 20241231"), "unknown": Rule("due == 0")}


def judge(facts: Path) -> list[Row]:
    asked = list(cells(facts))
    elections, counts = ([cell for cell in asked if ("due" in cell) is dated] for dated in (True, False))
    return rolled_up(
        facts,
        [
            (cell["requirement"], cell["organization"], cell["window"], state)
            for rules, some in ((COUNTS, counts), (DATES, elections))
            for state, rule in rules.items()
            for cell in rule.filter(some)
        ],
    )

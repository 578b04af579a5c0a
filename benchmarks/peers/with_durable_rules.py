# mypy: disable-error-code="untyped-decorator"
"""durable_rules: an event for each window, and a rule for each outcome."""

from pathlib import Path
from typing import Any

from durable.lang import m, post, ruleset, when_all

from benchmarks.peers.counting import Row, cells
from benchmarks.peers.rolling import rolled_up

found: list[tuple[int, str]] = []

with ruleset("meetings"):

    @when_all((m.bound == "yes") & (m.sure >= 1))
    def held(c: Any) -> None:
        found.append((c.m.number, "satisfied"))

    @when_all((m.bound == "yes") & (m.sure == 0) & (m.may == 0))
    def missed(c: Any) -> None:
        found.append((c.m.number, "violated"))

    @when_all((m.bound == "yes") & (m.sure == 0) & (m.may >= 1))
    def not_told(c: Any) -> None:
        found.append((c.m.number, "unknown"))

    @when_all(m.bound == "unknown")
    def perhaps(c: Any) -> None:
        found.append((c.m.number, "unknown"))

    @when_all(m.bound == "no")
    def not_bound(c: Any) -> None:
        found.append((c.m.number, "not_applicable"))

    @when_all(m.due >= 20241231)
    def in_time(c: Any) -> None:
        found.append((c.m.number, "satisfied"))

    @when_all((m.due >= 1) & (m.due < 20241231))
    def late(c: Any) -> None:
        found.append((c.m.number, "violated"))

    @when_all(m.due == 0)
    def never_elected(c: Any) -> None:
        found.append((c.m.number, "unknown"))


def judge(facts: Path) -> list[Row]:
    found.clear()
    asked = list(cells(facts))
    for number, cell in enumerate(asked):
        post("meetings", {"number": number} | {key: cell[key] for key in ("due", "bound", "sure", "may") if key in cell})
    judged = [(asked[number]["requirement"], asked[number]["organization"], asked[number]["window"], state) for number, state in found]
    return rolled_up(facts, judged)

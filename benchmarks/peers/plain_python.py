"""Plain Python: loops over lists of dicts."""

from pathlib import Path
from typing import Any

from benchmarks.peers.counting import MONTHS, Row, branches, rows
from benchmarks.peers.rolling import rolled_up


def judge(facts: Path) -> list[Row]:
    return rolled_up(facts, (row for branch in branches(facts) for row in rows(branch["id"], states(branch))))


def states(branch: dict[str, Any]) -> dict[str, list[str] | str]:
    found: dict[str, list[str] | str] = {requirement: [state(window) for window in branch[requirement]] for requirement in MONTHS}
    if not branch["has_board"]:
        found["board"] = ["unknown" if branch["has_board"] is None else "not_applicable"] * 12
    found["election"] = "unknown" if branch["due"] is None else "satisfied" if branch["due"] >= 20241231 else "violated"
    return found


def state(window: dict[str, int]) -> str:
    return "satisfied" if window["sure"] >= 1 else "unknown" if window["may"] >= 1 else "violated"

"""What a rule engine without windows of time leaves to its users: the meetings counted by window, the due date of an election, both from the files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

MONTHS = {"assembly": 3, "board": 1, "group": 1, "lecture": 3, "day": 1, "review": 12}
YEAR = date(2024, 1, 1)
Row = tuple[str, str, date, str]


def windows(requirement: str) -> list[date]:
    return [date(2024, month, 1) for month in range(1, 13, MONTHS[requirement])]


def branches(facts: Path) -> list[dict[str, Any]]:
    """Of each branch its `id`, `has_board`, `due` (yyyymmdd), and for each window of each requirement how many meetings surely count, and may count."""
    found = {}
    for row in pq.read_table(facts / "organizations.parquet").to_pylist():
        if row["kind"] == "branch":
            counts = {requirement: [{"sure": 0, "may": 0} for _ in windows(requirement)] for requirement in MONTHS}
            found[row["id"]] = {"id": row["id"], "has_board": row["has_board"], "due": due(row["elected_on"], row["term_years"])} | counts
    for event in pq.read_table(facts / "events.parquet", columns=["organization", "kind", "date", "expected", "attended"]).to_pylist():
        kind, day, attended = event["kind"], event["date"], event["attended"]
        if kind in MONTHS and day.year == 2024:
            window = found[event["organization"]][kind][(day.month - 1) // MONTHS[kind]]
            if kind != "assembly" or (attended is not None and attended * 2 >= event["expected"]):
                window["sure"] += 1
            elif attended is None:
                window["may"] += 1
    return list(found.values())


def due(elected_on: date | None, years: int) -> int | None:
    return None if elected_on is None else (elected_on.year + years) * 10_000 + elected_on.month * 100 + elected_on.day


def cells(facts: Path) -> Iterator[dict[str, Any]]:
    """The same, one for each verdict: `requirement`, `organization`, `window`, and `bound` (`yes`, `no`, `unknown`), `sure`, `may`; or `due`, 0 if missing."""
    for branch in branches(facts):
        yield {"requirement": "election", "organization": branch["id"], "window": YEAR, "due": branch["due"] or 0}
        for requirement in MONTHS:
            has_board = branch["has_board"] if requirement == "board" else True
            bound = "unknown" if has_board is None else "yes" if has_board else "no"
            for window, counts in zip(windows(requirement), branch[requirement], strict=True):
                yield {"requirement": requirement, "organization": branch["id"], "window": window, "bound": bound} | counts


def rows(branch: str, states: dict[str, list[str] | str]) -> Iterator[Row]:
    """The verdicts of a branch, from the states of its windows."""
    for requirement in MONTHS:
        for window, state in zip(windows(requirement), states[requirement], strict=True):
            yield requirement, branch, window, state
    yield "election", branch, YEAR, str(states["election"])

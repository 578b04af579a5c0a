"""What a rule engine without a hierarchy leaves to its users: the verdicts of branches put together, and those of what stands above them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

Row = tuple[str, str, date, str]


def rolled_up(facts: Path, verdicts: Iterable[Row]) -> list[Row]:
    """The verdicts, and after them `whole` of each branch and `share` of each committee and department."""
    every, states = list(verdicts), defaultdict(set)
    for _, branch, _, state in every:
        states[branch].add(state)
    parent = {row["id"]: row["parent"] for row in pq.read_table(facts / "organizations.parquet", columns=["id", "parent"]).to_pylist()}
    below: dict[str, Counter[str]] = defaultdict(Counter)
    for branch, found in states.items():
        state = "violated" if "violated" in found else "unknown" if "unknown" in found else "satisfied"
        every.append(("whole", branch, date(2024, 1, 1), state))
        above = parent[branch]
        while above is not None:
            below[above][state] += 1
            above = parent[above]
    for unit, counts in below.items():
        least, most, needed = counts["satisfied"] * 100, (counts["satisfied"] + counts["unknown"]) * 100, counts.total() * 95
        state = "satisfied" if least >= needed else "violated" if most < needed else "unknown"
        every.append(("share", unit, date(2024, 1, 1), state))
    return every

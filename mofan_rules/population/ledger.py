"""What a population holds and what must come out of a check of it: the content of `manifest.json`."""

from collections import Counter, defaultdict
from typing import Any


class Ledger:
    """Counts verdicts by requirement and state, faults by requirement, and rows that must be refused by table and code."""

    def __init__(self) -> None:
        self.verdicts: dict[str, Counter[str]] = defaultdict(Counter)
        self.faults: dict[str, Counter[str]] = defaultdict(Counter)
        self.rejected: dict[str, Counter[str]] = defaultdict(Counter)
        self.organizations: Counter[str] = Counter()
        self.variety: Counter[str] = Counter()

    def expect(self, requirement: str | None, state: str, number: int = 1) -> None:
        """So many verdicts of a requirement must have this state."""
        if requirement is not None and number:
            self.verdicts[requirement][state] += number

    def inject(self, requirement: str | None, fault: str, rejects: dict[str, int], table: str) -> None:
        """A fault was placed, with rows of `table` that must be refused."""
        self.faults[requirement or "-"][fault] += 1
        for code, number in rejects.items():
            self.rejected[table][code] += number

    def content(self) -> dict[str, Any]:
        """All counts, in an order of their own, for JSON."""
        return {
            "organizations": dict(sorted(self.organizations.items())),
            "variety": dict(sorted(self.variety.items())),
            "verdicts": _sorted(self.verdicts),
            "faults": _sorted(self.faults),
            "rejected": _sorted(self.rejected),
        }


def _sorted(counts: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {name: dict(sorted(counter.items())) for name, counter in sorted(counts.items()) if counter}

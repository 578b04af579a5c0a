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

    def repeat(self, before: "Ledger", times: int) -> None:
        """Count what came since `before` so many times."""
        for counter, old in ((self.organizations, before.organizations), (self.variety, before.variety)):
            _repeat(counter, old, times)
        for counters, olds in ((self.verdicts, before.verdicts), (self.faults, before.faults), (self.rejected, before.rejected)):
            for name, counter in counters.items():
                _repeat(counter, olds.get(name, Counter()), times)

    def content(self) -> dict[str, Any]:
        """All counts, in an order of their own, for JSON."""
        return {
            "organizations": dict(sorted(self.organizations.items())),
            "variety": dict(sorted(self.variety.items())),
            "verdicts": _sorted(self.verdicts),
            "faults": _sorted(self.faults),
            "rejected": _sorted(self.rejected),
        }


def _repeat(counter: Counter[str], before: Counter[str], times: int) -> None:
    for name, number in counter.items():
        counter[name] = before[name] + (number - before[name]) * times


def _sorted(counts: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {name: dict(sorted(counter.items())) for name, counter in sorted(counts.items()) if counter}

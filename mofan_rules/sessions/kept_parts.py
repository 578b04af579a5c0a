"""The parts of roll-ups, kept from one event to the next: only those of verdicts that were judged again are looked for anew."""

from dataclasses import dataclass, field
from datetime import date

from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.parts import Part, PartFinder, RowsOf
from mofan_rules.ir.program import Tally
from mofan_rules.sessions.reach import Verdicts

LONGEST = 20_000
"""So many verdicts that were judged again are remembered; then all parts are looked for anew."""


@dataclass(slots=True)
class _Kept:
    """The parts of one window by requirement and organization, as of so many entries of the log."""

    parts: dict[Verdicts, tuple[Part, ...]] = field(default_factory=dict)
    seen: int = 0


class KeptPartFinder(PartFinder):
    """Finds parts as `PartFinder` does, while the graph stays as it is. What becomes of the verdicts on one requirement and one organization (meaning 7.2 to
    7.4) depends on no others, so that each is kept by itself."""

    def __init__(self, engine: Engine, tally: Tally, rows_of: RowsOf) -> None:
        super().__init__(engine, tally, rows_of)
        self._kept: dict[tuple[int, date, date], _Kept] = {}
        self._log: list[Verdicts] = []
        self._requirements = frozenset(tally.parts)

    def forget(self, verdicts: Verdicts) -> None:
        """These verdicts were judged again."""
        if verdicts[0] not in self._requirements:
            return
        if len(self._log) >= LONGEST:
            self._log.clear()
            self._kept.clear()
        self._log.append(verdicts)

    def parts(self, subject: int, first: date, last: date) -> tuple[Part, ...]:
        key = (subject, first, last)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _Kept()
            organizations = sorted(self.candidates(subject))
            for requirement in sorted(self._requirements):
                for organization in organizations:
                    kept.parts[requirement, organization] = self._of(subject, (requirement, organization), first, last)
        else:
            for verdicts in dict.fromkeys(self._log[kept.seen :]):
                if verdicts in kept.parts:
                    kept.parts[verdicts] = self._of(subject, verdicts, first, last)
        kept.seen = len(self._log)
        return tuple(part for parts in kept.parts.values() for part in parts)

    def _of(self, subject: int, verdicts: Verdicts, first: date, last: date) -> tuple[Part, ...]:
        return tuple(self.merged(list(self.linked(subject, self.rows_of(*verdicts, first, last)))))

"""What reports know of a requirement besides its verdicts: title, clause, remedy, modality, stage.

The ruleset makes the catalogue; reports, messages and summaries read it. No executor sees it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.values.dates import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Citation:
    """The clause of a source that a requirement rests on. `source` is the key in the ruleset, `title` the source's own;
    `row` is the row of an inventory of requirements, where the ruleset names one."""

    source: str
    title: Bilingual
    clause: str = ""
    quote: str = ""
    row: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a requirement, effective from `first` to `last`.

    `modality` is `must` or `should`, `stage` `enforce` or `shadow`, `kind` the name of the requirement's kind.
    """

    requirement: str
    kind: str
    title: Bilingual
    modality: str = "must"
    stage: str = "enforce"
    remedy: Bilingual | None = None
    citations: tuple[Citation, ...] = ()
    tags: tuple[str, ...] = ()
    weight: int = 1
    first: date = BEGINNING
    last: date = END


@dataclass(frozen=True)
class Catalogue:
    """The requirements of a ruleset, in the order of its files, and the ruleset's own name."""

    ruleset: str
    version: str
    title: Bilingual
    entries: tuple[Entry, ...] = ()

    @cached_property
    def _by_requirement(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.requirement, []).append(entry)
        return {requirement: tuple(entries) for requirement, entries in found.items()}

    def requirements(self) -> tuple[str, ...]:
        """The ids, each once, in the order of the ruleset."""
        return tuple(self._by_requirement)

    def entry(self, requirement: str, day: date | None = None) -> Entry:
        """The version that is effective on a day: of several, the one whose span contains `day`, else the last.

        Raises
        ------
        KeyError: if there is no such requirement.
        """
        entries = self._by_requirement[requirement]
        if day is not None:
            for entry in entries:
                if entry.first <= day <= entry.last:
                    return entry
        return entries[-1]

    def without(self, requirements: Iterable[str]) -> "Catalogue":
        """The catalogue without some requirements."""
        left_out = set(requirements)
        return Catalogue(self.ruleset, self.version, self.title, tuple(entry for entry in self.entries if entry.requirement not in left_out))

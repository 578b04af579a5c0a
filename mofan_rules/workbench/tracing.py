"""From the rows of the document to requirements, citations, cases and verdicts, and what is missing on the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mofan_rules.ruleset import Ruleset
from mofan_rules.verdicts.catalogue import Citation, Entry
from mofan_rules.verdicts.state import State
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.document import Document, Row

Counts = Mapping[str, Mapping[State, int]]
"""The verdicts of each requirement, counted by state."""


@dataclass(frozen=True, slots=True)
class TracedRequirement:
    """A requirement with all that hangs on it. `cases` are the names of those that want a verdict of it; `counts` is `None` without facts."""

    entry: Entry
    citations: tuple[Citation, ...]
    cases: tuple[str, ...]
    counts: Mapping[State, int] | None

    @property
    def id(self) -> str:
        return self.entry.requirement

    def sources(self) -> tuple[str, ...]:
        """The clauses on which it rests, each once."""
        return tuple(dict.fromkeys(f"{citation.source} {citation.clause}".strip() for citation in self.citations))


@dataclass(frozen=True, slots=True)
class TracedRow:
    """A row of the document and its requirements. `disabled` are requirements that do not hold here, with the reason."""

    row: Row
    requirements: tuple[TracedRequirement, ...]
    disabled: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trace:
    """All rows in the order of the document, then the requirements that no row asks for."""

    rows: tuple[TracedRow, ...]
    others: tuple[TracedRequirement, ...]

    def requirements(self) -> Iterator[TracedRequirement]:
        """All requirements, each once."""
        seen = set()
        for requirement in [*(one for row in self.rows for one in row.requirements), *self.others]:
            if requirement.id not in seen:
                seen.add(requirement.id)
                yield requirement


def trace(ruleset: Ruleset, document: Document, cases: Sequence[Case], disabled_rows: Mapping[str, Sequence[str]], counts: Counts | None = None) -> Trace:
    """Follow each row of the document.

    Parameters
    ----------
    disabled_rows: of the requirements that are disabled the rows that they cite.
    counts: the verdicts of an evaluation.
    """
    traced = {name: _requirement(ruleset, name, cases, counts) for name in ruleset.catalogue.requirements()}
    by_row: dict[str, list[TracedRequirement]] = {}
    for requirement in traced.values():
        for name in dict.fromkeys(citation.row for citation in requirement.citations if citation.row):
            by_row.setdefault(name, []).append(requirement)
    rows = []
    for row in document.rows:
        disabled = {name: reason for name, reason in ruleset.disabled.items() if row.id in disabled_rows.get(name, ())}
        rows.append(TracedRow(row, tuple(by_row.get(row.id, ())), disabled))
    known = {row.id for row in document.rows}
    others = tuple(one for one in traced.values() if not any(citation.row in known for citation in one.citations))
    return Trace(tuple(rows), others)


def _requirement(ruleset: Ruleset, name: str, cases: Sequence[Case], counts: Counts | None) -> TracedRequirement:
    versions = [entry for entry in ruleset.catalogue.entries if entry.requirement == name]
    citations = tuple(dict.fromkeys(citation for entry in versions for citation in entry.citations))
    names = tuple(case.name for case in cases if name in case.requirements)
    return TracedRequirement(versions[-1], citations, names, None if counts is None else counts.get(name, {}))

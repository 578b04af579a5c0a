"""One case of a ruleset: facts, a question and the verdicts that are wanted (the format: `docs/ruleset-format.md`, *Cases*)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mofan_rules.diagnostics.span import Span
from mofan_rules.ir.program import Context
from mofan_rules.values.periods import period_name

Cell = str | list[str]
Rows = Mapping[str, list[dict[str, Cell]]]
"""Rows as people write them, by table; every cell is text, or a list of texts."""

Window = tuple[date, date] | None
"""The first and last day of a verdict's window; `None` where it has no dates."""

COMPARED = ("state", "reason", "measured", "required", "due_on", "accountable")
"""The columns that a case may want of a verdict, beside those that identify it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A verdict that is wanted. `values` has the columns that are compared; `modality` that of the requirement, if it is wanted; `messages` the sentences
    wanted, by language."""

    requirement: str
    subject: str
    window: Window
    key: str
    values: Mapping[str, str]
    modality: str
    messages: Mapping[str, str]
    span: Span

    @property
    def identity(self) -> tuple[str, str, Window, str]:
        """What tells verdicts apart."""
        return self.requirement, self.subject, self.window, self.key

    def name(self) -> str:
        """The verdict in a line."""
        return name_of(*self.identity)


@dataclass(frozen=True, slots=True)
class WantedFact:
    """A derived fact that is wanted, all of it as text."""

    kind: str
    organization: str
    date: str
    attributes: Mapping[str, str]

    def line(self) -> str:
        """The fact in a line, by which it is told from others."""
        attributes = "".join(f" {name}={value}" for name, value in sorted(self.attributes.items()))
        return f"{self.kind} {self.organization} {self.date}{attributes}"


def name_of(requirement: str, subject: str, window: Window, key: str) -> str:
    """A verdict in a line: `sanhui.assembly z1 2024Q1 [e1]`."""
    parts = [requirement, subject, "—" if window is None else period_name(*window), f"[{key}]" if key else ""]
    return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Case:
    """One case, as read.

    `note` says what it shows. `complete` are the tables of which nothing was supplied because there is nothing. `rejected` is how many rows admission must
    refuse (`None`: not checked). `only`: no other verdicts of the requirements that it names than those wanted. `todo`: why it cannot hold yet.
    `derived` are all derived facts that there must be (`None`: not checked).
    """

    path: Path
    name: str
    note: str
    as_of: date
    period: tuple[date, date]
    known_at: date | None
    facts: Rows
    complete: tuple[str, ...]
    want: tuple[Wanted, ...]
    rejected: int | None
    only: bool
    todo: str
    span: Span
    derived: tuple[WantedFact, ...] | None = None

    @property
    def context(self) -> Context:
        """The question."""
        return Context(self.as_of, *self.period)

    @property
    def requirements(self) -> frozenset[str]:
        """The requirements that the case is about."""
        return frozenset(wanted.requirement for wanted in self.want)

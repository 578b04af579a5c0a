"""The derivation of one verdict as a tree, down to the rows of facts; renderers make text and JSON of it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.verdicts.table import Verdict


class Role(StrEnum):
    """What a row of facts does in a derivation, in the order in which evidence is listed."""

    COUNTED = "counted"
    """It surely matches."""
    UNDECIDED = "undecided"
    """It may match: its cells leave it open."""
    REJECTED = "rejected"
    """It was not admitted, and could match."""
    TRIGGER = "trigger"
    """It opened the window."""
    WAIVER = "waiver"
    """It waives the requirement, or may."""
    FEED = "feed"
    """It says where the facts are complete."""


ROLES = tuple(Role)


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of facts. `day` is its earliest possible date, where it has one."""

    role: Role
    table: str
    id: str
    day: date | None = None


def evidence_order(fact: Fact) -> tuple[int, bool, date, str, str]:
    """Evidence is listed by role, then date (none first), then id."""
    return ROLES.index(fact.role), fact.day is not None, fact.day or date.min, fact.id, fact.table


class NodeKind(StrEnum):
    """What a node of the tree is about."""

    VERDICT = "verdict"
    LAW = "law"
    WINDOW = "window"
    BINDING = "binding"
    DAYS = "days"
    TEST = "test"
    BOUND = "bound"
    MEASURE = "measure"
    EXPRESSION = "expression"
    PARAMETER = "parameter"
    WAIVERS = "waivers"
    RUN = "run"
    PARTS = "parts"
    PART = "part"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the derivation: what it is, its value, the rows behind it, and the steps that it rests on."""

    kind: NodeKind
    title: Bilingual
    value: Bilingual
    facts: tuple[Fact, ...] = ()
    children: tuple["Node", ...] = ()


class UnknownKind(StrEnum):
    """What can be unknown."""

    CELL = "cell"
    """A cell of an admitted row is missing or known in part."""
    ROW = "row"
    """A rejected row could matter; without an id, a row that should be there is not."""
    FEED = "feed"
    """The facts of a table are not complete for a kind, an organization and a span."""
    PARAMETER = "parameter"
    """A parameter of the ruleset has no value."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing that would have to be known. `name` is the column, the parameter, or the kind of the row or feed; `organization` is an id, empty for any."""

    kind: UnknownKind
    table: str = ""
    id: str = ""
    name: str = ""
    organization: str = ""
    first: date | None = None
    last: date | None = None


def unknown_order(unknown: Unknown) -> tuple[str, str, str, str, str, date, date]:
    return unknown.kind, unknown.table, unknown.id, unknown.name, unknown.organization, unknown.first or date.min, unknown.last or date.max


@dataclass(frozen=True, slots=True)
class Needed:
    """What would have to happen for the verdict to become `satisfied`: a quantity must grow by at least `more` or shrink by `fewer`, or a condition come true.

    `missed`: the day `by` has passed, so that this is what was missing. Numbers are written as in `measured`; empty where none can be given.
    """

    what: Bilingual
    more: str = ""
    fewer: str = ""
    by: date | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one verdict is what it is.

    `kind` is the requirement's kind, `law_day` the day whose law holds; `effective_from` and `effective_until` are the span of the version that applies.
    `deciding` are, for an unknown verdict, facts that together decide it; `complete` is false where more were open than could be tried out, so that
    `deciding` may name too much. `needed` says, for violated and pending ones, what is lacking.
    """

    verdict: Verdict
    kind: str
    law_day: date
    reference_day: date
    effective_from: date
    effective_until: date
    root: Node
    evidence: tuple[Fact, ...] = ()
    deciding: tuple[Unknown, ...] = ()
    complete: bool = True
    needed: tuple[Needed, ...] = ()
    others: tuple[Verdict, ...] = field(default=())
    """Further verdicts of the same requirement and subject that the question could have meant."""


class NoSuchVerdict(LookupError):
    """There is no verdict of this requirement, subject, window and key. `.found` are those there are, `.reason` says what was not found:
    `requirement`, `subject` or `window`."""

    def __init__(self, reason: str, found: tuple[Verdict, ...] = ()) -> None:
        super().__init__(f"no such {reason}")
        self.reason = reason
        self.found = found

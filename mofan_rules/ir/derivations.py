"""Derivations: forward-chaining rules over verdicts, rows, edges and derived facts (SEMANTICS section 6; `docs/meaning.md` section 8).

A closed set. A **pattern** reads one source and names, column by column, what must stand there: a literal, or a variable, which stands for the same value
everywhere in its derivation. A **derivation** joins patterns and counts over patterns; each way in which they hold together gives one derived fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from mofan_rules.diagnostics.span import Origin
from mofan_rules.ir.expressions import Expression
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import Duration

Value = bool | Fraction | str | date
"""What a variable stands for: numbers are exact, organizations are their ids."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name for a value."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as such."""

    value: Value
    type: Type


Term = Variable | Literal


@dataclass(frozen=True, slots=True)
class OfVerdicts:
    """The verdicts of some requirements in some states. Each is dated the day after its `due_on`; one without `due_on` is not seen."""

    requirements: frozenset[str]
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class OfRows:
    """Rows of one table that surely match. Events happen: they are dated. All other rows hold from their first day to their last, and are not dated."""

    table: Table
    kinds: frozenset[str]
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class OfEdges:
    """The edges of a relation, its special cases included: each holds on the days on which it is in force and both its ends exist, all this surely."""

    relation: str


@dataclass(frozen=True, slots=True)
class OfDerived:
    """Derived facts of some kinds. They are dated."""

    kinds: frozenset[str]


Source = OfVerdicts | OfRows | OfEdges | OfDerived

VERDICT_COLUMNS: dict[str, Type] = {
    "requirement": Type.TEXT,
    "subject": Type.ORGANIZATION,
    "key": Type.TEXT,
    "window_from": Type.DATE,
    "window_until": Type.DATE,
    "next": Type.DATE,
    "due_on": Type.DATE,
    "accountable": Type.ORGANIZATION,
}
"""The columns of a verdict; `next` is the day after `window_until`, on which the window that follows begins."""

EDGE_COLUMNS: dict[str, Type] = {"source": Type.ORGANIZATION, "target": Type.ORGANIZATION}

DERIVED_COLUMNS: dict[str, Type] = {"organization": Type.ORGANIZATION, "date": Type.DATE}
"""The columns of a derived fact beside its attributes (`a_<n>`)."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What must be found in a source: a term for each column that matters. An empty cell equals nothing."""

    source: Source
    terms: tuple[tuple[str, Term], ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of its variables, each once, in the order in which they are written."""
        return tuple(dict.fromkeys(term.name for _, term in self.terms if isinstance(term, Variable)))

    @property
    def dated(self) -> bool:
        """Has what it finds a date, or does it hold for a span of days?"""
        return not isinstance(self.source, OfEdges) and not (isinstance(self.source, OfRows) and self.source.table is not Table.EVENTS)

    def read(self, cells: Mapping[str, Value | None]) -> tuple[Value, ...] | None:
        """The values of `variables`, if the cells are as the terms say; else nothing."""
        found: dict[str, Value] = {}
        for column, term in self.terms:
            value = cells.get(column)
            if value is None or value != (term.value if isinstance(term, Literal) else found.setdefault(term.name, value)):
                return None
        return tuple(found[name] for name in self.variables)


@dataclass(frozen=True, slots=True)
class Found:
    """What a pattern found: the values of its variables, and either the day that dates it or the span of days on which it holds."""

    values: tuple[Value, ...]
    day: date | None
    first: date
    last: date


Ground = Mapping[Pattern, frozenset[Found]]
"""What the patterns of a program find, those over derived facts left out."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often patterns hold together, by different values of the variable `of` (`None`: only whether they do).

    Variables that also stand outside are shared: it is counted for each of their values. `at_most` 0 is negation.
    """

    patterns: tuple[Pattern, ...]
    of: str | None = None
    at_least: int | None = None
    at_most: int | None = None

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for pattern in self.patterns for name in pattern.variables)


@dataclass(frozen=True, slots=True)
class Head:
    """The fact that is derived: an event of a declared kind, its organization, and its attributes by column (`a_<n>`)."""

    kind: str
    organization: Term
    attributes: tuple[tuple[str, Term], ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        return (self.organization, *(term for _, term in self.attributes))


@dataclass(frozen=True, slots=True)
class Derivation:
    """One rule. `after` delays it. All derivations of a kind are in one `stratum`, below which everything is that they count."""

    name: str
    head: Head
    patterns: tuple[Pattern, ...]
    counts: tuple[Counted, ...] = ()
    after: Duration | None = None
    stratum: int = 0
    origin: Origin | None = field(default=None, compare=False)

    def shared(self, counted: Counted) -> tuple[str, ...]:
        """The variables of a count that also stand outside it, in order."""
        outside = {name for pattern in self.patterns for name in pattern.variables}
        outside |= {term.name for term in self.head.terms if isinstance(term, Variable)}
        outside |= {name for other in self.counts if other is not counted for name in other.variables}
        return tuple(sorted(counted.variables & outside))

    @property
    def all_patterns(self) -> tuple[Pattern, ...]:
        """Its patterns and those of its counts."""
        return (*self.patterns, *(pattern for counted in self.counts for pattern in counted.patterns))


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A derived fact. It is recorded on its date. `attributes` are columns (`a_<n>`) with their values."""

    kind: str
    organization: str
    dated: date
    attributes: tuple[tuple[str, Value], ...] = ()

    @property
    def recorded_on(self) -> date:
        """The day from which it is known."""
        return self.dated

    def cells(self) -> dict[str, Value]:
        """Its columns, as patterns read them."""
        return {"organization": self.organization, "date": self.dated, **dict(self.attributes)}


def in_order(fact: DerivedFact) -> tuple[str, str, date, tuple[tuple[str, str], ...]]:
    """What derived facts are sorted by."""
    return fact.kind, fact.organization, fact.dated, tuple((column, str(value)) for column, value in fact.attributes)


@dataclass(frozen=True, slots=True)
class Changed:
    """What follows that did not, and what does not any more, each in order."""

    derived: tuple[DerivedFact, ...] = ()
    withdrawn: tuple[DerivedFact, ...] = ()

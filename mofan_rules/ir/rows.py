"""Which rows of facts a measure reads: table, kinds, owner, place in time, condition.

A row **matches** a subject in a window as far as the Kleene *and* of all this says, and never more than *maybe* if it is not `certain`:

1. its kind is one of `kinds` (a null kind of an uncertain row: maybe);
2. it belongs to the subject through `owner` (a null in that column, of a certain row too: maybe; for `OfLinked` if some organization is possibly linked);
3. it is not dated after the as-of date (a date that may lie after it: maybe), and it lies in time as `place` says;
4. an event is `held`: `yes` is true, `no` is false, `unclear` is maybe;
5. `where` holds.
"""

from dataclasses import dataclass
from enum import StrEnum

from mofan_rules.ir.expressions import Expression
from mofan_rules.schema import Table


class Direction(StrEnum):
    OUT = "out"
    """From the subject as `source` to the `target` (`part_of` outwards leads to the parent)."""
    IN = "in"
    """From the subject as `target` to the `source` (`part_of` inwards leads to the children)."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The organizations to which a relation leads, in up to `depth` steps (`None`: any number), never the subject itself.

    A step is sure on the days on which a certain edge is surely in force and both ends surely exist, maybe where any of these may be. An organization that is
    reached on several paths counts once, as the surest. The day is the judged day, the reference day, or inside a count over
    a window the row's own date.
    """

    relation: str
    direction: Direction
    depth: int | None = 1


@dataclass(frozen=True, slots=True)
class Own:
    """Rows whose `column` (an organization) is the subject: `organization`, or an attribute that names a second party.
    For `organizations`, `source` or `target` of relations the same."""

    column: str = "organization"


@dataclass(frozen=True, slots=True)
class OfLinked:
    """Rows whose `organization` is one that `link` reaches from the subject."""

    link: Linked


@dataclass(frozen=True, slots=True)
class ByRole:
    """Rows of `organizations` that a tenure of one of `roles` in the subject names as its holder, in force on the judged (or reference) day.
    A tenure without a person may name any."""

    roles: frozenset[str]


Owner = Own | OfLinked | ByRole


class Place(StrEnum):
    """How a row must lie in time."""

    DATED = "dated"
    """Its date lies in the window."""
    IN_FORCE = "in force"
    """Its validity covers the judged day: tenures and relations by their own span, evidence from `date` to `valid_until`, organizations by existence.
    Until-dates after the as-of date are plans and count as open."""
    OVERLAPPING = "overlapping"
    """Its validity shares a day with the window."""
    ANY = "any"
    """Only the as-of date bounds it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table.

    Parameters
    ----------
    kinds: the kinds that match, families expanded; `None`: every kind.
    date: the column that dates the row: `date`, `from_date`, `until_date`, `valid_from`, `founded_on`, `dissolved_on`, or a date attribute `a_<n>`.
    by_period: with `DATED` on events: a row whose `belongs_to` is given and is not longer than the window (in calendar months; weeks by days) counts for the
        window that contains `belongs_to`, and only if it is dated by `due_on`; any other row by its date. (SEMANTICS section 4, occurrence.)
    """

    table: Table
    kinds: frozenset[str] | None = None
    owner: Owner = Own()
    place: Place = Place.DATED
    date: str = "date"
    where: Expression | None = None
    by_period: bool = False

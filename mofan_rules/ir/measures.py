"""Measures: one interval (of numbers, of days, or a truth value) for a subject and a window, from matching rows.

In each, *sure* rows match truly and *possible* rows match truly or maybe. `fed` is true where the feed is complete (below).
"""

from dataclasses import dataclass
from enum import StrEnum

from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.rows import Rows
from mofan_rules.values.windows import Every


@dataclass(frozen=True, slots=True)
class Count:
    """How many different things match.

    `distinct` says what makes two rows one: `None` is the table's own key (events, evidence, relations, waivers: `id`; tenures: `person`; organizations: the
    organization itself); otherwise an expression over the row, whose missing value on a row is *anonymous*.

    With K sure keys, P ⊇ K possible keys, and a sure and b possible anonymous rows (b counts the a too): low = max(K, 1 if a > 0 else 0),
    high = P + b, or open if not fed.
    """

    rows: Rows
    distinct: Expression | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of `value` over the rows, each row once.

    low = Σ sure value.low + Σ maybe min(0, value.low); high the mirror image; an open end opens the sum. A missing value lies between the declared
    `minimum` and `maximum` of its attribute where `value` is a plain field (as this node carries them), else is unknown.
    If not fed: high is open unless maximum ≤ 0, low is open unless minimum ≥ 0.
    """

    rows: Rows
    value: Expression
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Extreme:
    """`value` at the latest (or earliest) row by `rows.date`, of two on one day the one with the greater id (then `row`).

    The candidates are the possible rows except those that a sure row surely beats (a later day throughout, or the same exact day and a greater id).
    The result is the hull of the candidates' values (for a boolean `value`: true, false or unknown as they agree), joined by the
    value for *no row*, `default`, unless some row is sure. If not fed on a day on which a row could still beat every sure one (for `latest`: any day after
    the earliest possible day of the latest sure row up to the as-of date; without a sure row: any day), the result is unknown.
    """

    rows: Rows
    value: Expression
    latest: bool = True
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class LargestGroup:
    """How many different things (as in `Count`) the largest group of rows with one `by` has.

    low = the largest group by sure rows; high = the largest group by possible rows, each group taking every possible row whose `by` is missing; open if not
    fed. No rows: 0. A sure row whose `by` is missing makes low at least 1.
    """

    rows: Rows
    by: Expression
    distinct: Expression | None = None


class WindowOf(StrEnum):
    THIS = "this"
    PREVIOUS = "previous"
    """The window before (calendar windows only)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure of a judgement. `per` replaces the window by the calendar window that contains the reference day.

    **Fed.** A measure is fed if no incomplete feed touches it: look at the days from the window's first to the earlier of `due_on` and the as-of date (for
    a state: the judged day; `ANY`, and evidence in force: every day up to the judged day or the as-of date) and at each kind of `rows.kinds` (or all). A
    feed row applies to (table, kind, organization, day) if its table is the same, its kind is null or a kind whose family contains it, its organization
    null or the same, and its span covers the day. Of the rows that apply the one that names more of kind and organization wins; between equals, incomplete
    wins; without any, the table is complete. The organization is the subject for `Own` (any organization that a feed names, if the column is not
    `organization`), each possible linked one for `OfLinked`, where the `relations` feed of that relation must be complete for the subject too; for
    `ByRole` the `tenures` feed and the `organizations` feed, and for rows of `organizations` reached through a link the `relations` feed of the subject
    and the `organizations` feed. Tenures and relations feed by role and relation. `part_of` given by the column `parent` feeds with `organizations`.
    Days, more exactly: `DATED` from the window's first (a state: from the beginning) to the earlier of its `due_on` and A (a state: the judged day);
    `OVERLAPPING` the same (a state: the judged day alone); `IN_FORCE` the reference or judged day, of evidence every day up to it; `ANY` every day up to A (a
    state: the judged day). A window without dates: every day up to A. Links are those possible on one of these days. `source` and `target` of relations count
    as `organization`. The `organizations` feed of a link is asked for the subject: for `rows.kinds` if the rows are organizations, else (along `part_of`) for
    every kind. In a chain the days begin after the trigger's date (not in the window of founding). An `Extreme` is fed if the days on which a row could
    still beat every sure one are. `Holds` without a sure tenure is unknown rather than false
    where the `tenures` feed of the roles (in the subject, or in each possible linked organization, with the `relations` feed of the subject) is incomplete.
    """

    name: str
    quantity: Count | Total | Extreme | LargestGroup
    window: WindowOf = WindowOf.THIS
    per: Every | None = None

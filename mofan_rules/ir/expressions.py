"""Expressions of the waist: typed, side-effect free, three-valued (SEMANTICS section 5).

Meaning, for every executor:

- A **boolean** is true, false or unknown (Kleene).
- A **number** is an interval of exact rationals; a missing cell, an unknown parameter and a division whose divisor may be 0 are the interval open at
  both ends. Measures give intervals; everything else is exact or unknown.
- A **date** is an earliest and a latest day; a missing date is `0001-01-01 .. 9999-12-31`.
- A **text** or **organization** is known or missing. **Items** are a list of texts or missing. A **duration** is exact or missing.
- A comparison is true if it holds for every pair of values from its two sides, false if it holds for none, else unknown. So `x = x` of a missing
  `x` is unknown. Texts and organizations have only `=` and `!=`.
- `MISSING` is true where the cell is missing, else false: it is never unknown, except of a field of a row that is not certain, where it is
  unknown if the cell is null; of a date known in part it is false. Of a measure: true if there is surely no row, false if surely one, else unknown
  (only `latest` and `earliest` may be missing; a count never is).
- `IF` takes the branch of a known condition; with an unknown condition the result is missing (unknown).
- Arithmetic on intervals takes the hull of all results. `MODULO` floors (its sign is the divisor's). An open or unknown operand makes an unknown result;
  so does an inexact one in `MODULO`.
- `ADD_DURATION(date, duration)` moves both ends; an open end stays. `DAYS_BETWEEN(a, b)` is a − b in days;
  `MONTHS_BETWEEN(a, b)` the complete months from b to a (the greatest n with b + n months <= a; if a is before b the negative of those from a to b).
  On both, a side known in part gives an interval, a missing or open side an unknown number.
- `YEAR`, `MONTH`, `DAY`, `WEEKDAY` (Monday is 1) of a date known in part: exact if all its possible days agree, else unknown.
- `MINIMUM`, `MAXIMUM` of numbers act on the ends, open ends being infinite; one operand open at both ends makes the result unknown.
- `CONTAINS(items, text)`: is the text among the items. `AMONG(value, text…)`: is the value one of the literals; for a
  `kind`, `AMONG` receives the whole family of each kind named.
- `TO_DAYS(n)`, `TO_MONTHS(n)` make a duration of an exact whole number; of anything else a missing one. `NEGATE` works on durations too.
"""

from dataclasses import dataclass
from enum import StrEnum

from mofan_rules.schema import Scalar, Type


class Scope(StrEnum):
    """Whose column a field reads."""

    SUBJECT = "subject"
    """The subject of the verdict, on the reference day; inside `Rows.where`, on the row's own date."""
    ROW = "row"
    """The row that is being matched."""
    TRIGGER = "trigger"
    """The row that opened the window (`Each`)."""


class Operator(StrEnum):
    AND = "and"
    OR = "or"
    NOT = "not"
    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    NEGATE = "negate"
    IF = "if"
    MISSING = "missing"
    AMONG = "among"
    CONTAINS = "contains"
    ADD_DURATION = "add duration"
    DAYS_BETWEEN = "days between"
    MONTHS_BETWEEN = "months between"
    TO_DAYS = "days"
    TO_MONTHS = "months"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    WEEKDAY = "weekday"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    ABSOLUTE = "absolute"
    FLOOR = "floor"
    CEILING = "ceiling"
    MODULO = "modulo"


@dataclass(frozen=True, slots=True)
class Const:
    """A literal; `None` is the missing value of its type."""

    value: Scalar | None
    type: Type


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the subject, the row or the trigger, named as in `schema.tables.ADMITTED` without `_low` and `_high`
    (`date`, `kind`, `expected`, `a_3` …); `label` is the name that the author wrote.

    Of the subject one may read `id`, `name`, `kind`, `founded_on` and attributes.
    """

    scope: Scope
    column: str
    type: Type
    label: str = ""


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter, by the law of the window's first day (of the day judged, for a state; of the trigger's date, for a deadline)
    and the subject's place in the `part_of` tree on the reference day."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """The value of a measure of the same judgement."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class WindowDay:
    """The first or the last day of the window (of a state: the day judged)."""

    last: bool

    @property
    def type(self) -> Type:
        return Type.DATE


@dataclass(frozen=True, slots=True)
class Holds:
    """Does the person of the row (a tenure) hold one of `roles` on the judged day: in the subject, or, with `relation`, in an organization
    to which that relation leads from the subject? A missing person makes it unknown, and so does a tenure that may be."""

    roles: frozenset[str]
    relation: str | None = None

    @property
    def type(self) -> Type:
        return Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Op:
    """An operator on typed arguments."""

    operator: Operator
    arguments: tuple["Expression", ...]
    type: Type


Expression = Const | Field | Param | MeasureValue | WindowDay | Holds | Op

"""Dated parameters: values that a ruleset names, with the span in which each holds (SEMANTICS section 3.7)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mofan_rules.schema.types import Type
from mofan_rules.values.dates import BEGINNING, END, Duration

Scalar = bool | Fraction | str | date | Duration | tuple[str, ...]
"""What a literal, a parameter or a cell can hold: a truth value, an exact number, a text, a date, a duration, a list of texts."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a parameter, in force from `first` to `last`, both included.

    It holds for the subjects at or below the organization `under` (`None`: everywhere); the nearest ancestor's wins.
    `value` is `None` where no value is known: what uses it is unknown. `unbounded` says that the author wrote `none`: as a
    bound it means *no bound*.
    """

    value: Scalar | None
    first: date = BEGINNING
    last: date = END
    under: str | None = None
    unbounded: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value. Of several that hold for one subject on one day, the one with the nearest `under` counts; of those, the
    later in `values`."""

    name: str
    type: Type
    values: tuple[DatedValue, ...]

"""How a source of rows (a file, a sheet, a data frame) becomes rows of our tables: what `facts.yaml` says, checked."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from mofan_rules.diagnostics import Span
from mofan_rules.schema import Table


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template: a column of the source, or a text that stands as it is."""

    value: str
    column: bool


Template = tuple[Piece, ...]
"""What a cell is put together from; if one of its columns is empty, so is the cell."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a row: the cell of `column` is one of `values` (or, with `negated`, none of them); `None` stands for the empty cell."""

    column: str
    values: tuple[str | None, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A cell that holds several dated values (`2019-03-18:VMware;2019-05-06:Stripe`) and cuts its row into consecutive ones.

    Each part begins on its date, the first with the row itself, and ends the day before the next. What lies outside of the row's own span is left out.
    `into` is the column that takes the value.
    """

    column: str
    into: str
    between: str = ";"
    within: str = ":"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a source: which table its rows are, and from what each column is taken.

    `columns`: for each of our columns (or attribute names) the templates to try, the first that is not empty wins; columns that are not
    named are matched by their headers, unless `only` says that the listed ones are all.
    `kinds`: our kind for each foreign one, `None` for kinds to be ignored. `split`: the separator of columns whose cell holds several values, each
    of which makes a row.
    `date_order`: `DMY` or `MDY` for dates that do not begin with the year. `ends_excluded`: until-dates name the first day that no longer belongs.
    """

    table: Table
    columns: Mapping[str, tuple[Template, ...]] = field(default_factory=dict)
    only: bool = False
    constants: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str | None] = field(default_factory=dict)
    filters: tuple[Filter, ...] = ()
    split: Mapping[str, str] = field(default_factory=dict)
    history: History | None = None
    date_order: str | None = None
    ends_excluded: bool = False
    missing: tuple[str, ...] = ()
    span: Span | None = None


IGNORED = f"\x01{secrets.token_hex(8)}\x01"
"""Stands before the kind of a row that `facts.yaml` leaves out. It is another in each process, so that no input can contain it."""

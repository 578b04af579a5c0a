"""The verdict table: its columns, one row, and the protocol that each executor's own form of it satisfies."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    import duckdb

COLUMNS = (
    "requirement",
    "subject",
    "key",
    "window_from",
    "window_until",
    "state",
    "reason",
    "measured",
    "required",
    "due_on",
    "accountable",
)
"""The columns, in order; rows are sorted by the first five but `state` (SEMANTICS section 3.2)."""


class Verdict(NamedTuple):
    """One row of the verdict table. `subject` and `accountable` are ids of organizations as the facts write them."""

    requirement: str
    subject: str
    key: str
    window_from: date | None
    window_until: date | None
    state: str
    reason: str
    measured: str
    required: str
    due_on: date | None
    accountable: str


class VerdictTable(Protocol):
    """What an executor returns. Rows come sorted by requirement, subject, window_from, window_until, key (code points, null dates first).

    `__arrow_c_stream__` is the Arrow PyCapsule interface: polars, pyarrow, pandas and duckdb read it without a copy.
    """

    def __len__(self) -> int: ...

    def rows(self) -> Iterator[Verdict]: ...

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@runtime_checkable
class QueryableTable(Protocol):
    """A verdict table that lies in DuckDB already: questions in SQL need not read it through Arrow, and compute only the columns that they ask for."""

    def connect(self, ordered: bool) -> "duckdb.DuckDBPyConnection":
        """A connection of its own with the view `verdicts` of the columns `COLUMNS`, in the order of the table if that is asked for, else in any."""
        ...

"""The verdict table: its columns, one row, and the protocol that each executor's own form of it satisfies."""

from collections.abc import Iterator, Sequence
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


class File(NamedTuple):
    """Where the verdict rows of one judgement or tally lie in DuckDB, all those that roll-ups count included.

    `place`: the number of its node, judgements first, in the order of the program. `table` has the columns subject, key, window_first, window_last,
    reason (its place in the list of reasons), measured, required, due_on, accountable, day (the reference day), answered_on, and `who`, which is `who`
    in these rows. `sums`, of a tally: a table with `who` and, for each subject and window (window_first, window_last) that has parts, c, o, u, p and
    c_maybe, o_maybe, u_maybe, p_maybe, some, some_maybe, waived, waived_maybe (meaning 7.5) and due_days (`2025-03-31*4 2025-06-30*1`: how many of the
    surely linked pending parts are due on a day). Organizations are numbers.
    """

    place: int
    table: str
    who: int
    sums: str | None


@runtime_checkable
class FiledTable(Protocol):
    """A verdict table that says where its rows and sums lie; `None` unless it was asked to keep them."""

    files: "Sequence[File] | None"


@runtime_checkable
class QueryableTable(Protocol):
    """A verdict table that lies in DuckDB already: questions in SQL need not read it through Arrow, and compute only the columns that they ask for."""

    def connect(self, ordered: bool) -> "duckdb.DuckDBPyConnection":
        """A connection of its own with the view `verdicts` of the columns `COLUMNS`, in the order of the table if that is asked for, else in any."""
        ...

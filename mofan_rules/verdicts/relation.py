"""A verdict table seen from DuckDB: what summaries, comparisons and the reports of large tables ask their questions of.

A table that lies in DuckDB already is asked where it lies; any other is read through its Arrow stream. Nothing is copied that a question does not need.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from mofan_rules.values.dates import BEGINNING, END
from mofan_rules.verdicts.catalogue import Catalogue, Entry
from mofan_rules.verdicts.table import QueryableTable, VerdictTable

if TYPE_CHECKING:
    import duckdb


class ArrowTable(Protocol):
    """Anything that gives an Arrow stream."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@contextmanager
def judged(table: VerdictTable, catalogue: Catalogue, as_of: date) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A connection with the view `judged`: the verdict table with two columns more, the `modality` and `stage` of each row's version.

    Parameters
    ----------
    as_of: the day of rows without dates, whose version is the one effective on it.
    """
    with opened(table, ordered=False) as connection:
        connection.execute("CREATE TEMP TABLE entries (requirement VARCHAR, version INTEGER, modality VARCHAR, stage VARCHAR, first DATE, last DATE)")
        versions = [(entry.requirement, number, entry.modality, entry.stage, *span) for number, (entry, span) in enumerate(_spans(catalogue))]
        if versions:
            columns = [list(column) for column in zip(*versions, strict=True)]
            connection.execute("INSERT INTO entries SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?::DATE[]), unnest(?::DATE[])", columns)
        connection.execute(f"""
            CREATE TEMP VIEW judged AS SELECT v.*, e.modality, e.stage, e.version
            FROM verdicts v JOIN entries e ON v.requirement = e.requirement AND coalesce(v.window_from, DATE '{as_of.isoformat()}') BETWEEN e.first AND e.last
        """)
        yield connection


@contextmanager
def opened(table: VerdictTable, ordered: bool) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A connection with the view `verdicts`, in the order of the table if that is asked for."""
    held = getattr(table, "held", table)
    if not isinstance(held, QueryableTable):
        with verdicts(table) as connection:
            yield connection
        return
    connection = held.connect(ordered)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def verdicts(table: ArrowTable, name: str = "verdicts") -> Iterator["duckdb.DuckDBPyConnection"]:
    """A connection in which the table can be read under `name`."""
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        register(connection, name, table)
        yield connection
    finally:
        connection.close()


def register(connection: "duckdb.DuckDBPyConnection", name: str, table: ArrowTable) -> None:
    """Let a connection read a table under `name`."""
    connection.register(name, _Stream(table))


class _Stream:
    """A table together with its schema: without one, DuckDB would open the stream twice for each query, and a
    stream may cost as much as the query that it is."""

    def __init__(self, table: ArrowTable) -> None:
        import nanoarrow

        self._table = table
        self._first: Any = nanoarrow.c_array_stream(table)
        self._schema = self._first.get_schema()

    def __arrow_c_schema__(self) -> object:
        schema: object = self._schema.__arrow_c_schema__()
        return schema

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        opened, self._first = self._first, None
        stream: object = (opened or self._table).__arrow_c_stream__(requested_schema)
        return stream


def _spans(catalogue: Catalogue) -> Iterator[tuple[Entry, tuple[date, date]]]:
    """Each version with a span widened so that those of one requirement cover all days: what falls between two versions goes to the earlier."""
    for requirement in catalogue.requirements():
        versions = sorted((entry for entry in catalogue.entries if entry.requirement == requirement), key=lambda entry: entry.first)
        firsts = [BEGINNING, *(entry.first for entry in versions[1:]), None]
        for entry, first, following in zip(versions, firsts, firsts[1:], strict=False):
            assert first is not None
            yield entry, (first, following - timedelta(days=1) if following else END)

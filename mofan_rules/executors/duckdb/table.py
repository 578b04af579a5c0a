"""The verdict table of this executor: rows in DuckDB, told in order."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from weakref import finalize

import duckdb

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.codes import reason_text, state_text
from mofan_rules.verdicts.table import COLUMNS, Verdict

DATES = ("window_from", "window_until", "due_on")

CHUNK = 50_000
"""Rows that are fetched at a time."""


class DuckTable:
    """Verdict rows in a database in memory that nothing else uses; it goes when the table does.

    Parameters
    ----------
    connection: a connection to the database of the facts, of this table's own; each reading takes a cursor of it.
    store: the attached database that holds the rows.
    queries: for each requirement id, queries of its rows: subject, key, window_first, window_last, reason (a code), measured, required, due_on, accountable.
    """

    def __init__(self, connection: Any, store: str, queries: Mapping[str, Sequence[str]]) -> None:
        self._connection = connection
        self._queries = dict(sorted(queries.items()))
        self._length: int | None = None
        finalize(self, _detach, connection, store).atexit = False

    def __len__(self) -> int:
        if self._length is None:
            counts = [f"SELECT count(*) AS n FROM ({query})" for queries in self._queries.values() for query in queries]
            asked = f"SELECT COALESCE(sum(n), 0) FROM ({' UNION ALL '.join(counts)})" if counts else "SELECT 0"
            self._length = int(self._connection.cursor().execute(asked).fetchall()[0][0])
        return self._length

    def requirement(self, name: str) -> str:
        """The SELECT of the verdict rows of one requirement, in order."""
        return f"{self._unordered(name)} ORDER BY v.subject, v.window_first NULLS FIRST, v.window_last NULLS FIRST, v.key"

    def _unordered(self, name: str) -> str:
        columns = {
            "requirement": sql.text(name),
            "subject": "s.id",
            "key": "v.key",
            "window_from": "v.window_first",
            "window_until": "v.window_last",
            "state": state_text("v.reason"),
            "reason": reason_text("v.reason"),
            "measured": "v.measured",
            "required": "v.required",
            "due_on": "v.due_on",
            "accountable": "a.id",
        }
        listed = ", ".join(f"{columns[column]} AS {column}" for column in COLUMNS)
        rows = " UNION ALL ".join(f"({query})" for query in self._queries[name])
        return f"SELECT {listed} FROM ({rows}) v JOIN facts.subjects s ON s.number = v.subject JOIN facts.subjects a ON a.number = v.accountable"

    def query(self, ordered: bool = True) -> str:
        """The SELECT of all verdict rows, in order if asked for."""
        if not self._queries:
            nothing = ", ".join(f"NULL::{'DATE' if column in DATES else 'VARCHAR'} AS {column}" for column in COLUMNS)
            return f"SELECT {nothing} WHERE FALSE"
        return " UNION ALL ".join(f"({self.requirement(name) if ordered else self._unordered(name)})" for name in self._queries)

    def connect(self) -> Any:
        """A cursor with the views `verdicts`, in order, and `unordered`."""
        cursor = self._connection.cursor()
        for name, ordered in (("verdicts", True), ("unordered", False)):
            cursor.execute(f"CREATE TEMP VIEW {name} AS {self.query(ordered)}").fetchall()
        return cursor

    def rows(self) -> Iterator[Verdict]:
        """The rows, in order; each call reads them anew, one requirement after the other."""
        cursor = self._connection.cursor()
        for name in self._queries:
            result = cursor.execute(self.requirement(name))
            while chunk := result.fetchmany(CHUNK):
                yield from (Verdict(*row) for row in chunk)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._connection.cursor().sql(self.query()).__arrow_c_stream__(requested_schema)


def _detach(connection: Any, store: str) -> None:
    """Give up the rows of a table that is gone, unless somebody still reads them."""
    with suppress(duckdb.Error):
        connection.execute(f"DETACH {store}").fetchall()
    connection.close()

"""The verdict table of this executor: rows in DuckDB, told in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from weakref import finalize

import duckdb

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.codes import reason_text, state_text
from mofan_rules.verdicts.table import COLUMNS, File, Verdict

DATES = ("window_from", "window_until", "due_on")

CHUNK = 50_000
"""Rows that are fetched at a time."""
SORTED = 1_000_000
"""So many rows are sorted in one go."""


class DuckTable:
    """Verdict rows in a database in memory that nothing else uses; it goes when the table does.

    Parameters
    ----------
    connection: a connection to the database of the facts, of this table's own; each reading takes a cursor of it.
    store: the attached database that holds the rows.
    queries: for each requirement id, queries of its rows: subject, key, window_first, window_last, reason (a code), measured, required, due_on, accountable.
    files: where the rows of each judgement and tally lie, if that will be asked.
    """

    def __init__(self, connection: Any, store: str, queries: Mapping[str, Sequence[str]], files: Sequence[File] | None = None) -> None:
        self.files = files
        self._connection = connection
        self._queries = {name: found for name, found in sorted(queries.items()) if found}
        self._counted: Mapping[str, int] | None = None
        finalize(self, _detach, connection, store).atexit = False

    def __len__(self) -> int:
        return sum(self._counts().values())

    def _counts(self) -> Mapping[str, int]:
        """How many rows each requirement has."""
        if self._counted is None:
            queries = [f"SELECT {sql.text(name)} AS name, count(*) AS n FROM ({query})" for name, found in self._queries.items() for query in found]
            counted = "SELECT name, sum(n)::BIGINT FROM ({}) GROUP BY name".format(" UNION ALL ".join(queries))
            found = dict(self._connection.cursor().execute(counted).fetchall()) if queries else {}
            self._counted = {name: found.get(name, 0) for name in self._queries}
        return self._counted

    def _batches(self) -> Iterator[Sequence[str]]:
        """The requirements in order, so many at a time as one sort holds easily: what is sorted together is prepared once."""
        batch: list[str] = []
        held = 0
        for name, rows in self._counts().items():
            if batch and held + rows > SORTED:
                yield batch
                batch, held = [], 0
            batch.append(name)
            held += rows
        if batch:
            yield batch

    def _unordered(self, names: Iterable[str]) -> str:
        """The SELECT of the verdict rows of some requirements in any order; numbers become texts after the rows were put together."""
        columns = {
            "requirement": "v.requirement",
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
        rows = [
            f"SELECT {sql.text(name)} AS requirement, {place} AS place, * FROM ({query})" for place, name in enumerate(names) for query in self._queries[name]
        ]
        together = " UNION ALL ".join(rows)
        return f"SELECT {listed} FROM ({together}) v JOIN facts.subjects s ON s.number = v.subject JOIN facts.subjects a ON a.number = v.accountable"

    def _ordered(self, names: Iterable[str]) -> str:
        return f"{self._unordered(names)} ORDER BY v.place, v.subject, v.window_first NULLS FIRST, v.window_last NULLS FIRST, v.key"

    def query(self, ordered: bool = True) -> str:
        """The SELECT of all verdict rows, in order if asked for."""
        if not self._queries:
            nothing = ", ".join(f"NULL::{'DATE' if column in DATES else 'VARCHAR'} AS {column}" for column in COLUMNS)
            return f"SELECT {nothing} WHERE FALSE"
        if not ordered:
            return self._unordered(self._queries)
        return " UNION ALL ".join(f"({self._ordered(batch)})" for batch in self._batches())

    def connect(self, ordered: bool) -> Any:
        """A cursor with the view `verdicts`, in order if asked for."""
        cursor = self._connection.cursor()
        cursor.execute(f"CREATE TEMP VIEW verdicts AS {self.query(ordered)}").fetchall()
        return cursor

    def rows(self) -> Iterator[Verdict]:
        """The rows, in order; each call reads them anew, some requirements after the others."""
        cursor = self._connection.cursor()
        for batch in self._batches():
            result = cursor.execute(self._ordered(batch))
            while chunk := result.fetchmany(CHUNK):
                yield from (Verdict(*row) for row in chunk)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._connection.cursor().sql(self.query()).__arrow_c_stream__(requested_schema)


def _detach(connection: Any, store: str) -> None:
    """Give up the rows of a table that is gone, unless somebody still reads them."""
    with suppress(duckdb.Error):
        connection.execute(f"DETACH {store}").fetchall()
    connection.close()

"""Data frames and Arrow data handed over in Python: read by DuckDB, column by column."""

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import nanoarrow

from mofan_rules.diagnostics import Bilingual, FactsError, make
from mofan_rules.facts.sources import Malformed
from mofan_rules.facts.sql import name

if TYPE_CHECKING:
    import duckdb


class FrameSource:
    """A pandas or polars data frame, an Arrow table, or anything else that exports an Arrow stream. `label` is the name of the table; line n is the n-th row.

    What can be read only once (a stream) is kept in memory.
    """

    def __init__(self, label: str, frame: object) -> None:
        self.label = label
        self._frame = frame
        if not hasattr(frame, "__len__"):
            self._frame = self._kept(frame)
        self._types = self._described()

    def _kept(self, frame: object) -> object:
        try:
            return nanoarrow.Array(nanoarrow.ArrayStream(frame).read_all())
        except Exception as error:
            raise self._unreadable(error) from error

    def _described(self) -> list[tuple[str, str]]:
        import duckdb

        try:
            with looking_connection().cursor() as connection:
                connection.register("frame", self._frame)
                return [(str(row[0]), str(row[1])) for row in connection.execute("DESCRIBE SELECT * FROM frame").fetchall()]
        except (duckdb.Error, RuntimeError, TypeError, ValueError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> FactsError:
        return FactsError([make("facts-unreadable", None, file=self.label, problem=first_line(error))])

    def header(self) -> list[str]:
        return [column for column, _ in self._types]

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        import duckdb

        columns = ", ".join(f"{as_cell(*self._types[number])} AS c{number}" for number in wanted) or "NULL::VARCHAR AS none"
        try:
            connection.register("frame_read", self._frame)
            connection.execute(f"CREATE TABLE {target} AS SELECT {columns} FROM frame_read")
        except (duckdb.Error, RuntimeError, TypeError, ValueError) as error:
            raise self._unreadable(error) from error
        finally:
            connection.unregister("frame_read")
        return []

    def native(self) -> Mapping[int, str]:
        return {number: NATIVE[kind] for number, (_, kind) in enumerate(self._types) if kind in NATIVE}

    def lines(self) -> int | Sequence[int]:
        return 1

    def assumed(self) -> list[Bilingual]:
        return []


@functools.cache
def looking_connection() -> "duckdb.DuckDBPyConnection":
    """A connection for looking at the columns of files and frames, by a cursor of one's own; to make one for each takes longer than to look."""
    import duckdb

    return duckdb.connect(":memory:")


NATIVE = {"DATE": "DATE", "BOOLEAN": "BOOLEAN"} | dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), "BIGINT")
"""The SQL types that are taken as they are, and as what."""


def as_cell(column: str, kind: str) -> str:
    """The SQL of a typed column: a native one in its type, others as the text that a cell would have: whole numbers without decimals, lists as JSON."""
    quoted = name(column)
    if kind in NATIVE:
        return f"{quoted}::{NATIVE[kind]}"
    if kind in ("DOUBLE", "FLOAT"):
        return f"CASE WHEN {quoted} = floor({quoted}) AND abs({quoted}) < 1e15 THEN {quoted}::BIGINT::VARCHAR ELSE {quoted}::VARCHAR END"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP")):
        return f"to_json({quoted})::VARCHAR"
    return f"{quoted}::VARCHAR"


def first_line(error: BaseException) -> str:
    """The first line of an error's text."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]

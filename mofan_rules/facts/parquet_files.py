"""Parquet files, read by DuckDB: small ones once, large ones where they lie, column by column."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, FactsError, make
from mofan_rules.facts.frames import NATIVE, as_cell, first_line, looking_connection
from mofan_rules.facts.sources import Malformed
from mofan_rules.facts.sql import file_name

if TYPE_CHECKING:
    import duckdb


LARGE = 200_000
"""A file of more rows is read where it lies."""


class ParquetSource:
    """One Parquet file. Line n is the n-th row."""

    def __init__(self, path: Path, label: str | None = None) -> None:
        import duckdb

        self.label = label or path.name
        self._read = f"read_parquet({file_name(str(path))})"
        try:
            with looking_connection().cursor() as connection:
                [(self.rows,)] = connection.execute(f"SELECT count(*) FROM {self._read}").fetchall()
                self._types = [(str(row[0]), str(row[1])) for row in connection.execute(f"DESCRIBE SELECT * FROM {self._read}").fetchall()]
        except (duckdb.Error, RuntimeError) as error:
            raise self._unreadable(error) from error

    @property
    def in_place(self) -> bool:
        """Is it so large that a copy in memory would cost more than to read it again?"""
        return bool(self.rows > LARGE)

    def _unreadable(self, error: Exception) -> FactsError:
        return FactsError([make("facts-unreadable", None, file=self.label, problem=first_line(error))])

    def header(self) -> list[str]:
        return [column for column, _ in self._types]

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        import duckdb

        columns = ", ".join(f"{as_cell(*self._types[number])} AS c{number}" for number in wanted) or "NULL::VARCHAR AS none"
        try:
            if self.in_place:
                read = f"{self._read[:-1]}, file_row_number = true)"
                connection.execute(f"CREATE VIEW {target} AS SELECT file_row_number AS rowid, {columns} FROM {read}")
                connection.execute(f"SELECT bit_xor(hash(COLUMNS('^(c[0-9]+|none)$'))) FROM {target}").fetchall()  # what cannot be decoded is told now
            else:
                connection.execute(f"CREATE TABLE {target} AS SELECT {columns} FROM {self._read}")
        except (duckdb.Error, RuntimeError) as error:
            raise self._unreadable(error) from error
        return []

    def native(self) -> Mapping[int, str]:
        return {number: NATIVE[kind] for number, (_, kind) in enumerate(self._types) if kind in NATIVE}

    def lines(self) -> int | Sequence[int]:
        return 1

    def assumed(self) -> list[Bilingual]:
        return []

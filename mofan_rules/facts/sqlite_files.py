"""SQLite files: each table (or view that `facts.yaml` names) is a table of rows."""

import sqlite3
import urllib.parse
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, FactsError, make
from mofan_rules.facts.csv_files import CHUNK_ROWS
from mofan_rules.facts.frames import first_line
from mofan_rules.facts.sources import Malformed, load_columns, written
from mofan_rules.facts.sql import name

if TYPE_CHECKING:
    import duckdb

MAGIC = b"SQLite format 3\0"


class Database:
    """An SQLite file, opened to be read only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables = [str(row[0]) for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
        self.views = [str(row[0]) for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]

    def connect(self) -> sqlite3.Connection:
        """A connection that cannot write, and takes no functions from the file's schema."""
        connection = sqlite3.connect(f"file:{urllib.parse.quote(str(self.path.absolute()))}?mode=ro", uri=True)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        return connection

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """All rows of a short query."""
        try:
            with closing(self.connect()) as connection:
                return connection.execute(query).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise self.unreadable(error) from error

    def unreadable(self, error: Exception) -> FactsError:
        """The error to raise for one of SQLite."""
        return FactsError([make("facts-unreadable", None, file=self.path.name, problem=first_line(error))])


class SqliteSource:
    """One table of an SQLite file. Line n is the n-th row in the order in which SQLite gives them."""

    def __init__(self, database: Database, table: str) -> None:
        self.label = f"{database.path.name}[{table}]"
        self._database = database
        self._table = table
        self._header = [str(row[1]) for row in database.rows(f"PRAGMA table_info({name(table)})")]

    def header(self) -> list[str]:
        return self._header

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        names = [f"c{number}" for number in wanted]
        load_columns(connection, target, {column: [] for column in names}, 0)
        selected = ", ".join(name(self._header[number]) for number in wanted) or "NULL"
        try:
            with closing(self._database.connect()) as source:
                cursor = source.execute(f"SELECT {selected} FROM {name(self._table)}")
                while rows := cursor.fetchmany(CHUNK_ROWS):
                    self._append(connection, target, names, rows)
        except (sqlite3.Error, OSError) as error:
            raise self._database.unreadable(error) from error
        return []

    def _append(self, connection: "duckdb.DuckDBPyConnection", target: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        part = f"{target}_part"
        load_columns(connection, part, {column: [written(row[i]) for row in rows] for i, column in enumerate(names)}, len(rows))
        connection.execute(f"INSERT INTO {target} SELECT * FROM {part}")
        connection.execute(f"DROP TABLE {part}")

    def native(self) -> Mapping[int, str]:
        return {}

    def lines(self) -> int | Sequence[int]:
        return 1

    def assumed(self) -> list[Bilingual]:
        return []

"""PostgreSQL databases: each table or view that the connection sees without naming a schema is a table of rows, copied out as CSV."""

import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mofan_rules.diagnostics import Bilingual, FactsError, make
from mofan_rules.facts.frames import first_line
from mofan_rules.facts.sources import Malformed
from mofan_rules.facts.sql import file_name

if TYPE_CHECKING:
    import duckdb

SCHEMES = ("postgresql://", "postgres://")
PATIENCE = 15
"""Seconds to wait for a connection."""

_TABLES = """SELECT c.relname, a.attname, format_type(a.atttypid, NULL), c.relkind::text
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY (current_schemas(false)) AND pg_catalog.pg_table_is_visible(c.oid)
    ORDER BY c.relname, a.attnum"""


class Server:
    """A database on a PostgreSQL server: its tables with their columns (name, type). Every connection is read-only; messages never show the password."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.label = shown(address)
        self.tables: dict[str, list[tuple[str, str]]] = {}
        self.views: set[str] = set()
        import psycopg

        try:
            with self.connect() as connection:
                for table, column, kind, relation in connection.execute(_TABLES).fetchall():
                    self.tables.setdefault(str(table), []).append((str(column), str(kind)))
                    if relation == "v":
                        self.views.add(str(table))
        except (psycopg.Error, UnicodeError, ValueError) as error:
            raise self.unreadable(error) from error

    def connect(self) -> Any:
        """A read-only connection whose dates are ISO dates and whose text is UTF-8."""
        import psycopg

        connection = psycopg.connect(self._address, connect_timeout=PATIENCE, client_encoding="utf8")
        for setting in ("default_transaction_read_only = on", "datestyle = ISO", "timezone = 'UTC'"):
            connection.execute(f"SET {setting}")
        connection.commit()
        return connection

    def unreadable(self, error: Exception) -> FactsError:
        """The error to raise for one of the server, without the password."""
        problem = first_line(error)
        password = _password(self._address)
        return FactsError([make("facts-unreadable", None, file=self.label, problem=problem.replace(password, "***") if password else problem)])


def _password(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""


def shown(address: str) -> str:
    """An address without user and password, for messages."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    except ValueError:
        return "postgresql://"


class PostgresSource:
    """One table of a PostgreSQL database. Line n is the n-th row in the order in which the server gave them."""

    def __init__(self, server: Server, table: str) -> None:
        self.label = f"{server.label}[{table}]"
        self._server = server
        self._table = table
        self._columns = server.tables[table]
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def header(self) -> list[str]:
        return [column for column, _ in self._columns]

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        copied = self._copied(wanted)
        columns = "{" + ", ".join(f"'c{number}': 'VARCHAR'" for number in wanted) + "}" if wanted else "{'none': 'VARCHAR'}"
        connection.execute(f"""CREATE TABLE {target} AS SELECT * FROM read_csv({file_name(str(copied))}, auto_detect = false, header = false,
            delim = ',', quote = '"', escape = '"', columns = {columns}, max_line_size = 134217728, parallel = false)""")
        copied.unlink()
        return []

    def _copied(self, wanted: Sequence[int]) -> Path:
        """The wanted columns as a CSV file in a folder of our own."""
        import psycopg
        from psycopg import sql

        selected = [self._selected(*self._columns[number]) for number in wanted] or [sql.SQL("NULL")]
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(sql.SQL(", ").join(selected), sql.Identifier(self._table))
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="mofan-")
            weakref.finalize(self, self._folder.cleanup)
        target = Path(self._folder.name) / "copy.csv"
        try:
            with self._server.connect() as connection, connection.cursor() as cursor, target.open("wb") as file, cursor.copy(query) as copy:
                for block in copy:
                    file.write(block)
        except (psycopg.Error, OSError) as error:
            raise self._server.unreadable(error) from error
        return target

    def _selected(self, column: str, kind: str) -> Any:
        from psycopg import sql

        if kind.endswith("[]"):
            return sql.SQL("array_to_json({})").format(sql.Identifier(column))
        return sql.Identifier(column)

    def native(self) -> Mapping[int, str]:
        return {}

    def lines(self) -> int | Sequence[int]:
        return 1

    def assumed(self) -> list[Bilingual]:
        return []

"""Where rows come from: the protocol that every reader satisfies, and rows handed over in Python."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from json import dumps
from typing import TYPE_CHECKING, Any, Protocol

import nanoarrow

from mofan_rules.diagnostics import Bilingual, FactsError, make
from mofan_rules.facts.sql import name

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Malformed:
    """A record that is no row: its number among the records of the source, and its beginning as text."""

    at: int
    text: str


class Source(Protocol):
    """A file, sheet, database table or data frame whose rows are facts."""

    @property
    def label(self) -> str:
        """What messages call it: a file name, `workbook.xlsx[sheet]`, or the name of the table."""
        ...

    def header(self) -> list[str]:
        """The names of its columns, in order, as written."""
        ...

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        """Create the table `target` with a column `c<i>` for each wanted column number, of text but for those that are `native`, one row a record in the
        order of reading; records that are no rows are returned, and rows without values stand in their places."""
        ...

    def native(self) -> Mapping[int, str]:
        """The columns that `load` does not make text, with their SQL types: DATE, BIGINT or BOOLEAN."""
        ...

    def lines(self) -> int | Sequence[int]:
        """The line (in a sheet the row) of the first record, if every record has a line of its own; else the line of each record."""
        ...

    def assumed(self) -> list[Bilingual]:
        """What was assumed in reading it, so far."""
        ...


class RowsSource:
    """Rows given in Python as dictionaries. `label` is the name of the table; line n is the n-th row."""

    def __init__(self, label: str, rows: Iterable[object]) -> None:
        self.label = label
        kept: list[Mapping[object, object]] = []
        for number, row in enumerate(rows, 1):
            if not isinstance(row, Mapping):
                raise FactsError([make("facts-not-rows", None, table=label, found=type(row).__name__, row=number)])
            kept.append(row)
        self._rows = kept
        self._header = list(dict.fromkeys(str(key) for row in kept for key in row))

    def header(self) -> list[str]:
        return self._header

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        columns = {}
        for number in wanted:
            key = self._header[number]
            columns[f"c{number}"] = [written(row.get(key)) for row in self._rows]
        load_columns(connection, target, columns, len(self._rows))
        return []

    def native(self) -> Mapping[int, str]:
        return {}

    def lines(self) -> int | Sequence[int]:
        return 1

    def assumed(self) -> list[Bilingual]:
        return []


FEW = 5_000
"""So many rows are handed over as parameters, more as Arrow arrays, which take longer to set up."""

Columns = Mapping[str, Sequence[Any]]


def load_columns(
    connection: "duckdb.DuckDBPyConnection", target: str, columns: Columns, length: int, types: Mapping[str, str] | None = None, more: str = ""
) -> None:
    """Create a table from lists of Python values.

    Parameters
    ----------
    types: the SQL types of the columns that are not text: INTEGER, UTINYINT, BIGINT, BOOLEAN or DATE.
    more: the SQL of further columns, with a comma before each.
    """
    import duckdb

    kinds = types or {}
    if not columns:
        connection.execute(f"CREATE TABLE {target} AS SELECT NULL::VARCHAR AS none FROM range({length})")
        return
    try:
        _load(connection, target, columns, length, kinds, more)
    except (ValueError, duckdb.Error):  # a text that is no Unicode: a lone surrogate
        encoded = {key: values if key in kinds else [_encodable(value) for value in values] for key, values in columns.items()}
        _load(connection, target, encoded, length, kinds, more)


def _load(connection: "duckdb.DuckDBPyConnection", target: str, columns: Columns, length: int, types: Mapping[str, str], more: str) -> None:
    if length <= FEW:
        listed = ", ".join(f"unnest(?::{types.get(key, 'VARCHAR')}[]) AS {name(key)}" for key in columns)
        connection.execute(f"CREATE TABLE {target} AS SELECT *{more} FROM (SELECT {listed})", list(columns.values()))
        return
    days = {key: [None if value is None else value.toordinal() - EPOCH for value in columns[key]] for key, kind in types.items() if kind == "DATE"}
    given = {**columns, **days}
    fields = {key: ARROW[types.get(key, "VARCHAR")]() for key in columns}
    arrays = [nanoarrow.c_array(values, fields[key]) for key, values in given.items()]
    struct = nanoarrow.c_array_from_buffers(nanoarrow.struct(fields), length, [None], children=arrays)
    selected = ", ".join(f"DATE '1970-01-01' + {name(key)} AS {name(key)}" if key in days else name(key) for key in columns)
    view = f"arrow_{target.replace('.', '_').replace(chr(34), '')}"
    connection.register(view, nanoarrow.ArrayStream(struct))
    connection.execute(f"CREATE TABLE {target} AS SELECT *{more} FROM (SELECT {selected} FROM {name(view)})")
    connection.unregister(view)


EPOCH = date(1970, 1, 1).toordinal()
ARROW = {
    "VARCHAR": nanoarrow.string,
    "INTEGER": nanoarrow.int32,
    "UTINYINT": nanoarrow.uint8,
    "BIGINT": nanoarrow.int64,
    "BOOLEAN": nanoarrow.bool_,
    "DATE": nanoarrow.int32,
}


def _encodable(value: str | None) -> str | None:
    return None if value is None else value.encode("utf-8", "replace").decode("utf-8")


def written(value: object) -> str | None:
    """The text of a Python value as a cell would have it; lists become JSON."""
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Enum():
            return written(value.value)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return repr(value) if math.isfinite(value) else str(value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple() | set() | frozenset():
            return dumps([written(item) for item in value], ensure_ascii=False)
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return _text_of(value)


def _text_of(value: object) -> str | None:
    """The text of some other object; pandas' and numpy's missing values are none."""
    shown = str(value)
    return None if shown in ("<NA>", "NaT") else shown

"""Large populations: what was drawn for some thousand branches, repeated as often as it takes, each copy with ids of its own.

Drawing each of five million branches would take hours and tell nothing new: rates, sizes and faults are those of the pattern. A copy is made by
DuckDB, which appends the copy's number to every id of a unit (`zb00017-02` becomes `zb00017-02.5`) and leaves all other cells as they are, so that
copies do not touch each other. What belongs to no unit, or to the units after the pattern, stands there once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

PATTERN = 10_000
"""So many of the counted organizations are drawn one by one; of more, a pattern of at most so many is repeated."""

NAMED = ("id", "person", "supersedes")
"""Columns that hold nothing but ids of a unit's own."""

Ids = tuple[Sequence[str], Sequence[str]]
"""How the ids of organizations begin, and the columns besides those `NAMED` that hold ids of rows."""

Format = Literal["csv", "parquet"]
OnTable = Callable[[float], None]
"""Told, before each table, which share of the rows is written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many of the counted organizations the pattern has, how often it stands there, and how many are drawn besides."""

    pattern: int
    times: int
    rest: int

    @classmethod
    def of(cls, counted: int) -> "Plan":
        """The plan for so many."""
        times = -(-counted // PATTERN)
        return cls(counted // times, times, counted % times)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many rows of each table stand before the pattern, and how many up to its end."""

    before: Mapping[str, int]
    until: Mapping[str, int]

    def rows(self, drawn: Mapping[str, int], times: int) -> dict[str, int]:
        """How many rows each table will have."""
        return {name: rows + (self.until[name] - self.before[name]) * (times - 1) for name, rows in drawn.items()}


def lay_out(folder: Path, drawn: Drawn, rows: Mapping[str, int], plan: Plan, ids: Ids, format: Format, on_table: OnTable) -> None:
    """Make the finished files of a folder from the CSV files in it: Parquet if asked for, with the copies of the pattern.

    Parameters
    ----------
    rows: how many each table will have in the end.
    ids: how the ids of organizations begin, and which columns hold ids of other rows.
    """
    if format == "csv" and plan.times == 1:
        return
    import duckdb

    done = 0
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        for name in rows:
            on_table(done / max(sum(rows.values()), 1))
            _table(connection, folder, name, (drawn.before[name], drawn.until[name]), plan.times, ids, format)
            done += rows[name]


def _table(connection: "duckdb.DuckDBPyConnection", folder: Path, name: str, pattern: tuple[int, int], times: int, ids: Ids, format: Format) -> None:
    source = folder / f"{name}.csv"
    read = "read_csv($source, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '')"
    connection.execute(f"CREATE OR REPLACE TABLE drawn AS FROM {read}", {"source": str(source)})
    source.unlink()
    columns = [str(row[0]) for row in connection.execute("DESCRIBE drawn").fetchall()]
    types = _types(connection, columns) if format == "parquet" else {}
    plainly = ", ".join(_typed(column, types) for column in columns)
    if times == 1:
        made = f"SELECT {plainly} FROM drawn"
    else:
        selected, flags = _copied(connection, columns, types, ids, pattern)
        connection.execute(f"CREATE OR REPLACE TABLE pattern AS SELECT *{flags} FROM drawn WHERE rowid >= {pattern[0]} AND rowid < {pattern[1]}")
        made = f"""SELECT {plainly} FROM drawn WHERE rowid < {pattern[0]} UNION ALL
            SELECT {selected} FROM (SELECT CASE WHEN n > 0 THEN '.' || n ELSE '' END AS copy FROM range({times}) t(n)) CROSS JOIN pattern UNION ALL
            SELECT {plainly} FROM drawn WHERE rowid >= {pattern[1]}"""
    options = "FORMAT parquet, COMPRESSION zstd" if format == "parquet" else "FORMAT csv, HEADER true"
    connection.execute(f"COPY ({made}) TO $target ({options})", {"target": str(folder / f"{name}.{format}")})
    connection.execute("DROP TABLE drawn; DROP TABLE IF EXISTS pattern")


def _copied(connection: "duckdb.DuckDBPyConnection", columns: Iterable[str], types: Mapping[str, str], ids: Ids, pattern: tuple[int, int]) -> tuple[str, str]:
    """The SQL of the columns of a copy, and that of the columns by which the pattern tells the cells that hold ids of its units."""
    prefixes, named = ids[0], {*NAMED, *ids[1]}
    bears = f"'(^|[^0-9A-Za-z])({'|'.join(prefixes)})[0-9]{{5}}'"
    mixed = [column for column in columns if column not in named and column not in types]
    found = ", ".join(f"coalesce(bool_or(regexp_matches({_name(column)}, {bears})), false)" for column in mixed)
    [row] = connection.execute(f"SELECT {found or 'NULL'} FROM drawn WHERE rowid >= {pattern[0]} AND rowid < {pattern[1]}").fetchall()
    bearing = {column: f"own_{place}" for place, (column, has) in enumerate(zip(mixed, row, strict=False)) if has}
    selected = []
    for column in columns:
        if column in named and column not in types:
            selected.append(f"{_name(column)} || copy AS {_name(column)}")
        elif column in bearing:
            selected.append(f"CASE WHEN {bearing[column]} THEN {_name(column)} || copy ELSE {_name(column)} END AS {_name(column)}")
        else:
            selected.append(_typed(column, types))
    return ", ".join(selected), "".join(f", coalesce(regexp_matches({_name(column)}, {bears}), false) AS {flag}" for column, flag in bearing.items())


PLAIN = {
    "DATE": "length({0}) = 10 AND TRY_CAST({0} AS DATE) IS NOT NULL",
    "BIGINT": "regexp_full_match({0}, '0|-?[1-9][0-9]{{0,14}}')",
    "BOOLEAN": "{0} IN ('true', 'false')",
}
"""When every cell of a column is of a type, so that a Parquet file can have it."""


def _types(connection: "duckdb.DuckDBPyConnection", columns: Iterable[str]) -> dict[str, str]:
    """The types of the columns that are more than text: a single cell that is not legible makes a column one of text."""
    checked = [(column, kind) for column in columns if column != "id" for kind in PLAIN]
    tests = ", ".join(f"coalesce(bool_and({PLAIN[kind].format(_name(column))}), false)" for column, kind in checked)
    [row] = connection.execute(f"SELECT {tests} FROM drawn").fetchall()
    return {column: kind for (column, kind), fits in zip(checked, row, strict=True) if fits}


def _typed(column: str, types: Mapping[str, str]) -> str:
    return f"{_name(column)}::{types[column]} AS {_name(column)}" if column in types else _name(column)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'

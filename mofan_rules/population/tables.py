"""The fact tables of a population as files: rows are written as they come, so that memory does not grow with the population."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

FLUSH = 20_000
"""So many rows are gathered before they are written."""


class _Days(dict[int, str]):
    """The ISO text of each day by its ordinal, made once."""

    def __missing__(self, ordinal: int) -> str:
        text = self[ordinal] = date.fromordinal(ordinal).isoformat()
        return text


DAY = _Days()


def cell(text: str) -> str:
    """A text as one cell of a CSV file."""
    if any(character in text for character in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


class TableFile:
    """One CSV file with a fixed header, some `further` columns last. `rows` counts what was written; `add` takes a finished line."""

    __slots__ = ("_blank", "_file", "_lines", "columns", "further", "rows")

    def __init__(self, file: TextIO, columns: tuple[str, ...], further: tuple[str, ...] = ()) -> None:
        self._file = file
        self.columns = (*columns, *further)
        self.further = further
        self._lines: list[str] = [",".join(map(cell, self.columns))]
        self._blank = "," * len(further)
        self.rows = 0

    def add(self, line: str, further: str | None = None) -> None:
        """Adds a line in the order of the columns, its cells quoted where they must be; `further` holds the last of them, each after its comma."""
        self._append(line + (self._blank if further is None else further))

    def tail(self, values: Mapping[str, str]) -> str:
        """The further cells of a line, by the names of their columns."""
        return "".join(["," + cell(values[name]) if name in values else "," for name in self.further])

    def _append(self, line: str) -> None:
        self.rows += 1
        self._lines.append(line)
        if len(self._lines) >= FLUSH:
            self.flush()

    def put(self, cells: Mapping[str, str]) -> None:
        """Adds a row by the names of its columns; the others stay empty."""
        self._append(",".join(cell(cells.get(column, "")) for column in self.columns))

    def flush(self) -> None:
        """Writes what was gathered."""
        if self._lines:
            self._file.write("\n".join(self._lines))
            self._file.write("\n")
            self._lines.clear()


class Tables:
    """The files of all tables in a folder, by table name."""

    def __init__(self, folder: Path, columns: Mapping[str, tuple[str, ...]], further: Mapping[str, tuple[str, ...]]) -> None:
        self._files = [(folder / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in columns]
        self._tables = {name: TableFile(file, header, further.get(name, ())) for file, (name, header) in zip(self._files, columns.items(), strict=True)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for table in self._tables.values():
            if kind is None:
                table.flush()
        for file in self._files:
            file.close()

    def __getitem__(self, name: str) -> TableFile:
        return self._tables[name]

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: table.rows for name, table in self._tables.items()}

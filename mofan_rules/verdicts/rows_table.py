"""A verdict table over a list of rows: the form of executors that compute row by row."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from mofan_rules.verdicts.table import COLUMNS, Verdict

DATES = frozenset({"window_from", "window_until", "due_on"})
EPOCH = date(1970, 1, 1)


def order(verdict: Verdict) -> tuple[str, str, tuple[bool, date], tuple[bool, date], str]:
    """What rows are sorted by: requirement, subject, window_from, window_until, key; null dates first."""
    return verdict.requirement, verdict.subject, _nulls_first(verdict.window_from), _nulls_first(verdict.window_until), verdict.key


def _nulls_first(day: date | None) -> tuple[bool, date]:
    return day is not None, day or EPOCH


class RowsTable:
    """A `VerdictTable` that holds its rows; they are sorted here."""

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        self._rows: tuple[Verdict, ...] = tuple(sorted(verdicts, key=order))

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self) -> Iterator[Verdict]:
        """The rows in their order."""
        return iter(self._rows)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule stream in one batch: text columns, and `date32` for the three dates. Another schema cannot be asked for."""
        import nanoarrow

        columns = [_column(nanoarrow, name, [getattr(row, name) for row in self._rows]) for name in COLUMNS]
        schema = nanoarrow.struct({name: nanoarrow.date32() if name in DATES else nanoarrow.string() for name in COLUMNS}, nullable=False)
        batch = nanoarrow.c_array_from_buffers(schema, len(self._rows), [None], children=columns)
        stream: object = nanoarrow.c_array_stream(batch).__arrow_c_stream__()
        return stream


def _column(nanoarrow: Any, name: str, values: list[Any]) -> Any:
    if name not in DATES:
        return nanoarrow.c_array(values, nanoarrow.string())
    days = nanoarrow.c_array([None if day is None else (day - EPOCH).days for day in values], nanoarrow.int32())
    return nanoarrow.c_array_from_buffers(nanoarrow.date32(), len(values), days.view().buffers)

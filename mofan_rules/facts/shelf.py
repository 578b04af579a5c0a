"""The rows of a query in memory, in the order of the organization that they belong to, so that those of one are found in microseconds.

A database takes a millisecond for any question; who asks for the rows of one organization after the other cannot wait so long. The rows stay in the buffers in
which DuckDB hands them over (Arrow) and become Python values only when they are asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import nanoarrow

Cells = Callable[[int, int], Sequence[object]]
"""The values of a column from one row up to another."""

EPOCH = date(1970, 1, 1).toordinal()
INTEGERS = frozenset("cCsSiIlL")
"""The Arrow formats of whole numbers (https://arrow.apache.org/docs/format/CDataInterface.html)."""


@dataclass(frozen=True, slots=True)
class _Batch:
    array: Any
    """The rows as DuckDB handed them over: it must live as long as its buffers are read."""
    owners: Any
    columns: tuple[Cells, ...]

    def __len__(self) -> int:
        return len(self.owners)


class Shelf:
    """Rows that are asked for by their owner.

    Parameters
    ----------
    connection: a connection to the database, to which nobody else gives a query meanwhile.
    query: a SELECT whose first column is an integer without nulls, the owner; its rows come in the order of it.
    """

    def __init__(self, connection: Any, query: str) -> None:
        stream = nanoarrow.c_array_stream(connection.sql(query))
        formats = list(stream.get_schema().children)
        self.columns = tuple(str(child.name) for child in formats)[1:]
        self._batches = [_batch(array, formats) for array in stream if array.length]
        self._ends = [int(batch.owners[-1]) for batch in self._batches]

    def __len__(self) -> int:
        return sum(map(len, self._batches))

    def rows(self, owner: int) -> list[tuple[object, ...]]:
        """The rows of one owner, in order: the columns after the first."""
        found: list[tuple[object, ...]] = []
        for place in range(bisect_left(self._ends, owner), len(self._batches)):
            batch = self._batches[place]
            start = bisect_left(batch.owners, owner)
            end = bisect_right(batch.owners, owner, start)
            if start == end:
                break
            found += zip(*(column(start, end) for column in batch.columns), strict=True)
            if end < len(batch):
                break
        return found


def _batch(array: Any, formats: Sequence[Any]) -> _Batch:
    owners, *columns = array.view().children
    return _Batch(array, memoryview(owners.buffer(1)), tuple(_column(column, format_) for column, format_ in zip(columns, formats[1:], strict=True)))


def _column(column: Any, format_: Any) -> Cells:
    """What reads a column. The buffers live as long as it does."""
    plain = _plain(column, format_)
    if not column.null_count:
        return plain
    bits = memoryview(column.buffer(0)).cast("B")

    def cells(start: int, end: int) -> Sequence[object]:
        return [value if bits[place >> 3] >> (place & 7) & 1 else None for place, value in enumerate(plain(start, end), start)]

    return cells


def _plain(column: Any, format_: Any) -> Cells:
    """The values of a column as if none were missing."""
    kind = str(format_.format)
    if kind == "u":
        return _texts(column)
    if kind == "+l":
        return _lists(column, format_)
    data = memoryview(column.buffer(1))
    if kind in INTEGERS:
        return lambda start, end: data[start:end].tolist()
    if kind == "tdD":
        return lambda start, end: [date.fromordinal(day + EPOCH) if -EPOCH < day < 2932897 else None for day in data[start:end].tolist()]
    if kind == "b":
        bits = data.cast("B")
        return lambda start, end: [bool(bits[place >> 3] >> (place & 7) & 1) for place in range(start, end)]
    if kind.startswith("d:"):
        return _decimals(data.cast("B"), int(kind.split(",")[1]))
    raise TypeError(f"no column of a fact table has the Arrow format {kind!r}")


def _texts(column: Any) -> Cells:
    offsets, data = memoryview(column.buffer(1)), memoryview(column.buffer(2)).cast("B")

    def cells(start: int, end: int) -> list[str]:
        places = offsets[start : end + 1].tolist()
        return [str(data[first:last], "utf-8") for first, last in pairwise(places)]

    return cells


def _lists(column: Any, format_: Any) -> Cells:
    offsets = memoryview(column.buffer(1))
    [child] = column.children
    [child_format] = format_.children
    items = _column(child, child_format)

    def cells(start: int, end: int) -> list[list[object]]:
        places = offsets[start : end + 1].tolist()
        return [list(items(first, last)) for first, last in pairwise(places)]

    return cells


def _decimals(data: Any, scale: int) -> Cells:
    def one(place: int) -> Decimal:
        return Decimal(f"{int.from_bytes(data[16 * place : 16 * place + 16], 'little', signed=True)}e-{scale}")

    return lambda start, end: [one(place) for place in range(start, end)]

"""One row by itself: what admission makes of a row that stands in no relation to another.

Most facts that arrive one by one are such rows: new ids, nothing corrected, every cell legible. They are read here cell by cell, by the functions that read
the cells of whole tables (`dictionaries`, `reading`, the tables of `typed`). Of any other row this module says `None`, and then admission is asked anew.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import md5
from json import loads

from mofan_rules.facts import reading
from mofan_rules.facts.cells import REQUIRED, Cell
from mofan_rules.facts.columns import EVER, NEVER, column_of
from mofan_rules.facts.dictionaries import VALUES, Column, read_text
from mofan_rules.facts.names import column_names, folded, kinds_having
from mofan_rules.facts.typed import SPANS, cell_types, empty_days
from mofan_rules.schema import ADMITTED, KIND_COLUMN, Table, Vocabulary
from mofan_rules.values.dates import BEGINNING, END

SINGLE = (Table.EVENTS, Table.TENURES, Table.EVIDENCE, Table.WAIVERS)
"""The tables whose rows can be read by themselves; rows of the others say something about rows of every table."""

DAYS = {EVER: BEGINNING, NEVER: END}

Value = bool | int | Decimal | str | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class SingleRow:
    """A row as `facts.<table>` would have it, without `row`: its id, and its columns with their values."""

    table: Table
    id: str
    values: Mapping[str, Value]


def key_of(identifier: str) -> int:
    """An id as it stands in `facts.keys`."""
    return int.from_bytes(md5(identifier.encode(), usedforsecurity=False).digest()[8:], "little")


class SingleReader:
    """Reads rows of one table by themselves.

    Parameters
    ----------
    numbers: the number of each id of an organization.
    certain: the numbers of those that stand in some row that was not rejected.
    """

    def __init__(self, table: Table, vocabulary: Vocabulary, numbers: Mapping[str, int], certain: Container[int]) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.numbers = numbers
        self.certain = certain
        self.names = column_names(table, vocabulary)
        self.types = cell_types(table, vocabulary)
        self._columns = {column: column_of(table, column, cell, vocabulary) for column, cell in self.types.items()}
        self._having = {column: self._kinds(found) for column, found in self._columns.items()}
        self._shown = {column.removesuffix("_low").removesuffix("_high") for column in ADMITTED[table]} | {one for one in self.types if one.startswith("a_")}
        self._meanings: dict[tuple[str, str], tuple[Value, Value] | None] = {}

    def _kinds(self, column: Column) -> frozenset[str] | None:
        """The kinds whose rows have the attribute in a column; `None`: all."""
        attribute = column.attribute
        restricted = attribute is not None and attribute.kinds and self.table in KIND_COLUMN
        return frozenset(kinds_having(attribute, self.vocabulary)) if attribute is not None and restricted else None

    def column(self, name: str) -> str | None:
        """The column that a name means, as admission takes it."""
        return self.names.get(folded(name))

    def row(self, cells: Mapping[str, str | None]) -> SingleRow | None:
        """What a row means, or `None` if it cannot be read by itself: something in it is missing, illegible or contradictory, or it corrects another.

        Parameters
        ----------
        cells: the texts by the names of our columns (attributes `a_<n>`).
        """
        written = {column: text for column, text in cells.items() if text is not None and reading.normal(text) is not None}
        identifier = reading.normal(written.get("id", ""))
        if identifier is None or len(identifier) > reading.LONGEST_TEXT or "supersedes" in written or "withdrawn" in written:
            return None
        if any(column not in written for column in REQUIRED[self.table]):
            return None
        values = dict(self._values(written))
        if None in values.values() or not self._consistent(values) or not self._waivable(written, values):
            return None
        return SingleRow(self.table, identifier, {"id": identifier} | dict(self._laid_out(values)))

    def _values(self, written: Mapping[str, str]) -> Iterator[tuple[str, tuple[Value, Value] | None]]:
        """The two ends of each cell (of what is no date, twice the same); `None` where it is not legible."""
        kind_column = KIND_COLUMN.get(self.table)
        kind = self._meaning(kind_column, written[kind_column]) if kind_column is not None else None
        for column in self.types:
            if column == "id":
                continue
            text, having = written.get(column), self._having[column]
            found = self._empty(column) if text is None else self._meaning(column, text)
            if having is not None and (kind is None or kind[0] not in having):
                # not an attribute of such rows: what stands there is not read (of a date, only if it cannot be)
                found = found or self._empty(column) if self.types[column] is Cell.DATE else (None, None)
            yield column, found

    def _empty(self, column: str) -> tuple[Value, Value]:
        cell = self.types[column]
        if cell is Cell.HELD:
            return "yes", "yes"
        if cell is not Cell.DATE:
            return None, None
        low, high = empty_days(self.table, column)
        return DAYS.get(low), DAYS.get(high)

    def _meaning(self, column: str, text: str) -> tuple[Value, Value] | None:
        """A cell that is not empty. Texts that were read are remembered, but for those of which each row has another."""
        cell = self.types[column]
        if cell in (Cell.TEXT, Cell.ORGANIZATION):
            return self._text(column, text)
        key = (column, text)
        if key not in self._meanings:
            if len(self._meanings) >= MOST_REMEMBERED:
                self._meanings.clear()
            self._meanings[key] = self._read(column, cell, text)
        return self._meanings[key]

    def _read(self, column: str, cell: Cell, text: str) -> tuple[Value, Value] | None:
        entry = read_text(self._columns[column], text)
        if entry.state == 0:
            return self._empty(column)
        if entry.state != 1:
            return None
        if cell not in VALUES:
            return entry.low, entry.high
        value: Value = entry.flag if cell is Cell.BOOLEAN else entry.whole if cell is Cell.INTEGER else entry.word
        if cell is Cell.NUMBER:
            value = Decimal(entry.word or "0")
        elif cell is Cell.ITEMS:
            value = tuple(loads(entry.word or "[]"))
        return value, value

    def _text(self, column: str, text: str) -> tuple[Value, Value] | None:
        found = reading.normal(text)
        attribute = self._columns[column].attribute
        if found is None or len(found) > reading.LONGEST_TEXT or (attribute is not None and attribute.values and found not in attribute.values):
            return None
        if self.types[column] is Cell.TEXT:
            return found, found
        number = self.numbers.get(found)
        if number is None or (column == "organization" and number not in self.certain):
            return None
        return number, number

    def _consistent(self, values: Mapping[str, tuple[Value, Value] | None]) -> bool:
        """Does no span end before it begins?"""
        for first, last in SPANS[self.table]:
            start, until = values.get(first), values.get(last)
            if start is not None and until is not None and isinstance(start[0], date) and isinstance(until[1], date) and start[0] > until[1]:
                return False
        return True

    def _waivable(self, written: Mapping[str, str], values: Mapping[str, tuple[Value, Value] | None]) -> bool:
        """Does a waiver have what its requirement asks for? (SEMANTICS section 3.5)"""
        if self.table is not Table.WAIVERS:
            return True
        requirement = values["requirement"]
        policy = self.vocabulary.waivers.get(str(requirement[0])) if requirement is not None else None
        if policy is None or (policy.must and not policy.waivable):
            return False
        return ("approved_by" if policy.must else "reason") in written

    def _laid_out(self, values: Mapping[str, tuple[Value, Value] | None]) -> Iterator[tuple[str, Value]]:
        for column, ends in values.items():
            if ends is None or column not in self._shown:
                continue
            if self.types[column] in (Cell.DATE, Cell.PERIOD):
                yield f"{column}_low", ends[0]
                yield f"{column}_high", ends[1]
            else:
                yield column, ends[0]
        if self.table is Table.TENURES:
            person = values["person"]
            yield "holder", self.numbers.get(person[0]) if person is not None and isinstance(person[0], str) else None


MOST_REMEMBERED = 100_000
"""So many texts are remembered with what they mean."""

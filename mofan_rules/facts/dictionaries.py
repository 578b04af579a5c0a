"""The dictionary: each different text of the columns that are read by their texts, with what it means.

Texts repeat (a year of events has 366 dates), so each is read once, however many rows bear it. All of them stand in one table `work.dict` with the
columns `place`, `text`, `state` and the values; `place` tells columns apart, except that dates, which mean the same everywhere, share the place `DATES`. Its
`state` is 0 for a text that is empty, 1 for a legible one; what else it may be, `PROBLEMS` says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from json import dumps
from typing import TYPE_CHECKING

from mofan_rules.facts import reading
from mofan_rules.facts.cells import Cell
from mofan_rules.facts.mapping import IGNORED
from mofan_rules.facts.sources import load_columns
from mofan_rules.schema import Attribute, Table

if TYPE_CHECKING:
    import duckdb

LARGEST_INTEGER = 10**15
LARGEST_NUMBER = 10**12
DATES = 0

PROBLEMS: dict[Cell, dict[int, str]] = {
    Cell.TEXT: {2: "bad_text", 3: "bad_value"},
    Cell.ORGANIZATION: {2: "dangling_reference"},
    Cell.KIND: {2: "unknown_kind", 3: "ignored"},
    Cell.DATE: {2: "bad_date", 3: "date_out_of_range"},
    Cell.PERIOD: {2: "bad_period", 3: "date_out_of_range"},
    Cell.BOOLEAN: {2: "bad_boolean"},
    Cell.HELD: {2: "bad_value"},
    Cell.INTEGER: {2: "bad_integer", 3: "out_of_range"},
    Cell.NUMBER: {2: "bad_number", 3: "out_of_range"},
    Cell.ITEMS: {2: "bad_text"},
}
"""The rejection code of each state above 1."""

VALUES: dict[Cell, str] = {
    Cell.KIND: "word",
    Cell.HELD: "word",
    Cell.BOOLEAN: "flag",
    Cell.INTEGER: "whole",
    Cell.NUMBER: "exact",
    Cell.ITEMS: "items",
}
"""The value column of each kind of cell; of dates and periods there are two, `low` and `high`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose cells are read by the dictionary.

    `canonical`: for kinds, the canonical name of each known one. `attribute`: for an attribute, its bounds.
    """

    table: Table
    name: str
    cell: Cell
    canonical: Mapping[str, str] = field(default_factory=dict)
    attribute: Attribute | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What one text means: its state, and the value in the place that its cell has (`VALUES`; of dates and periods `low` and `high`)."""

    state: int
    word: str | None = None
    flag: bool | None = None
    whole: int | None = None
    low: date | None = None
    high: date | None = None


class Dictionary:
    """What the texts of some columns mean, and in which column they stand."""

    def __init__(self) -> None:
        self._places: dict[tuple[Table, str], int] = {}
        self._entries: dict[int, dict[str, Entry]] = {DATES: {}}
        self._cells: dict[int, Cell] = {DATES: Cell.DATE}
        self._blank: set[tuple[Table, str]] = set()
        self._words: dict[tuple[Table, str], set[str]] = {}
        self.styles: dict[str, dict[str, str]] = {}
        """Of each date column (`events.date`) the ways in which dates were written, each with the least text that is an example."""

    def place(self, table: Table, column: str) -> int:
        """The place of a column that was read."""
        return self._places[table, column]

    def is_blank(self, table: Table, column: str) -> bool:
        """Has a column no text at all?"""
        return (table, column) in self._blank

    def words(self, table: Table, column: str) -> set[str]:
        """The different values of a column of kinds or words."""
        if (table, column) in self._words:
            return self._words[table, column]
        place = self._places.get((table, column))
        return {entry.word for entry in self._entries[place].values() if entry.word is not None} if place is not None else set()

    def spellings(self, table: Table, column: str, words: Collection[str]) -> tuple[str, ...]:
        """The texts of a column of kinds that mean one of some words."""
        return tuple(text for text, entry in self._entries[self._places[table, column]].items() if entry.word in words)

    def read(self, column: Column, texts: Iterable[str]) -> None:
        """Read the texts that occur in a column; of one of plain text they are only remembered."""
        place = DATES if column.cell is Cell.DATE else len(self._cells)
        self._places[column.table, column.name] = place
        self._cells[place] = column.cell
        texts = list(texts)
        if not texts:
            self._blank.add((column.table, column.name))
        if column.cell is Cell.TEXT:
            self._entries[place] = {}
            self._words[column.table, column.name] = {word for text in texts if (word := reading.normal(text)) is not None}
            return
        if column.cell is Cell.DATE:
            self._dates(f"{column.table.value}.{column.name}", texts)
            return
        self._entries[place] = {text: read_text(column, text) for text in texts}

    def _dates(self, place: str, texts: Iterable[str]) -> None:
        known = self._entries[DATES]
        examples: dict[str, str] = {}
        for text in texts:
            plain = reading.plain(text)
            days = reading.day(plain) if plain else None
            if text not in known:
                known[text] = _span(plain, days)
            if days is not None and days.style and days.in_range and text < examples.get(days.style, chr(0x10FFFF)):
                examples[days.style] = text
        self.styles[place] = examples

    def load(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Create `work.dict`."""
        places, texts, entries = self._laid_out()
        columns: dict[str, Sequence[object]] = {
            "place": places,
            "text": texts,
            "state": [one.state for one in entries],
            "low": [one.low for one in entries],
            "high": [one.high for one in entries],
            "word": [one.word for one in entries],
            "flag": [one.flag for one in entries],
            "whole": [one.whole for one in entries],
        }
        types = {"place": "INTEGER", "state": "UTINYINT", "low": "DATE", "high": "DATE", "flag": "BOOLEAN", "whole": "BIGINT"}
        more = ""
        if numbers := [place for place, cell in self._cells.items() if cell is Cell.NUMBER]:
            more += f", CASE WHEN place IN ({', '.join(map(str, numbers))}) THEN word::DECIMAL(24, 6) END AS exact"
        if lists := [place for place, cell in self._cells.items() if cell is Cell.ITEMS]:
            more += f""", CASE WHEN place IN ({", ".join(map(str, lists))}) THEN from_json(word, '["VARCHAR"]') END AS items"""
        load_columns(connection, "work.dict", columns, len(entries), types, more)

    def _laid_out(self) -> tuple[list[int], list[str], list[Entry]]:
        places: list[int] = []
        texts: list[str] = []
        entries: list[Entry] = []
        for place, found in self._entries.items():
            places += [place] * len(found)
            texts += found
            entries += found.values()
        return places, texts, entries


def _span(plain: str | None, days: reading.Days | None) -> Entry:
    if plain is None or days is None:
        return Entry(0 if plain is None else 2)
    return Entry(1, low=days.low, high=days.high) if days.in_range else Entry(3)


def read_text(column: Column, text: str) -> Entry:
    """What a text means in a column that is read by the dictionary."""
    cell = column.cell
    found = reading.normal(text) if cell in (Cell.KIND, Cell.ITEMS) else reading.plain(text)
    if found is None:
        return Entry(0)
    match cell:
        case Cell.KIND:
            if found.startswith(IGNORED):
                return Entry(3)
            return _known(column.canonical.get(found))
        case Cell.HELD:
            return _known(reading.held(found))
        case Cell.ITEMS:
            return _known(dumps(reading.listed(found), ensure_ascii=False) if len(found) <= reading.LONGEST_TEXT else None)
        case Cell.BOOLEAN:
            truth = reading.truth(found)
            return Entry(2 if truth is None else 1, flag=truth)
        case Cell.PERIOD:
            return _span(found, reading.period(found))
        case Cell.INTEGER:
            return _number(reading.whole(found), LARGEST_INTEGER, *_bounds(column))
        case Cell.NUMBER:
            return _number(reading.exact(found), LARGEST_NUMBER, *_bounds(column))
        case Cell.DATE:
            return _span(found, reading.day(found))
        case Cell.TEXT | Cell.ID | Cell.ORGANIZATION:
            raise AssertionError(f"{cell} is not read here")


def _known(word: str | None) -> Entry:
    return Entry(2 if word is None else 1, word=word)


def _bounds(column: Column) -> tuple[Fraction | None, Fraction | None]:
    if column.attribute is not None:
        return column.attribute.minimum, column.attribute.maximum
    return (Fraction(0) if column.cell is Cell.INTEGER else None), None


def _number(value: int | Decimal | None, limit: int, minimum: Fraction | None, maximum: Fraction | None) -> Entry:
    if value is None:
        return Entry(2)
    number = Fraction(value)
    if abs(number) >= limit or (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
        return Entry(3)
    return Entry(1, word=f"{value:f}") if isinstance(value, Decimal) else Entry(1, whole=value)

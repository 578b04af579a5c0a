"""How one column is read: the SQL of its state, its value and its content, over the cells of a table (`v`) and what is joined to them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mofan_rules.facts.cells import Cell
from mofan_rules.facts.dictionaries import LARGEST_INTEGER, VALUES, Column, Dictionary
from mofan_rules.facts.names import attribute_of
from mofan_rules.facts.packing import Slot
from mofan_rules.facts.reading import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT
from mofan_rules.facts.sql import clean, day_text, name, texts
from mofan_rules.facts.text_tables import TextTable
from mofan_rules.schema import KIND_COLUMN, Attribute, Table, Vocabulary

if TYPE_CHECKING:
    import duckdb

EVER = "DATE '0001-01-01'"
NEVER = "DATE '9999-12-31'"
RESERVED_RELATIONS = ("part_of", "continues")

DIRECT = (Cell.TEXT, Cell.ID, Cell.ORGANIZATION)
"""Cells that the dictionary does not read: their texts are their values."""

SQL_TYPES: dict[Cell, str] = {
    Cell.ID: "VARCHAR",
    Cell.TEXT: "VARCHAR",
    Cell.ORGANIZATION: "INTEGER",
    Cell.KIND: "VARCHAR",
    Cell.DATE: "DATE",
    Cell.PERIOD: "DATE",
    Cell.BOOLEAN: "BOOLEAN",
    Cell.HELD: "VARCHAR",
    Cell.INTEGER: "BIGINT",
    Cell.NUMBER: "DECIMAL(24,6)",
    Cell.ITEMS: "VARCHAR[]",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The SQL of a column.

    `state`: 0 empty, 1 legible, above that what `dictionaries.PROBLEMS` says; never null. `states` are those that it can have. `value`: of dates `low` and
    `high` instead. `content`: what a legible cell says, however it was spelled, where that is neither. `guarded`: whether there may be a value although the
    cell is not legible. `join`: what the table must be joined with.
    """

    state: str
    states: frozenset[int]
    value: str = ""
    low: str = ""
    high: str = ""
    content: str = ""
    guarded: bool = False
    join: str = ""

    def columns(self, column: str) -> list[str]:
        """The columns that compute it; `named` refers to them."""
        parts = {"s_": self.state, "x_": self.value, "l_": self.low, "h_": self.high, "c_": self.content}
        return [f"{sql} AS {name(prefix + column)}" for prefix, sql in parts.items() if sql]

    def named(self, column: str) -> "Reading":
        """The same, once its `columns` are computed."""

        def call(prefix: str, sql: str) -> str:
            return name(prefix + column) if sql else ""

        low, high, value = call("l_", self.low), call("h_", self.high), call("x_", self.value)
        content = call("c_", self.content) or (f"{value}::VARCHAR" if value else f"{low}::VARCHAR || '..' || {high}::VARCHAR")
        return Reading(name("s_" + column), self.states, value, low, high, content, self.guarded)


def canonical_kinds(table: Table, vocabulary: Vocabulary) -> dict[str, str]:
    """The canonical name of each kind of a table; `part_of` and `continues` are always there."""
    known = vocabulary.canonical(table)
    return known | {reserved: reserved for reserved in RESERVED_RELATIONS} if table is Table.RELATIONS else known


def column_of(table: Table, column: str, cell: Cell, vocabulary: Vocabulary) -> Column:
    """A column as the dictionary reads it."""
    return Column(table, column, cell, canonical_kinds(table, vocabulary) if cell is Cell.KIND else {}, attribute_of(column, vocabulary))


def read_column(table: Table, column: str, cell: Cell, given: TextTable, dictionary: Dictionary, vocabulary: Vocabulary) -> Reading:
    """The reading of a column: by its SQL type where it has one, by its text else."""
    written = "v." + name(column)
    native = given.native.get(column)
    attribute = attribute_of(column, vocabulary)
    if native is not None:
        return _native(cell, written, attribute)
    if cell is Cell.ORGANIZATION:
        return _organization(column)
    if cell in DIRECT:
        allowed = f" WHEN {{cleaned}} NOT IN {texts(attribute.values)} THEN 3" if attribute and attribute.values else ""
        return _text(column, allowed)
    if dictionary.is_blank(table, column):
        return _nothing(cell)
    return _by_dictionary(cell, column, str(dictionary.place(table, column)), written)


def read_slot(table: Table, slot: Slot, dictionary: Dictionary) -> Reading:
    """The reading of a slot: as that of each of its attributes would be in a row that has it."""
    kind = "v." + name(KIND_COLUMN[table])
    written = "v." + name(slot.name)
    if slot.native is not None:
        return _native(slot.cell, written, slot.members[0].attribute)
    if slot.cell is Cell.ORGANIZATION:
        return _organization(slot.name)
    if slot.cell is Cell.TEXT:
        limited = [member for member in slot.members if member.attribute.values and member.written]
        allowed = [f" WHEN {kind} IN {texts(one.written)} AND {{cleaned}} NOT IN {texts(one.attribute.values)} THEN 3" for one in limited]
        return _text(slot.name, "".join(allowed))
    places = {one.column: str(dictionary.place(table, one.column)) for one in slot.members}
    return _by_dictionary(slot.cell, slot.name, slot.chosen(kind, places), written)


@dataclass(frozen=True, slots=True)
class Texts:
    """The different texts of those columns of a table that the dictionary reads. `identified`: whether each row has an id."""

    given: TextTable
    columns: Mapping[str, Collection[str]]
    identified: bool


def find_texts(connection: "duckdb.DuckDBPyConnection", given: TextTable, types: Mapping[str, Cell]) -> Texts:
    """Look through the cells of a table for the different texts of its columns; of a date column they stand without the time of day."""
    columns = [column for column in given.columns if (types[column] not in DIRECT or column == "requirement") and column not in given.native]
    keys = [f"list(DISTINCT {day_text(name(column)) if types[column] is Cell.DATE else name(column)})" for column in columns]
    named = f"bool_and({clean('id')} IS NOT NULL)" if "id" in given.columns else "false"
    [(identified, *row)] = connection.execute(f"SELECT {', '.join((named, *keys))} FROM {given.cells}").fetchall()
    found = {column: [one for one in texts_found or () if one is not None] for column, texts_found in zip(columns, row, strict=True)}
    return Texts(given, found, bool(identified))


def read_texts(connection: "duckdb.DuckDBPyConnection", found: Texts, types: Mapping[str, Cell], vocabulary: Vocabulary, dictionary: Dictionary) -> None:
    """Let the dictionary read the different texts of a table's columns."""
    given = found.given
    for column, written in found.columns.items():
        dictionary.read(column_of(given.table, column, types[column], vocabulary), written)
        styles = dictionary.styles.get(f"{given.table.value}.{column}", {})
        if "time" in styles:  # read without its time of day: an example is to show it
            [(styles["time"],)] = connection.execute(f"SELECT min({name(column)}) FROM {given.cells} WHERE contains({name(column)}, ':')").fetchall()


def cleaned_cells(given: TextTable, types: Mapping[str, Cell]) -> str:
    """The cells of a table with, besides, the cleaned text `k_<column>` of each column that is its text."""
    texts_only = [column for column in given.columns if types[column] in DIRECT]
    cleaned = "".join(f", {clean(name(column))} AS {name('k_' + column)}" for column in texts_only)
    return f"(SELECT *{cleaned} FROM {given.cells})"


def _text(column: str, forbidden: str) -> Reading:
    """`forbidden`: the SQL of further cases of its state, over `{cleaned}`."""
    cleaned = "v." + name("k_" + column)
    allowed = forbidden.replace("{cleaned}", cleaned)
    long = f"strlen({cleaned}) > {LONGEST_TEXT} AND length({cleaned}) > {LONGEST_TEXT}"
    state = f"CASE WHEN {cleaned} IS NULL THEN 0 WHEN {long} THEN 2{allowed} ELSE 1 END"
    return Reading(state, frozenset({2, 3} if allowed else {2}), cleaned, content=cleaned, guarded=True)


def _organization(column: str) -> Reading:
    cleaned = "v." + name("k_" + column)
    alias = name("i_" + column)
    state = f"CASE WHEN {alias}.number IS NOT NULL THEN 1 WHEN {cleaned} IS NULL THEN 0 ELSE 2 END"
    join = f"LEFT JOIN work.ids {alias} ON {alias}.id = {cleaned}"
    return Reading(state, frozenset({2}), f"{alias}.number", content=cleaned, join=join)


def _nothing(cell: Cell) -> Reading:
    """A column without any text."""
    nothing = f"NULL::{SQL_TYPES[cell]}"
    return Reading("0", frozenset(), nothing) if cell in VALUES else Reading("0", frozenset(), low=nothing, high=nothing)


def _by_dictionary(cell: Cell, column: str, place: str, written: str) -> Reading:
    """`place`: the SQL of the column's place in the dictionary."""
    alias = name("d_" + column)
    key = day_text(written) if cell is Cell.DATE else written
    join = f"LEFT JOIN work.dict {alias} ON {alias}.place = {place} AND {alias}.text = {key}"
    state = f"coalesce({alias}.state, 0)"
    if cell not in VALUES:
        return Reading(state, frozenset({2, 3}), low=f"{alias}.low", high=f"{alias}.high", join=join)
    return Reading(state, frozenset({2, 3}), f"{alias}.{VALUES[cell]}", join=join)


def _native(cell: Cell, written: str, attribute: Attribute | None) -> Reading:
    """A column that has the SQL type of its cells: it is taken as it is."""
    if cell is Cell.DATE:
        possible = f"{written} BETWEEN DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31'"
        state = f"CASE WHEN {written} IS NULL THEN 0 WHEN {possible} THEN 1 ELSE 3 END"
        day = f"CASE WHEN {possible} THEN {written} END"
        return Reading(state, frozenset({3}), low=day, high=day)
    if cell is Cell.BOOLEAN:
        return Reading(f"({written} IS NOT NULL)::INTEGER", frozenset(), written)
    minimum, maximum = (attribute.minimum, attribute.maximum) if attribute else (Fraction(0), None)
    limits = [f"{written}::HUGEINT * {bound.denominator} {sign} {bound.numerator}" for bound, sign in ((minimum, ">="), (maximum, "<=")) if bound is not None]
    limits.append(f"{written} BETWEEN {1 - LARGEST_INTEGER} AND {LARGEST_INTEGER - 1}")
    state = f"CASE WHEN {written} IS NULL THEN 0 WHEN {' AND '.join(limits)} THEN 1 ELSE 3 END"
    return Reading(state, frozenset({3}), written, guarded=True)

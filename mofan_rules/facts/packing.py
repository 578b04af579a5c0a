"""Packing: attributes that no row can have together share one column of a large table.

An attribute belongs to kinds, and a row has one kind; of thirty attributes of events a row has two or three. Laid out one beside the other they are mostly
empty cells, which cost as much memory and time as full ones. `Slot` is such a shared column; whoever reads a table sees the attributes under their own names
(a view), not the slots.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from mofan_rules.facts.cells import Cell
from mofan_rules.facts.dictionaries import Dictionary
from mofan_rules.facts.names import attribute_of, kinds_having
from mofan_rules.facts.sql import name, text, texts
from mofan_rules.facts.text_tables import TextTable
from mofan_rules.schema import KIND_COLUMN, Attribute, Table, Vocabulary

_T = TypeVar("_T")

PACKED = (Table.EVENTS, Table.TENURES, Table.EVIDENCE)
"""The tables that may be packed: those with kinds whose rows are not looked for by their attributes while they are admitted."""
PACKABLE = (Cell.TEXT, Cell.ORGANIZATION, Cell.BOOLEAN, Cell.INTEGER, Cell.NUMBER, Cell.ITEMS)
"""Not dates: an empty one says something."""


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute in a slot: its column, the kinds that have it, and how these were written."""

    column: str
    attribute: Attribute
    kinds: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A column that several attributes share. `native`: its SQL type, if its cells are not text."""

    name: str
    cell: Cell
    native: str | None
    members: tuple[Member, ...]

    def chosen(self, kind: str, values: Mapping[str, str]) -> str:
        """The SQL of what each row has of the members' `values` (by their columns), if it has any.

        Parameters
        ----------
        kind: the SQL of the row's kind as written.
        """
        cases = [f"WHEN {text(one)} THEN {values[member.column]}" for member in self.members for one in member.written]
        return f"CASE {kind} {' '.join(cases)} END" if cases else "NULL"


@dataclass(frozen=True, slots=True)
class Packing:
    """How the attributes of a table are laid out: in `slots`; `absent` are those that no row has, which are not laid out at all."""

    slots: tuple[Slot, ...] = ()
    absent: tuple[str, ...] = ()

    def stored(self, columns: Mapping[str, _T]) -> dict[str, _T]:
        """What is said of each column of a table, said of the columns that it has when it is packed."""
        gone = {*self.absent, *(member.column for slot in self.slots for member in slot.members)}
        return {column: said for column, said in columns.items() if column not in gone} | {slot.name: columns[slot.members[0].column] for slot in self.slots}

    def cells(self, given: TextTable) -> TextTable:
        """The cells of a table with the slots in the places of their attributes."""
        if not self.slots:
            return given
        kind = name(KIND_COLUMN[given.table])
        inside = {member.column for slot in self.slots for member in slot.members}
        kept = [column for column in given.columns if column not in inside]
        shared = [(slot, slot.chosen(kind, {one.column: name(one.column) for one in slot.members})) for slot in self.slots]
        chosen = [f"({sql})::{slot.native or 'VARCHAR'} AS {name(slot.name)}" for slot, sql in shared]
        cells = f"(SELECT src, rec, {', '.join([*map(name, kept), *chosen])} FROM {given.cells})"
        native = {column: kind for column, kind in given.native.items() if column not in inside}
        native |= {slot.name: slot.native for slot in self.slots if slot.native is not None}
        return TextTable(given.table, (*kept, *(slot.name for slot in self.slots)), cells, native)

    def shown(self, table: Table) -> dict[str, str]:
        """The SQL of each attribute over a table that is packed."""
        kind = name(KIND_COLUMN[table])
        found = {member.column: f"CASE WHEN {kind} IN {texts(member.kinds)} THEN {name(slot.name)} END" for slot in self.slots for member in slot.members}
        return found | dict.fromkeys(self.absent, "NULL")


def pack(given: TextTable, types: Mapping[str, Cell], vocabulary: Vocabulary, dictionary: Dictionary) -> Packing:
    """Each attribute in the first slot that its kinds leave free.

    Parameters
    ----------
    types: the cell type of each column that the table may have.
    dictionary: it has read the texts of the table.
    """
    table = given.table
    if table not in PACKED or KIND_COLUMN[table] not in given.columns:
        return Packing()
    absent = tuple(column for column in types if column not in given.columns and attribute_of(column, vocabulary) and types[column] in PACKABLE)
    kinds = dictionary.words(table, KIND_COLUMN[table])
    groups: dict[tuple[Cell, str | None, Fraction | None, Fraction | None], list[list[Member]]] = {}
    for column in given.columns:
        attribute = attribute_of(column, vocabulary)
        if attribute is None or not attribute.kinds or types[column] not in PACKABLE:
            continue
        family = kinds_having(attribute, vocabulary) & kinds
        member = Member(column, attribute, tuple(sorted(family)), dictionary.spellings(table, KIND_COLUMN[table], family))
        native = given.native.get(column)
        bounds = (attribute.minimum, attribute.maximum) if native is not None else (None, None)  # those of texts are looked at one by one
        _place(groups.setdefault((types[column], native, *bounds), []), member)
    found = [(cell, native, members) for (cell, native, *_), slots in groups.items() for members in slots]
    return Packing(tuple(Slot(f"p_{number}", cell, native, tuple(members)) for number, (cell, native, members) in enumerate(found)), absent)


def _place(slots: list[list[Member]], member: Member) -> None:
    for slot in slots:
        if not any(set(member.kinds) & set(other.kinds) for other in slot):
            slot.append(member)
            return
    slots.append([member])

"""Admitted facts as plain Python rows, read by owner: what a subject needs is read when it is asked for, or all at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.schema import Table, Vocabulary
from mofan_rules.values.dates import UNKNOWN_DAY, Day

Cell = bool | Fraction | int | str | date | Day | tuple[str, ...] | None
"""A cell: dates are a `Day`, organizations their number (`int`), all other numbers a `Fraction`; `None` is missing."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One admitted row. `id` is empty where the row has none. Rows are compared by identity."""

    table: Table
    number: int
    certain: bool
    id: str
    cells: Mapping[str, Cell] = field(repr=False)

    def day(self, column: str) -> Day:
        """The date in a column."""
        value = self.cells[column]
        assert isinstance(value, Day)
        return value


def cell(value: object, organization: bool) -> Cell:
    """A value as DuckDB hands it over, as a cell."""
    match value:
        case bool() | None | str() | date():
            return value
        case int():
            return value if organization else Fraction(value)
        case Decimal():
            return Fraction(value)
        case list() | tuple():
            return tuple(str(item) for item in value)
        case _:
            raise TypeError(f"no cell of a fact table holds a {type(value).__name__}")


class Reader:
    """Turns the tuples of one admitted table into rows."""

    def __init__(self, facts: AdmittedFacts, table: Table) -> None:
        described = facts.connection.execute(f'DESCRIBE facts."{table.value}"').fetchall()
        self.table = table
        self.columns = [str(row[0]) for row in described]
        self.organizations = {str(row[0]) for row in described if str(row[1]) == "INTEGER" and row[0] != "row"}

    def row(self, values: tuple[object, ...]) -> Row:
        """One row; `x_low` and `x_high` become the one cell `x`."""
        plain = dict(zip(self.columns, values, strict=True))
        cells: dict[str, Cell] = {}
        for column, value in plain.items():
            if column.endswith("_low") and column[:-4] + "_high" in plain:
                high = plain[column[:-4] + "_high"]
                cells[column[:-4]] = Day(value, high) if isinstance(value, date) and isinstance(high, date) else None
            elif not (column.endswith("_high") and column[:-5] + "_low" in plain):
                cells[column] = cell(value, column in self.organizations)
        number = plain["row"]
        assert isinstance(number, int)
        return Row(self.table, number, plain.get("certain") is not False, str(plain.get("id") or ""), cells)

    def blank(self) -> Row:
        """A row of which nothing is known but that it belongs to no other period than that of its date."""
        cells: dict[str, Cell] = {}
        for column in self.columns:
            if column.endswith("_low") and column[:-4] + "_high" in self.columns:
                cells[column[:-4]] = None if column == "belongs_to_low" else UNKNOWN_DAY
            elif not (column.endswith("_high") and column[:-5] + "_low" in self.columns):
                cells[column] = None
        return Row(self.table, 0, False, "", cells)


SMALL = 20_000
"""A table of up to so many rows is read at once, whatever is asked for."""

OWNERS: tuple[tuple[Table, str], ...] = (
    (Table.ORGANIZATIONS, "organization"),
    (Table.RELATIONS, "source"),
    (Table.RELATIONS, "target"),
    (Table.EVENTS, "organization"),
    (Table.TENURES, "organization"),
    (Table.EVIDENCE, "organization"),
    (Table.WAIVERS, "organization"),
)
"""The columns by which rows are mostly asked for."""


class Facts:
    """The rows of all tables, by the organization in a column.

    Parameters
    ----------
    whole: read each table once, entirely; else ask the database for the rows of each organization when they are needed (of small tables, for all).
    """

    def __init__(self, admitted: AdmittedFacts, whole: bool) -> None:
        self.connection = admitted.connection
        self.vocabulary: Vocabulary = admitted.vocabulary
        self.subjects = admitted.subjects()
        self.numbers = self._numbers()
        self.readers = {table: Reader(admitted, table) for table in Table}
        self._whole = whole
        self._small: dict[Table, bool] = {}
        self._tables: dict[Table, tuple[Row, ...]] = {}
        self._owned: dict[tuple[Table, str], dict[int | None, tuple[Row, ...]]] = {}

    def _numbers(self) -> dict[str, int]:
        versions = self.connection.execute(
            "SELECT id, organization FROM facts.organizations WHERE id IS NOT NULL AND organization IS NOT NULL ORDER BY row DESC"
        ).fetchall()
        return {str(name): int(number) for name, number in versions} | {name: number for number, name in enumerate(self.subjects)}

    def table(self, table: Table) -> tuple[Row, ...]:
        """All rows of a table."""
        return self._admitted(table)

    def _admitted(self, table: Table) -> tuple[Row, ...]:
        if table not in self._tables:
            self._tables[table] = self._read(table, "true", [])
        return self._tables[table]

    def blank(self, table: Table) -> Row:
        """A row of the table of which nothing is known."""
        return self.readers[table].blank()

    def owned(self, table: Table, column: str, organization: int) -> tuple[Row, ...]:
        """The rows that hold the organization in this column, and those that hold nothing there (they may hold it)."""
        return self.holding(table, column, organization) + self.holding(table, column, None)

    def owned_of(self, table: Table, column: str, organization: int, kinds: frozenset[str] | None) -> tuple[Row, ...]:
        """The same, but none that is surely of no such kind."""
        return self.owned(table, column, organization)

    def gather(self, organizations: Iterable[int]) -> None:
        """Reads the rows of many organizations at once, because they will all be needed."""
        wanted = sorted(organizations)
        for table, column in OWNERS:
            if not self._at_once(table):
                found = _grouped(self._read(table, f'list_contains(?, "{column}")', [wanted]), column)
                self._owned.setdefault((table, column), {}).update({organization: found.get(organization, ()) for organization in wanted})

    def holding(self, table: Table, column: str, organization: int | None) -> tuple[Row, ...]:
        """The rows that hold the organization, or nothing, in this column."""
        known = self._owned.get((table, column))
        if known is None:
            known = self._owned[table, column] = _grouped(self._admitted(table), column) if self._at_once(table) else {}
        if organization not in known and not self._at_once(table):
            known[organization] = self._read(table, f'"{column}" IS NOT DISTINCT FROM ?', [organization])
        return known.get(organization, ())

    def _at_once(self, table: Table) -> bool:
        if table not in self._small:
            counted = self.connection.execute(f'SELECT count(*) FROM facts."{table.value}"').fetchone()
            self._small[table] = self._whole or (counted is not None and counted[0] <= SMALL)
        return self._small[table]

    def _read(self, table: Table, condition: str, values: list[object]) -> tuple[Row, ...]:
        query = f'SELECT * FROM facts."{table.value}" WHERE {condition} ORDER BY "row"'
        reader = self.readers[table]
        return tuple(reader.row(found) for found in self.connection.execute(query, values).fetchall())


def _grouped(rows: Iterable[Row], column: str) -> dict[int | None, tuple[Row, ...]]:
    groups: dict[int | None, list[Row]] = {}
    for row in rows:
        owner = row.cells[column]
        assert owner is None or isinstance(owner, int)
        groups.setdefault(owner, []).append(row)
    return {owner: tuple(found) for owner, found in groups.items()}

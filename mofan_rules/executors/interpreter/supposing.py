"""Facts as they are, watched for what is unknown in them, and facts as they might be if some of that were known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mofan_rules.executors.interpreter.facts import Cell, Facts, Row
from mofan_rules.executors.interpreter.feeds import Gap
from mofan_rules.schema import Table
from mofan_rules.values.dates import Day

KNOWN_WHEN_EMPTY = frozenset({"id", "belongs_to", "holder"})
"""Columns in which an empty cell of an admitted row says something."""


@dataclass(frozen=True, slots=True)
class CellFact:
    """A cell of an admitted row that is missing or known in part."""

    table: Table
    number: int
    column: str


@dataclass(frozen=True, slots=True)
class RowFact:
    """A row that was not admitted."""

    table: Table
    number: int


@dataclass(frozen=True, slots=True)
class GapFact:
    """A gap in the feeds."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class ParameterFact:
    """A parameter without a value."""

    name: str


@dataclass(frozen=True, slots=True)
class PartFact:
    """A part of a tally whose verdict is unknown: a verdict by requirement, subject, window and key."""

    requirement: str
    subject: int
    window: tuple[object, ...]


OpenFact = CellFact | RowFact | GapFact | ParameterFact | PartFact


@dataclass(slots=True)
class Log:
    """What was met while a verdict was computed: open cells of admitted rows, and the cells that were read of rows that are not."""

    rows: dict[tuple[Table, int], Row] = field(default_factory=dict)
    cells: set[CellFact] = field(default_factory=set)
    uncertain: dict[RowFact, set[str]] = field(default_factory=dict)


def is_open(value: Cell, column: str) -> bool:
    """Is the cell of an admitted row missing or known in part?"""
    if isinstance(value, Day):
        return not value.exact
    return (value is None and column not in KNOWN_WHEN_EMPTY) or (column == "held" and value == "unclear")


class Watched(Mapping[str, Cell]):
    """The cells of a row; what is unknown of it is noted when it is read."""

    def __init__(self, row: Row, log: Log) -> None:
        self.row = row
        self.log = log

    def __getitem__(self, column: str) -> Cell:
        value = self.row.cells[column]
        row, log = self.row, self.log
        if not row.certain:
            log.rows[row.table, row.number] = row
            log.uncertain.setdefault(RowFact(row.table, row.number), set()).add(column)
        elif is_open(value, column):
            log.rows[row.table, row.number] = row
            log.cells.add(CellFact(row.table, row.number, column))
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.row.cells)

    def __len__(self) -> int:
        return len(self.row.cells)


Changes = Mapping[tuple[Table, int], Row | None]
"""Rows in the place of others; `None`: the row is withdrawn."""


class Supposed(Facts):
    """The facts with some rows changed, all of them watched, and some added. What was read of the facts themselves is shared."""

    def __init__(self, actual: Facts, changes: Changes, log: Log, added: Sequence[Row] = ()) -> None:
        self.actual = actual
        self.changes = changes
        self.log = log
        self.added = added
        self.connection = actual.connection
        self.vocabulary = actual.vocabulary
        self.subjects = actual.subjects
        self.numbers = actual.numbers

    def table(self, table: Table) -> tuple[Row, ...]:
        """All rows of a table, as they are (only feeds are read in this way)."""
        return self.actual.table(table)

    def owned(self, table: Table, column: str, organization: int) -> tuple[Row, ...]:
        """The rows that hold, or may hold, the organization in this column."""
        rows = self._seen(self.actual.owned(table, column, organization))
        found = [row for row in rows if not isinstance(row.cells, Watched) or row.cells.row.cells[column] in (None, organization)]
        return (*found, *(row for row in self.added if row.table is table and row.cells[column] == organization))

    def _seen(self, rows: tuple[Row, ...]) -> Iterator[Row]:
        for row in rows:
            found = self.changes.get((row.table, row.number), row)
            if found is not None:
                yield Row(found.table, found.number, found.certain, found.id, Watched(found, self.log))

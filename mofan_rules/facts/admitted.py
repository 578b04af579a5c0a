"""What admission hands to executors: typed tables in DuckDB, laid out as `schema.tables.ADMITTED` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mofan_rules.facts.summary import Summary
from mofan_rules.schema import Table, Vocabulary

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class AdmittedFacts:
    """The facts as they count on a known-at date.

    `connection` has a schema `facts` with one table (of a large one a view) for each fact table (`facts.events` …), `facts.subjects` (number, id),
    `facts.ids` (every id with its number, those that were continued too) and `facts.rejected` (table, file, line, column, code, reason, reason_en, value,
    decides).
    All eight exist, empty where nothing was supplied.
    Executors create what they need in schemas of their own and leave `facts` as it is.
    """

    connection: "duckdb.DuckDBPyConnection"
    vocabulary: Vocabulary
    known_at: date | None = None
    summary: Summary | None = None
    """What became of the rows read; `None` where the tables were built by hand."""

    def columns(self, table: Table) -> list[str]:
        """The columns of an admitted table, in order."""
        described = self.connection.execute(f'DESCRIBE facts."{table.value}"').fetchall()
        return [str(row[0]) for row in described]

    def rows(self, table: Table) -> Sequence[tuple[object, ...]]:
        """All rows of an admitted table, ordered by `row`."""
        return self.connection.execute(f'SELECT * FROM facts."{table.value}" ORDER BY "row"').fetchall()

    def subjects(self) -> list[str]:
        """The ids of all organizations, by number."""
        return [str(row[0]) for row in self.connection.execute("SELECT id FROM facts.subjects ORDER BY number").fetchall()]

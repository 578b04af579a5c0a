"""What became of the rows: how many of each table were read, admitted, superseded, rejected and why."""

from dataclasses import dataclass, field

from mofan_rules.diagnostics import Bilingual
from mofan_rules.schema import Table


@dataclass(frozen=True, slots=True)
class TableSummary:
    """The account of one table: of the rows that somebody wrote in it. Rows all of whose cells are empty are none.

    `admitted` counts every row in which nothing is wrong: those that count now, and those that are `superseded`, `withdrawn` or recorded
    `later` than the known-at date. `codes` counts the `rejected` rows by reason.
    `derived` (relations only): how many relations the column `parent` of organizations gave besides, and `derived_rejected`: how many of these were
    rejected. They stand in `facts.rejected` too, with the place of the organization's row and the column `parent`.
    """

    table: Table
    supplied: bool
    read: int
    admitted: int
    rejected: int
    superseded: int = 0
    withdrawn: int = 0
    later: int = 0
    derived: int = 0
    derived_rejected: int = 0
    codes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """The account of all tables, and what was assumed in reading them."""

    tables: dict[Table, TableSummary]
    assumptions: tuple[Bilingual, ...] = ()

    @property
    def read(self) -> int:
        return sum(table.read for table in self.tables.values())

    @property
    def admitted(self) -> int:
        return sum(table.admitted for table in self.tables.values())

    @property
    def rejected(self) -> int:
        return sum(table.rejected for table in self.tables.values())

    @property
    def codes(self) -> dict[str, int]:
        """How many rows of all tables were rejected for each reason, the most frequent first."""
        found: dict[str, int] = {}
        for table in self.tables.values():
            for code, count in table.codes.items():
                found[code] = found.get(code, 0) + count
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

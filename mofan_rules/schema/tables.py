"""The eight fact tables: which columns they have as people write them, and how admitted rows look inside.

**As written.** `COLUMNS` names the fixed columns of each table; a ruleset's vocabulary may add attributes.

**As admitted.** `facts` hands executors one DuckDB table for each of the eight (`ADMITTED`), with these conventions:

- An organization is a dense integer, numbered from 0 in the code-point order of the text ids, so that sorting by number sorts by id.
  The table `subjects(number INTEGER, id VARCHAR)` maps back. Two ids joined by `continues` have one number, that of the id that
  continues last.
- Every date `x` is two columns, `x_low` and `x_high`: its earliest and latest possible day, never null. A date of which nothing is known is
  `0001-01-01 .. 9999-12-31`; an open end of a validity is exactly `9999-12-31` (and an open beginning exactly `0001-01-01`).
- `certain` is true for an admitted row, false for a rejected one that could still decide something: such a row can make a quantity larger, never surely.
  On a row that is not certain, null stands for *anything* in `organization`, `kind`, `source`, `target`, `role`, `requirement`, and an illegible date is
  unknown. An admitted row has none of these null.
  The cell for which a row was rejected is null (a date: unknown), in whatever column; of a span that ends before it begins both dates are unknown.
  A row about something that is registered nowhere (an organization, in a waiver a requirement) decides nothing; a waiver that lacks the reason or approval
  it needs is short of a cell, and does.
  An admitted row that a rejected one names in `supersedes` is not certain either: repaired, that one would take its place.
- `row` numbers the rows of a table, those of one id in the order of (kind, place of reading), for explanations and ties. Large tables have gaps in it.
- Corrections, withdrawals, known-at, `continues`, the day-before rule for intervals that meet, and computed attendance have been applied. As-of has not:
  executors do that.
- A missing cell of an attribute or of `held`-like columns is null, except that `held` is `yes` where empty.
- Attribute columns are named `a_<n>` after their place in `Vocabulary.attributes`; a date attribute is `a_<n>_low` and `a_<n>_high`.
  Types: boolean BOOLEAN, integer BIGINT, number DECIMAL(24,6), text VARCHAR, organization INTEGER, items VARCHAR[].
"""

from enum import StrEnum


class Table(StrEnum):
    """The fact tables, by the name of their sheet, file or SQL table."""

    ORGANIZATIONS = "organizations"
    RELATIONS = "relations"
    EVENTS = "events"
    ATTENDANCE = "attendance"
    TENURES = "tenures"
    EVIDENCE = "evidence"
    WAIVERS = "waivers"
    FEEDS = "feeds"


COLUMNS: dict[Table, tuple[str, ...]] = {
    Table.ORGANIZATIONS: ("id", "name", "kind", "parent", "founded_on", "dissolved_on", "valid_from", "valid_until"),
    Table.RELATIONS: ("id", "source", "target", "kind", "valid_from", "valid_until"),
    Table.EVENTS: ("id", "organization", "kind", "date", "belongs_to", "held", "expected", "attended"),
    Table.ATTENDANCE: ("event", "person", "present"),
    Table.TENURES: ("id", "organization", "role", "person", "from_date", "until_date"),
    Table.EVIDENCE: ("id", "organization", "kind", "date", "valid_until", "items", "grade", "assessor"),
    Table.WAIVERS: ("id", "organization", "requirement", "from_date", "until_date", "reason", "approved_by"),
    Table.FEEDS: ("table", "kind", "organization", "from_date", "until_date", "complete"),
}
"""The fixed columns as people write them (SEMANTICS section 1), without `recorded_on`, `supersedes` and `withdrawn`, which every table may carry."""

CORRECTION_COLUMNS = ("recorded_on", "supersedes", "withdrawn")

KIND_COLUMN: dict[Table, str] = {
    Table.ORGANIZATIONS: "kind",
    Table.RELATIONS: "kind",
    Table.EVENTS: "kind",
    Table.TENURES: "role",
    Table.EVIDENCE: "kind",
}
"""The column that holds a row's kind, for the tables that have kinds."""

ADMITTED: dict[Table, dict[str, str]] = {
    Table.ORGANIZATIONS: {
        "row": "INTEGER",
        "certain": "BOOLEAN",
        "id": "VARCHAR",
        "organization": "INTEGER",
        "kind": "VARCHAR",
        "name": "VARCHAR",
        "founded_on_low": "DATE",
        "founded_on_high": "DATE",
        "dissolved_on_low": "DATE",
        "dissolved_on_high": "DATE",
        "valid_from_low": "DATE",
        "valid_from_high": "DATE",
        "valid_until_low": "DATE",
        "valid_until_high": "DATE",
    },
    Table.RELATIONS: {
        "row": "INTEGER",
        "certain": "BOOLEAN",
        "id": "VARCHAR",
        "source": "INTEGER",
        "target": "INTEGER",
        "kind": "VARCHAR",
        "valid_from_low": "DATE",
        "valid_from_high": "DATE",
        "valid_until_low": "DATE",
        "valid_until_high": "DATE",
    },
    Table.EVENTS: {
        "row": "INTEGER",
        "certain": "BOOLEAN",
        "id": "VARCHAR",
        "organization": "INTEGER",
        "kind": "VARCHAR",
        "date_low": "DATE",
        "date_high": "DATE",
        "belongs_to_low": "DATE",
        "belongs_to_high": "DATE",
        "held": "VARCHAR",
        "expected": "BIGINT",
        "attended": "BIGINT",
    },
    Table.ATTENDANCE: {"row": "INTEGER", "certain": "BOOLEAN", "event": "VARCHAR", "person": "VARCHAR", "present": "BOOLEAN"},
    Table.TENURES: {
        "row": "INTEGER",
        "certain": "BOOLEAN",
        "id": "VARCHAR",
        "organization": "INTEGER",
        "role": "VARCHAR",
        "person": "VARCHAR",
        "holder": "INTEGER",
        "from_date_low": "DATE",
        "from_date_high": "DATE",
        "until_date_low": "DATE",
        "until_date_high": "DATE",
    },
    Table.EVIDENCE: {
        "row": "INTEGER",
        "certain": "BOOLEAN",
        "id": "VARCHAR",
        "organization": "INTEGER",
        "kind": "VARCHAR",
        "date_low": "DATE",
        "date_high": "DATE",
        "valid_until_low": "DATE",
        "valid_until_high": "DATE",
        "items": "VARCHAR[]",
        "grade": "VARCHAR",
        "assessor": "VARCHAR",
    },
    Table.WAIVERS: {
        "row": "INTEGER",
        "certain": "BOOLEAN",
        "id": "VARCHAR",
        "organization": "INTEGER",
        "requirement": "VARCHAR",
        "from_date_low": "DATE",
        "from_date_high": "DATE",
        "until_date_low": "DATE",
        "until_date_high": "DATE",
    },
    Table.FEEDS: {
        "row": "INTEGER",
        "id": "VARCHAR",
        "table": "VARCHAR",
        "kind": "VARCHAR",
        "organization": "INTEGER",
        "from_date": "DATE",
        "until_date": "DATE",
        "complete": "BOOLEAN",
    },
}
"""The fixed columns of each admitted table and their DuckDB types.

`organizations`: one row a version; `valid_*` is the span of days on which the version exists, cut to `founded_on` and `dissolved_on` already.
`founded_on` is unknown (`0001-01-01 .. 9999-12-31`) where the cell is empty, although the version then exists since always.
`events.belongs_to`: a span of days; where the cell is empty, null.
`tenures.holder`: the number of the organization that `person` names, where it names one.
`feeds`: plain rows; a null kind or organization is *all*; open ends are `0001-01-01` and `9999-12-31`. A table that was not supplied has
one row here with nulls, open ends and `complete` false (`id` null); the reader adds it. Where `relations` was not supplied but `organizations` has
the column `parent`, a second one (`relations`, kind `part_of`, open ends, `complete` true) says that this relation is given there.
"""

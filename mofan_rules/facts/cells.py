"""What the cells of the fixed columns hold, and which columns a table cannot do without."""

from enum import StrEnum

from mofan_rules.schema import COLUMNS, CORRECTION_COLUMNS, Table, Type


class Cell(StrEnum):
    """How the text of a cell is read."""

    ID = "id"
    TEXT = "text"
    ORGANIZATION = "organization"
    KIND = "kind"
    DATE = "date"
    PERIOD = "period"
    BOOLEAN = "boolean"
    HELD = "held"
    INTEGER = "integer"
    NUMBER = "number"
    ITEMS = "items"


FIXED: dict[str, Cell] = {
    "id": Cell.ID,
    "supersedes": Cell.TEXT,
    "recorded_on": Cell.DATE,
    "withdrawn": Cell.BOOLEAN,
    "name": Cell.TEXT,
    "kind": Cell.KIND,
    "role": Cell.KIND,
    "parent": Cell.TEXT,
    "founded_on": Cell.DATE,
    "dissolved_on": Cell.DATE,
    "valid_from": Cell.DATE,
    "valid_until": Cell.DATE,
    "source": Cell.ORGANIZATION,
    "target": Cell.ORGANIZATION,
    "organization": Cell.ORGANIZATION,
    "date": Cell.DATE,
    "belongs_to": Cell.PERIOD,
    "held": Cell.HELD,
    "expected": Cell.INTEGER,
    "attended": Cell.INTEGER,
    "event": Cell.TEXT,
    "person": Cell.TEXT,
    "present": Cell.BOOLEAN,
    "from_date": Cell.DATE,
    "until_date": Cell.DATE,
    "items": Cell.ITEMS,
    "grade": Cell.TEXT,
    "assessor": Cell.TEXT,
    "requirement": Cell.TEXT,
    "reason": Cell.TEXT,
    "approved_by": Cell.TEXT,
    "table": Cell.TEXT,
    "complete": Cell.BOOLEAN,
}
"""The cell type of each fixed column; a column means the same in every table."""

ATTRIBUTE_CELLS: dict[Type, Cell] = {
    Type.BOOLEAN: Cell.BOOLEAN,
    Type.INTEGER: Cell.INTEGER,
    Type.NUMBER: Cell.NUMBER,
    Type.TEXT: Cell.TEXT,
    Type.DATE: Cell.DATE,
    Type.ORGANIZATION: Cell.ORGANIZATION,
    Type.ITEMS: Cell.ITEMS,
}
"""The cell type of each attribute type."""

ESSENTIAL: dict[Table, tuple[str, ...]] = {
    Table.ORGANIZATIONS: ("id", "kind"),
    Table.RELATIONS: ("source", "target", "kind"),
    Table.EVENTS: ("organization", "kind", "date"),
    Table.ATTENDANCE: ("event", "person"),
    Table.TENURES: ("organization", "role"),
    Table.EVIDENCE: ("organization", "kind"),
    Table.WAIVERS: ("organization", "requirement"),
    Table.FEEDS: ("table", "complete"),
}
"""Columns without which a table cannot be read at all."""

REQUIRED: dict[Table, tuple[str, ...]] = {
    Table.ORGANIZATIONS: ("id", "kind"),
    Table.RELATIONS: ("source", "target", "kind"),
    Table.EVENTS: ("organization", "kind"),
    Table.ATTENDANCE: ("event",),
    Table.TENURES: ("organization", "role"),
    Table.EVIDENCE: ("organization", "kind"),
    Table.WAIVERS: ("organization", "requirement"),
    Table.FEEDS: ("table", "complete"),
}
"""Columns whose cell an admitted row cannot leave empty."""

KEYED = tuple(table for table in Table if table is not Table.ATTENDANCE)


def fixed_columns(table: Table) -> tuple[str, ...]:
    """The columns that a table may have as people write it, with `id` and those of corrections."""
    own = COLUMNS[table]
    return (*(("id",) if "id" not in own else ()), *own, *CORRECTION_COLUMNS)

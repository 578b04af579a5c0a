"""Ways of filling in what an explanation says is unknown, in the facts as people write them."""

import calendar
from collections.abc import Callable

from mofan_rules.verdicts.explanation import Unknown, UnknownKind
from mofan_rules.verdicts.table import Verdict
from tests.checker.questions import Row

Rows = dict[str, list[Row]]
Change = Callable[[Rows], Rows]

VALUES = {
    "held": ("yes", "no"),
    "score": ("0", "10"),
    "size": ("0", "10"),
    "staff": ("0", "10"),
    "full_time": ("yes", "no"),
    "items": ("goal;tasks", "other"),
}


def fillings(unknown: Unknown, rows: Rows, verdict: Verdict) -> list[Change]:
    """The ways that make a difference, each a change of the facts."""
    match unknown.kind:
        case UnknownKind.CELL:
            row = next(row for row in rows[unknown.table] if row["id"] == unknown.id)
            values = VALUES.get(unknown.name) or _days(row.get(unknown.name, ""), verdict)
            return [_with_cells(unknown.table, unknown.id, {unknown.name: value}) for value in values]
        case UnknownKind.ROW:
            row = next(row for row in rows[unknown.table] if row["id"] == unknown.id)
            return [_without(unknown.table, unknown.id), *(_with_cells(unknown.table, unknown.id, cells) for cells in _repairs(row, verdict))]
        case UnknownKind.FEED:
            return [_complete(unknown, None), _complete(unknown, _missing_row(unknown, verdict))]
        case UnknownKind.PARAMETER:
            raise AssertionError("these rulesets have no parameters")


def _with_cells(table: str, identifier: str, cells: Row) -> Change:
    return lambda rows: rows | {table: [row | cells if row["id"] == identifier else row for row in rows[table]]}


def _without(table: str, identifier: str) -> Change:
    """The row should not have been there at all."""
    return lambda rows: rows | {table: [row for row in rows[table] if row["id"] != identifier]}


def _days(partial: str, verdict: Verdict) -> tuple[str, ...]:
    """Days that a date known in part may be: the ends of what it says, and those of the window that lie within."""
    if len(partial) == 7:
        ends = [f"{partial}-01", f"{partial}-{calendar.monthrange(int(partial[:4]), int(partial[5:]))[1]}"]
    elif len(partial) == 4:
        ends = [f"{partial}-01-01", f"{partial}-12-31"]
    else:
        ends = ["2023-06-30", "2025-01-01"]
    window = [str(day) for day in (verdict.window_from, verdict.window_until) if day is not None]
    return tuple(dict.fromkeys([*ends, *(day for day in window if ends[0] <= day <= ends[1])]))


def _repairs(row: Row, verdict: Verdict) -> list[Row]:
    """What a rejected row may have meant to say: nothing of it is open any more."""
    inside = [str(day) for day in (verdict.window_from, verdict.window_until) if day is not None] or ["2024-02-01"]
    days = [*inside, "2023-01-01", "2025-01-01"]
    choices = {"date": days, "from_date": days, "held": VALUES["held"], "score": VALUES["score"], "full_time": VALUES["full_time"], "items": VALUES["items"]}
    repairs: list[Row] = [{}]
    for name, values in choices.items():
        if name in row and _open(name, row[name]):
            repairs = [cells | {name: value} for cells in repairs for value in values]
    return repairs


def _open(name: str, cell: str) -> bool:
    """Is the cell illegible, missing or unclear?"""
    if name == "held":
        return cell == "unclear"
    return cell in ("", "11", "2024-02-31") or (name != "score" and len(cell) < 10)


def _complete(unknown: Unknown, row: Row | None) -> Change:
    """The feeds of that table that say of the organization and kind that they are incomplete say the opposite; perhaps a row turns up."""

    def change(rows: Rows) -> Rows:
        feeds = [
            feed | {"complete": "yes"}
            if feed["table"] == unknown.table and feed["organization"] == unknown.organization and (feed["kind"] == unknown.name or not unknown.name)
            else feed
            for feed in rows["feeds"]
        ]
        added = [*rows[unknown.table], row] if row is not None else rows[unknown.table]
        return rows | {"feeds": feeds, unknown.table: added}

    return change


def _missing_row(unknown: Unknown, verdict: Verdict) -> Row:
    """A row that was missing: of that organization and kind, on the first day of the gap, and such as the requirement counts."""
    day = str(max(day for day in (unknown.first, verdict.window_from) if day is not None))
    row = {"id": "new", "organization": unknown.organization}
    match unknown.table:
        case "events":
            return row | {"kind": unknown.name, "date": day, "score": "10"} if unknown.name == "meeting" else row | {"kind": unknown.name, "date": day}
        case "tenures":
            return row | {"role": "head", "person": "new", "from_date": day, "full_time": "yes"}
        case "evidence":
            return row | {"kind": "plan", "date": day, "items": "goal;tasks"}
        case _:
            waiver = {"requirement": verdict.requirement, "reason": "flood", "approved_by": "c1"}
            return row | waiver | {"from_date": "2024-01-01", "until_date": "2024-12-31"}


NAMING = {
    "organizations": ("id", "parent"),
    "relations": ("id", "source", "target"),
    "events": ("id", "organization"),
    "tenures": ("id", "organization"),
    "evidence": ("id", "organization"),
    "waivers": ("id", "organization"),
    "feeds": ("id", "organization"),
}
"""The columns that name a row or an organization."""


def in_world(place: int, identifier: str) -> str:
    """The id that a row or an organization has in one of several worlds."""
    return f"{place}/{identifier}"


def side_by_side(worlds: list[Rows]) -> Rows:
    """Several worlds that know nothing of each other, in one set of facts."""

    def renamed(place: int, table: str, row: Row) -> Row:
        return row | {name: in_world(place, row[name]) for name in NAMING[table] if row.get(name)}

    return {table: [renamed(place, table, row) for place, rows in enumerate(worlds) for row in rows[table]] for table in NAMING}

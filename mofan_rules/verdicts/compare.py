"""What differs between two verdict tables: verdicts that only one has, and verdicts that both have but not alike."""

from dataclasses import dataclass

from mofan_rules.verdicts.relation import register, verdicts
from mofan_rules.verdicts.table import COLUMNS, Verdict, VerdictTable

IDENTITY = ("requirement", "subject", "window_from", "window_until", "key")
"""The columns that say which verdict a row is."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One verdict before and after; `None` where a table has no such row."""

    before: Verdict | None
    after: Verdict | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values differ; all of them for a verdict that only one table has."""
        if self.before is None or self.after is None:
            return COLUMNS
        return tuple(name for name, old, new in zip(COLUMNS, self.before, self.after, strict=True) if old != new)


def compare(before: VerdictTable, after: VerdictTable, limit: int | None = None) -> list[Difference]:
    """All differences, in the order of verdict tables, at most `limit`.

    Two rows are the same verdict if `IDENTITY` is the same; should a table have several such rows, they are paired in the order of their states.
    """
    same = " AND ".join(f"b.{name} IS NOT DISTINCT FROM a.{name}" for name in (*IDENTITY, "place"))
    alike = " AND ".join(f"b.{name} IS NOT DISTINCT FROM a.{name}" for name in COLUMNS)
    order = ", ".join(f"coalesce(b.{name}, a.{name}) NULLS FIRST" for name in (*IDENTITY, "place"))
    columns = ", ".join(f"{side}.{name}" for side in "ba" for name in COLUMNS)
    query = f"""
        WITH b AS (SELECT *, {_PLACE} FROM before_table), a AS (SELECT *, {_PLACE} FROM after_table)
        SELECT b.place IS NOT NULL, a.place IS NOT NULL, {columns} FROM b FULL JOIN a ON {same}
        WHERE NOT ({alike}) OR b.place IS NULL OR a.place IS NULL ORDER BY {order}
    """
    with verdicts(before, "before_table") as connection:
        register(connection, "after_table", after)
        found = connection.execute(query + (f" LIMIT {int(limit)}" if limit is not None else "")).fetchall()
    return [_difference(row) for row in found]


def _difference(row: tuple[object, ...]) -> Difference:
    in_before, in_after, *cells = row
    width = len(COLUMNS)
    return Difference(Verdict._make(cells[:width]) if in_before else None, Verdict._make(cells[width:]) if in_after else None)


_PLACE = f"row_number() OVER (PARTITION BY {', '.join(IDENTITY)} ORDER BY state, reason, measured, required, due_on, accountable) AS place"

"""The verdict table of this executor: rows in DuckDB, told in order."""

from collections.abc import Iterator
from typing import Any

from mofan_rules.executors.duckdb import sql
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.table import COLUMNS, Verdict

CHUNK = 50_000
"""Rows that are fetched at a time."""


class DuckTable:
    """Verdict rows in a temporary table of a cursor that nothing else uses.

    Parameters
    ----------
    cursor: the cursor that owns the table.
    table: (place, subject, key, window_first, window_last, reason, measured, required, due_on, accountable), rows in the order of the verdict table;
        `place` numbers the requirement ids in code-point order, from 0.
    requirements: the ids.
    """

    def __init__(self, cursor: Any, table: str, requirements: list[str]) -> None:
        self._cursor = cursor
        self._table = table
        self._requirements = requirements

    def __len__(self) -> int:
        return int(self._cursor.execute(f"SELECT count(*) FROM {self._table}").fetchall()[0][0])

    def query(self) -> str:
        """The SELECT of the verdict columns, in order."""
        names = " ".join(f"WHEN {place} THEN {sql.text(requirement)}" for place, requirement in enumerate(self._requirements))
        states = " ".join(f"WHEN {sql.text(reason)} THEN {sql.text(state.value)}" for reason, state in REASONS.items())
        columns = {
            "requirement": f"CASE v.place {names} ELSE '' END" if names else "''",
            "subject": "s.id",
            "key": "v.key",
            "window_from": "v.window_first",
            "window_until": "v.window_last",
            "state": f"CASE v.reason {states} END",
            "reason": "v.reason::VARCHAR",
            "measured": "v.measured",
            "required": "v.required",
            "due_on": "v.due_on",
            "accountable": "a.id",
        }
        listed = ", ".join(f"{columns[name]} AS {name}" for name in COLUMNS)
        return (
            f"SELECT {listed} FROM {self._table} v JOIN facts.subjects s ON s.number = v.subject JOIN facts.subjects a ON a.number = v.accountable"
            " ORDER BY v.place, v.subject, v.window_first NULLS FIRST, v.window_last NULLS FIRST, v.key"
        )

    def rows(self) -> Iterator[Verdict]:
        """The rows, in order; each call reads the table anew."""
        reader = self._cursor.cursor() if False else self._cursor
        result = reader.execute(self.query())
        while chunk := result.fetchmany(CHUNK):
            yield from (Verdict(*row) for row in chunk)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._cursor.sql(self.query()).__arrow_c_stream__(requested_schema)

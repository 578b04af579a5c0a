"""The desk of one run: a cursor of its own, the question, what is known of the facts, and the tables made so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import uuid4

from mofan_rules.executors.duckdb import sql
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.schema import Parameter, Table
from mofan_rules.values.dates import END

BEGINNING_COLUMN = {
    Table.ORGANIZATIONS: "valid_from",
    Table.RELATIONS: "valid_from",
    Table.EVENTS: "date",
    Table.TENURES: "from_date",
    Table.EVIDENCE: "date",
    Table.WAIVERS: "from_date",
}
"""The date on which a row of a table begins."""

END_COLUMN = {
    Table.ORGANIZATIONS: "valid_until",
    Table.RELATIONS: "valid_until",
    Table.TENURES: "until_date",
    Table.EVIDENCE: "valid_until",
    Table.WAIVERS: "until_date",
}
"""The date on which a row of a table ends; an event has none."""


MANY = 10_000
"""From so many organizations on a table of all their cells costs more than another statement."""

FEW = 20_000
"""Up to so many rows the statements of a run are not improved by DuckDB: preparing the more than a thousand of a large ruleset is then a third cheaper."""

Made = TypeVar("Made")


@dataclass
class Work:
    """One run. `asked` is the question; `context` has the period for which rows are being made just now.

    Temporary tables belong to the cursor and go with it.
    """

    program: Program
    facts: AdmittedFacts
    context: Context
    asked: Context
    answered: date = END
    made: dict[object, Any] = field(default_factory=dict)
    passing: list[str] = field(default_factory=list)
    """Tables that are given up as soon as the next measure is made."""
    serial: int = 0
    desk: int = 0
    shared_store: str | None = None
    """The store of another desk of the same run."""
    keeps_sums: bool = False
    """Will what the parts of tallies add up to be asked for after the run?"""

    @cached_property
    def cursor(self) -> Any:
        """A cursor of this run's own. Where there are few rows, improving a plan takes longer than following the plain one, and it is not asked for."""
        cursor = self.facts.connection.cursor()
        tables = " UNION ALL ".join(f"SELECT count(*) AS n FROM facts.{table.value}" for table in BEGINNING_COLUMN)
        [(rows,)] = cursor.execute(f"SELECT sum(n) FROM ({tables})").fetchall()
        if rows <= FEW:
            cursor.execute("PRAGMA disable_optimizer").fetchall()
        return cursor

    @cached_property
    def store(self) -> str:
        """A database in memory of this run's own, for the verdict rows: any cursor can read it."""
        if self.shared_store is not None:
            return self.shared_store
        name = f"verdicts_{uuid4().hex}"
        self.cursor.execute(f"ATTACH ':memory:' AS {name}").fetchall()
        return name

    @property
    def as_of(self) -> str:
        return sql.day(self.context.as_of)

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.program.parameters}

    def look_at(self, first: date, last: date, answered: date) -> None:
        """Make rows for another period; deadlines answered by `answered` are left out if their window does not reach into it."""
        self.context = Context(self.asked.as_of, first, last)
        self.answered = answered

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        found: list[tuple[Any, ...]] = self.cursor.execute(query).fetchall()
        return found

    def table(self, purpose: str, query: str) -> str:
        """The name of a new temporary table with the rows of a query."""
        self.serial += 1
        table = f"{purpose}_{self.serial}"
        self.cursor.execute(f"CREATE TEMP TABLE {table} AS {query}").fetchall()
        return table

    def verdicts(self, query: str, *more: str) -> str:
        """The name of a new table with the rows of a query and of others, one after the other, which outlives the run."""
        self.serial += 1
        table = f"{self.store}.verdict_{self.desk}_{self.serial}"
        self.cursor.execute(f"CREATE TABLE {table} AS {query}").fetchall()
        for each in more:
            self.cursor.execute(f"INSERT INTO {table} {each}").fetchall()
        return table

    def drop(self, *tables: str) -> None:
        """Give up tables that are no longer read."""
        for table in tables:
            self.cursor.execute(f"DROP TABLE IF EXISTS {table}").fetchall()

    def any(self, query: str) -> bool:
        """Does a query have a row?"""
        return self.once(("any", query), lambda: bool(self.rows(f"SELECT 1 FROM ({query}) LIMIT 1")))

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made only the first time that `key` is asked for."""
        if key not in self.made:
            self.made[key] = make()
        made: Made = self.made[key]
        return made

    def seen_until(self, end: str) -> str:
        """An until-date as it is seen: after the as-of date it is a plan and counts as open."""
        return f"CASE WHEN {end} > {self.as_of} THEN {sql.LAST_DAY} ELSE {end} END"

    @cached_property
    def subjects(self) -> str:
        """The organizations that have verdicts: those with a version that is seen, and be it of a row that was rejected."""
        return self.table("subject", f"SELECT DISTINCT organization FROM facts.organizations WHERE organization IS NOT NULL AND valid_from_low <= {self.as_of}")

    @cached_property
    def many(self) -> bool:
        """Are there so many organizations that a table of all their cells costs more than another statement?"""
        return self.organizations > MANY

    @cached_property
    def organizations(self) -> int:
        """How many organizations there are."""
        [(count,)] = self.rows("SELECT count(*) FROM facts.subjects")
        return int(count)

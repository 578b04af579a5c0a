"""What admitted facts are like: what rewrites of a program may rely on, so that joins and lanes that the data cannot need are dropped."""

from collections.abc import Mapping
from dataclasses import dataclass

from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.facts.columns import EVER, NEVER
from mofan_rules.facts.sql import name
from mofan_rules.schema import Table

OWNERS: dict[Table, str] = {
    Table.ORGANIZATIONS: "organization",
    Table.RELATIONS: "source",
    Table.EVENTS: "organization",
    Table.TENURES: "organization",
    Table.EVIDENCE: "organization",
    Table.WAIVERS: "organization",
    Table.FEEDS: "organization",
}
"""The column by which rows belong to an organization."""


@dataclass(frozen=True, slots=True)
class TableProfile:
    """One admitted table.

    `uncertain`: its rows that are not certain. `nulls`: the nulls of each column; of a date the rows on which nothing of it is known. `inexact`: of each
    date, the rows on which it is known in part or not at all. `owned`: the least and greatest number of an organization that has rows, and `busiest`: the
    most rows that one has.
    """

    rows: int
    uncertain: int
    nulls: Mapping[str, int]
    inexact: Mapping[str, int]
    owned: tuple[int, int] | None
    busiest: int


@dataclass(frozen=True, slots=True)
class Profile:
    """All admitted tables. `subjects`: how many organizations there are. `histories`: how many of them have several versions. `corrected`: were rows
    superseded, withdrawn or hidden by the known-at date? `incomplete`: the tables that some feed calls incomplete."""

    tables: Mapping[Table, TableProfile]
    subjects: int
    histories: int
    corrected: bool
    incomplete: frozenset[Table]

    @property
    def belongs_to(self) -> bool:
        """Does any event say which period it belongs to?"""
        events = self.tables[Table.EVENTS]
        return events.nulls["belongs_to"] < events.rows


def profile(facts: AdmittedFacts) -> Profile:
    """Look admitted facts over, in one pass a table."""
    run = facts.connection.execute
    tables = {table: _table(facts, table) for table in Table}
    [(subjects,)] = run("SELECT count(*) FROM facts.subjects").fetchall()
    [(histories,)] = run(
        "SELECT count(*) FROM (SELECT organization FROM facts.organizations WHERE organization IS NOT NULL GROUP BY ALL HAVING count(*) > 1)"
    ).fetchall()
    incomplete = frozenset(Table(row[0]) for row in run('SELECT DISTINCT "table" FROM facts.feeds WHERE NOT complete').fetchall())
    counts = facts.summary.tables.values() if facts.summary is not None else ()
    corrected = any(one.superseded or one.withdrawn or one.later for one in counts)
    return Profile(tables, subjects, histories, corrected, incomplete)


def _table(facts: AdmittedFacts, table: Table) -> TableProfile:
    columns = [column for column in facts.columns(table) if column not in ("row", "certain")]
    dates = [column.removesuffix("_low") for column in columns if column.endswith("_low")]
    plain = [column for column in columns if not column.endswith(("_low", "_high"))]
    wanted = {f"null {column}": f"count(*) FILTER ({name(column)} IS NULL)" for column in plain}
    for day in dates:
        low, high = name(f"{day}_low"), name(f"{day}_high")
        wanted[f"null {day}"] = f"count(*) FILTER ({low} IS NULL OR ({low} = {EVER} AND {high} = {NEVER}))"
        wanted[f"part {day}"] = f"count(*) FILTER ({low} IS DISTINCT FROM {high})" if day == "belongs_to" else f"count(*) FILTER ({low} <> {high})"
    owner = OWNERS.get(table)
    wanted["least"] = f"min({name(owner)})" if owner else "NULL"
    wanted["greatest"] = f"max({name(owner)})" if owner else "NULL"
    wanted["uncertain"] = "count(*) FILTER (NOT certain)" if table is not Table.FEEDS else "0"
    counted = ", ".join(f"{sql} AS {name(alias)}" for alias, sql in wanted.items())
    source = f"facts.{name(table.value)}"
    [row] = facts.connection.execute(f"SELECT count(*), {counted} FROM {source}").fetchall()
    found = dict(zip(wanted, row[1:], strict=True))
    busiest = 0
    if owner:
        query = f"SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM {source} WHERE {name(owner)} IS NOT NULL GROUP BY {name(owner)})"
        [(busiest,)] = facts.connection.execute(query).fetchall()
    return TableProfile(
        row[0],
        found["uncertain"],
        {alias.removeprefix("null "): count for alias, count in found.items() if alias.startswith("null ")},
        {alias.removeprefix("part "): count for alias, count in found.items() if alias.startswith("part ")},
        (found["least"], found["greatest"]) if found["least"] is not None else None,
        busiest,
    )

"""Admitted facts of any size, made by SQL alone: branches under committees under departments, with a year of meetings.

Nothing of this is meant to be lifelike but the sizes: about forty events a branch and year, a secretary, a plan, an assessment.
"""

import duckdb

from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.schema import ADMITTED, Attribute, Kind, Table, Type, Vocabulary, WaiverPolicy

VOCABULARY = Vocabulary(
    kinds={
        Table.ORGANIZATIONS: {name: Kind(name) for name in ("branch", "committee", "department", "division")},
        Table.EVENTS: {name: Kind(name) for name in ("assembly", "board", "group", "lecture", "day", "review", "election")},
        Table.TENURES: {"secretary": Kind("secretary")},
        Table.EVIDENCE: {"plan": Kind("plan"), "assessment": Kind("assessment")},
        Table.RELATIONS: {"covers": Kind("covers")},
    },
    attributes=(Attribute("members", Table.ORGANIZATIONS, Type.INTEGER),),
    waivers={},
)
"""`a_0` of an organization is its number of members."""

PER_YEAR = {"assembly": 4, "board": 12, "group": 6, "lecture": 4, "day": 12, "review": 1, "election": 1}
"""Events of each kind that a branch has in a year."""


def admitted_population(branches: int) -> AdmittedFacts:
    """So many branches with their committees (one for ten), departments (one for two hundred) and divisions, and the events of 2024."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA facts").fetchall()
    for table, columns in ADMITTED.items():
        extra = {"a_0": "BIGINT"} if table is Table.ORGANIZATIONS else {}
        listed = ", ".join(f'"{name}" {kind}' for name, kind in (columns | extra).items())
        connection.execute(f'CREATE TABLE facts."{table.value}" ({listed})').fetchall()
    committees, departments = max(branches // 10, 1), max(branches // 200, 1)
    sizes = (("b", branches, "branch"), ("c", committees, "committee"), ("d", departments, "department"), ("v", committees, "division"))
    start = 0
    offsets = {}
    for letter, count, kind in sizes:
        offsets[letter] = start
        query = (
            f"INSERT INTO facts.organizations SELECT {start} + i, TRUE, '{letter}' || lpad(i::VARCHAR,"
            f" 8, '0'), {start} + i, '{kind}', NULL, DATE '2010-01-01', DATE '2010-01-01',"
            " DATE '9999-12-31', DATE '9999-12-31', DATE '2010-01-01', DATE '2010-01-01', DATE '9999-12-31', DATE '9999-12-31',"
            f" CASE WHEN i % 97 = 0 THEN NULL ELSE 3 + i % 40 END FROM range({count}) t(i)"
        )
        connection.execute(query).fetchall()
        start += count
    connection.execute("CREATE TABLE facts.subjects AS SELECT organization AS number, id FROM facts.organizations ORDER BY number").fetchall()
    edge = "DATE '0001-01-01', DATE '0001-01-01', DATE '9999-12-31', DATE '9999-12-31'"
    connection.execute(
        f"INSERT INTO facts.relations SELECT row_number() OVER () - 1, TRUE, 'r' || row_number() OVER (), source, target, kind, {edge} FROM ("
        f" SELECT i AS source, {offsets['c']} + i // 10 AS target, 'part_of' AS kind FROM range({branches // 10 * 10}) t(i)"
        f" UNION ALL SELECT {offsets['c']} + i, {offsets['d']} + i // 20 % {departments}, 'part_of' FROM range({committees}) t(i)"
        f" UNION ALL SELECT i, {offsets['v']} + i // 10, 'covers' FROM range({branches // 10 * 10}) t(i) WHERE i % 11 <> 0)"
    ).fetchall()
    _events(connection, branches)
    _states(connection, branches)
    return AdmittedFacts(connection, VOCABULARY)


def _events(connection: duckdb.DuckDBPyConnection, branches: int) -> None:
    """A twentieth of the events are left out; one in nine has too few present; reviews are held late and belong to the year before."""
    parts = []
    for place, (kind, times) in enumerate(PER_YEAR.items()):
        step = 366 // times
        day = f"DATE '2024-01-01' + (k * {step} + (i * 7 + {place}) % {max(step - 4, 1)})::INTEGER"
        belongs = "DATE '2024-01-01', DATE '2024-12-31'" if kind == "review" else "NULL, NULL"
        parts.append(f"SELECT i, '{kind}' AS kind, {day} AS day, {place * 100} + k AS k, {belongs} FROM range({branches}) t(i), range({times}) s(k)")
    union = " UNION ALL ".join(f"({part})" for part in parts)
    connection.execute(
        "INSERT INTO facts.events SELECT row_number() OVER () - 1, TRUE, 'e' || i || '-' ||"
        " k, i, kind, day, day, x, y, 'yes', 9, CASE WHEN (i + k) % 9 = 0 THEN 4 ELSE 8 END"
        f" FROM ({union}) u(i, kind, day, k, x, y) WHERE (i * 31 + k * 17) % 20 <> 0 ORDER BY hash(i, k)"
    ).fetchall()


def _states(connection: duckdb.DuckDBPyConnection, branches: int) -> None:
    """A secretary each, some of whom left; a plan and an assessment each, some without."""
    connection.execute(
        "INSERT INTO facts.tenures SELECT i, TRUE, 't' || i, i, 'secretary', 'p' || i, NULL, DATE '2022-03-01', DATE '2022-03-01', d, d"
        f" FROM (SELECT i, CASE WHEN i % 13 = 0 THEN DATE '2024-05-01' + (i % 240)::INTEGER ELSE DATE '9999-12-31' END AS d FROM range({branches}) t(i))"
    ).fetchall()
    connection.execute(
        "INSERT INTO facts.evidence SELECT i, TRUE, 'd' || i, i, CASE WHEN i % 3 = 0 THEN 'plan' ELSE 'assessment' END, DATE '2024-02-01', DATE '2024-02-01',"
        f" DATE '9999-12-31', DATE '9999-12-31', ['goal', 'steps'], 'good', 'above' FROM range({branches}) t(i)"
    ).fetchall()


__all__ = ["VOCABULARY", "WaiverPolicy", "admitted_population"]

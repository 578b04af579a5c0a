"""What holds of every input: nothing is lost, the order of rows changes nothing, a rejected row only widens what may be."""

import random
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mofan_rules.facts import AdmittedFacts
from mofan_rules.schema import Table
from tests.facts.admitting import adds_up, admitted, everything

IDS = st.sampled_from(["a", "b", "c", "x", "", None])
DAYS = st.sampled_from(["2020-01-01", "2020-06-01", "2020-06-30", "2021", "2021-02", "?", "", None])
RECORDED = st.sampled_from(["2022-01-01", "2022-02-01", "2022-03", None, None, "?"])
ROWS = st.sampled_from(["1", "2", "3", None])
CORRECTED = {
    "recorded_on": RECORDED,
    "supersedes": st.sampled_from(["1", "2", "3", None, None, None]),
    "withdrawn": st.sampled_from([None, None, None, "是", "?"]),
}

TABLES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "organizations": {
        "id": IDS,
        "kind": st.sampled_from(["党支部", "机关党委", "?"]),
        "parent": IDS,
        "founded_on": DAYS,
        "dissolved_on": DAYS,
        "valid_from": DAYS,
        "valid_until": DAYS,
        "人数": st.sampled_from([7, "?", None]),
    },
    "relations": {
        "id": ROWS,
        "source": IDS,
        "target": IDS,
        "kind": st.sampled_from(["part_of", "part_of", "continues", "指导", "?"]),
        "valid_from": DAYS,
        "valid_until": DAYS,
    },
    "events": {
        "id": ROWS,
        "organization": IDS,
        "kind": st.sampled_from(["党课", "支部大会", "党员大会", "?"]),
        "date": DAYS,
        "belongs_to": st.sampled_from(["2020", "2020Q1", "2021-03", "?", None]),
        "held": st.sampled_from(["yes", "no", "unclear", "?", None]),
        "学时": st.sampled_from([1, "1.5", "?", None]),
        "对方": IDS,
    },
    "attendance": {"event": ROWS, "person": st.sampled_from(["p", "q", None]), "present": st.sampled_from([1, 0, None, "?"])},
    "tenures": {
        "id": ROWS,
        "organization": IDS,
        "role": st.sampled_from(["书记", "成员", "?"]),
        "person": st.sampled_from(["p", "a", None]),
        "from_date": DAYS,
        "until_date": DAYS,
    },
    "evidence": {
        "id": ROWS,
        "organization": IDS,
        "kind": st.sampled_from(["方案", "?"]),
        "date": DAYS,
        "valid_until": DAYS,
        "items": st.sampled_from(["甲;乙", None]),
    },
    "waivers": {
        "id": ROWS,
        "organization": IDS,
        "requirement": st.sampled_from(["r.must", "r.waivable", "r.should", "r.none", None]),
        "reason": st.sampled_from(["x", None]),
        "approved_by": st.sampled_from(["b", None]),
        "until_date": DAYS,
    },
    "feeds": {
        "table": st.sampled_from(["events", "任职", "?", None]),
        "kind": st.sampled_from(["党课", "书记", None]),
        "organization": IDS,
        "complete": st.sampled_from(["是", "否", "?", None]),
    },
}

WORLDS = st.fixed_dictionaries(
    {name: st.lists(st.fixed_dictionaries(columns | (CORRECTED if name != "feeds" else {})), max_size=6) for name, columns in TABLES.items()}
)
KNOWN = st.sampled_from([None, date(2022, 1, 15), date(2022, 3, 10)])
SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def as_sets(facts: AdmittedFacts) -> dict[str, list[str]]:
    """All admitted tables without the numbers of their rows."""
    return {table: sorted(repr(row[1:] if table != "subjects" else row) for row in rows) for table, rows in everything(facts).items()}


@SETTINGS
@given(WORLDS, KNOWN)
def test_read_is_admitted_plus_rejected(world: dict[str, list[dict[str, Any]]], known_at: date | None) -> None:
    facts = admitted(known_at, **world)
    adds_up(facts)
    assert facts.summary is not None
    for table in Table:
        read = sum(1 for row in world[table.value] if any(value not in (None, "") for value in row.values()))
        assert facts.summary.tables[table].read == read
        if table is not Table.FEEDS:
            certain = sum(1 for row in facts.rows(table) if row[1])
            summary = facts.summary.tables[table]
            assert certain <= summary.admitted + summary.derived - summary.derived_rejected - summary.superseded - summary.withdrawn - summary.later
            assert [row[0] for row in facts.rows(table)] == list(range(len(facts.rows(table))))


@SETTINGS
@given(WORLDS, KNOWN, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world: dict[str, list[dict[str, Any]]], known_at: date | None, dice: random.Random) -> None:
    shuffled = {name: dice.sample(rows, len(rows)) for name, rows in world.items()}
    first, second = admitted(known_at, **world), admitted(known_at, **shuffled)
    assert as_sets(first) == as_sets(second)
    assert first.summary is not None and second.summary is not None
    assert first.summary.tables == second.summary.tables


@SETTINGS
@given(WORLDS, KNOWN)
def test_admitted_rows_have_what_executors_rely_on(world: dict[str, list[dict[str, Any]]], known_at: date | None) -> None:
    facts = admitted(known_at, **world)
    needed = {
        "organizations": ("organization", "kind"),
        "relations": ("source", "target", "kind"),
        "events": ("organization", "kind"),
        "tenures": ("organization", "role"),
        "evidence": ("organization", "kind"),
        "waivers": ("organization", "requirement"),
    }
    for table, columns in needed.items():
        empty = " OR ".join(f"{column} IS NULL" for column in columns)
        assert facts.connection.execute(f"SELECT count(*) FROM facts.{table} WHERE certain AND ({empty})").fetchall() == [(0,)]
    for table in Table:
        for low in (column for column in facts.columns(table) if column.endswith("_low") and not column.startswith("belongs")):
            high = low.removesuffix("_low") + "_high"
            assert facts.connection.execute(f'SELECT count(*) FROM facts."{table}" WHERE {low} IS NULL OR {high} IS NULL OR {low} > {high}').fetchall() == [
                (0,)
            ], low
    count = facts.connection.execute("SELECT count(*), count(DISTINCT number), coalesce(max(number) + 1, 0) FROM facts.subjects").fetchall()[0]
    assert count[0] == count[1] == count[2]
    versions = facts.connection.execute("""SELECT count(*) FROM facts.organizations a
        JOIN facts.organizations b ON a.organization = b.organization AND a.row < b.row
        WHERE a.certain AND b.certain AND a.valid_from_high <= b.valid_until_low AND b.valid_from_high <= a.valid_until_low""")
    assert versions.fetchall() == [(0,)], "certain versions do not overlap"
    parents = facts.connection.execute("""SELECT count(*) FROM facts.relations a JOIN facts.relations b ON a.source = b.source
        AND a.row < b.row AND a.target <> b.target
        WHERE a.certain AND b.certain AND a.kind = 'part_of' AND b.kind = 'part_of'
            AND a.valid_from_high <= b.valid_until_low AND b.valid_from_high <= a.valid_until_low""")
    assert parents.fetchall() == [(0,)], "nobody surely has two parents"

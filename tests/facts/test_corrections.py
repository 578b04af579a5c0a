"""Corrections, repetitions, contradictions, and what is known when (SEMANTICS sections 1.6 and 1.7)."""

from datetime import date
from typing import Any

import pytest

from mofan_rules.schema import Table
from tests.facts.admitting import TWO, adds_up, admitted, rejected, shown


def event(id: str | None, day: str = "2024-03-05", **more: Any) -> dict[str, Any]:
    return {"id": id, "organization": "a", "kind": "党课", "date": day, **more}


def counted(*events: dict[str, Any], known_at: date | None = None) -> list[tuple[str, bool]]:
    """The ids handed on, with whether they are certain."""
    facts = admitted(known_at, events=list(events))
    adds_up(facts)
    return shown(facts, Table.EVENTS, "id", "certain")


def test_a_later_row_supersedes_an_earlier_one() -> None:
    rows = (event("1"), event("2", "2024-03-06", supersedes="1", recorded_on="2024-04-01"))
    assert counted(*rows) == [("2", True)]
    assert counted(*rows, known_at=date(2024, 3, 31)) == [("1", True)]


def test_chains_do_not_come_back() -> None:
    rows = (event("1"), event("2", supersedes="1", recorded_on="2024-04-01"), event("3", supersedes="2", recorded_on="2024-05-01"))
    assert counted(*rows) == [("3", True)]
    assert counted(*rows, known_at=date(2024, 4, 30)) == [("2", True)]


@pytest.mark.parametrize(
    ("second", "third", "winner"), [("2024-04-02", "2024-04-03", "3"), ("2024-04-03", "2024-04-02", "2"), ("2024-04-02", "2024-04-02", "3")]
)
def test_of_two_corrections_the_later_recorded_then_the_greater_id_wins(second: str, third: str, winner: str) -> None:
    rows = [event("1"), event("2", supersedes="1", recorded_on=second), event("3", supersedes="1", recorded_on=third)]
    assert counted(*rows) == counted(*reversed(rows)) == [(winner, True)]


def test_a_withdrawn_row_counts_for_nothing_but_supersedes() -> None:
    assert counted(event("1"), event("2", supersedes="1", recorded_on="2024-04-01", withdrawn="是")) == []
    assert counted(event("1", withdrawn="是"), event("2", withdrawn="否")) == [("2", True)]


def test_a_cycle_is_rejected_whole() -> None:
    ring = [
        event("1", supersedes="3", recorded_on="2024-04-01"),
        event("2", supersedes="1", recorded_on="2024-04-01"),
        event("3", supersedes="2", recorded_on="2024-04-01"),
    ]
    assert counted(*ring) == [("1", False), ("2", False), ("3", False)]
    outside = event("4", supersedes="3", recorded_on="2024-05-01")
    facts = admitted(events=[*ring, outside])
    assert ("events", 4, "supersedes_cycle") not in rejected(facts)
    assert shown(facts, Table.EVENTS, "id", "certain") == [("2", False), ("4", True)], "4 replaces 3, and 1, which wanted to replace it earlier"


def test_a_rejected_correction_leaves_what_it_names_in_doubt() -> None:
    assert counted(event("1"), event("2", "?", supersedes="1", recorded_on="2024-04-01")) == [("1", False), ("2", False)]
    assert counted(event("1"), event("2", supersedes="1")) == [("1", False), ("2", False)]


def test_a_rejected_row_that_is_superseded_decides_nothing_any_more() -> None:
    facts = admitted(events=[event("1", "?"), event("2", supersedes="1", recorded_on="2024-04-01")])
    assert shown(facts, Table.EVENTS, "id", "certain") == [("2", True)]
    assert rejected(facts, "code", "decides") == [("bad_date", False)]


def test_a_correction_of_what_was_not_supplied_counts() -> None:
    assert counted(event("2", supersedes="1", recorded_on="2024-04-01")) == [("2", True)]


def test_one_sitting_for_several_kinds() -> None:
    rows = [event("1", attended=3), event("1", attended=5) | {"kind": "党员大会"}]
    assert counted(*rows) == [("1", True), ("1", True)]
    assert counted(*rows, event("1") | {"kind": "?"}) == [("1", False)] * 3
    assert counted(*rows, event("2", supersedes="1", recorded_on="2024-04-01")) == [("2", True)]


def test_superseded_rows_contradict_nothing() -> None:
    rows = [event("1"), event("1", "2024-03-06"), event("2", supersedes="1", recorded_on="2024-04-01")]
    assert counted(*rows) == [("2", True)]


def test_contradictory_corrections_leave_what_they_name_in_doubt() -> None:
    rows = [event("1"), event("2", supersedes="1", recorded_on="2024-04-01"), event("2", "2024-03-07", supersedes="1", recorded_on="2024-04-01")]
    assert counted(*rows) == [("1", False), ("2", False), ("2", False)]


def test_an_illegible_row_contradicts_another_of_its_id() -> None:
    assert counted(event("1"), event("1", "?")) == [("1", False), ("1", False)]


def test_rows_that_decide_nothing_contradict_nothing() -> None:
    assert counted(event("1"), event("1") | {"organization": "zz"}) == [("1", True)]


def test_repetitions_count_once_however_they_are_spelled() -> None:
    rows = [event(None), event(None, "2024年3月5日"), event(None, "2024/3/5") | {"organization": " a "}, event(None, "2024-03-06")]
    facts = admitted(events=rows)
    assert [code for _, _, code in rejected(facts)] == ["duplicate", "duplicate"]
    assert shown(facts, Table.EVENTS, "certain") == [(True,), (True,)]
    assert len({row[0] for row in shown(facts, Table.EVENTS, "id")}) == 2


def test_illegible_repetitions_count_once() -> None:
    facts = admitted(events=[event("1", "?"), event("1", "?"), event("1", "??")])
    assert sorted(code for _, _, code in rejected(facts)) == ["bad_date", "bad_date", "duplicate"]


def test_an_id_that_is_missing_is_a_digest_of_the_content() -> None:
    [(first,)] = shown(admitted(events=[event(None)]), Table.EVENTS, "id")
    rows = [event(None, "2024-01-01"), {"date": "2024-03-05", "kind": "党课", "organization": "a", "recorded_on": None}]
    assert first.startswith("~") and len(first) == 21
    assert (first,) in shown(admitted(events=rows), Table.EVENTS, "id")


def test_hidden_rows_neither_contradict_nor_repeat() -> None:
    rows = (event("1"), event("1", "2024-03-06", recorded_on="2024-05-01"))
    assert counted(*rows, known_at=date(2024, 4, 1)) == [("1", True)]
    assert counted(*rows) == [("1", False), ("1", False)]
    facts = admitted(date(2024, 4, 1), events=[event("1", "?", recorded_on="2024-05-01")])
    assert shown(facts, Table.EVENTS, "id") == []
    assert rejected(facts, "code", "decides") == [("bad_date", False)]


def test_versions_are_corrected_by_those_that_share_a_day_with_them() -> None:
    rows = [
        {"id": "a", "kind": "党支部", "valid_until": "2020-12-31"},
        {"id": "a", "kind": "党支部", "valid_from": "2021-01-01"},
        {"id": "a", "kind": "机关党委", "valid_from": "2021-01-01", "supersedes": "a", "recorded_on": "2022-01-01"},
    ]
    facts = admitted(organizations=rows)
    assert shown(facts, Table.ORGANIZATIONS, "kind", "certain") == [("党支部", True), ("机关党委", True)]
    assert rejected(facts) == []
    before = admitted(date(2021, 12, 31), organizations=rows)
    assert shown(before, Table.ORGANIZATIONS, "kind", "certain") == [("党支部", True), ("党支部", True)]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (Table.RELATIONS, {"source": "a", "target": "b", "kind": "指导"}),
        (Table.TENURES, {"organization": "a", "role": "书记", "person": "p"}),
        (Table.EVIDENCE, {"organization": "a", "kind": "方案", "date": "2024"}),
        (Table.WAIVERS, {"organization": "a", "requirement": "r.waivable", "approved_by": "b"}),
        (Table.ATTENDANCE, {"event": "e", "person": "p"}),
    ],
)
def test_every_table_takes_corrections(table: Table, row: dict[str, Any]) -> None:
    other = row | {"person": "q"} if "person" in row else row
    rows = [row | {"id": "1"}, other | {"id": "2", "supersedes": "1", "recorded_on": "2024-04-01", "withdrawn": True}]
    facts = admitted(**{"events": [event("e")], table.value: rows})
    assert rejected(facts) == []
    assert facts.rows(table) == []
    assert len(admitted(date(2024, 3, 31), **{"events": [event("e")], table.value: rows}).rows(table)) == 1


def test_a_corrected_feed() -> None:
    rows = [
        {"id": "1", "table": "events", "complete": "no"},
        {"id": "2", "table": "events", "complete": "yes", "supersedes": "1", "recorded_on": "2024-04-01"},
    ]
    facts = admitted(organizations=TWO, feeds=rows, events=[], complete="all")
    assert shown(facts, Table.FEEDS, "id", "complete") == [("2", True)]

"""Computed attendance, feeds and waivers (SEMANTICS sections 1.4, 1.8, 3.5)."""

from datetime import date
from typing import Any

from mofan_rules.schema import Table
from tests.facts.admitting import admitted, rejected, shown

EVENT = {"id": "e", "organization": "a", "kind": "党课", "date": "2024-03-05"}


def member(person: str | None, start: str = "2020-01-01", end: str | None = None, **more: Any) -> dict[str, Any]:
    return {"organization": "a", "role": "成员", "person": person, "from_date": start, "until_date": end, **more}


def present(*persons: str, absent: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [{"event": "e", "person": one, "present": 1} for one in persons] + [{"event": "e", "person": one, "present": 0} for one in absent]


def counted(**tables: Any) -> tuple[Any, ...]:
    tables = {"events": [EVENT], "tenures": [member("p"), member("q")], "attendance": present("p", absent=("q",))} | tables
    [row] = shown(admitted(**tables), Table.EVENTS, "expected", "attended")
    return row


def test_computed() -> None:
    assert counted() == (2, 1)
    assert counted(tenures=[member("p"), member("p", "2023-01-01"), member("r", end="2024-03-04"), member("q", "2024-03-05", "2024-03-05")]) == (2, 1)


def test_what_is_given_stays() -> None:
    assert counted(events=[EVENT | {"expected": 9, "attended": 8}]) == (9, 8)
    assert counted(events=[EVENT | {"expected": 9}]) == (9, 1)


def test_without_attendance_rows_nothing_is_computed() -> None:
    assert counted(attendance=[]) == (None, None)


def test_what_leaves_attendance_open() -> None:
    assert counted(attendance=[*present("p"), {"event": "e", "person": "q"}]) == (2, None)
    assert counted(attendance=[*present("p"), {"event": "e", "person": "q", "present": "?"}]) == (2, None)
    assert counted(attendance=[*present("p"), {"event": None, "person": "q", "present": 1}]) == (2, None)
    assert counted(attendance=[*present("p"), {"event": "e", "person": None, "present": 1}]) == (2, None)
    incomplete = {"table": "attendance", "organization": "a", "complete": "no"}
    assert counted(feeds=[incomplete]) == (2, None)
    assert counted(feeds=[incomplete | {"organization": "b"}]) == (2, 1)
    assert counted(feeds=[{"table": "attendance", "complete": "no"}, incomplete | {"complete": "yes"}]) == (2, 1)
    assert counted(feeds=[incomplete | {"until_date": "2024-03-04"}]) == (2, 1)


def test_what_leaves_the_roster_open() -> None:
    assert counted(tenures=[member("p"), member("q", "2024-03")]) == (None, 1)
    assert counted(tenures=[member("p"), member(None)]) == (None, 1)
    assert counted(tenures=[member("p"), member("q", end="?")]) == (None, 1)
    assert counted(tenures=[member("p"), member("q", role="?")]) == (None, 1)
    assert counted(tenures=[member("p"), member("q", organization="zz")]) == (1, 1)
    assert counted(tenures=None) == (None, 1)
    assert counted(feeds=[{"table": "tenures", "kind": "成员", "complete": "no"}]) == (None, 1)
    assert counted(feeds=[{"table": "tenures", "kind": "书记", "complete": "no"}]) == (2, 1)
    assert counted(events=[EVENT | {"date": "2024-03"}]) == (None, 1)


FEED = {"table": "events", "kind": "党课", "organization": "a", "from_date": "2024-01-01", "until_date": "2024-12-31", "complete": "no"}
FEED_COLUMNS = ("table", "kind", "organization", "from_date", "until_date", "complete")


def fed(**changed: Any) -> list[tuple[Any, ...]]:
    return shown(admitted(complete="all", feeds=[FEED | changed]), Table.FEEDS, *FEED_COLUMNS)


def test_feeds() -> None:
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    ever, never = date(1, 1, 1), date(9999, 12, 31)
    assert fed() == [("events", "党课", 0, first, last, False)]
    assert fed(table="活动", kind="支部大会", organization=None, complete="是") == [("events", "党员大会", None, first, last, True)]
    assert fed(from_date=None, until_date="") == [("events", "党课", 0, ever, never, False)]
    assert fed(table="tenures", kind="书记") == [("tenures", "书记", 0, first, last, False)]
    assert fed(table="waivers", kind="r.must") == [("waivers", "r.must", 0, first, last, False)]


def test_feeds_known_in_part() -> None:
    assert fed(from_date="2024-02", until_date="2024-11") == [("events", "党课", 0, date(2024, 2, 1), date(2024, 11, 30), False)]
    assert fed(from_date="2024-02", until_date="2024-11", complete="yes") == [("events", "党课", 0, date(2024, 2, 29), date(2024, 11, 1), True)]
    assert fed(from_date="2024-02", until_date="2024-02", complete="yes") == []


def test_rejected_feeds_are_incomplete_as_wide_as_they_are_illegible() -> None:
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    ever, never = date(1, 1, 1), date(9999, 12, 31)
    assert fed(complete="?") == fed(complete=None) == [("events", "党课", 0, first, last, False)]
    assert fed(kind="?", complete="yes") == [("events", None, 0, first, last, False)]
    assert fed(from_date="?", complete="yes") == [("events", "党课", 0, ever, last, False)]
    assert fed(until_date="?", complete="yes") == [("events", "党课", 0, first, never, False)]
    assert fed(organization="zz", complete="yes") == []
    assert sorted(row[0] for row in fed(table="?", complete="yes")) == sorted(Table)
    assert sorted(row[0] for row in fed(table="", complete="yes")) == sorted(Table)


def test_waivers() -> None:
    rows = [
        {"id": "1", "organization": "a", "requirement": "r.waivable", "from_date": "2024-01-01", "until_date": "2024-06", "approved_by": "b"},
        {"id": "2", "organization": "a", "requirement": "r.should", "reason": "换届"},
        {"id": "3", "organization": None, "requirement": "r.should", "reason": "换届"},
        {"id": "4", "organization": "a", "requirement": None},
        {"id": "5", "organization": "a", "requirement": "r.must", "from_date": "?"},
    ]
    facts = admitted(waivers=rows)
    assert shown(facts, Table.WAIVERS, "id", "certain", "organization", "requirement") == [
        ("1", True, 0, "r.waivable"),
        ("2", True, 0, "r.should"),
        ("3", False, None, "r.should"),
        ("4", False, 0, None),
    ]
    assert rejected(facts, "line", "code", "decides") == [(3, "missing_value", True), (4, "missing_value", True), (5, "not_waivable", False)]

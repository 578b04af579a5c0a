"""Every rejection code: a row that earns it, whether it still decides something, and what is left of it."""

from datetime import date
from typing import Any

import pytest

from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.schema import Table
from tests.facts.admitting import TWO, adds_up, admitted, rejected, shown

EVENT = {"id": "e", "organization": "a", "kind": "党课", "date": "2024-03-05"}
TENURE = {"id": "t", "organization": "a", "role": "书记", "person": "p", "from_date": "2020-01-01"}
WAIVER = {"id": "w", "organization": "a", "requirement": "r.waivable", "from_date": "2024-01-01", "approved_by": "b"}

CASES: list[tuple[str, dict[str, Any], list[tuple[str, int]]]] = [
    ("duplicate", {"events": [EVENT, EVENT]}, [("events", 2)]),
    ("dangling_reference", {"events": [EVENT | {"organization": "zz"}]}, [("events", 1)]),
    ("dangling_reference", {"relations": [{"source": "a", "target": "zz", "kind": "指导"}]}, [("relations", 1)]),
    ("dangling_reference", {"organizations": [*TWO, {"id": "c", "kind": "党支部", "parent": "zz"}]}, [("relations", 3)]),
    ("dangling_reference", {"attendance": [{"event": "e", "person": "p"}]}, [("attendance", 1)]),
    ("dangling_attribute", {"events": [EVENT | {"对方": "zz"}]}, [("events", 1)]),
    ("unknown_requirement", {"waivers": [WAIVER | {"requirement": "r.none"}]}, [("waivers", 1)]),
    ("not_waivable", {"waivers": [WAIVER | {"requirement": "r.must"}]}, [("waivers", 1)]),
    ("no_approval", {"waivers": [WAIVER | {"approved_by": " "}]}, [("waivers", 1)]),
    ("no_reason", {"waivers": [WAIVER | {"requirement": "r.should"}]}, [("waivers", 1)]),
    ("missing_value", {"events": [EVENT | {"organization": None}]}, [("events", 1)]),
    ("missing_value", {"organizations": [*TWO, {"id": "", "kind": "党支部"}]}, [("organizations", 3)]),
    ("bad_date", {"events": [EVENT | {"date": "2024-02-30"}]}, [("events", 1)]),
    ("date_out_of_range", {"events": [EVENT | {"date": "0999-12-31"}]}, [("events", 1)]),
    ("bad_period", {"events": [EVENT | {"belongs_to": "2024Q5"}]}, [("events", 1)]),
    ("belongs_to_in_future", {"events": [EVENT | {"belongs_to": "2024Q2"}]}, [("events", 1)]),
    ("reversed_interval", {"tenures": [TENURE | {"until_date": "2019-12-31"}]}, [("tenures", 1)]),
    ("bad_boolean", {"events": [EVENT | {"公开": "也许"}]}, [("events", 1)]),
    ("bad_integer", {"events": [EVENT | {"attended": "2.5"}]}, [("events", 1)]),
    ("bad_number", {"events": [EVENT | {"学时": "0.1234567"}]}, [("events", 1)]),
    ("bad_number", {"events": [EVENT | {"学时": float("nan")}]}, [("events", 1)]),
    ("bad_number", {"events": [EVENT | {"学时": float("inf")}]}, [("events", 1)]),
    ("out_of_range", {"events": [EVENT | {"attended": "-1"}]}, [("events", 1)]),
    ("out_of_range", {"organizations": [*TWO, {"id": "c", "kind": "党支部", "人数": 5001}]}, [("organizations", 3)]),
    ("out_of_range", {"events": [EVENT | {"学时": "1000000000000"}]}, [("events", 1)]),
    ("bad_value", {"events": [EVENT | {"kind": "党员大会", "议题": "吃饭"}]}, [("events", 1)]),
    ("bad_value", {"events": [EVENT | {"held": "或许"}]}, [("events", 1)]),
    ("bad_text", {"tenures": [TENURE | {"person": "p" * 1_000_001}]}, [("tenures", 1)]),
    ("unknown_kind", {"events": [EVENT | {"kind": "党棵"}]}, [("events", 1)]),
    ("rejected_reference", {"organizations": [{"id": "a", "kind": "党支部", "founded_on": "?"}], "events": [EVENT]}, [("events", 1)]),
    ("unrecorded_correction", {"events": [EVENT, EVENT | {"id": "f", "supersedes": "e"}]}, [("events", 2)]),
    (
        "supersedes_cycle",
        {"events": [EVENT | {"supersedes": "f", "recorded_on": "2024-04-01"}, EVENT | {"id": "f", "supersedes": "e", "recorded_on": "2024-04-02"}]},
        [("events", 1), ("events", 2)],
    ),
    ("supersedes_cycle", {"events": [EVENT | {"supersedes": "e", "recorded_on": "2024-04-01"}]}, [("events", 1)]),
    ("possibly_superseded", {"events": [EVENT, EVENT | {"id": "f", "supersedes": "e"}]}, [("events", 1)]),
    ("contradictory_id", {"events": [EVENT, EVENT | {"date": "2024-03-06"}]}, [("events", 1), ("events", 2)]),
    (
        "contradictory_id",
        {"events": [EVENT], "attendance": [{"event": "e", "person": "p", "present": 1}, {"event": "e", "person": "p", "present": 0}]},
        [("attendance", 1), ("attendance", 2)],
    ),
    (
        "overlapping_versions",
        {"organizations": [{"id": "a", "kind": "党支部", "valid_until": "2020-06-30"}, {"id": "a", "kind": "机关党委", "valid_from": "2020-06-01"}]},
        [("organizations", 1), ("organizations", 2)],
    ),
    (
        "two_parents",
        {"organizations": [*TWO, {"id": "c", "kind": "党支部", "parent": "a"}], "relations": [{"source": "c", "target": "b", "kind": "part_of"}]},
        [("relations", 1), ("relations", 3)],
    ),
    (
        "part_of_cycle",
        {"relations": [{"source": "a", "target": "b", "kind": "part_of"}, {"source": "b", "target": "a", "kind": "part_of"}]},
        [("relations", 1), ("relations", 2)],
    ),
    ("part_of_cycle", {"relations": [{"source": "a", "target": "a", "kind": "part_of"}]}, [("relations", 1)]),
    (
        "contradictory_continuation",
        {
            "organizations": [*TWO, {"id": "c", "kind": "党支部"}],
            "relations": [{"source": "b", "target": "a", "kind": "continues"}, {"source": "c", "target": "a", "kind": "continues"}],
        },
        [("relations", 1), ("relations", 2)],
    ),
]


@pytest.mark.parametrize(("code", "tables", "places"), CASES, ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)])
def test_a_row_earns_the_code(code: str, tables: dict[str, Any], places: list[tuple[str, int]]) -> None:
    facts = admitted(**tables)
    found = sorted((table, line) for table, line, found in rejected(facts) if found == code)
    assert found == places
    adds_up(facts)


def test_codes_of_files_and_dates_of_record_are_tested_elsewhere() -> None:
    """`malformed_row` needs a file (test_csv), `ignored` a facts.yaml (test_mapping), `recorded_unclear` a known-at date (below)."""
    assert set(REJECTIONS) - {case[0] for case in CASES} == {"malformed_row", "ignored", "recorded_unclear"}


def test_recorded_unclear() -> None:
    rows = [EVENT | {"recorded_on": "2024-05"}]
    assert rejected(admitted(date(2024, 5, 10), events=rows)) == [("events", 1, "recorded_unclear")]
    assert rejected(admitted(date(2024, 5, 31), events=rows)) == []
    assert shown(admitted(date(2024, 4, 30), events=rows), Table.EVENTS, "id") == []


def test_what_decides_nothing_is_not_handed_on_and_the_rest_is_as_wide_as_it_is_illegible() -> None:
    facts = admitted(
        events=[
            EVENT | {"id": "1", "organization": "zz", "date": "?"},
            EVENT | {"id": "2", "organization": ""},
            EVENT | {"id": "3", "kind": "?"},
            EVENT | {"id": "4", "date": "?", "held": "?"},
        ]
    )
    columns = ("id", "certain", "organization", "kind", "date_low", "date_high", "held")
    day, first, last = date(2024, 3, 5), date(1, 1, 1), date(9999, 12, 31)
    assert shown(facts, Table.EVENTS, *columns) == [
        ("2", False, None, "党课", day, day, "yes"),
        ("3", False, 0, None, day, day, "yes"),
        ("4", False, 0, "党课", first, last, "unclear"),
    ]
    assert rejected(facts, "line", "decides") == [(1, False), (2, True), (3, True), (4, True)]


def test_an_unknown_kind_is_told_with_what_was_probably_meant() -> None:
    facts = admitted(events=[EVENT | {"kind": "党棵"}])
    [(zh, en)] = rejected(facts, "reason", "reason_en")
    assert zh == "“kind”的“党棵”没有在规则集里定义；是不是“党课”？"
    assert en == "kind: the ruleset does not know '党棵'; did you mean 党课?"


def test_an_attribute_is_told_by_its_name() -> None:
    facts = admitted(organizations=[{"id": "a", "kind": "党支部", "人数": "18人"}])
    assert rejected(facts, "column", "reason", "reason_en") == [("人数", "“人数”的“18人”不是整数", "人数: '18人' is not a whole number")]


def test_a_dangling_attribute_leaves_the_row_in_doubt() -> None:
    """The event itself happened: only whom it concerned is not known."""
    facts = admitted(events=[EVENT | {"对方": "zz"}])
    assert shown(facts, Table.EVENTS, "id", "certain", "organization", "a_5") == [("e", False, 0, None)]


def test_an_attribute_is_read_only_on_rows_of_its_kinds() -> None:
    facts = admitted(organizations=[{"id": "a", "kind": "临时党支部", "members": "７"}, {"id": "b", "kind": "机关党委", "members": "many"}])
    assert shown(facts, Table.ORGANIZATIONS, "id", "certain", "a_0") == [("a", True, 7), ("b", True, None)]

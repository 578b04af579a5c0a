"""Versions, ids that continue each other, parents, and what the graph may not be (SEMANTICS sections 1.1, 1.2, 1.3, 1.7)."""

from datetime import date
from typing import Any

import pytest

from mofan_rules.facts.cycles import on_cycles
from mofan_rules.schema import Table
from tests.facts.admitting import TWO, adds_up, admitted, rejected, shown

EVER, NEVER = date(1, 1, 1), date(9999, 12, 31)


def spans(*organizations: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    facts = admitted(organizations=[{"kind": "党支部", **one} for one in organizations], **more)
    adds_up(facts)
    return shown(facts, Table.ORGANIZATIONS, "id", "certain", "valid_from_low", "valid_from_high", "valid_until_low", "valid_until_high")


def test_a_version_without_dates_has_always_existed() -> None:
    assert spans({"id": "a"}) == [("a", True, EVER, EVER, NEVER, NEVER)]


def test_validity_is_cut_to_founding_and_dissolution() -> None:
    founded, gone = date(2018, 7, 1), date(2021, 1, 31)
    assert spans({"id": "a", "founded_on": "2018-07-01", "dissolved_on": "2021-01-31"}) == [("a", True, founded, founded, gone, gone)]
    wide = {"id": "a", "founded_on": "2018-07-01", "valid_from": "2000-01-01", "dissolved_on": "2021-01-31", "valid_until": "2030-01-01"}
    assert spans(wide) == [("a", True, founded, founded, gone, gone)]


def test_a_founding_known_in_part() -> None:
    assert spans({"id": "a", "founded_on": "2018"}) == [("a", True, date(2018, 1, 1), date(2018, 12, 31), NEVER, NEVER)]


def test_versions_that_meet_end_the_day_before() -> None:
    first = {"id": "a", "valid_until": "2020-06-01"}
    second = {"id": "a", "valid_from": "2020-06-01"}
    end, start = date(2020, 5, 31), date(2020, 6, 1)
    assert spans(first, second) == [("a", True, EVER, EVER, end, end), ("a", True, start, start, NEVER, NEVER)]
    assert spans(first, second | {"人数": "?"}) == [("a", True, EVER, EVER, end, start), ("a", False, start, start, NEVER, NEVER)]


def test_overlapping_versions_are_all_rejected_but_not_the_rest() -> None:
    rows = [
        {"id": "a", "valid_until": "2010-12-31"},
        {"id": "a", "valid_from": "2011-01-01", "valid_until": "2020-01-01"},
        {"id": "a", "valid_from": "2019-01-01"},
        {"id": "b"},
    ]
    assert [row[:2] for row in spans(*rows)] == [("a", True), ("a", False), ("a", False), ("b", True)]


def test_an_outer_version_clashes_with_every_one_inside_it() -> None:
    rows = [{"id": "a", "name": "0"}, *({"id": "a", "valid_from": f"20{n}-01-01", "valid_until": f"20{n}-06-30"} for n in (10, 11, 12))]
    assert [row[1] for row in spans(*rows)] == [False] * 4


def test_possibly_overlapping_versions_are_no_contradiction() -> None:
    assert [row[1] for row in spans({"id": "a", "valid_until": "2020-06"}, {"id": "a", "valid_from": "2020-06-15"})] == [True, True]


def test_ids_that_continue_each_other_are_one_organization_with_the_last_number() -> None:
    organizations = [
        {"id": "m-old", "kind": "党支部", "dissolved_on": "2015-01-01"},
        {"id": "a-mid", "kind": "党支部", "founded_on": "2015-01-01", "dissolved_on": "2020-01-01"},
        {"id": "z-new", "kind": "党支部", "founded_on": "2020-01-01"},
        {"id": "p", "kind": "机关党委"},
    ]
    relations = [
        {"source": "a-mid", "target": "m-old", "kind": "continues"},
        {"source": "z-new", "target": "a-mid", "kind": "continues"},
        {"source": "m-old", "target": "p", "kind": "part_of"},
    ]
    facts = admitted(organizations=organizations, relations=relations, events=[{"id": "e", "organization": "m-old", "kind": "党课", "date": "2014"}])
    assert facts.subjects() == ["p", "z-new"]
    assert facts.connection.execute("SELECT id, number FROM facts.ids ORDER BY id").fetchall() == [("a-mid", 1), ("m-old", 1), ("p", 0), ("z-new", 1)]
    assert sorted(shown(facts, Table.ORGANIZATIONS, "organization", "valid_from_low", "valid_until_low")) == [
        (0, EVER, NEVER),
        (1, EVER, date(2014, 12, 31)),
        (1, date(2015, 1, 1), date(2019, 12, 31)),
        (1, date(2020, 1, 1), NEVER),
    ]
    assert shown(facts, Table.EVENTS, "organization") == [(1,)]
    assert ("part_of", 1, 0) in shown(facts, Table.RELATIONS, "kind", "source", "target")
    assert rejected(facts) == []


def test_forks_and_cycles_of_continuation() -> None:
    organizations = [{"id": one, "kind": "党支部"} for one in "abcd"]
    relations = [{"source": a, "target": b, "kind": "continues"} for a, b in ("ab", "ac", "cd", "dc")]
    facts = admitted(organizations=organizations, relations=relations)
    assert facts.subjects() == ["a", "b", "c", "d"]
    assert [code for _, _, code in rejected(facts)] == ["contradictory_continuation"] * 4


def test_parent_is_a_row_of_relations() -> None:
    facts = admitted(organizations=[*TWO, {"id": "c", "kind": "党支部", "parent": "b", "founded_on": "2020-01-01"}])
    day = date(2020, 1, 1)
    assert shown(facts, Table.RELATIONS, "certain", "source", "target", "kind", "valid_from_low", "valid_until_low") == [(True, 2, 1, "part_of", day, NEVER)]
    assert facts.summary is not None and facts.summary.tables[Table.RELATIONS].derived == 1
    feeds = facts.connection.execute("SELECT kind, complete FROM facts.feeds WHERE \"table\" = 'relations' ORDER BY kind").fetchall()
    assert feeds == [("part_of", True), (None, False)]


def test_parents_are_fed_with_the_organizations() -> None:
    organizations = [*TWO, {"id": "c", "kind": "党支部", "parent": "b"}]
    feeds = [{"table": "organizations", "organization": "c", "complete": "no"}]
    facts = admitted(organizations=organizations, relations=[], feeds=feeds)
    query = "SELECT kind, organization, complete FROM facts.feeds WHERE \"table\" = 'relations'"
    assert facts.connection.execute(query).fetchall() == [("part_of", 2, False)]


def test_a_parent_that_changes_on_a_day() -> None:
    organizations = [*TWO, {"id": "c", "kind": "党支部"}]
    relations = [
        {"id": "1", "source": "c", "target": "a", "kind": "part_of", "valid_until": "2020-06-01"},
        {"id": "2", "source": "c", "target": "b", "kind": "part_of", "valid_from": "2020-06-01"},
    ]
    facts = admitted(organizations=organizations, relations=relations)
    assert shown(facts, Table.RELATIONS, "certain", "target", "valid_until_low") == [(True, 0, date(2020, 5, 31)), (True, 1, NEVER)]


def test_parents_that_agree_and_parents_that_differ() -> None:
    organizations = [*TWO, {"id": "c", "kind": "党支部", "parent": "a"}]
    agreed = admitted(organizations=organizations, relations=[{"source": "c", "target": "a", "kind": "part_of", "valid_from": "2020-01-01"}])
    assert rejected(agreed) == []
    differing = admitted(organizations=organizations, relations=[{"id": "r", "source": "c", "target": "b", "kind": "part_of", "valid_from": "2020-01-01"}])
    assert sorted(rejected(differing, "table", "file", "line", "code", "column")) == [
        ("relations", "organizations", 3, "two_parents", "target"),
        ("relations", "relations", 1, "two_parents", "target"),
    ]
    assert [row[0] for row in shown(differing, Table.ORGANIZATIONS, "certain")] == [True] * 3


def test_a_cycle_only_counts_on_a_common_day() -> None:
    organizations = [{"id": one, "kind": "党支部"} for one in "abc"]

    def edges(*spans: tuple[str, str, str]) -> list[dict[str, str]]:
        return [{"id": pair, "source": pair[0], "target": pair[1], "kind": "part_of", "valid_from": start, "valid_until": end} for pair, start, end in spans]

    apart = admitted(organizations=organizations, relations=edges(("ab", "2010", "2011-12-31"), ("bc", "2011-01-01", "2020"), ("ca", "2012-01-01", "2020")))
    assert rejected(apart) == []
    ring = admitted(
        organizations=organizations, relations=edges(("ab", "2010-01-01", "2012-06-30"), ("bc", "2011-01-01", "2020"), ("ca", "2012-01-01", "2020"))
    )
    assert [code for _, _, code in rejected(ring)] == ["part_of_cycle"] * 3


def test_edges_that_only_lead_into_a_cycle_stay() -> None:
    organizations = [{"id": one, "kind": "党支部"} for one in "abcd"]
    relations = [{"id": pair, "source": pair[0], "target": pair[1], "kind": "part_of"} for pair in ("ab", "ba", "ca", "dc")]
    facts = admitted(organizations=organizations, relations=relations)
    assert shown(facts, Table.RELATIONS, "id", "certain") == [("ab", False), ("ba", False), ("ca", True), ("dc", True)]


def test_rejected_organizations_keep_their_numbers() -> None:
    facts = admitted(organizations=[{"id": "a", "kind": "?"}, {"id": "b", "kind": "党支部"}], relations=[{"source": "b", "target": "a", "kind": "指导"}])
    assert facts.subjects() == ["a", "b"]
    assert shown(facts, Table.ORGANIZATIONS, "organization", "certain", "kind") == [(0, False, None), (1, True, "党支部")]
    assert shown(facts, Table.RELATIONS, "certain", "source", "target") == [(False, 1, 0)]


def test_holders_that_are_organizations() -> None:
    facts = admitted(tenures=[{"organization": "a", "role": "书记", "person": one} for one in ("b", "p")])
    assert sorted(shown(facts, Table.TENURES, "person", "holder")) == [("b", 1), ("p", None)]


def test_tenures_that_meet() -> None:
    def tenure(person: str, start: str, end: str | None, role: str = "书记") -> dict[str, Any]:
        return {"id": person, "organization": "a", "role": role, "person": person, "from_date": start, "until_date": end}

    facts = admitted(tenures=[tenure("p", "2020-01-01", "2021-05-01"), tenure("q", "2021-05-01", None), tenure("r", "2020-01-01", "2021-05-01", "成员")])
    assert shown(facts, Table.TENURES, "person", "until_date_low") == [("p", date(2021, 4, 30)), ("q", NEVER), ("r", date(2021, 5, 1))]
    one_day = admitted(tenures=[tenure("p", "2021-05-01", "2021-05-01"), tenure("q", "2021-05-01", None)])
    assert shown(one_day, Table.TENURES, "person", "until_date_low") == [("p", date(2021, 5, 1)), ("q", NEVER)]


def test_tenures_without_a_beginning_began_on_an_unknown_day() -> None:
    facts = admitted(tenures=[{"organization": "a", "role": "书记", "person": "p"}])
    assert shown(facts, Table.TENURES, "certain", "from_date_low", "from_date_high", "until_date_low", "until_date_high") == [(True, EVER, NEVER, NEVER, NEVER)]


@pytest.mark.parametrize("length", [1, 2, 3, 50_000])
def test_long_cycles_are_found_without_recursion(length: int) -> None:
    ring = [(n, (n + 1) % length) for n in range(length)]
    tails = [(length + n, length + n + 1) for n in range(50)] + [(length + 50, 0), (0, -1)]
    assert set(on_cycles(ring + tails)) == set(range(length))


def test_two_cycles_that_touch_are_one() -> None:
    assert len(set(on_cycles([(0, 1), (1, 0), (1, 2), (2, 1), (3, 0)]).values())) == 1
    assert on_cycles([]) == {}

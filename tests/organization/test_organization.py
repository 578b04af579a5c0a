"""The graph of organizations and its diagnosis, and the profile of facts."""

from datetime import date
from typing import Any

import networkx
import pytest

from mofan_rules.facts.profile import profile
from mofan_rules.organization import GraphTooLarge, diagnose, graph, tree
from mofan_rules.organization import graph as module
from mofan_rules.schema import Table
from tests.facts.admitting import admitted

ORGANIZATIONS: list[dict[str, Any]] = [
    {"id": "top", "kind": "机关党委", "name": "顶"},
    {"id": "mid", "kind": "机关党委", "parent": "top", "dissolved_on": "2022-12-31"},
    {"id": "leaf", "kind": "党支部", "parent": "mid"},
    {"id": "new", "kind": "党支部", "parent": "top", "founded_on": "2023-01-01"},
    {"id": "alone", "kind": "党支部"},
    {"id": "guided", "kind": "党支部"},
    {"id": "x", "kind": "党支部", "parent": "z"},
    {"id": "y", "kind": "党支部", "parent": "x"},
    {"id": "z", "kind": "党支部", "parent": "y"},
]
RELATIONS = [{"source": "top", "target": "guided", "kind": "指导", "valid_from": "2020"}]


def facts() -> Any:
    return admitted(organizations=ORGANIZATIONS, relations=RELATIONS)


def test_the_graph_has_dated_edges() -> None:
    made = graph(facts())
    assert isinstance(made, networkx.MultiDiGraph)
    assert set(made.nodes) == {one["id"] for one in ORGANIZATIONS}
    assert made.nodes["top"] == {"kind": "机关党委", "name": "顶"}
    [edge] = made.get_edge_data("top", "guided").values()
    assert (edge["kind"], edge["certain"], edge["valid_from"]) == ("指导", True, (date(2020, 1, 1), date(2020, 12, 31)))
    [edge] = made.get_edge_data("mid", "top").values()
    assert edge["valid_until"] == (date(2022, 12, 31), date(2022, 12, 31))
    [edge] = made.get_edge_data("x", "z").values()
    assert edge["certain"] is False


def test_the_graph_of_a_day() -> None:
    assert set(graph(facts(), date(2023, 6, 1)).nodes) == {"top", "leaf", "new", "alone", "guided", "x", "y", "z"}
    assert set(graph(facts(), date(2020, 6, 1)).edges()) == {("mid", "top"), ("leaf", "mid")}
    assert set(tree(facts(), date(2023, 6, 1)).edges) == {("new", "top")}
    assert networkx.is_directed_acyclic_graph(tree(facts(), date(2020, 6, 1)))


def test_a_graph_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.modules["mofan_rules.organization.graph"], "LARGEST", 10)
    with pytest.raises(GraphTooLarge):
        module(facts())


def test_diagnosis() -> None:
    found = diagnose(facts(), date(2022, 6, 1))
    assert found.organizations == 8
    assert found.kinds == {"党支部": 6, "机关党委": 2}
    assert found.relations == {"part_of": 2, "指导": 1}
    assert (found.tops, found.tops_count) == (("top",), 1)
    assert found.isolated == ("alone", "x", "y", "z")
    assert found.orphans == ()
    assert found.levels == (6, 1, 1) and found.depth == 3
    assert found.cycles == (("x", "z", "y", "x"),)
    later = diagnose(facts(), date(2023, 6, 1))
    assert later.orphans == ("leaf",) and later.isolated == ("alone", "x", "y", "z")


def test_diagnosis_of_nothing() -> None:
    found = diagnose(admitted(organizations=[]), date(2024, 1, 1))
    assert (found.organizations, found.levels, found.cycles) == (0, (), ())


def test_profile() -> None:
    events = [
        {"id": "1", "organization": "top", "kind": "党课", "date": "2024-01-01", "attended": 3},
        {"id": "2", "organization": "top", "kind": "党课", "date": "2024-01", "belongs_to": "2023"},
        {"id": "3", "organization": "leaf", "kind": "?", "date": None},
        {"id": "4", "organization": "leaf", "kind": "党课", "date": "2024-02-02", "supersedes": "1", "recorded_on": "2024-03-01"},
    ]
    versions = [*ORGANIZATIONS[:6], {"id": "v", "kind": "党支部", "valid_until": "2020"}, {"id": "v", "kind": "党支部", "valid_from": "2021"}]
    found = profile(admitted(organizations=versions, events=events, complete=["waivers"]))
    table = found.tables[Table.EVENTS]
    assert (table.rows, table.uncertain, table.owned, table.busiest) == (3, 1, (2, 5), 2)
    assert table.nulls["kind"] == 1 and table.nulls["attended"] == 3 and table.nulls["date"] == 1 and table.nulls["belongs_to"] == 2
    assert table.inexact["date"] == 2 and table.inexact["belongs_to"] == 1
    assert found.belongs_to and found.corrected
    assert (found.subjects, found.histories) == (7, 1)
    assert found.incomplete == {Table.RELATIONS, Table.ATTENDANCE, Table.TENURES, Table.EVIDENCE}
    assert not profile(admitted()).belongs_to

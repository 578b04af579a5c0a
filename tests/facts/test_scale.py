"""What is done otherwise for many rows comes to the same: each test does it both ways."""

import random
from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mofan_rules import pipeline
from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import AdmittedFacts, Facts, ledger, parquet_files
from mofan_rules.facts.hierarchy import dated_cycles, walked_cycles
from mofan_rules.ir.program import Context
from mofan_rules.population import generate
from mofan_rules.schema import Attribute, Kind, Table, Type, Vocabulary
from tests.facts.admitting import admitted, everything, kinds, rejected, shown

ROOT = Path(__file__).parents[2]
MINIMAL = ROOT / "rulesets" / "mofan-minimal"


def by_id(facts: AdmittedFacts) -> dict[str, dict[Any, list[tuple[Any, ...]]]]:
    """The rows of each id, in the order of their numbers but without these."""
    found: dict[str, dict[Any, list[tuple[Any, ...]]]] = {}
    for table in Table:
        columns = facts.columns(table)
        key = columns.index("id" if "id" in columns else "event")
        found[table.value] = defaultdict(list)
        for row in facts.rows(table):
            found[table.value][row[key]].append(tuple(row[1:]))
    return found


def random_tables(seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    recorded = ["2024-03-05", "2024-04-01", "2024-05", None]
    events = [
        {
            "id": chance.choice(["1", "2", "3", str(number)]),
            "organization": chance.choice(["a", "b", "z"]),
            "kind": chance.choice(["党员大会", "党课", "茶话会"]),
            "date": chance.choice(["2024-03-05", "2024-03-06", "?"]),
            "recorded_on": chance.choice(recorded),
            "supersedes": chance.choice(["1", "2", None, None, None]),
        }
        for number in range(4, 40)
    ]
    tenures = [{"id": chance.choice("123456"), "organization": "a", "role": chance.choice(["书记", "成员"]), "person": chance.choice("pq")} for _ in range(9)]
    return {"events": events, "tenures": tenures}


@pytest.mark.parametrize("seed", range(8))
def test_rows_of_one_id_are_in_order_though_the_table_is_not_sorted(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = random_tables(seed)
    usual = admitted(**tables)
    monkeypatch.setattr(ledger, "MANY", 0)
    large = admitted(**tables)
    assert by_id(large) == by_id(usual)
    assert rejected(large, "table", "line", "code", "value", "decides") == rejected(usual, "table", "line", "code", "value", "decides")


@pytest.mark.parametrize("seed", range(30))
def test_circles_are_found_at_a_glance_where_they_are_found_by_walking(seed: int) -> None:
    chance = random.Random(seed)
    days = [date(2024, month, 1) for month in range(1, 13)]
    edges: list[tuple[int, int, int, int, date, date]] = []
    for component in range(6):
        nodes = [component * 10 + place for place in range(chance.randint(1, 5))]
        for node, following in zip(nodes, nodes[1:] + nodes[:1], strict=True):
            edges.append((component, len(edges), node, following, chance.choice(days[:7]), chance.choice(days[5:])))
    edges = [edge for edge in edges if edge[4] <= edge[5]]
    whole = {component for component in range(6) if all(n in {e[2] for e in edges if e[0] == component} for n in {e[3] for e in edges if e[0] == component})}
    edges = [edge for edge in edges if edge[0] in whole]
    assert dated_cycles(edges) == walked_cycles([edge[1:] for edge in edges])


@pytest.mark.parametrize("executor", ["duckdb", "interpreter"])
def test_verdicts_are_the_same_though_tables_are_not_sorted(executor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = pipeline.load_ruleset(MINIMAL)
    question = Context(date(2025, 4, 1), date(2024, 1, 1), date(2024, 12, 31))
    facts = pipeline.load_facts(MINIMAL / "example")
    usual = list(pipeline.run(executor, ruleset.program, pipeline.admit(ruleset, facts), question).rows())
    monkeypatch.setattr(ledger, "MANY", 0)
    assert list(pipeline.run(executor, ruleset.program, pipeline.admit(ruleset, facts), question).rows()) == usual


@pytest.mark.parametrize("dirt", [True, False])
def test_parquet_files_are_read_where_they_lie_as_they_are_copied(tmp_path: Path, dirt: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(ROOT / "rulesets" / "mofan" / "population.yaml", 40, 5, tmp_path, format="parquet", dirt=dirt)
    ruleset = pipeline.load_ruleset(ROOT / "rulesets" / "mofan")
    copied = pipeline.admit(ruleset, pipeline.load_facts(tmp_path))
    monkeypatch.setattr(parquet_files, "LARGE", 0)
    lying = pipeline.admit(ruleset, pipeline.load_facts(tmp_path))
    assert everything(lying) == everything(copied)
    assert lying.summary == copied.summary
    assert rejected(lying, "table", "file", "line", "code", "value") == rejected(copied, "table", "file", "line", "code", "value")


def test_a_damaged_parquet_file_is_refused_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    path = tmp_path / "events.parquet"
    duckdb.execute(
        f"COPY (SELECT 'e' || n AS id, 'a' AS organization, '党课' AS kind, md5(n::VARCHAR) AS date FROM range(3000) t(n)) TO '{path}' (FORMAT parquet)"
    )
    data = bytearray(path.read_bytes())
    data[200:4000] = bytes(3800)
    path.write_bytes(data)
    monkeypatch.setattr(parquet_files, "LARGE", 0)
    with pytest.raises(FactsError):
        admitted(events=str(path))
    assert Facts(events=str(path)).supplied


ODD = Vocabulary(
    kinds={
        Table.ORGANIZATIONS: kinds(Kind("党支部", aliases=("支部",)), Kind("机关党委")),
        Table.EVENTS: kinds(Kind("甲会", aliases=("甲种会",)), Kind("甲小会", parent="甲会"), Kind("乙会"), Kind("丙会"), Kind("戊会")),
    },
    attributes=(
        Attribute("应到", Table.EVENTS, Type.INTEGER, kinds=("甲会",), minimum=Fraction(0)),
        Attribute("实到", Table.EVENTS, Type.INTEGER, kinds=("乙会",), maximum=Fraction(5)),
        Attribute("题目", Table.EVENTS, Type.TEXT, kinds=("甲会",)),
        Attribute("类别", Table.EVENTS, Type.TEXT, kinds=("乙会", "甲小会"), values=("甲", "乙")),
        Attribute("层级", Table.EVENTS, Type.TEXT, kinds=("丙会",), values=("丙",)),
        Attribute("比例", Table.EVENTS, Type.NUMBER, kinds=("丙会",)),
        Attribute("合格", Table.EVENTS, Type.BOOLEAN, kinds=("甲小会",)),
        Attribute("事项", Table.EVENTS, Type.ITEMS, kinds=("乙会",)),
        Attribute("对口", Table.EVENTS, Type.ORGANIZATION, kinds=("甲会", "丙会")),
        Attribute("到期", Table.EVENTS, Type.DATE, kinds=("乙会",)),
        Attribute("备注", Table.EVENTS, Type.TEXT),
        Attribute("从未", Table.EVENTS, Type.INTEGER, kinds=("戊会",)),
        Attribute("没有", Table.EVENTS, Type.TEXT, kinds=("甲会",)),
    ),
)


def odd_events(seed: int) -> list[dict[str, Any]]:
    """Attributes of every type on rows that have them, on rows that have not, and on rows whose kind nobody knows."""
    chance = random.Random(seed)
    pool = {
        "应到": ["3", "x", None, "-1", "99999999999999999999"],
        "实到": ["3", "9", "x"],
        "题目": ["学习", " ", None, " 长\u3000", "\ufeff题", "e\u0301"],
        "类别": ["甲", "乙", "丙", None],
        "层级": ["丙", "丁"],
        "比例": ["0.5", "50%", "x", None],
        "合格": ["是", "否", "?", None],
        "事项": ["a、b", "[]", None],
        "对口": ["a", "z", None],
        "到期": ["2024-05", "?", None],
        "备注": ["好", None],
        "从未": ["1", "x"],
    }
    return [
        {
            "id": f"e{number if chance.random() < 0.8 else 0}",
            "organization": "a",
            "kind": chance.choice(["甲会", " 甲会", "甲种会", "甲小会", "乙会", "丙会", "丁会"]),
            "date": "2024-03-05",
            **{column: chance.choice(values) for column, values in pool.items() if chance.random() < 0.6},
        }
        for number in range(120)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_attributes_that_share_a_column_are_read_as_those_that_have_their_own(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    events = odd_events(seed)
    usual = admitted(vocabulary=ODD, events=events)
    assert {code for (code,) in rejected(usual, "code")} >= {"bad_value", "bad_integer", "out_of_range", "contradictory_id", "unknown_kind"}
    monkeypatch.setattr(ledger, "MANY", 0)
    large = admitted(vocabulary=ODD, events=events)
    stored = [str(row[0]) for row in large.connection.execute("DESCRIBE facts.packed_events").fetchall()]
    assert sum(column.startswith("p_") for column in stored) < sum(one.type is not Type.DATE for one in ODD.attributes) - 2
    assert large.columns(Table.EVENTS) == usual.columns(Table.EVENTS)
    assert by_id(large) == by_id(usual)
    assert rejected(large, "table", "line", "code", "column", "value", "decides") == rejected(usual, "table", "line", "code", "column", "value", "decides")


def test_typed_columns_share_one_as_texts_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(ROOT / "rulesets" / "mofan" / "population.yaml", 40, 6, tmp_path, format="parquet")
    ruleset = pipeline.load_ruleset(ROOT / "rulesets" / "mofan")
    usual = pipeline.admit(ruleset, pipeline.load_facts(tmp_path))
    monkeypatch.setattr(ledger, "MANY", 0)
    large = pipeline.admit(ruleset, pipeline.load_facts(tmp_path))
    assert by_id(large) == by_id(usual)
    assert large.summary == usual.summary
    assert rejected(large, "table", "file", "line", "code", "value") == rejected(usual, "table", "file", "line", "code", "value")


def test_a_typed_column_that_nobody_reads_is_left_alone(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "events.parquet"
    duckdb.execute(f"COPY (SELECT 'e' AS id, 'a' AS organization, '党课' AS kind, DATE '2024-03-05' AS date, 7 AS 天气) TO '{path}' (FORMAT parquet)")
    assert [row[:2] for row in shown(admitted(events=str(path)), Table.EVENTS, "id", "kind")] == [("e", "党课")]

"""The admitted tables have the layout that executors expect, whatever was supplied."""

from fractions import Fraction

import duckdb
import pytest

from mofan_rules.facts import AdmittedFacts
from mofan_rules.schema import ADMITTED, Attribute, Table, Type, Vocabulary
from tests.facts.admitting import VOCABULARY, admitted


def described(facts: AdmittedFacts, table: Table) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in facts.connection.execute(f'DESCRIBE facts."{table.value}"').fetchall()}


@pytest.mark.parametrize("table", Table)
def test_fixed_columns(table: Table) -> None:
    """Without attributes an admitted table is laid out exactly as the schema says, and in that order."""
    bare = Vocabulary(kinds=VOCABULARY.kinds)
    for facts in (admitted(vocabulary=bare), admitted(vocabulary=bare, organizations=None), admitted(vocabulary=bare, events=[], feeds=[])):
        assert list(described(facts, table).items()) == list(ADMITTED[table].items())


def test_attribute_columns() -> None:
    types = {
        Type.BOOLEAN: "BOOLEAN",
        Type.INTEGER: "BIGINT",
        Type.NUMBER: "DECIMAL(24,6)",
        Type.TEXT: "VARCHAR",
        Type.ORGANIZATION: "INTEGER",
        Type.ITEMS: "VARCHAR[]",
    }
    attributes = tuple(Attribute(f"x{kind.value}", Table.EVENTS, kind) for kind in types)
    vocabulary = Vocabulary(kinds=VOCABULARY.kinds, attributes=(*attributes, Attribute("day", Table.EVENTS, Type.DATE, minimum=Fraction(1))))
    expected = {f"a_{number}": name for number, name in enumerate(types.values())} | {"a_6_low": "DATE", "a_6_high": "DATE"}
    row = {"organization": "a", "kind": "党课", "date": "2024-01-01", "xboolean": "是", "xinteger": 1, "xnumber": "1,234.5", "xtext": "t"}
    for facts in (admitted(vocabulary=vocabulary), admitted(vocabulary=vocabulary, events=[row | {"xorganization": "b", "xitems": ["x"], "day": "2024"}])):
        assert list(described(facts, Table.EVENTS).items()) == list((ADMITTED[Table.EVENTS] | expected).items())


def test_rejected_and_subjects() -> None:
    facts = admitted()
    columns = [row[0] for row in facts.connection.execute("DESCRIBE facts.rejected").fetchall()]
    assert columns == ["table", "file", "line", "column", "code", "reason", "reason_en", "value", "decides"]
    assert facts.connection.execute("FROM facts.subjects").fetchall() == [(0, "a"), (1, "b")]
    schemas = {row[0] for row in facts.connection.execute("SELECT schema_name FROM duckdb_schemas() WHERE NOT internal").fetchall()}
    assert schemas - {"main"} == {"facts"}


def test_a_table_that_is_not_supplied_is_incomplete_everywhere() -> None:
    facts = admitted(events=[], complete=["waivers", "任职"])
    feeds = facts.connection.execute('SELECT "table", id, kind, organization, complete FROM facts.feeds ORDER BY 1').fetchall()
    assert feeds == [(name, None, None, None, False) for name in ("attendance", "evidence", "relations")]
    assert admitted(complete="all").rows(Table.FEEDS) == []


def test_the_admitted_tables_can_be_read_by_a_cursor() -> None:
    cursor: duckdb.DuckDBPyConnection = admitted().connection.cursor()
    assert cursor.execute("SELECT count(*) FROM facts.organizations").fetchall() == [(2,)]

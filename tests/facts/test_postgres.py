"""A real PostgreSQL database."""

from datetime import date
from pathlib import Path

import psycopg
import pytest

from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import admit, load_facts
from mofan_rules.schema import Table
from tests.facts.admitting import VOCABULARY, adds_up, rejected, shown

pytestmark = pytest.mark.postgres

SCHEMA = """
DROP SCHEMA IF EXISTS register CASCADE;
CREATE SCHEMA register;
SET search_path = register;
CREATE TABLE organizations (id integer, kind text, founded_on date, "上级" integer, geloescht text);
ALTER TABLE organizations DROP COLUMN geloescht;
INSERT INTO organizations VALUES (1, '支部', '2020-01-01', 2), (2, '机关党委', NULL, NULL), (3, E'no\\nkind, "really"', 'infinity', 2);
CREATE TABLE "活动" ("编号" bigserial, "组织" integer, "类型" varchar(20), "日期" timestamptz, "学时" numeric(6,2), "公开" boolean, "要点" text[]);
INSERT INTO "活动" ("组织", "类型", "日期", "学时", "公开", "要点") VALUES
    (1, '党课', '2024-03-05 10:00+00', 1.50, true, ARRAY['甲', '乙,丙']), (9, '党课', NULL, NULL, NULL, NULL), (1, '党课', '2024-03-06', NULL, false, '{}');
CREATE VIEW tenures AS SELECT id AS organization, '书记' AS role, 'p' || id AS person, founded_on AS from_date FROM organizations WHERE id < 3;
CREATE TABLE other (x int);
"""


@pytest.fixture
def address(postgres: str) -> str:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(SCHEMA)
    return f"{postgres}?options=-csearch_path%3Dregister"


def test_tables_and_views(address: str) -> None:
    facts = admit(load_facts(address), VOCABULARY)
    adds_up(facts)
    assert facts.subjects() == ["1", "2", "3"]
    assert shown(facts, Table.EVENTS, "id", "certain", "organization", "date_low", "a_1", "a_2", "a_6") == [
        ("1", True, 0, date(2024, 3, 5), 1.5, True, ["乙,丙", "甲"]),
        ("3", True, 0, date(2024, 3, 6), None, False, []),
    ]
    assert shown(facts, Table.TENURES, "organization", "person", "from_date_low") == [(0, "p1", date(2020, 1, 1)), (1, "p2", date(1, 1, 1))]
    assert [(line, code) for _, line, code in rejected(facts)] == [(2, "dangling_reference"), (3, "unknown_kind"), (3, "rejected_reference")]
    assert facts.summary is not None
    assert "other was not used" in [one.en for one in facts.summary.assumptions]


def test_a_mapping_for_a_database(address: str, tmp_path: Path) -> None:
    mapping = tmp_path / "facts.yaml"
    mapping.write_text(
        "complete: all\ntables:\n  organizations: {from: organizations, where: {kind: 支部}}\n  events: {from: 活动, kinds: {党课: null}}\n", encoding="utf-8"
    )
    facts = admit(load_facts(address, mapping), VOCABULARY)
    assert facts.subjects() == ["1"]
    assert {code for _, _, code in rejected(facts)} == {"ignored", "dangling_reference"}


def test_the_password_is_never_shown(address: str) -> None:
    wrong = address.replace("/postgres?", "/nothing?")
    with pytest.raises(FactsError) as caught:
        load_facts(wrong)
    assert "facts-unreadable" in str(caught.value) and "geheim" not in str(caught.value)
    with pytest.raises(FactsError) as refused:
        load_facts(address.replace("geheim", "falsch"))
    assert "falsch" not in str(refused.value)
    assert admit(load_facts(address), VOCABULARY).connection.execute("SELECT count(*) FROM facts.rejected WHERE file LIKE '%geheim%'").fetchall() == [(0,)]


def test_the_connection_cannot_write(address: str) -> None:
    from mofan_rules.facts.postgres import Server

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), Server(address).connect() as connection:
        connection.execute("CREATE TABLE x (y int)")


@pytest.mark.parametrize(
    "wrong", ["postgresql://", "postgresql://127.0.0.1:1/x", "postgres://[::1", "postgresql://x:y@127.0.0.1:99999/z", "postgresql://127.0.0.1:1/x?sslmode=%"]
)
def test_no_server(wrong: str) -> None:
    with pytest.raises(FactsError):
        load_facts(wrong)

"""`facts.yaml`: what it can say, and what is wrong in it."""

from datetime import date
from pathlib import Path

import pytest

from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import AdmittedFacts, admit, load_facts
from mofan_rules.facts.mapping_file import read_mapping
from mofan_rules.schema import Table
from tests.facts.admitting import VOCABULARY, adds_up, rejected, shown

ORGANIZATIONS = "id,kind\na,党支部\nb,机关党委\n"


def read(path: Path, mapping: str, **files: str) -> AdmittedFacts:
    for name, text in {"organizations": ORGANIZATIONS, **files}.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    (path / "facts.yaml").write_text(mapping, encoding="utf-8")
    facts = admit(load_facts(path), VOCABULARY)
    adds_up(facts)
    return facts


def test_ignored_kinds_decide_nothing(tmp_path: Path) -> None:
    mapping = "kinds: {events: {会议: 党课, 培训: null, 旅游: ~}}"
    facts = read(tmp_path, mapping, events="id,organization,kind,date\n1,a,会议,2024\n2,a, 培训 ,?\n3,,旅游,2024\n")
    assert shown(facts, Table.EVENTS, "id", "kind", "certain") == [("1", "党课", True)]
    assert rejected(facts, "line", "code", "value", "decides") == [(3, "ignored", "培训", False), (4, "ignored", "旅游", False)]


def test_nobody_can_write_the_mark_of_an_ignored_row(tmp_path: Path) -> None:
    facts = read(tmp_path, "complete: all", events="id,organization,kind,date\n1,a,\x01ignored\x01,2024\n")
    assert rejected(facts, "code") == [("unknown_kind",)]


def test_one_file_for_several_tables(tmp_path: Path) -> None:
    mapping = """
tables:
  活动: {from: x.csv, where: {what: [会, 课]}, columns: {id: "{who}#{when}", 组织: who, kind: what, 日期: when}, kinds: {会: 党员大会, 课: 党课}}
  任职: {from: x.csv, where: {what: 任}, columns: {organization: who, person: note, 开始日期: when}, set: {role: 书记}, only: true}
"""
    facts = read(tmp_path, mapping, x="who,what,when,note\na,会,2024-01-02,\na,任,2023-01-01,p\n,课,2024-01-03,\n")
    assert shown(facts, Table.EVENTS, "id", "kind", "certain") == [("a#2024-01-02", "党员大会", True), (shown(facts, Table.EVENTS, "id")[1][0], "党课", False)]
    assert shown(facts, Table.TENURES, "role", "person", "from_date_low") == [("书记", "p", date(2023, 1, 1))]
    assert rejected(facts, "table", "file", "line", "code") == [("events", "x.csv", 4, "missing_value")]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("{x: u}", "1"),
        ("{x: [u, v]}", "12"),
        ("{x: {not: [u, v]}}", "3"),
        ("{x: present}", "12"),
        ("{x: absent}", "3"),
        ("{x: [u, null]}", "13"),
        ("{x: {not: absent}}", "12"),
        ("{x: [u, v], id: {not: 1}}", "2"),
        ("{x: [present]}", ""),
    ],
)
def test_filters(tmp_path: Path, where: str, ids: str) -> None:
    events = "id,organization,kind,date,x\n1,a,党课,2024,u\n2,a,党课,2024, v \n3,a,党课,2024,\n"
    facts = read(tmp_path, f"tables: {{events: {{where: {where}}}}}", events=events)
    assert "".join(row[0] for row in shown(facts, Table.EVENTS, "id")) == ids


def test_dates_and_ends(tmp_path: Path) -> None:
    mapping = "tables: {tenures: {dates: DMY, ends: excluded, missing: [offen]}}"
    header = "organization,role,person,from_date,until_date\n"
    facts = read(tmp_path, mapping, tenures=header + "a,书记,p,3.4.2020,01/03/2024\na,书记,q,2021-05-06,offen\na,成员,r,2020-01,2024-02\n")
    assert sorted(shown(facts, Table.TENURES, "person", "from_date_low", "until_date_low", "until_date_high")) == [
        ("p", date(2020, 4, 3), date(2024, 2, 29), date(2024, 2, 29)),
        ("q", date(2021, 5, 6), date(9999, 12, 31), date(9999, 12, 31)),
        ("r", date(2020, 1, 1), date(2024, 2, 1), date(2024, 2, 29)),
    ]


def test_month_first(tmp_path: Path) -> None:
    facts = read(tmp_path, "tables: {events: {dates: MDY}}", events="organization,kind,date\na,党课,3/4/2024\n")
    assert shown(facts, Table.EVENTS, "date_low") == [(date(2024, 3, 4),)]


def test_split_and_history_keep_the_lines(tmp_path: Path) -> None:
    mapping = "tables: {attendance: {from: p.csv, split: {person: ';'}, columns: {event: e, person: who, present: here}}}"
    events = "id,organization,kind,date\ne,a,党课,2024\n"
    facts = read(tmp_path, mapping, events=events, p="e,who,here\ne,p;q; r,1\ne,s;p,?\n")
    assert sorted(row[0] for row in shown(facts, Table.ATTENDANCE, "person")) == ["p", "p", "q", "r", "s"]
    assert sorted(rejected(facts, "line", "code")) == [(2, "contradictory_id"), (3, "bad_boolean"), (3, "bad_boolean")]


def test_history(tmp_path: Path) -> None:
    mapping = (
        "tables: {tenures: {from: p.csv, columns: {organization: o, role: r, from_date: s, until_date: u, person: p}, history: {column: h, into: person}}}"
    )
    text = "o,r,s,u,p,h\na,书记,2019-01-01,2022-12-31,z,2019-06-01:x;2021-01-01:y:1\na,成员,2020-01-01,,z,\n"
    facts = read(tmp_path, mapping, p=text)
    assert sorted(shown(facts, Table.TENURES, "role", "person", "from_date_low", "until_date_low")) == [
        ("书记", "x", date(2019, 1, 1), date(2020, 12, 31)),
        ("书记", "y:1", date(2021, 1, 1), date(2022, 12, 31)),
        ("成员", "z", date(2020, 1, 1), date(9999, 12, 31)),
    ]


def test_history_outside_of_the_row_is_left_out(tmp_path: Path) -> None:
    mapping = "tables: {tenures: {from: p.csv, columns: {organization: o, from_date: s, until_date: u}, set: {role: 书记}, history: {column: h, into: person}}}"
    text = "o,s,u,h\na,2020-01-01,2020-12-31,2018-01-01:v;2019-01-01:w;2020-07-01:x;2021-01-01:y\na,2021-01-01,,\n"
    facts = read(tmp_path, mapping, p=text)
    assert rejected(facts) == []
    assert sorted(shown(facts, Table.TENURES, "from_date_low", "until_date_low", "person")) == [
        (date(2020, 1, 1), date(2020, 6, 30), "w"),
        (date(2020, 7, 1), date(2020, 12, 31), "x"),
        (date(2021, 1, 1), date(9999, 12, 31), None),
    ]


def test_malformed_rows_are_filtered_out_by_nothing(tmp_path: Path) -> None:
    """What such a row says, and for which table, is not known."""
    mapping = """
tables:
  events: {from: x.csv, columns: {organization: o, kind: k, date: d}, where: {k: 党课}}
  tenures: {from: x.csv, columns: {organization: o, role: k, person: p}, where: {k: 书记}, split: {person: ;}}
"""
    facts = read(tmp_path, mapping, x="o,k,d,p\na,党课,2024,\na,书记,,p;q\na,书记,,\na,书记\n")
    assert rejected(facts, "table", "line", "code", "value") == [("events", 5, "malformed_row", "a,书记"), ("tenures", 5, "malformed_row", "a,书记")]
    assert [row[0] for row in shown(facts, Table.TENURES, "certain")].count(True) == 3


def test_patterns_lists_and_feeds(tmp_path: Path) -> None:
    mapping = """
complete: [免除, relations]
tables: {events: {from: ["m-*.csv", other]}}
feeds: [{table: events, kind: 党课, complete: no, until_date: 2020-12-31}]
ignore: [junk.csv]
"""
    header = "organization,kind,date\n"
    files = {"m-1": header + "a,党课,2024-01-01\n", "m-2": header + "a,党课,2024-01-02\n", "other": header + "a,党课,2024-01-03\n", "junk": "x\n"}
    facts = read(tmp_path, mapping, **files)
    assert len(facts.rows(Table.EVENTS)) == 3
    feeds = sorted(shown(facts, Table.FEEDS, "table", "kind", "until_date"), key=str)
    never = date(9999, 12, 31)
    assert feeds == [("attendance", None, never), ("events", "党课", date(2020, 12, 31)), ("evidence", None, never), ("tenures", None, never)]
    assert facts.summary is not None and not [one for one in facts.summary.assumptions if "junk" in one.en]


def test_a_mapping_elsewhere_and_one_that_names_its_source(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "orgs2.csv").write_text(ORGANIZATIONS, encoding="utf-8")
    mapping = tmp_path / "m.yaml"
    mapping.write_text("source: data\ntables: {organizations: orgs2.csv}", encoding="utf-8")
    assert admit(load_facts(mapping), VOCABULARY).subjects() == ["a", "b"]
    assert admit(load_facts(data, mapping), VOCABULARY).subjects() == ["a", "b"]


WRONG = [
    ("tabels: {}", 1, 1, "facts-yaml-key", "tables"),
    ("tables: {evnts: {}}", 1, 10, "facts-unknown-table", "events"),
    ("tables:\n  events: {columms: {}}", 2, 12, "facts-yaml-key", "columns"),
    ("tables: {events: {from: organisations.csv}}", 1, 25, "facts-no-such-source", "organizations.csv"),
    ("tables: {events: {from: organizations.csv, columns: {dat: kind}}}", 1, 18, "facts-unknown-column", "date"),
    ("tables: {events: {from: organizations.csv, columns: {date: knid}}}", 1, 18, "facts-no-such-column", "kind"),
    ("tables: {events: {from: organizations.csv, where: {knid: x}}}", 1, 18, "facts-no-such-column", "kind"),
    ("tables: {organizations: {dates: DYM}}", 1, 33, "facts-yaml-choice", "DMY"),
    ("tables: {organizations: {ends: exclude}}", 1, 32, "facts-yaml-choice", "excluded"),
    ('tables: {organizations: {columns: {name: "{id"}}}', 1, 43, "facts-yaml-brace", None),
    ("tables: {organizations: [[1]]}", 1, 26, "facts-yaml-shape", None),
    ("complete: {a: b}", 1, 11, "facts-yaml-shape", None),
    ("complete: [waver]", 1, 12, "facts-unknown-table", "waiver"),
    ("- a", 1, 1, "facts-yaml-shape", None),
    ("kinds: {events: [a]}", 1, 17, "facts-yaml-shape", None),
    ("tables: {organizations: {history: {column: x}}}", 1, 35, "facts-yaml-shape", None),
    ("tables: {organizations: {history: {column: x, into: name}}}", 1, 25, "facts-no-such-column", None),
    ("tables: {organizations: {split: {nam: ';'}}}", 1, 25, "facts-unknown-column", "name"),
    ("tables: {organizations: {set: {nam: x}}}", 1, 25, "facts-unknown-column", "name"),
    ("a: &x 1\nb: *x", 2, 4, "yaml-alias", None),
    ("tables: {", 1, 10, "yaml-syntax", None),
]


@pytest.mark.parametrize(("mapping", "line", "column", "code", "meant"), WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_told_by_place(tmp_path: Path, mapping: str, line: int, column: int, code: str, meant: str | None) -> None:
    with pytest.raises(FactsError) as caught:
        read(tmp_path, mapping)
    found = [one for one in caught.value.diagnostics if one.code == code]
    assert found, caught.value
    assert found[0].span is not None
    assert (found[0].span.file, found[0].span.line, found[0].span.column) == ("facts.yaml", line, column)
    if meant is not None:
        assert found[0].hint is not None and meant in found[0].hint.en


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FactsError) as caught:
        read(tmp_path, "tabels: {}\ncomplete: [x]\ntables: {events: {dates: x}}")
    assert [one.code for one in caught.value.diagnostics] == ["facts-yaml-key", "facts-unknown-table", "facts-yaml-choice"]


def test_an_empty_mapping_says_nothing() -> None:
    assert read_mapping("facts.yaml", b"") == read_mapping("facts.yaml", b"# nothing\n") == read_mapping("facts.yaml", b"tables:\nkinds:\nfeeds:\n")


def test_of_two_values_of_one_date_the_last_counts(tmp_path: Path) -> None:
    """A history that changes twice on one day: what held for no day is left out, and that is said."""
    mapping = """
tables:
  organizations: {from: organizations.csv, columns: {valid_from: since}, history: {column: firms, into: name}}
"""
    (tmp_path / "organizations.csv").write_text(
        "id,kind,since,firms\na,党支部,2018-01-01,2018-03-15:CoreOS;2018-03-15:Red Hat;2020-01-01:IBM\n", encoding="utf-8"
    )
    (tmp_path / "facts.yaml").write_text(mapping, encoding="utf-8")
    facts = admit(load_facts(tmp_path), VOCABULARY)
    names = [("Red Hat", date(2018, 1, 1), date(2019, 12, 31)), ("IBM", date(2020, 1, 1), date(9999, 12, 31))]
    assert sorted(shown(facts, Table.ORGANIZATIONS, "name", "valid_from_low", "valid_until_low")) == sorted(names)
    assert rejected(facts) == []
    assert facts.summary is not None
    said = "organizations.csv: where firms has several values of one date (1 times), the last was taken"
    assert said in [one.en for one in facts.summary.assumptions]


@pytest.mark.parametrize("mapping", ["nonsense: 1", "tables: {events: {from: nosuch.csv}}", "tables: {organizations: {columns: {nosuch: x}}}"])
def test_an_error_knows_the_text_that_it_points_into(tmp_path: Path, mapping: str) -> None:
    with pytest.raises(FactsError) as caught:
        read(tmp_path, mapping)
    assert caught.value.sources == {"facts.yaml": mapping}

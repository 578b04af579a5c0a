"""CSV files as people have them, and as they should not be."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import AdmittedFacts, Facts, admit, load_facts
from mofan_rules.schema import Table
from tests.facts.admitting import VOCABULARY, adds_up, rejected, shown

ORGANIZATIONS = "编号,名称,类型,上级组织,成立日期\na,甲支部,党支部,b,2018/7/1\nb,乙党委,机关党委,,2015年1月1日\n"
EVENTS = '编号,组织,类型,日期,应到人数,实到人数\ne1,a,支部大会,2024/3/5,"1,200",７\ne2,a,党课,45356,5,4\n'


def folder(path: Path, **files: str | bytes) -> Path:
    """A folder with CSV files; `_` in a name stands for a hyphen."""
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (path / f"{name.replace('_', '-')}.csv").write_bytes(data)
    return path


def read(path: Path) -> AdmittedFacts:
    facts = admit(load_facts(path), VOCABULARY)
    adds_up(facts)
    return facts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, ends: str) -> None:
    files = {"组织": ORGANIZATIONS, "活动": EVENTS}
    facts = read(folder(tmp_path, **{name: text.replace("\n", ends).encode(encoding) for name, text in files.items()}))
    assert rejected(facts) == []
    assert shown(facts, Table.ORGANIZATIONS, "id", "name", "kind", "founded_on_low") == [
        ("a", "甲支部", "党支部", date(2018, 7, 1)),
        ("b", "乙党委", "机关党委", date(2015, 1, 1)),
    ]
    assert shown(facts, Table.EVENTS, "id", "kind", "date_low", "expected", "attended") == [
        ("e1", "党员大会", date(2024, 3, 5), 1200, 7),
        ("e2", "党课", date(2024, 3, 5), 5, 4),
    ]
    assert facts.summary is not None
    said = " ".join(one.en for one in facts.summary.assumptions)
    assert (".csv: read as" in said) == (encoding != "utf-8")
    assert "组织.csv was taken for organizations" in said


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(csv.reader(io.StringIO(ORGANIZATIONS + '"c;d","x,\ty",党支部,,\n')))
    facts = read(folder(tmp_path, organizations=target.getvalue()))
    assert shown(facts, Table.ORGANIZATIONS, "id", "name") == [("a", "甲支部"), ("b", "乙党委"), ("c;d", "x,\ty")]


def test_a_declared_delimiter(tmp_path: Path) -> None:
    facts = read(folder(tmp_path, organizations="sep=;\n" + ORGANIZATIONS.replace(",", ";")))
    assert facts.subjects() == ["a", "b"]


def test_a_title_above_the_header(tmp_path: Path) -> None:
    facts = read(folder(tmp_path, organizations="2024年党组织名册,,,,\n填表人：某某,,,,\n" + ORGANIZATIONS + "c,丙,什么,,\n"))
    assert facts.subjects() == ["a", "b", "c"]
    assert rejected(facts, "file", "line", "code") == [("organizations.csv", 6, "unknown_kind")]


def test_several_files_of_one_table(tmp_path: Path) -> None:
    header = "id,organization,kind,date\n"
    folder(
        tmp_path,
        organizations=ORGANIZATIONS,
        events_2024=header + "1,a,党课,2024-01-01\n",
        events_2025="organization,date,id,kind\na,2025-01-01,2,党课\nzz,2025,3,党课\n",
    )
    facts = read(tmp_path)
    assert shown(facts, Table.EVENTS, "id", "date_low") == [("1", date(2024, 1, 1)), ("2", date(2025, 1, 1))]
    assert rejected(facts, "file", "line", "code") == [("events-2025.csv", 3, "dangling_reference")]


def test_quotes_line_breaks_and_blank_lines_keep_the_count_of_lines(tmp_path: Path) -> None:
    text = 'id,name,kind\n\na,"x\ny ""z""",党支部\n\n"b","q",党支部\nc,z,?\n,,\n'
    facts = read(folder(tmp_path, organizations=text))
    assert shown(facts, Table.ORGANIZATIONS, "id", "name") == [("a", 'x\ny "z"'), ("b", "q"), ("c", "z")]
    assert rejected(facts, "line", "code") == [(7, "unknown_kind")]


def test_rows_of_the_wrong_width(tmp_path: Path) -> None:
    text = "id,kind,name\na,党支部,x\nb,党支部\nc,党支部,y,z\nd,党支部,y,,\n"
    facts = read(folder(tmp_path, organizations=text))
    assert rejected(facts, "line", "code", "value") == [(3, "malformed_row", "b,党支部"), (4, "malformed_row", "c,党支部,y,z")]
    assert shown(facts, Table.ORGANIZATIONS, "id", "certain") == [("a", True), ("d", True), (None, False), (None, False)]


def test_a_quote_that_is_never_closed(tmp_path: Path) -> None:
    facts = read(folder(tmp_path, organizations='id,kind,name\na,党支部,x\nb,党支部,"y\nc,党支部,z\n'))
    assert [row for row in shown(facts, Table.ORGANIZATIONS, "id") if row[0] == "a"] == [("a",)]
    assert facts.summary is not None and facts.summary.read == 2


@pytest.mark.parametrize("text", ["", "\n", "id,kind\n", "\ufeffid,kind\r\n"])
def test_empty_tables_are_supplied_tables(tmp_path: Path, text: str) -> None:
    facts = read(folder(tmp_path, organizations=ORGANIZATIONS, events=text if not text.strip("\ufeff\r\n") else "organization,kind,date\n"))
    assert facts.rows(Table.EVENTS) == []
    assert "events" not in [row[0] for row in shown(facts, Table.FEEDS, "table")]


def test_a_missing_column_is_told_once_for_the_file(tmp_path: Path) -> None:
    folder(tmp_path, organizations="编号,名称\na,x\n", events="组织,日期\na,2024\n")
    with pytest.raises(FactsError) as caught:
        read(tmp_path)
    assert [(one.code, one.message.en) for one in caught.value.diagnostics] == [
        ("facts-missing-column", "events.csv is used as events but has no column kind"),
        ("facts-missing-column", "organizations.csv is used as organizations but has no column kind"),
    ]


def test_two_columns_for_one(tmp_path: Path) -> None:
    folder(tmp_path, organizations="编号,编码,类型\na,1,党支部\n")
    with pytest.raises(FactsError, match="facts-column-twice"):
        read(tmp_path)
    folder(tmp_path, organizations="编号,id,类型\n1,a,党支部\n")
    assert read(tmp_path).subjects() == ["a"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xff\xff\xff\xff", "facts-encoding"),
        (b"id,kind\na,\x80\xff\n", "facts-encoding"),
        (b"," * 20_000 + b"\n", "facts-too-wide"),
        (b"x" * 100, "facts-missing-column"),
    ],
)
def test_what_is_no_csv(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(FactsError, match=code):
        read(folder(tmp_path, organizations=data))


@pytest.mark.parametrize("name", ["organizations [1].csv", "organizations-2024.csv", "组织2024年.csv", "ORGANIZATIONS.CSV", "organizations (2).txt"])
def test_names_of_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(ORGANIZATIONS, encoding="utf-8")
    if "[" in name:
        with pytest.raises(FactsError, match="facts-nothing"):
            read(tmp_path)
        assert len(admit(Facts(organizations=tmp_path / name), VOCABULARY).subjects()) == 2
    else:
        assert read(tmp_path).subjects() == ["a", "b"]


def test_nothing_there(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none", tmp_path / "none.csv"):
        with pytest.raises(FactsError):
            load_facts(place)


@pytest.mark.parametrize("rows", [1, 7, 120_000])
def test_both_readings_give_the_same_rows(tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What DuckDB reads at once and what is read record by record."""
    lines = [f'{n},党支部,"name, {n}",{"" if n % 3 else "2020-01-01"}' for n in range(rows)]
    folder(tmp_path, organizations="id,kind,name,founded_on\n" + "\n".join(lines) + "\nbad,?,x,\n")
    fast = read(tmp_path)
    from mofan_rules.facts import csv_files

    def refuse(*_: Any) -> bool:
        return False

    monkeypatch.setattr(csv_files.CsvSource, "_load_fast", refuse)
    slow = read(tmp_path)
    assert slow.rows(Table.ORGANIZATIONS) == fast.rows(Table.ORGANIZATIONS)
    assert (
        rejected(slow, "file", "line", "code", "value")
        == rejected(fast, "file", "line", "code", "value")
        == [("organizations.csv", rows + 2, "unknown_kind", "?")]
    )


def assumed(path: Path) -> list[str]:
    facts = admit(load_facts(path), VOCABULARY)
    assert facts.summary is not None
    return [one.en for one in facts.summary.assumptions]


def test_columns_that_nobody_reads_are_told(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_text("id,kind,编号,remarks\na,党支部,b,x\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text("organization,kind,date,attneded\na,党课,2024-03-05,7\n", encoding="utf-8")
    assert assumed(tmp_path) == [
        "events.csv: columns that were not read: attneded (did you mean attended?)",
        "organizations.csv: columns that were not read: 编号 (given twice), remarks",
    ]


@pytest.mark.parametrize("blank", [" , ", "\t,", "\u3000,\u3000", "\u00a0,\u200b", '"",""'])
def test_a_row_of_blanks_is_none(tmp_path: Path, blank: str) -> None:
    (tmp_path / "organizations.csv").write_text(f"id,kind\n{blank}\n a , 党支部\n\u3000b,机关党委\n", encoding="utf-8")
    facts = admit(load_facts(tmp_path), VOCABULARY)
    assert (facts.subjects(), rejected(facts)) == (["a", "b"], [])


def test_a_stray_zero_byte_does_not_make_it_utf_16(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_bytes("id,kind\na\0,党支部\nb,机关党委\nc,机关党委\n".encode())
    assert admit(load_facts(tmp_path), VOCABULARY).subjects() == ["a\N{REPLACEMENT CHARACTER}", "b", "c"]


def test_the_line_with_broken_bytes_is_named(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_bytes("id,kind\na,党支部\nb,".encode() + b"\xff\xfe\xe5\n")
    with pytest.raises(FactsError) as caught:
        load_facts(tmp_path)
    assert caught.value.diagnostics[0].message.en == "line 3 of organizations.csv is not UTF-8, and the whole is neither UTF-16 nor GB18030"


def test_times_of_day_do_not_make_each_moment_a_text_of_its_own(tmp_path: Path) -> None:
    rows = "".join(f"e{n},a,党课,2024-03-05 10:{n % 60:02}:{n // 60:02}.123+08:00\n" for n in range(600))
    (tmp_path / "organizations.csv").write_text("id,kind\na,党支部\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text("id,organization,kind,date\n" + rows, encoding="utf-8")
    facts = admit(load_facts(tmp_path), VOCABULARY)
    assert facts.connection.execute("SELECT DISTINCT date_low, date_high FROM facts.events").fetchall() == [(date(2024, 3, 5), date(2024, 3, 5))]
    assert "events.date: times of day were dropped (such as 2024-03-05 10:00:00.123+08:00)" in assumed(tmp_path)

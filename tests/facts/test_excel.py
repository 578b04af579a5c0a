"""Excel workbooks, and SQLite files."""

import sqlite3
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import admit, load_facts
from mofan_rules.schema import Table
from tests.facts.admitting import VOCABULARY, adds_up, rejected, shown


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


ORGANIZATIONS: list[list[object]] = [
    ["编号", "名称", "类型", "上级组织", "成立日期"],
    [1001, "甲", "支部", 1000, datetime(2018, 7, 1)],
    [1000, "乙", "机关党委", None, "2015年1月1日"],
]


def test_a_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "党建.xlsx",
        组织=ORGANIZATIONS,
        活动=[
            ["2024年活动登记表"],
            ["编号", "组织", "类型", "日期", "实到人数"],
            ["e1", 1001, "党课", date(2024, 3, 5), 7],
            ["e2", 1001, "党课", 45357, "七"],
            [],
            ["e3", 1001, "党课", "2024-03", None],
        ],
        说明=[["这一页是说明"]],
    )
    facts = admit(load_facts(path), VOCABULARY)
    adds_up(facts)
    assert facts.subjects() == ["1000", "1001"]
    assert shown(facts, Table.ORGANIZATIONS, "id", "founded_on_low") == [("1000", date(2015, 1, 1)), ("1001", date(2018, 7, 1))]
    assert shown(facts, Table.RELATIONS, "source", "target", "kind") == [(1, 0, "part_of")]
    assert shown(facts, Table.EVENTS, "id", "certain", "organization", "date_low", "attended") == [
        ("e1", True, 1, date(2024, 3, 5), 7),
        ("e2", False, 1, date(2024, 3, 6), None),
        ("e3", True, 1, date(2024, 3, 1), None),
    ]
    assert rejected(facts, "file", "line", "column", "code", "value") == [("党建.xlsx[活动]", 4, "attended", "bad_integer", "七")]
    assert facts.summary is not None
    said = [one.en for one in facts.summary.assumptions]
    assert "党建.xlsx[说明] was not used" in said
    assert "党建.xlsx[活动]: 1 rows above the header were passed over" in said


def test_a_folder_of_workbooks(tmp_path: Path) -> None:
    workbook(tmp_path / "组织.xlsx", Sheet1=ORGANIZATIONS)
    workbook(tmp_path / "~$组织.xlsx", Sheet1=ORGANIZATIONS)
    assert admit(load_facts(tmp_path), VOCABULARY).subjects() == ["1000", "1001"]


def test_a_cell_in_the_far_corner(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "组织"
    sheet["A1"] = "编号"
    sheet["XFD1048576"] = "x"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(FactsError, match="facts-too-spread"):
        load_facts(tmp_path / "x.xlsx")


def test_a_far_corner_however_it_is_quoted(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "plain.xlsx", 组织=ORGANIZATIONS)
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as quoted:
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                content = content.replace(b'r="A1"', b"r='A1'").replace(b'r="B1"', b"\nr='XFD1048576'")
                assert b"XFD" in content
            quoted.writestr(entry.filename, content)
    with pytest.raises(FactsError, match="facts-too-spread"):
        load_facts(tmp_path / "x.xlsx")


def test_what_unpacks_without_end(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", 组织=ORGANIZATIONS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as entry:
        for _ in range(2100):
            entry.write(b" " * 1_000_000)
    with pytest.raises(FactsError, match="facts-too-large"):
        load_facts(path)


def test_a_sheet_too_wide(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", 组织=[["编号", "类型", *range(12_000)]])
    with pytest.raises(FactsError, match="facts-too-wide"):
        admit(load_facts(path), VOCABULARY)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a workbook", b"PK\x05\x06" + bytes(18)])
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "xlsm", "sqlite", "db", "parquet"])
def test_what_is_none(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"组织.{suffix}"
    path.write_bytes(data)
    with pytest.raises(FactsError):
        admit(load_facts(path), VOCABULARY)


def database(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript("""
        CREATE TABLE 组织 (编号 INTEGER, 类型 TEXT, 成立日期 TEXT);
        INSERT INTO 组织 VALUES (1, '支部', '2020-01-01'), (2, '支部', '?'), (3, CAST(x'e694af' AS TEXT), NULL);
        CREATE TABLE events (id, organization, kind, date, 学时 REAL, 公开 BOOLEAN);
        INSERT INTO events VALUES ('x', 1, '党课', '2024-01-01', 1.5, 1), ('y', 1.0, '党课', 20240102, 2, 0);
        CREATE VIEW waivers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS organization, i AS requirement FROM n;
    """)
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("name", ["facts.sqlite", "facts.db", "facts"])
def test_a_database(tmp_path: Path, name: str) -> None:
    """A view is read only if it is asked for: one may be endless."""
    facts = admit(load_facts(database(tmp_path / name)), VOCABULARY)
    adds_up(facts)
    assert shown(facts, Table.EVENTS, "id", "organization", "date_low", "a_1", "a_2") == [
        ("x", 0, date(2024, 1, 1), 1.5, True),
        ("y", 0, date(2024, 1, 2), 2, False),
    ]
    assert rejected(facts, "file", "line", "code", "value") == [(f"{name}[组织]", 2, "bad_date", "?"), (f"{name}[组织]", 3, "unknown_kind", "支")]


def test_a_workbook_is_told_by_what_it_holds(tmp_path: Path) -> None:
    """A workbook of the other format by name is read; what is none is refused as such, in words that say what to do."""
    path = workbook(tmp_path / "facts.xlsx", 组织=ORGANIZATIONS)
    old = path.rename(tmp_path / "facts.xls")
    assert admit(load_facts(old), VOCABULARY).subjects() == ["1000", "1001"]
    false = tmp_path / "organizations.xlsx"
    false.write_text("id,kind\na,党支部\n", encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        load_facts(false)
    assert [one.code for one in caught.value.diagnostics] == ["facts-no-workbook"]

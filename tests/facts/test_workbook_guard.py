"""How far the cells of a sheet reach is never underrated, in whatever form a file says it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import load_facts
from mofan_rules.facts.excel_files import Workbook
from mofan_rules.facts.workbook_guard import Reach

SHEET = "xl/worksheets/sheet1.xml"


def _workbook(change: Callable[[bytes], bytes], sheet: str = SHEET) -> bytes:
    """A small workbook whose sheet was changed, and lies in the file `sheet`."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "组织"
    page.append(["编号", "类型"])
    page.append(["1000", "支部"])
    plain, changed = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(changed, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == SHEET:
                target.writestr(sheet, change(content))
            else:
                target.writestr(entry.filename, content.replace(b"worksheets/sheet1.xml", sheet.removeprefix("xl/").encode()))
    return changed.getvalue()


def _instead(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return change


def _unplaced(content: bytes) -> bytes:
    """Cells that do not say where they stand, in a row that says it stands far below."""
    return _instead(b'<row r="2"', b'<row r="4000000000"')(content).replace(b'r="A2"', b"").replace(b'r="B2"', b"")


FAR: dict[str, Callable[[bytes], bytes]] = {
    "as Excel writes it": _instead(b'r="B2"', b'r="XFD1048576"'),
    "with spaces": _instead(b'r="B2"', b'r = "XFD1048576"'),
    "on lines of their own": _instead(b'r="B2"', b"\nr\n=\n'XFD1048576'"),
    "in small letters": _instead(b'r="B2"', b'r="xfd1048576"'),
    "with more letters than there are": _instead(b'r="B2"', b'r="AAAAA20000"'),
    "with more digits than there are": _instead(b'r="B2"', b'r="B0000200000000"'),
    "behind another attribute": _instead(b'r="B2"', b't="n" r="XFD1048576"'),
    "by the row alone": _unplaced,
    "in many cells that do not say where": _instead(b"</row>", b"<c><v>1</v></c>" * 50_000 + b'<c r="A1000"><v>1</v></c></row>'),
}


@pytest.mark.parametrize("form", FAR)
def test_a_far_corner(form: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(_workbook(FAR[form]))
    with pytest.raises(FactsError, match="facts-too-spread"):
        load_facts(path)


def test_a_far_corner_in_a_file_of_another_name(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(_workbook(FAR["as Excel writes it"], "xl/elsewhere/one.part"))
    with pytest.raises(FactsError, match="facts-too-spread"):
        load_facts(path)


@pytest.mark.parametrize("member", ["content.xml", "xl/workbook.bin"])
def test_other_formats_in_the_same_wrapping(member: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(_workbook(bytes))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, b"<x/>")
    with pytest.raises(FactsError, match="facts-no-workbook"):
        load_facts(path)


@pytest.mark.parametrize(("rows", "columns"), [(30_000, 26), (2_000, 60)])
def test_an_honest_sheet(rows: int, columns: int, tmp_path: Path) -> None:
    cells = "".join(f'<c r="{_letters(column)}#"><v>1</v></c>' for column in range(1, columns + 1))
    data = "".join(f'<row r="{row}">{cells.replace("#", str(row))}</row>' for row in range(1, rows + 1))
    path = tmp_path / "x.xlsx"
    path.write_bytes(_workbook(lambda _: f"<worksheet><sheetData>{data}</sheetData></worksheet>".encode()))
    laid_out = Workbook(path).rows("组织")
    assert (len(laid_out), len(laid_out[0])) == (rows, columns)


def test_a_tag_without_end(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(_workbook(_instead(b'r="B2"', b"x" * 3_000_000 + b'r="B2"')))
    with pytest.raises(FactsError, match="facts-unreadable"):
        load_facts(path)


def _letters(column: int) -> str:
    return (chr(64 + (column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


CELL = st.tuples(
    st.sampled_from(["c", "x:c"]),
    st.one_of(st.just(""), st.builds(lambda column, row: f' r="{_letters(column)}{row}"', st.integers(1, 60), st.integers(1, 60))),
).map(lambda parts: f"<{parts[0]}{parts[1]}><v>1</v></{parts[0]}>")
ROW = st.tuples(st.one_of(st.just(""), st.integers(1, 60).map(lambda row: f' r="{row}"')), st.lists(CELL, max_size=6)).map(
    lambda parts: f"<row{parts[0]}>{''.join(parts[1])}</row>"
)


@given(st.lists(ROW, max_size=6), st.integers(1, 200))
def test_the_reach_is_never_smaller_than_what_is_laid_out(rows: list[str], cut: int) -> None:
    data = "".join(rows).encode()
    content = b'<worksheet xmlns="m" xmlns:x="m"><sheetData>' + data + b"</sheetData></worksheet>"
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_workbook(lambda _: content)))
    try:
        laid_out = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except python_calamine.CalamineError:
        return
    reach = Reach()
    begun = b""
    for start in range(0, len(content), cut):
        piece = begun + content[start : start + cut]
        last = piece.rfind(b"<")
        whole = b">" in piece[last:]
        reach.extend(piece if whole else piece[:last])
        begun = b"" if whole else piece[last:]
    assert len(laid_out) <= max(reach.rows, 1) and len(laid_out[0] if laid_out else []) <= max(reach.columns, 1)

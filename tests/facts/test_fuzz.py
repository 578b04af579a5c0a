"""No bytes given as facts raise anything but the declared error, or make the process run away."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import admit, load_facts
from mofan_rules.facts.mapping_file import read_mapping
from tests.facts.admitting import VOCABULARY, adds_up, admitted

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
GOOD = '编号,组织,类型,日期,实到人数\n1,a,党课,2024-03-05,3\n2,a,党课,2024/3/6,"x\ny"\n'.encode()
CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "a",
            "党课",
            "2024-03-05",
            "0000-00-00",
            "10000-01-01",
            "=cmd|' /C calc'!A0",
            "NaN",
            "1e400",
            "\0",
            '"',
            "a\0b",
            "\r",
            "\x01",
            "９９９",
            "[",
            '["a",null]',
            "{}",
        ]
    ),
)


def accepted(path: Path) -> None:
    """Read it all, or raise the declared error."""
    try:
        facts = admit(load_facts(path), VOCABULARY)
    except FactsError as error:
        assert error.diagnostics and str(error)
        return
    adds_up(facts)


def put(folder: Path, name: str, data: bytes) -> Path:
    place = folder / "facts"
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    (place / "organizations.csv").write_bytes("id,kind\na,党支部\n".encode())
    (place / name).write_bytes(data)
    return place


@SETTINGS
@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
@example(b"\xef\xbb\xbf")
@example(b"\x00" * 50)
@example(b'"' * 101)
@example(b"organization,kind,date\r\r\n\n\r")
@example("organization,kind,date\n\ud800".encode("utf-8", "surrogatepass"))
def test_bytes_as_csv(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    accepted(put(tmp_path_factory.getbasetemp(), "events.csv", data))


@SETTINGS
@given(st.integers(0, len(GOOD)), st.integers(0, 20), st.binary(max_size=4))
def test_damaged_csv(tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, put_in: bytes) -> None:
    accepted(put(tmp_path_factory.getbasetemp(), "活动.csv", GOOD[:at] + put_in + GOOD[at + cut :]))


@SETTINGS
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=5))
def test_cells_as_csv(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = "\n".join(["id,organization,kind,date,attended", *(",".join(map(quoted, row)) for row in rows)])
    accepted(put(tmp_path_factory.getbasetemp(), "events.csv", text.encode("utf-8", "replace")))


@SETTINGS
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["id", "organization", "kind", "date", "belongs_to", "held", "expected", "学时", "公开", "议题", "对方", "要点", "recorded_on", "supersedes"]
            ),
            st.one_of(
                CELLS, st.none(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.binary(max_size=4), st.lists(CELLS, max_size=3)
            ),
        ),
        max_size=5,
    )
)
def test_python_values(rows: list[dict[str, Any]]) -> None:
    try:
        facts = admitted(events=rows)
    except FactsError as error:
        assert {one.code for one in error.diagnostics} == {"facts-missing-column"}
        return
    adds_up(facts)


def book() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "活动"
    for row in (["组织", "类型", "日期"], ["a", "党课", "2024-01-01"], ["a", "党课", 45000]):
        sheet.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


BOOK = book()


@SETTINGS
@given(st.integers(0, len(BOOK)), st.integers(0, 50), st.binary(max_size=8))
def test_damaged_workbooks(tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, put_in: bytes) -> None:
    accepted(put(tmp_path_factory.getbasetemp(), "x.xlsx", BOOK[:at] + put_in + BOOK[at + cut :]))


@SETTINGS
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    '<c r="A1"/>',
                    '<c r="XFD1048576" t="n"><v>1</v></c>',
                    '<c r="A0"><v>1</v></c>',
                    '<c r="ZZZZ9"><v>1</v></c>',
                    '<c t="s"><v>99</v></c>',
                    "<c><v>1e999</v></c>",
                ),
                *('<c r="B2" t="d"><v>9999-99-99</v></c>', '<c t="e"><v>#REF!</v></c>', '<row r="-5">', "</row>", "</sheetData>", "&x;", "<![CDATA[", "x" * 50),
            ]
        ),
        max_size=6,
    )
)
def test_strange_sheets(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as source, zipfile.ZipFile(target, "w") as archive:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(b"<sheetData>", b"<sheetData>" + "".join(pieces).encode())
            archive.writestr(entry.filename, data)
    accepted(put(tmp_path_factory.getbasetemp(), "x.xlsx", target.getvalue()))


@SETTINGS
@given(st.text(alphabet="abc{}[]:,-& *!|>%@`'\"#?\n\t 活动tablesfromcolumns", max_size=80))
@example("tables: " + "{events: " * 3000)
@example("[" * 10_000)
@example("a: &a [1]\nb: [*a, *a]")
@example("tables: !!python/object/apply:os.system ['x']")
def test_text_as_facts_yaml(text: str) -> None:
    try:
        read_mapping("facts.yaml", text.encode())
    except FactsError as error:
        assert error.diagnostics


@pytest.mark.parametrize("name", ["organizations.parquet", "x.sqlite", "x.db", "x.xls", "x.xlsm", "events.txt"])
@SETTINGS
@given(st.binary(max_size=200))
def test_bytes_as_other_files(tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes((b"PAR1" + data + b"PAR1") if name.endswith("parquet") else data)
    accepted(path)


def test_a_million_columns(tmp_path: Path) -> None:
    accepted(put(tmp_path, "events.csv", b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n"))
    row = {f"c{n}": "x" for n in range(100_000)} | {"organization": "a", "kind": "党课", "date": "2024"}
    adds_up(admitted(events=[row]))


@pytest.mark.parametrize("header", [b"organization,kind,date\na,", b"", b'organization,kind,date\na,"'])
def test_a_huge_cell(tmp_path: Path, header: bytes) -> None:
    accepted(put(tmp_path, "events.csv", header + b"x" * 50_000_000 + b"\n"))


def test_a_hundred_thousand_rows_of_one_id() -> None:
    rows = [{"id": "1", "organization": "a", "kind": "党课", "date": "2024", "attended": n % 50_000} for n in range(100_000)]
    facts = admitted(events=rows)
    assert facts.summary is not None
    assert facts.summary.tables["events"].codes == {"duplicate": 50_000, "contradictory_id": 50_000}  # type: ignore[index]


def test_corrections_of_one_row_by_many() -> None:
    rows: list[dict[str, Any]] = [{"id": "0", "organization": "a", "kind": "党课", "date": "2024"}]
    rows += [{"id": str(n), "organization": "a", "kind": "党课", "date": "2024", "supersedes": "0", "recorded_on": "2024-05-01"} for n in range(1, 20_000)]
    facts = admitted(events=rows)
    assert facts.summary is not None
    assert facts.summary.tables["events"].superseded == 19_999  # type: ignore[index]


def test_a_deep_tree_and_a_large_circle() -> None:
    chain = [{"id": f"{n:06}", "kind": "党支部", "parent": f"{n - 1:06}" if n else None} for n in range(30_000)]
    facts = admitted(organizations=chain)
    assert facts.summary is not None and facts.summary.rejected == 0
    ring = [one | ({"parent": "029999"} if one["parent"] is None else {}) for one in chain]
    closed = admitted(organizations=ring)
    assert closed.summary is not None and closed.summary.tables["relations"].derived_rejected == 30_000  # type: ignore[index]
    assert closed.connection.execute("SELECT code, count(*) FROM facts.rejected GROUP BY ALL").fetchall() == [("part_of_cycle", 30_000)]

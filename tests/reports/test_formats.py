"""Every report format, on a table with something in every section."""

import csv
import json
import re
from pathlib import Path

import duckdb
import jsonschema
import pytest

from mofan_rules.diagnostics import Language
from mofan_rules.reports import FORMATS, format_of, load_format
from mofan_rules.reports.csv import BESIDE, defused
from mofan_rules.verdicts.catalogue import Catalogue
from mofan_rules.verdicts.messages import MESSAGES
from mofan_rules.verdicts.table import COLUMNS
from tests.reports.tables import CATALOGUE, Q1, VERDICTS, report, verdict

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def written(tmp_path: Path, name: str, language: Language = "zh", **given: object) -> Path:
    path = tmp_path / f"report{FORMATS[name].suffix}"
    load_format(name).write(report(language, **given), path)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_writes_the_full_and_the_empty_table(name: str, language: Language, tmp_path: Path) -> None:
    full = written(tmp_path, name, language).read_bytes()
    empty = written(tmp_path, name, language, rows=()).read_bytes()
    assert len(full) > len(empty) > 0


@pytest.mark.parametrize("name", FORMATS)
def test_endings_tell_the_format(name: str) -> None:
    assert format_of(Path(f"x{FORMATS[name].suffix}")) == name
    assert format_of(Path(f"x{FORMATS[name].suffix.upper()}")) == name
    assert format_of(Path("x.doc")) is None


def test_json_follows_its_schema(tmp_path: Path) -> None:
    schema = json.loads(Path("docs/report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for rows in (VERDICTS, ()):
        found = json.loads(written(tmp_path, "json", rows=rows).read_text())
        jsonschema.validate(found, schema)
        assert len(found["verdicts"]) == len(rows)


def test_json_does_not_depend_on_the_language(tmp_path: Path) -> None:
    assert written(tmp_path, "json", "zh").read_bytes() == written(tmp_path, "json", "en").read_bytes()


def test_json_has_the_rows_as_they_are(tmp_path: Path) -> None:
    rows = json.loads(written(tmp_path, "json").read_text())["verdicts"]
    for row, expected in zip(rows, VERDICTS, strict=True):
        assert [row[name] for name in COLUMNS] == [cell if cell is None or isinstance(cell, str) else cell.isoformat() for cell in expected]


def test_csv_is_what_excel_reads(tmp_path: Path) -> None:
    content = written(tmp_path, "csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfrequirement,")
    assert content.count(b"\r\n") == len(VERDICTS) + 1
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == [*COLUMNS, *BESIDE]
    assert [row["subject"] for row in rows] == [row.subject for row in VERDICTS]
    assert {row["subject_name"] for row in rows if row["subject"] == "top"} == {"'=1+1"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"])
def test_formulas_are_defused(cell: str) -> None:
    assert defused(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "1..", "..3", "2024-01-01", "支部", "1/2"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert defused(cell) == cell


def test_parquet_has_the_verdict_table(tmp_path: Path) -> None:
    path = written(tmp_path, "parquet")
    found = duckdb.execute(f"FROM '{path}'").fetchall()
    assert found == [tuple(row) for row in VERDICTS]
    metadata = dict(duckdb.execute(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{path}')").fetchall())
    assert metadata["ruleset"] == "sample"
    assert metadata["period"] == "2024-01-01..2024-12-31"


def test_html_needs_nothing_else_and_runs_nothing(tmp_path: Path) -> None:
    page = written(tmp_path, "html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href|url)\s*[=(]", page)


def test_markdown_shows_names_as_they_are(tmp_path: Path) -> None:
    text = written(tmp_path, "markdown", names={"b1": "a|b*c\n# d"}).read_text()
    assert r"a\|b\*c \# d" in text


def test_terminal_text_has_no_control_characters(tmp_path: Path) -> None:
    text = written(tmp_path, "table", names={"b1": "\x1b[31mred\x07"}).read_text()
    assert "\x1b" not in text
    assert "\x07" not in text


def test_columns_line_up_under_wide_glyphs(tmp_path: Path) -> None:
    from rich.cells import cell_len

    lines = written(tmp_path, "table").read_text().splitlines()
    first = next(place for place, line in enumerate(lines) if "达标率" in line)
    assert len({cell_len(line) for line in lines[first : first + 6]}) == 1


@pytest.mark.parametrize("reason", MESSAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_reads_well_for_every_kind(reason: str, language: Language) -> None:
    empty = report(language, rows=(), names={})
    for entry in CATALOGUE.entries:
        for measured, required in (("", ""), ("0", "1.."), ("1..2", "3..4"), ("1/2", "95/100"), ("2024-01-02", "2024-01-01")):
            row = verdict(entry.requirement, "b1", _state(reason), reason, measured=measured, required=required)
            text = empty.message(row)
            assert text
            assert "{" not in text


def _state(reason: str) -> str:
    from mofan_rules.verdicts.reasons import REASONS

    return REASONS[reason]


def test_a_version_is_chosen_by_the_window() -> None:
    from dataclasses import replace
    from datetime import date

    from mofan_rules.verdicts.rows_table import RowsTable
    from mofan_rules.verdicts.summary import summarize
    from tests.reports.tables import AS_OF

    meet = CATALOGUE.entry("meet")
    old, new = replace(meet, last=date(2024, 6, 30)), replace(meet, first=date(2024, 7, 1), modality="must")
    catalogue = Catalogue("sample", "1", meet.title, (old, new))
    rows = [verdict("meet", "b1", "violated", "too_few", Q1), verdict("meet", "b1", "violated", "too_few", (date(2024, 7, 1), date(2024, 9, 30)))]
    summary = summarize(RowsTable(rows), catalogue, AS_OF)
    assert summary.violated("should") == 1
    assert summary.violated("must") == 1

"""Excel workbooks: a sheet is a table of rows. What would take all memory is refused before it is read (`workbook_guard`)."""

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_calamine

from mofan_rules.diagnostics import Bilingual, FactsError, make
from mofan_rules.facts.csv_files import MOST_COLUMNS, TITLE_ROWS
from mofan_rules.facts.frames import first_line
from mofan_rules.facts.sources import Malformed, load_columns, written
from mofan_rules.facts.workbook_guard import guard

if TYPE_CHECKING:
    import duckdb

MOST_KNOWN = 10_000
"""So many different cells of a sheet are remembered with their texts."""
MARKS = {b"PK": "zip", bytes.fromhex("D0CF11E0A1B11AE1"): "ole"}


class Workbook:
    """An opened workbook; its sheets are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        kind = self._kind()
        if kind is None:
            raise FactsError([make("facts-no-workbook", None, file=path.name)])
        if kind == "zip":
            self._guard()
        try:
            with path.open("rb") as file:  # told by what it holds, not by its name: an .xls is often called .xlsx
                self._book = python_calamine.CalamineWorkbook.from_filelike(file)
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise self._unreadable(error) from error
        except BaseException as error:
            raise self._panicked(error) from error

    def _kind(self) -> str | None:
        """What the file is by its first bytes: `zip` (.xlsx), `ole` (.xls), or no workbook."""
        try:
            with self.path.open("rb") as file:
                start = file.read(8)
        except OSError as error:
            raise self._unreadable(error) from error
        return next((kind for mark, kind in MARKS.items() if start.startswith(mark)), None)

    def _unreadable(self, error: BaseException) -> FactsError:
        return FactsError([make("facts-unreadable", None, file=self.path.name, problem=first_line(error))])

    def _panicked(self, error: BaseException) -> BaseException:
        """The reader is written in Rust; a defect of it that an input brings out arrives as an exception of its own kind."""
        return self._unreadable(error) if type(error).__name__ == "PanicException" else error

    def _guard(self) -> None:
        """Refuse what would unpack, or spread out, beyond all measure."""
        try:
            guard(self.path)
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as error:
            raise self._unreadable(error) from error

    def sheets(self) -> list[str]:
        """The names of its sheets."""
        return [str(name) for name in self._book.sheet_names]

    def rows(self, sheet: str) -> list[list[Any]]:
        """The cells of a sheet, row by row."""
        try:
            return self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise self._unreadable(error) from error
        except BaseException as error:
            raise self._panicked(error) from error


class SheetSource:
    """One sheet of a workbook, read at once. The first row with more than one cell is the header; a line is a row of the sheet."""

    def __init__(self, workbook: Workbook, sheet: str) -> None:
        self.label = f"{workbook.path.name}[{sheet}]"
        self._rows = workbook.rows(sheet)

    @cached_property
    def _skipped(self) -> int:
        for number, row in enumerate(self._rows[:TITLE_ROWS]):
            if sum(1 for cell in row if cell_text(cell)) > 1:
                return number
        return 0

    def header(self) -> list[str]:
        if not self._rows:
            return []
        header = [(cell_text(cell) or "").strip() for cell in self._rows[self._skipped]]
        if len(header) > MOST_COLUMNS:
            raise FactsError([make("facts-too-wide", None, file=self.label, columns=len(header), most=MOST_COLUMNS)])
        return header

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        rows = self._rows[self._skipped + 1 :]
        known = lru_cache(MOST_KNOWN, typed=True)(cell_text)  # numbers and dates repeat
        cells = list(zip(*rows, strict=True))  # the reader lays a sheet out as a rectangle
        columns = {f"c{number}": [(cell or None) if type(cell) is str else known(cell) for cell in cells[number]] if rows else [] for number in wanted}
        load_columns(connection, target, columns, len(rows))
        return []

    def native(self) -> Mapping[int, str]:
        return {}

    def lines(self) -> int | Sequence[int]:
        return self._skipped + 2

    def assumed(self) -> list[Bilingual]:
        if not self._skipped:
            return []
        return [Bilingual(f"{self.label}：表头之上的 {self._skipped} 行略去", f"{self.label}: {self._skipped} rows above the header were passed over")]


def cell_text(cell: object) -> str | None:
    """The text of a cell as the sheet shows it: whole numbers without decimals, dates as dates."""
    match cell:
        case "" | None:
            return None
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return written(cell)

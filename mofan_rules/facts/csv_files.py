"""CSV files as people have them: in any of the usual encodings, with comma, semicolon or tab, with a title above the header.

A well-formed file is read by DuckDB. Whatever DuckDB will not read is read record by record, so that one bad row costs that row only. Both readings give the
same rows where both succeed.
"""

import csv
import itertools
import tempfile
import weakref
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, FactsError, make
from mofan_rules.facts.encodings import Survey, as_utf8, broken_line, survey
from mofan_rules.facts.sources import Malformed, load_columns
from mofan_rules.facts.sql import file_name, text

if TYPE_CHECKING:
    import duckdb

DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 10_000
LONGEST_CELL = 8_000_000
CHUNK_ROWS = 50_000
TITLE_ROWS = 10
SHOWN = {",": ("逗号", "comma"), ";": ("分号", "semicolon"), "\t": ("制表符", "tab"), "|": ("竖线", "vertical bar")}
ENCODINGS = {"utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "gb18030": "GB18030"}


class CsvSource:
    """One CSV file. The file is looked over when the source is made, and read when it is loaded."""

    def __init__(self, path: Path, label: str | None = None) -> None:
        self.label = label or path.name
        self._path = path
        self._survey = self._surveyed()
        self._delimiter, self._skipped, self._header = self._top()
        self._irregular = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def _surveyed(self) -> Survey:
        try:
            found = survey(self._path)
        except OSError as error:
            raise self._unreadable(error.strerror or str(error)) from error
        if found is None:
            raise FactsError([make("facts-encoding", None, file=self.label, line=broken_line(self._path))])
        return found

    def _unreadable(self, problem: str) -> FactsError:
        return FactsError([make("facts-unreadable", None, file=self.label, problem=problem)])

    def _lines(self) -> Iterator[str]:
        with self._path.open("r", encoding=self._survey.encoding, errors="replace", newline="") as file:
            while line := file.readline(LONGEST_CELL):
                yield line.replace("\0", "\N{REPLACEMENT CHARACTER}")

    def _top(self) -> tuple[str, int, list[str]]:
        """The delimiter, how many records stand above the header, and the header."""
        if not self._survey.size:
            return ",", 0, []
        lines = list(itertools.islice(self._lines(), TITLE_ROWS * 2))
        declared = lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) == 5
        candidates = (lines[0].strip()[4],) if declared else DELIMITERS
        best: tuple[int, str, int, list[str]] = (0, ",", 0, [])
        for delimiter in candidates:
            records = self._some(lines[1:] if declared else lines, delimiter)
            skipped = _titles(records)
            header = records[skipped] if skipped < len(records) else []
            if len(header) > best[0]:
                best = (len(header), delimiter, skipped + bool(declared), header)
        if best[0] > MOST_COLUMNS:
            raise FactsError([make("facts-too-wide", None, file=self.label, columns=best[0], most=MOST_COLUMNS)])
        return best[1], best[2], [_trimmed(cell) for cell in best[3]]

    def _some(self, lines: list[str], delimiter: str) -> list[list[str]]:
        before = csv.field_size_limit(LONGEST_CELL)
        try:
            return [record for record in csv.reader(lines, delimiter=delimiter) if record][:TITLE_ROWS]
        except csv.Error as error:
            raise self._unreadable(str(error)) from error
        finally:
            csv.field_size_limit(before)

    def header(self) -> list[str]:
        return self._header

    def load(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        import duckdb

        self._irregular = False
        if self._header and wanted and self._survey.plain:
            try:
                if self._load_fast(connection, target, wanted):
                    return []
            except (duckdb.Error, RuntimeError):
                pass
            connection.execute(f"DROP TABLE IF EXISTS {target}")
        self._irregular = True
        return self._load_slowly(connection, target, wanted)

    def _load_fast(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> bool:
        """Let DuckDB read the file; false if the rows do not correspond to the lines, so that nothing could be said of the place of a row."""
        columns = "{" + ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(self._header))) + "}"
        selected = ", ".join(f"c{number}" for number in wanted)
        [(rows,)] = connection.execute(f"""CREATE TABLE {target} AS SELECT {selected} FROM read_csv({file_name(str(self._utf8()))},
            auto_detect = false, header = false, skip = {self._skipped + 1}, delim = {text(self._delimiter)}, quote = '"', escape = '"', columns = {columns},
            strict_mode = true, null_padding = false)""").fetchall()
        lines = self._survey.newlines + (0 if self._survey.ends else 1)
        return bool(rows + self._skipped + 1 == lines)

    def _utf8(self) -> Path:
        if self._survey.encoding in ("utf-8", "utf-8-sig"):
            return self._path
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="mofan-")
            weakref.finalize(self, self._folder.cleanup)
        return as_utf8(self._path, self._survey.encoding, Path(self._folder.name))

    def _load_slowly(self, connection: "duckdb.DuckDBPyConnection", target: str, wanted: Sequence[int]) -> list[Malformed]:
        """Read record by record, in chunks."""
        malformed: list[Malformed] = []
        self._starts = array("q")
        width = len(self._header)
        names = [f"c{number}" for number in wanted]
        load_columns(connection, target, {column: [] for column in names}, 0)
        chunk: list[list[str] | None] = []
        for number, (line, record) in enumerate(self._records()):
            self._starts.append(line)
            if len(record) != width:
                surplus = record[width:]
                if len(record) < width or any(_trimmed(cell) for cell in surplus):
                    malformed.append(Malformed(number, self._delimiter.join(record)[:200]))
                    chunk.append(None)
                else:
                    chunk.append(record)
            else:
                chunk.append(record)
            if len(chunk) >= CHUNK_ROWS:
                self._append(connection, target, names, wanted, chunk)
                chunk = []
        self._append(connection, target, names, wanted, chunk)
        return malformed

    def _append(self, connection: "duckdb.DuckDBPyConnection", target: str, names: Sequence[str], wanted: Sequence[int], chunk: list[list[str] | None]) -> None:
        part = f"{target}_part"
        load_columns(
            connection,
            part,
            {column: [None if row is None else row[number] for row in chunk] for column, number in zip(names, wanted, strict=True)},
            len(chunk),
        )
        connection.execute(f"INSERT INTO {target} SELECT * FROM {part}")
        connection.execute(f"DROP TABLE {part}")

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record below the header with the line on which it begins; blank lines are none. A record that cannot be read ends the file."""
        before = csv.field_size_limit(LONGEST_CELL)
        try:
            reader = csv.reader(self._lines(), delimiter=self._delimiter)
            last = 0
            seen = 0
            while True:
                try:
                    record = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield last + 1, ["" for _ in self._header] + [f"{error}"]
                    return
                line, last = last + 1, reader.line_num
                if not record:
                    continue
                seen += 1
                if seen > self._skipped + 1:
                    yield line, record
        finally:
            csv.field_size_limit(before)

    def native(self) -> Mapping[int, str]:
        return {}

    def lines(self) -> int | Sequence[int]:
        return self._starts if self._irregular else self._skipped + 2

    def assumed(self) -> list[Bilingual]:
        found = []
        if self._survey.encoding in ENCODINGS:
            shown = ENCODINGS[self._survey.encoding]
            found.append(Bilingual(f"{self.label}：按 {shown} 编码读", f"{self.label}: read as {shown}"))
        if self._delimiter != ",":
            zh, en = SHOWN.get(self._delimiter, (self._delimiter, self._delimiter))
            found.append(Bilingual(f"{self.label}：以{zh}分列", f"{self.label}: columns are separated by a {en}"))
        if self._skipped:
            found.append(
                Bilingual(f"{self.label}：表头之上的 {self._skipped} 行略去", f"{self.label}: {self._skipped} lines above the header were passed over")
            )
        return found


def _trimmed(cell: str) -> str:
    return cell.strip().strip("\ufeff").strip()


def _titles(records: Sequence[Sequence[str]]) -> int:
    """How many records at the top are titles: they have at most one cell that is not empty, and a record with more follows."""
    for number, record in enumerate(records):
        if sum(1 for cell in record if _trimmed(cell)) > 1:
            return number
    return 0

"""What a place holds: the files of a folder, the sheets of a workbook, the tables of a database, each opened when it is needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from mofan_rules.diagnostics import FactsError, make
from mofan_rules.facts.names import folded
from mofan_rules.facts.sources import Source

CSV = (".csv", ".tsv", ".txt")
PARQUET = (".parquet",)
EXCEL = (".xlsx", ".xlsm", ".xls")
SQLITE = (".sqlite", ".sqlite3", ".db")
MAPPING_NAMES = ("facts.yaml", "facts.yml")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that may be a table: its full name, the short one by which tables are recognized, and how to open it.
    `hidden` ones are read only if they are named."""

    name: str
    short: str
    open: Callable[[], Source]
    hidden: bool = False

    def answers(self, pattern: str) -> bool:
        """Is it the one that a name, or a pattern with `*`, means?"""
        if "*" in pattern:
            return fnmatchcase(self.name.casefold(), pattern.casefold()) or fnmatchcase(self.short.casefold(), pattern.casefold())
        return pattern in (self.name, self.short) or folded(pattern) in (folded(self.name), folded(self.short))


def open_file(path: str) -> list[Source]:
    """The sources of one file that was given for one table: a CSV or Parquet file, or the first sheet of a workbook.

    Raises
    ------
    FactsError: if it cannot be read.
    """
    place = Path(path)
    entries = list(entries_of_file(place))
    if not entries:
        raise FactsError([make("facts-unknown-format", None, file=place.name)])
    return [entries[0].open()]


def entries_of_file(path: Path) -> Iterator[Entry]:
    """What a single file holds; nothing if it is of no known format."""
    if not path.is_file():
        raise FactsError([make("facts-no-such-file", None, file=str(path))])
    suffix = path.suffix.lower()
    if suffix in CSV:
        yield Entry(path.name, path.stem, lambda: _csv(path))
    elif suffix in PARQUET:
        yield Entry(path.name, path.stem, lambda: _parquet(path))
    elif suffix in EXCEL:
        yield from _sheets(path)
    elif suffix in SQLITE or _is_sqlite(path):
        yield from _tables(path)


def entries_of_folder(folder: Path) -> Iterator[Entry]:
    """The CSV, Parquet and Excel files of a folder, by name; files that programs leave behind are passed over."""
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.is_file() and path.suffix.lower() in (*CSV, *PARQUET, *EXCEL) and not path.name.startswith((".", "~")):
            yield from entries_of_file(path)


def entries_of_server(address: str) -> Iterator[Entry]:
    """The tables of a PostgreSQL database."""
    from mofan_rules.facts.postgres import PostgresSource, Server

    server = Server(address)
    for table in server.tables:
        yield Entry(table, table, _bound(lambda table: PostgresSource(server, table), table))


def _bound(opener: Callable[[str], Source], name: str) -> Callable[[], Source]:
    return lambda: opener(name)


def _csv(path: Path) -> Source:
    from mofan_rules.facts.csv_files import CsvSource

    return CsvSource(path)


def _parquet(path: Path) -> Source:
    from mofan_rules.facts.parquet_files import ParquetSource

    return ParquetSource(path)


def _sheets(path: Path) -> Iterator[Entry]:
    from mofan_rules.facts.excel_files import SheetSource, Workbook

    workbook = Workbook(path)
    for sheet in workbook.sheets():
        yield Entry(f"{path.name}[{sheet}]", sheet, _bound(lambda sheet: SheetSource(workbook, sheet), sheet))


def _tables(path: Path) -> Iterator[Entry]:
    from mofan_rules.facts.sqlite_files import Database, SqliteSource

    database = Database(path)
    for table in (*database.tables, *database.views):
        yield Entry(f"{path.name}[{table}]", table, _bound(lambda table: SqliteSource(database, table), table), hidden=table in database.views)


def _is_sqlite(path: Path) -> bool:
    from mofan_rules.facts.sqlite_files import MAGIC

    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC

"""`load_facts`: from an address to `Facts`, by the names of files and by `facts.yaml`."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mofan_rules.diagnostics import Bilingual, Diagnostics, FactsError, closest, make
from mofan_rules.facts.facts import Facts
from mofan_rules.facts.files import EXCEL, MAPPING_NAMES, Entry, entries_of_file, entries_of_folder, entries_of_server
from mofan_rules.facts.mapping import Use
from mofan_rules.facts.mapping_file import MappingFile, read_mapping
from mofan_rules.facts.names import table_of
from mofan_rules.facts.postgres import SCHEMES as SERVER
from mofan_rules.facts.postgres import shown
from mofan_rules.facts.sources import RowsSource, Source
from mofan_rules.schema import Table

YAML = (".yaml", ".yml")
WRITTEN_AHEAD = "-wal"
"""What is added to the name of an SQLite file for the file that its latest changes stand in."""


def load_facts(source: str | os.PathLike[str], mapping: str | os.PathLike[str] | None = None) -> Facts:
    """Facts from a folder of CSV, Parquet and Excel files, from one such file, an SQLite file, or a `postgresql://` address.

    A file, sheet or database table is the table whose name it bears, in English or Chinese (`events.csv`, `events-2024.csv`, the sheet 活动). What else
    it may be, `facts.yaml` says.

    Parameters
    ----------
    source: the place; or a `facts.yaml` whose key `source` names the place, from where that file lies.
    mapping: a `facts.yaml` elsewhere; default: the one in the folder, or beside the file.

    Raises
    ------
    FactsError: if the place or the mapping cannot be read, or nothing in it is a table of facts.
    """
    address = os.fspath(source)
    if not isinstance(address, str):
        address = os.fsdecode(address)
    where = Path(mapping) if mapping is not None else None
    if address.lower().endswith(YAML) and where is None:
        where = Path(address)
        found = _read_mapping(where)
        address = _beside(where, found.source)
    else:
        where = where or _mapping_beside(address)
        found = _read_mapping(where) if where is not None else MappingFile()
    entries = list(_entries(address))
    return _chosen(shown(address) if address.startswith(SERVER) else address, entries, found)


def places_of(source: str | os.PathLike[str], mapping: str | os.PathLike[str] | None = None) -> tuple[Path, ...]:
    """The folders and files that `load_facts` would look at, whether they are there or not; of a database on a server only its mapping."""
    address = os.fspath(source)
    where = Path(mapping) if mapping is not None else None
    if address.lower().endswith(YAML) and where is None:
        where = Path(address)
        try:
            address = _beside(where, _read_mapping(where).source)
        except FactsError:
            return (where,)
    found = [] if where is None else [where]
    if not address.startswith(SERVER):
        place = Path(address)
        beside = [] if place.is_dir() else [place.with_name(place.name + WRITTEN_AHEAD), *(place.parent / name for name in MAPPING_NAMES)]
        found += [place, *beside]
    return tuple(dict.fromkeys(found))


def _beside(where: Path, source: str | None) -> str:
    if source is None or source.startswith(SERVER):
        return source or str(where.parent)
    return str(where.parent / source)


def _mapping_beside(address: str) -> Path | None:
    if address.startswith(SERVER):
        return None
    place = Path(address)
    folder = place if place.is_dir() else place.parent
    return next((folder / name for name in MAPPING_NAMES if (folder / name).is_file()), None)


def _read_mapping(path: Path) -> MappingFile:
    try:
        return read_mapping(path.name, path.read_bytes())
    except OSError as error:
        raise FactsError([make("facts-unreadable", None, file=str(path), problem=error.strerror or str(error))]) from error


def _entries(address: str) -> Sequence[Entry]:
    if address.startswith(SERVER):
        return list(entries_of_server(address))
    place = Path(address)
    try:
        if place.is_dir():
            return list(entries_of_folder(place))
        if not place.exists():
            raise FactsError([make("facts-no-such-file", None, file=address)])
        found = list(entries_of_file(place))
    except (OSError, ValueError) as error:
        raise FactsError([make("facts-unreadable", None, file=address, problem=getattr(error, "strerror", None) or str(error))]) from error
    if not found:
        raise FactsError([make("facts-unknown-format", None, file=place.name)])
    return found


def _chosen(address: str, entries: Sequence[Entry], mapping: MappingFile) -> Facts:
    """Match entries with tables: as the mapping says, the rest by name."""
    problems = Diagnostics()
    uses: dict[str, list[Use]] = {}
    named = {entry.name for entry in entries for pattern in mapping.ignore if entry.answers(pattern)}
    for wanted in mapping.uses:
        if not wanted.names:
            _by_table(entries, wanted.use, uses, named)
        for pattern in wanted.names:
            answering = [entry for entry in entries if entry.answers(pattern)]
            if not answering:
                problems.report(
                    "facts-no-such-source",
                    pattern.span,
                    suggestions=closest(pattern, [one for entry in entries for one in (entry.name, entry.short)]),
                    name=str(pattern),
                )
            for entry in answering:
                uses.setdefault(entry.name, []).append(wanted.use)
                named.add(entry.name)
    if problems.has_errors:
        raise FactsError(problems, mapping.texts)
    told = {wanted.use.table for wanted in mapping.uses}
    said: list[Bilingual] = []
    for entry in entries:
        if entry.name in named or entry.hidden:
            continue
        table = table_of(entry.short) or (table_of(entry.name.split("[")[0].rsplit(".", 1)[0]) if "[" in entry.name and _lone(entry, entries) else None)
        if table is None or table in told:
            said.append(Bilingual(f"{entry.name} 没有采用", f"{entry.name} was not used"))
            continue
        uses.setdefault(entry.name, []).append(Use(table, kinds=mapping.kinds.get(table, {}), missing=mapping.missing))
        if entry.short != table.value:
            said.append(Bilingual(f"{entry.name} 用作“{table.value}”", f"{entry.name} was taken for {table.value}"))
    if not uses:
        raise FactsError([make("facts-nothing", None, file=address, tables=", ".join(Table))])
    sources: list[tuple[Source, Sequence[Use]]] = [(entry.open(), uses[entry.name]) for entry in entries if entry.name in uses]
    if mapping.feeds:
        sources.append((RowsSource("facts.yaml", mapping.feeds), [Use(Table.FEEDS)]))
    complete = "all" if "all" in mapping.complete else mapping.complete
    return Facts.of_sources(sources, complete, said, mapping.texts)


def _lone(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Is it the only sheet of its workbook? Then the workbook's name may say what it is."""
    book = entry.name.split("[")[0]
    return book.lower().endswith(EXCEL) and sum(1 for one in entries if one.name.split("[")[0] == book) == 1


def _by_table(entries: Sequence[Entry], use: Use, uses: dict[str, list[Use]], named: set[str]) -> None:
    """A use without `from` is of whatever bears the table's name."""
    for entry in entries:
        if table_of(entry.short) is use.table and entry.name not in named:
            uses.setdefault(entry.name, []).append(replace(use))


__all__ = ["load_facts", "places_of"]

"""From sources to the text cells of one table: a query with the columns `src`, `rec` and those of ours that some source has.

A source is loaded once, into `raw.s<i>`; each of its uses becomes a part of its table. `src` numbers the parts, `rec` the records of
a part, so that a row can be told by the place where it was read. A column that has the SQL type of its cells already (in Parquet files and data frames)
is not made text.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, Diagnostics, closest
from mofan_rules.facts.cells import ESSENTIAL, Cell, fixed_columns
from mofan_rules.facts.mapping import IGNORED, Filter, History, Piece, Template, Use
from mofan_rules.facts.names import column_names, folded
from mofan_rules.facts.sources import Malformed, Source
from mofan_rules.facts.sql import SPACES, clean, name, plain, text, texts
from mofan_rules.schema import KIND_COLUMN, Table, Vocabulary

if TYPE_CHECKING:
    import duckdb

UNTIL_COLUMNS = ("until_date", "valid_until", "dissolved_on")
MOST_NAMED = 12
NATIVE: dict[Cell, str] = {Cell.DATE: "DATE", Cell.INTEGER: "BIGINT", Cell.BOOLEAN: "BOOLEAN"}
"""The cells that may be taken in the SQL type that their source has."""


@dataclass(frozen=True, slots=True)
class Part:
    """One use of one source: rows of `table` with the number `number` as their `src`. `cells` gives the SQL of each of our columns over the raw table, all of
    whose columns are text but those in `native`; `where` says which of its rows are meant."""

    number: int
    table: Table
    source: Source
    raw: str
    cells: dict[str, str]
    malformed: tuple[Malformed, ...]
    where: str = "true"
    native: Mapping[str, str] = field(default_factory=dict)
    origins: str | None = None
    """A table (at, record) that maps the rows of a part that was split to the records of its source."""
    assumed: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class TextTable:
    """The cells of a table as read: `cells` is a query in parentheses. `native` has the columns that are not text, with their SQL types."""

    table: Table
    columns: tuple[str, ...]
    cells: str
    native: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A use whose columns were found in the header of its source: templates over column numbers."""

    use: Use
    columns: dict[str, tuple[Template, ...]]
    numbers: dict[str, int]


def headers(header: Sequence[str]) -> dict[str, int]:
    """The number of each column by its name as written and by its folded name; of equal names the first."""
    found: dict[str, int] = {}
    for number, written in enumerate(header):
        found.setdefault(written.strip(), number)
    for number, written in enumerate(header):
        found.setdefault(folded(written), number)
    return found


def resolve(use: Use, source: Source, vocabulary: Vocabulary, problems: Diagnostics) -> Resolved:
    """Find what a use needs in the header of its source: first as `facts.yaml` says, then by the names of the columns."""
    numbers = headers(source.header())
    known = column_names(use.table, vocabulary)
    columns: dict[str, tuple[Template, ...]] = {}
    for ours, templates in use.columns.items():
        column = known.get(folded(ours))
        if column is None:
            problems.report("facts-unknown-column", use.span, suggestions=closest(ours, known), column=ours, table=use.table.value)
            continue
        columns[column] = templates
        for piece in (piece for template in templates for piece in template if piece.column):
            _known_header(piece.value, numbers, source, use, problems)
    for column in (*(condition.column for condition in use.filters), *([use.history.column] if use.history else [])):
        _known_header(column, numbers, source, use, problems)
    for ours in (*use.constants, *use.split, *([use.history.into] if use.history else [])):
        if folded(ours) not in known:
            problems.report("facts-unknown-column", use.span, suggestions=closest(ours, known), column=ours, table=use.table.value)
    taken = {_number(piece.value, numbers) for templates in columns.values() for template in templates for piece in template if piece.column}
    if not use.only:
        _by_name(use, source, known, columns, taken, problems)
    constant = {known.get(folded(ours), ours) for ours in use.constants}
    for column in ESSENTIAL[use.table]:
        if column not in columns and column not in constant and source.header():
            problems.report("facts-missing-column", use.span, table=use.table.value, column=column, file=source.label)
    return Resolved(use, columns, numbers)


def _by_name(use: Use, source: Source, known: dict[str, str], columns: dict[str, tuple[Template, ...]], taken: set[int | None], problems: Diagnostics) -> None:
    exact = set(fixed_columns(use.table))
    chosen: dict[str, str] = {}
    for number, written in enumerate(source.header()):
        column = known.get(folded(written))
        if column is None or column in columns or (number in taken and column not in exact):
            continue
        if column not in chosen or folded(written) == column != folded(chosen[column]):
            chosen[column] = written
        elif folded(chosen[column]) != column:
            problems.report("facts-column-twice", use.span, table=use.table.value, column=column, first=chosen[column], second=written, file=source.label)
    columns.update({column: ((Piece(written.strip(), True),),) for column, written in chosen.items()})


def _number(column: str, numbers: dict[str, int]) -> int | None:
    return numbers.get(column.strip(), numbers.get(folded(column)))


def _known_header(column: str, numbers: dict[str, int], source: Source, use: Use, problems: Diagnostics) -> None:
    if _number(column, numbers) is None:
        problems.report("facts-no-such-column", use.span, suggestions=closest(column, source.header()), column=column, file=source.label)


def wanted(resolved: Sequence[Resolved]) -> list[int]:
    """The numbers of the columns that the uses of one source read."""
    found: set[int] = set()
    for one in resolved:
        pieces = [piece.value for templates in one.columns.values() for template in templates for piece in template if piece.column]
        pieces += [condition.column for condition in one.use.filters]
        pieces += [one.use.history.column] if one.use.history else []
        found |= {number for piece in pieces if (number := _number(piece, one.numbers)) is not None}
    return sorted(found)


def cells(resolved: Resolved, vocabulary: Vocabulary) -> dict[str, str]:
    """The SQL of each of our columns over the columns `c<i>` of the raw table."""
    use = resolved.use
    known = column_names(use.table, vocabulary)
    found = {column: _alternatives(templates, resolved.numbers) for column, templates in resolved.columns.items()}
    found |= {known.get(folded(ours), ours): text(value) for ours, value in use.constants.items()}
    for column in found:
        if use.missing:
            found[column] = f"CASE WHEN {clean(found[column])} IN {texts(use.missing)} THEN NULL ELSE {found[column]} END"
        if use.date_order is not None:
            found[column] = _reordered(found[column], use.date_order) if column.endswith(("_on", "_from", "_until", "date")) else found[column]
        if use.ends_excluded and column in UNTIL_COLUMNS:
            found[column] = _day_before(found[column])
    kind = KIND_COLUMN.get(use.table)
    if kind is not None and kind in found and use.kinds:
        written = clean(found[kind])
        left_out = f"{text(IGNORED)} || {written}"
        cases = " ".join(f"WHEN {text(foreign)} THEN {left_out if ours is None else text(ours)}" for foreign, ours in use.kinds.items())
        found[kind] = f"CASE {written} {cases} ELSE {found[kind]} END"
    return found


def _alternatives(templates: Sequence[Template], numbers: dict[str, int]) -> str:
    written = [_template(template, numbers) for template in templates]
    if len(written) == 1:
        return written[0]
    return "coalesce(" + ", ".join(clean(one) for one in written) + ")"


def _template(template: Template, numbers: dict[str, int]) -> str:
    if len(template) == 1 and template[0].column:
        return f"c{_number(template[0].value, numbers)}"
    pieces = [clean(f"c{_number(piece.value, numbers)}") if piece.column else text(piece.value) for piece in template]
    return "(" + " || ".join(pieces or ["NULL"]) + ")"


def _reordered(cell: str, order: str) -> str:
    pattern = r"^(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})(.*)$"
    replacement = r"\3-\2-\1\4" if order == "DMY" else r"\3-\1-\2\4"
    return f"regexp_replace({plain(cell)}, {text(pattern)}, {text(replacement)})"


def _day_before(cell: str) -> str:
    day = f"reading.full_date({plain(cell)})"
    return f"CASE WHEN {day} IS NOT NULL THEN ({day} - 1)::VARCHAR ELSE {cell} END"


def condition(filters: Sequence[Filter], numbers: dict[str, int]) -> str:
    """The SQL of row filters: all must hold."""
    terms = []
    for one in filters:
        cell = clean(f"c{_number(one.column, numbers)}")
        values = [value for value in one.values if value is not None]
        term = f"coalesce({cell} IN {texts(values)}, false)" if values else "false"
        if None in one.values:
            term = f"({term} OR {cell} IS NULL)"
        terms.append(f"NOT ({term})" if one.negated else term)
    return " AND ".join(terms) or "true"


def unread(source: Source, resolved: Sequence[Resolved], vocabulary: Vocabulary) -> list[Bilingual]:
    """A sentence on the columns of a source that nobody reads, unless `facts.yaml` says which are all; with what was probably meant."""
    if all(one.use.only for one in resolved):
        return []
    read = set(wanted(resolved))
    left = [written.strip() for number, written in enumerate(source.header()) if number not in read and written.strip()]
    if not left:
        return []
    known = {word for one in resolved for word in column_names(one.use.table, vocabulary)}
    zh, en = [], []
    for written in left[:MOST_NAMED]:
        if folded(written) in known:
            zh.append(f"{written}（重复）")
            en.append(f"{written} (given twice)")
            continue
        near = closest(folded(written), known)
        zh.append(f"{written}（是不是“{near[0]}”？）" if near else written)
        en.append(f"{written} (did you mean {near[0]}?)" if near else written)
    more = "…" if len(left) > MOST_NAMED else ""
    return [Bilingual(f"{source.label}：没有读取的列：{'、'.join(zh)}{more}", f"{source.label}: columns that were not read: {', '.join(en)}{more}")]


def needs_dates(use: Use) -> bool:
    """Does a use compute with dates before they are read?"""
    return use.ends_excluded or use.history is not None


def make_part(
    connection: "duckdb.DuckDBPyConnection",
    number: int,
    resolved: Resolved,
    source: Source,
    raw: str,
    loaded: Collection[int],
    malformed: list[Malformed],
    vocabulary: Vocabulary,
) -> Part:
    """A part of a table; where the use splits rows, its rows are made into a table of their own.

    Parameters
    ----------
    loaded: the numbers of the columns that the raw table has.
    """
    use = resolved.use
    found = cells(resolved, vocabulary)
    known = column_names(use.table, vocabulary)
    where = condition(use.filters, resolved.numbers)
    native = {f"c{at}": kind for at, kind in source.native().items() if at in loaded}
    if malformed:
        where = f"({where}) OR rec IN ({', '.join(str(one.at) for one in malformed)})"
    if not use.split and use.history is None:
        return Part(number, use.table, source, raw, found, tuple(malformed), where, native)
    rows = f"{_as_text(raw, native)} WHERE {where}"
    split = {known[folded(column)]: separator for column, separator in use.split.items()}
    made = f"work.part_{number}"
    selected = {
        column: f"unnest(string_split(coalesce({cell}, ''), {text(split[column])}))" if column in split else f"{cell}" for column, cell in found.items()
    }
    assumed: tuple[Bilingual, ...] = ()
    if use.history is None:
        cells_selected = ", ".join(f"{cell} AS {name(column)}" for column, cell in selected.items())
        connection.execute(f"CREATE TABLE {made} AS SELECT rec AS record, {cells_selected} FROM {rows}")
    else:
        into = known[folded(use.history.into)]
        ends = ("valid_from", "valid_until") if use.table in (Table.ORGANIZATIONS, Table.RELATIONS) else ("from_date", "until_date")
        selected = {**dict.fromkeys((*ends, into), "NULL"), **selected}
        cell = f"c{_number(use.history.column, resolved.numbers)}"
        _cut(connection, made, selected, use.history, cell, (*ends, into), rows)
        assumed = _doubled(connection, source, use.history, cell, rows)
    return Part(number, use.table, source, made, {column: name(column) for column in selected}, tuple(malformed), origins=made, assumed=assumed)


def _as_text(raw: str, columns: Mapping[str, str]) -> str:
    """The rows of a raw table with their numbers, some columns made text."""
    casts = ", ".join(f"{column}::VARCHAR AS {column}" for column in columns)
    return f"(SELECT rowid AS rec, *{f' REPLACE ({casts})' if casts else ''} FROM {raw})"


def _cut(
    connection: "duckdb.DuckDBPyConnection", made: str, selected: dict[str, str], history: History, cell: str, columns: tuple[str, str, str], rows: str
) -> None:
    """Cut each row by the dated values of its history cell into rows that follow each other. What lies outside of the row's own span is left out; of several
    values with one date the last counts.

    Parameters
    ----------
    selected: the SQL of each column over the raw rows.
    cell: the raw column of the history.
    columns: those for the beginning, the end and the value.
    """
    start, end, into = columns
    own = ", ".join(f"{sql} AS {name(column)}" for column, sql in selected.items())
    others = "".join(f"r.{name(column)}, " for column in selected if column not in columns)
    connection.execute(f"""CREATE TABLE {made} AS
        WITH r AS (SELECT rec AS record, {own}, string_split({clean(cell)}, {text(history.between)}) AS pieces FROM {rows}),
        cut AS (SELECT record, unnest(pieces) AS piece, generate_subscripts(pieces, 1) AS place, reading.full_date({plain(name(start))}) AS first,
                    reading.full_date({plain(name(end))}) AS last FROM r WHERE pieces IS NOT NULL),
        dated AS (SELECT *, reading.full_date({plain(f"split_part(piece, {text(history.within)}, 1)")}) AS since,
                      substr(piece, instr(piece, {text(history.within)}) + {len(history.within)}) AS value FROM cut),
        spans AS (SELECT *, lead(since) OVER (PARTITION BY record ORDER BY place) AS next FROM dated WHERE since <= last OR since IS NULL OR last IS NULL),
        kept AS (SELECT *, row_number() OVER (PARTITION BY record ORDER BY place) AS nth FROM spans
                 WHERE (next > first OR next IS NULL OR first IS NULL) AND (next IS NULL OR since IS NULL OR next <> since))
        SELECT r.record, {others}
               CASE WHEN s.nth IS NULL OR s.nth = 1 THEN r.{name(start)} ELSE s.since::VARCHAR END AS {name(start)},
               CASE WHEN s.next IS NULL THEN r.{name(end)} ELSE (s.next - 1)::VARCHAR END AS {name(end)},
               CASE WHEN s.nth IS NULL THEN r.{name(into)} ELSE s.value END AS {name(into)}
        FROM r LEFT JOIN kept s ON s.record = r.record ORDER BY r.record, s.nth""")


def _doubled(connection: "duckdb.DuckDBPyConnection", source: Source, history: History, cell: str, rows: str) -> tuple[Bilingual, ...]:
    """What to say of histories that have several values of one date."""
    day = f"reading.full_date({plain(f'split_part(piece, {text(history.within)}, 1)')})"
    pieces = f"SELECT rec, unnest(string_split({clean(cell)}, {text(history.between)})) AS piece FROM {rows}"
    query = f"SELECT count(*) FROM (SELECT rec FROM ({pieces}) WHERE {day} IS NOT NULL GROUP BY rec, {day} HAVING count(*) > 1)"
    [(count,)] = connection.execute(query).fetchall()
    if not count:
        return ()
    zh = f"{source.label}：“{history.column}”里同一天有几个值的（{count} 处），取后一个"
    en = f"{source.label}: where {history.column} has several values of one date ({count} times), the last was taken"
    return (Bilingual(zh, en),)


def make_text(table: Table, parts: Sequence[Part], types: Mapping[str, Cell]) -> TextTable:
    """The text cells of a table from its parts; rows all of whose cells are empty are left out, unless the file's row was malformed.

    Parameters
    ----------
    types: the cell type of each column.
    """
    given = {column for part in parts for column in part.cells}
    columns = tuple(column for column in types if column in given)
    native = {column: NATIVE[types[column]] for column in columns if types[column] in NATIVE and all(_is_native(part, column, types) for part in parts)}
    return TextTable(table, columns, "(" + " UNION ALL ".join(_select(part, columns, native) for part in parts) + ")", native)


def _is_native(part: Part, column: str, types: Mapping[str, Cell]) -> bool:
    """Has a part a column in its SQL type, and uses it for nothing else; or has it none?"""
    cell = part.cells.get(column)
    if cell is None:
        return True
    used = re.compile(rf"\b{re.escape(cell)}\b")
    elsewhere = any(used.search(other) for ours, other in part.cells.items() if ours != column)
    return part.native.get(cell) == NATIVE[types[column]] and not elsewhere and not used.search(part.where)


def _select(part: Part, columns: Sequence[str], native: Mapping[str, str]) -> str:
    raw = _as_text(part.raw, {cell: kind for cell, kind in part.native.items() if cell not in {part.cells.get(column) for column in native}})
    selected = "".join(f", {part.cells.get(column, 'NULL')}::{native.get(column, 'VARCHAR')} AS {name(column)}" for column in columns)
    # Any cell with a text will do, and mostly the first has one.
    cells = {cell: column in native for column, cell in part.cells.items() if not cell.startswith("'")}
    plainly = [f"{cell} IS NOT NULL" if typed else f"({cell} BETWEEN '!' AND '~~' OR {cell} > '\u3001')" for cell, typed in cells.items()]
    trimmed = [f"trim({cell}, {text(SPACES)}) <> ''" for cell, typed in cells.items() if not typed]
    kept = " OR ".join((*plainly, *trimmed)) or "true"
    if part.malformed:
        record = "rec" if part.origins is None else "record"
        kept += f" OR {record} IN ({', '.join(str(one.at) for one in part.malformed)})"
    where = "" if part.where == "true" else f" AND ({part.where})"
    return f"SELECT {part.number}::INTEGER AS src, rec::UINTEGER AS rec{selected} FROM {raw} WHERE ({kept}){where}"

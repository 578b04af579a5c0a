"""From sources to one view of text cells a table: `text.events` with the columns `src`, `rec` and those of ours that some source has.

A source is loaded once, into `raw.s<i>`; each of its uses becomes a part of the view of its table. `src` numbers the parts, `rec` the records of
a part, so that a row can be told by the place where it was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Diagnostics, closest
from mofan_rules.facts.cells import ESSENTIAL, fixed_columns
from mofan_rules.facts.mapping import IGNORED, Filter, History, Piece, Template, Use
from mofan_rules.facts.names import column_names, folded
from mofan_rules.facts.sources import Malformed, Source
from mofan_rules.facts.sql import name, text, texts
from mofan_rules.schema import KIND_COLUMN, Table, Vocabulary

if TYPE_CHECKING:
    import duckdb

UNTIL_COLUMNS = ("until_date", "valid_until", "dissolved_on")


@dataclass(frozen=True, slots=True)
class Part:
    """One use of one source: rows of `table` with the number `number` as their `src`. `cells` gives the SQL of each of our columns over the raw table."""

    number: int
    table: Table
    source: Source
    raw: str
    cells: dict[str, str]
    malformed: tuple[Malformed, ...]
    origins: str | None = None
    """A table (at, record) that maps the rows of a part that was split to the records of its source."""


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
            found[column] = f"CASE WHEN reading.clean({found[column]}) IN {texts(use.missing)} THEN NULL ELSE {found[column]} END"
        if use.date_order is not None:
            found[column] = _reordered(found[column], use.date_order) if column.endswith(("_on", "_from", "_until", "date")) else found[column]
        if use.ends_excluded and column in UNTIL_COLUMNS:
            found[column] = _day_before(found[column])
    kind = KIND_COLUMN.get(use.table)
    if kind is not None and kind in found and use.kinds:
        written = f"reading.clean({found[kind]})"
        left_out = f"{text(IGNORED)} || {written}"
        cases = " ".join(f"WHEN {text(foreign)} THEN {left_out if ours is None else text(ours)}" for foreign, ours in use.kinds.items())
        found[kind] = f"CASE {written} {cases} ELSE {found[kind]} END"
    return found


def _alternatives(templates: Sequence[Template], numbers: dict[str, int]) -> str:
    written = [_template(template, numbers) for template in templates]
    if len(written) == 1:
        return written[0]
    return "coalesce(" + ", ".join(f"reading.clean({one})" for one in written) + ")"


def _template(template: Template, numbers: dict[str, int]) -> str:
    if len(template) == 1 and template[0].column:
        return f"c{_number(template[0].value, numbers)}"
    pieces = [f"reading.clean(c{_number(piece.value, numbers)})" if piece.column else text(piece.value) for piece in template]
    return "(" + " || ".join(pieces or ["NULL"]) + ")"


def _reordered(cell: str, order: str) -> str:
    pattern = r"^(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})(.*)$"
    replacement = r"\3-\2-\1\4" if order == "DMY" else r"\3-\1-\2\4"
    return f"regexp_replace(reading.plain({cell}), {text(pattern)}, {text(replacement)})"


def _day_before(cell: str) -> str:
    day = f"reading.full_date(reading.plain({cell}))"
    return f"CASE WHEN {day} IS NOT NULL THEN ({day} - 1)::VARCHAR ELSE {cell} END"


def condition(filters: Sequence[Filter], numbers: dict[str, int]) -> str:
    """The SQL of row filters: all must hold."""
    terms = []
    for one in filters:
        cell = f"reading.clean(c{_number(one.column, numbers)})"
        values = [value for value in one.values if value is not None]
        term = f"coalesce({cell} IN {texts(values)}, false)" if values else "false"
        if None in one.values:
            term = f"({term} OR {cell} IS NULL)"
        terms.append(f"NOT ({term})" if one.negated else term)
    return " AND ".join(terms) or "true"


def make_part(
    connection: "duckdb.DuckDBPyConnection", number: int, resolved: Resolved, source: Source, raw: str, malformed: list[Malformed], vocabulary: Vocabulary
) -> Part:
    """A part of the view of a table; where the use splits rows, its rows are made into a table of their own."""
    use = resolved.use
    found = cells(resolved, vocabulary)
    known = column_names(use.table, vocabulary)
    where = condition(use.filters, resolved.numbers)
    if malformed:
        where = f"({where}) OR rowid IN ({', '.join(str(one.at) for one in malformed)})"
    if not use.split and use.history is None:
        return Part(number, use.table, source, f"(SELECT rowid AS rec, * FROM {raw} WHERE {where})", found, tuple(malformed))
    split = {known[folded(column)]: separator for column, separator in use.split.items()}
    made = f"raw.p{number}"
    selected = {
        column: f"unnest(string_split(coalesce({cell}, ''), {text(split[column])}))" if column in split else f"{cell}" for column, cell in found.items()
    }
    if use.history is None:
        cells_selected = ", ".join(f"{cell} AS {name(column)}" for column, cell in selected.items())
        connection.execute(f"CREATE TABLE {made} AS SELECT rowid AS record, {cells_selected} FROM {raw} WHERE {where}")
    else:
        into = known[folded(use.history.into)]
        ends = ("valid_from", "valid_until") if use.table in (Table.ORGANIZATIONS, Table.RELATIONS) else ("from_date", "until_date")
        selected = {**dict.fromkeys((*ends, into), "NULL"), **selected}
        cell = f"c{_number(use.history.column, resolved.numbers)}"
        _cut(connection, made, selected, use.history, cell, (*ends, into), f"{raw} WHERE {where}")
    return Part(number, use.table, source, f"(SELECT rowid AS rec, * FROM {made})", {column: name(column) for column in selected}, tuple(malformed), made)


def _cut(
    connection: "duckdb.DuckDBPyConnection", made: str, selected: dict[str, str], history: History, cell: str, columns: tuple[str, str, str], rows: str
) -> None:
    """Cut each row by the dated values of its history cell into rows that follow each other. What lies outside of the row's own span is left out.

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
        WITH r AS (SELECT rowid AS record, {own}, string_split(reading.clean({cell}), {text(history.between)}) AS pieces FROM {rows}),
        cut AS (SELECT record, unnest(pieces) AS piece, generate_subscripts(pieces, 1) AS place, reading.full_date(reading.plain({name(start)})) AS first,
                    reading.full_date(reading.plain({name(end)})) AS last FROM r WHERE pieces IS NOT NULL),
        dated AS (SELECT *, reading.full_date(reading.plain(split_part(piece, {text(history.within)}, 1))) AS since,
                      substr(piece, instr(piece, {text(history.within)}) + {len(history.within)}) AS value FROM cut),
        spans AS (SELECT *, lead(since) OVER (PARTITION BY record ORDER BY place) AS next FROM dated WHERE since <= last OR since IS NULL OR last IS NULL),
        kept AS (SELECT *, row_number() OVER (PARTITION BY record ORDER BY place) AS nth FROM spans WHERE next > first OR next IS NULL OR first IS NULL)
        SELECT r.record, {others}
               CASE WHEN s.nth IS NULL OR s.nth = 1 THEN r.{name(start)} ELSE s.since::VARCHAR END AS {name(start)},
               CASE WHEN s.next IS NULL THEN r.{name(end)} ELSE (s.next - 1)::VARCHAR END AS {name(end)},
               CASE WHEN s.nth IS NULL THEN r.{name(into)} ELSE s.value END AS {name(into)}
        FROM r LEFT JOIN kept s ON s.record = r.record ORDER BY r.record, s.nth""")


def make_view(connection: "duckdb.DuckDBPyConnection", table: Table, parts: Sequence[Part]) -> list[str]:
    """Create `text.<table>` from the parts of a table; rows all of whose cells are empty are left out, unless the file's row was malformed.

    Returns
    -------
    The columns of the view, without `src` and `rec`.
    """
    columns = list(dict.fromkeys(column for part in parts for column in part.cells))
    selects = []
    for part in parts:
        selected = "".join(f", {part.cells.get(column, 'NULL')}::VARCHAR AS {name(column)}" for column in columns)
        read = sorted({cell for cell in part.cells.values() if not cell.startswith("'")})
        empty = " AND ".join(f"coalesce({cell}, '') = ''" for cell in read) or "false"
        kept = f"NOT ({empty})"
        if part.malformed:
            record = "rec" if part.origins is None else "record"
            kept += f" OR {record} IN ({', '.join(str(one.at) for one in part.malformed)})"
        selects.append(f"SELECT {part.number}::INTEGER AS src, rec::UINTEGER AS rec{selected} FROM {part.raw} WHERE {kept}")
    connection.execute(f"CREATE VIEW text.{name(table.value)} AS " + " UNION ALL ".join(selects))
    return columns

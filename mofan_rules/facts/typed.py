"""Typing: the text cells of a table become values, and the first thing that is wrong with each row is noted.

The result is `work.<table>`, one row for each row read: `src` and `rec` say where, `bad` is the number of the check that failed
(0: none), `id` is the row's id or a digest of its content, and each column holds its value or, where the cell is empty or illegible, what stands for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mofan_rules.facts.cells import ATTRIBUTE_CELLS, FIXED, REQUIRED, Cell, fixed_columns
from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.facts.columns import EVER, NEVER, SQL_TYPES, Reading, cleaned_cells, read_column, read_slot
from mofan_rules.facts.dictionaries import PROBLEMS, Dictionary
from mofan_rules.facts.names import kinds_having
from mofan_rules.facts.packing import Packing, pack
from mofan_rules.facts.reading import LONGEST_TEXT
from mofan_rules.facts.sql import name, text, texts
from mofan_rules.facts.text_tables import TextTable
from mofan_rules.schema import KIND_COLUMN, Table, Type, Vocabulary

if TYPE_CHECKING:
    import duckdb

OPEN_BEGINNING = {(Table.RELATIONS, "valid_from")}
"""Dates whose empty cell means *since always*."""
OPEN_END = {"until_date", "valid_until", "dissolved_on"}
"""Dates whose empty cell means *for ever*."""

SPANS: dict[Table, tuple[tuple[str, str], ...]] = {
    Table.ORGANIZATIONS: (("founded_on", "dissolved_on"), ("valid_from", "valid_until"), ("valid_from", "dissolved_on"), ("founded_on", "valid_until")),
    Table.RELATIONS: (("valid_from", "valid_until"),),
    Table.EVENTS: (("belongs_to", "date"),),
    Table.TENURES: (("from_date", "until_date"),),
    Table.EVIDENCE: (("date", "valid_until"),),
    Table.WAIVERS: (("from_date", "until_date"),),
    Table.FEEDS: (("from_date", "until_date"),),
}
"""Pairs of dates of which the first cannot lie after the second."""

UNWRITTEN = ("recorded_on", "supersedes", "withdrawn", "reason", "approved_by")
"""Columns of which there is nothing in the working table if they are not given."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a row: the SQL that is true where it is, its rejection code and its column."""

    wrong: str
    code: str
    column: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was made of a table: its cells as read, the checks by number (from 1), and what `Traits` says of its rows."""

    text: TextTable
    checks: tuple[Check, ...]
    rows: int
    packing: Packing = field(default_factory=Packing)
    bad: int = 0
    repeated: bool = False
    """Do several rows share an id (or key), so that they may repeat or contradict each other?"""
    corrected: bool = False
    """Does any row supersede another?"""
    withdrawn: bool = False

    @property
    def table(self) -> Table:
        return self.text.table


def type_table(
    connection: "duckdb.DuckDBPyConnection", given: TextTable, vocabulary: Vocabulary, dictionary: Dictionary, identified: bool, large: bool
) -> Typed:
    """Create `work.<table>` from the text cells of a table, and see which of the later steps its rows need.

    Parameters
    ----------
    dictionary: it has read the texts of this table.
    identified: whether each row has an id.
    large: whether attributes are to share columns.
    """
    table, columns = given.table, given.columns
    types = cell_types(table, vocabulary)
    # The id of a row without one is made from all its cells, so that all must be read one by one.
    packing = pack(given, types, vocabulary, dictionary) if large and identified else Packing()
    seen, laid_out = packing.cells(given), packing.stored(types)
    found = {slot.name: read_slot(table, slot, dictionary) for slot in packing.slots}
    for column in seen.columns:
        if column not in found and not _verbatim(table, column):
            found[column] = read_column(table, column, types[column], given, dictionary, vocabulary)
    inner = [sql for column, reading in found.items() for sql in reading.columns(column)]
    joins = " ".join(reading.join for reading in found.values())
    read = f"(SELECT v.*{''.join(', ' + sql for sql in inner)} FROM {cleaned_cells(seen, laid_out)} v {joins}) v"
    readings = {column: reading.named(column) for column, reading in found.items()}
    readings |= {member.column: readings[slot.name] for slot in packing.slots for member in slot.members}
    vocabulary = _occurring(table, vocabulary, dictionary)
    checks = tuple(_checks(table, columns, types, readings, vocabulary))
    values = [f"{sql} AS {name(alias)}" for alias, sql in _values(table, seen.columns, laid_out, readings, vocabulary).items()]
    bad = "CASE " + " ".join(f"WHEN {check.wrong} THEN {number}" for number, check in enumerate(checks, 1)) + " ELSE 0 END::UTINYINT"
    own = f"{_id(table, columns, readings, vocabulary, identified)} AS id"
    connection.execute(f"CREATE TABLE work.{name(table.value)} AS SELECT {', '.join(['v.src', 'v.rec', f'{bad} AS bad', own, *values])} FROM {read}")
    return _traits(connection, given, checks, packing)


def _occurring(table: Table, vocabulary: Vocabulary, dictionary: Dictionary) -> Vocabulary:
    """The vocabulary without the kinds of attributes and the waiver policies that none of the rows is about: long lists in a query cost more than its rows."""
    kinds = dictionary.words(table, KIND_COLUMN[table]) if table in KIND_COLUMN else set()
    required = dictionary.words(table, "requirement")
    attributes = [
        replace(one, kinds=tuple(kind for kind in sorted(kinds_having(one, vocabulary)) if kind in kinds) or one.kinds[:1]) if one.table is table else one
        for one in vocabulary.attributes
    ]
    waivers = {requirement: policy for requirement, policy in vocabulary.waivers.items() if requirement in required}
    return replace(vocabulary, attributes=tuple(attributes), waivers=waivers)


def no_table(connection: "duckdb.DuckDBPyConnection", table: Table, vocabulary: Vocabulary) -> None:
    """Create `work.<table>` without rows."""
    columns = _values(table, (), cell_types(table, vocabulary), {}, vocabulary)
    selected = ", ".join(f"{sql} AS {name(column)}" for column, sql in columns.items())
    connection.execute(f"""CREATE TABLE work.{name(table.value)} AS
        SELECT 0::INTEGER AS src, 0::UINTEGER AS rec, 0::UTINYINT AS bad, NULL::VARCHAR AS id, {selected} WHERE false""")


def _traits(connection: "duckdb.DuckDBPyConnection", given: TextTable, checks: tuple[Check, ...], packing: Packing) -> Typed:
    """See in one pass which of the later steps the rows of a table need."""
    work = f"work.{name(given.table.value)}"
    corrected = "count(supersedes)" if "supersedes" in given.columns else "0"
    withdrawn = "count(*) FILTER (withdrawn)" if "withdrawn" in given.columns else "0"
    [(rows, bad, superseding, gone)] = connection.execute(f"SELECT count(*), count(*) FILTER (bad > 0), {corrected}, {withdrawn} FROM {work}").fetchall()
    hashed = f"hash({', '.join(map(name, key_columns(given.table)))})"
    [(repeated,)] = connection.execute(
        f"CREATE TABLE {_doubled(given.table)} AS SELECT {hashed} AS hashed FROM {work} GROUP BY hashed HAVING count(*) > 1"
    ).fetchall()
    return Typed(given, checks, rows, packing, bad, repeated > 0, superseding > 0, gone > 0)


def _doubled(table: Table) -> str:
    """The name of the table of the hashes that several keys have: most keys occur once, and hashes take less memory than these."""
    return f"work.{name('doubled_' + table.value)}"


def key_columns(table: Table) -> tuple[str, ...]:
    """The columns by which the rows of a table name each other."""
    return ("event", "person") if table is Table.ATTENDANCE else ("id",)


def shared_keys(table: Table) -> str:
    """A query for the keys that several rows of `work.<table>` bear."""
    key = ", ".join(map(name, key_columns(table)))
    return f"SELECT {key} FROM work.{name(table.value)} WHERE hash({key}) IN (SELECT hashed FROM {_doubled(table)}) GROUP BY {key} HAVING count(*) > 1"


def cell_types(table: Table, vocabulary: Vocabulary) -> dict[str, Cell]:
    """The cell type of each column that the table may have."""
    types = {column: FIXED[column] for column in fixed_columns(table)}
    if table is Table.FEEDS:
        types["kind"] = Cell.TEXT
    return types | {f"a_{n}": ATTRIBUTE_CELLS[attribute.type] for n, attribute in enumerate(vocabulary.attributes) if attribute.table is table}


def _verbatim(table: Table, column: str) -> bool:
    """Is it a column that names rows of its own table?"""
    return column == "id" or (table is Table.ORGANIZATIONS and column == "parent")


def _checks(table: Table, columns: Sequence[str], types: dict[str, Cell], readings: dict[str, Reading], vocabulary: Vocabulary) -> list[Check]:
    """Everything that can be wrong with the cells of one row: what decides nothing first."""
    first: list[Check] = []
    later: list[Check] = []
    for column in columns:
        if column not in readings:
            later.append(Check(f"length(v.{name(column)}) > {LONGEST_TEXT}", "bad_text", column))
            continue
        reading = readings[column]
        if column == "requirement":
            known = texts(vocabulary.waivers)
            first.append(Check(f"{reading.value} IS NOT NULL AND NOT coalesce({reading.value} IN {known}, false)", "unknown_requirement", column))
        for state, code in PROBLEMS[types[column]].items():
            if state not in reading.states:
                continue
            wrong = f"{reading.state} = {state}" + _read_only_of_kinds(table, column, readings, vocabulary)
            code = "dangling_attribute" if code == "dangling_reference" and column.startswith("a_") else code
            (later if REJECTIONS[code].decides else first).append(Check(wrong, code, column))
    for column in REQUIRED[table]:
        if column not in columns:
            empty = "true"
        elif column in readings:
            empty = f"{readings[column].state} = 0"
        else:
            empty = f"v.{name('k_' + column)} IS NULL"
        later.append(Check(empty, "missing_value", column))
    if table is Table.WAIVERS and "requirement" in columns:
        for check in _waiver_policy(readings, vocabulary):
            (later if REJECTIONS[check.code].decides else first).append(check)
    later += _intervals(table, readings)
    return first + later


def _waiver_policy(readings: dict[str, Reading], vocabulary: Vocabulary) -> list[Check]:
    """Which waivers count (SEMANTICS section 3.5)."""
    policies = vocabulary.waivers.items()
    requirement = readings["requirement"].value
    approved = f"{readings['approved_by'].state} <> 0" if "approved_by" in readings else "false"
    reasoned = f"{readings['reason'].state} <> 0" if "reason" in readings else "false"
    strict = [requirement for requirement, policy in policies if policy.must and not policy.waivable]
    approvable = [requirement for requirement, policy in policies if policy.must and policy.waivable]
    advice = [requirement for requirement, policy in policies if not policy.must]
    return [
        Check(f"{requirement} IN {texts(strict)}", "not_waivable", "requirement"),
        Check(f"{requirement} IN {texts(approvable)} AND NOT ({approved})", "no_approval", "approved_by"),
        Check(f"{requirement} IN {texts(advice)} AND NOT ({reasoned})", "no_reason", "reason"),
    ]


def _read_only_of_kinds(table: Table, column: str, readings: dict[str, Reading], vocabulary: Vocabulary) -> str:
    """The condition under which an attribute is read: the row is of a kind that has it."""
    if not column.startswith("a_"):
        return ""
    kinds = vocabulary.attributes[int(column[2:])].kinds
    kind_column = KIND_COLUMN.get(table)
    if not kinds or kind_column is None or kind_column not in readings:
        return ""
    return f" AND {readings[kind_column].value} IN {texts(kinds)}"


def _reversed(table: Table, readings: dict[str, Reading]) -> dict[tuple[str, str], str]:
    """The condition under which each pair of dates contradicts itself."""
    return {(a, b): f"{readings[a].low} > {readings[b].high}" for a, b in SPANS.get(table, ()) if a in readings and b in readings}


def _intervals(table: Table, readings: dict[str, Reading]) -> list[Check]:
    return [
        Check(wrong, "belongs_to_in_future", first) if table is Table.EVENTS else Check(wrong, "reversed_interval", second)
        for (first, second), wrong in _reversed(table, readings).items()
    ]


def _values(table: Table, columns: Sequence[str], types: dict[str, Cell], readings: dict[str, Reading], vocabulary: Vocabulary) -> dict[str, str]:
    """The SQL of each typed column."""
    found: dict[str, str] = {}
    contradicting = _reversed(table, readings)
    for column, cell in types.items():
        if column == "id" or (column in UNWRITTEN and column not in columns):
            continue
        reading = readings.get(column)
        if cell in (Cell.DATE, Cell.PERIOD):
            wrong = " OR ".join(condition for pair, condition in contradicting.items() if column in pair)
            found |= _dates(table, column, cell, reading, wrong)
        elif column not in columns:
            found[column] = "'yes'" if column == "held" else f"NULL::{SQL_TYPES[cell]}"
        elif reading is None:
            found[column] = "v." + name("k_" + column)
        elif cell is Cell.HELD:
            found[column] = f"CASE {reading.state} WHEN 0 THEN 'yes' WHEN 2 THEN 'unclear' ELSE {reading.value} END"
        else:
            condition = _read_only_of_kinds(table, column, readings, vocabulary)
            legible = f"CASE WHEN {reading.state} = 1{condition} THEN {reading.value} END" if reading.guarded or condition else reading.value
            found[column] = f"({legible})::{SQL_TYPES[cell]}"
    return found


def _dates(table: Table, column: str, cell: Cell, reading: Reading | None, wrong: str) -> dict[str, str]:
    """A date as its two ends: what an empty cell means depends on the column, an illegible one is unknown, and so is one that contradicts another (`wrong`),
    since either of the two may be the wrong one."""
    unless = f"WHEN {wrong} THEN " if wrong else ""
    if cell is Cell.PERIOD:
        if reading is None:
            return {f"{column}_low": "NULL::DATE", f"{column}_high": "NULL::DATE"}
        ends = {f"{column}_low": reading.low, f"{column}_high": reading.high}
        return {end: f"CASE {unless and unless + 'NULL'} WHEN {reading.state} = 1 THEN {sql} END" for end, sql in ends.items()}
    unknown = (EVER, NEVER)
    empty = empty_days(table, column)
    if reading is None:
        return {f"{column}_low": empty[0], f"{column}_high": empty[1]}
    found = {}
    for i, end in enumerate(("low", "high")):
        read = reading.low if end == "low" else reading.high
        found[f"{column}_{end}"] = (
            f"CASE {unless and unless + unknown[i]} WHEN {reading.state} = 1 THEN {read} WHEN {reading.state} = 0 THEN {empty[i]} ELSE {unknown[i]} END"
        )
    return found


def empty_days(table: Table, column: str) -> tuple[str, str]:
    """The SQL of what an empty date cell means: its earliest and its latest day."""
    if column == "recorded_on" or (table is Table.ORGANIZATIONS and column in ("valid_from", "valid_until")):
        return "NULL::DATE", "NULL::DATE"
    if column in OPEN_END:
        return NEVER, NEVER
    return (EVER, EVER) if (table, column) in OPEN_BEGINNING else (EVER, NEVER)


def _id(table: Table, columns: Sequence[str], readings: dict[str, Reading], vocabulary: Vocabulary, identified: bool) -> str:
    """The id of a row: as given, else (except for organizations) a digest of its content, which does not depend on how the content was spelled."""
    given = f"CASE WHEN strlen(v.id) <= {LONGEST_TEXT} OR length(v.id) <= {LONGEST_TEXT} THEN v.k_id END" if "id" in columns else "NULL::VARCHAR"
    if table is Table.ORGANIZATIONS or identified:
        return given
    pieces = []
    for column in sorted(readings, key=lambda one: _content_name(one, vocabulary)):
        reading = readings[column]
        shown = f"CASE {reading.state} WHEN 1 THEN {reading.content} WHEN 0 THEN NULL ELSE v.{name(column)}::VARCHAR END"
        pieces.append(f"{text(_content_name(column, vocabulary) + '=')} || {shown}")
    digest = f"'~' || left(md5(concat_ws(chr(31), {', '.join(pieces) or 'NULL'})), 20)"
    return digest if "id" not in columns else f"coalesce({given}, {digest})"


def _content_name(column: str, vocabulary: Vocabulary) -> str:
    """A column's name in the digest: that of its attribute, so that the order of declarations does not matter."""
    return "." + vocabulary.attributes[int(column[2:])].name if column.startswith("a_") else column


def sql_type(attribute_type: Type) -> str:
    """The SQL type of an attribute's column."""
    return SQL_TYPES[ATTRIBUTE_CELLS[attribute_type]]

"""Typing: the text cells of a table become values, and the first thing that is wrong with each row is noted.

The result is `work.<table>`, one row for each row read: `src` and `rec` say where, `bad` is the number of the check that failed
(0: none), `id` is the row's id or a digest of its content, and each column holds its value or, where the cell is empty or illegible, what stands for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mofan_rules.facts.cells import ATTRIBUTE_CELLS, FIXED, REQUIRED, Cell, fixed_columns
from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.facts.dictionaries import LONGEST_TEXT, PROBLEMS, Dictionary, make_dictionary
from mofan_rules.facts.sql import name, text, texts
from mofan_rules.schema import KIND_COLUMN, Table, Type, Vocabulary

if TYPE_CHECKING:
    import duckdb

EVER = "DATE '0001-01-01'"
NEVER = "DATE '9999-12-31'"

OPEN_BEGINNING = {(Table.RELATIONS, "valid_from")}
"""Dates whose empty cell means *since always*."""
OPEN_END = {"until_date", "valid_until", "dissolved_on"}
"""Dates whose empty cell means *for ever*."""
RESERVED_RELATIONS = ("part_of", "continues")

SQL_TYPES: dict[Cell, str] = {
    Cell.ID: "VARCHAR",
    Cell.TEXT: "VARCHAR",
    Cell.ORGANIZATION: "INTEGER",
    Cell.KIND: "VARCHAR",
    Cell.DATE: "DATE",
    Cell.PERIOD: "DATE",
    Cell.BOOLEAN: "BOOLEAN",
    Cell.HELD: "VARCHAR",
    Cell.INTEGER: "BIGINT",
    Cell.NUMBER: "DECIMAL(24,6)",
    Cell.ITEMS: "VARCHAR[]",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a row: the SQL that is true where it is, its rejection code and its column."""

    wrong: str
    code: str
    column: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was made of a table: its columns as read, the checks by number (from 1), and how many rows it has."""

    table: Table
    columns: tuple[str, ...]
    checks: tuple[Check, ...]
    rows: int


def canonical_kinds(table: Table, vocabulary: Vocabulary) -> dict[str, str]:
    """The canonical name of each kind of a table; `part_of` and `continues` are always there."""
    known = vocabulary.canonical(table)
    return known | {reserved: reserved for reserved in RESERVED_RELATIONS} if table is Table.RELATIONS else known


def cell_types(table: Table, vocabulary: Vocabulary) -> dict[str, Cell]:
    """The cell type of each column that the table may have."""
    types = {column: FIXED[column] for column in fixed_columns(table)}
    if table is Table.FEEDS:
        types["kind"] = Cell.TEXT
    return types | {f"a_{n}": ATTRIBUTE_CELLS[attribute.type] for n, attribute in enumerate(vocabulary.attributes) if attribute.table is table}


def type_table(connection: "duckdb.DuckDBPyConnection", table: Table, columns: Sequence[str], vocabulary: Vocabulary, extra: Sequence[Check] = ()) -> Typed:
    """Create `work.<table>` from `text.<table>`, whose columns are `columns`.

    Parameters
    ----------
    extra: checks that come before all others, over the columns of the view (`v`) and the typed values (`d_<column>.value`).
    """
    types = cell_types(table, vocabulary)
    dictionaries = {}
    for column in columns:
        cell = types[column]
        if cell is Cell.ID or (table is Table.ORGANIZATIONS and column == "parent"):
            continue
        attribute = vocabulary.attributes[int(column[2:])] if column.startswith("a_") else None
        dictionaries[column] = make_dictionary(connection, table, column, cell, canonical=canonical_kinds(table, vocabulary), attribute=attribute)
    checks = (*extra, *_checks(table, columns, types, dictionaries, vocabulary))
    joins = " ".join(f"LEFT JOIN {one.table} {name('d_' + column)} ON {name('d_' + column)}.text = v.{name(column)}" for column, one in dictionaries.items())
    values = [f"{sql} AS {name(alias)}" for alias, sql in _values(table, columns, types, dictionaries, vocabulary).items()]
    bad = "CASE " + " ".join(f"WHEN {check.wrong} THEN {number}" for number, check in enumerate(checks, 1)) + " ELSE 0 END::UTINYINT"
    selected = ", ".join(["v.src", "v.rec", f"{bad} AS bad", f"{_id(table, columns, types, dictionaries, vocabulary)} AS id", *values])
    created = connection.execute(f"CREATE TABLE work.{name(table.value)} AS SELECT {selected} FROM text.{name(table.value)} v {joins}").fetchall()
    return Typed(table, tuple(columns), checks, int(created[0][0]))


def _state(column: str) -> str:
    return f"{name('d_' + column)}.state"


def _checks(table: Table, columns: Sequence[str], types: dict[str, Cell], dictionaries: dict[str, Dictionary], vocabulary: Vocabulary) -> list[Check]:
    """Everything that can be wrong with the cells of one row: what decides nothing first."""
    first: list[Check] = []
    later: list[Check] = []
    required = REQUIRED[table]
    for column in columns:
        if column == "id" or (table is Table.ORGANIZATIONS and column == "parent"):
            later.append(Check(f"length(v.{name(column)}) > {LONGEST_TEXT}", "bad_text", column))
            continue
        if column == "requirement":
            first.append(Check(f"d_requirement.value IS NOT NULL AND d_requirement.value NOT IN {texts(vocabulary.waivers)}", "unknown_requirement", column))
        for state, code in PROBLEMS[types[column]].items():
            wrong = f"{_state(column)} = {state}" + _read_only_of_kinds(table, column, vocabulary)
            code = "dangling_attribute" if code == "dangling_reference" and column.startswith("a_") else code
            (later if REJECTIONS[code].decides else first).append(Check(wrong, code, column))
    for column in required:
        empty = f"v.{name(column)} IS NULL" if column not in dictionaries else f"coalesce({_state(column)}, 0) = 0"
        if column not in columns:
            empty = "true"
        elif column == "id":
            empty = "reading.clean(v.id) IS NULL"
        later.append(Check(empty, "missing_value", column))
    if table is Table.WAIVERS and "requirement" in columns:
        for check in _waiver_policy(columns, vocabulary):
            (later if REJECTIONS[check.code].decides else first).append(check)
    later += _intervals(table, columns)
    return first + later


def _waiver_policy(columns: Sequence[str], vocabulary: Vocabulary) -> list[Check]:
    """Which waivers count (SEMANTICS section 3.5)."""
    policies = vocabulary.waivers.items()
    approved = "coalesce(d_approved_by.state, 0) <> 0" if "approved_by" in columns else "false"
    reasoned = "coalesce(d_reason.state, 0) <> 0" if "reason" in columns else "false"
    strict = [requirement for requirement, policy in policies if policy.must and not policy.waivable]
    approvable = [requirement for requirement, policy in policies if policy.must and policy.waivable]
    advice = [requirement for requirement, policy in policies if not policy.must]
    return [
        Check(f"d_requirement.value IN {texts(strict)}", "not_waivable", "requirement"),
        Check(f"d_requirement.value IN {texts(approvable)} AND NOT ({approved})", "no_approval", "approved_by"),
        Check(f"d_requirement.value IN {texts(advice)} AND NOT ({reasoned})", "no_reason", "reason"),
    ]


def _read_only_of_kinds(table: Table, column: str, vocabulary: Vocabulary) -> str:
    """The condition under which an attribute is read: the row is of a kind that has it."""
    if not column.startswith("a_"):
        return ""
    kinds = vocabulary.attributes[int(column[2:])].kinds
    kind_column = KIND_COLUMN.get(table)
    if not kinds or kind_column is None:
        return ""
    family = sorted({one for kind in kinds for one in vocabulary.family(table, kind)})
    return f" AND {name('d_' + kind_column)}.value IN {texts(family)}"


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


def _reversed(table: Table, columns: Sequence[str]) -> dict[tuple[str, str], str]:
    """The condition under which each pair of dates contradicts itself."""
    return {(a, b): f"d_{a}.low > d_{b}.high" for a, b in SPANS.get(table, ()) if a in columns and b in columns}


def _intervals(table: Table, columns: Sequence[str]) -> list[Check]:
    return [
        Check(wrong, "belongs_to_in_future", first) if table is Table.EVENTS else Check(wrong, "reversed_interval", second)
        for (first, second), wrong in _reversed(table, columns).items()
    ]


def _values(table: Table, columns: Sequence[str], types: dict[str, Cell], dictionaries: dict[str, Dictionary], vocabulary: Vocabulary) -> dict[str, str]:
    """The SQL of each typed column."""
    found: dict[str, str] = {}
    contradicting = _reversed(table, columns)
    for column, cell in types.items():
        if column == "id" or (column in ("recorded_on", "supersedes", "withdrawn", "reason", "approved_by") and column not in columns):
            continue
        alias = name("d_" + column)
        if cell in (Cell.DATE, Cell.PERIOD):
            wrong = " OR ".join(condition for pair, condition in contradicting.items() if column in pair)
            found |= _dates(table, column, cell, column in columns, alias, wrong)
            continue
        if column not in columns:
            found[column] = "'yes'" if column == "held" else f"NULL::{SQL_TYPES[cell]}"
        elif table is Table.ORGANIZATIONS and column == "parent":
            found[column] = "reading.clean(v.parent)"
        elif cell is Cell.HELD:
            found[column] = f"CASE WHEN coalesce({alias}.state, 0) = 0 THEN 'yes' WHEN {alias}.state = 2 THEN 'unclear' ELSE {alias}.value END"
        else:
            legible = f"CASE WHEN {alias}.state = 1{_read_only_of_kinds(table, column, vocabulary)} THEN {alias}.value END"
            found[column] = f"({legible})::{SQL_TYPES[cell]}" if column.startswith("a_") else f"{alias}.value"
    return found


def _dates(table: Table, column: str, cell: Cell, present: bool, alias: str, wrong: str) -> dict[str, str]:
    """A date as its two ends: what an empty cell means depends on the column, an illegible one is unknown, and so is one that contradicts another (`wrong`),
    since either of the two may be the wrong one."""
    ends = ("low", "high")
    unless = f"WHEN {wrong} THEN " if wrong else ""
    if cell is Cell.PERIOD:
        read = f"CASE {unless and unless + 'NULL'} WHEN {alias}.state = 1 THEN {alias}"
        return {f"{column}_{end}": f"{read}.{end} END" if present else "NULL::DATE" for end in ends}
    unknown = (EVER, NEVER)
    if column in OPEN_END:
        empty = (NEVER, NEVER)
    elif (table, column) in OPEN_BEGINNING:
        empty = (EVER, EVER)
    else:
        empty = unknown
    if column == "recorded_on" or (table is Table.ORGANIZATIONS and column in ("valid_from", "valid_until")):
        empty = ("NULL::DATE", "NULL::DATE")
    if not present:
        return {f"{column}_low": empty[0], f"{column}_high": empty[1]}
    return {
        f"{column}_{end}": f"""CASE {unless and unless + unknown[i]} WHEN coalesce({alias}.state, 0) = 0 THEN {empty[i]}
            WHEN {alias}.state = 1 THEN {alias}.{end} ELSE {unknown[i]} END"""
        for i, end in enumerate(ends)
    }


def _id(table: Table, columns: Sequence[str], types: dict[str, Cell], dictionaries: dict[str, Dictionary], vocabulary: Vocabulary) -> str:
    """The id of a row: as given, else (except for organizations) a digest of its content, which does not depend on how the content was spelled."""
    given = f"CASE WHEN length(v.id) <= {LONGEST_TEXT} THEN reading.clean(v.id) END" if "id" in columns else "NULL::VARCHAR"
    if table is Table.ORGANIZATIONS:
        return given
    pieces = []
    for column in sorted(columns, key=lambda one: _content_name(one, vocabulary)):
        if column == "id":
            continue
        dictionary = dictionaries[column]
        alias = name("d_" + column)
        if column in types and types[column] is Cell.ORGANIZATION:
            value = f"reading.norm(v.{name(column)})"
        else:
            shown = " || '..' || ".join(f"{alias}.{one}::VARCHAR" for one in dictionary.values)
            value = f"CASE {alias}.state WHEN 1 THEN {shown} WHEN 0 THEN NULL ELSE v.{name(column)} END"
        pieces.append(f"{text(_content_name(column, vocabulary) + '=')} || ({value})")
    digest = f"'~' || left(md5(concat_ws(chr(31), {', '.join(pieces) or 'NULL'})), 20)"
    return digest if "id" not in columns else f"coalesce({given}, {digest})"


def _content_name(column: str, vocabulary: Vocabulary) -> str:
    """A column's name in the digest: that of its attribute, so that the order of declarations does not matter."""
    return "." + vocabulary.attributes[int(column[2:])].name if column.startswith("a_") else column


def sql_type(attribute_type: Type) -> str:
    """The SQL type of an attribute's column."""
    return SQL_TYPES[ATTRIBUTE_CELLS[attribute_type]]

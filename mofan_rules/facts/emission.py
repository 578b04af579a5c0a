"""The admitted tables: what the ledger leaves of `work.<table>`, laid out as `schema.tables.ADMITTED` says."""

from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.packing import Packing
from mofan_rules.facts.sql import name
from mofan_rules.facts.typed import Typed, key_columns, shared_keys, sql_type
from mofan_rules.schema import ADMITTED, Table, Type, Vocabulary

OWN = ("row", "certain")
"""The columns that do not come from the cells of a row."""


def admitted_columns(table: Table, vocabulary: Vocabulary) -> dict[str, str]:
    """The columns of an admitted table with their SQL types: the fixed ones, then those of the attributes."""
    columns = dict(ADMITTED[table])
    for number, attribute in enumerate(vocabulary.attributes):
        if attribute.table is not table:
            continue
        if attribute.type is Type.DATE:
            columns |= {f"a_{number}_low": "DATE", f"a_{number}_high": "DATE"}
        else:
            columns[f"a_{number}"] = sql_type(attribute.type)
    return columns


def empty_table(table: Table, vocabulary: Vocabulary) -> str:
    """The statement that creates `facts.<table>` without rows."""
    columns = admitted_columns(table, vocabulary)
    return f"CREATE TABLE facts.{name(table.value)} (" + ", ".join(f"{name(column)} {kind}" for column, kind in columns.items()) + ")"


def emit(ledger: Ledger, table: Table, vocabulary: Vocabulary, typed: Typed | None) -> None:
    """Create `facts.<table>` from `work.<table>`: rows that count, and rejected rows that still decide something.

    Rows are numbered in the order of their ids. Of a large table they bear the numbers under which they were read, since to sort it takes longer than all
    the rest of admission, and only rows of one id are compared by their numbers: these are in order there too.

    Parameters
    ----------
    typed: what was made of the table, if any of its rows were given.
    """
    columns = admitted_columns(table, vocabulary)
    target = f"facts.{name(table.value)}"
    packing = typed.packing if typed is not None else Packing()
    if table is Table.FEEDS:
        order = 'id NULLS FIRST, "table", kind NULLS FIRST, organization NULLS FIRST, from_date, until_date, complete'
        ledger.execute(f"""CREATE TABLE {target} AS SELECT (row_number() OVER (ORDER BY {order}) - 1)::INTEGER AS "row",
            id, "table", kind, organization, from_date, until_date, complete FROM work.feed_rows ORDER BY "row\"""")
        return
    sources = _columns(table)
    read = {column: kind for column, kind in packing.stored(columns).items() if column not in OWN}
    values = [f"({sources.get(column, 'w.' + name(column))})::{kind} AS {name(column)}" for column, kind in read.items()]
    work = f"work.{name(table.value)}"
    doubted = ledger.rejections(table) > 0 or ledger.dismissals(table) > 0
    fate = f"LEFT JOIN {ledger.fate(table)} f ON f.n = w.rowid" if doubted else ""
    certain, where = ("f.n IS NULL", "coalesce(f.kept, true)") if doubted else ("true", "true")
    if table is Table.ORGANIZATIONS:
        where += " AND v.from_low <= v.until_high"
    if ledger.has_many(table) and table is not Table.ORGANIZATIONS:
        number, turned = _numbers(ledger, table, columns) if typed is None or typed.repeated else ("w.rowid", "")
        listed = ", ".join(values)
        stored = target if packing == Packing() else f"facts.{name('packed_' + table.value)}"
        ledger.execute(f"""CREATE TABLE {stored} AS SELECT ({number})::INTEGER AS "row", {certain} AS certain, {listed}
            FROM {work} w {_joins(table)} {fate} {turned} WHERE {where}""")
        if stored != target:
            found = packing.shown(table)
            shown = [f"({found[column]})::{kind} AS {name(column)}" if column in found else name(column) for column, kind in columns.items()]
            ledger.execute(f"CREATE VIEW {target} AS SELECT {', '.join(shown)} FROM {stored}")
        return
    ledger.execute(f"""CREATE TABLE {target} AS SELECT (row_number() OVER () - 1)::INTEGER AS "row", s.* EXCLUDE (src, rec, place) FROM (
        SELECT {certain} AS certain, {", ".join(values)}, w.src, w.rec, {_place(table)} AS place FROM {work} w {_joins(table)} {fate} WHERE {where}
        ORDER BY {_order(table, columns)}) s""")


def _numbers(ledger: Ledger, table: Table, columns: dict[str, str]) -> tuple[str, str]:
    """The SQL of the number of each row, and the join for it: rows that share an id exchange theirs so that they are in order."""
    work = f"work.{name(table.value)}"
    key = ", ".join(map(name, key_columns(table)))
    ledger.execute(f"""CREATE OR REPLACE TEMP TABLE turned AS
        WITH s AS (SELECT w.rowid AS n, w.*, {_place(table)} AS place FROM {work} w JOIN ({shared_keys(table)}) USING ({key})),
        a AS (SELECT n, {key}, row_number() OVER (PARTITION BY {key} ORDER BY {_order(table, columns)}) AS nth FROM s),
        b AS (SELECT n, {key}, row_number() OVER (PARTITION BY {key} ORDER BY n) AS nth FROM s)
        SELECT a.n, b.n AS number FROM a JOIN b USING ({key}, nth)""")
    return "coalesce(t.number, w.rowid)", "LEFT JOIN turned t ON t.n = w.rowid"


def _columns(table: Table) -> dict[str, str]:
    """The admitted columns that are not the typed column of the same name."""
    match table:
        case Table.ORGANIZATIONS:
            spans = {"valid_from_low": "v.from_low", "valid_from_high": "v.from_high", "valid_until_low": "v.until_low", "valid_until_high": "v.until_high"}
            return {"organization": "v.number", **spans}
        case Table.TENURES:
            return {"holder": "h.number"}
        case Table.ATTENDANCE | Table.RELATIONS | Table.EVENTS | Table.EVIDENCE | Table.WAIVERS | Table.FEEDS:
            return {}


def _joins(table: Table) -> str:
    match table:
        case Table.ORGANIZATIONS:
            return "JOIN work.versions v ON v.n = w.rowid"
        case Table.TENURES:
            return "LEFT JOIN work.ids h ON h.id = w.person"
        case _:
            return ""


def _place(table: Table) -> str:
    """What breaks ties between rows of one id and kind before the place of reading does, so that the order of reading does not matter."""
    match table:
        case Table.ORGANIZATIONS:
            return "v.from_low"
        case Table.RELATIONS:
            return "w.valid_from_low"
        case Table.EVENTS | Table.EVIDENCE:
            return "w.date_low"
        case Table.TENURES | Table.WAIVERS:
            return "w.from_date_low"
        case _:
            return "NULL"


def _order(table: Table, columns: dict[str, str]) -> str:
    return ", ".join([*(f"{name(key)} NULLS LAST" for key in _keys(table) if key in columns), "place", "src", "rec"])


def _keys(table: Table) -> tuple[str, str]:
    match table:
        case Table.ATTENDANCE:
            return "event", "person"
        case Table.TENURES:
            return "id", "role"
        case Table.WAIVERS:
            return "id", "requirement"
        case _:
            return "id", "kind"

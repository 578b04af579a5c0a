"""The admitted tables: what the ledger leaves of `work.<table>`, laid out as `schema.tables.ADMITTED` says."""

from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.sql import name
from mofan_rules.facts.typed import sql_type
from mofan_rules.schema import ADMITTED, Table, Type, Vocabulary


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


def emit(ledger: Ledger, table: Table, vocabulary: Vocabulary) -> None:
    """Create `facts.<table>` from `work.<table>`: rows that count, and rejected rows that still decide something."""
    columns = admitted_columns(table, vocabulary)
    target = f"facts.{name(table.value)}"
    if table is Table.FEEDS:
        order = 'id NULLS FIRST, "table", kind NULLS FIRST, organization NULLS FIRST, from_date, until_date, complete'
        ledger.execute(f"""CREATE TABLE {target} AS SELECT (row_number() OVER (ORDER BY {order}) - 1)::INTEGER AS "row",
            id, "table", kind, organization, from_date, until_date, complete FROM work.feed_rows ORDER BY "row\"""")
        return
    sources = _columns(table)
    values = [f"({sources.get(column, 'w.' + name(column))})::{kind} AS {name(column)}" for column, kind in columns.items() if column not in ("row", "certain")]
    work = f"work.{name(table.value)}"
    doubted = ledger.rejections(table) > 0 or ledger.dismissals(table) > 0
    fate = f"LEFT JOIN {ledger.fate(table)} f ON f.n = w.rowid" if doubted else ""
    certain, where = ("f.n IS NULL", "coalesce(f.kept, true)") if doubted else ("true", "true")
    if table is Table.ORGANIZATIONS:
        where += " AND v.from_low <= v.until_high"
    ledger.execute(f"""CREATE TABLE {target} AS SELECT (row_number() OVER () - 1)::INTEGER AS "row", s.* EXCLUDE (src, rec, place) FROM (
        SELECT {certain} AS certain, {", ".join(values)}, w.src, w.rec, {_place(table)} AS place FROM {work} w {_joins(table)} {fate} WHERE {where}
        ORDER BY {_order(table, columns)}) s""")


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
    keys = {
        Table.ATTENDANCE: ("event", "person"),
        Table.TENURES: ("id", "role"),
        Table.WAIVERS: ("id", "requirement"),
    }.get(table, ("id", "kind"))
    return ", ".join([*(f"{name(key)} NULLS LAST" for key in keys if key in columns), "place", "w.src", "w.rec"])

"""Which of several rows counts: visibility at the known-at date, repetitions, corrections and contradictions (SEMANTICS sections 1.6 and 1.7)."""

from collections.abc import Sequence
from datetime import date

from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.facts.cycles import on_cycles
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.sql import name
from mofan_rules.facts.typed import Typed, key_columns, shared_keys
from mofan_rules.schema import Table

PLACE = ("src", "rec", "bad")
UNMATCHED = (*(code for code, rejection in REJECTIONS.items() if not rejection.decides), "malformed_row")
"""Rows with these codes contradict nothing and repeat nothing."""


def settle(ledger: Ledger, typed: Typed, known_at: date | None) -> None:
    """Enter in the ledger the rows of `work.<table>` that are not visible, repeat another, are superseded or withdrawn, or contradict each other.

    Parameters
    ----------
    typed: what was made of the table.
    """
    table, columns = typed.table, typed.text.columns
    if known_at is not None and "recorded_on" in columns:
        _hide(ledger, table, known_at)
    repeated = typed.repeated and _repetitions(ledger, typed)
    if typed.corrected:
        _corrections(ledger, table, columns)
    if repeated and table is not Table.ORGANIZATIONS:
        _contradictions(ledger, table, typed.corrected)
    if typed.corrected:
        _apply(ledger, table)
    if typed.withdrawn:
        ledger.dismiss(table, f"SELECT rowid AS n FROM work.{name(table.value)} WHERE withdrawn", "withdrawn")


def _hide(ledger: Ledger, table: Table, known_at: date) -> None:
    """Rows recorded after the known-at date are not seen; of a date known in part that may be after it, nobody can say."""
    day = f"DATE '{known_at.isoformat()}'"
    ledger.dismiss(table, f"SELECT rowid AS n FROM work.{name(table.value)} WHERE recorded_on_low > {day}", "later")
    ledger.refuse(
        table,
        f"""SELECT rowid AS n, strftime(recorded_on_low, '%Y-%m-%d') AS value FROM work.{name(table.value)}
            WHERE recorded_on_low <= {day} AND recorded_on_high > {day} AND bad = 0""",
        "recorded_unclear",
        "recorded_on",
    )


def _alive(ledger: Ledger, table: Table) -> str:
    """Rows that can repeat or contradict another: visible ones that may decide something."""
    return f"rowid NOT IN {ledger.gone(table)} AND rowid NOT IN {ledger.coded(table, UNMATCHED)}"


def _repetitions(ledger: Ledger, typed: Typed) -> bool:
    """Of rows with the same content all but the first read are duplicates. Rows with illegible cells are compared as they were written.

    Returns
    -------
    Whether any rows share an id (or key); `shared` is made then.
    """
    table = typed.table
    key = [name(column) for column in key_columns(table)]
    ledger.execute(f"CREATE OR REPLACE TEMP TABLE shared AS {shared_keys(table)}")
    if not ledger.has("SELECT 1 FROM shared"):
        return False
    described = ledger.execute(f"DESCRIBE work.{name(table.value)}").fetchall()
    content_columns = ", ".join("w." + name(str(row[0])) for row in described if row[0] not in PLACE)
    same = " AND ".join(f"w.{column} IS NOT DISTINCT FROM s.{column}" for column in key)
    content = f"CASE WHEN w.bad > 0 THEN md5(concat_ws(chr(31), {_marked(typed.text.columns)})) END" if typed.bad else "NULL"
    alive = _alive(ledger, table).replace("rowid", "w.rowid")
    written = "LEFT JOIN work.illegible t ON t.n = w.rowid" if typed.bad else ""
    ledger.repeat(
        table,
        f"""SELECT n FROM (SELECT w.rowid AS n, row_number() OVER (PARTITION BY {content_columns}, {content} ORDER BY w.src, w.rec) AS nth
            FROM work.{name(table.value)} w JOIN shared s ON {same} {written}
            WHERE {alive}) WHERE nth > 1""",
    )
    return True


def _marked(columns: Sequence[str]) -> str:
    """The cells as written, an empty one marked as such."""
    return ", ".join(f"coalesce(t.{name(column)}::VARCHAR, chr(0))" for column in columns) or "NULL"


def _corrections(ledger: Ledger, table: Table, columns: Sequence[str]) -> None:
    """The rows that supersede: those without a date of record and those that form cycles are rejected."""
    recorded = "recorded_on_low IS NOT NULL" if "recorded_on" in columns else "false"
    ledger.refuse(
        table,
        f"SELECT rowid AS n, supersedes AS value FROM work.{name(table.value)} WHERE supersedes IS NOT NULL AND NOT ({recorded})",
        "unrecorded_correction",
        "recorded_on",
    )
    own = " AND id <> supersedes" if table is Table.ORGANIZATIONS else ""
    pairs = ledger.execute(
        f"SELECT DISTINCT id, supersedes FROM work.{name(table.value)} WHERE supersedes IS NOT NULL AND id IS NOT NULL AND {_alive(ledger, table)}{own}"
    ).fetchall()
    numbers: dict[str, int] = {}
    cyclic = on_cycles((numbers.setdefault(a, len(numbers)), numbers.setdefault(b, len(numbers))) for a, b in pairs)
    members = [one for one, number in numbers.items() if number in cyclic]
    if members:
        ledger.execute("CREATE OR REPLACE TEMP TABLE cyclic AS SELECT unnest(?::VARCHAR[]) AS id", [members])
        ledger.refuse(
            table,
            f"""SELECT rowid AS n, id AS value FROM work.{name(table.value)}
                WHERE id IN (SELECT id FROM cyclic) AND supersedes IN (SELECT id FROM cyclic) AND {_alive(ledger, table)}""",
            "supersedes_cycle",
            "supersedes",
        )
    _claim(ledger, table)


def _claim(ledger: Ledger, table: Table) -> None:
    """`claims`: each correction with the id that it names. `rivals`: of the corrections of one row those that are not the last recorded
    (of two recorded on one day, the greater id is the last), each with that last one."""
    work = f"work.{name(table.value)}"
    dated = "recorded_on_low, recorded_on_high" if _dated(ledger, table) else "NULL::DATE AS recorded_on_low, NULL::DATE AS recorded_on_high"
    ledger.execute(
        f"""CREATE OR REPLACE TEMP TABLE claims AS SELECT rowid AS maker, id, supersedes AS target, {dated} FROM {work}
        WHERE supersedes IS NOT NULL AND {_alive(ledger, table)}"""
    )
    own = "false" if table is Table.ORGANIZATIONS else "true"
    ledger.execute(f"""CREATE OR REPLACE TEMP TABLE rivals AS SELECT n, last.maker AS maker FROM (
            SELECT maker AS n, id, first_value(struct_pack(maker := maker, id := id))
                OVER (PARTITION BY target ORDER BY recorded_on_low DESC, recorded_on_high DESC, id DESC, maker) AS last
            FROM claims WHERE recorded_on_low IS NOT NULL AND {own}) WHERE id IS DISTINCT FROM last.id""")


def _struck(table: Table, by: str) -> str:
    """A query for the rows that corrections make void. `by` limits the corrections. A row of `organizations` supersedes the earlier recorded versions of the id
    that share a day with it."""
    work = f"work.{name(table.value)}"
    rivals = f"SELECT n FROM rivals WHERE {by}"
    if table is not Table.ORGANIZATIONS:
        return f"(SELECT t.rowid AS n FROM {work} t WHERE t.id IN (SELECT target FROM claims WHERE {by} AND target IS DISTINCT FROM id) UNION {rivals})"
    return f"""(SELECT t.rowid AS n FROM {work} t WHERE EXISTS (FROM claims JOIN {work} c ON c.rowid = claims.maker WHERE {by}
        AND claims.target = t.id AND t.rowid <> claims.maker AND (t.recorded_on_low IS NULL OR t.recorded_on_low < claims.recorded_on_low)
        AND coalesce(t.valid_from_low, t.founded_on_low) <= least(coalesce(c.valid_until_high, c.dissolved_on_high), c.dissolved_on_high)
        AND coalesce(c.valid_from_low, c.founded_on_low) <= least(coalesce(t.valid_until_high, t.dissolved_on_high), t.dissolved_on_high)))"""


def _dated(ledger: Ledger, table: Table) -> bool:
    return any(row[0] == "recorded_on_low" for row in ledger.execute(f"DESCRIBE work.{name(table.value)}").fetchall())


def _contradictions(ledger: Ledger, table: Table, corrected: bool) -> None:
    """Rows with one id (of events: one id and kind; of attendance: one event and person) that differ. Superseded rows do not take part; a row whose kind
    is illegible contradicts every other of its id."""
    work = f"work.{name(table.value)}"
    superseded = f"AND rowid NOT IN {_struck(table, f'maker NOT IN {ledger.refused(table)}')}" if corrected else ""
    key = [name(column) for column in key_columns(table)]
    same = " AND ".join(f"w.{column} = s.{column}" for column in key)
    partition = ", ".join(key)
    alive = f"SELECT rowid AS n, * FROM {work} WHERE {_alive(ledger, table)} AND rowid NOT IN {ledger.refused(table, nothing=True)} {superseded}"
    joined = f"SELECT w.* FROM ({alive}) w JOIN shared s ON {same}"
    shown = "id" if table is not Table.ATTENDANCE else "concat_ws(' ', event, person)"
    if table is Table.EVENTS:
        rows = f"""SELECT n, id AS value FROM (SELECT n, id, count(*) OVER (PARTITION BY id, kind) AS alike, count(*) OVER (PARTITION BY id) AS every,
            count(*) FILTER (kind IS NULL) OVER (PARTITION BY id) AS unknown FROM ({joined})) WHERE alike > 1 OR (unknown > 0 AND every > 1)"""
    else:
        rows = f"SELECT n, {shown} AS value FROM (SELECT *, count(*) OVER (PARTITION BY {partition}) AS alike FROM ({joined})) WHERE alike > 1"
    ledger.refuse(table, rows, "contradictory_id", "id" if table is not Table.ATTENDANCE else "present")


def _apply(ledger: Ledger, table: Table) -> None:
    """What an admitted correction names is superseded; what only a rejected one names may be."""
    ledger.dismiss(table, _struck(table, f"maker NOT IN {ledger.refused(table)}"), "superseded")
    doubtful = _struck(table, f"maker NOT IN {ledger.refused(table, nothing=True)}")
    ledger.refuse(table, f"SELECT n, NULL AS value FROM {doubtful} WHERE n NOT IN {ledger.gone(table)}", "possibly_superseded")

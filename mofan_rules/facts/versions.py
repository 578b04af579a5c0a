"""The days of validity: versions of organizations, and intervals that meet (SEMANTICS sections 1.2 and 1.3)."""

from mofan_rules.facts.columns import EVER, NEVER
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.sql import name
from mofan_rules.schema import Table


def lay_out_versions(ledger: Ledger, *, several: bool) -> None:
    """Create `work.versions` (n, number, certain and the span of each version that may count) and reject versions of one organization that surely overlap.

    The span runs from `valid_from`, or else `founded_on`, or else always; it is cut to `founded_on` and `dissolved_on`. Where it ends on the day on which the
    organization's next version begins, it ends the day before.

    Parameters
    ----------
    several: whether any organization may have more than one version.
    """
    ledger.execute(f"""CREATE TABLE work.versions AS
        SELECT o.rowid AS n, i.number, o.rowid NOT IN {ledger.refused(Table.ORGANIZATIONS)} AS certain,
            CASE WHEN founded_on_low = {EVER} AND founded_on_high = {NEVER}
                 THEN coalesce(valid_from_low, {EVER}) ELSE greatest(coalesce(valid_from_low, {EVER}), founded_on_low) END AS from_low,
            CASE WHEN founded_on_low = {EVER} AND founded_on_high = {NEVER}
                 THEN coalesce(valid_from_high, CASE WHEN o.bad > 0 THEN {NEVER} ELSE {EVER} END)
                 ELSE greatest(coalesce(valid_from_high, {EVER}), founded_on_high) END AS from_high,
            least(coalesce(valid_until_low, {NEVER}), dissolved_on_low) AS until_low,
            least(coalesce(valid_until_high, {NEVER}), dissolved_on_high) AS until_high
        FROM work.organizations o LEFT JOIN work.ids i ON i.id = o.id
        WHERE o.rowid NOT IN {ledger.gone(Table.ORGANIZATIONS)} AND o.rowid NOT IN {ledger.refused(Table.ORGANIZATIONS, nothing=True)}""")
    if not several:
        return
    meet(ledger, "work.versions", "number")
    ledger.refuse(
        Table.ORGANIZATIONS,
        """SELECT s.n, o.id AS value FROM (
            SELECT n, from_high, until_low,
                   max(until_low) OVER (PARTITION BY number ORDER BY from_high, n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
                   lead(from_high) OVER (PARTITION BY number ORDER BY from_high, n) AS after
            FROM work.versions WHERE from_high <= until_low AND number IS NOT NULL) s JOIN work.organizations o ON o.rowid = s.n
        WHERE s.before >= s.from_high OR s.after <= s.until_low""",
        "overlapping_versions",
        "valid_from",
    )
    ledger.execute(f"UPDATE work.versions SET certain = false WHERE certain AND n IN {ledger.refused(Table.ORGANIZATIONS)}")


def meet(ledger: Ledger, spans: str, *keys: str) -> bool:
    """Where a span of a table ends on the day on which another with the same keys begins, it ends the day before; if that other is not certain, it may.

    The table has the columns n, certain, from_low, from_high, until_low, until_high and the keys. A span of a single day is left alone.

    Returns
    -------
    Whether any did; `met` has their new ends then.
    """
    key = ", ".join(keys)
    same = " AND ".join(f"s.{one} = b.{one}" for one in keys)
    candidates = f"""FROM {spans} s JOIN (
            SELECT {key}, from_low AS day, bool_or(certain) AS sure FROM {spans} WHERE from_low = from_high GROUP BY ALL) b
        ON {same} AND s.until_low = b.day AND s.until_high = b.day AND s.from_low < b.day"""
    query = f"CREATE OR REPLACE TEMP TABLE met AS SELECT s.n, b.day - 1 AS low, CASE WHEN b.sure THEN b.day - 1 ELSE b.day END AS high {candidates}"
    found = ledger.number(query) > 0
    if found:
        ledger.execute(f"UPDATE {spans} SET until_low = met.low, until_high = met.high FROM met WHERE met.n = {spans}.n")
    return found


def certain_numbers(ledger: Ledger) -> None:
    """Create `work.uncertain` (number) if any organizations stand in rejected rows only: of them."""
    if not ledger.rejections(Table.ORGANIZATIONS):
        return
    ledger.uncertain = ledger.number(f"""CREATE TABLE work.uncertain AS SELECT DISTINCT i.number FROM work.ids i WHERE i.number NOT IN (
        SELECT j.number FROM work.organizations o JOIN work.ids j ON j.id = o.id WHERE o.rowid NOT IN {ledger.refused(Table.ORGANIZATIONS)})""")


def spans_of(ledger: Ledger, table: Table, start: str, end: str, keys: dict[str, str], where: str = "true") -> str:
    """Make the spans of a table's rows that may count, for `meet`; `keys` names the key columns and gives their SQL.

    Returns
    -------
    The name of the table of spans.
    """
    made = f"work.{name('spans_' + table.value)}"
    key = ", ".join(f"{sql} AS {column}" for column, sql in keys.items())
    ledger.execute(f"""CREATE OR REPLACE TABLE {made} AS SELECT rowid AS n, {key}, rowid NOT IN {ledger.refused(table)} AS certain,
            {start}_low AS from_low, {start}_high AS from_high, {end}_low AS until_low, {end}_high AS until_high
        FROM work.{name(table.value)} WHERE rowid NOT IN {ledger.gone(table)} AND rowid NOT IN {ledger.refused(table, nothing=True)} AND {where}""")
    return made


def write_back(ledger: Ledger, table: Table, end: str) -> None:
    """Take the ends that `meet` changed over into `work.<table>`."""
    ledger.execute(f"""UPDATE work.{name(table.value)} SET {end}_low = met.low, {end}_high = met.high FROM met WHERE met.n = work.{name(table.value)}.rowid""")


def meet_tenures(ledger: Ledger) -> None:
    """A tenure that ends on the day on which the next of its organization and role begins ends the day before."""
    spans = spans_of(ledger, Table.TENURES, "from_date", "until_date", {"organization": "organization", "role": "role"})
    if meet(ledger, spans, "organization", "role"):
        write_back(ledger, Table.TENURES, "until_date")

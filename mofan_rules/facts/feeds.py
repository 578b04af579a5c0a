"""Which tables are complete where: the rows of `feeds`, and one for each table that was not supplied (SEMANTICS section 1.8)."""

from collections.abc import Sequence
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.names import table_names
from mofan_rules.facts.sql import text
from mofan_rules.facts.typed import EVER, NEVER, canonical_kinds
from mofan_rules.schema import KIND_COLUMN, Table, Vocabulary


def lay_out_feeds(ledger: Ledger, vocabulary: Vocabulary, absent: Sequence[Table], parents: bool) -> None:
    """Create `work.feed_rows` (row-ready) from `work.feeds`. A complete span shrinks to its sure days, an incomplete one grows to its possible ones; a rejected row
    becomes an incomplete one, as wide as what can be read of it says.

    Parameters
    ----------
    absent: the tables that were not supplied.
    parents: whether organizations have a column `parent`: the relation `part_of` is then fed with the organizations.
    """
    names = ", ".join(f"({text(name)}, {text(table.value)})" for name, table in table_names().items())
    pairs = [(table.value, written, kind) for table in KIND_COLUMN for written, kind in canonical_kinds(table, vocabulary).items()]
    pairs += [(Table.WAIVERS.value, requirement, requirement) for requirement in vocabulary.waivers]
    kinds = ", ".join(f"({text(table)}, {text(written)}, {text(kind)})" for table, written, kind in pairs) or "(NULL, NULL, NULL)"
    ledger.execute(f"""CREATE TABLE work.feed_meaning AS SELECT f.rowid AS n, f.id, f."table" AS written, f.kind AS written_kind, t.name AS "table", k.kind, f.organization,
            f.complete, f.from_date_low, f.from_date_high, f.until_date_low, f.until_date_high
        FROM work.feeds f LEFT JOIN (VALUES {names}) t(written, name) ON t.written = lower(f."table")
        LEFT JOIN (VALUES {kinds}) k("table", written, kind) ON k."table" = t.name AND k.written = f.kind""")
    ledger.refuse(Table.FEEDS, 'SELECT n, written AS value FROM work.feed_meaning WHERE written IS NOT NULL AND "table" IS NULL', "bad_value", "table")
    ledger.refuse(Table.FEEDS,
        'SELECT n, written_kind AS value FROM work.feed_meaning WHERE written_kind IS NOT NULL AND kind IS NULL AND "table" IS NOT NULL',
        "unknown_kind",
        "kind",
    )
    all_tables = ", ".join(f"({text(table.value)})" for table in Table)
    doubtful = f"n IN {ledger.refused(Table.FEEDS, nothing=False)}"
    ledger.execute(f"""CREATE TABLE work.feed_rows AS
        SELECT id, "table", kind, organization, from_date, until_date, complete FROM (
            SELECT id, coalesce(f."table", a.name) AS "table", kind, organization, complete AND NOT ({doubtful}) AS complete,
                CASE WHEN complete THEN from_date_high ELSE from_date_low END AS from_date, CASE WHEN complete THEN until_date_low ELSE until_date_high END AS until_date
            FROM (SELECT n, id, "table", kind, organization, coalesce(complete, false) AND NOT ({doubtful}) AS complete,
                    from_date_low, CASE WHEN from_date_low = {EVER} AND from_date_high = {NEVER} THEN {EVER} ELSE from_date_high END AS from_date_high, until_date_low, until_date_high
                  FROM work.feed_meaning) f
            LEFT JOIN (VALUES {all_tables}) a(name) ON f."table" IS NULL
            WHERE n NOT IN {ledger.gone(Table.FEEDS)} AND n NOT IN {ledger.refused(Table.FEEDS, nothing=True)}) WHERE from_date <= until_date""")
    for table in absent:
        if table is not Table.FEEDS:
            ledger.execute(f"INSERT INTO work.feed_rows VALUES (NULL, {text(table.value)}, NULL, NULL, {EVER}, {NEVER}, false)")
    if parents:
        copied = "true" if Table.RELATIONS in absent else "NOT complete"
        ledger.execute(f"""INSERT INTO work.feed_rows SELECT id, 'relations', 'part_of', organization, from_date, until_date, complete
            FROM work.feed_rows WHERE "table" = 'organizations' AND kind IS NULL AND {copied}""")
        if Table.RELATIONS in absent:
            ledger.execute(f"INSERT INTO work.feed_rows VALUES (NULL, 'relations', 'part_of', NULL, {EVER}, {NEVER}, true)")

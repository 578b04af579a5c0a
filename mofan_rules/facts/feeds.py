"""Which tables are complete where: the rows of `feeds`, and one for each table that was not supplied (SEMANTICS section 1.8)."""

from collections.abc import Sequence

from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.names import table_names
from mofan_rules.facts.sql import text
from mofan_rules.facts.typed import EVER, NEVER, canonical_kinds
from mofan_rules.schema import KIND_COLUMN, Table, Vocabulary


def lay_out_feeds(ledger: Ledger, vocabulary: Vocabulary, absent: Sequence[Table], parents: bool) -> None:
    """Create `work.feed_rows`, laid out as the admitted feeds, from `work.feeds`.

    Parameters
    ----------
    absent: the tables that were not supplied.
    parents: whether organizations have a column `parent`: the relation `part_of` is then fed with the organizations.
    """
    ledger.execute(
        """CREATE TABLE work.feed_rows (id VARCHAR, "table" VARCHAR, kind VARCHAR, organization INTEGER,
        from_date DATE, until_date DATE, complete BOOLEAN)"""
    )
    if ledger.has("SELECT 1 FROM work.feeds"):
        _mean(ledger, vocabulary)
        _lay_out(ledger)
    rows = [(table, "NULL", "false") for table in absent if table is not Table.FEEDS]
    if parents:
        copied = "true" if Table.RELATIONS in absent else "NOT complete"
        ledger.execute(f"""INSERT INTO work.feed_rows SELECT id, 'relations', 'part_of', organization, from_date, until_date, complete
            FROM work.feed_rows WHERE "table" = 'organizations' AND kind IS NULL AND {copied}""")
        rows += [(Table.RELATIONS, "'part_of'", "true")] if Table.RELATIONS in absent else []
    if rows:
        values = ", ".join(f"(NULL, {text(table.value)}, {kind}, NULL, {EVER}, {NEVER}, {complete})" for table, kind, complete in rows)
        ledger.execute(f"INSERT INTO work.feed_rows VALUES {values}")


def _mean(ledger: Ledger, vocabulary: Vocabulary) -> None:
    """`work.feed_meaning`: the tables and kinds that feed rows name; those that name none are rejected."""
    names = ", ".join(f"({text(name)}, {text(table.value)})" for name, table in table_names().items())
    pairs = [(table.value, written, kind) for table in KIND_COLUMN for written, kind in canonical_kinds(table, vocabulary).items()]
    pairs += [(Table.WAIVERS.value, requirement, requirement) for requirement in vocabulary.waivers]
    kinds = ", ".join(f"({text(table)}, {text(written)}, {text(kind)})" for table, written, kind in pairs)
    ledger.execute(f"""CREATE TABLE work.feed_meaning AS
        SELECT f.rowid AS n, f.id, f."table" AS written, f.kind AS written_kind, t.name AS "table", k.kind, f.organization,
            f.complete, f.from_date_low, f.from_date_high, f.until_date_low, f.until_date_high
        FROM work.feeds f LEFT JOIN (VALUES {names}) t(written, name) ON t.written = lower(f."table")
        LEFT JOIN (VALUES {kinds}) k("table", written, kind) ON k."table" = t.name AND k.written = f.kind""")
    nameless = 'SELECT n, written AS value FROM work.feed_meaning WHERE written IS NOT NULL AND "table" IS NULL'
    ledger.refuse(Table.FEEDS, nameless, "bad_value", "table")
    kindless = 'SELECT n, written_kind AS value FROM work.feed_meaning WHERE written_kind IS NOT NULL AND kind IS NULL AND "table" IS NOT NULL'
    ledger.refuse(Table.FEEDS, kindless, "unknown_kind", "kind")


def _lay_out(ledger: Ledger) -> None:
    """Rows that count. A complete span shrinks to its sure days, an incomplete one grows to its possible ones; a rejected row becomes an incomplete one, as
    wide as what can be read of it says. An empty beginning is *since always*."""
    tables = ", ".join(f"({text(table.value)})" for table in Table)
    ledger.execute(f"""INSERT INTO work.feed_rows
        WITH f AS (SELECT *, coalesce(complete, false) AND n NOT IN {ledger.refused(Table.FEEDS, nothing=False)} AS sure,
                       CASE WHEN from_date_low = {EVER} THEN {EVER} ELSE from_date_high END AS from_sure
                   FROM work.feed_meaning WHERE n NOT IN {ledger.gone(Table.FEEDS)} AND n NOT IN {ledger.refused(Table.FEEDS, nothing=True)}),
        laid AS (SELECT id, coalesce(f."table", a.name) AS "table", kind, organization, CASE WHEN sure THEN from_sure ELSE from_date_low END AS from_date,
                     CASE WHEN sure THEN until_date_low ELSE until_date_high END AS until_date, sure AS complete
                 FROM f LEFT JOIN (VALUES {tables}) a(name) ON f."table" IS NULL)
        FROM laid WHERE from_date <= until_date""")

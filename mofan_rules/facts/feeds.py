"""Which tables are complete where: the rows of `feeds`, and one for each table that was not supplied (SEMANTICS section 1.8)."""

from collections.abc import Mapping, Sequence

from mofan_rules.facts.columns import EVER, NEVER, canonical_kinds
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.names import table_names
from mofan_rules.facts.sources import load_columns
from mofan_rules.facts.sql import text
from mofan_rules.schema import KIND_COLUMN, Table, Vocabulary


def lay_out_feeds(ledger: Ledger, vocabulary: Vocabulary, absent: Sequence[Table], given: bool, parents: bool) -> None:
    """Create `work.feed_rows`, laid out as the admitted feeds, from `work.feeds`.

    Parameters
    ----------
    absent: the tables that were not supplied.
    given: whether there are any feeds.
    parents: whether organizations have a column `parent`: the relation `part_of` is then fed with the organizations.
    """
    rows: list[tuple[str, str | None, bool]] = [(table.value, None, False) for table in absent if table is not Table.FEEDS]
    if parents and Table.RELATIONS in absent:
        rows.append((Table.RELATIONS.value, "part_of", True))
    ledger.execute(
        f"""CREATE TABLE work.feed_rows AS SELECT NULL::VARCHAR AS id, *, NULL::INTEGER AS organization, {EVER} AS from_date, {NEVER} AS until_date
            FROM (SELECT unnest(?::VARCHAR[]) AS "table", unnest(?::VARCHAR[]) AS kind, unnest(?::BOOLEAN[]) AS complete)""",
        [list(column) for column in zip(*rows, strict=True)] or [[], [], []],
    )
    if given:
        _mean(ledger, vocabulary)
        _lay_out(ledger)
        if parents:
            copied = "true" if Table.RELATIONS in absent else "NOT complete"
            ledger.execute(f"""INSERT INTO work.feed_rows BY NAME SELECT * REPLACE ('relations' AS "table", 'part_of' AS kind)
                FROM work.feed_rows WHERE "table" = 'organizations' AND kind IS NULL AND {copied}""")


def _mean(ledger: Ledger, vocabulary: Vocabulary) -> None:
    """`work.feed_meaning`: the tables and kinds that feed rows name; those that name none are rejected."""
    names = table_names()
    written = ledger.execute('SELECT DISTINCT "table", kind FROM work.feeds').fetchall()
    tables = {word: names[word.lower()] for word, _ in written if word is not None and word.lower() in names}
    kinds = [(word, kind, known[kind]) for word, kind in written if word in tables and kind in (known := _kinds(tables[word], vocabulary))]
    load_columns(ledger.connection, "work.feed_tables", {"written": list(tables), "name": [table.value for table in tables.values()]}, len(tables))
    load_columns(ledger.connection, "work.feed_kinds", {key: [row[i] for row in kinds] for i, key in enumerate(("t", "written", "kind"))}, len(kinds))
    ledger.execute("""CREATE TABLE work.feed_meaning AS
        SELECT f.rowid AS n, f.id, f."table" AS written, f.kind AS written_kind, t.name AS "table", k.kind, f.organization,
            f.complete, f.from_date_low, f.from_date_high, f.until_date_low, f.until_date_high
        FROM work.feeds f LEFT JOIN work.feed_tables t ON t.written = f."table" LEFT JOIN work.feed_kinds k ON k.t = f."table" AND k.written = f.kind""")
    nameless = 'SELECT n, written AS value FROM work.feed_meaning WHERE written IS NOT NULL AND "table" IS NULL'
    ledger.refuse(Table.FEEDS, nameless, "bad_value", "table")
    kindless = 'SELECT n, written_kind AS value FROM work.feed_meaning WHERE written_kind IS NOT NULL AND kind IS NULL AND "table" IS NOT NULL'
    ledger.refuse(Table.FEEDS, kindless, "unknown_kind", "kind")


def _kinds(table: Table, vocabulary: Vocabulary) -> Mapping[str, str]:
    """What a feed of a table may name as its kind."""
    if table is Table.WAIVERS:
        return {requirement: requirement for requirement in vocabulary.waivers}
    return canonical_kinds(table, vocabulary) if table in KIND_COLUMN else {}


def _lay_out(ledger: Ledger) -> None:
    """Rows that count. A complete span shrinks to its sure days, an incomplete one grows to its possible ones; a rejected row becomes an incomplete one, as
    wide as what can be read of it says. An empty beginning is *since always*."""
    tables = ", ".join(f"({text(table.value)})" for table in Table)
    ledger.execute(f"""INSERT INTO work.feed_rows BY NAME
        WITH f AS (SELECT *, coalesce(complete, false) AND n NOT IN {ledger.refused(Table.FEEDS, nothing=False)} AS sure,
                       CASE WHEN from_date_low = {EVER} THEN {EVER} ELSE from_date_high END AS from_sure
                   FROM work.feed_meaning WHERE n NOT IN {ledger.gone(Table.FEEDS)} AND n NOT IN {ledger.refused(Table.FEEDS, nothing=True)}),
        laid AS (SELECT id, coalesce(f."table", a.name) AS "table", kind, organization, CASE WHEN sure THEN from_sure ELSE from_date_low END AS from_date,
                     CASE WHEN sure THEN until_date_low ELSE until_date_high END AS until_date, sure AS complete
                 FROM f LEFT JOIN (VALUES {tables}) a(name) ON f."table" IS NULL)
        FROM laid WHERE from_date <= until_date""")

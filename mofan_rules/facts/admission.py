"""Admission: from facts as given to facts as they count, in the order in which one step needs another."""

from dataclasses import dataclass, field
from datetime import date

from mofan_rules.diagnostics import Diagnostics, FactsError
from mofan_rules.facts.account import account, rejected_table
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.facts.attendance import count_attendance
from mofan_rules.facts.cells import Cell
from mofan_rules.facts.continuations import join_continued, list_ids
from mofan_rules.facts.corrections import settle
from mofan_rules.facts.dictionaries import make_dates
from mofan_rules.facts.emission import emit
from mofan_rules.facts.facts import Facts
from mofan_rules.facts.feeds import lay_out_feeds
from mofan_rules.facts.hierarchy import add_parents, check_forest, ends_exist
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.references import check_attendance, check_owners
from mofan_rules.facts.sources import Malformed
from mofan_rules.facts.sql import macros, name, period_macros
from mofan_rules.facts.styles import date_styles
from mofan_rules.facts.text_tables import Part, make_part, make_view, resolve, wanted
from mofan_rules.facts.typed import cell_types, type_table
from mofan_rules.facts.versions import certain_numbers, lay_out_versions, meet_tenures
from mofan_rules.schema import Table, Type, Vocabulary

WORKING = ("raw", "text", "dict", "work", "reading")

OTHERS = (Table.EVENTS, Table.ATTENDANCE, Table.TENURES, Table.EVIDENCE, Table.WAIVERS, Table.FEEDS)
"""The tables that are read when the organizations are known."""


@dataclass(slots=True)
class _State:
    """What the steps hand on: the ledger, the parts of all tables, and of each table that has rows its columns and how many rows it has."""

    ledger: Ledger
    vocabulary: Vocabulary
    known_at: date | None
    parts: list[Part] = field(default_factory=list)
    columns: dict[Table, list[str]] = field(default_factory=dict)
    rows: dict[Table, int] = field(default_factory=dict)


def admit(facts: Facts, vocabulary: Vocabulary, known_at: date | None = None) -> AdmittedFacts:
    """Type, correct and check facts (SEMANTICS section 1).

    Parameters
    ----------
    facts: the tables as given; they are read anew at each call.
    vocabulary: what the ruleset declares: kinds, aliases, attributes, the roster role, which waivers it admits.
    known_at: rows recorded later are not seen; `None`: no limit.

    Returns
    -------
    The admitted tables in a DuckDB connection of their own, with the account of what was rejected (`summary`).

    Raises
    ------
    FactsError: if a table cannot be read at all, or lacks a column that it cannot do without.
    """
    import duckdb

    connection = duckdb.connect(":memory:")
    for statement in (*macros(), *(f"CREATE SCHEMA {schema}" for schema in (*WORKING[:-1], "facts"))):
        connection.execute(statement)
    state = _State(Ledger(connection), vocabulary, known_at)
    _read(state, facts)
    derived = _organizations(state)
    for table in OTHERS:
        _settled(state, table)
        if table in state.columns and table is not Table.ATTENDANCE:
            check_owners(state.ledger, table)
    _together(state, facts)
    state.rows[Table.RELATIONS] += derived
    state.rows[Table.FEEDS] += 1 + len(Table)
    for table in Table:
        emit(state.ledger, table, vocabulary, state.rows[table])
    connection.execute("CREATE TABLE facts.subjects AS SELECT number, id FROM work.ids WHERE last ORDER BY number")
    connection.execute("CREATE TABLE facts.ids AS SELECT id, number FROM work.ids ORDER BY id")
    rejected_table(state.ledger, state.parts, vocabulary)
    assumptions = tuple(dict.fromkeys([*facts.assumptions, *date_styles(connection)]))
    summary = account(state.ledger, facts.supplied, derived, assumptions)
    for schema in WORKING:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")
    return AdmittedFacts(connection, vocabulary, known_at, summary)


def _read(state: _State, facts: Facts) -> None:
    """Load every source once, and make the views of text cells and the dictionary of dates."""
    connection = state.ledger.connection
    problems = Diagnostics()
    resolved = [(source, [resolve(use, source, state.vocabulary, problems) for use in uses]) for source, uses in facts.sources]
    if problems.has_errors:
        raise FactsError(problems)
    for number, (source, uses) in enumerate(resolved):
        raw = f"raw.s{number}"
        malformed: list[Malformed] = source.load(connection, raw, wanted(uses))
        for use in uses:
            state.parts.append(make_part(connection, len(state.parts), use, source, raw, malformed, state.vocabulary))
    for table in Table:
        parts = [part for part in state.parts if part.table is table and part.cells]
        if parts:
            state.columns[table] = make_view(connection, table, parts)
    types = {(table, column): cell_types(table, state.vocabulary)[column] for table, columns in state.columns.items() for column in columns}
    make_dates(connection, [place for place, cell in types.items() if cell is Cell.DATE])
    if Cell.PERIOD in types.values():
        for statement in period_macros():
            connection.execute(statement)


def _settled(state: _State, table: Table) -> None:
    """Type a table, enter its illegible rows, and settle which rows count. A table without rows becomes an empty one."""
    ledger = state.ledger
    columns = state.columns.get(table, [])
    if not columns:
        ledger.execute(f"CREATE VIEW text.{name(table.value)} AS SELECT 0::INTEGER AS src, 0::UINTEGER AS rec WHERE false")
    typed = type_table(ledger.connection, table, columns, state.vocabulary)
    state.rows[table] = typed.rows
    if not columns:
        return
    for part in state.parts:
        if part.table is table and part.malformed:
            _malformed(ledger, part)
    ledger.refuse_illegible(typed)
    settle(ledger, table, columns, state.known_at)


def _malformed(ledger: Ledger, part: Part) -> None:
    """Records that are no rows."""
    ledger.execute(
        "CREATE OR REPLACE TEMP TABLE malformed AS SELECT unnest(?::BIGINT[]) AS rec, unnest(?::VARCHAR[]) AS value",
        [[one.at for one in part.malformed], [one.text for one in part.malformed]],
    )
    work = f"work.{name(part.table.value)}"
    record = "w.rec" if part.origins is None else f"(SELECT o.record FROM {part.origins} o WHERE o.rowid = w.rec)"
    ledger.refuse(
        part.table,
        f"SELECT w.rowid AS n, m.value FROM {work} w JOIN malformed m ON {record} = m.rec WHERE w.src = {part.number}",
        "malformed_row",
    )


def _organizations(state: _State) -> int:
    """Ids, relations, which ids are one organization, versions, then the edges, of which some stand in the column `parent`.

    Returns
    -------
    How many edges the column `parent` gave.
    """
    ledger = state.ledger
    list_ids(ledger, Table.ORGANIZATIONS in state.columns)
    _settled(state, Table.RELATIONS)
    if join_continued(ledger):
        _renumber(state)
    _settled(state, Table.ORGANIZATIONS)
    lay_out_versions(ledger)
    certain_numbers(ledger)
    derived = add_parents(ledger) if "parent" in state.columns.get(Table.ORGANIZATIONS, []) else 0
    if derived or state.rows[Table.RELATIONS]:
        ends_exist(ledger)
        check_forest(ledger)
    return derived


def _renumber(state: _State) -> None:
    """Relations were read by the number of each id; give them the numbers of organizations."""
    columns = ["source", "target"]
    for number, attribute in enumerate(state.vocabulary.attributes):
        if attribute.table is Table.RELATIONS and attribute.type is Type.ORGANIZATION:
            columns.append(f"a_{number}")
    for column in columns:
        state.ledger.execute(f"UPDATE work.relations SET {column} = i.number FROM work.ids i WHERE i.own = relations.{column} AND i.number <> i.own")


def _together(state: _State, facts: Facts) -> None:
    """What needs several tables: intervals that meet, feeds, attendance."""
    if Table.TENURES in state.columns:
        meet_tenures(state.ledger)
    absent = [table for table in Table if table not in facts.supplied]
    lay_out_feeds(state.ledger, state.vocabulary, absent, "parent" in state.columns.get(Table.ORGANIZATIONS, []))
    if Table.ATTENDANCE in state.columns:
        check_attendance(state.ledger)
        count_attendance(state.ledger, state.vocabulary)

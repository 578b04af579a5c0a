"""Admission: from facts as given to facts as they count, in the order in which one step needs another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, Diagnostics, FactsError
from mofan_rules.facts.account import account, rejected_table
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.facts.attendance import count_attendance
from mofan_rules.facts.columns import find_texts, read_texts
from mofan_rules.facts.continuations import join_continued, list_ids
from mofan_rules.facts.corrections import settle
from mofan_rules.facts.database import open_database
from mofan_rules.facts.dictionaries import Dictionary
from mofan_rules.facts.emission import emit, empty_table
from mofan_rules.facts.facts import Facts
from mofan_rules.facts.feeds import lay_out_feeds
from mofan_rules.facts.hierarchy import add_parents, check_forest, ends_exist
from mofan_rules.facts.ledger import Ledger
from mofan_rules.facts.parquet_files import ParquetSource
from mofan_rules.facts.references import check_attendance, check_owners
from mofan_rules.facts.sources import Malformed
from mofan_rules.facts.sql import date_macros, name, text
from mofan_rules.facts.styles import date_styles
from mofan_rules.facts.text_tables import Part, TextTable, make_part, make_text, needs_dates, resolve, unread, wanted
from mofan_rules.facts.typed import Typed, cell_types, no_table, type_table
from mofan_rules.facts.versions import certain_numbers, lay_out_versions, meet_tenures
from mofan_rules.schema import Table, Type, Vocabulary

if TYPE_CHECKING:
    import duckdb

OTHERS = (Table.EVENTS, Table.ATTENDANCE, Table.TENURES, Table.EVIDENCE, Table.WAIVERS, Table.FEEDS)
"""The tables that are read when the organizations are known."""


@dataclass(slots=True)
class _State:
    """What the steps hand on: the parts of all tables, the texts of those that are still to be typed, and what was made of the others. `identified`: the
    tables whose rows all have ids. `dated`: were the macros for dates needed? `in_place`: the sources that are read where they lie."""

    ledger: Ledger
    vocabulary: Vocabulary
    known_at: date | None
    dictionary: Dictionary = field(default_factory=Dictionary)
    parts: list[Part] = field(default_factory=list)
    texts: dict[Table, TextTable] = field(default_factory=dict)
    identified: set[Table] = field(default_factory=set)
    typed: dict[Table, Typed] = field(default_factory=dict)
    dated: bool = False
    in_place: set[str] = field(default_factory=set)

    def rows(self, table: Table) -> int:
        """How many rows of a table were read."""
        return self.typed[table].rows if table in self.typed else 0


OnShare = Callable[[float], None]

READ, SETTLED, LAID_OUT = 0.35, 0.75, 1.0
"""About what share of the work is done when all sources are read, all tables settled, and all laid out."""


def admit(
    facts: Facts,
    vocabulary: Vocabulary,
    known_at: date | None = None,
    keep_keys: bool = False,
    on_share: OnShare = lambda share: None,
    memory_limit: str | None = None,
) -> AdmittedFacts:
    """Type, correct and check facts (SEMANTICS section 1).

    Parameters
    ----------
    facts: the tables as given; they are read anew at each call.
    vocabulary: what the ruleset declares: kinds, aliases, attributes, the roster role, which waivers it admits.
    known_at: rows recorded later are not seen; `None`: no limit.
    keep_keys: make `facts.keys`, by which one can tell whether any row read, admitted or not, bears or names an id (`facts.single`).
    on_share: is told now and then which share of the work is done.
    memory_limit: how much memory the admitted tables, and the queries over them, may take, such as `4GB`; what is beyond it lies in temporary files.

    Returns
    -------
    The admitted tables in a DuckDB connection of their own, with the account of what was rejected (`summary`).

    Raises
    ------
    FactsError: if a table cannot be read at all, or lacks a column that it cannot do without.
    QuestionError: if `memory_limit` is no size.
    """
    connection = open_database(memory_limit)
    connection.execute("CREATE SCHEMA work; CREATE SCHEMA facts")
    state = _State(Ledger(connection), vocabulary, known_at)
    unread = _read(state, facts, on_share)
    derived = _organizations(state)
    _type_small(state)
    for table in OTHERS:
        on_share(READ + (SETTLED - READ) * state.ledger.weight(state.typed))
        _settled(state, table)
        if table in state.typed and table is not Table.ATTENDANCE:
            check_owners(state.ledger, table)
    _together(state, facts)
    state.ledger.plan_for(*Table)
    rejected_table(state.ledger, state.parts, vocabulary)
    assumptions = tuple(dict.fromkeys([*facts.assumptions, *unread, *date_styles(state.dictionary.styles)]))
    summary = account(state.ledger, facts.supplied, {table: state.rows(table) for table in Table}, derived, assumptions)
    if keep_keys:
        _keep_keys(state)
    _emit(state, derived, on_share)
    connection.execute("PRAGMA enable_optimizer")
    return AdmittedFacts(connection, vocabulary, known_at, summary)


def _emit(state: _State, derived: int, on_share: OnShare) -> None:
    """Lay out the admitted tables; what they were made from goes as soon as it is not needed, so that memory holds one table twice, not all."""
    connection = state.ledger.connection
    filled = {table for table in Table if table in state.typed or (table is Table.RELATIONS and derived)} | {Table.FEEDS}
    connection.execute(";".join(empty_table(table, state.vocabulary) for table in Table if table not in filled) or "SELECT 1")
    laid_out: set[Table] = set()
    for table in Table:
        if table in filled:
            on_share(SETTLED + (LAID_OUT - SETTLED) * state.ledger.weight(laid_out))
            laid_out.add(table)
            state.ledger.plan_for(table)
            emit(state.ledger, table, state.vocabulary, state.typed.get(table))
            connection.execute(f"DROP TABLE IF EXISTS work.{name(table.value)}")
    connection.execute("CREATE TABLE facts.subjects AS SELECT number, id FROM work.ids WHERE last ORDER BY number")
    connection.execute("CREATE TABLE facts.ids AS SELECT id, number FROM work.ids ORDER BY id")
    connection.execute("DROP SCHEMA work CASCADE" + ("; DROP SCHEMA reading CASCADE" if state.dated else ""))


def _keep_keys(state: _State) -> None:
    """`facts.keys` (table, key): what the rows of a table bear or name as ids, as 64 bits of a digest, which take less memory than these."""
    parts = ['SELECT NULL::VARCHAR AS "table", NULL::UBIGINT AS key WHERE false']
    for table, typed in state.typed.items():
        named = ["id", *(["supersedes"] if "supersedes" in typed.text.columns else [])]
        found = [(table, column) for column in named] + ([(Table.EVENTS, "event")] if table is Table.ATTENDANCE else [])
        parts += [
            f"SELECT DISTINCT {text(about.value)}, md5_number_lower({column}) FROM work.{name(table.value)} WHERE {column} IS NOT NULL"
            for about, column in found
        ]
    state.ledger.execute(f"CREATE TABLE facts.keys AS {' UNION ALL '.join(parts)}")


def _read(state: _State, facts: Facts, on_share: OnShare) -> list[Bilingual]:
    """Load every source once, put the cells of each table together, and read the texts that need reading.

    Returns
    -------
    What was assumed or left unread.
    """
    connection = state.ledger.connection
    problems = Diagnostics()
    resolved = [(source, [resolve(use, source, state.vocabulary, problems) for use in uses]) for source, uses in facts.sources]
    if problems.has_errors:
        raise FactsError(problems, facts.texts)
    said: list[Bilingual] = []
    state.dated = any(needs_dates(use) for _, uses in facts.sources for use in uses)
    for statement in date_macros() if state.dated else ():
        connection.execute(statement)
    for number, (source, uses) in enumerate(resolved):
        on_share(READ * number / len(resolved))
        raw = f"work.raw_{number}"
        loaded = wanted(uses)
        malformed: list[Malformed] = source.load(connection, raw, loaded)
        state.ledger.weigh({one.use.table for one in uses}, raw)
        if isinstance(source, ParquetSource) and source.in_place:
            state.in_place.add(raw)
        said += unread(source, uses, state.vocabulary)
        for use in uses:
            part = make_part(connection, len(state.parts), use, source, raw, loaded, malformed, state.vocabulary)
            state.parts.append(part)
            said += part.assumed
    state.ledger.choose_threads()
    for table in Table:
        if parts := [part for part in state.parts if part.table is table and part.cells]:
            state.texts[table] = make_text(table, parts, cell_types(table, state.vocabulary))
    _read_texts(state)
    state.ledger.plan_for()
    state.dictionary.load(connection)
    return said


def _read_texts(state: _State) -> None:
    """Read the texts of all tables. What DuckDB finds in each is one statement, and those of two tables are carried out at a time."""
    types = {table: cell_types(table, state.vocabulary) for table in state.texts}
    for table, found in state.ledger.of_each(state.texts, lambda cursor, table: find_texts(cursor, state.texts[table], types[table])).items():
        read_texts(state.ledger.connection, found, types[table], state.vocabulary, state.dictionary)
        if found.identified:
            state.identified.add(table)


def _type_small(state: _State) -> None:
    """Type the tables that are left, two at a time, if that many rows can lie there twice."""
    waiting = [table for table in OTHERS if table in state.texts]
    if not any(state.ledger.has_many(table) for table in waiting):
        state.typed |= state.ledger.of_each(waiting, lambda cursor, table: _typed(state, cursor, table))


def _typed(state: _State, cursor: "duckdb.DuckDBPyConnection", table: Table) -> Typed:
    return type_table(cursor, state.texts[table], state.vocabulary, state.dictionary, table in state.identified, state.ledger.has_many(table))


def _settled(state: _State, table: Table) -> None:
    """Type a table, enter its illegible rows, and settle which rows count. A table without rows becomes an empty one."""
    ledger = state.ledger
    ledger.plan_for(table)
    if table not in state.texts:
        no_table(ledger.connection, table, state.vocabulary)
        return
    typed = state.typed[table] if table in state.typed else _typed(state, ledger.connection, table)
    state.typed[table] = typed
    for part in state.parts:
        if part.table is table and part.malformed:
            _malformed(ledger, part)
    ledger.refuse_illegible(typed)
    settle(ledger, typed, state.known_at)
    _forget(state, table)


def _forget(state: _State, table: Table) -> None:
    """Drop the sources that only tables already settled were read from."""
    state.texts.pop(table)
    waiting = {part.raw for part in state.parts if part.table in state.texts or part.origins is not None}
    for raw in {part.raw for part in state.parts if part.table is table} - waiting - state.in_place:
        state.ledger.execute(f"DROP TABLE {raw}")


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
    given = state.texts.get(Table.ORGANIZATIONS)
    parents = given is not None and "parent" in given.columns
    ledger.plan_for(Table.ORGANIZATIONS)
    list_ids(ledger, given)
    _settled(state, Table.RELATIONS)
    continued = "continues" in state.dictionary.words(Table.RELATIONS, "kind") and join_continued(ledger)
    if continued:
        _renumber(state)
    _settled(state, Table.ORGANIZATIONS)
    organizations = state.typed.get(Table.ORGANIZATIONS)
    ledger.plan_for(Table.ORGANIZATIONS, Table.RELATIONS)
    lay_out_versions(ledger, several=continued or (organizations is not None and organizations.repeated))
    certain_numbers(ledger)
    derived = add_parents(ledger, state.rows(Table.RELATIONS)) if parents else 0
    if derived or Table.RELATIONS in state.typed:
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
    ledger = state.ledger
    if Table.TENURES in state.typed:
        ledger.plan_for(Table.TENURES)
        meet_tenures(ledger)
    absent = [table for table in Table if table not in facts.supplied]
    organizations = state.typed.get(Table.ORGANIZATIONS)
    ledger.plan_for(Table.FEEDS)
    lay_out_feeds(ledger, state.vocabulary, absent, Table.FEEDS in state.typed, organizations is not None and "parent" in organizations.text.columns)
    if Table.ATTENDANCE in state.typed:
        ledger.plan_for(Table.ATTENDANCE, Table.EVENTS, Table.TENURES)
        check_attendance(ledger)
        count_attendance(ledger, state.vocabulary)

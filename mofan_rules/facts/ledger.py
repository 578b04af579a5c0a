"""What became of the rows that do not simply count: `work.refused` (rejected, with the reason) and `work.gone` (superseded, withdrawn, recorded later).

A row is named by its table and by `n`, the row's number in `work.<table>`. The first reason found for a row is the one it bears.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from mofan_rules.beside import side_by_side
from mofan_rules.facts.codes import REJECTIONS
from mofan_rules.facts.mapping import IGNORED
from mofan_rules.facts.sql import name, text, texts
from mofan_rules.facts.typed import Typed
from mofan_rules.schema import Table

if TYPE_CHECKING:
    import duckdb

Found = TypeVar("Found")

NOTHING = tuple(code for code, rejection in REJECTIONS.items() if not rejection.decides)
"""The codes of rows that decide nothing."""

FEW = 5_000
"""So many rows are few: to carry a plan out takes less time than to improve it."""
MANY = 200_000
"""A table of more rows is not sorted, and its attributes share columns."""
ROW_GROUP = 122_880
"""Of so many rows DuckDB makes one group, which one thread reads."""
MOST_LISTED = 20_000
"""So many rows are named one by one in a query; more are joined."""

NONE = "(SELECT NULL::BIGINT AS n WHERE false)"


class Ledger:
    """The two tables, in the connection in which facts are admitted. It remembers which tables have entries, so that queries need not ask."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        self.connection = connection
        self._refused: dict[Table, int] = {}
        self._gone: dict[Table, int] = {}
        self._large: set[Table] = set()
        self._rows: dict[Table, int] = {}
        self.uncertain = 0
        """How many organizations stand in rejected rows only."""
        self._improving = True
        connection.execute(
            """CREATE TABLE work.refused ("table" VARCHAR, n BIGINT, code VARCHAR, "column" VARCHAR, value VARCHAR);
            CREATE TABLE work.gone ("table" VARCHAR, n BIGINT, why VARCHAR)"""
        )

    def execute(self, query: str, parameters: Sequence[object] | None = None) -> Any:
        """Run a statement in the connection."""
        return self.connection.execute(query, parameters)

    def number(self, query: str) -> int:
        """The one number that a query gives."""
        return int(self.connection.execute(query).fetchall()[0][0])

    def weigh(self, tables: Iterable[Table], source: str) -> None:
        """Note how many rows a source of some tables has, and whether they are so many that plans are worth improving."""
        rows = self.number(f"SELECT count(*) FROM {source}")
        for table in tables:
            self._rows[table] = self._rows.get(table, 0) + rows
        if rows > FEW:
            self._large.update(tables)

    def choose_threads(self) -> None:
        """Let DuckDB work in one thread if no table has more rows than a group: it could not divide them, and to try costs a tenth of the time."""
        if all(rows <= ROW_GROUP for rows in self._rows.values()):
            self.connection.execute("SET threads = 1")

    def has_many(self, table: Table) -> bool:
        """Were so many rows read for a table that it is laid out as large ones are?"""
        return self._rows.get(table, 0) > MANY

    def weight(self, tables: Iterable[Table]) -> float:
        """What share of all rows read stands in some tables."""
        return sum(self._rows.get(table, 0) for table in tables) / max(sum(self._rows.values()), 1)

    def plan_for(self, *tables: Table) -> None:
        """Let DuckDB improve the plans that follow only if one of these tables is large: of a small one that takes longer than the work itself."""
        improve = any(table in self._large for table in tables)
        if improve is not self._improving:
            self.connection.execute("PRAGMA enable_optimizer" if improve else "PRAGMA disable_optimizer")
            self._improving = improve

    def of_each(self, tables: Iterable[Table], work: Callable[["duckdb.DuckDBPyConnection", Table], Found]) -> dict[Table, Found]:
        """What some work gives for each table, in their order. The small tables are worked on beside the large ones, in a connection of their own: of these
        DuckDB divides the rows among the processors, of those there is only the plan to be made."""
        listed = list(tables)
        large, small = [table for table in listed if table in self._large], [table for table in listed if table not in self._large]
        found: dict[Table, Found] = {}
        if large and small:
            other = self.connection.cursor()
            other.execute("PRAGMA disable_optimizer")
            self.plan_for(*large)
            done = side_by_side(lambda: [work(self.connection, table) for table in large], lambda: [work(other, table) for table in small])
            found = dict(zip((*large, *small), (*done[0], *done[1]), strict=True))
            other.close()
        for table in listed if not found else ():
            self.plan_for(table)
            found[table] = work(self.connection, table)
        return {table: found[table] for table in listed}

    def has(self, query: str) -> bool:
        """Does a query give any row?"""
        return bool(self.connection.execute(f"{query} LIMIT 1").fetchall())

    def refuse(self, table: Table, rows: str, code: str, column: str = "") -> None:
        """Reject rows that bear no reason yet.

        Parameters
        ----------
        rows: a query whose columns are `n` and `value`.
        """
        self._enter_refused(
            table,
            f"""SELECT {text(table.value)}, n, {text(code)}, {text(column)}, any_value(value)::VARCHAR
            FROM ({rows}) WHERE n NOT IN {self.refused(table)} GROUP BY n""",
        )

    def _enter_refused(self, table: Table, rows: str) -> None:
        if entered := self.number(f"INSERT INTO work.refused {rows}"):
            self._refused[table] = self._refused.get(table, 0) + entered

    def repeat(self, table: Table, rows: str) -> None:
        """Enter rows as repetitions of others, whatever else is wrong with them. `rows` is a query with the column `n`."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE repeated AS {rows}")
        if not self.has("SELECT 1 FROM repeated"):
            return
        if table in self._refused:
            deleted = self.number(f'DELETE FROM work.refused WHERE "table" = {text(table.value)} AND n IN (SELECT n FROM repeated)')
            self._refused[table] -= deleted
        self.refuse(table, "SELECT n, NULL AS value FROM repeated", "duplicate")

    def dismiss(self, table: Table, rows: str, why: str) -> None:
        """Note that rows do not count any more (or not yet), although nothing is wrong with them. `rows` is a query with the column `n`."""
        query = f"INSERT INTO work.gone SELECT DISTINCT {text(table.value)}, n, {text(why)} FROM ({rows}) WHERE n NOT IN {self.gone(table)}"
        if entered := self.number(query):
            self._gone[table] = self._gone.get(table, 0) + entered

    def fate(self, table: Table) -> str:
        """A query for the rows of a table that do not simply count, with `kept`: whether they may decide something all the same."""
        refused = f'SELECT n, code NOT IN {texts(NOTHING)} AS kept FROM work.refused WHERE "table" = {text(table.value)}'
        gone = f'SELECT n, false AS kept FROM work.gone WHERE "table" = {text(table.value)}'
        return f"(SELECT n, bool_and(kept) AS kept FROM ({refused} UNION ALL {gone}) GROUP BY n)"

    def refused(self, table: Table, *, nothing: bool | None = None) -> str:
        """A query for the rejected rows of a table; with `nothing`, only those that decide nothing (or, if false, something)."""
        if table not in self._refused:
            return NONE
        limit = "" if nothing is None else f" AND code {'IN' if nothing else 'NOT IN'} {texts(NOTHING)}"
        return f'(SELECT n FROM work.refused WHERE "table" = {text(table.value)}{limit})'

    def gone(self, table: Table) -> str:
        """A query for the rows of a table that do not count."""
        return f'(SELECT n FROM work.gone WHERE "table" = {text(table.value)})' if table in self._gone else NONE

    def coded(self, table: Table, codes: Sequence[str]) -> str:
        """A query for the rejected rows of a table with certain codes."""
        return f'(SELECT n FROM work.refused WHERE "table" = {text(table.value)} AND code IN {texts(codes)})' if table in self._refused else NONE

    def rejections(self, table: Table | None = None) -> int:
        """How many rows of a table, or of all, were rejected."""
        return self._refused.get(table, 0) if table is not None else sum(self._refused.values())

    def dismissals(self, table: Table) -> int:
        """How many rows of a table are superseded, withdrawn or recorded later."""
        return self._gone.get(table, 0)

    def refuse_illegible(self, typed: Typed) -> None:
        """Enter the rows that a check of `typed` failed, with the text of the offending cell. `work.illegible` keeps all their texts where rows may repeat
        others."""
        if not typed.bad:
            return
        table = typed.table
        work = f"work.{name(table.value)}"
        checks = dict(enumerate(typed.checks, 1))
        code = _by_check({number: text(check.code) for number, check in checks.items()})
        column = _by_check({number: text(check.column) for number, check in checks.items()})
        shown = {"ignored": len(IGNORED) + 1}
        value = _by_check(
            {
                number: f"substr(w.{name(check.column)}::VARCHAR, {shown.get(check.code, 1)})"
                for number, check in checks.items()
                if check.column in typed.text.columns
            }
        )
        listed = self.execute(f"SELECT rec FROM {work} WHERE bad > 0 LIMIT {MOST_LISTED + 1}").fetchall()
        where = f"WHERE t.rec IN ({', '.join(str(rec) for (rec,) in listed)})" if len(listed) <= MOST_LISTED else ""
        wrong = f"(SELECT rowid AS n, src, rec, bad FROM {work} WHERE bad > 0)"
        cells = f"(SELECT w.n, w.bad, t.* FROM (FROM {typed.text.cells} t {where}) t JOIN {wrong} w ON w.src = t.src AND w.rec = t.rec)"
        if typed.repeated:
            self.execute(f"CREATE OR REPLACE TABLE work.illegible AS FROM {cells}")
            cells = "work.illegible"
        self._enter_refused(table, f"SELECT {text(table.value)}, n, {code}, {column}, {value} FROM {cells} w WHERE n NOT IN {self.refused(table)}")


def _by_check(values: dict[int, str]) -> str:
    cases = " ".join(f"WHEN {number} THEN {value}" for number, value in values.items())
    return f"CASE w.bad {cases} END::VARCHAR" if cases else "NULL::VARCHAR"

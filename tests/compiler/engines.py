"""Databases that compiled programs run in, behind one face."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol

import duckdb
import psycopg

from mofan_rules.compiler.compile import Compiled, compile_program, text_of
from mofan_rules.compiler.dialects import DIALECTS
from mofan_rules.compiler.plan import QUESTION, Names
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.schema import Table
from mofan_rules.verdicts.rows_table import order
from mofan_rules.verdicts.table import Verdict

NAMES = Names()


class Engine(Protocol):
    """One database. `answer` gives the verdicts of a compiled program."""

    name: str

    def answer(self, compiled: Compiled, facts: AdmittedFacts, context: Context) -> list[Verdict]: ...

    def value(self, expression: str) -> Any:
        """The value of an expression in the words of the dialect."""
        ...


class DuckDb:
    """DuckDB, in the process, where the admitted facts lie already."""

    name = "duckdb"

    def answer(self, compiled: Compiled, facts: AdmittedFacts, context: Context) -> list[Verdict]:
        with _views(facts.connection, context) as cursor:
            for view in compiled.views:
                cursor.execute(f'CREATE VIEW mofan."{view.name}" AS {text_of(view, DIALECTS[self.name])}')
            return verdicts(cursor.execute("SELECT * FROM mofan.verdicts").fetchall())

    def value(self, expression: str) -> Any:
        return duckdb.connect().execute(f"SELECT {expression}").fetchall()[0][0]


class Postgres:
    """A PostgreSQL server; the admitted tables are copied into it."""

    name = "postgres"

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True, options="-c jit=off")

    def answer(self, compiled: Compiled, facts: AdmittedFacts, context: Context) -> list[Verdict]:
        dialect = DIALECTS[self.name]
        run = self.connection.execute
        run("DROP SCHEMA IF EXISTS mofan CASCADE; DROP SCHEMA IF EXISTS facts CASCADE; CREATE SCHEMA facts; CREATE SCHEMA mofan")
        for table in (*(one.value for one in Table), "subjects"):
            described = facts.connection.execute(f'DESCRIBE facts."{table}"').fetchall()
            run(dialect.create_table("facts", table, {str(row[0]): str(row[1]) for row in described}))
            with self.connection.cursor().copy(f'COPY facts."{table}" FROM STDIN') as copy:
                for row in facts.connection.execute(f'SELECT * FROM facts."{table}"').fetchall():
                    copy.write_row(row)
        run(dialect.create_table("mofan", QUESTION, {"as_of": "DATE", "period_first": "DATE", "period_last": "DATE"}))
        run(f"INSERT INTO mofan.{QUESTION} VALUES (%s, %s, %s)", days(context))
        for view in compiled.views:
            run(f'CREATE VIEW mofan."{view.name}" AS {text_of(view, dialect)}')
        return verdicts(run("SELECT * FROM mofan.verdicts").fetchall())

    def value(self, expression: str) -> Any:
        return self.connection.execute(f"SELECT {expression}").fetchall()[0][0]


@contextmanager
def _views(connection: duckdb.DuckDBPyConnection, context: Context) -> Iterator[duckdb.DuckDBPyConnection]:
    cursor = connection.cursor()
    cursor.execute("CREATE SCHEMA mofan")
    try:
        cursor.execute(f"CREATE TABLE mofan.{QUESTION} (as_of DATE, period_first DATE, period_last DATE)")
        cursor.execute(f"INSERT INTO mofan.{QUESTION} VALUES (?, ?, ?)", days(context))
        yield cursor
    finally:
        cursor.execute("DROP SCHEMA mofan CASCADE")


def days(context: Context) -> list[date]:
    """The one row of the question."""
    return [context.as_of, context.period_first, context.period_last]


def verdicts(rows: list[tuple[Any, ...]]) -> list[Verdict]:
    """The rows in the order of the verdict table."""
    return sorted((Verdict(*row) for row in rows), key=order)


def compiled(program: Program, engine: Engine) -> Compiled:
    """The program for one engine."""
    return compile_program(program, DIALECTS[engine.name], NAMES)


def refused(found: Compiled) -> set[str]:
    """The requirements that are not compiled."""
    return {refusal.split(": ", 1)[0] for refusal in found.refusals}

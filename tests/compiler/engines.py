"""Databases that compiled programs run in, behind one face."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg

from mofan_rules.compiler.compile import Compiled, compile_program, text_of
from mofan_rules.compiler.dialects import DIALECTS
from mofan_rules.compiler.plan import QUESTION, Names
from mofan_rules.executors.spark.tables import hand_over
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

    def row(self, query: str) -> tuple[Any, ...]:
        """The one row of a query in the words of the dialect."""
        ...


class DuckDb:
    """DuckDB, in the process, where the admitted facts lie already."""

    name = "duckdb"

    def answer(self, compiled: Compiled, facts: AdmittedFacts, context: Context) -> list[Verdict]:
        with _views(facts.connection, context) as cursor:
            for view in compiled.views:
                cursor.execute(f'CREATE VIEW mofan."{view.name}" AS {text_of(view, DIALECTS[self.name])}')
            return verdicts(cursor.execute("SELECT * FROM mofan.verdicts").fetchall())

    def row(self, query: str) -> tuple[Any, ...]:
        return tuple(duckdb.connect().execute(query).fetchall()[0])


class Postgres:
    """A PostgreSQL server; the admitted tables are copied into it."""

    name = "postgres"

    def __init__(self, address: str) -> None:
        self.address = address

    def connect(self) -> psycopg.Connection[Any]:
        """A connection that compiles nothing to machine code: for queries as large as these that takes longer than all else."""
        return psycopg.connect(self.address, autocommit=True, options="-c jit=off")

    def answer(self, compiled: Compiled, facts: AdmittedFacts, context: Context) -> list[Verdict]:
        dialect = DIALECTS[self.name]
        with self.connect() as connection:
            run = connection.execute
            run("DROP SCHEMA IF EXISTS mofan CASCADE; DROP SCHEMA IF EXISTS facts CASCADE; CREATE SCHEMA facts; CREATE SCHEMA mofan")
            for table in (*(one.value for one in Table), "subjects"):
                described = facts.connection.execute(f'DESCRIBE facts."{table}"').fetchall()
                run(dialect.create_table("facts", table, {str(row[0]): str(row[1]) for row in described}))
                with connection.cursor().copy(f'COPY facts."{table}" FROM STDIN') as copy:
                    for row in facts.connection.execute(f'SELECT * FROM facts."{table}"').fetchall():
                        copy.write_row(row)
            run(dialect.create_table("mofan", QUESTION, {"as_of": "DATE", "period_first": "DATE", "period_last": "DATE"}))
            run(f"INSERT INTO mofan.{QUESTION} VALUES (%s, %s, %s)", days(context))
            for view in compiled.views:
                run(f'CREATE VIEW mofan."{view.name}" AS {text_of(view, dialect)}')
            return verdicts(run("SELECT * FROM mofan.verdicts").fetchall())

    def row(self, query: str) -> tuple[Any, ...]:
        with self.connect() as connection:
            return tuple(connection.execute(query).fetchall()[0])


class Spark:
    """Spark on this machine; the admitted tables are written as Parquet."""

    name = "spark"

    def __init__(self, session: Any) -> None:
        self.session = session

    def answer(self, compiled: Compiled, facts: AdmittedFacts, context: Context) -> list[Verdict]:
        dialect = DIALECTS[self.name]
        with tempfile.TemporaryDirectory() as folder:
            for name in ("mofan", "facts"):
                self.session.sql(f"DROP DATABASE IF EXISTS {name} CASCADE")
            hand_over(facts, self.session, "facts", Path(folder))
            self.session.sql("CREATE DATABASE mofan")
            listed = ", ".join(f"DATE '{day}' AS {name}" for name, day in zip(("as_of", "period_first", "period_last"), days(context), strict=True))
            self.session.sql(f"CREATE VIEW mofan.{QUESTION} AS SELECT {listed}")
            for view in compiled.views:
                self.session.sql(f"CREATE VIEW mofan.`{view.name}` AS {text_of(view, dialect)}")
            return verdicts([tuple(row) for row in self.session.table("mofan.verdicts").collect()])

    def row(self, query: str) -> tuple[Any, ...]:
        return tuple(self.session.sql(query).collect()[0])


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

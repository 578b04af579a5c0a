"""The executor: the views of the compiled program in a database of their own, asked once."""

import tempfile
import uuid
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import Verdict, VerdictTable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from mofan_rules.compiler.compile import Compiled


class Executor:
    """Computes programs on Spark 4: on the session that is active, or on one of this machine."""

    name = "spark"

    def unsupported(self, program: Program) -> list[str]:
        """What of the program is not compiled, a sentence each."""
        return list(_compiled(program, "", "").refusals)

    def run(self, program: Program, facts: AdmittedFacts, context: Context) -> VerdictTable:
        """All verdict rows of the context's period. The admitted tables are written as Parquet for as long as it takes.

        Raises
        ------
        UnsupportedProgram: if `unsupported` has anything to say, or PySpark or Java is not there.
        """
        if reasons := self.unsupported(program):
            raise UnsupportedProgram(reasons)
        from mofan_rules.executors.spark.session import lacking, session

        if reason := lacking():
            raise UnsupportedProgram([reason])
        from mofan_rules.executors.spark.tables import hand_over

        spark = session()
        mark = uuid.uuid4().hex[:12]
        database, views = f"mofan_facts_{mark}", f"mofan_{mark}"
        with tempfile.TemporaryDirectory(prefix="mofan-spark-") as folder:
            try:
                hand_over(facts, spark, database, Path(folder))
                rows = verdicts(spark, program, context, database, views).collect()
            finally:
                for name in (views, database):
                    spark.sql(f"DROP DATABASE IF EXISTS {name} CASCADE")
        return RowsTable(_verdict(row) for row in rows)


def verdicts(spark: "SparkSession", program: Program, context: Context, facts: str, views: str) -> "DataFrame":
    """The verdict table of admitted tables that are in the cluster already.

    Parameters
    ----------
    facts: the database of the admitted tables. views: that in which the views are made; it is created.

    Raises
    ------
    UnsupportedProgram: if the program is not compiled whole.
    """
    from mofan_rules.compiler.compile import text_of
    from mofan_rules.compiler.dialects import DIALECTS

    compiled = _compiled(program, facts, views)
    if compiled.refusals:
        raise UnsupportedProgram(list(compiled.refusals))
    dialect = DIALECTS["spark"]
    spark.sql(f"CREATE DATABASE IF NOT EXISTS {dialect.table_name('', views)}")
    days = ", ".join(f"DATE '{_iso(day)}' AS {name}" for name, day in _asked(context).items())
    spark.sql(f"CREATE OR REPLACE VIEW {dialect.table_name(views, 'question')} AS SELECT {days}")
    for view in compiled.views:
        spark.sql(f"CREATE OR REPLACE VIEW {dialect.table_name(views, view.name)} AS {text_of(view, dialect)}")
    return spark.table(f"{views}.verdicts")


def _compiled(program: Program, facts: str, views: str) -> "Compiled":
    from mofan_rules.compiler.compile import compile_program
    from mofan_rules.compiler.dialects import DIALECTS
    from mofan_rules.compiler.plan import Names

    return compile_program(program, DIALECTS["spark"], Names(facts, views))


def _asked(context: Context) -> dict[str, date]:
    return {"as_of": context.as_of, "period_first": context.period_first, "period_last": context.period_last}


def _iso(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def _verdict(row: tuple[object, ...]) -> Verdict:
    return Verdict(*row)  # type: ignore[arg-type]

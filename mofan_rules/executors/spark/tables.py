"""The admitted tables in Spark: written as Parquet and registered in a database of their own."""

from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.compiler.dialects import Spark
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.schema import Table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLES = (*(table.value for table in Table), "subjects")


def hand_over(facts: AdmittedFacts, spark: "SparkSession", database: str, folder: Path) -> None:
    """Write the admitted tables as Parquet to a folder that all of the cluster can read, and register them in a database.

    Parameters
    ----------
    database: its name; the tables in it go by the names of the fact tables.
    """
    dialect = Spark()
    spark.sql(f"CREATE DATABASE IF NOT EXISTS {dialect.table_name('', database)}")
    for table in TABLES:
        place = folder / f"{table}.parquet"
        facts.connection.execute(f"COPY (SELECT * FROM facts.\"{table}\") TO '{str(place).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
        described = facts.connection.execute(f'DESCRIBE facts."{table}"').fetchall()
        columns = {str(row[0]): str(row[1]) for row in described}
        spark.sql(dialect.create_external_table(database, table, columns, str(place)))

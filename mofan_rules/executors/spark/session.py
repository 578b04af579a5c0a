"""The session of Spark in which programs run."""

import os
import shutil
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
}
"""Settings on which the meaning of the SQL rests: they are set on the session that is used, whoever made it."""

LOCAL = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.log.level": "ERROR",
}
"""What suits small tables on one machine, where a session is made here."""


def lacking() -> str | None:
    """Why there is no Spark here, or nothing if there is."""
    if find_spec("pyspark") is None:
        return "the extra `spark` (PySpark 4) is not installed"
    return None if shutil.which("java") or "JAVA_HOME" in os.environ else "Spark needs Java 17 or later"


def session() -> "SparkSession":
    """The session that is active, else one on this machine with two threads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of pandas, which is not used here
        from pyspark.sql import SparkSession

    found = SparkSession.getActiveSession()
    if found is None:
        builder = SparkSession.builder.master("local[2]").appName("mofan")
        for name, value in LOCAL.items():
            builder = builder.config(name, value)
        found = builder.getOrCreate()
    for name, value in SETTINGS.items():
        found.conf.set(name, value)
    return found

"""The executor for populations beyond one machine: the compiled program as Spark SQL."""

from mofan_rules.executors.spark.run import Executor

__all__ = ["Executor"]

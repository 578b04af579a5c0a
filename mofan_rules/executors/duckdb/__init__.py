"""The executor that compiles a program to SQL for DuckDB: the default for batches."""

from mofan_rules.executors.duckdb.run import Executor

__all__ = ["Executor"]

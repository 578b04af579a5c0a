"""Executors, by name. One is imported only when it is asked for."""

from importlib import import_module

from mofan_rules.executors.base import Executor, UnsupportedProgram

EXECUTORS: dict[str, str] = {
    "duckdb": "mofan_rules.executors.duckdb",
    "interpreter": "mofan_rules.executors.interpreter",
}
"""Each executor's package; it has a class `Executor`."""


def load_executor(name: str) -> Executor:
    """The executor of that name.

    Raises
    ------
    KeyError: if there is none.
    """
    executor: Executor = import_module(EXECUTORS[name]).Executor()
    return executor


__all__ = ["EXECUTORS", "Executor", "UnsupportedProgram", "load_executor"]

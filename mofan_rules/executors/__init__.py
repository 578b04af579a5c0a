"""Executors, by name. One is imported only when it is asked for."""

from importlib import import_module

from mofan_rules.executors.base import Executor, UnsupportedProgram

EXECUTORS: dict[str, str] = {
    "duckdb": "mofan_rules.executors.duckdb",
    "interpreter": "mofan_rules.executors.interpreter",
    "spark": "mofan_rules.executors.spark",
    "rete": "mofan_rules.executors.rete",
}
"""Each executor's package; it has a class `Executor`."""

COMPLETE = ("duckdb", "interpreter")
"""Those that answer whatever the facts are, and at once. Of the others `rete` computes a part, and may refuse a question for what the facts hold."""

APART = frozenset({"spark"})
"""Executors that start something of their own, which takes its time: they are asked only by name."""


def load_executor(name: str) -> Executor:
    """The executor of that name.

    Raises
    ------
    KeyError: if there is none.
    """
    executor: Executor = import_module(EXECUTORS[name]).Executor()
    return executor


__all__ = ["APART", "COMPLETE", "EXECUTORS", "Executor", "UnsupportedProgram", "load_executor"]

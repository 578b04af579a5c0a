"""Executors, by name. One is imported only when it is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

from mofan_rules.executors.base import Executor, UnsupportedProgram

if TYPE_CHECKING:
    from mofan_rules.ir.program import Program

EXECUTORS: dict[str, str] = {
    "duckdb": "mofan_rules.executors.duckdb",
    "interpreter": "mofan_rules.executors.interpreter",
    "spark": "mofan_rules.executors.spark",
    "rete": "mofan_rules.executors.rete",
}
"""Each executor's package; it has a class `Executor`."""


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


def able(program: "Program") -> list[str]:
    """The executors that compute all of a program, by name, but for those that are asked only by name themselves (`APART`)."""
    return [name for name in sorted(set(EXECUTORS) - APART) if not load_executor(name).unsupported(program)]


__all__ = ["APART", "EXECUTORS", "Executor", "UnsupportedProgram", "able", "load_executor"]

"""The reference interpreter: the meaning of a program in plain Python, and its explanations."""

from mofan_rules.executors.interpreter.run import Executor

__all__ = ["Executor"]

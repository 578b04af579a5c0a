"""The executor on the Rete network of durable_rules (extra `live`): what follows from verdicts, kept up to date while they change."""

from mofan_rules.executors.rete.run import Executor

__all__ = ["Executor"]

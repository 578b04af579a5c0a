"""This library: a ruleset, and one call."""

from pathlib import Path

import pyarrow as pa

import mofan_rules as mr

RULESETS = Path(__file__).with_name("rulesets")


def judge(facts: Path, ruleset: str = "whole", executor: str = "duckdb") -> pa.Table:
    evaluation = mr.evaluate(mr.load_ruleset(RULESETS / ruleset), mr.load_facts(facts), as_of="2025-01-10", period="2024", executor=executor)
    return pa.table(evaluation.verdicts).select(["requirement", "subject", "window_from", "state"])

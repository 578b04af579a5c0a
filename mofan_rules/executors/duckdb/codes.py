"""Reasons as small numbers: their places in the closed list. Text would be compared and copied for each row."""

from collections.abc import Iterable

from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State

NAMES = tuple(REASONS)
"""The reasons by their codes."""


def code(reason: str) -> str:
    """The number of a reason, as SQL."""
    return str(NAMES.index(reason))


def codes(reasons: Iterable[str]) -> str:
    """A bracketed list for `IN`."""
    return f"({', '.join(code(reason) for reason in reasons)})"


def reason_text(column: str) -> str:
    """The reason as people read it, from its number."""
    cases = " ".join(f"WHEN {place} THEN '{name}'" for place, name in enumerate(NAMES))
    return f"CASE {column} {cases} END"


def state_text(column: str) -> str:
    """The state to which the reason belongs."""
    cases = []
    for state in State:
        cases.append(f"WHEN {column} IN {codes(name for name, belongs in REASONS.items() if belongs is state)} THEN '{state.value}'")
    return f"CASE {' '.join(cases)} END"

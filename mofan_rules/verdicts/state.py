"""The six states of a verdict (SEMANTICS section 3)."""

from enum import StrEnum


class State(StrEnum):
    SATISFIED = "satisfied"
    VIOLATED = "violated"
    PENDING = "pending"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"

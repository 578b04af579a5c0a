"""Which (kind, state, reason) cannot occur, and why."""

from mofan_rules.verdicts.reasons import REASONS

KINDS = ("occurrence", "deadline", "occupancy", "coverage", "attribute", "evidence", "rollup")

STATES = ("occupancy", "coverage", "evidence")
"""Kinds that are judged on days only, never by what happened in a window."""

_WHY: dict[str, tuple[str, tuple[str, ...]]] = {
    "not_given": ("only states have a premise", ("occurrence", "deadline", "rollup")),
    "no_parts": ("only roll-ups have parts", tuple(kind for kind in KINDS if kind != "rollup")),
    "undecided_parts": ("only roll-ups have parts", tuple(kind for kind in KINDS if kind != "rollup")),
    "forgiven": ("only states have a grace that forgives", ("occurrence", "deadline", "rollup")),
    "not_throughout": ("only states are judged throughout", ("occurrence", "deadline", "rollup")),
    "undecided_days": ("only states are judged throughout", ("occurrence", "deadline", "rollup")),
    "too_few": ("the test is called otherwise", ("attribute", "evidence")),
    "too_many": ("the test is called otherwise", ("attribute", "evidence")),
    "missing": ("only deadlines are answered", tuple(kind for kind in KINDS if kind != "deadline")),
    "late": ("only deadlines are answered", tuple(kind for kind in KINDS if kind != "deadline")),
    "condition_false": ("the test is called otherwise", ("occurrence", "deadline", "occupancy", "evidence", "rollup")),
    "holder_condition": ("only occupancy has holders", tuple(kind for kind in KINDS if kind != "occupancy")),
    "no_document": ("only evidence has documents", tuple(kind for kind in KINDS if kind != "evidence")),
    "document_incomplete": ("only evidence has documents", tuple(kind for kind in KINDS if kind != "evidence")),
    "extended": ("only deadlines are extended", tuple(kind for kind in KINDS if kind != "deadline")),
    "waived": ("a waiver moves a deadline and does not waive it", ("deadline",)),
    "grace": ("a roll-up has no grace", ("rollup",)),
    "start_unknown": ("only the windows of an occurrence start on a date of the subject", tuple(kind for kind in KINDS if kind != "occurrence")),
    "no_trigger": ("only deadlines need a trigger", tuple(kind for kind in KINDS if kind != "deadline")),
    "trigger_undated": ("only deadlines need the trigger's date", tuple(kind for kind in KINDS if kind != "deadline")),
    "trigger_undecided": ("only deadlines and conditions on rows have triggers", tuple(kind for kind in KINDS if kind not in ("deadline", "attribute"))),
    "undecided_rows": ("a roll-up reads verdicts", ("rollup",)),
    "rejected_rows": ("a roll-up reads verdicts", ("rollup",)),
    "feed_incomplete": ("a roll-up whose feeds are incomplete is undecided in its parts", ("rollup",)),
}

UNREACHABLE: dict[tuple[str, str, str], str] = {(kind, REASONS[reason].value, reason): why for reason, (why, kinds) in _WHY.items() for kind in kinds}
"""The triples that no program of that kind can give, each with the reason."""

"""Why a verdict has its state: a closed list of codes. `docs/meaning.md` section 5 says when each applies, in which order.

Messages for people are made at the border, from this code, the requirement and the language.
"""

from mofan_rules.verdicts.state import State

REASONS: dict[str, State] = {
    "not_bound": State.NOT_APPLICABLE,
    "partial_window": State.NOT_APPLICABLE,
    "not_given": State.NOT_APPLICABLE,
    "no_parts": State.NOT_APPLICABLE,
    "met": State.SATISFIED,
    "forgiven": State.SATISFIED,
    "waived": State.WAIVED,
    "too_few": State.VIOLATED,
    "too_many": State.VIOLATED,
    "missing": State.VIOLATED,
    "late": State.VIOLATED,
    "condition_false": State.VIOLATED,
    "holder_condition": State.VIOLATED,
    "no_document": State.VIOLATED,
    "document_incomplete": State.VIOLATED,
    "not_throughout": State.VIOLATED,
    "extended": State.PENDING,
    "grace": State.PENDING,
    "open": State.PENDING,
    "start_unknown": State.UNKNOWN,
    "no_trigger": State.UNKNOWN,
    "trigger_undated": State.UNKNOWN,
    "trigger_undecided": State.UNKNOWN,
    "binding_unknown": State.UNKNOWN,
    "waiver_unknown": State.UNKNOWN,
    "undecided_days": State.UNKNOWN,
    "parameter_missing": State.UNKNOWN,
    "undecided_rows": State.UNKNOWN,
    "rejected_rows": State.UNKNOWN,
    "feed_incomplete": State.UNKNOWN,
    "value_missing": State.UNKNOWN,
    "undecided_parts": State.UNKNOWN,
}
"""Each reason and the one state it belongs to."""

"""Declarative rulesets for organizational compliance: who meets which obligation, when, and why.

    import mofan_rules as mr

    ruleset = mr.load_ruleset("rulesets/mofan")
    facts = mr.load_facts("rulesets/mofan/example")
    evaluation = mr.evaluate(ruleset, facts, as_of="2025-04-01", period="2024")

Nothing is imported before it is used: `import mofan_rules` takes no longer than this file.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mofan_rules.diagnostics.errors import FactsError, MofanError, QuestionError, RulesetError
    from mofan_rules.evaluation import Evaluation
    from mofan_rules.facts import Facts
    from mofan_rules.pipeline import evaluate, load_facts, load_ruleset
    from mofan_rules.ruleset import Ruleset
    from mofan_rules.sessions import Change, Changes, Session, open_session
    from mofan_rules.sessions.records import Attendance, Event, Evidence, Feed, Organization, Relation, Tenure, Waiver
    from mofan_rules.verdicts.state import State
    from mofan_rules.verdicts.table import Verdict

_HOMES = {
    "Attendance": "mofan_rules.sessions.records",
    "Change": "mofan_rules.sessions.changes",
    "Changes": "mofan_rules.sessions.changes",
    "Evaluation": "mofan_rules.evaluation",
    "Event": "mofan_rules.sessions.records",
    "Evidence": "mofan_rules.sessions.records",
    "Facts": "mofan_rules.facts",
    "FactsError": "mofan_rules.diagnostics.errors",
    "Feed": "mofan_rules.sessions.records",
    "MofanError": "mofan_rules.diagnostics.errors",
    "Organization": "mofan_rules.sessions.records",
    "QuestionError": "mofan_rules.diagnostics.errors",
    "Relation": "mofan_rules.sessions.records",
    "Ruleset": "mofan_rules.ruleset",
    "RulesetError": "mofan_rules.diagnostics.errors",
    "Session": "mofan_rules.sessions.session",
    "State": "mofan_rules.verdicts.state",
    "Tenure": "mofan_rules.sessions.records",
    "Verdict": "mofan_rules.verdicts.table",
    "Waiver": "mofan_rules.sessions.records",
    "evaluate": "mofan_rules.pipeline",
    "load_facts": "mofan_rules.pipeline",
    "load_ruleset": "mofan_rules.pipeline",
    "open_session": "mofan_rules.sessions.session",
}
"""The module of each public name."""

__all__ = [
    "Attendance",
    "Change",
    "Changes",
    "Evaluation",
    "Event",
    "Evidence",
    "Facts",
    "FactsError",
    "Feed",
    "MofanError",
    "Organization",
    "QuestionError",
    "Relation",
    "Ruleset",
    "RulesetError",
    "Session",
    "State",
    "Tenure",
    "Verdict",
    "Waiver",
    "evaluate",
    "load_facts",
    "load_ruleset",
    "open_session",
]


def __getattr__(name: str) -> object:
    """A public name, imported now and kept (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

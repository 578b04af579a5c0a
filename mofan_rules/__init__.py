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
    from mofan_rules.verdicts.state import State
    from mofan_rules.verdicts.table import Verdict

_HOMES = {
    "Evaluation": "mofan_rules.evaluation",
    "Facts": "mofan_rules.facts",
    "FactsError": "mofan_rules.diagnostics.errors",
    "MofanError": "mofan_rules.diagnostics.errors",
    "QuestionError": "mofan_rules.diagnostics.errors",
    "Ruleset": "mofan_rules.ruleset",
    "RulesetError": "mofan_rules.diagnostics.errors",
    "State": "mofan_rules.verdicts.state",
    "Verdict": "mofan_rules.verdicts.table",
    "evaluate": "mofan_rules.pipeline",
    "load_facts": "mofan_rules.pipeline",
    "load_ruleset": "mofan_rules.pipeline",
}
"""The module of each public name."""

__all__ = [
    "Evaluation",
    "Facts",
    "FactsError",
    "MofanError",
    "QuestionError",
    "Ruleset",
    "RulesetError",
    "State",
    "Verdict",
    "evaluate",
    "load_facts",
    "load_ruleset",
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

"""An explanation as plain data for JSON. Keys are stable; texts for people are given in Chinese and English."""

from datetime import date
from typing import Any

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.verdicts.explanation import Explanation, Fact, Needed, Node, Unknown
from mofan_rules.verdicts.table import Verdict


def explanation_data(explanation: Explanation) -> dict[str, Any]:
    """The whole explanation: `verdict`, `law`, `derivation` (a tree), `evidence`, `deciding`, `needed`, `others`."""
    return {
        "verdict": verdict_data(explanation.verdict),
        "kind": explanation.kind,
        "law": {
            "day": _day(explanation.law_day),
            "effective_from": _day(explanation.effective_from),
            "effective_until": _day(explanation.effective_until),
        },
        "reference_day": _day(explanation.reference_day),
        "derivation": _node(explanation.root),
        "evidence": [_fact(fact) for fact in explanation.evidence],
        "deciding": [_unknown(unknown) for unknown in explanation.deciding],
        "deciding_complete": explanation.complete,
        "needed": [_needed(needed) for needed in explanation.needed],
        "others": [verdict_data(verdict) for verdict in explanation.others],
    }


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """One row of the verdict table, dates as ISO texts."""
    return {name: _day(value) if isinstance(value, date) else value for name, value in verdict._asdict().items()}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _fact(fact: Fact) -> dict[str, Any]:
    return {"role": fact.role.value, "table": fact.table, "id": fact.id, "date": _day(fact.day)}


def _node(node: Node) -> dict[str, Any]:
    return {
        "kind": node.kind.value,
        "title": _text(node.title),
        "value": _text(node.value),
        "facts": [_fact(fact) for fact in node.facts],
        "children": [_node(child) for child in node.children],
    }


def _unknown(unknown: Unknown) -> dict[str, Any]:
    return {
        "kind": unknown.kind.value,
        "table": unknown.table,
        "id": unknown.id,
        "name": unknown.name,
        "organization": unknown.organization,
        "from": _day(unknown.first),
        "until": _day(unknown.last),
    }


def _needed(needed: Needed) -> dict[str, Any]:
    return {"what": _text(needed.what), "more": needed.more, "fewer": needed.fewer, "by": _day(needed.by), "missed": needed.missed}

"""Changes of verdicts, what follows from them, and what falls due, as plain data for JSON: codes and dates, and sentences in both languages."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from mofan_rules.evaluation.derived import Derived
from mofan_rules.ir.derivations import Value
from mofan_rules.sessions.changes import Change, Changes
from mofan_rules.sessions.forecast import Due
from mofan_rules.verdicts.table import Verdict

DATES = ("window_from", "window_until", "due_on")


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """A row of the verdict table."""
    row: dict[str, Any] = verdict._asdict()
    for name in DATES:
        day = getattr(verdict, name)
        row[name] = None if day is None else day.isoformat()
    return row


def change_data(change: Change) -> dict[str, Any]:
    """The verdict as it is now (or as it was, if there is none any more), its state before and after, and why."""
    verdict = change.verdict
    entry = change.catalogue.entry(verdict.requirement, verdict.window_from)
    row = verdict_data(verdict)
    del row["state"]
    return {
        **row,
        "before": None if change.before is None else change.before.state,
        "after": None if change.after is None else change.after.state,
        "modality": entry.modality,
        "stage": entry.stage,
        "message": {"zh": change.why("zh"), "en": change.why("en")},
    }


def changes_data(changes: Changes) -> dict[str, Any]:
    """What a call to a session brought."""
    rejected = [
        {"table": one.table, "column": one.column, "code": one.code, "value": one.value, "reason": {"zh": one.reason, "en": one.reason_en}}
        for one in changes.rejected
    ]
    follows = {"derived": [derived_data(fact) for fact in changes.derived], "withdrawn": [derived_data(fact) for fact in changes.withdrawn]}
    return {"ids": list(changes.ids), "changes": [change_data(change) for change in changes], "rejected": rejected, **follows}


def derived_data(fact: Derived) -> dict[str, Any]:
    """A derived fact: whole numbers as numbers, other exact ones as text (`1/3`), dates in ISO form."""
    attributes = {name: plain(value) for name, value in fact.attributes.items()}
    return {"kind": fact.kind, "organization": fact.organization, "date": fact.date.isoformat(), "attributes": attributes}


def plain(value: Value) -> object:
    """The value of an attribute as JSON has it."""
    match value:
        case bool():
            return value
        case Fraction():
            return value.numerator if value.denominator == 1 else str(value)
        case date():
            return value.isoformat()
        case _:
            return value


def forecast_data(as_of: date, until: date, dues: Iterable[Due]) -> dict[str, Any]:
    """What falls due until a day."""
    return {"as_of": as_of.isoformat(), "until": until.isoformat(), "due": [_due_data(due) for due in dues]}


def _due_data(due: Due) -> dict[str, Any]:
    """A pending verdict, the day on which it changes, and what it becomes."""
    verdict = due.verdict
    dates = {name: day.isoformat() if (day := getattr(verdict, name)) else None for name in DATES}
    becomes = {"becomes": due.becomes.state if due.becomes else None, "reason": due.becomes.reason if due.becomes else None}
    return {"requirement": verdict.requirement, "subject": verdict.subject, "key": verdict.key, **dates, "on": due.on.isoformat(), **becomes}

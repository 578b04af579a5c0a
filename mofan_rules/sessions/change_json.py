"""A change of a verdict as plain data, for JSON: codes and dates, and the sentence in both languages."""

from typing import Any

from mofan_rules.sessions.changes import Change


def change_data(change: Change) -> dict[str, Any]:
    """The verdict as it is now (or as it was, if there is none any more), its state before and after, and why."""
    verdict = change.verdict
    entry = change.catalogue.entry(verdict.requirement, verdict.window_from)
    row: dict[str, Any] = verdict._asdict()
    del row["state"]
    for name in ("window_from", "window_until", "due_on"):
        day = getattr(verdict, name)
        row[name] = None if day is None else day.isoformat()
    return {
        **row,
        "before": None if change.before is None else change.before.state,
        "after": None if change.after is None else change.after.state,
        "modality": entry.modality,
        "stage": entry.stage,
        "message": {"zh": change.why("zh"), "en": change.why("en")},
    }

"""The report as JSON: stable, for programs. `docs/report.schema.json` is its JSON Schema; both languages are always there."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.reports.base import Report
from mofan_rules.verdicts.catalogue import Entry
from mofan_rules.verdicts.messages import message
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.summary import Line, Summary
from mofan_rules.verdicts.table import Verdict

FORMAT = "mofan-report/1"
"""What the member `format` says. A change that could break a reader changes the number."""


def write(report: Report, path: Path) -> None:
    """Write one JSON object, with a verdict a line, so that a large report need not stand in memory."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        _write(report, stream)


def _write(report: Report, stream: TextIO) -> None:
    head = {
        "format": FORMAT,
        "ruleset": {"id": report.catalogue.ruleset, "version": report.catalogue.version, "title": _words(report.catalogue.title)},
        "question": _question(report),
        "facts": _facts(report),
        "requirements": [_requirement(entry) for entry in report.catalogue.entries],
        "summary": _summary(report.summary),
    }
    stream.write("{\n")
    for name, value in head.items():
        stream.write(f"{json.dumps(name)}: {_text(value)},\n")
    stream.write('"verdicts": [')
    for number, line in enumerate(_verdicts(report)):
        stream.write((",\n" if number else "\n") + line)
    stream.write("\n]\n}\n")


def _question(report: Report) -> dict[str, object]:
    question = report.question
    return {
        "as_of": question.as_of.isoformat(),
        "period": {"from": question.period_first.isoformat(), "until": question.period_last.isoformat()},
        "known_at": question.known_at.isoformat() if question.known_at else None,
        "executor": question.executor,
    }


def _facts(report: Report) -> dict[str, object]:
    return {
        "rows": {table: {"read": read, "admitted": admitted, "rejected": rejected} for table, (read, admitted, rejected) in sorted(report.facts.rows.items())},
        "rejected": [{"table": row.table, "code": row.code, "number": row.number, "example": _words(row.example)} for row in report.facts.rejected],
        "assumptions": [_words(words) for words in report.facts.assumptions],
        "rejected_organizations": report.facts.rejected_organizations,
    }


def _requirement(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.requirement,
        "kind": entry.kind,
        "title": _words(entry.title),
        "modality": entry.modality,
        "stage": entry.stage,
        "effective": {"from": entry.first.isoformat(), "until": entry.last.isoformat()},
        "weight": entry.weight,
        "tags": list(entry.tags),
        "remedy": _words(entry.remedy) if entry.remedy else None,
        "citations": [
            {
                "source": citation.source,
                "title": _words(citation.title),
                "clause": citation.clause,
                "quote": citation.quote,
                "row": citation.row,
                "verified": citation.verified,
            }
            for citation in entry.citations
        ],
    }


def _summary(summary: Summary) -> dict[str, object]:
    return {
        "counts": _counts(summary.counts),
        "requirements": [_line(line) for line in summary.lines],
        "shadow": [_line(line) for line in summary.shadow],
        "organizations_in_default": summary.organizations_in_default,
        "worst_off": [
            {
                "organization": row.organization,
                "violated_must": row.violated_must,
                "violated_should": row.violated_should,
                "unknown": row.unknown,
            }
            for row in summary.worst_off
        ],
        "due_soon_total": summary.due_soon_total,
    }


def _line(line: Line) -> dict[str, object]:
    rate = line.rate
    return {"requirement": line.requirement, "counts": _counts(line.counts), "rate": f"{rate.numerator}/{rate.denominator}" if rate is not None else None}


def _counts(counts: Mapping[State, int]) -> dict[str, int]:
    return {str(state): counts[state] for state in State}


def _verdicts(report: Report) -> Iterator[str]:
    for verdict in report.verdicts.rows():
        entry = report.entry(verdict.requirement, verdict.window_from)
        yield _text(_verdict(verdict, entry))


def _verdict(verdict: Verdict, entry: Entry) -> dict[str, object]:
    row: dict[str, object] = verdict._asdict()
    for name in ("window_from", "window_until", "due_on"):
        day = getattr(verdict, name)
        row[name] = day.isoformat() if day is not None else None
    row["modality"] = entry.modality
    row["message"] = {"zh": message(verdict, entry, "zh"), "en": message(verdict, entry, "en")}
    return row


def _words(words: Bilingual) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

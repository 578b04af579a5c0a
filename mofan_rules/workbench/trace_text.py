"""A trace as a table for a terminal, as CSV, JSON and Markdown."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from mofan_rules.diagnostics import Bilingual, Language
from mofan_rules.reports.csv import defused
from mofan_rules.reports.markdown import escaped
from mofan_rules.reports.sections import Section
from mofan_rules.verdicts.wording import MODALITIES, STATES
from mofan_rules.workbench.tracing import Trace, TracedRequirement, TracedRow

HEADINGS = (
    Bilingual("编号", "row"),
    Bilingual("类别", "class"),
    Bilingual("内容", "about"),
    Bilingual("要求", "requirement"),
    Bilingual("程度", "modality"),
    Bilingual("依据", "citations"),
    Bilingual("用例", "cases"),
    Bilingual("结论", "verdicts"),
)

COLUMNS = ("row", "class", "about", "requirement", "title", "kind", "modality", "stage", "citations", "cases", *(str(state) for state in STATES))
"""The columns of the CSV file."""


def section(trace: Trace, language: Language) -> Section:
    """A line for each requirement of each row."""
    lines = [(*first, *_shown(requirement, language)) for first, requirement in _lines(trace) if requirement is not None]
    lines += [
        (traced.row.id, traced.row.judged, traced.row.about, _without(traced, language), "", "", "", "") for traced in trace.rows if not traced.requirements
    ]
    with_facts = any(requirement.counts is not None for requirement in trace.requirements())
    columns = len(HEADINGS) if with_facts else len(HEADINGS) - 1
    headings = tuple(heading.of(language) for heading in HEADINGS[:columns])
    rows = sorted((line[:columns] for line in lines), key=_order(trace))
    return Section(Bilingual("从文件到要求", "from the document to requirements").of(language), headings, rows, frozenset({6}), whole=frozenset({0, 3}))


def _order(trace: Trace) -> Any:
    places = {traced.row.id: place for place, traced in enumerate(trace.rows)}
    return lambda line: places.get(line[0], len(places))


def _shown(requirement: TracedRequirement, language: Language) -> tuple[str, str, str, str, str]:
    modality = MODALITIES[requirement.entry.modality].of(language)
    return requirement.id, modality, "；".join(requirement.sources()), str(len(requirement.cases)), _counts(requirement, language)


def _without(traced: TracedRow, language: Language) -> str:
    if traced.disabled:
        reasons = "；".join(f"{name}：{reason}" for name, reason in traced.disabled.items())
        return Bilingual(f"（本规则集停用）{reasons}", f"(disabled here) {reasons}").of(language)
    return Bilingual("（没有要求）", "(no requirement)").of(language)


def _lines(trace: Trace) -> Iterator[tuple[tuple[str, str, str], TracedRequirement | None]]:
    for traced in trace.rows:
        for requirement in traced.requirements or (None,):
            yield (traced.row.id, traced.row.judged, traced.row.about), requirement
    for requirement in trace.others:
        yield ("", "", ""), requirement


def _counts(requirement: TracedRequirement, language: Language) -> str:
    counts = requirement.counts or {}
    return "  ".join(f"{word.of(language)} {counts[state]:,}" for state, word in STATES.items() if counts.get(state))


def to_csv(trace: Trace, language: Language) -> str:
    """A line for each requirement of each row; a row without one has a line of its own. Cells that a spreadsheet would take for formulas are defused."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for first, requirement in _lines(trace):
        writer.writerow([defused(cell) for cell in (*first, *_cells(requirement, language))])
    return "\ufeff" + stream.getvalue()


def _cells(requirement: TracedRequirement | None, language: Language) -> tuple[str, ...]:
    if requirement is None:
        return ("",) * (len(COLUMNS) - 3)
    entry, counts = requirement.entry, requirement.counts
    numbers = ("" if counts is None else str(counts.get(state, 0)) for state in STATES)
    texts = (entry.title.of(language), entry.kind, entry.modality, entry.stage, "；".join(requirement.sources()), "；".join(requirement.cases))
    return (requirement.id, *texts, *numbers)


def to_json(trace: Trace) -> str:
    """Everything, in both languages."""
    rows = [
        {
            "row": traced.row.id,
            "class": traced.row.judged,
            "locator": traced.row.locator,
            "about": traced.row.about,
            "requirements": [requirement.id for requirement in traced.requirements],
            "disabled": dict(traced.disabled),
        }
        for traced in trace.rows
    ]
    requirements = {requirement.id: _data(requirement) for requirement in trace.requirements()}
    return json.dumps({"format": "mofan-trace/1", "rows": rows, "requirements": requirements}, ensure_ascii=False, indent=2)


def _data(requirement: TracedRequirement) -> dict[str, Any]:
    entry, counts = requirement.entry, requirement.counts
    return {
        "title": {"zh": entry.title.zh, "en": entry.title.en},
        "kind": entry.kind,
        "modality": entry.modality,
        "stage": entry.stage,
        "citations": [
            {"source": one.source, "clause": one.clause, "quote": one.quote, "row": one.row, "verified": one.verified} for one in requirement.citations
        ],
        "cases": list(requirement.cases),
        "verdicts": None if counts is None else {str(state): counts.get(state, 0) for state in STATES},
    }


def to_markdown(trace: Trace, title: Bilingual, command: str, language: Language) -> str:
    """The page: a table of the rows, with their requirements, citations and numbers of cases."""

    def say(zh: str, en: str) -> str:
        return Bilingual(zh, en).of(language)

    lines = [f"# {say('从文件到要求：', 'From the document to requirements: ')}{escaped(title.of(language))}", ""]
    lines += [say(f"由 `{command}` 写成。", f"Written by `{command}`."), ""]
    headings = (say("编号", "row"), say("类别", "class"), say("内容", "about"), say("要求（用例数）", "requirements (cases)"), say("依据", "citations"))
    lines += [f"| {' | '.join(headings)} |", "|---|---|---|---|---|"]
    lines += [_markdown(traced.row.id, traced.row.judged, traced.row.about, traced.requirements, _reasons(traced)) for traced in trace.rows]
    if trace.others:
        lines.append(_markdown("—", "", say("不出自这份文件", "not from this document"), trace.others, ""))
    return "\n".join(lines) + "\n"


def _reasons(traced: TracedRow) -> str:
    return "<br>".join(escaped(f"{name}：{reason}") for name, reason in traced.disabled.items())


def _markdown(row: str, judged: str, about: str, requirements: tuple[TracedRequirement, ...], more: str) -> str:
    names = "<br>".join(f"`{one.id}` {escaped(one.entry.title.zh)} ({len(one.cases)})" for one in requirements)
    sources = "<br>".join(escaped(source) for source in dict.fromkeys(source for one in requirements for source in one.sources()))
    return f"| {row} | {judged} | {escaped(about)} | {names or more} | {sources} |"

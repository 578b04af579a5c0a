"""The verdict table as CSV for Excel: UTF-8 with a byte-order mark, the eleven columns as they are, then what a person wants beside them.

A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line end) is written with an apostrophe before it.
The header and the codes do not depend on the language; names, titles, messages and clauses do.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from mofan_rules.reports.base import Report
from mofan_rules.verdicts.table import COLUMNS, Verdict
from mofan_rules.verdicts.wording import state_words

BESIDE = ("modality", "subject_name", "title", "result", "message", "citation", "remedy")
"""The columns after those of the verdict table."""

ROWS_AT_ONCE = 50_000


def write(report: Report, path: Path) -> None:
    """Write a header and a line for each verdict."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow((*COLUMNS, *BESIDE))
        rows = report.verdicts.rows()
        names: dict[str, str] = {}
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            unnamed = {verdict.subject for verdict in batch} - names.keys()
            names |= dict.fromkeys(unnamed, "") | report.names_of(unnamed)
            writer.writerows(_lines(report, batch, names))


def defused(cell: str) -> str:
    """The cell, such that no spreadsheet runs it as a formula."""
    return f"'{cell}" if cell[:1] in _DANGEROUS else cell


def _lines(report: Report, verdicts: Sequence[Verdict], names: Mapping[str, str]) -> Iterator[list[str]]:
    beside: dict[tuple[object, ...], tuple[str, ...]] = {}
    for verdict in verdicts:
        alike = (verdict.requirement, verdict.window_from, verdict.reason, verdict.measured, verdict.required, verdict.due_on)
        if alike not in beside:
            beside[alike] = _beside(report, verdict)
        modality, *words = beside[alike]
        cells = ("" if cell is None else str(cell) for cell in verdict)
        yield [defused(cell) for cell in (*cells, modality, names[verdict.subject], *words)]


def _beside(report: Report, verdict: Verdict) -> tuple[str, ...]:
    """All columns of `BESIDE` but the subject's name: they are alike for many rows."""
    entry = report.entry(verdict.requirement, verdict.window_from)
    return (
        entry.modality,
        entry.title.of(report.language),
        state_words(verdict.state, report.language),
        report.message(verdict),
        report.citation(entry),
        entry.remedy.of(report.language) if entry.remedy and verdict.state in ("violated", "pending", "unknown") else "",
    )


_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Excel in East Asian versions takes the full-width signs for the plain ones."""

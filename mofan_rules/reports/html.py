"""The report as one HTML page that needs nothing else: no script, no font, no address outside."""

from importlib.resources import files
from pathlib import Path

import jinja2

from mofan_rules.reports import sections
from mofan_rules.reports.base import Report
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.wording import STATES

LISTED = 2_000
"""Verdicts that are listed one by one; the rest is counted."""


def write(report: Report, path: Path) -> None:
    """Write the page."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("mofan_rules.reports").joinpath("report.html.j2").read_text(encoding="utf-8"))
    found = (sections.shadow(report), sections.worst_off(report), sections.due_soon(report), sections.serious(report, LISTED), sections.rejected(report))
    page = template.render(
        language="zh-CN" if report.language == "zh" else "en",
        title=sections.headline(report),
        question=sections.question(report),
        rows_read=sections.rows_read(report),
        assumptions=sections.assumptions(report),
        shares=_shares(report),
        states=sections.states(report),
        sections=[section for section in found if section is not None],
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def _shares(report: Report) -> list[tuple[str, str, int, str]]:
    """For the bar: each state that occurs, with its word, number and width in percent of all that are applicable."""
    counts = report.summary.counts
    shown = [state for state in STATES if state is not State.NOT_APPLICABLE and counts[state]]
    total = sum(counts[state] for state in shown)
    return [(str(state), STATES[state].of(report.language), counts[state], f"{counts[state] * 100 / total:.3f}") for state in shown]

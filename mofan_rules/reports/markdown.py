"""The report as Markdown: for a wiki, a merge request or a letter."""

from collections.abc import Iterator
from pathlib import Path

from mofan_rules.reports import sections
from mofan_rules.reports.base import Report
from mofan_rules.reports.sections import Section

LISTED = 500
"""Verdicts that are listed one by one; the rest is counted."""

_SPECIAL = str.maketrans({character: "\\" + character for character in "\\`*_{}[]<>#|~"})


def write(report: Report, path: Path) -> None:
    """Write the whole report."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(line + "\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"# {escaped(sections.headline(report))}"
    yield ""
    for word, value in sections.question(report):
        yield f"- {word}: {escaped(value)}"
    if rows := sections.rows_read(report):
        yield f"- {rows}"
    for note in sections.assumptions(report):
        yield f"- {escaped(note)}"
    found = (
        sections.states(report),
        sections.shadow(report),
        sections.worst_off(report),
        sections.due_soon(report),
        sections.serious(report, LISTED),
        sections.rejected(report),
    )
    for section in found:
        if section is not None:
            yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield f"## {section.title}"
    yield ""
    yield _row(section.headings)
    yield _row(tuple("---:" if place in section.numbers else "---" for place in range(len(section.headings))))
    for row in section.rows:
        yield _row(tuple(escaped(cell) for cell in row))
    if section.more:
        yield ""
        yield section.more


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return " ".join(text.split()).translate(_SPECIAL)

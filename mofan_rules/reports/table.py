"""The report for a terminal: what was asked, the states by requirement, the organizations worst off, what falls due soon, what was rejected and assumed."""

import os
import sys
from pathlib import Path
from typing import TextIO

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from mofan_rules.reports import sections
from mofan_rules.reports.base import Report
from mofan_rules.reports.sections import Section

WIDTH = 140
"""Columns of the text where no terminal says how wide it is."""

NARROW = 110
MANY = 6
"""A console of fewer columns than `NARROW` has not room for a table of more than `MANY`."""

STYLES = ("bold", "dim", "green", "bold red", "yellow", "magenta", "cyan", "dim", "bold")
"""The columns of the table of states."""


def write(report: Report, path: Path) -> None:
    """Write the text without colours."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        show(report, stream)


def show(report: Report, stream: TextIO | None = None) -> None:
    """Print the report (default: on standard output), with colours and in the terminal's width if the stream is one."""
    console = console_for(stream or sys.stdout)
    console.print(Text(sections.headline(report), "bold"))
    console.print(Text("  ".join(f"{word}: {value}" for word, value in sections.question(report)), "dim"))
    for note in sections.assumptions(report):
        print_note(console, note)
    print_section(console, sections.states(report), STYLES)
    for section in (sections.shadow(report), sections.worst_off(report), sections.due_soon(report), sections.rejected(report)):
        if section is not None:
            print_section(console, section)
    console.print()
    last = [sections.rows_read(report), _verdicts(report), _seconds(report)]
    console.print(Text(report.say("；", "; ").join(part for part in last if part), "dim"))


def console_for(stream: TextIO) -> Console:
    """A console in the terminal's width, or `WIDTH` columns wide where there is none."""
    return Console(file=stream, highlight=False, soft_wrap=False, width=None if stream.isatty() or "COLUMNS" in os.environ else WIDTH)


def print_note(console: Console, note: str) -> None:
    """A remark on a line of its own."""
    console.print(Text("· " + printable(note), "yellow"))


def print_section(console: Console, section: Section, styles: tuple[str, ...] = ()) -> None:
    """A section as a table; `styles` are those of the columns. On a narrow console a name and its id share a column."""
    joined = section.named and len(section.headings) > MANY and console.width < NARROW
    table = Table(
        title=escape(section.title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        header_style="",
        show_header=any(section.headings),
    )
    for place, heading in enumerate(section.headings):
        if joined and place == 1:
            continue
        number = place in section.numbers
        style = styles[place] if place < len(styles) else ""
        table.add_column(Text(heading), justify="right" if number else "left", no_wrap=number or place in section.whole, style=style, overflow="fold")
    for row in section.rows:
        cells = [Text(printable(cell)) for cell in row]
        table.add_row(*([_joined(*cells[:2]), *cells[2:]] if joined else cells))
    console.print()
    console.print(table)
    if section.more:
        console.print(Text("  " + section.more, "dim"))


def _joined(name: Text, identity: Text) -> Text:
    if not identity.plain or identity.plain == name.plain:
        return name
    return Text("\n").join([name, Text(identity.plain, "dim")]) if name.plain else identity


def printable(cell: str) -> str:
    """A cell without the control characters that could steer a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cell)


def _verdicts(report: Report) -> str:
    number = report.summary.verdicts
    return report.say(f"结论 {number:,} 条", f"{number:,} verdicts")


def _seconds(report: Report) -> str:
    if report.seconds is None:
        return ""
    return report.say(f"用时 {report.seconds:.2f} 秒", f"{report.seconds:.2f} s")

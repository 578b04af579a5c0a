"""The part of `mofan test` that shows what the cases reach."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, Language, QuestionError, make
from mofan_rules.evaluation.files import write_whole

if TYPE_CHECKING:
    from mofan_rules.workbench.testing import Outcomes

Threshold = tuple[float, float]
"""The least percentages of states and of values of conditions that must be reached."""


def threshold(text: str | None) -> Threshold | None:
    """`95`, or `100,95` for states and conditions.

    Raises
    ------
    QuestionError: if it is neither.
    """
    if text is None:
        return None
    try:
        numbers = [float(part.removesuffix("%")) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or not all(0 <= number <= 100 for number in numbers):
        raise QuestionError([make("bad-threshold", None, value=text)])
    return numbers[0], numbers[-1]


def show_coverage(tested: "Outcomes", language: Language, html: Path | None, least: Threshold | None) -> bool:
    """Print what no case reaches, and write the page; true if as much is reached as asked for."""
    from mofan_rules.reports.table import console_for, print_section
    from mofan_rules.workbench.coverage_text import missing, summary_line, write_html

    coverage = tested.coverage
    if coverage is None:
        return True
    section = missing(coverage, language)
    if section is not None:
        print_section(console_for(sys.stdout), section)
    print(summary_line(coverage, language))
    if html is not None:
        title = f"{tested.ruleset.title.of(language)} {tested.ruleset.version}"
        write_whole(html, lambda path: write_html(coverage, title, language, path))
    if least is None or (coverage.states().percent >= least[0] and coverage.conditions().percent >= least[1]):
        return True
    print(Bilingual(f"没有达到 {least[0]:g}%、{least[1]:g}%", f"less than the {least[0]:g}%, {least[1]:g}% asked for").of(language))
    return False

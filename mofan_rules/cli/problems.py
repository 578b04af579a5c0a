"""Diagnostics on the terminal: each with its line, a caret and what was probably meant."""

from collections.abc import Mapping, Sequence
from typing import TextIO

from mofan_rules.diagnostics import Bilingual, Diagnostic, Language, Severity, render

MOST = 50
"""Diagnostics printed at most; the rest is counted."""


def print_problems(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str], language: Language, stream: TextIO) -> None:
    """Print diagnostics, then how many there were. `sources` are the texts that they point into, by file."""
    shown = diagnostics[:MOST]
    print(render(shown, sources, language), file=stream)
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    if len(diagnostics) > 1:
        counted = Bilingual(f"共 {errors} 个错误，{warnings} 个警告", f"{errors} errors, {warnings} warnings")
        left_out = len(diagnostics) - len(shown)
        more = Bilingual(f"（只显示前 {MOST} 个）", f" (the first {MOST} are shown)") if left_out else Bilingual("", "")
        print(counted.of(language) + more.of(language), file=stream)

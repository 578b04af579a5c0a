"""Diagnostics: what is wrong with what somebody wrote, and a collector of them.

A diagnostic is made with `make`, from the table in `codes.py`: no other module writes sentences for people. All problems
of an input are collected and told at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.diagnostics.codes import CODES, Severity
from mofan_rules.diagnostics.span import Span

LONGEST_ARGUMENT = 60
"""Characters of a name or value that a message repeats; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a problem, such as the first of two definitions."""

    span: Span
    message: Bilingual


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `code` is a key of `codes.CODES`; `span` is `None` for a problem without a place (a missing file)."""

    code: str
    severity: Severity
    span: Span | None
    message: Bilingual
    hint: Bilingual | None = None
    related: tuple[Related, ...] = ()


def make(
    code: str,
    span: Span | None,
    *,
    suggestions: Sequence[str] = (),
    hint: Bilingual | None = None,
    related: Iterable[Related] = (),
    **arguments: str | int | Bilingual,
) -> Diagnostic:
    """A diagnostic from its code's templates.

    Parameters
    ----------
    suggestions: names that were probably meant; they make the hint (*did you mean*), unless `hint` is given.
    hint: a hint in place of the code's own; `{names}` in it stand for `arguments` too.
    arguments: what the templates' `{names}` stand for; a text is cut to 60 characters and rid of control characters.

    Raises
    ------
    KeyError: for a code, or an argument of its template, that does not exist.
    """
    entry = CODES[code]
    template = hint or (None if suggestions else entry.hint)
    filled = _filled(template, arguments) if template else did_you_mean(suggestions) if suggestions else None
    return Diagnostic(code, entry.severity, span, _filled(entry.message, arguments), filled, tuple(related))


def did_you_mean(names: Sequence[str]) -> Bilingual:
    """The hint that names what was probably meant."""
    shown = [clean(name) for name in names]
    return Bilingual(f"是不是：{'、'.join(shown)}？", f"did you mean: {', '.join(shown)}?")


def clean(text: str) -> str:
    """A text of the author as a message may repeat it: on one line, without control characters, not longer than 60 characters."""
    shown = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[: LONGEST_ARGUMENT + 1])
    return shown if len(shown) <= LONGEST_ARGUMENT else shown[:LONGEST_ARGUMENT] + "…"


def _filled(template: Bilingual, arguments: dict[str, str | int | Bilingual]) -> Bilingual:
    zh = {name: value.zh if isinstance(value, Bilingual) else clean(str(value)) for name, value in arguments.items()}
    en = {name: value.en if isinstance(value, Bilingual) else clean(str(value)) for name, value in arguments.items()}
    return Bilingual(template.zh.format(**zh), template.en.format(**en))


class Diagnostics:
    """A collector of diagnostics. Iterating gives them by file and position, those without a place first, each once."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found: list[Diagnostic] = list(found)
        self.sources: dict[str, str] = {}
        """The texts that the diagnostics point into, by file, as `render` wants them; filled by who reads the files."""

    def add(self, diagnostic: Diagnostic) -> None:
        self._found.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._found.extend(diagnostics)

    def report(
        self,
        code: str,
        span: Span | None,
        *,
        suggestions: Sequence[str] = (),
        hint: Bilingual | None = None,
        related: Iterable[Related] = (),
        **arguments: str | int | Bilingual,
    ) -> None:
        """Make a diagnostic (see `make`) and add it."""
        self.add(make(code, span, suggestions=suggestions, hint=hint, related=related, **arguments))

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(dict.fromkeys(self._found), key=position))

    def __len__(self) -> int:
        return len(dict.fromkeys(self._found))

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self._found)


def position(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    """What diagnostics are sorted by."""
    span = diagnostic.span
    return ("", 0, 0, diagnostic.code) if span is None else (span.file, span.line, span.column, diagnostic.code)

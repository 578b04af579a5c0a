"""Collecting the problems of one expression: from offsets in its text to places in its file."""

from collections.abc import Iterable, Sequence

from mofan_rules.diagnostics import Bilingual, Diagnostic, Severity, Span, closest, make

_MOST_SEARCHES = 20


class Problems:
    """The diagnostics of one expression whose text stands at `span`.

    A text on one line is pointed at exactly, also where `span` covers a pair of quotes around it; of any other (several lines, escapes) the whole
    `span` is pointed at. `holes` are the offsets of characters that were refused and left out.
    """

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.found: list[Diagnostic] = []
        self.holes: list[int] = []
        self._nearest: dict[tuple[str, str], tuple[str, ...]] = {}
        self._span = span
        self._shift = _shift(text, span)

    def report(
        self,
        code: str,
        start: int,
        end: int,
        *,
        suggestions: Sequence[str] = (),
        hint: Bilingual | None = None,
        **arguments: str | int | Bilingual,
    ) -> None:
        """Add a diagnostic for the characters from `start` to `end` of the text."""
        self.found.append(make(code, self.place(start, end), suggestions=suggestions, hint=hint, related=(), **arguments))

    def nearest(self, name: str, candidates: Iterable[str], what: str) -> tuple[str, ...]:
        """The candidates that were probably meant by an unknown name.

        `what` says what it is a name of, so that each name is looked for once; for more than 20 names in one expression, which would take long, none is.
        """
        key = (what, name)
        if key not in self._nearest:
            self._nearest[key] = closest(name, candidates) if len(self._nearest) < _MOST_SEARCHES else ()
        return self._nearest[key]

    def place(self, start: int, end: int) -> Span:
        """The place in the file of some characters of the text."""
        span = self._span
        if self._shift is None:
            return span
        first = span.column + self._shift
        return Span(span.file, span.line, first + start, span.line, first + max(end, start + 1))

    def reported(self, start: int, end: int) -> bool:
        """Is there a diagnostic for just these characters?"""
        place = self.place(start, end)
        return any(diagnostic.span == place for diagnostic in self.found)

    @property
    def fatal(self) -> bool:
        """Is there an error among them?"""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.found)


def _shift(text: str, span: Span) -> int | None:
    """How many columns behind the start of `span` the text begins; `None` if its columns are not those of the file."""
    if span.line != span.end_line or "\n" in text:
        return None
    width = span.end_column - span.column
    if width in (0, len(text)):
        return 0
    return 1 if width == len(text) + 2 else None

"""Text with its place: what every scalar of a ruleset is until something gives it a type."""

from mofan_rules.diagnostics.span import Span

NOWHERE = Span("", 1, 1, 1, 1)
"""The place of what was not written but follows from a default."""


class Text(str):
    """A text and where it was written.

    It is an ordinary `str` for comparison, hashing and lookup. `span` covers the scalar in the file, without quotation marks where the
    text stands between them character for character.
    """

    __slots__ = ("span",)

    span: Span

    def __new__(cls, value: str, span: Span = NOWHERE) -> "Text":
        text = super().__new__(cls, value)
        text.span = span
        return text

    def __reduce__(self) -> tuple[type["Text"], tuple[str, Span]]:
        return Text, (str(self), self.span)

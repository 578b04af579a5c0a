"""Diagnostics as text for a terminal, and as plain data for JSON.

rules.yaml:12:11: error[unknown-name] 没有叫“正式党员树”的数据项
   12 |     when: 正式党员树 ≥ 7
      |           ^^^^^^^^^^
      = 是不是：正式党员数？
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from mofan_rules.diagnostics.bilingual import Language
from mofan_rules.diagnostics.diagnostic import Diagnostic
from mofan_rules.diagnostics.span import Span

LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line: the line ends of YAML 1.1."""

TAB = 4
"""A tab leads to the next multiple of so many columns."""

WIDEST = 100
"""Terminal columns of a source line that are shown; a longer line is cut around the caret."""

Sources = Mapping[str, str]
"""The text of each file, by the name that spans give it."""


def render(diagnostics: Iterable[Diagnostic], sources: Sources, language: Language = "zh") -> str:
    """All `diagnostics` in the order given, a block each, joined by line ends. A file that `sources` does not have is shown without its line."""
    lines: dict[str, list[str]] = {}
    blocks: list[str] = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        if span is not None and span.file not in lines:
            lines[span.file] = LINE_ENDS.split(sources.get(span.file, ""))
        for related in diagnostic.related:
            if related.span.file not in lines:
                lines[related.span.file] = LINE_ENDS.split(sources.get(related.span.file, ""))
        blocks.append("\n".join(_block(diagnostic, lines, language)))
    return "\n".join(blocks)


def _block(diagnostic: Diagnostic, lines: Mapping[str, list[str]], language: Language) -> list[str]:
    head = f"{diagnostic.severity}[{diagnostic.code}] {diagnostic.message.of(language)}"
    span = diagnostic.span
    if span is None:
        block = [head]
        gutter = 4
    else:
        block = [f"{place(span)}: {head}", *excerpt(span, lines[span.file])]
        gutter = max(4, len(str(span.line)))
    if diagnostic.hint is not None:
        block.append(f"{' ' * gutter} = {diagnostic.hint.of(language)}")
    for related in diagnostic.related:
        block.append(f"{' ' * gutter} : {place(related.span)}: {related.message.of(language)}")
        block.extend(excerpt(related.span, lines[related.span.file]))
    return block


def place(span: Span) -> str:
    """`file:line:column`, without control characters that the name of the file may have."""
    return f"{''.join(_visible(character) for character in span.file)}:{span.line}:{span.column}"


def excerpt(span: Span, lines: list[str]) -> list[str]:
    """The source line and the carets under what `span` covers of it; nothing if there is no such line."""
    if not 1 <= span.line <= len(lines):
        return []
    source = lines[span.line - 1]
    if not source.strip():
        return []
    start = min(span.column - 1, len(source))
    end = min(span.end_column - 1, len(source)) if span.end_line == span.line else len(source)
    text, before, under = _laid_out(source, start, max(end, start + 1))
    number = str(span.line).rjust(4)
    return [f"{number} | {text}", f"{' ' * len(number)} | {' ' * before}{'^' * max(1, under)}"]


def _laid_out(source: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line that is shown, the columns before the carets and the number of carets."""
    first, last = _window(source, start, end)
    shown: list[str] = []
    column = before = under = 0
    if first > 0:
        shown.append("…")
        column = 1
    before = column
    for index in range(first, last):
        character = source[index]
        text = " " * (TAB - column % TAB) if character == "\t" else _visible(character)
        width = len(text) if character == "\t" else display_width(text)
        shown.append(text)
        column += width
        if index < start:
            before = column
        elif index < end:
            under += width
    if last < len(source):
        shown.append("…")
    return "".join(shown).rstrip(), before, under


def _window(source: str, start: int, end: int) -> tuple[int, int]:
    """From which to which character a line is shown, so that it is not wider than `WIDEST` and the first caret stands in it."""
    if len(source) <= WIDEST and display_width(source) <= WIDEST:
        return 0, len(source)
    first, width = start, 0
    while first > 0 and width < WIDEST // 2:
        first -= 1
        width += display_width(source[first])
    last = first
    width = 0
    while last < len(source) and (width < WIDEST or last <= start):
        width += display_width(source[last])
        last += 1
    return first, last


def display_width(text: str) -> int:
    """How many terminal columns a text takes: two for a wide glyph, none for a combining mark."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    if character == "\t":
        return TAB
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me") or character in "\u200b\u200c\u200d\ufeff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _visible(character: str) -> str:
    """A character that a terminal may be sent: control characters, those that turn the writing direction, and what is no character are replaced."""
    return character if character.isprintable() or unicodedata.category(character) == "Zs" else "\N{REPLACEMENT CHARACTER}"


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """A diagnostic as plain data: code, severity, message and hint in both languages, file, line, column, end, related places."""
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": {"zh": diagnostic.message.zh, "en": diagnostic.message.en},
        "hint": None if diagnostic.hint is None else {"zh": diagnostic.hint.zh, "en": diagnostic.hint.en},
        **_place_as_data(diagnostic.span),
        "related": [{"message": {"zh": r.message.zh, "en": r.message.en}, **_place_as_data(r.span)} for r in diagnostic.related],
    }


def _place_as_data(span: Span | None) -> dict[str, object]:
    if span is None:
        return {"file": None, "line": None, "column": None, "end_line": None, "end_column": None}
    return {"file": span.file, "line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}

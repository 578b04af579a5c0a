"""Reading texts, numbers, dates and durations: the part of the lexer that knows no names."""

import re
import unicodedata

from mofan_rules.condition import literals
from mofan_rules.condition.characters import plain
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.tokens import Kind, Token
from mofan_rules.diagnostics import Bilingual
from mofan_rules.schema import Scalar, Type
from mofan_rules.values.dates import Duration

QUOTES = {'"': '"', "'": "'", "“": "“”＂", "”": "“”＂", "‘": "‘’", "’": "‘’", "「": "」", "『": "』"}
_PERCENT = re.compile(r"\s*%")
_AT = re.compile(r"""@(["“]?)([^"“”\s,()\[\]]*)(["”]?)""")
_ESCAPE = re.compile(r'\\(["\'\\])')


class LiteralLexer:
    """A place in the text of an expression. `plain` is the text with full-width forms made plain, character for character."""

    def __init__(self, text: str, problems: Problems) -> None:
        self.text = text
        self.plain = plain(text)
        self.problems = problems
        self.tokens: list[Token] = []
        self.position = 0

    def quoted(self) -> None:
        start = self.position
        opening = self.text[start] if self.text[start] in QUOTES else self.plain[start]
        closing = QUOTES[opening]
        source = self.plain if opening in "\"'" else self.text
        end = start + 1
        while end < len(source) and source[end] not in closing:
            end += 2 if source[end] == "\\" and opening in "\"'" else 1
        if end >= len(source):
            self.problems.report("unclosed-text", start, len(self.text), found=self.text[start:])
            end = len(source)
        self.position = min(end + 1, len(source))
        content = self.text[start + 1 : end]
        if opening in "\"'":
            content = _ESCAPE.sub(r"\1", content)
        self.literal(unicodedata.normalize("NFC", content), Type.TEXT, start)

    def literal(self, value: Scalar | None, type: Type, start: int, percent: bool = False) -> None:
        """Add a literal; `None` stands for one that was reported already."""
        self.tokens.append(Token(Kind.LITERAL, self.text[start : self.position], start, self.position, None, value, type, percent))

    # ---- dates, numbers, durations

    def at(self) -> None:
        """`@2024-03-05`, `@"2024-03-05"`, `@"P3Y"`."""
        start = self.position
        match = _AT.match(self.plain, start)
        assert match is not None
        self.position = match.end()
        written = match.group(2)
        if written.startswith(("P", "-P")):
            duration = literals.read_iso_duration(written)
            if not isinstance(duration, literals.Invalid):
                return self.literal(duration, literals.duration_type(duration), start)
        day = literals.read_date(written)
        if day is None:
            self.problems.report("invalid-date", start, self.position, found=self.text[start : self.position])
        return self.literal(day, Type.DATE, start)

    def number(self) -> None:
        start = self.position
        if match := literals.ISO_DATE.match(self.plain, start) or literals.CHINESE_DATE.match(self.plain, start):
            return self.date(match)
        if match := literals.LOOSE_DATE.match(self.plain, start):
            return self.loose_date(match)
        if found := literals.read_duration(self.plain, start):
            return self.duration(*found)
        if match := literals.MONTH_OR_MONTHS.match(self.plain, start):
            return self.month(match)
        match = literals.NUMBER.match(self.plain, start)
        assert match is not None
        self.position = match.end()
        value = literals.exact_number(match.group(1), match.group(2))
        if value is None:
            self.problems.report("invalid-number", start, self.position, found=self.text[start : self.position])
        percent = _PERCENT.match(self.plain, self.position)
        if percent:
            self.position = percent.end()
            return self.literal(value and value / 100, Type.NUMBER, start, percent=True)
        return self.literal(value, Type.NUMBER if match.group(2) else Type.INTEGER, start)

    def date(self, match: re.Match[str]) -> None:
        start, self.position = match.span()
        day = literals.civil_date(*match.groups())
        if day is None:
            self.problems.report("invalid-date", start, self.position, found=self.text[start : self.position])
        self.literal(day, Type.DATE, start)

    def loose_date(self, match: re.Match[str]) -> None:
        start, self.position = match.span()
        year, *parts = (part for part in match.groups() if part is not None)
        month, day = (*parts, "1")[:2]
        instead = f"{year}-{month:0>2}-{day:0>2}"
        self.problems.report("ambiguous-date", start, self.position, found=self.text[start : self.position], instead=instead)
        self.literal(literals.civil_date(year, month, day), Type.DATE, start)

    def month(self, match: re.Match[str]) -> None:
        start, self.position = match.span()
        number = match.group(1)
        self.problems.report(
            "month-or-months",
            start,
            self.position,
            found=self.text[start : self.position],
            instead=Bilingual(f"{number}个月", f"{number} months"),
            number=number,
        )
        self.literal(None, Type.MONTHS, start)

    def duration(self, found: Duration | literals.Invalid, end: int) -> None:
        start, self.position = self.position, end
        if isinstance(found, literals.Invalid):
            self.problems.report(found.code, start, end, suggestions=(), hint=None, found=self.text[start:end], **dict(found.arguments))
            self.literal(None, Type.DAYS, start)
        else:
            self.literal(found, literals.duration_type(found), start)

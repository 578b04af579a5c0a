"""Walking over the tokens of an expression: what is expected, what is closed, how deep it goes."""

from collections.abc import Callable, Sequence
from typing import NoReturn

from mofan_rules.condition.problems import Problems
from mofan_rules.condition.syntax import Syntax
from mofan_rules.condition.tokens import Kind, Token
from mofan_rules.condition.words import Word
from mofan_rules.diagnostics import Bilingual, closest
from mofan_rules.diagnostics.diagnostic import clean

DEEPEST = 32
"""Levels of brackets, functions and negations."""

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")

LIKELY_WORDS = ("and", "or", "in", "not", "between", "then", "else", "并且", "或者", "属于", "介于", "那么", "否则")
"""Words that may be meant where an expression goes on with something that does not fit."""

ADJACENT_NAME = Bilingual("名称里不能有空格；函数写作 名称(…)", "names have no blanks; functions are written name(…)")


class SyntaxFailure(Exception):
    """The text is no expression; why was reported."""


class Cursor:
    """A place in the tokens of an expression. The first thing that does not fit is reported and raises `SyntaxFailure`."""

    def __init__(self, tokens: Sequence[Token], problems: Problems) -> None:
        self.tokens = tokens
        self.problems = problems
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    @property
    def at_end(self) -> bool:
        return self.tokens[self.index].kind is Kind.END

    @property
    def last_end(self) -> int:
        return self.tokens[self.index - 1].end if self.index else 0

    def next(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.index += 1
        return token

    def take_sign(self, *signs: str) -> Token | None:
        return self.next() if self.token.is_sign(*signs) else None

    def take_word(self, *words: Word) -> Token | None:
        return self.next() if self.token.is_word(*words) else None

    def fail(
        self,
        code: str,
        start: int,
        end: int,
        *,
        suggestions: Sequence[str] = (),
        hint: Bilingual | None = None,
        **arguments: str | int | Bilingual,
    ) -> NoReturn:
        """Report what is wrong at a place, unless a character was refused just before it, and give up."""
        if not any(self.last_end <= hole <= self.token.start for hole in self.problems.holes):
            self.problems.report(code, start, end, suggestions=suggestions, hint=hint, **arguments)
        raise SyntaxFailure

    def described(self, token: Token) -> Bilingual:
        """A token as a message names it."""
        if token.kind is Kind.END:
            return Bilingual("结尾", "the end")
        written = clean(self.problems.text[token.start : token.end])
        return Bilingual(f"“{written}”", f"`{written}`")

    def expect_sign(self, sign: str) -> Token:
        return self.take_sign(sign) or self.fail("expected-token", self.token.start, self.token.end, expected=sign, found=self.described(self.token))

    def expect_word(self, word: Word, spelled: Bilingual) -> Token:
        return self.take_word(word) or self.fail("expected-token", self.token.start, self.token.end, expected=spelled, found=self.described(self.token))

    def close(self, opened: Token) -> Token:
        """The bracket that closes `opened`."""
        closing = {"(": ")", "[": "]"}[opened.text]
        if token := self.take_sign(closing):
            return token
        if self.at_end or self.token.is_sign(")", "]"):
            self.fail("unclosed-bracket", opened.start, opened.end, open=opened.text, close=closing)
        self.unexpected()
        return None

    def unexpected(self) -> NoReturn:
        token = self.token
        if token.is_sign(")", "]"):
            self.fail("unopened-bracket", token.start, token.end, open={")": "(", "]": "["}[token.text], close=token.text)
        if token.is_sign(*COMPARISONS):
            self.fail("chained-comparison", token.start, token.end)
        near = closest(token.text, LIKELY_WORDS) if token.kind is Kind.NAME else ()
        hint = ADJACENT_NAME if token.kind is Kind.NAME and not near else None
        self.fail("unexpected-token", token.start, token.end, suggestions=near, hint=hint, found=self.described(token))

    def nested(self, parse: Callable[[], Syntax]) -> Syntax:
        """Parse one level further in."""
        if self.depth >= DEEPEST:
            self.fail("too-deep", self.token.start, self.token.end, limit=DEEPEST)
        self.depth += 1
        found = parse()
        self.depth -= 1
        return found

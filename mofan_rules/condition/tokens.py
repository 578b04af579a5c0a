"""Tokens of the condition language."""

from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from mofan_rules.condition.words import Word
from mofan_rules.schema import Scalar, Type


class Kind(Enum):
    LITERAL = auto()
    NAME = auto()
    WORD = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands: `start` to `end` in the text as written.

    `text` is the canonical spelling of a sign or word (`>=`, `and`), the name as written, or the source of a literal.
    """

    kind: Kind
    text: str
    start: int
    end: int
    word: Word | None = None
    value: Scalar | None = None
    type: Type | None = None
    percent: bool = False

    def is_sign(self, *signs: str) -> bool:
        return self.kind is Kind.SIGN and self.text in signs

    def is_word(self, *words: Word) -> bool:
        return self.kind is Kind.WORD and self.word in words


def number(text: str, start: int, end: int, value: Fraction, type: Type, percent: bool = False) -> Token:
    """The token of a number."""
    return Token(Kind.LITERAL, text, start, end, None, value, type, percent)

"""From text to tokens: full-width forms, both spellings of keywords, words without blanks, literals with units.

The lexer never stops at a problem: it reports it and goes on with the token that was probably meant.
"""

import re
from collections.abc import Set

from mofan_rules.condition.characters import canonical_name, continues_name, starts_name
from mofan_rules.condition.literal_lexer import QUOTES, LiteralLexer
from mofan_rules.condition.names import Names
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.segment import LONGEST_RUN, Ambiguous, ends_open, joins, split_run
from mofan_rules.condition.tokens import Kind, Token
from mofan_rules.condition.words import FOREIGN_SIGNS, FUNCTIONS, KEYWORDS, OWN_SIGNS, WORDS_FOR_SIGNS, Word
from mofan_rules.diagnostics import Bilingual

_SIGNS = sorted({*OWN_SIGNS, *FOREIGN_SIGNS}, key=len, reverse=True)
_CHINESE = {"and": "且", "or": "或", "not": "非"}
_NEXT = re.compile(r"\s*([^\W\d]+|!=|.?)", re.DOTALL)
_NO_OPERAND = frozenset({"=", "!=", "≠", "<", ">", "≥", "≤", "+", "*", "/", ")", "]", ","})
_MOST_PLACES = 10
"""Digits in a run behind which its words are looked for."""


def tokenize(text: str, names: Names, problems: Problems) -> list[Token]:
    """The tokens of an expression, the last one of the kind `END`; what cannot be read is reported and left out."""
    return _Lexer(text, names, problems).run()


class _Lexer(LiteralLexer):
    def __init__(self, text: str, names: Names, problems: Problems) -> None:
        super().__init__(text, problems)
        self.fields: Set[str] = names.fields.keys()
        self.others: Set[str] = names.roles.keys() | names.relations
        self.run_stop = 0

    def run(self) -> list[Token]:
        while self.position < len(self.plain):
            character = self.plain[self.position]
            if character.isspace():
                self.position += 1
            elif "0" <= character <= "9":
                self.number()
            elif character in QUOTES:
                self.quoted()
            elif character == "@":
                self.at()
            elif starts_name(character):
                self.name()
            else:
                self.sign()
        end = len(self.text)
        self.tokens.append(Token(Kind.END, "", end, end))
        return self.tokens

    # ---- signs

    def sign(self) -> None:
        start = self.position
        for sign in _SIGNS:
            if self.plain.startswith(sign, start):
                self.position += len(sign)
                own = OWN_SIGNS.get(sign)
                if own is not None:
                    self.add(Kind.SIGN, own, start)
                else:
                    self.foreign(sign, start)
                return
        self.position += 1
        found = self.text[start]
        self.problems.holes.append(start)
        if self.plain[start] == "%":
            self.problems.report("foreign-operator", start, start + 1, found=found, instead=Bilingual("取余(a, b)", "modulo(a, b)"))
        else:
            self.problems.report("unexpected-character", start, start + 1, found=found)

    def foreign(self, sign: str, start: int) -> None:
        instead = FOREIGN_SIGNS[sign]
        shown = Bilingual(_CHINESE.get(instead, instead), instead)
        self.problems.report("foreign-operator", start, self.position, found=self.text[start : self.position], instead=shown)
        if word := KEYWORDS.get(instead):
            self.tokens.append(Token(Kind.WORD, word.value, start, self.position, word))
        else:
            self.add(Kind.SIGN, instead, start)

    def add(self, kind: Kind, text: str, start: int) -> None:
        self.tokens.append(Token(kind, text, start, self.position))

    # ---- names and words

    def name(self) -> None:
        start = self.position
        end = self.run_end(start)
        run = self.plain[start:end]
        before_bracket = self.plain[end:].lstrip().startswith("(")
        if self.whole(run, start, end, before_bracket):
            return
        pieces = split_run(run, self.fields, before_bracket)
        if pieces is None:
            pieces = self.head_before_digits(run)
        elif isinstance(pieces, tuple) and self.out_of_place(pieces, end) and self.problems.nearest(run, self.fields, "name"):
            pieces = None
        match pieces:
            case None:
                self.position = end
                self.add(Kind.NAME, canonical_name(run), start)
            case Ambiguous(first, second):
                self.position = end
                self.problems.report("ambiguous-run", start, end, found=run, first=" ".join(first), second=" ".join(second))
                self.pieces(first, start, before_bracket)
            case _:
                self.pieces(pieces, start, before_bracket)

    def run_end(self, start: int) -> int:
        """Where the name characters that begin at `start` end."""
        if start < self.run_stop:
            return self.run_stop
        end = start + 1
        while end < len(self.plain):
            character = self.plain[end]
            dotted = character == "." and end + 1 < len(self.plain) and starts_name(self.plain[end + 1])
            if not dotted and not continues_name(character):
                break
            end += 1
        self.run_stop = end
        return end

    def whole(self, run: str, start: int, end: int, before_bracket: bool) -> bool:
        """Take the run as one word, if it is one."""
        if len(run) > LONGEST_RUN:
            return False
        name = canonical_name(run)
        word = KEYWORDS.get(name)
        known = name in self.fields or name in self.others
        if word is None and name.isascii() and not known:
            word = KEYWORDS.get(name.casefold())
        self.position = end
        if word is not None:
            self.tokens.append(Token(Kind.WORD, word.value, start, end, word))
        elif known or (before_bracket and (name in FUNCTIONS or name.isascii())):
            self.add(Kind.NAME, name, start)
        elif name in WORDS_FOR_SIGNS:
            self.sign_word(name, start)
        else:
            self.position = start
            return False
        return True

    def out_of_place(self, pieces: tuple[str, ...], end: int) -> bool:
        """Do the words of a run not fit what is around it, so that it is rather one misspelt name (`类型在 = …`)?"""
        before = self.tokens[-1] if self.tokens else None
        behind_operand = before is not None and (
            before.kind in (Kind.NAME, Kind.LITERAL) or before.is_sign(")", "]") or before.is_word(Word.TRUE, Word.FALSE, Word.NULL, Word.BETWEEN_END)
        )
        if joins(pieces[0]) and not behind_operand:
            return True
        following = _NEXT.match(self.plain, end)
        assert following is not None
        return ends_open(pieces[-1]) and (following.group(1) in _NO_OPERAND or joins(following.group(1)))

    def head_before_digits(self, run: str) -> tuple[str, ...] | Ambiguous | None:
        """The words before a number, where a run goes on with digits: `党员数大于7` is `党员数`, `大于` and a number."""
        places = [place for place in range(1, min(len(run), LONGEST_RUN)) if run[place].isdecimal() and not run[place - 1].isdecimal()]
        for place in places[:_MOST_PLACES]:
            if any(ends_open(run[max(0, place - length) : place]) for length in range(1, 6)):
                pieces = split_run(run[:place], self.fields, False)
                if isinstance(pieces, tuple) and ends_open(pieces[-1]):
                    return pieces
        return None

    def pieces(self, pieces: tuple[str, ...], start: int, before_bracket: bool) -> None:
        for piece in pieces:
            self.position = start + len(piece)
            if word := KEYWORDS.get(piece):
                self.tokens.append(Token(Kind.WORD, word.value, start, self.position, word))
            elif piece in WORDS_FOR_SIGNS and piece not in self.fields:
                self.sign_word(piece, start)
            else:
                self.add(Kind.NAME, piece, start)
            start = self.position

    def sign_word(self, word: str, start: int) -> None:
        sign = WORDS_FOR_SIGNS[word]
        self.problems.report("word-for-operator", start, self.position, found=word, instead=sign)
        self.add(Kind.SIGN, sign, start)

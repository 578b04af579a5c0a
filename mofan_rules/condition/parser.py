"""From tokens to the syntax tree: precedence climbing, one method a level.

    expression : if expression then expression else expression | disjunction
    disjunction: conjunction (or conjunction)*          both kinds side by side need brackets
    conjunction: negation (and negation)*
    negation   : not negation | comparison
    comparison : sum [sign sum | [not] in tests | between sum and sum]
    sum        : product ((+|-) product)*               product: signed ((*|/) signed)*
    signed     : - signed | primary
    primary    : literal | name | name ( arguments ) | ( expression ) | AND|OR|NOT|IF ( arguments )

The first error ends the parse; what the lexer found and the names in what could not be parsed are reported beside it.
"""

from collections.abc import Callable, Sequence

from mofan_rules.condition.cursor import COMPARISONS, SyntaxFailure
from mofan_rules.condition.operands import Operands
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.syntax import Belongs, Between, Binary, If, Joined, Negative, Not, Range, Syntax, height
from mofan_rules.condition.tokens import Kind, Token
from mofan_rules.condition.words import Word
from mofan_rules.diagnostics import Bilingual, same

HIGHEST = 64
"""Levels of the syntax tree, in which each further term of a sum or product is one."""


def parse(tokens: Sequence[Token], problems: Problems) -> Syntax | None:
    """The syntax tree of an expression; `None` if there is none, which is then reported in `problems`."""
    parser = _Parser(tokens, problems)
    try:
        return parser.whole()
    except SyntaxFailure:
        return None


class _Parser(Operands):
    def whole(self) -> Syntax:
        if self.at_end:
            self.fail("empty-expression", 0, self.token.end)
        if sign := self.take_sign("="):
            self.problems.report("leading-equals", sign.start, sign.end)
        found = self.expression()
        if not self.at_end:
            self.unexpected()
        if height(found) > HIGHEST:
            self.fail("too-deep", 0, self.token.end, limit=HIGHEST)
        return found

    def expression(self) -> Syntax:
        if self.token.is_word(Word.IF) and not self.excel_if():
            return self.nested(self.choice)
        return self.disjunction()

    def choice(self) -> Syntax:
        start = self.next().start
        condition = self.expression()
        self.expect_word(Word.THEN, Bilingual("则", "then"))
        then = self.expression()
        self.expect_word(Word.ELSE, Bilingual("否则", "else"))
        otherwise = self.expression()
        return If(condition, then, otherwise, start, self.last_end)

    def disjunction(self) -> Syntax:
        start = self.token.start
        operands = [self.conjunction()]
        bare = [self.is_bare_and(operands[0], start)]
        first_or = self.token
        while self.take_word(Word.OR):
            begin = self.token.start
            operands.append(self.conjunction())
            bare.append(self.is_bare_and(operands[-1], begin))
        if len(operands) == 1:
            return operands[0]
        if any(bare):
            self.problems.report("mixed-and-or", first_or.start, first_or.end)
        return Joined(Word.OR, tuple(operands), start, self.last_end)

    def is_bare_and(self, operand: Syntax, start: int) -> bool:
        """Is the operand joined by `and` without brackets around it?"""
        return isinstance(operand, Joined) and operand.word is Word.AND and operand.start == start

    def conjunction(self) -> Syntax:
        start = self.token.start
        operands = [self.negation()]
        while self.take_word(Word.AND):
            operands.append(self.negation())
        return operands[0] if len(operands) == 1 else Joined(Word.AND, tuple(operands), start, self.last_end)

    def negation(self) -> Syntax:
        if token := self.take_word(Word.NOT):
            operand = self.nested(self.negation)
            return Not(operand, token.start, self.last_end)
        return self.comparison()

    def comparison(self) -> Syntax:
        start = self.token.start
        left = self.sum()
        token = self.token
        if self.take_sign(*COMPARISONS):
            right = self.sum()
            return Binary(token.text, left, right, start, self.last_end, token.start)
        if self.take_word(Word.BETWEEN):
            return self.between(left, start)
        if self.take_word(Word.NOT_IN) or self.negated_in():
            return self.belongs(left, True, start)
        if self.take_word(Word.IN):
            return self.belongs(left, False, start)
        return left

    def negated_in(self) -> bool:
        """`not in`, as two words."""
        if self.token.is_word(Word.NOT) and self.tokens[self.index + 1].is_word(Word.IN):
            self.index += 2
            return True
        return False

    def between(self, value: Syntax, start: int) -> Syntax:
        low = self.sum()
        if not self.take_word(Word.AND, Word.TO):
            self.fail("expected-token", self.token.start, self.token.end, expected=Bilingual("到", "and"), found=self.described(self.token))
        high = self.sum()
        self.take_word(Word.BETWEEN_END)
        return Between(value, low, high, start, self.last_end)

    # ---- behind `in`

    def belongs(self, value: Syntax, negated: bool, start: int) -> Syntax:
        first = self.token
        tests = self.tests()
        if len(tests) == 1 and not isinstance(tests[0], Range) and not first.is_sign("(", "[") and self.token.is_word(Word.TO):
            return self.in_between(value, tests[0], negated, start)
        return Belongs(value, tests, negated, start, self.last_end)

    def in_between(self, value: Syntax, low: Syntax, negated: bool, start: int) -> Syntax:
        """`在 7 到 50 之间`."""
        self.next()
        high = self.sum()
        self.expect_word(Word.BETWEEN_END, same("之间"))
        found: Syntax = Between(value, low, high, start, self.last_end)
        return Not(found, start, self.last_end) if negated else found

    def tests(self) -> tuple[Syntax | Range, ...]:
        """One value, one range, or a list of either in brackets."""
        opened = self.token
        if not opened.is_sign("(", "["):
            return (self.sum(),)
        self.next()
        first = self.nested_test()
        if not isinstance(first, Range) and self.take_sign(".."):
            return (self.range_after(opened, first),)
        found: list[Syntax | Range] = [first]
        while self.take_sign(","):
            found.append(self.nested_test())
        self.close(opened)
        return tuple(found)

    def nested_test(self) -> Syntax | Range:
        opened = self.token
        if opened.is_sign("[") or (opened.is_sign("(") and self.opens_range()):
            self.next()
            low = self.nested(self.sum)
            self.expect_sign("..")
            return self.range_after(opened, low)
        return self.nested(self.sum)

    def opens_range(self) -> bool:
        """Does the round bracket here open a range (`(1..5]`) and not a value?"""
        index, depth = self.index, 0
        while (token := self.tokens[index]).kind is not Kind.END:
            if token.is_sign("(", "["):
                depth += 1
            elif token.is_sign(")", "]"):
                depth -= 1
                if depth == 0:
                    return False
            elif depth == 1 and token.is_sign(".."):
                return True
            index += 1
        return False

    def range_after(self, opened: Token, low: Syntax) -> Range:
        high = self.nested(self.sum)
        closed = self.take_sign("]", ")")
        if closed is None:
            self.fail("unclosed-bracket", opened.start, opened.end, open=opened.text, close="]")
        return Range(low, high, opened.text == "[", closed.text == "]", opened.start, closed.end)

    # ---- arithmetic

    def sum(self) -> Syntax:
        return self.chain(self.product, "+", "-")

    def product(self) -> Syntax:
        return self.chain(self.signed, "*", "/")

    def chain(self, operand: Callable[[], Syntax], *signs: str) -> Syntax:
        start = self.token.start
        found = operand()
        while sign := self.take_sign(*signs):
            right = operand()
            found = Binary(sign.text, found, right, start, self.last_end, sign.start)
        return found

    def signed(self) -> Syntax:
        if token := self.take_sign("-"):
            operand = self.nested(self.signed)
            return Negative(operand, token.start, self.last_end)
        return self.primary()

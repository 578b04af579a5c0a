"""The parts of an expression that stand by themselves: literals, names, brackets, functions, and the functions of Excel that are operators here."""

from abc import ABC, abstractmethod

from mofan_rules.condition.cursor import Cursor
from mofan_rules.condition.syntax import Call, If, Joined, Literal, Name, Not, Null, Syntax
from mofan_rules.condition.tokens import Kind, Token
from mofan_rules.condition.words import Function, Word, function_of
from mofan_rules.diagnostics import Bilingual
from mofan_rules.schema import Type


class Operands(Cursor, ABC):
    """The lowest level of the grammar."""

    @abstractmethod
    def expression(self) -> Syntax:
        """A whole expression, as it stands in brackets."""

    def primary(self) -> Syntax:
        token = self.token
        if token.kind is Kind.LITERAL:
            assert token.type is not None
            self.next()
            return Literal(token.value, token.type, token.start, token.end, token.percent)
        if token.is_word(Word.TRUE, Word.FALSE):
            self.next()
            return Literal(token.word is Word.TRUE, Type.BOOLEAN, token.start, token.end)
        if self.take_word(Word.NULL):
            return Null(token.start, token.end)
        if token.kind is Kind.NAME:
            self.next()
            return self.call(token) if self.token.is_sign("(") else Name(token.text, token.start, token.end)
        if self.take_sign("("):
            found = self.nested(self.expression)
            self.close(token)
            return found
        if token.is_word(Word.AND, Word.OR, Word.NOT) and self.tokens[self.index + 1].is_sign("("):
            return self.excel()
        if token.is_word(Word.IF) and self.excel_if():
            return self.excel()
        if token.is_sign("["):
            self.fail("range-alone", token.start, token.end)
        self.fail("expected-value", token.start, token.end, found=self.described(token))
        return None

    def call(self, name: Token) -> Syntax:
        opened = self.next()
        function = function_of(name.text)
        if function is Function.HOLDS:
            return self.holds(name, opened)
        arguments = self.arguments(opened)
        return Call(name.text, arguments, name.start, self.last_end)

    def arguments(self, opened: Token) -> tuple[Syntax, ...]:
        if self.take_sign(")"):
            return ()
        found = [self.nested(self.expression)]
        while self.take_sign(","):
            found.append(self.nested(self.expression))
        self.close(opened)
        return tuple(found)

    def holds(self, name: Token, opened: Token) -> Syntax:
        """`holds(role, role, in: relation)`."""
        roles: list[Syntax] = []
        relation: Syntax | None = None
        while relation is None and not self.token.is_sign(")"):
            if self.take_word(Word.IN):
                self.expect_sign(":")
                relation = self.nested(self.primary)
            else:
                roles.append(self.nested(self.primary))
            if not self.take_sign(","):
                break
        self.close(opened)
        if not roles:
            self.fail("holds-arguments", name.start, self.last_end)
        return Call(name.text, tuple(roles), name.start, self.last_end, relation)

    def excel(self) -> Syntax:
        """`AND(a, b)`, `OR(a, b)`, `NOT(a)`, `IF(a, b, c)`."""
        word = self.next()
        opened = self.next()
        arguments = self.arguments(opened)
        assert word.word is not None
        match word.word, arguments:
            case Word.IF, (condition, then, otherwise):
                return If(condition, then, otherwise, word.start, self.last_end)
            case Word.NOT, (operand,):
                return Not(operand, word.start, self.last_end)
            case ((Word.AND | Word.OR), (_, *_)):
                return arguments[0] if len(arguments) == 1 else Joined(word.word, arguments, arguments[0].start, self.last_end)
        expected = {Word.IF: Bilingual(" 3 ", "3"), Word.NOT: Bilingual(" 1 ", "1")}.get(word.word, Bilingual("至少 1 ", "at least 1"))
        self.fail("argument-count", word.start, word.end, name=word.text.upper(), expected=expected, found=len(arguments))
        return None

    def excel_if(self) -> bool:
        """Does `IF(` at this place hold arguments with commas?"""
        index, depth = self.index + 1, 0
        if not self.tokens[index].is_sign("("):
            return False
        while (token := self.tokens[index]).kind is not Kind.END:
            if token.is_sign("(", "["):
                depth += 1
            elif token.is_sign(")", "]"):
                depth -= 1
                if depth == 0:
                    return False
            elif depth == 1 and token.is_sign(","):
                return True
            index += 1
        return False

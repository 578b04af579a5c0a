"""From the syntax tree to the typed expression: names are looked up, types checked, sugar taken away.

Every problem is reported, and what has one becomes `None`, so that one mistake is not told twice.
"""

from dataclasses import replace
from typing import assert_never

from mofan_rules.condition import functions
from mofan_rules.condition.arithmetic import arithmetic, negative
from mofan_rules.condition.comparisons import Comparisons, Side, joined, opposite, presence
from mofan_rules.condition.literals import NUMBER_IN_WORDS
from mofan_rules.condition.names import Names
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.segment import parts_of
from mofan_rules.condition.syntax import Belongs, Between, Binary, Call, If, Joined, Literal, Name, Negative, Not, Null, Range, Syntax
from mofan_rules.condition.types import NUMBERS, TYPE_NAMES
from mofan_rules.condition.words import CHINESE_FUNCTIONS, FOREIGN_FUNCTIONS, FUNCTIONS, Function, Word, function_of
from mofan_rules.diagnostics import Bilingual
from mofan_rules.ir.expressions import Const, Expression, Field, Holds, Op, Operator
from mofan_rules.schema import Type

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Typing:
    """The typing of one expression in one place of a ruleset."""

    def __init__(self, names: Names, problems: Problems) -> None:
        self.names = names
        self.problems = problems
        self.comparisons = Comparisons(names, problems)

    def typed(self, node: Syntax) -> Expression | None:
        """The expression of a node; `None` if it has a problem, which is reported."""
        match node:
            case Literal(value, type):
                return None if value is None else Const(value, type)
            case Null(start, end):
                self.problems.report("null-alone", start, end)
                return None
            case Name():
                return self.name(node)
            case Negative(operand):
                inner = self.typed(operand)
                return inner and negative(node, inner, self.problems)
            case Not(operand):
                condition = self.condition(operand, Bilingual("非", "not"))
                return condition and opposite(condition)
            case Joined():
                return self.joined(node)
            case Binary():
                return self.binary(node)
            case Between(value, low, high):
                sides = [self.side(value), self.side(low), self.side(high)]
                return self.comparisons.between(sides[0], sides[1], sides[2]) if sides[0] and sides[1] and sides[2] else None
            case Belongs():
                return self.belongs(node)
            case If():
                return self.choice(node)
            case Call():
                return self.call(node)
            case _:
                assert_never(node)

    def side(self, node: Syntax) -> Side | None:
        expression = self.typed(node)
        return None if expression is None else Side(node, expression)

    # ---- names

    def name(self, node: Name) -> Expression | None:
        leaf = self.names.fields.get(node.text)
        if leaf is None:
            unknown_name(node.text, node.start, node.end, self.names, self.problems)
            return None
        return replace(leaf, label=node.text) if isinstance(leaf, Field) and not leaf.label else leaf

    # ---- conditions

    def condition(self, node: Syntax, operator: Bilingual) -> Expression | None:
        """The expression of a node that must be a condition."""
        found = self.typed(node)
        if found is None or found.type is Type.BOOLEAN:
            return found
        if isinstance(found, Const) and not isinstance(node, Call):
            self.problems.report("value-or", node.start, node.end, operator=operator)
            return None
        self.problems.report("condition-expected", node.start, node.end, operator=operator, found=TYPE_NAMES[found.type])
        return None

    def joined(self, node: Joined) -> Expression | None:
        spelled, operator = (Bilingual("且", "and"), Operator.AND) if node.word is Word.AND else (Bilingual("或", "or"), Operator.OR)
        found = [self.condition(operand, spelled) for operand in node.operands]
        known = [condition for condition in found if condition is not None]
        return joined(operator, known) if len(known) == len(found) else None

    def binary(self, node: Binary) -> Expression | None:
        if node.sign in ("=", "!=") and (isinstance(node.left, Null) != isinstance(node.right, Null)):
            side = self.side(node.left if isinstance(node.right, Null) else node.right)
            return None if side is None else presence(node.sign, side, self.problems)
        left, right = self.side(node.left), self.side(node.right)
        if left is None or right is None:
            return None
        if node.sign in COMPARISONS:
            return self.comparisons.compare(node.sign, left, right)
        return arithmetic(node, left.expression, right.expression, self.problems)

    def belongs(self, node: Belongs) -> Expression | None:
        value = self.side(node.value)
        found: list[Expression | None] = []
        texts: list[Side] = []
        for test in node.tests:
            if isinstance(test, Range):
                found.append(self.in_range(value, test))
                continue
            side = self.side(test)
            if side is None or value is None:
                found.append(None)
            elif isinstance(side.expression, Const) and side.expression.type is value.expression.type is Type.TEXT:
                texts.append(side)
            elif side.expression.type is Type.ITEMS and value.expression.type is Type.TEXT:
                found.append(Op(Operator.CONTAINS, (side.expression, value.expression), Type.BOOLEAN))
            else:
                found.append(self.comparisons.compare("=", value, side))
        if texts and value is not None:
            found.insert(0, self.comparisons.among(value, texts))
        known = [condition for condition in found if condition is not None]
        if len(known) != len(found):
            return None
        whole = joined(Operator.OR, known)
        return opposite(whole) if node.negated else whole

    def in_range(self, value: Side | None, test: Range) -> Expression | None:
        if isinstance(test.low, Null) and isinstance(test.high, Null):
            self.problems.report("null-alone", test.start, test.end)
            return None
        low = None if isinstance(test.low, Null) else self.side(test.low)
        high = None if isinstance(test.high, Null) else self.side(test.high)
        broken = (low is None and not isinstance(test.low, Null)) or (high is None and not isinstance(test.high, Null))
        if value is None or broken:
            return None
        return self.comparisons.between(value, low, high, test.low_included, test.high_included)

    # ---- if, functions

    def choice(self, node: If) -> Expression | None:
        condition = self.condition(node.condition, Bilingual("如果", "if"))
        then, otherwise = self.side(node.then), self.side(node.otherwise)
        if then is None or otherwise is None:
            return None
        one, other = then.expression.type, otherwise.expression.type
        if Type.BOOLEAN in (one, other):
            self.problems.report("if-values", node.start, node.end)
            return None
        if one is not other and not {one, other} <= NUMBERS:
            self.problems.report("branch-types", node.start, node.end, left=TYPE_NAMES[one], right=TYPE_NAMES[other])
            return None
        type = one if one is other else Type.NUMBER
        return condition and Op(Operator.IF, (condition, then.expression, otherwise.expression), type)

    def call(self, node: Call) -> Expression | None:
        function = function_of(node.name)
        if function is None:
            instead = FOREIGN_FUNCTIONS.get(node.name) or FOREIGN_FUNCTIONS.get(node.name.casefold())
            near = self.problems.nearest(node.name, (*Function, *CHINESE_FUNCTIONS.values()), "function")
            hint = None if instead is None else Bilingual(f"应写作：{instead[0]}", f"write: {instead[1]}")
            self.problems.report("unknown-function", node.start, node.start + len(node.name), suggestions=near, hint=hint, name=node.name)
            for argument in node.arguments:
                self.typed(argument)
            return None
        if function is Function.HOLDS:
            return self.holds(node)
        sides = [side for argument in node.arguments if (side := self.side(argument)) is not None]
        return functions.call(function, node, sides, self.problems)

    def holds(self, node: Call) -> Expression | None:
        roles: set[str] = set()
        sound = True
        for argument in node.arguments:
            name = self.bare(argument, node)
            family = None if name is None else self.names.roles.get(name)
            if family is not None:
                roles |= family
                continue
            sound = False
            if name is not None:
                self.problems.report("unknown-role", argument.start, argument.end, suggestions=self.problems.nearest(name, self.names.roles, "role"), name=name)
        relation = None
        if node.relation is not None:
            relation = self.bare(node.relation, node)
            if relation is not None and relation not in self.names.relations:
                near = self.problems.nearest(relation, sorted(self.names.relations), "relation")
                self.problems.report("unknown-relation", node.relation.start, node.relation.end, suggestions=near, name=relation)
            sound = sound and relation in self.names.relations
        return Holds(frozenset(roles), relation) if sound else None

    def bare(self, node: Syntax, call: Call) -> str | None:
        """A role or relation, written as a name or as a text."""
        match node:
            case Name(text):
                return text
            case Literal(str() as text):
                return text
        self.problems.report("holds-arguments", call.start, call.end)
        return None


def unknown_name(text: str, start: int, end: int, names: Names, problems: Problems) -> None:
    """Report a name that does not exist, with those that are near; in several words without blanks those of them that are not known."""
    if NUMBER_IN_WORDS.fullmatch(text):
        problems.report("number-in-words", start, end, found=text)
        return
    parts = parts_of(text) if end - start == len(text) else ((0, len(text)),)
    near = problems.nearest(text, names.fields, "name")
    unknown = [part for part in parts if text[part[0] : part[1]] not in names.fields and not text[part[0] : part[1]].isdecimal()]
    some_known = len(unknown) < len(parts)
    if len(parts) > 1 and (some_known or not near) and any(problems.nearest(text[first:last], names.fields, "name") for first, last in unknown):
        for first, last in unknown:
            unknown_name(text[first:last], start + first, start + last, names, problems)
        return
    hint = None
    if not near and text in FUNCTIONS:
        hint = Bilingual(f"函数后面写括号：{text}(…)", f"a function has brackets: {text}(…)")
    elif not near and len(parts) > 1:
        hint = Bilingual("如果是几个词连写，请用空格分开", "if these are several words, put blanks between them")
    problems.report("unknown-name", start, end, suggestions=near, hint=hint, name=text)

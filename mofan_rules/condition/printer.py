"""Typed expressions as text, for explanations: the tree is turned back into syntax, which is spelt as the formatter does."""

from typing import assert_never

from mofan_rules.condition.spelling import Spelling, spell
from mofan_rules.condition.syntax import Belongs, Binary, Call, If, Joined, Literal, Name, Negative, Not, Null, Syntax
from mofan_rules.condition.words import Function, Word
from mofan_rules.ir.expressions import Const, Expression, Field, Holds, MeasureValue, Op, Operator, Param, WindowDay
from mofan_rules.values.dates import Duration

_SIGNS = {
    Operator.EQUAL: "=",
    Operator.UNEQUAL: "!=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.ADD: "+",
    Operator.SUBTRACT: "-",
    Operator.MULTIPLY: "*",
    Operator.DIVIDE: "/",
    Operator.ADD_DURATION: "+",
}

_FUNCTIONS = {
    Operator.MISSING: Function.MISSING,
    Operator.CONTAINS: Function.CONTAINS,
    Operator.DAYS_BETWEEN: Function.DAYS_BETWEEN,
    Operator.MONTHS_BETWEEN: Function.MONTHS_BETWEEN,
    Operator.TO_DAYS: Function.DAYS,
    Operator.TO_MONTHS: Function.MONTHS,
    Operator.YEAR: Function.YEAR,
    Operator.MONTH: Function.MONTH,
    Operator.DAY: Function.DAY,
    Operator.WEEKDAY: Function.WEEKDAY,
    Operator.MINIMUM: Function.MIN,
    Operator.MAXIMUM: Function.MAX,
    Operator.ABSOLUTE: Function.ABS,
    Operator.FLOOR: Function.FLOOR,
    Operator.CEILING: Function.CEILING,
    Operator.MODULO: Function.MODULO,
}


def print_expression(expression: Expression, language: Spelling = "zh") -> str:
    """The text of an expression, with the names that its author used."""
    return spell(_syntax(expression, language), language)


def _syntax(expression: Expression, language: Spelling) -> Syntax:
    match expression:
        case Const(None):
            return Null(0, 0)
        case Const(value, type):
            return Literal(value, type, 0, 0)
        case Field(scope, column, label=label):
            return _name(label or f"{scope}.{column}")
        case Param(name) | MeasureValue(name):
            return _name(name)
        case WindowDay(last):
            return _name({("zh", False): "窗口.首日", ("zh", True): "窗口.末日", ("en", False): "window.first", ("en", True): "window.last"}[language, last])
        case Holds(roles, relation):
            return Call(Function.HOLDS, tuple(map(_name, sorted(roles))), 0, 0, None if relation is None else _name(relation))
        case Op():
            return _operation(expression.operator, tuple(_syntax(argument, language) for argument in expression.arguments))
        case _:
            assert_never(expression)


def _name(text: str) -> Name:
    return Name(text, 0, 0)


def _operation(operator: Operator, arguments: tuple[Syntax, ...]) -> Syntax:
    match operator, arguments:
        case ((Operator.AND | Operator.OR), _):
            return Joined(Word.AND if operator is Operator.AND else Word.OR, arguments, 0, 0)
        case Operator.NOT, (Belongs(value, tests, False, start, end),):
            return Belongs(value, tests, True, start, end)
        case Operator.NOT, (operand,):
            return Not(operand, 0, 0)
        case Operator.NEGATE, (operand,):
            return Negative(operand, 0, 0)
        case Operator.IF, (condition, then, otherwise):
            return If(condition, then, otherwise, 0, 0)
        case Operator.AMONG, (value, *texts):
            return Belongs(value, tuple(texts), False, 0, 0)
        case Operator.ADD_DURATION, (day, Literal(Duration(amount, unit), type)) if amount < 0:
            return Binary("-", day, Literal(Duration(-amount, unit), type, 0, 0), 0, 0, 0)
        case Operator.ADD_DURATION, (day, Negative(duration)):
            return Binary("-", day, duration, 0, 0, 0)
    if operator in _SIGNS and len(arguments) >= 2:
        found = arguments[0]
        for argument in arguments[1:]:
            found = Binary(_SIGNS[operator], found, argument, 0, 0, 0)
        return found
    return Call(_FUNCTIONS.get(operator, operator.value), arguments, 0, 0)

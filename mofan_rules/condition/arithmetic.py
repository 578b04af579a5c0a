"""Typing of `+ - * /` and of the minus sign; what consists of literals only is calculated at once."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from operator import add as plus
from operator import mul as times
from operator import sub as minus

from mofan_rules.condition.literals import LONGEST_DAYS, LONGEST_MONTHS
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.syntax import Binary, Negative
from mofan_rules.condition.types import DURATIONS, NUMBERS, TYPE_NAMES, numeric
from mofan_rules.ir.expressions import Const, Expression, Op, Operator
from mofan_rules.schema import Type
from mofan_rules.values.dates import Duration, DurationUnit, add

_LARGEST = 10**18
_EXACT: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"+": plus, "-": minus, "*": times}
_OPERATORS = {"+": Operator.ADD, "-": Operator.SUBTRACT, "*": Operator.MULTIPLY, "/": Operator.DIVIDE}


def arithmetic(node: Binary, left: Expression, right: Expression, problems: Problems) -> Expression | None:
    """The expression of a sum, difference, product or quotient; `None` for types that do not go together, which are reported."""
    if left.type in NUMBERS and right.type in NUMBERS:
        return _numbers(node, left, right, problems)
    found = _dated(node.sign, left, right) or _durations(node.sign, left, right)
    if found is None:
        if node.sign in "+-" and Type.DATE in (left.type, right.type) and (left.type in NUMBERS or right.type in NUMBERS):
            problems.report("number-to-date", node.start, node.end)
        else:
            problems.report(
                "arithmetic-type", node.sign_start, node.sign_start + 1, operator=node.sign, left=TYPE_NAMES[left.type], right=TYPE_NAMES[right.type]
            )
    return found


def negative(node: Negative, operand: Expression, problems: Problems) -> Expression | None:
    """The negative of a number or duration."""
    if operand.type not in NUMBERS | DURATIONS:
        problems.report("negation-type", node.start, node.start + 1, type=TYPE_NAMES[operand.type])
        return None
    return negated(operand)


def negated(operand: Expression) -> Expression:
    """The negative of a number or duration, calculated if it is a literal."""
    match operand:
        case Const(Duration(amount, unit), type):
            return Const(Duration(-amount, unit), type)
        case Const(Fraction() as value, type):
            return Const(-value, type)
        case Op(Operator.NEGATE, (inner,)):
            return inner
    return Op(Operator.NEGATE, (operand,), operand.type)


def _numbers(node: Binary, left: Expression, right: Expression, problems: Problems) -> Expression:
    match left, right:
        case Const(Fraction() as first), Const(Fraction() as second) if node.sign != "/":
            result = _EXACT[node.sign](first, second)
            if abs(result.numerator) < _LARGEST and result.denominator < _LARGEST:
                return Const(result, numeric(left, right))
        case Const(Fraction() as first), Const(Fraction() as second) if second != 0:
            result = first / second
            if abs(result.numerator) < _LARGEST and result.denominator < _LARGEST:
                return Const(result, Type.NUMBER)
    if node.sign == "/" and isinstance(right, Const) and right.value == 0:
        problems.report("division-by-zero", node.sign_start, node.end)
    return Op(_OPERATORS[node.sign], (left, right), Type.NUMBER if node.sign == "/" else numeric(left, right))


def _dated(sign: str, left: Expression, right: Expression) -> Expression | None:
    """Dates: date ± duration, duration + date, date − date."""
    match sign, left.type, right.type:
        case "+", Type.DATE, (Type.DAYS | Type.MONTHS):
            return later(left, right)
        case "+", (Type.DAYS | Type.MONTHS), Type.DATE:
            return later(right, left)
        case "-", Type.DATE, (Type.DAYS | Type.MONTHS):
            return later(left, negated(right))
        case "-", Type.DATE, Type.DATE:
            return Op(Operator.DAYS_BETWEEN, (left, right), Type.INTEGER)
    return None


def later(day: Expression, duration: Expression) -> Expression:
    """A date plus a duration."""
    match day, duration:
        case Const(date() as known), Const(Duration() as step):
            return Const(add(known, step), Type.DATE)
    return Op(Operator.ADD_DURATION, (day, duration), Type.DATE)


def _durations(sign: str, left: Expression, right: Expression) -> Expression | None:
    """Durations of one unit among themselves: `任期 - 6个月`; multiples of literals: `2 * 3年`."""
    match sign, left, right:
        case (("+" | "-"), Const(Duration(first, unit), type), Const(Duration(second, other))) if unit is other:
            return _duration(first + second if sign == "+" else first - second, type)
        case "*", Const(Fraction() as number), Const(Duration(amount), type):
            return _duration(number * amount, type)
        case "*", Const(Duration(amount), type), Const(Fraction() as number):
            return _duration(number * amount, type)
        case (("+" | "-"), Const(), Const()):
            return None
        case (("+" | "-"), _, _) if left.type is right.type and left.type in DURATIONS:
            return Op(_OPERATORS[sign], (left, right), left.type)
    return None


def _duration(amount: Fraction | int, type: Type) -> Expression | None:
    exact = Fraction(amount)
    if exact.denominator != 1 or abs(exact) > (LONGEST_DAYS if type is Type.DAYS else LONGEST_MONTHS):
        return None
    return Const(Duration(int(exact), DurationUnit.DAYS if type is Type.DAYS else DurationUnit.MONTHS), type)

"""Typing of functions: how many arguments each takes, of which types, and what it becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mofan_rules.condition import literals
from mofan_rules.condition.arithmetic import later
from mofan_rules.condition.comparisons import Side, missing
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.syntax import Call
from mofan_rules.condition.types import NUMBERS, TYPE_NAMES, fits, named, numeric
from mofan_rules.condition.words import Function
from mofan_rules.diagnostics import Bilingual, same
from mofan_rules.ir.expressions import Const, Expression, Op, Operator
from mofan_rules.schema import Type
from mofan_rules.values.dates import Duration, DurationUnit

_ANY = frozenset(Type)
_DATE = frozenset({Type.DATE})
_TEXT = frozenset({Type.TEXT})
_ITEMS = frozenset({Type.ITEMS})
_WHOLE = frozenset({Type.INTEGER})

Make = Callable[[Call, Sequence[Side], Problems], Expression | None]


@dataclass(frozen=True, slots=True)
class Signature:
    """The types of the arguments and what the call becomes; the last argument of a `repeated` one may be repeated."""

    arguments: tuple[frozenset[Type], ...]
    make: Make
    repeated: bool = False


def call(function: Function, node: Call, arguments: Sequence[Side], problems: Problems) -> Expression | None:
    """The expression of a call, whose arguments are typed already; `None` for arguments that do not fit, which is reported."""
    signature = SIGNATURES[function]
    if not _counts(signature, node, len(node.arguments), problems):
        return None
    sound = True
    for index, side in enumerate(arguments):
        expected = signature.arguments[min(index, len(signature.arguments) - 1)]
        found = side.expression.type
        if fits(found, expected):
            continue
        sound = False
        if expected == _WHOLE and found is Type.NUMBER:
            problems.report("argument-whole", side.node.start, side.node.end, name=node.name)
        else:
            problems.report(
                "argument-type", side.node.start, side.node.end, name=node.name, number=index + 1, expected=named(expected), found=TYPE_NAMES[found]
            )
    return signature.make(node, arguments, problems) if sound and len(arguments) == len(node.arguments) else None


def _counts(signature: Signature, node: Call, found: int, problems: Problems) -> bool:
    wanted = len(signature.arguments)
    if found == wanted or (signature.repeated and found > wanted):
        return True
    expected = Bilingual(f"至少 {wanted} ", f"at least {wanted}") if signature.repeated else Bilingual(f" {wanted} ", str(wanted))
    problems.report("argument-count", node.start, node.end, name=node.name, expected=expected, found=found)
    return False


def _plain(operator: Operator, type: Type) -> Make:
    return lambda node, arguments, problems: Op(operator, tuple(side.expression for side in arguments), type)


def _numeric(operator: Operator) -> Make:
    def make(node: Call, arguments: Sequence[Side], problems: Problems) -> Expression:
        values = tuple(side.expression for side in arguments)
        if operator in (Operator.MINIMUM, Operator.MAXIMUM) and len(values) == 1:
            return values[0]
        return Op(operator, values, numeric(*values))

    return make


def _missing(node: Call, arguments: Sequence[Side], problems: Problems) -> Expression | None:
    return missing(arguments[0], problems)


def _to_duration(operator: Operator, times: int = 1) -> Make:
    def make(node: Call, arguments: Sequence[Side], problems: Problems) -> Expression | None:
        return _duration(operator, times, arguments[0], problems)

    return make


def _duration(operator: Operator, times: int, number: Side, problems: Problems) -> Expression | None:
    unit, type, longest = (
        (DurationUnit.DAYS, Type.DAYS, literals.LONGEST_DAYS) if operator is Operator.TO_DAYS else (DurationUnit.MONTHS, Type.MONTHS, literals.LONGEST_MONTHS)
    )
    match number.expression:
        case Const(Fraction() as amount):
            if abs(amount * times) > longest:
                problems.report("invalid-duration", number.node.start, number.node.end, found=str(amount))
                return None
            return Const(Duration(int(amount) * times, unit), type)
    value = number.expression
    if times != 1:
        value = Op(Operator.MULTIPLY, (value, Const(Fraction(times), Type.INTEGER)), Type.INTEGER)
    return Op(operator, (value,), type)


def _edate(node: Call, arguments: Sequence[Side], problems: Problems) -> Expression | None:
    duration = _duration(Operator.TO_MONTHS, 1, arguments[1], problems)
    return duration and later(arguments[0].expression, duration)


def _date(node: Call, arguments: Sequence[Side], problems: Problems) -> Expression | None:
    written = _literal_text(node, arguments[0], '"2024-03-05"', problems)
    if written is None:
        return None
    day: date | None = literals.read_date(written.strip())
    if day is None:
        problems.report("invalid-date", arguments[0].node.start, arguments[0].node.end, found=written)
        return None
    return Const(day, Type.DATE)


def _iso_duration(node: Call, arguments: Sequence[Side], problems: Problems) -> Expression | None:
    written = _literal_text(node, arguments[0], '"P3Y"', problems)
    if written is None:
        return None
    duration = literals.read_iso_duration(written.strip())
    if isinstance(duration, literals.Invalid):
        problems.report(duration.code, arguments[0].node.start, arguments[0].node.end, found=written)
        return None
    return Const(duration, literals.duration_type(duration))


def _literal_text(node: Call, argument: Side, example: str, problems: Problems) -> str | None:
    if isinstance(argument.expression, Const) and isinstance(argument.expression.value, str):
        return argument.expression.value
    problems.report("argument-literal", argument.node.start, argument.node.end, name=node.name, example=same(example))
    return None


SIGNATURES: dict[Function, Signature] = {
    Function.MISSING: Signature((_ANY,), _missing),
    Function.YEAR: Signature((_DATE,), _plain(Operator.YEAR, Type.INTEGER)),
    Function.MONTH: Signature((_DATE,), _plain(Operator.MONTH, Type.INTEGER)),
    Function.DAY: Signature((_DATE,), _plain(Operator.DAY, Type.INTEGER)),
    Function.WEEKDAY: Signature((_DATE,), _plain(Operator.WEEKDAY, Type.INTEGER)),
    Function.DAYS_BETWEEN: Signature((_DATE, _DATE), _plain(Operator.DAYS_BETWEEN, Type.INTEGER)),
    Function.MONTHS_BETWEEN: Signature((_DATE, _DATE), _plain(Operator.MONTHS_BETWEEN, Type.INTEGER)),
    Function.DAYS: Signature((_WHOLE,), _to_duration(Operator.TO_DAYS)),
    Function.MONTHS: Signature((_WHOLE,), _to_duration(Operator.TO_MONTHS)),
    Function.YEARS: Signature((_WHOLE,), _to_duration(Operator.TO_MONTHS, 12)),
    Function.MIN: Signature((NUMBERS,), _numeric(Operator.MINIMUM), repeated=True),
    Function.MAX: Signature((NUMBERS,), _numeric(Operator.MAXIMUM), repeated=True),
    Function.ABS: Signature((NUMBERS,), _numeric(Operator.ABSOLUTE)),
    Function.FLOOR: Signature((NUMBERS,), _plain(Operator.FLOOR, Type.INTEGER)),
    Function.CEILING: Signature((NUMBERS,), _plain(Operator.CEILING, Type.INTEGER)),
    Function.MODULO: Signature((NUMBERS, NUMBERS), _numeric(Operator.MODULO)),
    Function.CONTAINS: Signature((_ITEMS, _TEXT), _plain(Operator.CONTAINS, Type.BOOLEAN)),
    Function.EDATE: Signature((_DATE, _WHOLE), _edate),
    Function.DATE: Signature((_TEXT,), _date),
    Function.DURATION: Signature((_TEXT,), _iso_duration),
}
"""All functions but `holds`, whose arguments are no values."""

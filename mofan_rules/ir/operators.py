"""Which arguments each operator takes."""

from mofan_rules.ir.expressions import Const, Op, Operator
from mofan_rules.schema import Type

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})
DURATIONS = frozenset({Type.DAYS, Type.MONTHS})
LOGIC = frozenset({Operator.AND, Operator.OR})
EQUALITY = frozenset({Operator.EQUAL, Operator.UNEQUAL})
ORDER = frozenset({Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST})
ADDITION = frozenset({Operator.ADD, Operator.SUBTRACT})
ARITHMETIC = frozenset({Operator.MULTIPLY, Operator.DIVIDE, Operator.MODULO})
EXTREMES = frozenset({Operator.MINIMUM, Operator.MAXIMUM})
ROUNDING = frozenset({Operator.ABSOLUTE, Operator.FLOOR, Operator.CEILING})
PARTS_OF_DATE = frozenset({Operator.YEAR, Operator.MONTH, Operator.DAY, Operator.WEEKDAY})
BETWEEN = frozenset({Operator.DAYS_BETWEEN, Operator.MONTHS_BETWEEN})
TO_DURATION = frozenset({Operator.TO_DAYS, Operator.TO_MONTHS})


def ill_typed(op: Op) -> str:
    """Why the arguments or the type of an operator do not fit; an empty text if they do."""
    types = [argument.type for argument in op.arguments]
    if _fits(op, types):
        return ""
    return f"{op.operator} of ({', '.join(types)}) is no {op.type}"


def _fits(op: Op, types: list[Type]) -> bool:
    operator, result = op.operator, op.type
    if operator in LOGIC:
        return len(types) >= 2 and set(types) == {Type.BOOLEAN} and result is Type.BOOLEAN
    if operator is Operator.NOT:
        return types == [Type.BOOLEAN] and result is Type.BOOLEAN
    if operator in EQUALITY | ORDER:
        return result is Type.BOOLEAN and len(types) == 2 and _comparable(types[0], types[1], order=operator in ORDER)
    if operator in EXTREMES:
        return len(types) >= 2 and set(types) <= NUMBERS and result in NUMBERS
    if operator in ADDITION | ARITHMETIC:
        return len(types) == 2 and ((set(types) <= NUMBERS and result in NUMBERS) or (operator in ADDITION and types[0] == types[1] == result in DURATIONS))
    if operator is Operator.NEGATE:
        return len(types) == 1 and types[0] in NUMBERS | DURATIONS and result is types[0]
    if operator in ROUNDING:
        return len(types) == 1 and types[0] in NUMBERS and result in NUMBERS
    return _others_fit(op, types)


def _others_fit(op: Op, types: list[Type]) -> bool:
    operator, result = op.operator, op.type
    if operator is Operator.IF:
        return len(types) == 3 and types[0] is Type.BOOLEAN and all(_joins(kind, result) for kind in types[1:])
    if operator is Operator.MISSING:
        return len(types) == 1 and result is Type.BOOLEAN
    if operator is Operator.AMONG:
        literals = all(isinstance(argument, Const) for argument in op.arguments[1:])
        return len(types) >= 2 and literals and result is Type.BOOLEAN and all(_comparable(types[0], kind, order=False) for kind in types[1:])
    if operator is Operator.CONTAINS:
        return types == [Type.ITEMS, Type.TEXT] and result is Type.BOOLEAN
    if operator is Operator.ADD_DURATION:
        return len(types) == 2 and types[0] is Type.DATE and types[1] in DURATIONS and result is Type.DATE
    if operator in BETWEEN:
        return types == [Type.DATE, Type.DATE] and result in NUMBERS
    if operator in TO_DURATION:
        return len(types) == 1 and types[0] in NUMBERS and result is (Type.DAYS if operator is Operator.TO_DAYS else Type.MONTHS)
    return operator in PARTS_OF_DATE and types == [Type.DATE] and result in NUMBERS


def _comparable(one: Type, other: Type, *, order: bool) -> bool:
    if one in NUMBERS and other in NUMBERS:
        return True
    if order:
        return one is other and one in DURATIONS | {Type.DATE}
    return one is other or {one, other} == {Type.ORGANIZATION, Type.TEXT}


def _joins(kind: Type, result: Type) -> bool:
    return kind is result or (kind in NUMBERS and result in NUMBERS)

"""Types of expressions: their names for people, and which go together."""

from mofan_rules.diagnostics import Bilingual
from mofan_rules.ir.expressions import Const, Expression
from mofan_rules.schema import Type

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})
DURATIONS = frozenset({Type.DAYS, Type.MONTHS})
ORDERED = NUMBERS | DURATIONS | {Type.DATE}

TYPE_NAMES: dict[Type, Bilingual] = {
    Type.BOOLEAN: Bilingual("条件", "a condition"),
    Type.INTEGER: Bilingual("整数", "a whole number"),
    Type.NUMBER: Bilingual("数", "a number"),
    Type.TEXT: Bilingual("文字", "a text"),
    Type.DATE: Bilingual("日期", "a date"),
    Type.DAYS: Bilingual("用天计的时长", "a duration in days"),
    Type.MONTHS: Bilingual("用月计的时长", "a duration in months"),
    Type.ORGANIZATION: Bilingual("组织", "an organization"),
    Type.ITEMS: Bilingual("清单", "a list of items"),
}


def named(types: frozenset[Type]) -> Bilingual:
    """One or several types as a message names them."""
    shown = types - {Type.INTEGER} if Type.NUMBER in types else types
    if shown >= DURATIONS:
        parts = [TYPE_NAMES[type] for type in Type if type in shown - DURATIONS] + [Bilingual("时长", "a duration")]
    else:
        parts = [TYPE_NAMES[type] for type in Type if type in shown]
    return Bilingual("或".join(part.zh for part in parts), " or ".join(part.en for part in parts))


def numeric(*expressions: Expression) -> Type:
    """The type of a number that is made of these: whole if all are."""
    return Type.INTEGER if all(expression.type is Type.INTEGER for expression in expressions) else Type.NUMBER


def comparable(left: Type, right: Type) -> bool:
    """May the two be compared at all?"""
    return left is right or {left, right} <= NUMBERS


def fits(found: Type, expected: frozenset[Type]) -> bool:
    """Is a value of type `found` one of those expected? A whole number is a number."""
    return found in expected or (found is Type.INTEGER and Type.NUMBER in expected)


def is_const(expression: Expression, *types: Type) -> bool:
    """Is the expression a literal (of one of `types`, if any are given)?"""
    return isinstance(expression, Const) and (not types or expression.type in types)

"""Tests that a number lies between bounds, as several kinds make them."""

from fractions import Fraction

from mofan_rules.ir.expressions import Const, Expression, Op, Operator
from mofan_rules.ir.program import Bounds
from mofan_rules.requirements.base import Between
from mofan_rules.requirements.lowering import Lowering
from mofan_rules.schema import Type


def whole(number: int) -> Expression:
    """A literal whole number."""
    return Const(Fraction(number), Type.INTEGER)


def between(fields: Between, lowering: Lowering, measure: str, *, few: str = "too_few", many: str = "too_many") -> Bounds:
    """The test that a measure lies between the bounds an author gave; at least 1 if there are none."""
    least = lowering.bound(fields.at_least)
    most = lowering.bound(fields.at_most)
    if fields.at_least is None and fields.at_most is None:
        least = whole(1)
    return Bounds(measure, least, most, few, many)


def both(first: Expression | None, second: Expression | None) -> Expression | None:
    """The Kleene *and* of two conditions, of which either may be missing."""
    if first is None or second is None:
        return first or second
    return Op(Operator.AND, (first, second), Type.BOOLEAN)

"""Typing of comparisons: `= != < <= > >=`, `between`, `in`, presence, and kinds with their families."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mofan_rules.condition import literals
from mofan_rules.condition.names import Names
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.syntax import Name, Range, Syntax
from mofan_rules.condition.types import DURATIONS, NUMBERS, ORDERED, TYPE_NAMES, comparable
from mofan_rules.diagnostics import Bilingual
from mofan_rules.ir.expressions import Const, Expression, Field, MeasureValue, Op, Operator, Scope
from mofan_rules.schema import Type
from mofan_rules.values.dates import Duration

OPERATORS = {
    "=": Operator.EQUAL,
    "!=": Operator.UNEQUAL,
    "<": Operator.LESS,
    "<=": Operator.AT_MOST,
    ">": Operator.GREATER,
    ">=": Operator.AT_LEAST,
}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: what was written, and its expression."""

    node: Syntax
    expression: Expression


def boolean(operator: Operator, *arguments: Expression) -> Op:
    """An operator that yields a truth value."""
    return Op(operator, arguments, Type.BOOLEAN)


def opposite(condition: Expression) -> Expression:
    """The negation of a condition, without a double one."""
    match condition:
        case Op(Operator.NOT, (inner,)):
            return inner
        case Const(bool() as value):
            return Const(not value, Type.BOOLEAN)
    return boolean(Operator.NOT, condition)


def joined(operator: Operator, conditions: Sequence[Expression]) -> Expression:
    """Conditions joined by one operator, those that are joined by the same taken apart."""
    flat: list[Expression] = []
    for condition in conditions:
        match condition:
            case Op(inner, arguments) if inner is operator:
                flat.extend(arguments)
            case _:
                flat.append(condition)
    return flat[0] if len(flat) == 1 else boolean(operator, *flat)


def presence(sign: str, side: Side, problems: Problems) -> Expression | None:
    """`x = null`, `x != null`."""
    found = missing(side, problems)
    return found and (found if sign == "=" else opposite(found))


def missing(side: Side, problems: Problems) -> Expression | None:
    """`missing(x)`; only a cell or a measure can be missing."""
    if isinstance(side.expression, Field | MeasureValue):
        return boolean(Operator.MISSING, side.expression)
    problems.report("missing-of-cell", side.node.start, side.node.end)
    return None


class Comparisons:
    """Comparisons in one place of a ruleset."""

    def __init__(self, names: Names, problems: Problems) -> None:
        self.names = names
        self.problems = problems

    def compare(self, sign: str, left: Side, right: Side) -> Expression | None:
        """`left sign right`; `None` for sides that cannot be compared so, which is reported."""
        if sign in ("=", "!="):
            for one, other in ((left, right), (right, left)):
                if isinstance(other.expression, Const) and other.expression.type is Type.TEXT and one.expression.type is Type.TEXT:
                    found = self.among(one, [other])
                    return found and self.simple(sign, one, other, found)
        if not self.may_compare(sign, left, right):
            return None
        return self.simple(sign, left, right, None)

    def simple(self, sign: str, left: Side, right: Side, among: Expression | None) -> Expression:
        one, other = left.expression, right.expression
        if among is not None and sign == "=":
            return among
        if isinstance(among, Op) and among.operator is Operator.AMONG:
            return opposite(among)
        for condition, literal in ((one, other), (other, one)):
            if isinstance(literal, Const) and isinstance(literal.value, bool):
                return condition if literal.value is (sign == "=") else opposite(condition)
        return boolean(OPERATORS[sign], one, other)

    def may_compare(self, sign: str, left: Side, right: Side) -> bool:
        one, other = left.expression.type, right.expression.type
        start, end = left.node.start, right.node.end
        if not comparable(one, other):
            self.mismatch(sign, left, right)
            return False
        if one is Type.ITEMS or (one is Type.BOOLEAN and sign not in ("=", "!=")):
            self.problems.report("not-comparable", start, end, type=TYPE_NAMES[one])
            return False
        if sign not in ("=", "!=") and one not in ORDERED:
            self.problems.report("text-order", start, end, type=TYPE_NAMES[one])
            return False
        return True

    def mismatch(self, sign: str, left: Side, right: Side) -> None:
        one, other = left.expression, right.expression
        start, end = min(left.node.start, right.node.start), max(left.node.end, right.node.end)
        if {one.type, other.type} == DURATIONS:
            self.problems.report("months-and-days", start, end)
            return
        for number, duration in ((one, other), (other, one)):
            if isinstance(number, Op) and number.operator in (Operator.DAYS_BETWEEN, Operator.MONTHS_BETWEEN) and duration.type in DURATIONS:
                amount = duration.value.amount if isinstance(duration, Const) and isinstance(duration.value, Duration) else 30
                self.problems.report("days-are-numbers", start, end, operator=sign, number=amount)
                return
        hint = _unquoted(one, other) or _unquoted(other, one)
        self.problems.report("type-mismatch", start, end, hint=hint, left=TYPE_NAMES[one.type], right=TYPE_NAMES[other.type])

    # ---- in, between

    def between(self, value: Side, low: Side | None, high: Side | None, low_included: bool = True, high_included: bool = True) -> Expression | None:
        """`value` lies between two ends, of which `None` is open."""
        parts: list[Expression | None] = []
        if low is not None:
            parts.append(self.compare(">=" if low_included else ">", value, low))
        if high is not None:
            parts.append(self.compare("<=" if high_included else "<", value, high))
        if low is not None and high is not None and _above(low.expression, high.expression):
            self.problems.report("empty-range", low.node.start, high.node.end)
        known = [part for part in parts if part is not None]
        return joined(Operator.AND, known) if len(known) == len(parts) and known else None

    def among(self, value: Side, texts: Sequence[Side]) -> Expression | None:
        """The value, a text, is one of the literal texts; of kinds, of their families."""
        expression = value.expression
        families = self.families(expression)
        wanted: dict[str, None] = {}
        sound = True
        for text in texts:
            literal = text.expression
            assert isinstance(literal, Const) and isinstance(literal.value, str)
            family = None if families is None else families.get(literal.value)
            if family is not None:
                wanted.update(dict.fromkeys(sorted(family)))
            elif self.must_be_kind(expression):
                assert families is not None
                near = self.problems.nearest(literal.value, families, "kind")
                self.problems.report("not-a-kind", text.node.start, text.node.end, suggestions=near, name=literal.value)
                sound = False
            else:
                self.check_value(value.node, text.node, literal.value)
                wanted[literal.value] = None
        if not sound:
            return None
        consts = [Const(text, Type.TEXT) for text in wanted]
        if len(consts) == 1 and families is None:
            return boolean(Operator.EQUAL, expression, consts[0])
        return boolean(Operator.AMONG, expression, *consts)

    def families(self, expression: Expression) -> Mapping[str, frozenset[str]] | None:
        """The kinds that a column of kinds may hold, with their families; `None` for any other value."""
        if not isinstance(expression, Field):
            return None
        known = self.names.families.get((expression.scope, expression.column))
        return self.names.kinds if known is None and expression.column == "kind" else known

    def must_be_kind(self, expression: Expression) -> bool:
        return isinstance(expression, Field) and (
            (expression.scope, expression.column) in self.names.families or (expression.scope, expression.column) == (Scope.SUBJECT, "kind")
        )

    def check_value(self, named: Syntax, text: Syntax, value: str) -> None:
        """Warn of a text that the attribute never holds."""
        if not isinstance(named, Name):
            return
        allowed = self.names.values.get(named.text)
        if allowed and value not in allowed:
            near = self.problems.nearest(value, allowed, "value")
            self.problems.report("not-a-value", text.start, text.end, suggestions=near, attribute=named.text, value=value, allowed=", ".join(allowed))


def is_range(test: Syntax | Range) -> bool:
    return isinstance(test, Range)


def _above(low: Expression, high: Expression) -> bool:
    match low, high:
        case Const(Fraction() as first), Const(Fraction() as second):
            return first > second
        case Const(date() as start), Const(date() as end):
            return start > end
    return False


def _unquoted(literal: Expression, other: Expression) -> Bilingual | None:
    """The hint for a number or date in quotes."""
    if not (isinstance(literal, Const) and isinstance(literal.value, str)):
        return None
    if other.type in NUMBERS and literals.NUMBER.fullmatch(literal.value):
        return Bilingual(f"数不加引号：{literal.value}", f"a number has no quotes: {literal.value}")
    if other.type is Type.DATE and literals.read_date(literal.value):
        return Bilingual(f"日期不加引号：{literal.value}", f"a date has no quotes: {literal.value}")
    return None

"""The value of an expression (the docstring of `ir.expressions`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol, assert_never

from mofan_rules.executors.interpreter.arithmetic import (
    binary,
    days_between,
    extremum,
    months_between,
    moved,
    on_durations,
    part_of_date,
    to_duration,
    unary,
)
from mofan_rules.executors.interpreter.facts import Cell, Row
from mofan_rules.executors.interpreter.values import NUMBERS, Value, compare, is_missing, missing_value
from mofan_rules.ir.expressions import Const, Expression, Field, Holds, MeasureValue, Op, Operator, Param, Scope, WindowDay
from mofan_rules.schema import DatedValue, Scalar, Type
from mofan_rules.values.dates import Day, Duration, DurationUnit
from mofan_rules.values.interval import Interval
from mofan_rules.values.truth import Truth, conjunction, disjunction, negation


class World(Protocol):
    """What an expression may ask about, beyond the rows at hand."""

    def parameter(self, name: str) -> DatedValue | None: ...

    def holds(self, node: Holds, row: Row | None) -> Truth: ...

    def measured(self, name: str) -> Value: ...

    def measure_missing(self, name: str) -> Truth: ...

    def organization(self, name: str) -> int | None:
        """The number of an organization's id."""
        ...

    def organization_id(self, number: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """The rows and days at hand: the subject and its version, the row, the trigger, the window."""

    world: World
    subject: int
    fields: Row | None
    row: Row | None = None
    trigger: Row | None = None
    first: date | None = None
    last: date | None = None


Watcher = Callable[[Expression, Place, Value], None]
"""Is told every expression that is evaluated, its place and its value."""

_watchers: list[Watcher] = []


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """While this lasts, the watcher is told. It changes no value; nobody watching costs next to nothing."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def evaluate(expression: Expression, place: Place) -> Value:
    """The value of an expression at a place."""
    value = _evaluated(expression, place)
    for watcher in _watchers:
        watcher(expression, place, value)
    return value


def _evaluated(expression: Expression, place: Place) -> Value:
    match expression:
        case Const():
            return scalar(expression.value, expression.type, place.world)
        case Field():
            return _field(expression, place)
        case Param():
            known = place.world.parameter(expression.name)
            return scalar(known.value if known is not None else None, expression.type, place.world)
        case MeasureValue():
            return place.world.measured(expression.name)
        case WindowDay():
            day = place.last if expression.last else place.first
            return missing_value(Type.DATE) if day is None else Day(day, day)
        case Holds():
            return place.world.holds(expression, place.row)
        case Op():
            return _operation(expression, place)
        case _:
            assert_never(expression)


def truth(expression: Expression | None, place: Place) -> Truth:
    """The truth value of a condition; no condition is true."""
    if expression is None:
        return True
    value = evaluate(expression, place)
    assert value is None or isinstance(value, bool)
    return value


def number(expression: Expression, place: Place) -> Interval:
    """The value of a numeric expression."""
    value = evaluate(expression, place)
    assert isinstance(value, Interval)
    return value


def scalar(value: Scalar | Cell, type_: Type, world: World) -> Value:
    """A literal, the value of a parameter, or a cell, as a value of its type."""
    match value:
        case None:
            return missing_value(type_)
        case bool() | Day() | Duration() | tuple():
            return value
        case Fraction():
            return Interval(value, value)
        case int() if type_ in NUMBERS:
            return Interval(Fraction(value), Fraction(value))
        case int():
            return value if type_ is Type.ORGANIZATION else world.organization_id(value)
        case date():
            return Day(value, value)
        case str() if type_ is Type.ORGANIZATION:
            known = world.organization(value)
            return value if known is None else known
        case str():
            return value
        case _:
            assert_never(value)


def _source(field: Field, place: Place) -> Row | None:
    match field.scope:
        case Scope.SUBJECT:
            return place.fields
        case Scope.ROW:
            return place.row
        case Scope.TRIGGER:
            return place.trigger
        case _:
            assert_never(field.scope)


def _field(field: Field, place: Place) -> Value:
    if field.scope is Scope.SUBJECT and field.column in ("id", "organization"):
        return scalar(place.subject, field.type, place.world)
    source = _source(field, place)
    return missing_value(field.type) if source is None else scalar(source.cells[field.column], field.type, place.world)


def _missing(argument: Expression, place: Place) -> Truth:
    """Is a cell or a measure missing? Of a row that is not certain, an empty cell says nothing."""
    match argument:
        case MeasureValue():
            return place.world.measure_missing(argument.name)
        case Field(scope=Scope.SUBJECT, column="id" | "organization"):
            return False
        case Field():
            source = _source(argument, place)
            if source is None:
                return None
            empty = is_missing(scalar(source.cells[argument.column], argument.type, place.world))
            return None if empty and not source.certain else empty
        case Const() | Param():
            return is_missing(evaluate(argument, place))
        case _:
            return None if is_missing(evaluate(argument, place)) else False


def _operation(op: Op, place: Place) -> Value:
    arguments = op.arguments
    match op.operator:
        case Operator.AND:
            return conjunction(truth(argument, place) for argument in arguments)
        case Operator.OR:
            return disjunction(truth(argument, place) for argument in arguments)
        case Operator.NOT:
            return negation(truth(arguments[0], place))
        case Operator.MISSING:
            return _missing(arguments[0], place)
        case Operator.IF:
            chosen = truth(arguments[0], place)
            return missing_value(op.type) if chosen is None else evaluate(arguments[1 if chosen else 2], place)
        case _:
            return _applied(op, [evaluate(argument, place) for argument in arguments])


def _applied(op: Op, values: list[Value]) -> Value:
    operator = op.operator
    match operator, values:
        case ((Operator.EQUAL | Operator.UNEQUAL | Operator.LESS | Operator.AT_MOST | Operator.GREATER | Operator.AT_LEAST), [left, right]):
            return compare(operator, left, right)
        case Operator.AMONG, [value, *others]:
            return disjunction(compare(Operator.EQUAL, value, other) for other in others)
        case Operator.CONTAINS, [items, text]:
            return text in items if isinstance(items, tuple) and text is not None else None
        case ((Operator.ADD | Operator.SUBTRACT | Operator.MULTIPLY | Operator.DIVIDE | Operator.MODULO), [Interval() as left, Interval() as right]):
            return binary(operator, left, right)
        case ((Operator.NEGATE | Operator.ABSOLUTE | Operator.FLOOR | Operator.CEILING), [Interval() as value]):
            return unary(operator, value)
        case ((Operator.ADD | Operator.SUBTRACT | Operator.NEGATE), _):
            return on_durations(operator, values)
        case ((Operator.MINIMUM | Operator.MAXIMUM), _):
            return extremum(operator, [value for value in values if isinstance(value, Interval)])
        case Operator.ADD_DURATION, [Day() as day, (Duration() | None) as duration]:
            return moved(day, duration)
        case Operator.DAYS_BETWEEN, [Day() as left, Day() as right]:
            return days_between(left, right)
        case Operator.MONTHS_BETWEEN, [Day() as left, Day() as right]:
            return months_between(left, right)
        case ((Operator.YEAR | Operator.MONTH | Operator.DAY | Operator.WEEKDAY), [Day() as day]):
            return part_of_date(operator, day)
        case ((Operator.TO_DAYS | Operator.TO_MONTHS), [Interval() as value]):
            return to_duration(value, DurationUnit.DAYS if operator is Operator.TO_DAYS else DurationUnit.MONTHS)
        case _:
            raise TypeError(f"{operator.value} does not apply to {', '.join(type(value).__name__ for value in values)}")

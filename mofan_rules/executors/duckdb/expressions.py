"""Expressions of the waist in SQL (the meanings are those of `ir.expressions`)."""

from datetime import date
from fractions import Fraction
from typing import assert_never

from mofan_rules.executors.duckdb import operators, shapes, sql
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.values import NO_NUMBER, Dates, Number, Plain, Ratio, Span, Truth, Value, constant, exactly
from mofan_rules.ir.expressions import Const, Expression, Field, Holds, MeasureValue, Op, Operator, Param, Scope, WindowDay
from mofan_rules.schema import Scalar, Type
from mofan_rules.values.dates import Duration, DurationUnit

INTEGER_TOP = 10**15
"""Admitted whole numbers lie below this; so do admitted decimal numbers, times a million, below its thousandfold."""


def compile_expression(expression: Expression, frame: Frame) -> Value:
    """The SQL of an expression, over the flat names of the frame.

    Raises
    ------
    TooLarge: if a number in it could outgrow 128 bits.
    """
    match expression:
        case Const(value, type_):
            return literal(value, type_)
        case Field():
            return _field(expression, frame)
        case Param(name, type_):
            return _parameter(name, type_, frame)
        case MeasureValue(name):
            return frame.measures[name].value
        case WindowDay(last):
            end = f"{frame.cell}.{'window_last' if last else 'window_first'}"
            return Dates(frame.need(f"COALESCE({end}, {sql.FIRST_DAY})"), frame.need(f"COALESCE({end}, {sql.LAST_DAY})"))
        case Holds():
            if frame.holds is None:
                raise ValueError("Holds stands where there is no person")
            return Truth(frame.holds(frame, expression))
        case Op(Operator.MISSING, (argument,)):
            return Truth(_missing(argument, frame))
        case Op(operator, arguments, type_):
            return operators.apply(operator, [compile_expression(argument, frame) for argument in arguments], type_, frame)
        case _:
            assert_never(expression)


def truth(expression: Expression | None, frame: Frame) -> str:
    """The SQL of a condition; without one: true."""
    if expression is None:
        return sql.TRUE
    value = compile_expression(expression, frame)
    if not isinstance(value, Truth):
        raise TypeError(f"a condition of type {expression.type}")
    return value.sql


def literal(value: Scalar | None, type_: Type) -> Value:
    """A literal of a type; `None` is the missing value."""
    match type_, value:
        case Type.BOOLEAN, _:
            return Truth(sql.UNKNOWN if value is None else sql.TRUE if value else sql.FALSE)
        case ((Type.INTEGER | Type.NUMBER), None):
            return exactly(NO_NUMBER)
        case ((Type.INTEGER | Type.NUMBER), int() | Fraction()):
            return exactly(constant(value))
        case Type.DATE, date():
            return Dates(sql.day(value), sql.day(value))
        case Type.DATE, None:
            return Dates(sql.FIRST_DAY, sql.LAST_DAY)
        case ((Type.DAYS | Type.MONTHS), Duration()):
            return Span(sql.whole(value.amount), value.unit)
        case ((Type.DAYS | Type.MONTHS), None):
            return Span("NULL::BIGINT", DurationUnit(type_.value))
        case Type.TEXT, str():
            return Plain(sql.text(value))
        case Type.TEXT, None:
            return Plain("NULL::VARCHAR")
        case Type.ORGANIZATION, str():
            return Plain(organization_number(value))
        case Type.ORGANIZATION, None:
            return Plain("NULL::INTEGER")
        case Type.ITEMS, tuple():
            return Plain(f"[{', '.join(map(sql.text, value))}]::VARCHAR[]")
        case Type.ITEMS, None:
            return Plain("NULL::VARCHAR[]")
        case _:
            raise TypeError(f"a {type_} cannot be {value!r}")


def organization_number(identifier: str) -> str:
    """The number of the organization with an id; one that does not exist differs from every organization."""
    known = f"(SELECT number FROM facts.subjects WHERE id = {sql.text(identifier)})"
    continued = f'(SELECT arg_min(organization, "row") FROM facts.organizations WHERE id = {sql.text(identifier)})'
    return f"COALESCE({known}, {continued}, -1)"


def _field(field: Field, frame: Frame) -> Value:
    if field.scope is Scope.SUBJECT and field.column in ("id", "organization"):
        number = f"{frame.cell}.subject"
        if field.type is Type.ORGANIZATION:
            return Plain(frame.need(number))
        return Plain(frame.need(f"(SELECT id FROM facts.subjects WHERE number = {number})"))
    match field.type:
        case Type.DATE:
            alias = frame.aliases[field.scope]
            frame.used.add(field.scope)
            low, high = (f"{alias}.{sql.name(field.column + end)}" for end in ("_low", "_high"))
            return Dates(frame.need(f"COALESCE({low}, {sql.FIRST_DAY})"), frame.need(f"COALESCE({high}, {sql.LAST_DAY})"))
        case Type.INTEGER:
            return exactly(Ratio(frame.column(field.scope, field.column), 1, INTEGER_TOP, 1))
        case Type.NUMBER:
            column = frame.column(field.scope, field.column)
            return exactly(Ratio(frame.keep(f"({column} * 1000000)::HUGEINT"), 10**6, INTEGER_TOP * 1000, 10**6))
        case Type.BOOLEAN:
            return Truth(frame.column(field.scope, field.column))
        case Type.TEXT | Type.ORGANIZATION | Type.ITEMS:
            return Plain(frame.column(field.scope, field.column))
        case Type.DAYS | Type.MONTHS:
            raise TypeError(f"no cell holds {field.type}")
        case _:
            assert_never(field.type)


def _parameter(name: str, type_: Type, frame: Frame) -> Value:
    values = frame.parameters[name].values
    if name not in frame.choices:
        return literal(values[0].value if values else None, type_)
    choice = frame.need(f"{frame.cell}.{frame.choices[name]}")
    options = [(place, literal(dated.value, type_)) for place, dated in enumerate(values, 1)]
    return shapes.choose(choice, options, literal(None, type_))


def _missing(argument: Expression, frame: Frame) -> str:
    """The truth of *the argument is missing*."""
    if isinstance(argument, Field) and argument.scope is Scope.SUBJECT and argument.column in ("id", "organization"):
        return sql.FALSE
    if isinstance(argument, MeasureValue):
        return frame.measures[argument.name].absent
    match compile_expression(argument, frame):
        case Dates(low, high):
            absent = f"{low} = {sql.FIRST_DAY} AND {high} = {sql.LAST_DAY}"
        case Number(low, high):
            absent = f"({low.n}) IS NULL AND ({high.n}) IS NULL"
        case Truth(known) | Plain(known) | Span(known):
            absent = f"({known}) IS NULL"
        case other:
            assert_never(other)
    certain = frame.certainty(argument.scope) if isinstance(argument, Field) else sql.TRUE
    return absent if certain == sql.TRUE else f"CASE WHEN NOT ({absent}) THEN FALSE WHEN {certain} THEN TRUE END"

"""Expressions of the waist in SQL (the meanings are those of `ir.expressions`)."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import assert_never, cast

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.arithmetic import Exact
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY, add_amount, complete_months, date_part, is_open
from mofan_rules.compiler.frame import Frame, Refused
from mofan_rules.compiler.parameters import choices_of
from mofan_rules.compiler.tree import BIGINT, BOOLEAN, FALSE, INT, TEXT, TRUE, Tree, both, case, column, either, eq, is_known, is_null, no, null
from mofan_rules.compiler.values import Dates, Number, Plain, Ratio, Span, Truth, Value, constant, exactly
from mofan_rules.ir.expressions import Const, Expression, Field, Holds, MeasureValue, Op, Operator, Param, Scope, WindowDay
from mofan_rules.schema import Scalar, Type
from mofan_rules.values.dates import Duration, DurationUnit

INTEGER_TOP = 10**15
"""Admitted whole numbers lie below this; so do admitted decimal numbers, times a million, below its thousandfold."""

PARTS = {Operator.YEAR: "YEAR", Operator.MONTH: "MONTH", Operator.DAY: "DAY", Operator.WEEKDAY: "ISODOW"}

COMPARISONS = (Operator.EQUAL, Operator.UNEQUAL, Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST)
MIRRORED = {Operator.GREATER: Operator.LESS, Operator.AT_LEAST: Operator.AT_MOST}


def truth(expression: Expression | None, frame: Frame) -> Tree:
    """The tree of a condition; without one: true."""
    if expression is None:
        return TRUE
    value = compiled(expression, frame)
    if not isinstance(value, Truth):
        raise TypeError(f"a condition of type {expression.type}")
    return value.tree


def compiled(expression: Expression, frame: Frame) -> Value:
    """The trees of an expression, over the columns of the frame.

    Raises
    ------
    TooLarge: if a number in it could outgrow what the databases hold exactly.
    Refused: if a node is not compiled.
    """
    match expression:
        case Const(value, type_):
            return literal(value, type_, frame)
        case Field():
            return _field(expression, frame)
        case Param(name, type_):
            return _parameter(name, type_, frame)
        case MeasureValue(name):
            return frame.measures[name].value
        case WindowDay(last):
            end = frame.window[1 if last else 0]
            return Dates(frame.need(sql.coalesce(end, FIRST_DAY)), frame.need(sql.coalesce(end, LAST_DAY)))
        case Holds():
            if frame.holds is None:
                raise Refused("Holds: another post is asked for")
            return Truth(frame.holds(frame, expression))
        case Op(Operator.MISSING, (argument,)):
            return Truth(_missing(argument, frame))
        case Op(operator, arguments, type_):
            return _applied(operator, [compiled(argument, frame) for argument in arguments], type_, frame)
        case _:
            assert_never(expression)


def literal(value: Scalar | None, type_: Type, frame: Frame) -> Value:
    """A literal of a type; `None` is the missing value."""
    match type_, value:
        case Type.BOOLEAN, _:
            return Truth(null(BOOLEAN) if value is None else TRUE if value else FALSE)
        case ((Type.INTEGER | Type.NUMBER), None):
            return exactly(Exact(frame).nothing())
        case ((Type.INTEGER | Type.NUMBER), int() | Fraction()):
            return exactly(constant(value))
        case Type.DATE, date():
            return Dates(sql.day(value), sql.day(value))
        case Type.DATE, None:
            return Dates(FIRST_DAY, LAST_DAY)
        case ((Type.DAYS | Type.MONTHS), Duration()):
            return Span(sql.whole(value.amount), value.unit)
        case ((Type.DAYS | Type.MONTHS), None):
            return Span(null(BIGINT), DurationUnit(type_.value))
        case Type.TEXT, str():
            return Plain(sql.text(value))
        case Type.TEXT, None:
            return Plain(null(TEXT))
        case Type.ORGANIZATION, str():
            return Plain(organization_number(value, frame.schema))
        case Type.ORGANIZATION, None:
            return Plain(null(INT))
        case Type.ITEMS, tuple():
            return Plain(frame.dialect.items([sql.text(item) for item in value]))
        case Type.ITEMS, None:
            return Plain(case((FALSE, frame.dialect.items([])), (TRUE, exp.Null()), otherwise=frame.dialect.items([])))
        case _:
            raise TypeError(f"a {type_} cannot be {value!r}")


def organization_number(identifier: str, schema: str) -> Tree:
    """The number of the organization with an id; one that does not exist differs from every organization."""
    same = eq(column("o.id"), sql.text(identifier))
    known = sql.select({"number": sql.smallest(column("o.number"))}, sql.relation("subjects", "o", schema), where=same)
    rows = sql.relation("organizations", "o", schema)
    least = sql.select(
        {"row": sql.smallest(column("p.row"))},
        sql.relation("organizations", "p", schema),
        where=both(eq(column("p.id"), sql.text(identifier)), is_known(column("p.organization"))),
    )
    continued = sql.select({"number": sql.smallest(column("o.organization"))}, rows, where=eq(column("o.row"), exp.Subquery(this=least)))
    return sql.coalesce(exp.Subquery(this=known), exp.Subquery(this=continued), sql.whole(-1))


def _field(field: Field, frame: Frame) -> Value:
    if field.scope is Scope.SUBJECT and field.column in ("id", "organization"):
        number = frame.subject
        if field.type is Type.ORGANIZATION:
            return Plain(frame.need(number))
        query = sql.select({"id": sql.smallest(column("i.id"))}, sql.relation("subjects", "i", frame.schema), where=eq(column("i.number"), number))
        return Plain(frame.need(exp.Subquery(this=query)))
    match field.type:
        case Type.DATE:
            alias = frame.aliases[field.scope]
            frame.used.add(field.scope)
            low, high = (column(f"{alias}.{field.column}{end}") for end in ("_low", "_high"))
            return Dates(frame.need(sql.coalesce(low, FIRST_DAY)), frame.need(sql.coalesce(high, LAST_DAY)))
        case Type.INTEGER:
            return exactly(Ratio(frame.keep(frame.dialect.exact(frame.scoped(field.scope, field.column))), 1, INTEGER_TOP, 1))
        case Type.NUMBER:
            millionths = frame.dialect.millionths(frame.scoped(field.scope, field.column))
            return exactly(Ratio(frame.keep(millionths), 10**6, INTEGER_TOP * 1000, 10**6))
        case Type.BOOLEAN:
            return Truth(frame.scoped(field.scope, field.column))
        case Type.TEXT | Type.ORGANIZATION | Type.ITEMS:
            return Plain(frame.scoped(field.scope, field.column))
        case Type.DAYS | Type.MONTHS:
            raise TypeError(f"no cell holds {field.type}")
        case _:
            assert_never(field.type)


def _parameter(name: str, type_: Type, frame: Frame) -> Value:
    """The value that holds on the day of the law."""
    known = choices_of(name, frame)
    if len(known) == 1 and known[0].condition is TRUE:
        return literal(known[0].value.value, type_, frame)
    options = [(choice.condition, literal(choice.value.value, type_, frame)) for choice in known]
    return kept(choose(options, literal(None, type_, frame), frame), frame)


def _missing(argument: Expression, frame: Frame) -> Tree:
    """The truth of *the argument is missing*."""
    if isinstance(argument, Field) and argument.scope is Scope.SUBJECT and argument.column in ("id", "organization"):
        return FALSE
    if isinstance(argument, MeasureValue):
        return frame.measures[argument.name].absent
    absent: Tree
    match compiled(argument, frame):
        case Dates(low, high):
            absent = both(eq(low, FIRST_DAY), eq(high, LAST_DAY))
        case Number(lowest, highest):
            absent = both(is_null(lowest.n), is_null(highest.n))
        case Truth(known) | Plain(known) | Span(known):
            absent = is_null(known)
        case other:
            assert_never(other)
    if isinstance(argument, Const | Param):
        return absent
    if isinstance(argument, Field):
        return case((no(absent), FALSE), (sql.surely(frame.scoped(argument.scope, "certain")), TRUE), otherwise=null(BOOLEAN))
    return case((absent, null(BOOLEAN)), otherwise=FALSE)


def kept(value: Value, frame: Frame) -> Value:
    """The same value, each part a column."""
    match value:
        case Number():
            return Exact(frame).kept_number(value)
        case Truth(known):
            return Truth(frame.keep(known))
        case Dates(low, high):
            return Dates(frame.keep(low), frame.keep(high))
        case Plain(known):
            return Plain(frame.keep(known))
        case Span(amount, unit):
            return Span(frame.keep(amount), unit)


def choose(options: Sequence[tuple[Tree, Value]], otherwise: Value, frame: Frame) -> Value:
    """The value of the first option whose condition is true."""

    def picked(parts: Sequence[Tree], default: Tree) -> Tree:
        return case(*((condition, part) for (condition, _), part in zip(options, parts, strict=True)), otherwise=default)

    values = [value for _, value in options]
    match otherwise:
        case Number():
            numbers = [cast(Number, value) for value in values] + [otherwise]
            low = _merged([number.low for number in numbers], picked, frame)
            return exactly(low) if all(number.exact for number in numbers) else Number(low, _merged([number.high for number in numbers], picked, frame))
        case Truth(missing):
            return Truth(picked([cast(Truth, value).tree for value in values], missing))
        case Dates(first, last):
            return Dates(picked([cast(Dates, value).low for value in values], first), picked([cast(Dates, value).high for value in values], last))
        case Plain(missing):
            return Plain(picked([cast(Plain, value).tree for value in values], missing))
        case Span(missing, unit):
            return Span(picked([cast(Span, value).amount for value in values], missing), unit)


def _merged(ratios: list[Ratio], picked: Callable[[Sequence[Tree], Tree], Tree], frame: Frame) -> Ratio:
    """One ratio out of several (the last is that for no option), over a common denominator where all are known beforehand."""
    exact = Exact(frame)
    common = exact.nothing()
    for ratio in ratios:
        _, _, denominator, top, bottom = exact.scaled(ratio, common)
        common = Ratio(common.n, denominator, top, bottom)
    if isinstance(common.d, int):
        parts = [exact.scaled(ratio, Ratio(common.n, common.d, 0, common.d))[0] for ratio in ratios]
        wide = [frame.dialect.exact(part) for part in parts]
        return Ratio(picked(wide[:-1], wide[-1]), common.d, common.top, common.bottom)
    top, bottom = max(ratio.top for ratio in ratios), max(ratio.bottom for ratio in ratios)
    n, d = [frame.dialect.exact(ratio.n) for ratio in ratios], [frame.dialect.exact(ratio.denominator) for ratio in ratios]
    return Ratio(picked(n[:-1], n[-1]), picked(d[:-1], d[-1]), top, bottom)


def missing_like(value: Value, frame: Frame) -> Value:
    """The missing value of the same type."""
    match value:
        case Number():
            return exactly(Exact(frame).nothing())
        case Truth():
            return Truth(null(BOOLEAN))
        case Dates():
            return Dates(FIRST_DAY, LAST_DAY)
        case Plain():
            return Plain(exp.Null())
        case Span(_, unit):
            return Span(null(BIGINT), unit)


def _applied(operator: Operator, values: list[Value], type_: Type, frame: Frame) -> Value:
    """The value of an operator on its arguments."""
    dialect = frame.dialect
    match operator, values:
        case Operator.AND, _:
            return Truth(both(*(cast(Truth, value).tree for value in values)))
        case Operator.OR, _:
            return Truth(either(*(cast(Truth, value).tree for value in values)))
        case Operator.NOT, [Truth(value)]:
            return Truth(no(value))
        case _, [left, right] if operator in COMPARISONS:
            return Truth(frame.keep(compared(operator, left, right, frame)))
        case Operator.IF, [Truth(condition), yes, other]:
            known = frame.keep(condition)
            return kept(choose([(known, yes), (no(known), other)], missing_like(yes, frame), frame), frame)
        case Operator.AMONG, [value, *options]:
            return Truth(frame.keep(either(*(compared(Operator.EQUAL, value, option, frame) for option in options))))
        case Operator.CONTAINS, [Plain(items), Plain(item)]:
            return Truth(frame.keep(case((both(is_known(items), is_known(item)), dialect.contains(items, item)), otherwise=null(BOOLEAN))))
        case Operator.ADD_DURATION, [Dates(low, high), Span(amount, unit)]:
            return _moved(Dates(frame.keep(low), frame.keep(high)), frame.keep(amount), unit, frame)
        case Operator.DAYS_BETWEEN, [Dates() as a, Dates() as b]:
            return _distance(a, b, dialect.days_between, 4 * 10**6, frame)
        case Operator.MONTHS_BETWEEN, [Dates() as a, Dates() as b]:
            return _distance(a, b, lambda x, y: complete_months(dialect, x, y), 2 * 10**5, frame)
        case ((Operator.TO_DAYS | Operator.TO_MONTHS), [Number() as number]):
            return Span(_whole_amount(number, frame), DurationUnit.DAYS if operator is Operator.TO_DAYS else DurationUnit.MONTHS)
        case ((Operator.YEAR | Operator.MONTH | Operator.DAY | Operator.WEEKDAY), [Dates(low, high)]):
            return exactly(Ratio(frame.keep(dialect.exact(date_part(dialect, PARTS[operator], low, high))), 1, 10**4, 1))
        case Operator.NEGATE, [Span(amount, unit)]:
            return Span(sql.negative(amount), unit)
        case ((Operator.ADD | Operator.SUBTRACT), [Span(a, unit), Span(b, other_unit)]) if unit is other_unit:
            return Span(frame.keep(sql.plus(a, b) if operator is Operator.ADD else sql.minus(a, b)), unit)
        case _ if all(isinstance(value, Number) for value in values):
            return Exact(frame).apply(operator, [cast(Number, value) for value in values])
        case _:
            raise TypeError(f"{operator} of {', '.join(type(value).__name__ for value in values)} is no {type_}")


def _moved(day: Dates, amount: Tree, unit: DurationUnit, frame: Frame) -> Dates:
    """A date plus a duration: both ends move; a missing one stays missing."""
    known = frame.keep(both(is_known(amount), no(both(eq(day.low, FIRST_DAY), eq(day.high, LAST_DAY)))))
    ends = [(day.low, FIRST_DAY), (day.high, LAST_DAY)]
    return Dates(*(frame.keep(case((known, add_amount(frame.dialect, end, amount, unit)), otherwise=missing)) for end, missing in ends))


def _distance(a: Dates, b: Dates, distance: Callable[[Tree, Tree], Tree], top: int, frame: Frame) -> Number:
    """How far the first date is from the second; unknown if a side is missing or open."""
    ends = [frame.keep(end) for end in (a.low, a.high, b.low, b.high)]
    known = frame.keep(no(is_open(*ends)))
    exact = frame.dialect.exact

    def end(later: Tree, earlier: Tree) -> Ratio:
        return Ratio(frame.keep(exact(case((known, distance(later, earlier)), otherwise=null(BIGINT)))), 1, top, 1)

    low = end(ends[0], ends[3])
    return exactly(low) if ends[0] == ends[1] and ends[2] == ends[3] else Number(low, end(ends[1], ends[2]))


def _whole_amount(number: Number, frame: Frame) -> Tree:
    """An exact whole number, else null. (What is too long for any calendar is cut.)"""
    exact = Exact(frame)
    number = exact.kept_number(number)
    low = number.low
    known = exact.same(number)
    quotient = low.n
    if low.d != 1:
        d = frame.keep(low.denominator)
        rest = frame.keep(sql.remainder(low.n, d))
        known = both(known, eq(rest, sql.whole(0)))
        quotient = frame.keep(frame.dialect.quotient(sql.minus(low.n, rest), d))
    limit = 10**8
    cut = case((sql.gt(quotient, sql.whole(limit)), sql.whole(limit)), (sql.lt(quotient, sql.whole(-limit)), sql.whole(-limit)), otherwise=quotient)
    return frame.keep(case((known, sql.cast(cut, BIGINT)), otherwise=null(BIGINT)))


def compared(operator: Operator, left: Value, right: Value, frame: Frame) -> Tree:
    """True if it holds for every pair of values of the two sides, false if for none."""
    match left, right:
        case Number(), Number():
            return _compared_numbers(operator, left, right, frame)
        case Dates(), Dates():
            return _compared_dates(operator, left, right)
        case (Truth(a), Truth(b)) | (Plain(a), Plain(b)) if operator in (Operator.EQUAL, Operator.UNEQUAL):
            return eq(a, b) if operator is Operator.EQUAL else sql.ne(a, b)
        case Span(a, unit), Span(b, other) if unit is other:
            compare = {"=": eq, "!=": sql.ne, "<": sql.lt, "<=": sql.le, ">": sql.gt, ">=": sql.ge}
            return compare[operator.value](a, b)
        case _:
            raise TypeError(f"{operator} between {type(left).__name__} and {type(right).__name__}")


def _compared_numbers(operator: Operator, left: Number, right: Number, frame: Frame) -> Tree:
    exact = Exact(frame)
    if left.exact and right.exact:
        return exact.compare(left.low, operator.value, right.low)
    if operator in MIRRORED:
        return _compared_numbers(MIRRORED[operator], right, left, frame)
    if operator is Operator.LESS:
        return sql.decided(exact.compare(left.high, "<", right.low), exact.compare(left.low, ">=", right.high))
    if operator is Operator.AT_MOST:
        return sql.decided(exact.compare(left.high, "<=", right.low), exact.compare(left.low, ">", right.high))
    same = both(exact.compare(left.high, "=", right.low), exact.compare(left.low, "=", right.high))
    apart = either(exact.compare(left.high, "<", right.low), exact.compare(left.low, ">", right.high))
    return sql.decided(same, apart) if operator is Operator.EQUAL else sql.decided(apart, same)


def _compared_dates(operator: Operator, left: Dates, right: Dates) -> Tree:
    if operator in MIRRORED:
        return _compared_dates(MIRRORED[operator], right, left)
    missing = either(*(both(eq(side.low, FIRST_DAY), eq(side.high, LAST_DAY)) for side in (left, right)))
    if operator is Operator.LESS:
        result = sql.decided(sql.lt(left.high, right.low), sql.ge(left.low, right.high))
    elif operator is Operator.AT_MOST:
        result = sql.decided(sql.le(left.high, right.low), sql.gt(left.low, right.high))
    else:
        same = both(eq(left.high, right.low), eq(left.low, right.high))
        apart = either(sql.lt(left.high, right.low), sql.gt(left.low, right.high))
        result = sql.decided(same, apart) if operator is Operator.EQUAL else sql.decided(apart, same)
    return case((missing, null(BOOLEAN)), otherwise=result)

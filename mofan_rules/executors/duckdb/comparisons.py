"""Comparisons of compiled values: true if they hold for every pair of values from the two sides, false if for none."""

from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Span, Truth, Value, compare
from mofan_rules.ir.expressions import Operator

COMPARISONS = (Operator.EQUAL, Operator.UNEQUAL, Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST)


MIRRORED = {Operator.GREATER: Operator.LESS, Operator.AT_LEAST: Operator.AT_MOST}


def comparison(operator: Operator, left: Value, right: Value) -> str:
    """True if it holds for every pair of values of the two sides, false if for none."""
    match left, right:
        case Number(), Number():
            return compare_numbers(operator, left, right)
        case Dates(), Dates():
            return compare_dates(operator, left, right)
        case (Truth(a), Truth(b)) | (Plain(a), Plain(b)) if operator in (Operator.EQUAL, Operator.UNEQUAL):
            return f"({a}) {'=' if operator is Operator.EQUAL else '<>'} ({b})"
        case Span(a, unit), Span(b, other) if unit is other:
            return f"({a}) {'<>' if operator is Operator.UNEQUAL else operator.value} ({b})"
        case _:
            raise TypeError(f"{operator} between {type(left).__name__} and {type(right).__name__}")


def compare_numbers(operator: Operator, left: Number, right: Number) -> str:
    """Two numbers: exact ones by cross-multiplication, others by their ends."""
    if left.exact and right.exact:
        return compare(left.low, "<>" if operator is Operator.UNEQUAL else operator.value, right.low)
    if operator in MIRRORED:
        return compare_numbers(MIRRORED[operator], right, left)
    match operator:
        case Operator.LESS:
            return sql.decided(compare(left.high, "<", right.low), compare(left.low, ">=", right.high))
        case Operator.AT_MOST:
            return sql.decided(compare(left.high, "<=", right.low), compare(left.low, ">", right.high))
        case _:
            same = f"{compare(left.high, '=', right.low)} AND {compare(left.low, '=', right.high)}"
            apart = f"{compare(left.high, '<', right.low)} OR {compare(left.low, '>', right.high)}"
            return sql.decided(same, apart) if operator is Operator.EQUAL else sql.decided(apart, same)


def compare_dates(operator: Operator, left: Dates, right: Dates) -> str:
    """Two dates, by their earliest and latest days."""
    if operator in MIRRORED:
        return compare_dates(MIRRORED[operator], right, left)
    match operator:
        case Operator.LESS:
            return _where_known(left, right, sql.decided(f"{left.high} < {right.low}", f"{left.low} >= {right.high}"))
        case Operator.AT_MOST:
            return _where_known(left, right, sql.decided(f"{left.high} <= {right.low}", f"{left.low} > {right.high}"))
        case _:
            same = f"{left.high} = {right.low} AND {left.low} = {right.high}"
            apart = f"{left.high} < {right.low} OR {left.low} > {right.high}"
            return sql.decided(same, apart) if operator is Operator.EQUAL else sql.decided(apart, same)


def _where_known(left: Dates, right: Dates, truth: str) -> str:
    """The truth, if neither date is missing: a missing one is any day, and no day is before the first of all or after the last."""
    ends = (sql.FIRST_DAY, sql.LAST_DAY)
    missing = [
        f"{side.low} = {sql.FIRST_DAY} AND {side.high} = {sql.LAST_DAY}"
        for side, other in ((left, right), (right, left))
        if side.low != side.high and not (other.low == other.high and other.low.startswith("DATE '") and other.low not in ends)
    ]
    return f"CASE WHEN NOT ({' OR '.join(missing)}) THEN {truth} END" if missing else truth


def among(value: Value, options: list[Value]) -> str:
    """Is the value one of the options: the Kleene *or* of the equalities."""
    if isinstance(value, Plain) and options:
        return f"({value.sql}) IN ({', '.join(cast(Plain, option).sql for option in options)})"
    return sql.disjunction(comparison(Operator.EQUAL, value, option) for option in options)

"""What databases say differently, in silence (each method of a dialect, and the forms that all share), as values on each engine.

What is wanted stands here by hand: it is what `values/` and `ir/expressions.py` mean, not what any engine answered.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlglot import exp

from mofan_rules.compiler import calendar as days
from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.dialects import DIALECTS, Dialect
from mofan_rules.compiler.tree import BIGINT, BOOLEAN, FALSE, TEXT, TRUE, Tree, day, null, text, whole
from mofan_rules.values.dates import BEGINNING, END, CivilDate, DurationUnit
from mofan_rules.values.windows import Every, Unit
from tests.compiler.engines import DuckDb, Engine, Postgres, Spark

UNKNOWN = null(BOOLEAN)
JAN31, FEB1, FEB29, SUNDAY = date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 3)
NASTY = "it's \\ \"quoted\" \\' `x` 党支部 %s -- ;"

Make = Callable[[Dialect], Tree]

PINS: dict[str, tuple[Make, Any]] = {
    "a whole quotient is one": (lambda d: d.quotient(d.exact(whole(10**30)), d.exact(whole(10))), 10**29),
    "so is a short one": (lambda d: d.short_quotient(whole(-12), whole(4)), -3),
    "wide products do not overflow": (lambda d: sql.times(d.exact(whole(10**15)), d.exact(whole(10**15))), 10**30),
    "millionths are exact": (lambda d: d.millionths(sql.cast(text("0.1"), exp.DataType.build("DECIMAL(24, 6)"))), 100_000),
    "a remainder has the sign of the dividend": (lambda d: sql.remainder(whole(-7), whole(3)), -1),
    "division rounds down": (lambda d: days.floor_quotient(d, whole(-3), 6), -1),
    "the greatest common divisor": (lambda d: d.gcd(d.exact(whole(58)), d.exact(whole(100))), 2),
    "of large numbers": (lambda d: d.gcd(d.exact(whole(2**90)), d.exact(whole(6**35))), 2**35),
    "with nothing": (lambda d: d.gcd(d.exact(whole(0)), d.exact(whole(7))), 7),
    "months are cut to the month's end": (lambda d: d.months_after(day(JAN31), whole(1)), FEB29),
    "they give dates": (lambda d: sql.eq(d.months_after(day(JAN31), whole(1)), day(FEB29)), True),
    "from the end of a short month they do not go to the end": (lambda d: d.months_after(day(FEB29), whole(1)), date(2024, 3, 29)),
    "months before": (lambda d: d.months_after(day(date(2024, 3, 31)), whole(-1)), FEB29),
    "days on": (lambda d: d.days_after(day(FEB29), whole(1)), date(2024, 3, 1)),
    "days between are a number": (lambda d: sql.plus(d.days_between(day(FEB1), day(JAN31)), whole(0)), 1),
    "between the ends of time": (lambda d: d.days_between(day(END), day(BEGINNING)), (END - BEGINNING).days),
    "complete months": (lambda d: days.complete_months(d, day(FEB1), day(JAN31)), 0),
    "complete months to a month's end": (lambda d: days.complete_months(d, day(FEB29), day(JAN31)), 1),
    "complete months backwards": (lambda d: days.complete_months(d, day(JAN31), day(date(2024, 3, 30))), -1),
    "Sunday is the seventh day": (lambda d: d.part("ISODOW", day(SUNDAY)), 7),
    "years are numbers": (lambda d: sql.plus(d.part("YEAR", day(FEB29)), whole(1)), 2025),
    "a date from its parts": (lambda d: d.date_of(whole(2024), whole(2), whole(29)), FEB29),
    "a date as text": (lambda d: d.date_text(day(date(1, 2, 3))), "0001-02-03"),
    "adding does not leave the calendar": (lambda d: days.add_amount(d, day(JAN31), whole(10**9), DurationUnit.MONTHS), END),
    "nor backwards": (lambda d: days.add_amount(d, day(JAN31), whole(-(10**9)), DurationUnit.DAYS), BEGINNING),
    "the ends of time do not move": (lambda d: days.add_amount(d, day(END), whole(-5), DurationUnit.DAYS), END),
    "the next civil date": (lambda d: days.next_civil_date(d, day(date(2024, 4, 1)), CivilDate(3, 31)), date(2025, 3, 31)),
    "29 February in a common year": (lambda d: days.next_civil_date(d, day(date(2023, 1, 1)), CivilDate(2, 29)), date(2023, 2, 28)),
    "and in a leap year": (lambda d: days.next_civil_date(d, day(date(2024, 1, 1)), CivilDate(2, 29)), FEB29),
    "quarters": (lambda d: days.window_first(d, Every(Unit.MONTH, 3), days.window_number(d, Every(Unit.MONTH, 3), day(FEB29))), date(2024, 1, 1)),
    "weeks begin on Monday": (lambda d: days.window_first(d, Every(Unit.WEEK, 1), days.window_number(d, Every(Unit.WEEK, 1), day(SUNDAY))), date(2024, 2, 26)),
    "months from a month's end": (lambda d: days.window_number(d, Every(Unit.MONTH, 1), day(date(2024, 3, 30)), day(JAN31)), 1),
    "the greater of a value and nothing is nothing": (lambda d: sql.is_null(sql.greater(whole(5), null(BIGINT))), True),
    "the lesser too": (lambda d: sql.is_null(sql.lesser(whole(5), null(BIGINT))), True),
    "a choice on the unknown": (lambda d: sql.case((UNKNOWN, whole(1)), (sql.no(UNKNOWN), whole(2)), otherwise=whole(3)), 3),
    "among, with nothing": (lambda d: sql.is_null(sql.among(text("a"), [text("b"), null(TEXT)])), True),
    "among nothing": (lambda d: sql.among(text("a"), []), False),
    "Kleene's and": (lambda d: sql.both(UNKNOWN, sql.eq(whole(1), whole(2))), False),
    "Kleene's or": (lambda d: sql.either(UNKNOWN, sql.eq(whole(1), whole(1))), True),
    "what is unknown is not sure": (lambda d: sql.surely(UNKNOWN), False),
    "nor surely not": (lambda d: sql.surely_not(UNKNOWN), False),
    "an item in a list": (lambda d: d.contains(d.items([text("a"), text("b")]), text("b")), True),
    "an item that is not": (lambda d: d.contains(d.items([text("a")]), text("b")), False),
    "in an empty list": (lambda d: d.contains(d.items([]), text("b")), False),
    "text stays as it is": (lambda d: text(NASTY), NASTY),
    "composed and decomposed letters differ": (lambda d: sql.eq(text("\u00e9"), text("e\u0301")), False),
    "text is compared by code points": (lambda d: sql.lt(d.by_code_point(text("B")), d.by_code_point(text("a"))), True),
    "also Chinese": (lambda d: sql.lt(d.by_code_point(text("张")), d.by_code_point(text("李"))), True),
    "zeros at the end": (lambda d: d.without_trailing_zeros(text("0250000")), "025"),
    "arithmetic binds as in the tree": (lambda d: sql.times(sql.plus(whole(1), whole(2)), sql.minus(whole(5), whole(2))), 9),
    "a literal is what it was": (lambda d: sql.case((TRUE, whole(1)), otherwise=whole(2)), 1),
    "no row is no one": (lambda d: sql.either(FALSE, sql.exists(sql.select({"x": whole(1)}, _two(d), where=sql.eq(whole(1), whole(2))))), False),
    "a sum of nothing is 0": (lambda d: _of(d, sql.number_of(sql.eq(sql.column("t.x"), whole(9)))), 0),
    "nothing is not counted as different": (lambda d: _of(d, sql.number_of_different(sql.column("t.x"))), 2),
    "any of what is unknown": (lambda d: _of(d, sql.any_of(sql.eq(sql.column("t.x"), null(BIGINT)))), False),
    "numbers from to": (lambda d: _count(d, whole(3), whole(5)), 3),
    "from more to less there are none": (lambda d: _count(d, whole(5), whole(3)), 0),
}


def _two(dialect: Dialect) -> Tree:
    """A table of 1, 2, 2 and nothing."""
    values = [sql.select({"x": sql.cast(whole(value), BIGINT)}) for value in (1, 2, 2)]
    return sql.nested(sql.union(values[0], *values[1:], sql.select({"x": null(BIGINT)})), "t")


def _of(dialect: Dialect, aggregate: Tree) -> Tree:
    return exp.Subquery(this=sql.select({"x": aggregate}, _two(dialect)))


def _count(dialect: Dialect, first: Tree, last: Tree) -> Tree:
    listed = sql.nested(sql.select({"n": dialect.numbers(first, last)}), "t")
    return exp.Subquery(this=sql.select({"x": exp.Count(this=exp.Star())}, listed))


def check(engine: Engine) -> None:
    """All pins on one engine, in one query."""
    dialect = DIALECTS[engine.name]
    query = sql.select({f"p{number}": make(dialect) for number, (make, _) in enumerate(PINS.values())})
    found = engine.row(query.sql(dialect.name))
    wrong = {name: got for (name, (_, wanted)), got in zip(PINS.items(), found, strict=True) if got != wanted}
    assert not wrong


def test_duckdb() -> None:
    check(DuckDb())


@pytest.mark.postgres
def test_postgres(postgres: str) -> None:
    check(Postgres(postgres))


@pytest.mark.spark
def test_spark(spark: object) -> None:
    check(Spark(spark))

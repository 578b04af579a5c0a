"""Where the meanings of DuckDB and of the condition language part: each known difference, on the engine.

The groups follow the topics: missing values, division, numbers, months and weekdays, lists and texts, nulls in comparisons. A difference that cannot arise,
because the language has no way to write it, is named with its reason in `CANNOT_ARISE`, and the reason is tested where it can be.
"""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from mofan_rules.executors.duckdb import calendar, sql
from mofan_rules.executors.duckdb.values import TooLarge
from mofan_rules.ir.expressions import Expression, Operator
from mofan_rules.schema import Type
from mofan_rules.values.dates import DurationUnit
from mofan_rules.values.windows import Every, Unit
from tests.duckdb.engine import cell, day, days, evaluate, months, number, op, text

CANNOT_ARISE = {
    "rounding": "there is no rounding operator but FLOOR and CEILING, and comparisons never round",
    "upper case": "there is no operator on the case of letters",
    "unicode form": "admission normalizes texts before they reach the tables",
    "bad dates": "dates are parsed at admission; no operator makes a date of a text",
    "months against days": "the two units are two types; comparing them does not compile",
    "text against number": "no implicit conversion: comparing them does not compile",
    "text order": "texts have only = and !=: an order does not compile",
    "some and every": "there are no quantifiers; rows are counted, with the undecided ones apart",
    "regular expressions": "there is no such operator",
}

MISSING_TEXT = {"kind": (Type.TEXT, None)}
A, B = cell("a", Type.INTEGER), cell("b", Type.INTEGER)


def integers(a: int | None, b: int | None) -> dict[str, Any]:
    return {"a": (Type.INTEGER, a), "b": (Type.INTEGER, b)}


@pytest.mark.parametrize(
    ("expression", "cells"),
    [
        (op(Operator.EQUAL, cell("kind", Type.TEXT), text("党支部")), MISSING_TEXT),
        (op(Operator.UNEQUAL, cell("kind", Type.TEXT), text("党支部")), MISSING_TEXT),
        (op(Operator.NOT, op(Operator.EQUAL, cell("kind", Type.TEXT), text("党支部"))), MISSING_TEXT),
        (op(Operator.AMONG, cell("kind", Type.TEXT), text("党支部"), text("党总支")), MISSING_TEXT),
        (op(Operator.AMONG, cell("kind", Type.TEXT), text("党总支"), text(None)), {"kind": (Type.TEXT, "党支部")}),
        (op(Operator.AND, op(Operator.AT_LEAST, A, number(1)), op(Operator.AT_MOST, A, B)), integers(5, None)),
        (op(Operator.EQUAL, A, A), integers(None, 1)),
        (op(Operator.AT_LEAST, op(Operator.MAXIMUM, A, B, type_=Type.INTEGER), number(3)), integers(5, None)),
        (op(Operator.EQUAL, op(Operator.ADD, A, B, type_=Type.INTEGER), number(3)), integers(3, None)),
    ],
)
def test_a_comparison_with_a_missing_value_is_unknown(expression: Expression, cells: dict[str, Any]) -> None:
    assert evaluate(expression, **cells) is None


def test_an_unknown_condition_takes_no_branch() -> None:
    """SQL would take ELSE."""
    choice = op(Operator.IF, op(Operator.AT_LEAST, A, number(7)), number(1), number(2), type_=Type.NUMBER)
    assert [evaluate(choice, **integers(a, 0)) for a in (7, 6, None)] == [1, 2, None]


def test_missing_is_asked_for_by_name() -> None:
    missing = op(Operator.MISSING, A)
    assert [evaluate(missing, certain=certain, **integers(a, 0)) for certain in (True, False) for a in (None, 1)] == [True, False, None, False]


@pytest.mark.parametrize(("a", "b"), [(1, 0), (0, 0), (-1, 0), (None, 0), (1, None)])
def test_division_by_zero_is_unknown(a: int | None, b: int | None) -> None:
    """DuckDB says that 0 / 0 is at least 0.8."""
    share = op(Operator.DIVIDE, A, B, type_=Type.NUMBER)
    assert evaluate(op(Operator.AT_LEAST, share, number("0.8")), **integers(a, b)) is None
    assert evaluate(share, **integers(a, b)) is None


def test_quotients_are_exact() -> None:
    share = op(Operator.DIVIDE, A, B, type_=Type.NUMBER)
    assert evaluate(share, **integers(7, 2)) == Fraction(7, 2)
    assert evaluate(share, **integers(1, -3)) == Fraction(-1, 3)
    thirds = op(Operator.ADD, op(Operator.ADD, share, share, type_=Type.NUMBER), share, type_=Type.NUMBER)
    assert evaluate(op(Operator.AT_LEAST, thirds, number(1)), **integers(1, 3)) is True


def test_percentages_on_the_exact_limit() -> None:
    """29/50 is at least 58 %, also where it is written as a percentage or as a shortfall; floating point decides many of these wrongly."""
    share = op(Operator.DIVIDE, A, B, type_=Type.NUMBER)
    for a, b in ((29, 50), (57, 100), (7, 100), (14, 25), (1, 3)):
        k = Fraction(100 * a, b)
        percent = op(Operator.MULTIPLY, share, number(100), type_=Type.NUMBER)
        shortfall = op(Operator.SUBTRACT, number(1), share, type_=Type.NUMBER)
        assert evaluate(op(Operator.AT_LEAST, share, number(k / 100)), **integers(a, b)) is True
        assert evaluate(op(Operator.AT_LEAST, percent, number(k)), **integers(a, b)) is True
        assert evaluate(op(Operator.AT_MOST, shortfall, number(1 - k / 100)), **integers(a, b)) is True
        assert evaluate(op(Operator.LESS, percent, number(k)), **integers(a, b)) is False


def test_products_of_large_numbers_do_not_overflow() -> None:
    """64 bits would; what could outgrow 128 is refused before anything runs."""
    product = op(Operator.MULTIPLY, A, B, type_=Type.INTEGER)
    large = 10**15 - 1
    assert evaluate(product, **integers(large, large)) == large * large
    with pytest.raises(TooLarge):
        evaluate(op(Operator.MULTIPLY, product, A, type_=Type.INTEGER), **integers(large, large))


def test_decimal_cells_are_exact() -> None:
    tenth = cell("x", Type.NUMBER)
    sum_ = op(Operator.ADD, tenth, number("0.2"), type_=Type.NUMBER)
    assert evaluate(op(Operator.EQUAL, sum_, number("0.3")), x=(Type.NUMBER, "0.1")) is True


@pytest.mark.parametrize(("a", "b", "rest"), [(-7, 3, 2), (7, -3, -2), (-7, -3, -1), (7, 3, 1), (6, 3, 0), (7, 0, None), (None, 3, None)])
def test_the_rest_has_the_sign_of_the_divisor(a: int | None, b: int, rest: int | None) -> None:
    assert evaluate(op(Operator.MODULO, A, B, type_=Type.INTEGER), **integers(a, b)) == rest


@pytest.mark.parametrize(("a", "b", "floor", "ceiling"), [(7, 2, 3, 4), (-7, 2, -4, -3), (6, 2, 3, 3), (-6, 2, -3, -3)])
def test_floor_and_ceiling_of_negative_numbers(a: int, b: int, floor: int, ceiling: int) -> None:
    """`//` truncates."""
    share = op(Operator.DIVIDE, A, B, type_=Type.NUMBER)
    assert evaluate(op(Operator.FLOOR, share, type_=Type.INTEGER), **integers(a, b)) == floor
    assert evaluate(op(Operator.CEILING, share, type_=Type.INTEGER), **integers(a, b)) == ceiling


def test_months_clamp_and_are_added_once() -> None:
    later = op(Operator.ADD_DURATION, cell("d", Type.DATE), months(1), type_=Type.DATE)
    assert evaluate(later, d=(Type.DATE, date(2024, 1, 31))) == date(2024, 2, 29)
    assert evaluate(later, d=(Type.DATE, date(2023, 1, 31))) == date(2023, 2, 28)
    two = op(Operator.ADD_DURATION, cell("d", Type.DATE), months(2), type_=Type.DATE)
    assert evaluate(two, d=(Type.DATE, date(2024, 1, 31))) == date(2024, 3, 31)
    year = op(Operator.ADD_DURATION, cell("d", Type.DATE), months(12), type_=Type.DATE)
    assert evaluate(year, d=(Type.DATE, date(2024, 2, 29))) == date(2025, 2, 28)


def test_months_of_a_column() -> None:
    """A number of months that stands in a cell; the result is a date, not a time."""
    term = op(Operator.TO_MONTHS, A, type_=Type.MONTHS)
    later = op(Operator.ADD_DURATION, cell("d", Type.DATE), term, type_=Type.DATE)
    assert evaluate(later, d=(Type.DATE, date(2024, 1, 31)), **integers(13, 0)) == date(2025, 2, 28)
    assert evaluate(later, d=(Type.DATE, date(2024, 1, 31)), **integers(None, 0)) == (date(1, 1, 1), date(9999, 12, 31))


def test_the_ends_of_the_calendar_stay() -> None:
    later = op(Operator.ADD_DURATION, cell("d", Type.DATE), days(40), type_=Type.DATE)
    assert evaluate(later, d=(Type.DATE, date(9999, 12, 31))) == date(9999, 12, 31)
    assert evaluate(later, d=(Type.DATE, date(9999, 12, 1))) == date(9999, 12, 31)
    assert evaluate(later, d=(Type.DATE, (date(1, 1, 1), date(2024, 1, 1)))) == (date(1, 1, 1), date(2024, 2, 10))


def test_the_distance_of_dates_is_a_number_of_days() -> None:
    distance = op(Operator.DAYS_BETWEEN, cell("d", Type.DATE), day(2024, 2, 28), type_=Type.INTEGER)
    assert evaluate(distance, d=(Type.DATE, date(2024, 3, 1))) == 2
    assert evaluate(distance, d=(Type.DATE, (date(2024, 3, 1), date(2024, 3, 31)))) == (2, 32)
    assert evaluate(distance, d=(Type.DATE, (date(1, 1, 1), date(9999, 12, 31)))) is None


@pytest.mark.parametrize(
    ("a", "b", "complete"),
    [
        (date(2024, 2, 1), date(2024, 1, 31), 0),
        (date(2024, 2, 29), date(2024, 1, 31), 1),
        (date(2024, 3, 30), date(2024, 1, 31), 1),
        (date(2024, 3, 31), date(2024, 1, 31), 2),
        (date(2024, 1, 31), date(2024, 2, 29), -1),
        (date(2024, 1, 15), date(2024, 3, 20), -2),
    ],
)
def test_months_between_are_complete_ones(a: date, b: date, complete: int) -> None:
    """DuckDB counts the boundaries crossed."""
    distance = op(Operator.MONTHS_BETWEEN, cell("a", Type.DATE), cell("b", Type.DATE), type_=Type.INTEGER)
    assert evaluate(distance, a=(Type.DATE, a), b=(Type.DATE, b)) == complete


def test_weekdays_begin_with_monday() -> None:
    weekday = op(Operator.WEEKDAY, cell("d", Type.DATE), type_=Type.INTEGER)
    assert [evaluate(weekday, d=(Type.DATE, date(2024, 1, 1 + n))) for n in range(7)] == [1, 2, 3, 4, 5, 6, 7]
    assert evaluate(weekday, d=(Type.DATE, (date(2024, 1, 1), date(2024, 1, 2)))) is None


def test_parts_of_a_date_known_in_part() -> None:
    january = (date(2024, 1, 1), date(2024, 1, 31))
    parts = [evaluate(op(part, cell("d", Type.DATE), type_=Type.INTEGER), d=(Type.DATE, january)) for part in (Operator.YEAR, Operator.MONTH, Operator.DAY)]
    assert parts == [2024, 1, None]


def test_limits_in_the_wrong_order_hold_nothing() -> None:
    """Two comparisons joined by *and*: 5 between 6 and unknown is false, not unknown."""
    between = op(Operator.AND, op(Operator.AT_LEAST, A, number(6)), op(Operator.AT_MOST, A, B))
    assert evaluate(between, **integers(5, None)) is False
    assert evaluate(between, **integers(7, 6)) is False


def test_lists_know_what_is_not_in_them() -> None:
    """A missing list is unknown; an empty one contains nothing."""
    contains = op(Operator.CONTAINS, cell("items", Type.ITEMS), text("目标"))
    assert [evaluate(contains, items=(Type.ITEMS, items)) for items in (["目标"], ["措施"], [], None)] == [True, False, False, None]
    assert evaluate(op(Operator.CONTAINS, cell("items", Type.ITEMS), text(None)), items=(Type.ITEMS, ["目标"])) is None


def test_texts_are_compared_by_code_points() -> None:
    same = op(Operator.EQUAL, cell("x", Type.TEXT), text("é"))
    assert evaluate(same, x=(Type.TEXT, "é")) is True
    assert evaluate(same, x=(Type.TEXT, "É")) is False


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        (Operator.LESS, text("a"), text("b")),
        (Operator.EQUAL, text("1"), number(1)),
        (Operator.EQUAL, months(1), days(30)),
        (Operator.LESS, months(1), days(31)),
    ],
)
def test_what_has_no_order_or_no_common_type_does_not_compile(operator: Operator, left: Expression, right: Expression) -> None:
    with pytest.raises(TypeError):
        evaluate(op(operator, left, right))


def test_least_and_greatest_do_not_ignore_nulls() -> None:
    import duckdb

    for make in (sql.lesser, sql.greater):
        assert duckdb.execute(f"SELECT {make('x', '3')} FROM (SELECT NULL::INTEGER AS x)").fetchall() == [(None,)]


@pytest.mark.parametrize("value", [date(1, 1, 1), date(1999, 12, 31), date(2024, 2, 29), date(2024, 12, 30), date(2999, 12, 31)])
@pytest.mark.parametrize("every", [Every(Unit.WEEK, 1), Every(Unit.WEEK, 3), Every(Unit.MONTH, 1), Every(Unit.MONTH, 3), Every(Unit.MONTH, 12)])
@pytest.mark.parametrize("anchor", [None, date(2024, 1, 31), date(2023, 6, 15)])
def test_windows_are_numbered_below_zero_too(value: date, every: Every, anchor: date | None) -> None:
    """Division in SQL truncates; before an anchor numbers are negative."""
    import duckdb

    start = sql.day(anchor) if anchor else None
    number_ = calendar.window_number(every, sql.day(value), start)
    query = f"SELECT {number_}, {calendar.window_first(every, f'({number_})', start)}, {calendar.window_last(every, f'({number_})', start)}"
    found = duckdb.execute(query).fetchall()[0]
    expected = every.number(value, anchor)
    assert found[0] == expected
    if value.year > 1 and value.year < 2999:
        assert found[1:] == (every.first(expected, anchor), every.last(expected, anchor))


def test_quarters_are_compared_in_months() -> None:
    """The fourth quarter has more days than the first: windows of either belong to the same calendar."""
    import duckdb

    quarter = Every(Unit.MONTH, 3)
    ends = [calendar.window_number(quarter, sql.day(value)) for value in (date(2024, 10, 1), date(2024, 12, 31))]
    assert duckdb.execute(f"SELECT {ends[0]} = {ends[1]}").fetchall() == [(True,)]


def test_amounts_beyond_the_calendar() -> None:
    import duckdb

    for unit in DurationUnit:
        for amount, end in ((10**14, date(9999, 12, 31)), (-(10**14), date(1, 1, 1))):
            moved = calendar.add_amount(sql.day(date(2024, 1, 31)), sql.whole(amount), unit)
            assert duckdb.execute(f"SELECT {moved}").fetchall() == [(end,)]


def test_each_difference_that_cannot_arise_says_why() -> None:
    assert all(CANNOT_ARISE.values())
    assert not {"round", "upper", "lower", "matches", "some", "every"} & {operator.value for operator in Operator}

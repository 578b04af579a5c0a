"""Every node of `ir.expressions`, evaluated in a condition on the subject or a row."""

from datetime import date
from fractions import Fraction

import pytest

from mofan_rules.executors.interpreter.arithmetic import complete_months
from mofan_rules.executors.interpreter.engine import Engine, Law
from mofan_rules.executors.interpreter.expressions import Place, evaluate
from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.executors.interpreter.values import Value
from mofan_rules.ir.expressions import Const, Expression, Operator, WindowDay
from mofan_rules.schema import DatedValue, Parameter, Type
from mofan_rules.values.dates import UNKNOWN_DAY, Day, Duration
from mofan_rules.values.interval import UNKNOWN_NUMBER, Interval, exactly
from tests.interpreter.world import World, context, day, days, lasting, months, number, of_subject, op, parameter, program, row, text

N, B, D, T = Type.NUMBER, Type.BOOLEAN, Type.DATE, Type.TEXT
NO_NUMBER = Const(None, Type.NUMBER)
NO_TEXT = Const(None, Type.TEXT)
NO_DATE = Const(None, Type.DATE)
TRUE, FALSE, UNKNOWN = Const(True, B), Const(False, B), Const(None, B)


def value(expression: Expression, world: World | None = None, **parameters: DatedValue) -> Value:
    """The value for the one subject `b` on 2024-06-15, in the window of June."""
    facts = (world or World().organization("b", size=7)).admitted()
    listed = tuple(Parameter(name, N, (dated,)) for name, dated in parameters.items())
    engine = Engine(program(parameters=listed), Facts(facts, whole=True), context("2024-06-15"))
    subject = engine.facts.numbers["b"]
    law = Law(engine, subject, day("2024-06-15"), day("2024-06-15"))
    fields = engine.organizations.fields(subject, day("2024-06-15"))
    return evaluate(expression, Place(law, subject, fields, None, None, day("2024-06-01"), day("2024-06-30")))


def on(text_: str) -> Const:
    return Const(day(text_), D)


PARTLY = op(Operator.ADD_DURATION, of_subject("chartered", D), lasting(days(0)), type_=D)


def february(expression: Expression) -> Value:
    return value(expression, World().organization("b", size=7, chartered="2024-02"))


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        (Operator.AND, TRUE, UNKNOWN, None),
        (Operator.AND, UNKNOWN, FALSE, False),
        (Operator.AND, TRUE, TRUE, True),
        (Operator.OR, UNKNOWN, TRUE, True),
        (Operator.OR, FALSE, UNKNOWN, None),
        (Operator.OR, FALSE, FALSE, False),
        (Operator.EQUAL, number(2), number(2), True),
        (Operator.EQUAL, NO_NUMBER, NO_NUMBER, None),
        (Operator.UNEQUAL, text("x"), NO_TEXT, None),
        (Operator.UNEQUAL, text("x"), text("y"), True),
        (Operator.LESS, number(1), number(2), True),
        (Operator.LESS, number(2), number(2), False),
        (Operator.AT_MOST, number(2), number(2), True),
        (Operator.GREATER, number(3), number(2), True),
        (Operator.GREATER, number(2), number(2), False),
        (Operator.AT_LEAST, number("29/50"), number("0.58"), True),
        (Operator.AT_LEAST, NO_NUMBER, number(0), None),
        (Operator.EQUAL, on("2024-01-01"), on("2024-01-01"), True),
        (Operator.LESS, on("2024-01-01"), NO_DATE, None),
        (Operator.LESS, lasting(days(3)), lasting(days(4)), True),
        (Operator.LESS, lasting(days(3)), lasting(months(4)), None),
        (Operator.EQUAL, TRUE, FALSE, False),
    ],
)
def test_logic_and_comparisons_are_three_valued(operator: Operator, left: Expression, right: Expression, expected: bool | None) -> None:
    assert value(op(operator, left, right)) is expected


def test_not() -> None:
    assert value(op(Operator.NOT, TRUE)) is False
    assert value(op(Operator.NOT, UNKNOWN)) is None


@pytest.mark.parametrize(
    ("operator", "expected"),
    [(Operator.LESS, None), (Operator.EQUAL, None), (Operator.AT_LEAST, None)],
)
def test_a_date_known_in_part_within_its_month_is_undecided(operator: Operator, expected: bool | None) -> None:
    assert february(op(operator, PARTLY, on("2024-02-10"))) is expected


def test_a_date_known_in_part_outside_its_month_is_decided() -> None:
    assert february(op(Operator.LESS, PARTLY, on("2024-03-01"))) is True
    assert february(op(Operator.EQUAL, PARTLY, on("2024-03-01"))) is False
    assert february(op(Operator.GREATER, PARTLY, on("2024-02-29"))) is False


@pytest.mark.parametrize(
    ("operator", "arguments", "expected"),
    [
        (Operator.ADD, ("1/3", "1/6"), Fraction(1, 2)),
        (Operator.SUBTRACT, ("1", "1/3"), Fraction(2, 3)),
        (Operator.MULTIPLY, ("-2", "3"), Fraction(-6)),
        (Operator.DIVIDE, ("1", "3"), Fraction(1, 3)),
        (Operator.MODULO, ("-7", "3"), Fraction(2)),
        (Operator.MODULO, ("7", "-3"), Fraction(-2)),
        (Operator.NEGATE, ("4",), Fraction(-4)),
        (Operator.ABSOLUTE, ("-4",), Fraction(4)),
        (Operator.FLOOR, ("-1/2",), Fraction(-1)),
        (Operator.CEILING, ("-1/2",), Fraction(0)),
        (Operator.MINIMUM, ("3", "1", "2"), Fraction(1)),
        (Operator.MAXIMUM, ("3", "1", "2"), Fraction(3)),
    ],
)
def test_arithmetic_is_exact(operator: Operator, arguments: tuple[str, ...], expected: Fraction) -> None:
    assert value(op(operator, *(number(argument) for argument in arguments), type_=N)) == exactly(expected)


@pytest.mark.parametrize("operator", [Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE, Operator.MODULO, Operator.MINIMUM])
def test_an_unknown_operand_makes_an_unknown_result(operator: Operator) -> None:
    assert value(op(operator, number(1), NO_NUMBER, type_=N)) == UNKNOWN_NUMBER


@pytest.mark.parametrize("operator", [Operator.DIVIDE, Operator.MODULO])
def test_division_by_zero_is_unknown(operator: Operator) -> None:
    assert value(op(operator, number(0), number(0), type_=N)) == UNKNOWN_NUMBER


def test_arithmetic_on_intervals_takes_the_hull() -> None:
    since = op(Operator.DAYS_BETWEEN, on("2024-03-01"), PARTLY, type_=N)
    assert february(since) == Interval(Fraction(1), Fraction(29))
    assert february(op(Operator.MULTIPLY, since, number(-1), type_=N)) == Interval(Fraction(-29), Fraction(-1))
    assert february(op(Operator.DIVIDE, number(29), since, type_=N)) == Interval(Fraction(1), Fraction(29))
    assert february(op(Operator.ABSOLUTE, op(Operator.SUBTRACT, since, number(10), type_=N), type_=N)) == Interval(Fraction(0), Fraction(19))
    assert february(op(Operator.MAXIMUM, since, number(10), type_=N)) == Interval(Fraction(10), Fraction(29))
    assert february(op(Operator.MODULO, since, number(2), type_=N)) == UNKNOWN_NUMBER
    assert february(op(Operator.DIVIDE, number(1), op(Operator.SUBTRACT, since, number(3), type_=N), type_=N)) == UNKNOWN_NUMBER


def test_if_takes_the_branch_of_a_known_condition() -> None:
    assert value(op(Operator.IF, TRUE, number(1), number(2), type_=N)) == exactly(1)
    assert value(op(Operator.IF, FALSE, number(1), number(2), type_=N)) == exactly(2)
    assert value(op(Operator.IF, UNKNOWN, number(1), number(1), type_=N)) == UNKNOWN_NUMBER


def test_missing_asks_for_absence_and_is_never_unknown_of_a_sure_row() -> None:
    world = World().organization("b", size=7, chartered="2024-02")
    assert value(op(Operator.MISSING, of_subject("size")), world) is False
    assert value(op(Operator.MISSING, of_subject("area", T)), world) is True
    assert value(op(Operator.MISSING, of_subject("chartered", D)), world) is False
    assert value(op(Operator.MISSING, of_subject("chartered", D)), World().organization("b")) is True
    assert value(op(Operator.MISSING, of_subject("id", T)), world) is False


def test_missing_of_a_subject_without_a_sure_version_is_unknown() -> None:
    world = World().organization("b", since="2024-06-01..2024-06-30")
    assert value(op(Operator.MISSING, of_subject("area", T)), world) is None


@pytest.mark.parametrize(("found", "expected"), [(text("x"), True), (text("z"), False), (NO_TEXT, None)])
def test_among(found: Expression, expected: bool | None) -> None:
    assert value(op(Operator.AMONG, found, text("x"), text("y"))) is expected


def test_contains() -> None:
    items = Const(("a", "b"), Type.ITEMS)
    assert value(op(Operator.CONTAINS, items, text("a"))) is True
    assert value(op(Operator.CONTAINS, items, text("c"))) is False
    assert value(op(Operator.CONTAINS, Const(None, Type.ITEMS), text("c"))) is None


def test_add_duration_moves_both_ends_and_clamps_to_the_end_of_the_month() -> None:
    assert value(op(Operator.ADD_DURATION, on("2024-01-31"), lasting(months(1)), type_=D)) == Day(date(2024, 2, 29), date(2024, 2, 29))
    assert february(op(Operator.ADD_DURATION, PARTLY, lasting(days(1)), type_=D)) == Day(date(2024, 2, 2), date(2024, 3, 1))
    assert value(op(Operator.ADD_DURATION, NO_DATE, lasting(days(1)), type_=D)) == UNKNOWN_DAY
    assert value(op(Operator.ADD_DURATION, on("2024-01-31"), Const(None, Type.DAYS), type_=D)) == UNKNOWN_DAY


def test_durations_add_in_one_unit() -> None:
    assert value(op(Operator.ADD, lasting(days(2)), lasting(days(3)), type_=Type.DAYS)) == days(5)
    assert value(op(Operator.SUBTRACT, lasting(months(2)), lasting(months(3)), type_=Type.MONTHS)) == months(-1)
    assert value(op(Operator.NEGATE, lasting(days(2)), type_=Type.DAYS)) == days(-2)
    assert value(op(Operator.ADD, lasting(days(2)), lasting(months(3)), type_=Type.DAYS)) is None


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        ("2024-02-29", "2024-01-31", 1),
        ("2024-02-28", "2024-01-31", 0),
        ("2024-03-30", "2024-01-31", 1),
        ("2024-01-31", "2024-02-29", -1),
        ("2024-01-15", "2024-03-15", -2),
        ("2025-01-14", "2024-01-15", 11),
    ],
)
def test_complete_months(later: str, earlier: str, expected: int) -> None:
    assert complete_months(day(later), day(earlier)) == expected
    assert value(op(Operator.MONTHS_BETWEEN, on(later), on(earlier), type_=N)) == exactly(expected)


def test_between_with_a_missing_side_is_unknown() -> None:
    assert value(op(Operator.DAYS_BETWEEN, on("2024-01-01"), NO_DATE, type_=N)) == UNKNOWN_NUMBER
    assert value(op(Operator.MONTHS_BETWEEN, NO_DATE, on("2024-01-01"), type_=N)) == UNKNOWN_NUMBER


@pytest.mark.parametrize(
    ("operator", "exact", "partly"),
    [
        (Operator.YEAR, 2024, exactly(2024)),
        (Operator.MONTH, 2, exactly(2)),
        (Operator.DAY, 5, UNKNOWN_NUMBER),
        (Operator.WEEKDAY, 1, UNKNOWN_NUMBER),
    ],
)
def test_parts_of_a_date(operator: Operator, exact: int, partly: Interval) -> None:
    assert value(op(operator, on("2024-02-05"), type_=N)) == exactly(exact)
    assert february(op(operator, PARTLY, type_=N)) == partly
    assert value(op(operator, NO_DATE, type_=N)) == UNKNOWN_NUMBER


def test_to_duration_wants_an_exact_whole_number() -> None:
    assert value(op(Operator.TO_DAYS, number(3), type_=Type.DAYS)) == days(3)
    assert value(op(Operator.TO_MONTHS, number(3), type_=Type.MONTHS)) == months(3)
    assert value(op(Operator.TO_DAYS, number("1/2"), type_=Type.DAYS)) is None
    assert value(op(Operator.TO_DAYS, NO_NUMBER, type_=Type.DAYS)) is None


def test_a_parameter_has_the_value_of_the_day() -> None:
    known = DatedValue(Fraction(5), date(2024, 1, 1), date(2024, 12, 31))
    assert value(parameter("p"), p=known) == exactly(5)
    assert value(parameter("p"), p=DatedValue(Fraction(5), date(2023, 1, 1), date(2023, 12, 31))) == UNKNOWN_NUMBER
    assert value(parameter("p"), p=DatedValue(None)) == UNKNOWN_NUMBER


def test_a_window_day() -> None:
    assert value(WindowDay(last=False)) == Day(date(2024, 6, 1), date(2024, 6, 1))
    assert value(WindowDay(last=True)) == Day(date(2024, 6, 30), date(2024, 6, 30))


def test_organizations_are_compared_by_what_they_are() -> None:
    subject = of_subject("id", Type.ORGANIZATION)
    assert value(op(Operator.EQUAL, subject, Const("b", Type.ORGANIZATION))) is True
    assert value(op(Operator.EQUAL, subject, Const("nobody", Type.ORGANIZATION))) is False
    assert value(op(Operator.EQUAL, of_subject("id", T), text("b"))) is True


def test_an_id_that_is_continued_names_the_organization_that_continues_it() -> None:
    world = World().organization("a", until="2020-12-31", organization="b").organization("b", since="2021-01-01")
    assert value(op(Operator.EQUAL, of_subject("id", Type.ORGANIZATION), Const("a", Type.ORGANIZATION)), world) is True


def test_fields_of_a_row_that_is_not_there_are_missing() -> None:
    assert value(op(Operator.EQUAL, row("expected"), number(1))) is None


def test_a_duration_literal_is_itself() -> None:
    assert value(lasting(days(7))) == Duration(7, days(7).unit)

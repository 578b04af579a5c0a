"""Meaning sections 5 and 6: states with their reasons, the columns, the table."""

from datetime import date
from fractions import Fraction

import pytest

from mofan_rules.executors.base import Executor as AnyExecutor
from mofan_rules.executors.interpreter import Executor
from mofan_rules.executors.interpreter.bounds import Limits, measured_text, passes, required_share, required_text, written
from mofan_rules.ir.expressions import Operator
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import Bounds, Calendar, Condition, Each, Judge, Judgement, Measured, Partial
from mofan_rules.ir.rows import Rows
from mofan_rules.schema import DatedValue, Parameter, Table, Type
from mofan_rules.values.interval import Interval
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import COLUMNS, Verdict
from tests.interpreter.world import (
    MONTH,
    World,
    condition,
    context,
    counting,
    days,
    header,
    lasting,
    months,
    number,
    of_subject,
    only,
    op,
    parameter,
    program,
    states,
    verdicts,
)

Q1 = "2024-01..2024-03"


def interval(low: int | None, high: int | None) -> Interval:
    return Interval(None if low is None else Fraction(low), None if high is None else Fraction(high))


def bounds(least: str | None = None, most: str | None = None) -> Limits:
    return Limits(*(None if bound is None else Interval(Fraction(bound), Fraction(bound)) for bound in (least, most)))


@pytest.mark.parametrize(
    ("value", "limits", "expected"),
    [
        (interval(2, 2), bounds("3"), "2"),
        (interval(3, 3), bounds("3"), "3+"),
        (interval(7, 9), bounds("3"), "3+"),
        (interval(1, 5), bounds("3"), "1.."),
        (interval(1, 2), bounds("3"), "1..2"),
        (interval(1, None), bounds("3"), "1.."),
        (interval(5, 5), bounds("1", "5"), "5"),
        (interval(6, 6), bounds("1", "5"), "6+"),
        (interval(5, 5), bounds(), "5"),
        (interval(None, 4), bounds("3"), "..4"),
        (interval(None, None), bounds("3"), ""),
        (interval(2, 2), bounds("3/2"), "2+"),
        (interval(1, 1), Limits(Interval(None, None), None), "1"),
        (interval(9, 9), Limits(Interval(Fraction(1), Fraction(1)), Interval(None, None)), "9"),
    ],
)
def test_6_measured_stops_at_what_the_test_needs(value: Interval, limits: Limits, expected: str) -> None:
    assert measured_text(value, limits) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (bounds("1"), "1.."),
        (bounds(None, "3"), "..3"),
        (bounds("1", "3"), "1..3"),
        (bounds("2", "2"), "2"),
        (bounds("1/3"), "1/3.."),
        (bounds("1.5"), "1.5.."),
        (Limits(Interval(None, None), None), ""),
        (bounds(), ""),
    ],
)
def test_6_required(limits: Limits, expected: str) -> None:
    assert required_text(limits) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [(bounds("0.8"), "80/100"), (bounds(None, "1/3"), "1/3"), (bounds("0.2", "1/3"), "1/5..1/3"), (bounds("1", "1"), "100/100"), (bounds(), "")],
)
def test_7_9_required_of_shares(limits: Limits, expected: str) -> None:
    assert required_share(limits) == expected


@pytest.mark.parametrize(("value", "expected"), [("2", "2"), ("-1/2", "-0.5"), ("0.000001", "0.000001"), ("1/3", "1/3"), ("-7/3", "-7/3"), ("12.50", "12.5")])
def test_6_numbers(value: str, expected: str) -> None:
    assert written(Fraction(value)) == expected


def test_5_bounds_without_a_number_between_them_are_false() -> None:
    assert passes(interval(0, 9), bounds("1.2", "1.8"), whole=True) is False
    assert passes(interval(0, 9), bounds("1.2", "1.8"), whole=False) is None
    assert passes(interval(0, 9), bounds("3", "2"), whole=False) is False
    assert passes(interval(None, None), bounds("3", "3"), whole=True) is None


def meeting(**more: object) -> World:
    return World().organization("b", **more)  # type: ignore[arg-type]


FEW = counting()
MISSING = program(counting(at_least=parameter("p")), parameters=(Parameter("p", Type.NUMBER, (DatedValue(None),)),))
BIG = op(Operator.GREATER, of_subject("size"), number(5))


@pytest.mark.parametrize(
    ("world", "made", "expected"),
    [
        (meeting(), counting(when=op(Operator.NOT, op(Operator.MISSING, of_subject("size")))), "not_bound"),
        (meeting(since="2024-02-01"), FEW, "partial_window"),
        (meeting(), counting(when=BIG), "binding_unknown"),
        (meeting().event("b", "2024-02-01"), FEW, "met"),
        (meeting().waiver("b", "r", "2024-01-01", "2024-12-31"), FEW, "waived"),
        (meeting(), FEW, "too_few"),
        (meeting().event("b", "2024-02-01"), counting(at_least=None, at_most=number(0)), "too_many"),
        (meeting(), counting(few="no_document"), "no_document"),
        (meeting(), MISSING, "parameter_missing"),
        (meeting().event("b", "2024-02-01", held="unclear"), FEW, "undecided_rows"),
        (meeting().event("b", "2024-02-01", certain=False), FEW, "rejected_rows"),
        (meeting().event("b", "2024-02-01", certain=False).event("b", "2024-02-01", held="unclear"), FEW, "undecided_rows"),
        (meeting().feed(Table.EVENTS), FEW, "feed_incomplete"),
        (meeting(), counting(at_least=of_subject("size")), "value_missing"),
        (meeting(), condition(BIG, Calendar(MONTH)), "value_missing"),
    ],
)
def test_5_the_first_reason_that_applies(world: World, made: Judgement, expected: str) -> None:
    found = states(world, made, "2024-06-30", Q1)[0]
    assert found == (REASONS[expected].value, expected)


def test_5_partial_windows_by_policy() -> None:
    world = meeting(since="2024-02-01").event("b", "2024-02-05")
    assert states(world, counting(partial=Partial.SKIP), "2024-06-30", Q1) == [("not_applicable", "partial_window")]
    assert states(world, counting(partial=Partial.REQUIRE), "2024-06-30", Q1) == [("satisfied", "met")]
    assert states(world, counting(partial=Partial.PRORATE), "2024-06-30", Q1) == [("satisfied", "met")]


def test_5_grace_belongs_to_the_days_of_the_binding() -> None:
    world = meeting(until="2024-04-05")
    assert states(world, counting(grace=days(10)), "2024-06-30", Q1) == [("not_applicable", "partial_window")]


def test_5_a_row_without_dates_is_not_applicable_where_nothing_binds() -> None:
    each = Each(None, lasting(days(0)), lasting(months(1)))
    measure = Measure("n", Count(Rows(Table.EVENTS, frozenset({"meeting"}))))
    made = Judgement(header(when=BIG), each, Judge.WINDOW, (measure,), (Bounds("n", number(1), None, "missing"),), Measured.DATE)
    assert states(meeting(size=3), made, "2024-06-30") == [("not_applicable", "not_bound")]
    assert states(meeting(size=9), made, "2024-06-30") == [("unknown", "no_trigger")]
    assert states(meeting(), made, "2024-06-30") == [("unknown", "no_trigger")]


def test_5_several_tests_fail_for_the_reason_of_the_first() -> None:
    many = Measure("n", Count(Rows(Table.EVENTS, frozenset({"meeting"}))))
    tests = (Bounds("n", None, number(5)), Condition(BIG, "holder_condition"), Bounds("n", number(1), None, "no_document"))
    made = Judgement(header(), Calendar(MONTH), Judge.WINDOW, (many,), tests)
    assert states(meeting(size=3), made, "2024-06-30", "2024-01") == [("violated", "holder_condition")]
    assert states(meeting(size=9), made, "2024-06-30", "2024-01") == [("violated", "no_document")]
    assert only(meeting(size=9), made, "2024-06-30", "2024-01").required == "..5"


def test_5_a_parameter_none_is_no_bound_as_a_bound_and_missing_elsewhere() -> None:
    unbounded = (Parameter("p", Type.NUMBER, (DatedValue(None, unbounded=True),)),)
    assert only(meeting(), program(counting(at_least=parameter("p")), parameters=unbounded), "2024-06-30", Q1).state == "satisfied"
    doubled = op(Operator.MULTIPLY, parameter("p"), number(2), type_=Type.NUMBER)
    assert states(meeting(), program(counting(at_least=doubled), parameters=unbounded), "2024-06-30", Q1) == [("unknown", "parameter_missing")]


def test_6_nothing_and_not_applicable_show_no_numbers() -> None:
    assert only(meeting(), counting(measured=Measured.NOTHING), "2024-06-30", Q1).measured == ""
    found = only(meeting(since="2024-02-01"), FEW, "2024-06-30", Q1)
    assert (found.measured, found.required) == ("", "")


def test_6_rows_are_sorted_by_code_points_with_null_dates_first() -> None:
    rows = [
        Verdict("r", "b", "z", date(2024, 1, 1), date(2024, 1, 31), "satisfied", "met", "", "", None, "b"),
        Verdict("r", "b", "", None, None, "unknown", "no_trigger", "", "", None, "b"),
        Verdict("r", "b", "", date(1, 1, 1), date(2024, 1, 31), "satisfied", "met", "", "", None, "b"),
        Verdict("r", "B", "", date(2025, 1, 1), date(2025, 1, 31), "satisfied", "met", "", "", None, "B"),
        Verdict("r", "b", "a", date(2024, 1, 1), date(2024, 1, 31), "satisfied", "met", "", "", None, "b"),
    ]
    assert [rows.index(row) for row in RowsTable(rows).rows()] == [3, 1, 2, 4, 0]


@pytest.mark.parametrize("count", [0, 2])
def test_6_the_table_is_read_by_arrow_without_a_copy(count: int) -> None:
    import polars
    import pyarrow

    world = World().organization("b").organization("c")
    table = Executor().run(program(FEW), world.admitted(), context("2024-06-30", Q1)) if count else RowsTable([])
    read = pyarrow.table(table)
    assert (read.num_rows, len(table), tuple(read.column_names)) == (count, count, COLUMNS)
    assert {str(read.schema.field(name).type) for name in ("window_from", "window_until", "due_on")} == {"date32[day]"}
    assert [Verdict(*row) for row in zip(*(column.to_pylist() for column in read.columns), strict=True)] == list(table.rows())
    assert polars.DataFrame(table).height == count


def test_the_interpreter_computes_everything() -> None:
    executor: AnyExecutor = Executor()
    assert (executor.name, executor.unsupported(MISSING)) == ("interpreter", [])


def test_law_2_the_order_of_the_rows_changes_nothing() -> None:
    world = World().organization("b", size=9).organization("c", until="2024-02-10").organization("c", since="2024-02-11")
    world.event("b", "2024-02-01", id="e1").event("c", "2024-02", id="e2").event("c", "2024-01-01", id="e3", held="unclear")
    made = counting(windows=Calendar(MONTH))
    before = verdicts(world, made, "2024-06-30", Q1)
    for rows in world.rows.values():
        rows.reverse()
    assert verdicts(world, made, "2024-06-30", Q1) == before

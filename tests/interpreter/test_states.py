"""Meaning section 4: states, open windows, grace."""

from datetime import date
from typing import Any

import pytest

from mofan_rules.ir.expressions import Operator
from mofan_rules.ir.program import Calendar, Judge, Judgement, Partial, Snapshot
from mofan_rules.ir.rows import Place, Rows
from mofan_rules.schema import Table
from mofan_rules.values.dates import CivilDate
from tests.interpreter.world import MONTH, QUARTER, TODAY, YEAR, World, condition, counting, days, months, number, of_subject, only, op, states, verdicts

POST = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date")


def occupied(windows: Any = TODAY, judge: Judge = Judge.DAY, **more: Any) -> Judgement:
    return counting(POST, windows, judge=judge, **more)


def vacant(*gaps: tuple[str, str]) -> World:
    """A branch whose post is vacant in the gaps, first and last day included."""
    world, since = World().organization("b", since="2020-01-01"), "2020-01-01"
    for number_, (first, last) in enumerate(gaps):
        world.tenure("b", f"p{number_}", since, date.fromordinal(date.fromisoformat(first).toordinal() - 1).isoformat())
        since = date.fromordinal(date.fromisoformat(last).toordinal() + 1).isoformat()
    return world.tenure("b", "p", since)


GAP = vacant(("2024-02-10", "2024-02-29"))


def test_4_1_the_test_is_taken_on_a_day() -> None:
    assert states(GAP, occupied(), "2024-02-09") == [("satisfied", "met")]
    assert states(GAP, occupied(), "2024-02-10") == [("violated", "too_few")]
    assert states(GAP, occupied(), "2024-03-01") == [("satisfied", "met")]


def test_4_1_dated_rows_of_a_state_are_all_up_to_the_day() -> None:
    world = World().organization("b", since="2024-02-01").event("b", "2024-01-10").event("b", "2024-02-10").event("b", "2024-03-10")
    events = Rows(Table.EVENTS, frozenset({"meeting"}))
    assert only(world, counting(events, Snapshot(), at_least=None, judge=Judge.DAY), "2024-03-09").measured == "1"
    anywhere = Rows(Table.EVENTS, frozenset({"meeting"}), place=Place.ANY)
    assert only(world, counting(anywhere, Snapshot(), at_least=None, judge=Judge.DAY), "2024-03-09").measured == "2"


def test_4_2_a_calendar_state_is_judged_on_each_reference_day() -> None:
    found = [(verdict.state, verdict.due_on) for verdict in verdicts(GAP, occupied(Calendar(MONTH)), "2024-04-15", "2024-02..2024-03")]
    assert found == [("violated", date(2024, 2, 29)), ("satisfied", date(2024, 3, 31))]


def test_4_3_an_open_window_of_a_state_is_pending_whatever_the_day_says() -> None:
    assert states(GAP, occupied(Calendar(QUARTER)), "2024-02-05", "2024-01..2024-03") == [("pending", "open")]
    assert states(GAP, occupied(Calendar(QUARTER)), "2024-02-15", "2024-01..2024-03") == [("pending", "open")]


def test_4_3_throughout_a_failing_day_is_settled_at_once() -> None:
    through = occupied(Calendar(QUARTER), Judge.THROUGHOUT)
    assert states(GAP, through, "2024-02-09", "2024-01..2024-03") == [("pending", "open")]
    assert states(GAP, through, "2024-02-10", "2024-01..2024-03") == [("violated", "not_throughout")]
    assert states(GAP, through, "2024-07-01", "2024-01..2024-06") == [("violated", "not_throughout"), ("satisfied", "met")]


@pytest.mark.parametrize(
    ("as_of", "grace", "expected"),
    [
        ("2024-02-15", days(20), ("pending", "grace")),
        ("2024-03-01", days(20), ("satisfied", "met")),
        ("2024-02-20", days(10), ("pending", "grace")),
        ("2024-02-21", days(10), ("violated", "too_few")),
        ("2024-02-29", days(0), ("violated", "too_few")),
        ("2024-02-10", days(0), ("pending", "grace")),
    ],
)
def test_4_4_a_run_is_forgiven_while_it_does_not_exceed_the_grace(as_of: str, grace: Any, expected: tuple[str, str]) -> None:
    assert states(GAP, occupied(grace=grace), as_of) == [expected]


def test_4_4_a_running_run_is_due_when_its_grace_ends() -> None:
    assert only(GAP, occupied(grace=months(1)), "2024-02-15").due_on == date(2024, 3, 10)
    assert only(GAP, occupied(grace=CivilDate(2, 20)), "2024-02-15").due_on == date(2024, 2, 20)


def test_4_4_a_run_that_is_over_is_forgiven_on_a_past_reference_day() -> None:
    monthly = occupied(Calendar(MONTH), grace=days(20))
    assert states(GAP, monthly, "2024-04-15", "2024-02") == [("satisfied", "forgiven")]
    assert states(GAP, occupied(Calendar(MONTH), grace=days(19)), "2024-04-15", "2024-02") == [("violated", "too_few")]


def test_4_4_a_run_reaches_beyond_the_window() -> None:
    world = vacant(("2024-01-20", "2024-03-10"))
    for grace, expected in ((days(51), ("satisfied", "forgiven")), (days(50), ("violated", "not_throughout"))):
        assert states(world, occupied(Calendar(MONTH), Judge.THROUGHOUT, grace=grace), "2024-06-01", "2024-02") == [expected]


def test_4_4_throughout_looks_at_every_run() -> None:
    world = vacant(("2024-01-20", "2024-01-25"), ("2024-05-01", "2024-05-20"))
    yearly = occupied(Calendar(YEAR), Judge.THROUGHOUT, grace=days(10))
    assert states(world, yearly, "2025-01-01", "2024") == [("violated", "not_throughout")]
    assert states(world, occupied(Calendar(YEAR), Judge.THROUGHOUT, grace=days(20)), "2025-01-01", "2024") == [("satisfied", "forgiven")]
    assert states(world, yearly, "2024-05-05", "2024") == [("pending", "grace")]


def test_4_4_a_possible_run_that_exceeds_is_undecided() -> None:
    world = World().organization("b", since="2020-01-01").tenure("b", "p", "2020-01-01", "2024-02-09").tenure("b", "q", "2024-02-15..2024-03-10")
    assert states(world, occupied(grace=days(10)), "2024-03-01") == [("unknown", "undecided_rows")]
    assert states(world, occupied(Calendar(MONTH), Judge.THROUGHOUT, grace=days(10)), "2024-05-01", "2024-02") == [("unknown", "undecided_rows")]
    assert states(world, occupied(Calendar(MONTH), Judge.THROUGHOUT, grace=days(10)), "2024-05-01", "2024-03") == [("unknown", "undecided_days")]
    assert states(world, occupied(grace=days(30)), "2024-03-01") == [("pending", "grace")]
    assert only(world, occupied(grace=days(30)), "2024-03-01").due_on == date(2024, 3, 11)


def test_4_4_a_post_that_was_never_held_exceeds_every_grace() -> None:
    assert states(World().organization("b", since="open"), occupied(grace=days(90)), "2024-03-01") == [("violated", "too_few")]


def test_4_4_without_grace_undecided_days_of_throughout() -> None:
    world = World().organization("b").tenure("b", "p", "2020-01-01", "2024-02-09").tenure("b", "q", "2024-02-10..2024-02-12")
    assert states(world, occupied(Calendar(MONTH), Judge.THROUGHOUT), "2024-05-01", "2024-02") == [("unknown", "undecided_days")]


def test_4_4_days_that_are_not_bound_do_not_fail() -> None:
    world = World().organization("b", since="2024-02-20").tenure("b", "p", "2024-03-01")
    through = occupied(Calendar(QUARTER), Judge.THROUGHOUT, partial=Partial.REQUIRE, grace=days(10))
    assert states(world, through, "2024-06-01", "2024-01..2024-03") == [("satisfied", "forgiven")]


def test_4_5_measured_is_that_of_the_reference_day() -> None:
    through = occupied(Calendar(QUARTER), Judge.THROUGHOUT, at_least=number(2))
    assert [verdict.measured for verdict in verdicts(GAP, through, "2024-06-01", "2024-01..2024-03")] == ["1"]


def test_a_condition_on_the_subject_is_a_state() -> None:
    big = op(Operator.GREATER, of_subject("size"), number(5))
    world = World().organization("b", until="2024-02-10", size=9).organization("b", since="2024-02-11", size=3)
    assert states(world, condition(big), "2024-02-10") == [("satisfied", "met")]
    assert states(world, condition(big), "2024-02-11") == [("violated", "condition_false")]
    assert states(world, condition(big, grace=days(30)), "2024-02-11") == [("pending", "grace")]

"""Meaning section 3 and `ir.measures`: what happened in a window, every quantity, feeds, prorating, waivers."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from mofan_rules.ir.expressions import Const, Expression, Holds, Operator
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.program import Bounds, Calendar, Each, Judge, Judgement, Measured, Modality, Once, Partial, Snapshot
from mofan_rules.ir.rows import ByRole, Direction, Linked, OfLinked, Own, Place, Rows
from mofan_rules.schema import Table, Type, Vocabulary, WaiverPolicy
from tests.interpreter.world import (
    ATTRIBUTES,
    COLUMN,
    MEETINGS,
    MONTH,
    QUARTER,
    VOCABULARY,
    WEEK,
    YEAR,
    World,
    condition,
    counting,
    day,
    days,
    header,
    lasting,
    number,
    of_subject,
    only,
    op,
    row,
    states,
    text,
    value_of,
    verdicts,
)

Q1 = "2024-01..2024-03"
HALF = op(Operator.AT_LEAST, op(Operator.MULTIPLY, row("attended"), number(2), type_=Type.NUMBER), row("expected"))
SECRETARIES = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date")


def measured(world: World, quantity: Any = None, as_of: str = "2024-06-30", period: str = Q1, **more: Any) -> str:
    """What a measure of `b` in the first quarter says; without bounds `measured` shows it whole."""
    made = counting(quantity=quantity, at_least=None, **more)
    return next(verdict for verdict in verdicts(world, made, as_of, period) if verdict.subject == "b").measured


def branch(**attributes: Any) -> World:
    return World().organization("b", **attributes)


# 3.1 rows match


def test_3_1_an_exact_date_lies_in_its_window_alone() -> None:
    assert measured(branch().event("b", "2024-01-01").event("b", "2024-03-31").event("b", "2024-04-01").event("b", "2023-12-31")) == "2"


def test_3_1_a_date_known_in_part_may_lie_in_the_window() -> None:
    assert measured(branch().event("b", "2024-02").event("b", "2024").event("b", None).event("b", "2025")) == "1..3"


def test_3_1_nothing_dated_after_the_as_of_date_is_seen() -> None:
    assert measured(branch().event("b", "2024-03-11").event("b", "2024-03-10"), as_of="2024-03-10", period="2024") == "1"
    assert measured(branch().event("b", "2024-03"), as_of="2024-03-10", period="2024") == "0..1"


def test_3_1_a_row_counts_only_while_the_subject_exists() -> None:
    world = branch(until="2024-02-10").event("b", "2024-02-10").event("b", "2024-02-11").event("b", "2024-02")
    assert measured(world, partial=Partial.REQUIRE) == "1..2"


def test_3_1_belongs_to_counts_for_the_window_that_contains_it() -> None:
    world = branch().event("b", "2024-04-05", belongs_to="2024-03").event("b", "2024-02-05", belongs_to="2023-12")
    assert measured(world) == "0"
    assert measured(world, grace=days(10)) == "1"


def test_3_1_a_longer_belongs_to_counts_by_date_compared_in_calendar_months() -> None:
    world = branch().event("b", "2024-01-05", belongs_to="2024").event("b", "2024-01-06", belongs_to="2024-01-31..2024-03-01")
    assert measured(world) == "2"
    monthly = [verdict.measured for verdict in verdicts(world, counting(at_least=None, windows=Calendar(MONTH)), "2024-06-30", Q1)]
    assert monthly == ["2", "0", "0"]


def test_3_1_a_belongs_to_astride_two_windows_counts_by_date() -> None:
    world = branch().event("b", "2024-01-05", belongs_to="2024-02..2024-04")
    assert measured(world) == "1"


def test_3_1_weeks_are_compared_in_days() -> None:
    world = branch().event("b", "2024-01-05", belongs_to="2024-01-08..2024-01-14").event("b", "2024-01-05", belongs_to="2024-01-08..2024-01-15")
    found = verdicts(world, counting(at_least=None, windows=Calendar(WEEK), grace=days(0)), "2024-06-30", "2024-01-01..2024-01-14")
    assert [verdict.measured for verdict in found] == ["1", "1"]


def test_3_1_belongs_to_and_a_single_window() -> None:
    once = Once(day("2024-01-10"), day("2024-02-10"))
    world = (
        branch().event("b", "2024-01-20", belongs_to="2023-12").event("b", "2024-01-21", belongs_to="2024-01").event("b", "2024-01-22", belongs_to="2024-01-15")
    )
    assert measured(world, windows=once) == "2"


def test_3_1_by_period_outside_calendars_looks_at_the_date() -> None:
    world = branch().event("b", "2024-05-30", belongs_to="2023-12")
    assert only(world, counting(MEETINGS, Snapshot(), at_least=None, judge=Judge.DAY), "2024-06-30").measured == "1"


def test_3_1_overlapping_shares_a_day_with_the_window() -> None:
    held = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.OVERLAPPING, date="from_date")
    world = (
        branch().tenure("b", "p", "2023-01-01", "2024-01-01").tenure("b", "q", "2024-03-31").tenure("b", "r", "2024-04-01").tenure("b", "s", "2023", "2023-12")
    )
    assert measured(world.tenure("b", "u", "2023-01-01", "2024-01"), Count(held)) == "3"


def test_3_1_in_force_in_a_window_looks_at_the_reference_day() -> None:
    world = branch().tenure("b", "p", "2023-01-01", "2024-03-30").tenure("b", "q", "2024-03-31").tenure("b", "r", "2024-03-01..2024-04-30")
    assert measured(world, Count(SECRETARIES)) == "1..2"


def test_3_1_fields_of_the_subject_in_a_where_are_those_of_the_rows_own_date() -> None:
    big = op(Operator.GREATER, of_subject("size"), number(5))
    world = branch(until="2024-01-31", size=3).organization("b", since="2024-02-01", size=9).event("b", "2024-01-20").event("b", "2024-02-20")
    meetings = Rows(Table.EVENTS, frozenset({"meeting"}), where=big)
    assert measured(world, Count(meetings)) == "1"
    assert measured(world.event("b", "2024-01-20..2024-02-10"), Count(meetings)) == "1..2"


def test_rows_kinds_held_where_and_certainty_say_how_far_a_row_matches() -> None:
    world = branch().event("b", "2024-01-01", "lecture").event("b", "2024-01-02", "visit").event("b", "2024-01-03", held="no")
    assert measured(world) == "1"
    assert measured(world.event("b", "2024-01-04", held="unclear")) == "1..2"
    assert measured(world.event("b", "2024-01-05", None, certain=False)) == "1..3"
    assert measured(world.event(None, "2024-01-06", certain=False)) == "1..4"
    sized = Rows(Table.EVENTS, frozenset({"meeting"}), where=HALF)
    world = branch().event("b", "2024-01-01", expected=10, attended=5).event("b", "2024-01-01", expected=10, attended=4).event("b", "2024-01-01", expected=10)
    assert measured(world, Count(sized)) == "1..2"


def test_an_owner_column_may_name_a_second_party_and_its_absence_leaves_it_open() -> None:
    world = (
        branch()
        .organization("u", "unit")
        .event("u", "2024-01-10", "visit", visited="b")
        .event("u", "2024-01-11", "visit", visited="u")
        .event("u", "2024-01-12", "visit")
    )
    for written in world.rows[Table.EVENTS]:
        written[COLUMN["visited"]] = {"b": 0, "u": 1, None: None}[written.get(COLUMN["visited"])]
    assert measured(world, Count(Rows(Table.EVENTS, frozenset({"visit"}), Own(COLUMN["visited"])))) == "1..2"


# quantities


def test_count_takes_an_id_once_and_anonymous_rows_as_one_to_many() -> None:
    assert measured(branch().event("b", "2024-01-10", id="e").event("b", "2024-01-10", "lecture", id="e")) == "1"
    assert measured(branch().tenure("b", "p", "2020-01-01").tenure("b", "p", "2021-01-01").tenure("b", "q", "2021-01-01"), Count(SECRETARIES)) == "2"
    assert measured(branch().tenure("b", None, "2020-01-01").tenure("b", None, "2021-01-01"), Count(SECRETARIES)) == "1..2"
    assert measured(branch().tenure("b", "p", "2020-01-01").tenure("b", None, "2021-01-01"), Count(SECRETARIES)) == "1..2"


def test_count_of_distinct_values() -> None:
    topics = Count(Rows(Table.EVENTS, frozenset({"meeting"})), row("topic", Type.TEXT))
    world = branch().event("b", "2024-01-10", topic="x").event("b", "2024-01-11", topic="x").event("b", "2024-01-12", topic="y").event("b", "2024-01-13")
    assert measured(world, topics) == "2..3"


def test_total_adds_rows_and_takes_missing_values_between_the_declared_bounds() -> None:
    hours = Total(Rows(Table.EVENTS, frozenset({"meeting"})), row("hours", Type.NUMBER), minimum=0)
    world = branch().event("b", "2024-01-10", hours=1.5).event("b", "2024-01-11", hours=2)
    assert measured(world, hours) == "3.5"
    assert measured(world.event("b", "2024-01-12", hours=4, held="unclear"), hours) == "3.5..7.5"
    assert measured(world.event("b", "2024-01-13"), hours) == "3.5.."
    bounded = Total(hours.rows, hours.value, minimum=0, maximum=8)
    assert measured(world, bounded) == "3.5..15.5"
    unbounded = Total(hours.rows, hours.value)
    assert measured(world, unbounded) == ""


def test_total_of_negative_numbers_opens_downwards() -> None:
    negative = Total(Rows(Table.EVENTS, frozenset({"meeting"})), op(Operator.NEGATE, row("hours", Type.NUMBER), type_=Type.NUMBER), maximum=0)
    world = branch().event("b", "2024-01-10", hours=2, held="unclear")
    assert measured(world, negative) == "-2..0"
    assert measured(world.feed(Table.EVENTS), negative) == "..0"


def latest(**more: Any) -> Extreme:
    rows = Rows(Table.EVIDENCE, frozenset({"rating"}), place=Place.ANY)
    return Extreme(rows, row("score", Type.NUMBER), **more)


def test_extreme_is_the_value_at_the_latest_or_earliest_row() -> None:
    world = branch().document("b", "2024-01-01", kind="rating", score=1, id="d1").document("b", "2024-02-01", kind="rating", score=2, id="d2")
    assert measured(world, latest()) == "2"
    assert measured(world, latest(latest=False)) == "1"
    assert measured(world.document("b", "2024-02-01", kind="rating", score=7, id="d3"), latest()) == "7"


def test_extreme_joins_all_rows_that_no_sure_row_beats() -> None:
    world = branch().document("b", "2024-02-01", kind="rating", score=2, id="d1").document("b", "2024-02", kind="rating", score=5, id="d2")
    assert measured(world, latest()) == "2..5"
    assert measured(world.document("b", "2024-03-01", kind="rating", score=3, id="d3", certain=False), latest()) == "2..5"
    assert measured(world.document("b", "2024-03-02", kind="rating", score=4, id="d4"), latest()) == "4"


def test_extreme_without_a_sure_row_joins_the_default() -> None:
    assert measured(branch(), latest(default=number(0))) == "0"
    assert measured(branch().document("b", "2024-03-01", kind="rating", score=3, certain=False), latest(default=number(0))) == "0..3"
    assert measured(branch(), latest()) == ""


def test_extreme_is_unknown_if_a_row_could_still_beat_every_sure_one() -> None:
    world = branch().document("b", "2024-02-01", kind="rating", score=2)
    assert measured(world.feed(Table.EVIDENCE, until="2024-02-01"), latest()) == "2"
    assert measured(world.feed(Table.EVIDENCE, since="2024-02-02"), latest()) == ""


def test_extreme_of_truths_and_texts_agrees_or_is_unknown() -> None:
    def graded(world: World) -> str:
        good = op(Operator.AMONG, row("grade", Type.TEXT), text("A"), text("B"))
        quantity = Extreme(Rows(Table.EVIDENCE, frozenset({"rating"}), place=Place.IN_FORCE), good, default=Const(False, Type.BOOLEAN))
        made = condition(value_of("g", Type.BOOLEAN), measures=(Measure("g", quantity),))
        return only(world, made, "2024-06-30").state

    assert graded(branch().document("b", "2024-01-01", kind="rating", grade="A")) == "satisfied"
    assert graded(branch().document("b", "2024-01-01", kind="rating", grade="C")) == "violated"
    assert graded(branch()) == "violated"
    assert graded(branch().document("b", "2024-01-01", kind="rating")) == "unknown"
    both = branch().document("b", "2024-01", kind="rating", grade="A").document("b", "2024-01", kind="rating", grade="B")
    assert graded(both) == "satisfied"
    assert graded(both.document("b", "2024-01", kind="rating", grade="C")) == "unknown"


def test_missing_asks_whether_the_latest_is_there() -> None:
    def absent(world: World) -> str:
        quantity = Extreme(Rows(Table.EVIDENCE, frozenset({"plan"}), place=Place.IN_FORCE), row("grade", Type.TEXT))
        made = condition(op(Operator.MISSING, value_of("g", Type.TEXT)), measures=(Measure("g", quantity),))
        return only(world, made, "2024-06-30").state

    assert absent(branch()) == "satisfied"
    assert absent(branch().document("b", "2024-01-01")) == "violated"
    assert absent(branch().document("b", "2024-01-01", certain=False)) == "unknown"
    assert absent(branch().feed(Table.EVIDENCE)) == "unknown"


def test_largest_group() -> None:
    grouped = LargestGroup(Rows(Table.EVENTS, frozenset({"meeting"})), row("topic", Type.TEXT))
    world = branch().event("b", "2024-01-10", topic="x").event("b", "2024-01-11", topic="x").event("b", "2024-01-12", topic="y")
    assert measured(branch(), grouped) == "0"
    assert measured(world, grouped) == "2"
    assert measured(world.event("b", "2024-01-13"), grouped) == "2..3"
    assert measured(world.feed(Table.EVENTS), grouped) == "2.."
    assert measured(branch().event("b", "2024-01-13").event("b", "2024-01-14"), grouped) == "1..2"


# 3.3 open windows, per and previous


def test_3_3_an_open_window_may_still_get_more() -> None:
    world = branch().event("b", "2024-01-10")
    assert states(world, counting(at_least=number(2)), "2024-03-31", Q1) == [("pending", "open")]
    assert states(world, counting(at_least=number(1)), "2024-01-31", Q1) == [("satisfied", "met")]
    assert states(world, counting(at_least=None, at_most=number(1)), "2024-03-31", Q1) == [("pending", "open")]
    assert states(world, counting(at_least=None, at_most=number(0)), "2024-01-31", Q1) == [("violated", "too_many")]
    assert states(world, counting(at_least=None, at_most=number(1)), "2024-04-01", Q1) == [("satisfied", "met")]


def test_3_3_extremes_of_open_windows_are_unknown_and_totals_open_upwards() -> None:
    world = branch().event("b", "2024-01-10", hours=5)
    hours = Total(Rows(Table.EVENTS, frozenset({"meeting"})), row("hours", Type.NUMBER), minimum=0)
    assert states(world, counting(quantity=hours, at_least=number(5)), "2024-02-01", Q1) == [("satisfied", "met")]
    assert states(world, counting(quantity=hours, at_least=None, at_most=number(9)), "2024-02-01", Q1) == [("pending", "open")]
    last = Extreme(Rows(Table.EVENTS, frozenset({"meeting"})), row("hours", Type.NUMBER))
    assert states(world, counting(quantity=last, at_least=number(1)), "2024-02-01", Q1) == [("pending", "open")]


def test_3_3_a_judgement_that_reads_no_measure_is_never_open() -> None:
    made = condition(op(Operator.GREATER, of_subject("size"), number(5)), Calendar(QUARTER), Judge.WINDOW)
    assert states(branch(size=9), made, "2024-02-01", Q1) == [("satisfied", "met")]
    assert states(branch(), made, "2024-02-01", Q1) == [("unknown", "value_missing")]


def test_previous_and_per() -> None:
    world = branch().event("b", "2023-11-10").event("b", "2023-12-10").event("b", "2024-03-10")
    before = Measure("before", Count(MEETINGS), WindowOf.PREVIOUS)
    assert only(world, counting(measure=before, at_least=None), "2024-06-30", Q1).measured == "2"
    yearly = Measure("yearly", Count(MEETINGS), per=YEAR)
    assert only(world, counting(measure=yearly, at_least=None), "2024-06-30", Q1).measured == "1"
    year_before = Measure("year before", Count(MEETINGS), WindowOf.PREVIOUS, YEAR)
    assert only(world, counting(measure=year_before, at_least=None), "2024-06-30", Q1).measured == "2"
    state = counting(measure=year_before, windows=Snapshot(), at_least=None, judge=Judge.DAY)
    assert only(world, state, "2024-06-30").measured == "2"


def test_a_window_before_that_is_over_is_not_extended() -> None:
    before = Measure("before", Count(MEETINGS), WindowOf.PREVIOUS)
    assert states(branch(), counting(measure=before), "2024-02-01", Q1) == [("violated", "too_few")]
    assert states(branch(), counting(measure=Measure("yearly", Count(MEETINGS), per=YEAR)), "2024-06-30", Q1) == [("unknown", "value_missing")]


# feeds


@pytest.mark.parametrize(
    ("feeds", "expected"),
    [
        ([{"complete": False}], "0.."),
        ([{"complete": False, "kind": "meeting"}], "0.."),
        ([{"complete": False, "kind": "election"}], "0"),
        ([{"complete": False, "until": "2023-12-31"}], "0"),
        ([{"complete": False, "since": "2024-03-31"}], "0.."),
        ([{"complete": False, "organization": "b"}], "0.."),
        ([{"complete": False, "organization": "c"}], "0"),
        ([{"complete": False}, {"complete": True, "kind": "meeting"}], "0"),
        ([{"complete": False, "kind": "meeting"}, {"complete": True, "organization": "b"}], "0.."),
        ([{"complete": False, "kind": "meeting"}, {"complete": True, "organization": "b", "kind": "meeting"}], "0"),
        ([{"complete": True}, {"complete": False}], "0.."),
    ],
)
def test_the_feed_that_names_more_wins_and_between_equals_incomplete(feeds: list[dict[str, Any]], expected: str) -> None:
    world = branch().organization("c")
    for feed in feeds:
        world.feed(Table.EVENTS, **feed)
    assert measured(world) == expected


def test_a_kind_is_fed_by_the_feed_of_a_wider_kind_and_a_measure_by_all_its_kinds() -> None:
    lectures = Count(Rows(Table.EVENTS, frozenset({"lecture"})))
    assert measured(branch().feed(Table.EVENTS, kind="meeting"), lectures) == "0.."
    assert measured(branch().feed(Table.EVENTS, kind="lecture")) == "0.."
    assert measured(branch().feed(Table.EVENTS, kind="visit"), Count(Rows(Table.EVENTS))) == "0.."


def test_a_state_is_fed_on_the_day_judged_and_evidence_on_every_day_before() -> None:
    posts = counting(SECRETARIES, Snapshot(), at_least=None, judge=Judge.DAY)
    assert only(branch().feed(Table.TENURES, until="2024-06-29"), posts, "2024-06-30").measured == "0"
    assert only(branch().feed(Table.TENURES, since="2024-06-30"), posts, "2024-06-30").measured == "0.."
    plans = counting(Rows(Table.EVIDENCE, frozenset({"plan"}), place=Place.IN_FORCE), Snapshot(), at_least=None, judge=Judge.DAY)
    assert only(branch().feed(Table.EVIDENCE, until="2010-01-01"), plans, "2024-06-30").measured == "0.."


def test_linked_rows_need_the_feeds_of_the_links_too() -> None:
    def below(world: World) -> str:
        meetings = Rows(Table.EVENTS, frozenset({"meeting"}), OfLinked(Linked("part_of", Direction.IN)))
        made = counting(meetings, at_least=None, subjects=frozenset({"unit"}))
        return only(world.organization("u", "unit").organization("b").relation("b", "u"), made, "2024-06-30", Q1).measured

    assert below(World()) == "0"
    assert below(World().feed(Table.RELATIONS, kind="part_of", organization="u")) == "0.."
    assert below(World().feed(Table.RELATIONS, kind="guides")) == "0"
    assert below(World().feed(Table.ORGANIZATIONS)) == "0.."
    assert below(World().feed(Table.EVENTS, organization="b")) == "0.."
    assert below(World().feed(Table.EVENTS, organization="u")) == "0"


def test_the_organizations_that_holders_are_need_the_feeds_of_tenures_and_organizations() -> None:
    def seats(world: World) -> str:
        rows = Rows(Table.ORGANIZATIONS, frozenset({"unit"}), ByRole(frozenset({"secretary"})), Place.IN_FORCE)
        return only(world.organization("b"), counting(rows, Snapshot(), at_least=None, judge=Judge.DAY), "2024-06-30").measured

    assert seats(World()) == "0"
    assert seats(World().feed(Table.TENURES, kind="secretary")) == "0.."
    assert seats(World().feed(Table.TENURES, kind="deputy")) == "0"
    assert seats(World().feed(Table.ORGANIZATIONS, kind="unit")) == "0.."
    assert seats(World().feed(Table.ORGANIZATIONS, kind="group")) == "0"


def test_a_second_partys_rows_may_be_recorded_by_anybody() -> None:
    visits = Count(Rows(Table.EVENTS, frozenset({"visit"}), Own(COLUMN["visited"])))
    assert measured(branch().organization("c").feed(Table.EVENTS, organization="c"), visits) == "0.."


# 3.4 prorating


def test_3_4_prorating_multiplies_the_bounds_exactly() -> None:
    world = branch(since="2024-02-15").event("b", "2024-02-20")
    made = counting(at_least=number(3), partial=Partial.PRORATE)
    assert only(world, made, "2024-06-30", Q1).required == "138/91.."
    assert states(world, made, "2024-06-30", Q1) == [("violated", "too_few")]
    assert states(world.event("b", "2024-02-21"), made, "2024-06-30", Q1) == [("satisfied", "met")]


def test_3_4_prorating_by_days_that_are_only_possibly_bound_is_an_interval() -> None:
    world = branch(since="2024-02-15..2024-02-20").event("b", "2024-02-25")
    assert only(world, counting(at_least=number(3), partial=Partial.PRORATE), "2024-06-30", Q1).required == ""


def test_3_4_no_whole_number_between_prorated_bounds() -> None:
    world = branch(since="2024-02-15").event("b", "2024-02-20", held="unclear")
    made = counting(at_least=number(1), at_most=number(1), partial=Partial.PRORATE)
    assert states(world, made, "2024-06-30", Q1) == [("violated", "too_many")]


# 3.5 waivers


def waived(world: World, policy: WaiverPolicy | None = None, **more: Any) -> World:
    world.vocabulary = Vocabulary(VOCABULARY.kinds, ATTRIBUTES, None, {"r": policy or WaiverPolicy(must=False, waivable=False)})
    return world


def test_3_5_a_waiver_covers_a_window_whose_last_day_lies_in_it() -> None:
    assert states(branch().waiver("b", "r", "2024-03-31", "2024-03-31"), counting(), "2024-06-30", Q1) == [("waived", "waived")]
    assert states(branch().waiver("b", "r", "2024-01-01", "2024-03-30"), counting(), "2024-06-30", Q1) == [("violated", "too_few")]
    assert states(branch().waiver("b", "other", "2024-01-01", "2024-12-30"), counting(), "2024-06-30", Q1) == [("violated", "too_few")]
    assert states(branch().event("b", "2024-01-02").waiver("b", "r", "2024-01-01", "2024-12-30"), counting(), "2024-06-30", Q1) == [("satisfied", "met")]


def test_3_5_a_waiver_after_the_as_of_date_is_not_seen() -> None:
    assert states(branch().waiver("b", "r", "2024-03-10", "2024-12-31"), counting(), "2024-03-09", Q1) == [("pending", "open")]
    assert states(branch().waiver("b", "r", "2024-03-10", "2024-12-31"), counting(), "2024-03-10", Q1) == [("waived", "waived")]


def test_3_5_a_waiver_that_may_cover_is_a_doubt_if_the_policy_admits_any() -> None:
    for doubtful in (
        branch().waiver("b", "r", "2024-01-01", "2024-12-31", certain=False),
        branch().waiver("b", "r", "2024-01-01", "2024-03"),
        branch().waiver("b", None, "2024-01-01", "2024-12-31", certain=False),
        branch().feed(Table.WAIVERS, kind="r"),
        branch().feed(Table.WAIVERS, since="2024-03-31", until="2024-03-31"),
    ):
        assert states(waived(doubtful), counting(), "2024-06-30", Q1) == [("unknown", "waiver_unknown")]
        assert states(waived(doubtful, WaiverPolicy(must=True, waivable=False)), counting(), "2024-06-30", Q1) == [("violated", "too_few")]
    assert states(waived(branch().feed(Table.WAIVERS, until="2024-03-30")), counting(), "2024-06-30", Q1) == [("violated", "too_few")]


def awaited(**more: Any) -> Judgement:
    each = Each(Rows(Table.EVENTS, frozenset({"visit"})), lasting(days(0)), lasting(days(10)))
    measure = Measure("n", Count(Rows(Table.EVENTS, frozenset({"meeting"}))))
    return Judgement(header(kind="deadline", **more), each, Judge.WINDOW, (measure,), (Bounds("n", number(1), None, "missing"),), Measured.DATE)


def test_3_5_on_a_deadline_a_waiver_moves_the_due_day() -> None:
    world = branch().event("b", "2024-01-10", "visit", id="v").waiver("b", "r", "2024-01-15", "2024-03-31")
    found = only(world, awaited(), "2024-02-01")
    assert (found.state, found.reason, found.due_on, found.required) == ("pending", "extended", date(2024, 3, 31), "2024-03-31")
    capped = only(world, awaited(extension=days(20)), "2024-02-01")
    assert (capped.state, capped.reason, capped.due_on) == ("pending", "extended", date(2024, 2, 9))
    assert states(world, awaited(), "2024-04-01") == [("violated", "missing")]
    assert states(world.event("b", "2024-03-30"), awaited(), "2024-04-01") == [("satisfied", "met")]
    assert only(world, awaited(), "2024-04-01").measured == "2024-03-30"


def test_deadline_is_late_if_it_was_answered_afterwards() -> None:
    world = branch().event("b", "2024-01-10", "visit", id="v").event("b", "2024-02-01")
    found = only(world, awaited(), "2024-04-01")
    assert (found.state, found.reason, found.measured, found.required) == ("violated", "late", "2024-02-01", "2024-01-20")


def test_modality_changes_no_state() -> None:
    assert states(branch(), counting(modality=Modality.SHOULD), "2024-06-30", Q1) == [("violated", "too_few")]


# other posts


def other_post(world: World, relation: str | None = None, day_: str = "2024-06-30") -> str:
    held = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date", where=Holds(frozenset({"deputy"}), relation))
    return only(world, counting(held, Snapshot(), at_least=None, judge=Judge.DAY), day_).measured


def test_holds_asks_for_another_post_of_the_same_person() -> None:
    world = branch().tenure("b", "p", "2024-01-01").tenure("b", "p", "2024-01-01", "2024-05-31", role="deputy")
    assert other_post(world, day_="2024-05-31") == "1"
    assert other_post(world) == "0"
    assert other_post(branch().tenure("b", "p", "2024-01-01").tenure("b", None, "2024-01-01", role="deputy")) == "0..1"
    assert other_post(branch().tenure("b", None, "2024-01-01")) == "0..1"
    assert other_post(branch().tenure("b", "p", "2024-01-01").feed(Table.TENURES, kind="deputy")) == "0..1"


def test_holds_may_look_where_a_relation_leads() -> None:
    world = branch().tenure("b", "p", "2024-01-01").relation("b", "u")
    world.organization("u", "unit").tenure("u", "p", "2024-01-01", role="deputy")
    assert other_post(world, "part_of") == "1"
    assert other_post(world) == "0"
    assert other_post(branch().tenure("b", "p", "2024-01-01").feed(Table.RELATIONS, kind="part_of"), "part_of") == "0..1"


def exact(value: Expression) -> Fraction:
    assert isinstance(value, Const)
    assert isinstance(value.value, Fraction)
    return value.value


def test_numbers_are_exact() -> None:
    assert exact(number("29/50")) == Fraction(58, 100)

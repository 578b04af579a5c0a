"""Meaning section 2: windows, the day of the law, selection, triggers and chains."""

from datetime import date

from mofan_rules.ir.expressions import Const, Operator
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import Bounds, Calendar, Chain, Condition, Each, Judge, Judgement, Measured, Once, Partial, Snapshot
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.schema import DatedValue, Parameter, Table, Type
from mofan_rules.values.dates import CivilDate
from mofan_rules.verdicts.table import Verdict
from tests.interpreter.world import (
    COLUMN,
    MONTH,
    QUARTER,
    YEAR,
    World,
    condition,
    counting,
    day,
    days,
    header,
    lasting,
    months,
    number,
    of_subject,
    of_trigger,
    only,
    op,
    parameter,
    program,
    row,
    states,
    text,
    verdicts,
)

VISITS = Rows(Table.EVENTS, frozenset({"visit"}))
ANSWERS = Rows(Table.EVENTS, frozenset({"meeting"}))
NOW = lasting(days(0))


def deadline(each: Each, answers: Rows = ANSWERS, **more: object) -> Judgement:
    measure = Measure("n", Count(answers))
    return Judgement(header(kind="deadline", **more), each, Judge.WINDOW, (measure,), (Bounds("n", number(1), None, "missing"),), Measured.DATE)  # type: ignore[arg-type]


def within(duration: object, trigger: Rows | None = VISITS, **more: object) -> Each:
    return Each(trigger, more.pop("after", NOW), lasting(duration), **more)  # type: ignore[arg-type]


def spans(found: list[Verdict]) -> list[tuple[str, str, str, str]]:
    return [(verdict.key, str(verdict.window_from), str(verdict.window_until), verdict.reason) for verdict in found]


def test_2_1_grace_moves_the_due_day_of_a_window() -> None:
    world = World().organization("b")
    assert only(world, counting(grace=days(10)), "2024-04-05", "2024-01..2024-03").due_on == date(2024, 4, 10)
    assert only(world, counting(grace=CivilDate(3, 31), windows=Calendar(YEAR)), "2024-02-01", "2023").due_on == date(2024, 3, 31)
    assert states(world, counting(grace=days(10)), "2024-04-05", "2024-01..2024-03") == [("pending", "grace")]
    assert states(world, counting(grace=days(10)), "2024-04-11", "2024-01..2024-03") == [("violated", "too_few")]


def test_2_2_a_version_applies_to_the_windows_whose_first_day_it_covers() -> None:
    world = World().organization("b")
    later = counting(first=date(2024, 2, 15))
    assert [verdict.window_from for verdict in verdicts(world, later, "2024-12-31")] == [date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1)]
    earlier = counting(last=date(2024, 1, 1))
    assert [verdict.window_from for verdict in verdicts(world, earlier, "2024-12-31")] == [date(2024, 1, 1)]


def test_2_2_a_state_of_a_day_takes_the_law_of_the_reference_day() -> None:
    world = World().organization("b", size=1)
    made = condition(op(Operator.GREATER, of_subject("size"), number(0)), Calendar(QUARTER), first=date(2024, 3, 31), partial=Partial.REQUIRE)
    assert spans(verdicts(world, made, "2024-07-01", "2024-01..2024-06"))[0][1] == "2024-01-01"


def test_2_3_the_reference_day_is_the_last_on_which_the_subject_may_exist() -> None:
    world = World().organization("b", until="2024-02-10", size=9)
    made = condition(op(Operator.GREATER, of_subject("size"), number(5)), Calendar(QUARTER), partial=Partial.REQUIRE)
    assert states(world, made, "2024-07-01", "2024-01..2024-03") == [("satisfied", "met")]


def test_2_4_there_is_no_row_without_a_day_of_the_kind() -> None:
    world = World().organization("b", until="2024-02-10").organization("b", kind="unit", since="2024-02-11")
    assert spans(verdicts(world, counting(windows=Calendar(MONTH)), "2024-05-01", "2024-01..2024-04")) == [
        ("", "2024-01-01", "2024-01-31", "too_few"),
        ("", "2024-02-01", "2024-02-29", "partial_window"),
    ]


def test_2_6_calendar_windows_that_have_begun_and_end_in_the_period_or_are_open() -> None:
    world = World().organization("b")
    found = verdicts(world, counting(), "2024-05-15", "2024-02-01..2024-04-30")
    assert [verdict.window_until for verdict in found] == [date(2024, 3, 31), date(2024, 6, 30)]
    assert verdicts(world, counting(), "2023-12-31", "2024") == []


def test_2_6_a_snapshot_is_always_selected() -> None:
    made = condition(op(Operator.MISSING, of_subject("size")), Snapshot())
    assert only(World().organization("b"), made, "2024-05-15", "2019").due_on == date(2024, 5, 15)


def test_2_6_an_unanswered_deadline_stays_until_it_is_answered() -> None:
    world = World().organization("b").event("b", "2022-03-01", "visit", id="v1").event("b", "2022-05-01", "visit", id="v2").event("b", "2023-08-01")
    made = deadline(within(days(10)))
    assert [verdict.key for verdict in verdicts(world, made, "2024-05-01", "2022-03")] == ["v1"]
    assert [verdict.key for verdict in verdicts(world, made, "2023-05-01", "2023")] == ["v1", "v2"]
    assert [verdict.reason for verdict in verdicts(world, made, "2023-09-01", "2023-07")] == ["late", "late"]
    assert verdicts(world, made, "2024-09-01", "2024") == []


def test_2_7_windows_begin_on_the_starting_day() -> None:
    world = World().organization("b", founded="2023-11-15", chartered="2024-02-10")
    by_column = counting(windows=Calendar(QUARTER, "founded_on"))
    assert spans(verdicts(world, by_column, "2024-04-01"))[0][1:3] == ("2023-11-15", "2024-02-14")
    by_attribute = counting(windows=Calendar(MONTH, COLUMN["chartered"]))
    assert spans(verdicts(world, by_attribute, "2024-04-01"))[0][1:3] == ("2024-02-10", "2024-03-09")
    fixed = counting(windows=Calendar(MONTH, day("2024-03-31")))
    assert [found[1:3] for found in spans(verdicts(world, fixed, "2024-05-01"))] == [("2024-03-31", "2024-04-29"), ("2024-04-30", "2024-05-30")]


def test_2_7_an_unknown_start_gives_one_row_without_dates() -> None:
    found = only(World().organization("b", founded="2023"), counting(windows=Calendar(QUARTER, "founded_on")), "2024-04-01")
    assert (found.state, found.reason, found.window_from, found.due_on, found.required) == ("unknown", "start_unknown", None, None, "")


def test_2_8_each_trigger_opens_a_window() -> None:
    world = World().organization("b").event("b", "2024-01-10", "visit", id="v1").event("b", "2024-02-10", "visit", id="v2").event("b", "2024-01-15")
    assert spans(verdicts(world, deadline(within(days(10))), "2024-05-01")) == [
        ("v1", "2024-01-10", "2024-01-20", "met"),
        ("v2", "2024-02-10", "2024-02-20", "missing"),
    ]


def test_2_8_offsets_may_be_negative_months_or_from_the_beginning() -> None:
    world = World().organization("b").event("b", "2024-03-31", "visit", id="v")
    assert spans(verdicts(world, deadline(within(months(1), after=lasting(months(-1)))), "2024-05-01"))[0][1:3] == ("2024-02-29", "2024-04-30")
    assert spans(verdicts(world, deadline(within(days(0), after=None)), "2024-05-01"))[0][1:3] == ("0001-01-01", "2024-03-31")
    assert spans(verdicts(world, deadline(within(days(-5))), "2024-05-01"))[0][1:3] == ("2024-03-26", "2024-03-26")


def test_2_8_an_answer_from_the_beginning_of_time_counts_and_does_not_make_the_window_partial() -> None:
    world = World().organization("b").event("b", "2024-03-31", "visit", id="v").event("b", "2003-01-01")
    found = only(world, deadline(within(days(0), after=None)), "2024-05-01")
    assert (found.state, found.measured, found.required) == ("satisfied", "2003-01-01", "2024-03-31")


def test_2_8_months_left_out_are_not_counted() -> None:
    world = World().organization("b").event("b", "2024-10-30", "visit", id="v")
    each = within(days(3), not_counting=frozenset({11, 12}))
    assert spans(verdicts(world, deadline(each), "2025-03-01", "2025-01"))[0][1:3] == ("2024-10-30", "2025-01-02")
    assert spans(verdicts(world, deadline(within(days(0), not_counting=frozenset({10}))), "2024-12-01"))[0][1:3] == ("2024-10-30", "2024-10-30")


def test_2_8_by_a_date_that_the_trigger_carries() -> None:
    world = World().organization("b").event("b", "2024-01-10", "visit", id="v1", deadline="2024-03-05").event("b", "2024-01-11", "visit", id="v2")
    each = Each(VISITS, NOW, None, COLUMN["deadline"])
    assert spans(verdicts(world, deadline(each), "2024-05-01")) == [
        ("v2", "None", "None", "trigger_undated"),
        ("v1", "2024-01-10", "2024-03-05", "missing"),
    ]


def test_2_8_a_trigger_that_may_be_is_undecided() -> None:
    world = World().organization("b").event("b", "2024-01-10", "visit", id="v1", held="unclear").event("b", "2024-01-11", "visit", id="v2", certain=False)
    world.event("b", "2024-01", "visit", id="v3").event("b", "2024-01-12", "visit", id="v4", held="no").event(None, "2024-01-13", None, id="v5", certain=False)
    assert spans(verdicts(world, deadline(within(days(10))), "2024-05-01")) == [
        ("v3", "None", "None", "trigger_undated"),
        ("v1", "2024-01-10", "2024-01-20", "trigger_undecided"),
        ("v2", "2024-01-11", "2024-01-21", "trigger_undecided"),
        ("v5", "2024-01-13", "2024-01-23", "trigger_undecided"),
    ]


def test_2_8_a_where_of_the_trigger_sees_the_subject_of_its_own_date() -> None:
    world = World().organization("b", until="2024-01-31", size=3).organization("b", since="2024-02-01", size=9)
    world.event("b", "2024-01-10", "visit", id="v1").event("b", "2024-02-10", "visit", id="v2")
    big = Rows(Table.EVENTS, frozenset({"visit"}), where=op(Operator.GREATER, of_subject("size"), number(5)))
    assert [verdict.key for verdict in verdicts(world, deadline(within(days(10), big)), "2024-05-01")] == ["v2"]


def test_2_8_a_trigger_after_the_as_of_date_is_not_seen_but_a_planned_end_is() -> None:
    world = World().organization("b").event("b", "2024-07-10", "visit").tenure("b", "p", "2020-01-01", "2024-07-10", id="t").tenure("b", "q", "2020-01-01")
    assert verdicts(world, deadline(within(days(10))), "2024-05-01") == []
    end = Rows(Table.TENURES, frozenset({"secretary"}), date="until_date")
    found = verdicts(world, deadline(within(days(0), end, after=lasting(months(-6)))), "2024-05-01")
    assert spans(found) == [("t", "2024-01-10", "2024-07-10", "open")]


def test_2_8_one_id_gives_one_row_and_a_second_party_may_be_the_subject() -> None:
    world = World().organization("b").organization("u", "unit").event("u", "2024-01-10", "visit", id="v", visited=0)
    world.event("u", "2024-01-10", "meeting", id="v", visited=0)
    each = within(days(10), Rows(Table.EVENTS, None, Own(COLUMN["visited"])))
    assert spans(verdicts(world, deadline(each), "2024-05-01")) == [("v", "2024-01-10", "2024-01-20", "missing")]


def test_2_8_founding() -> None:
    each = Each(None, NOW, lasting(months(1)))
    assert spans(verdicts(World().organization("b", since="2024-01-31", founded="2024-01-31"), deadline(each), "2024-05-01")) == [
        ("founding", "2024-01-31", "2024-02-29", "missing")
    ]
    assert spans(verdicts(World().organization("b"), deadline(each), "2024-05-01")) == [("founding", "None", "None", "no_trigger")]


def test_2_8_a_date_attribute_of_the_subject_is_a_trigger_named_after_it() -> None:
    world = World().organization("b", until="2023-12-31", chartered="2020-01-01").organization("b", since="2024-01-01", chartered="2024-02-01")
    each = within(days(10), Rows(Table.ORGANIZATIONS, None, date=COLUMN["chartered"]))
    assert spans(verdicts(world, deadline(each), "2024-05-01")) == [("chartered", "2024-02-01", "2024-02-11", "missing")]


def test_2_8_where_a_trigger_must_exist_its_absence_is_unknown() -> None:
    assert spans(verdicts(World().organization("b"), deadline(within(days(10), must_exist=True)), "2024-05-01")) == [("", "None", "None", "no_trigger")]
    assert verdicts(World().organization("b"), deadline(within(days(10))), "2024-05-01") == []


def test_2_8_a_missing_offset_leaves_the_trigger_undated() -> None:
    world = World().organization("b").event("b", "2024-01-10", "visit", id="v")
    made = program(deadline(Each(VISITS, NOW, parameter("p", Type.DAYS))), parameters=(Parameter("p", Type.DAYS, (DatedValue(None),)),))
    assert states(world, made, "2024-05-01") == [("unknown", "trigger_undated")]
    known = program(deadline(Each(VISITS, NOW, parameter("p", Type.DAYS))), parameters=(Parameter("p", Type.DAYS, (DatedValue(days(4)),)),))
    assert spans(verdicts(world, known, "2024-05-01"))[0][2] == "2024-01-14"


def test_2_8_without_offsets_the_window_is_the_rows_own_span() -> None:
    posts = Each(Rows(Table.TENURES, frozenset({"secretary"}), date="from_date"))
    full = Condition(op(Operator.EQUAL, of_trigger("full_time", Type.BOOLEAN), Const(True, Type.BOOLEAN)))
    made = Judgement(header(kind="attribute"), posts, Judge.WINDOW, (), (full,), Measured.NOTHING)
    world = (
        World().organization("b").tenure("b", "p", "2024-01-10", "2024-02-01", full_time=True, id="t1").tenure("b", "q", "2024-02", full_time=False, id="t2")
    )
    world.tenure("b", "r", None, full_time=True, id="t3").tenure("b", "s", "2024-03-01", "2024-09-01", id="t4")
    assert [
        (*found, verdict.state) for found, verdict in zip(spans(verdicts(world, made, "2024-05-01")), verdicts(world, made, "2024-05-01"), strict=True)
    ] == [
        ("t3", "None", "None", "met", "satisfied"),
        ("t1", "2024-01-10", "2024-02-01", "met", "satisfied"),
        ("t2", "2024-02-01", "2024-05-01", "condition_false", "violated"),
        ("t4", "2024-03-01", "2024-05-01", "value_missing", "unknown"),
    ]


def chain(first: Rows | None = None) -> Judgement:
    return deadline(Each(None, NOW, lasting(months(3)), chain=Chain(first)))


def test_2_9_a_chain_starts_at_founding_and_each_answer_opens_the_next_window() -> None:
    world = World().organization("b", since="2023-01-10", founded="2023-01-10").event("b", "2023-04-10", id="e1").event("b", "2023-09-01", id="e2")
    assert spans(verdicts(world, chain(), "2023-10-01", "2023")) == [
        ("founding", "2023-01-10", "2023-04-10", "met"),
        ("e1", "2023-04-10", "2023-07-10", "late"),
        ("e2", "2023-09-01", "2023-12-01", "open"),
    ]


def test_2_9_an_answer_on_the_day_of_founding_counts_and_of_one_day_the_least_id_opens() -> None:
    world = World().organization("b", since="2023-01-10", founded="2023-01-10").event("b", "2023-01-10", id="e2").event("b", "2023-01-10", id="e1")
    assert spans(verdicts(world, chain(), "2023-03-01", "2023")) == [
        ("e1", "2023-01-10", "2023-04-10", "open"),
        ("founding", "2023-01-10", "2023-04-10", "met"),
    ]


def test_2_9_a_chain_may_start_at_the_first_row_of_another_kind() -> None:
    world = World().organization("b").event("b", "2023-02-01", "election", id="s").event("b", "2023-02-01", id="e0").event("b", "2023-03-01", id="e1")
    elections = Rows(Table.EVENTS, frozenset({"election"}))
    assert spans(verdicts(world, chain(elections), "2023-04-01", "2023")) == [
        ("s", "2023-02-01", "2023-05-01", "met"),
        ("e1", "2023-03-01", "2023-06-01", "open"),
    ]


def test_2_9_without_a_start_there_is_one_unknown_row_and_every_answer_opens_a_window() -> None:
    world = World().organization("b").event("b", "2023-03-01", id="e1")
    assert spans(verdicts(world, chain(), "2023-04-01", "2023")) == [("founding", "None", "None", "no_trigger"), ("e1", "2023-03-01", "2023-06-01", "open")]
    elections = Rows(Table.EVENTS, frozenset({"election"}))
    assert spans(verdicts(world, chain(elections), "2023-04-01", "2023"))[0] == ("", "None", "None", "no_trigger")


def test_2_9_answers_that_are_not_sure_or_not_dated_open_nothing() -> None:
    world = World().organization("b", since="2023-01-10", founded="2023-01-10").event("b", "2023-02", id="e1").event("b", "2023-02-01", id="e2", held="unclear")
    assert [verdict.key for verdict in verdicts(world, chain(), "2023-03-05", "2023")] == ["founding"]


def test_3_2_a_row_never_answers_itself() -> None:
    world = World().organization("b").event("b", "2024-01-10", id="m1").event("b", "2024-03-10", id="m2")
    assert spans(verdicts(world, deadline(within(days(90), ANSWERS)), "2024-09-01")) == [
        ("m1", "2024-01-10", "2024-04-09", "met"),
        ("m2", "2024-03-10", "2024-06-08", "missing"),
    ]


def test_a_match_compares_the_answer_with_the_trigger() -> None:
    world = World().organization("b").event("b", "2024-01-10", "visit", id="v", topic="fire").event("b", "2024-01-11", topic="water").event("b", "2024-01-12")
    same = Rows(Table.EVENTS, frozenset({"meeting"}), where=op(Operator.EQUAL, row("topic", Type.TEXT), of_trigger("topic", Type.TEXT)))
    assert states(world, deadline(within(days(10)), same), "2024-09-01") == [("unknown", "undecided_rows")]
    assert text("fire").value == "fire"


def test_once_is_one_window() -> None:
    once = counting(windows=Once(day("2023-11-01"), day("2024-03-31")))
    world = World().organization("b").event("b", "2023-12-24")
    assert spans(verdicts(world, once, "2024-02-01", "2024")) == [("", "2023-11-01", "2024-03-31", "met")]
    assert verdicts(world, once, "2024-09-01", "2023-01..2023-10") == []
    assert verdicts(world, once, "2024-09-01", "2024-04") == []

"""Meaning section 7: tallies."""

from datetime import date
from fractions import Fraction
from typing import Any

from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import (
    Bounds,
    ByAccountable,
    Calendar,
    Counted,
    Each,
    Judge,
    Judgement,
    Measured,
    Partial,
    Per,
    Program,
    Snapshot,
    Stage,
    Tally,
)
from mofan_rules.ir.rows import Direction, Linked, Place, Rows
from mofan_rules.schema import DatedValue, Parameter, Table, Type, Vocabulary, WaiverPolicy
from mofan_rules.verdicts.table import Verdict
from tests.interpreter.world import (
    ATTRIBUTES,
    MONTH,
    QUARTER,
    VOCABULARY,
    YEAR,
    World,
    counting,
    days,
    header,
    lasting,
    number,
    parameter,
    program,
    verdicts,
)

BELOW = Linked("part_of", Direction.IN, None)
Q1 = "2024-01..2024-03"


def tally(*parts: str, over: Any = BELOW, windows: Calendar | None = None, **more: Any) -> Tally:
    fields = {"part_kinds", "counted", "per", "in_a_row", "share", "at_least", "at_most"}
    own = {name: value for name, value in more.items() if name in fields}
    rest = {name: value for name, value in more.items() if name not in fields}
    subjects = rest.pop("subjects", frozenset({"unit"}))
    return Tally(header(rest.pop("requirement", "t"), "rollup", subjects, **rest), windows, parts or ("r",), over, **own)


def share(bound: str, **more: Any) -> Tally:
    return tally(share=True, at_least=number(bound), **more)


def unit(*children: str) -> World:
    """A unit `u` with branches; those in capitals have met in the first quarter."""
    world = World().organization("u", "unit")
    for child in children:
        world.organization(child).relation(child, "u")
        if child.isupper():
            world.event(child, "2024-02-01")
    return world


def total(world: World, made: Tally, *parts: Judgement, as_of: str = "2024-06-30", period: str = Q1, **more: Any) -> Verdict:
    """The verdict of the tally on `u` (or the least subject it has)."""
    whole: Program = program(*(parts or (counting(),)), made, **more)
    return next(verdict for verdict in verdicts(world, whole, as_of, period) if verdict.requirement == made.header.requirement)


def state(*asked: Any, **more: Any) -> tuple[str, str]:
    verdict = total(*asked, **more)
    return verdict.state, verdict.reason


def test_7_1_a_tally_without_windows_takes_the_period_asked() -> None:
    found = total(unit("A", "b"), share("1"))
    assert (found.window_from, found.window_until, found.due_on) == (date(2024, 1, 1), date(2024, 3, 31), date(2024, 3, 31))
    yearly = total(unit("A", "b"), share("1", windows=Calendar(YEAR)), as_of="2025-02-01", period="2024")
    assert (yearly.window_from, yearly.measured) == (date(2024, 1, 1), "1/8")


def test_7_1_binding_and_partial_windows() -> None:
    world = World().organization("u", "unit", since="2024-02-01").organization("B").relation("B", "u")
    assert state(world, share("1")) == ("not_applicable", "partial_window")
    assert state(world, share("1", partial=Partial.REQUIRE)) == ("violated", "too_few")
    assert total(world, tally(at_least=number(3), partial=Partial.PRORATE)).required == "180/91.."
    assert state(World().organization("u", "unit", since="2023-12-15..2024-01-15").organization("B"), share("1")) == ("unknown", "binding_unknown")


def test_7_2_parts_are_those_reached_on_their_own_reference_day() -> None:
    world = unit("A").organization("b").relation("b", "u", until="2024-02-10").organization("c").relation("c", "u", since="2024-04-01")
    assert total(world, share("1")).measured == "1/1"
    assert total(world, share("1"), counting(windows=Calendar(MONTH))).measured == "1/4"


def test_7_2_parts_of_the_subject_itself() -> None:
    world = World().organization("b").event("b", "2024-02-01")
    own = share("1", over=None, subjects=frozenset({"branch"}))
    assert total(world, own, counting(windows=Calendar(MONTH))).measured == "1/3"


def test_7_2_kinds_of_parts_shadow_and_not_applicable_ones() -> None:
    world = unit("A", "b").organization("c", "joint").relation("c", "u")
    assert total(world, share("1", part_kinds=frozenset({"joint"}))).measured == "0/1"
    assert state(world, share("1"), counting(stage=Stage.SHADOW)) == ("not_applicable", "no_parts")
    assert total(world.organization("d", since="2024-02-01").relation("d", "u"), share("1")).measured == "1/3"


def test_7_2_a_part_whose_kind_may_be_one_of_these_is_possibly_linked() -> None:
    world = unit("A").organization("B", until="2024-03-01..2024-06-01").relation("B", "u").event("B", "2024-02-01")
    found = total(world, share("1", part_kinds=frozenset({"branch"})), counting(partial=Partial.REQUIRE), as_of="2024-07-30")
    assert found.measured == "1..2/2"


def test_7_2_a_link_that_may_be_widens_the_share() -> None:
    world = unit("A").organization("b").relation("b", "u", certain=False)
    found = total(world, share("1"))
    assert (found.measured, found.state, found.reason) == ("1/2", "unknown", "undecided_parts")
    assert total(world.event("b", "2024-02-01", held="unclear"), share("1")).measured == "1..2/2"
    assert state(world, share("1/2")) == ("satisfied", "met")
    count = total(world, tally(at_least=number(2)))
    assert (count.measured, count.required, count.state) == ("1..2", "2..", "unknown")


def test_7_2_parts_for_which_the_subject_is_accountable() -> None:
    made = share("1", over=ByAccountable())
    world = unit("A", "b").organization("v", "unit").organization("C").relation("C", "v")
    assert total(world, made, counting(accountable="part_of")).measured == "1/2"
    assert state(world, made, counting()) == ("not_applicable", "no_parts")


def test_7_3_per_subject_takes_the_worst() -> None:
    world = unit("A", "b").event("A", "2024-01-05").event("A", "2024-03-05")
    assert total(world, share("1", per=Per.SUBJECT), counting(windows=Calendar(MONTH))).measured == "1/2"
    assert total(world, share("1", per=Per.WINDOW), counting(windows=Calendar(MONTH))).measured == "3/6"


def test_7_3_links_that_may_be_and_would_change_the_outcome_leave_it_unknown() -> None:
    world = unit().organization("a").relation("a", "u", until="2024-02-15..2024-04-15").event("a", "2024-01-05").event("a", "2024-02-05")
    found = total(world, share("1", per=Per.SUBJECT), counting(windows=Calendar(MONTH)))
    assert (found.measured, found.state) == ("0..1/1", "unknown")


def missing_twice(world: World, **more: Any) -> Verdict:
    made = tally(in_a_row=2, counted=Counted.VIOLATED, at_most=number(0), **more)
    return total(world, made, counting(windows=Calendar(MONTH)))


def test_7_4_in_a_row() -> None:
    assert missing_twice(unit("a")).state == "violated"
    assert missing_twice(unit("A")).state == "satisfied"
    undecided = unit().organization("a").relation("a", "u").event("a", "2024-01-05", held="unclear").event("a", "2024-03-05")
    assert (missing_twice(undecided).state, missing_twice(undecided).measured) == ("unknown", "0..1")
    waived = unit().organization("a").relation("a", "u").event("a", "2024-03-05").waiver("a", "r", "2024-02-29", "2024-02-29")
    assert missing_twice(waived).state == "satisfied"


def test_7_4_a_run_that_a_pending_part_may_complete_is_pending() -> None:
    made = tally(in_a_row=2, counted=Counted.VIOLATED, at_most=number(0))
    world = unit("a")
    whole = counting(grace=days(60), windows=Calendar(MONTH))
    assert state(world, made, whole, as_of="2024-05-15", period="2024-02..2024-03") == ("pending", "open")
    assert state(world, made, whole, as_of="2024-07-15", period="2024-02..2024-03") == ("violated", "too_many")


def test_7_5_shares_count_unknown_and_pending_parts_as_open() -> None:
    world = unit("A", "b").organization("c").relation("c", "u").event("c", "2024-02-01", held="unclear")
    found = total(world, share("1/2"))
    assert (found.measured, found.required, found.state, found.reason) == ("1..2/3", "50/100", "unknown", "undecided_parts")
    assert state(world, share("1/3")) == ("satisfied", "met")
    assert state(world, share("3/4")) == ("violated", "too_few")
    assert state(world, tally(share=True, at_most=number("1/4"))) == ("violated", "too_many")


def test_7_5_weights() -> None:
    heavy = counting(requirement="heavy", weight=3, at_least=number(2))
    assert total(unit("A"), share("1", requirement="t"), counting(), heavy, as_of="2024-06-30").measured == "1/1"
    both = tally("r", "heavy", share=True, at_least=number("1/4"))
    found = total(unit("A"), both, counting(), heavy)
    assert (found.measured, found.state) == ("1/4", "satisfied")


def test_7_5_an_incomplete_graph_leaves_the_number_open() -> None:
    world = unit("A").feed(Table.RELATIONS, kind="part_of", organization="u")
    assert state(world, share("1")) == ("unknown", "undecided_parts")
    count = total(world, tally(at_least=number(2)))
    assert (count.measured, count.state) == ("1..", "unknown")
    assert state(world, tally(at_least=number(1))) == ("satisfied", "met")
    assert state(unit("A", "b").feed(Table.ORGANIZATIONS, organization="u"), share("1")) == ("violated", "too_few")
    assert state(unit("A").feed(Table.RELATIONS, kind="guides"), share("1")) == ("satisfied", "met")


def test_7_6_without_parts() -> None:
    assert state(World().organization("u", "unit"), share("1")) == ("not_applicable", "no_parts")
    assert state(World().organization("u", "unit").feed(Table.RELATIONS), share("1")) == ("unknown", "undecided_parts")
    waived = unit("b").waiver("b", "r", "2024-01-01", "2024-12-31")
    found = total(waived, share("1"))
    assert (found.state, found.reason, found.measured) == ("waived", "waived", "0/0")
    maybe = World().organization("u", "unit").organization("b").relation("b", "u", certain=False)
    assert state(maybe, share("1")) == ("unknown", "undecided_parts")
    assert state(World().organization("u", "unit"), share("1"), as_of="2024-03-31") == ("pending", "open")


def test_7_7_in_an_open_window_all_of_fails_at_once_and_any_of_holds_at_once() -> None:
    monthly = counting(windows=Calendar(MONTH))
    assert state(unit("a"), share("1"), monthly, as_of="2024-02-05") == ("violated", "too_few")
    assert state(unit("A").event("A", "2024-01-05"), share("1"), monthly, as_of="2024-02-05") == ("pending", "open")
    assert state(unit("A"), tally(at_least=number(1)), monthly, as_of="2024-02-05") == ("satisfied", "met")
    assert state(unit("A"), share("1/2"), monthly, as_of="2024-02-05") == ("pending", "open")
    assert state(unit("A"), tally(share=True, at_most=number(0)), monthly, as_of="2024-02-05") == ("violated", "too_many")
    assert state(unit("a"), tally(at_most=number(5)), monthly, as_of="2024-02-05") == ("pending", "open")


def test_7_7_a_tally_of_snapshots_alone_is_never_open() -> None:
    posts = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date")
    occupied = counting(posts, Snapshot(), judge=Judge.DAY)
    assert state(unit("a").tenure("a", "p", "2020-01-01"), share("1"), occupied, as_of="2024-02-05") == ("satisfied", "met")


def test_7_8_waivers_and_doubts() -> None:
    world = unit("a").waiver("u", "t", "2024-01-01", "2024-12-31")
    assert state(world, share("1")) == ("waived", "waived")
    doubtful = unit("a").waiver("u", "t", "2024-01-01", "2024-12-31", certain=False)
    doubtful.vocabulary = Vocabulary(VOCABULARY.kinds, ATTRIBUTES, None, {"t": WaiverPolicy(must=False, waivable=False)})
    assert state(doubtful, share("1")) == ("unknown", "waiver_unknown")


def test_7_8_pending_parts_make_a_closed_tally_pending() -> None:
    assert state(unit("a"), share("1"), counting(grace=days(60)), as_of="2024-04-15") == ("pending", "open")
    assert total(unit("a"), share("1"), counting(grace=days(60)), as_of="2024-04-15").due_on == date(2024, 5, 30)
    mixed = unit("a").organization("b").relation("b", "u").event("b", "2024-02-02", held="unclear")
    undecided = counting(grace=days(60)), counting(requirement="x")
    assert state(mixed, tally("r", "x", share=True, at_least=number(1)), *undecided, as_of="2024-04-15") == ("violated", "too_few")


def test_7_8_a_bound_without_a_value() -> None:
    made = tally(share=True, at_least=parameter("p"))
    assert state(unit("A"), made) == ("unknown", "parameter_missing")
    none = (Parameter("p", Type.NUMBER, (DatedValue(None, unbounded=True),)),)
    assert state(unit("a"), made, parameters=none) == ("satisfied", "met")
    from tests.interpreter.world import of_subject

    assert state(unit("A"), tally(at_least=of_subject("size"))) == ("unknown", "value_missing")


def test_7_9_columns() -> None:
    assert total(unit("A", "b"), share("1/3")).required == "1/3"
    assert total(unit("A", "b"), share("0.8")).required == "80/100"
    assert total(unit("A", "b"), tally(share=True, at_least=number("0.2"), at_most=number("0.8"))).required == "20..80/100"
    assert total(unit("A", "b"), tally(at_least=number(1), at_most=number(3))).required == "1..3"
    assert total(unit("A", "b", "C"), tally(at_least=number(1))).measured == "2"


def test_tallies_of_tallies() -> None:
    world = unit("A", "b").organization("v", "unit").relation("u", "v")
    inner = share("1/2", requirement="inner", windows=Calendar(QUARTER))
    outer = tally("inner", share=True, at_least=number(1), requirement="outer")
    whole = program(counting(), inner, outer)
    found = {(verdict.requirement, verdict.subject): verdict.state for verdict in verdicts(world, whole, "2024-06-30", Q1)}
    assert found["outer", "v"] == "satisfied"
    assert found["outer", "u"] == "not_applicable"


def test_parts_without_dates_are_linked_on_the_as_of_date() -> None:
    each = Each(None, lasting(days(0)), lasting(days(10)))
    measure = Measure("n", Count(Rows(Table.EVENTS, frozenset({"meeting"}))))
    founded = Judgement(header(), each, Judge.WINDOW, (measure,), (Bounds("n", number(1), None, "missing"),), Measured.DATE)
    assert state(unit("a"), share("1"), founded) == ("unknown", "undecided_parts")


def test_law_3_leaving_out_what_is_not_applicable_changes_nothing() -> None:
    with_new = unit("A", "b").organization("n", since="2024-02-01").relation("n", "u")
    assert total(with_new, share("1")) == total(unit("A", "b"), share("1"))
    assert Fraction(1, 2) == Fraction(2, 4)

"""Meaning section 1: the days of an organization, its graph, and parameters."""

from datetime import date
from fractions import Fraction

from mofan_rules.ir.expressions import Operator
from mofan_rules.ir.measures import Count
from mofan_rules.ir.program import Calendar, Judge, Partial, Snapshot
from mofan_rules.ir.rows import ByRole, Direction, Linked, OfLinked, Place, Rows
from mofan_rules.schema import DatedValue, Parameter, Table, Type
from tests.interpreter.world import MONTH, QUARTER, World, condition, counting, number, of_subject, only, op, parameter, program, states, text, verdicts

SIZE = of_subject("size")
BIG = op(Operator.AT_LEAST, SIZE, number(7))
CHILDREN = Rows(Table.ORGANIZATIONS, frozenset({"branch", "joint"}), OfLinked(Linked("part_of", Direction.IN)), Place.IN_FORCE)


def test_1_1_a_version_that_begins_after_the_as_of_date_is_not_seen() -> None:
    world = World().organization("b", since="2024-07-01")
    assert verdicts(world, counting(), "2024-06-30") == []
    assert states(world, counting(partial=Partial.REQUIRE), "2024-07-01") == [("pending", "open")]


def test_1_1_a_later_until_date_is_a_plan_and_counts_as_open() -> None:
    world = World().organization("b", until="2024-08-15")
    assert states(world, counting(), "2024-08-01") == [("violated", "too_few"), ("violated", "too_few"), ("pending", "open")]
    assert states(world, counting(), "2024-08-15")[-1] == ("pending", "open")
    assert states(world, counting(), "2024-08-16")[-1] == ("not_applicable", "partial_window")


def test_1_2_a_version_known_in_part_covers_a_day_possibly() -> None:
    world = World().organization("b", since="2024-02")
    assert states(world, counting(windows=Calendar(MONTH)), "2024-04-01", "2024-01..2024-03") == [
        ("unknown", "binding_unknown"),
        ("violated", "too_few"),
    ]


def test_1_3_an_uncertain_version_makes_existence_unknown_never_true() -> None:
    world = World().organization("b", until="2023-12-31").organization("b", since="2024-01-01", certain=False)
    assert states(world, counting(partial=Partial.REQUIRE), "2024-04-01", "2024Q1".replace("Q1", "-01..2024-03")) == [("unknown", "binding_unknown")]


def test_1_4_fields_are_those_of_the_version_that_surely_covers_the_day() -> None:
    world = World().organization("b", until="2024-02-15", size=3).organization("b", since="2024-02-16", size=9)
    bigger = condition(BIG, Calendar(MONTH))
    assert states(world, bigger, "2024-04-01", "2024-01..2024-03") == [("violated", "condition_false"), ("satisfied", "met"), ("satisfied", "met")]


def test_1_4_missing_of_a_field_is_unknown_where_no_version_surely_covers() -> None:
    world = World().organization("b", until="2024-01-31").organization("b", since="2024-02-10..2024-02-20")
    asked = condition(op(Operator.MISSING, SIZE), partial=Partial.REQUIRE)
    assert states(world, asked, "2024-02-15") == [("unknown", "binding_unknown")]
    assert states(world, asked, "2024-02-25") == [("satisfied", "met")]


def test_1_5_a_requirement_binds_where_kind_and_condition_hold() -> None:
    world = World().organization("b", until="2024-02-15", size=9).organization("b", since="2024-02-16", size=3)
    monthly = counting(windows=Calendar(MONTH), when=BIG)
    assert states(world, monthly, "2024-04-01", "2024-01..2024-03") == [
        ("violated", "too_few"),
        ("not_applicable", "partial_window"),
        ("not_applicable", "not_bound"),
    ]


def test_1_5_a_missing_field_makes_the_binding_unknown() -> None:
    assert states(World().organization("b"), counting(when=BIG), "2024-04-01", "2024-01..2024-03") == [("unknown", "binding_unknown")]


def test_1_5_an_uncertain_version_without_a_kind_may_be_of_any() -> None:
    world = World().organization("b", kind="unit").organization("b", kind=None, certain=False)
    assert states(world, counting(), "2024-04-01", "2024-01..2024-03") == [("unknown", "binding_unknown")]


def test_1_6_without_a_certain_version_nobody_knows_what_binds_the_subject() -> None:
    assert states(World().organization("b", certain=False), counting(), "2024-04-01", "2024-01..2024-03") == [("unknown", "binding_unknown")]


def test_1_6_a_special_case_has_the_kind_only_if_it_is_named() -> None:
    world = World().organization("b", kind="joint").organization("c", kind="unit")
    assert [verdict.subject for verdict in verdicts(world, counting(), "2024-04-01", "2024-01..2024-03")] == ["b"]


def unit_with(*children: str) -> World:
    world = World().organization("u", "unit")
    for child in children:
        world.organization(child).relation(child, "u")
    return world


def holding(world: World, as_of: str = "2024-06-30", rows: Rows = CHILDREN) -> str:
    """How many children the unit `u` has, as `measured` shows it."""
    made = counting(rows, Snapshot(), at_least=None, judge=Judge.DAY, subjects=frozenset({"unit"}))
    return only(world, made, as_of).measured


def test_1_7_an_edge_is_followed_on_its_days_and_while_both_ends_exist() -> None:
    world = unit_with("b", "c").organization("d", until="2024-01-31").relation("d", "u")
    world.organization("e").relation("e", "u", until="2024-03-31").organization("f").relation("f", "u", since="2024-07-01")
    assert holding(world) == "2"
    assert holding(world, "2024-03-31") == "3"
    assert holding(world, "2024-01-31") == "4"


def test_1_7_an_edge_that_may_be_makes_the_number_larger_never_surely() -> None:
    assert holding(unit_with("b").organization("c").relation("c", "u", certain=False)) == "1..2"
    assert holding(unit_with("b").organization("c").relation("c", "u", since="2024-06-15..2024-07-15")) == "1..2"


def test_1_7_an_edge_with_a_null_end_may_lead_anywhere() -> None:
    world = unit_with("b").organization("c").organization("d", "group").relation(None, "u", certain=False)
    assert holding(world) == "1..2"


def test_1_7_a_relation_is_meant_with_its_special_cases() -> None:
    world = World().organization("u", "unit").organization("b").relation("u", "b", "mentors")
    guided = Rows(Table.ORGANIZATIONS, None, OfLinked(Linked("guides", Direction.OUT)), Place.IN_FORCE)
    assert holding(world, rows=guided) == "1"


def test_1_7_any_depth_counts_each_once_and_never_the_subject() -> None:
    world = unit_with("b").organization("c").relation("c", "b").relation("c", "u").relation("u", "c", "guides")
    every = Rows(Table.ORGANIZATIONS, None, OfLinked(Linked("part_of", Direction.IN, None)), Place.IN_FORCE)
    assert holding(world, rows=every) == "2"


def test_1_7_inside_a_window_the_link_is_that_of_the_rows_own_date() -> None:
    world = World().organization("u", "unit").organization("b").relation("b", "u", until="2024-02-10")
    world.event("b", "2024-02-10").event("b", "2024-02-11").event("b", "2024-02")
    below = Rows(Table.EVENTS, frozenset({"meeting"}), OfLinked(Linked("part_of", Direction.IN)))
    made = counting(below, at_least=None, subjects=frozenset({"unit"}))
    assert only(world, made, "2024-04-01", "2024-01..2024-03").measured == "1..2"


def test_1_8_the_accountable_organization_is_the_least_that_is_surely_reached() -> None:
    world = World().organization("b").organization("a", "unit").organization("c", "unit").organization("z", "unit")
    world.relation("b", "z").relation("b", "c").relation("b", "a", certain=False)
    assert only(world, counting(accountable="part_of"), "2024-04-01", "2024-01..2024-03").accountable == "c"
    assert only(world, counting(accountable="guides"), "2024-04-01", "2024-01..2024-03").accountable == "b"
    assert only(world, counting(), "2024-04-01", "2024-01..2024-03").accountable == "b"


def limited(world: World, *values: DatedValue, as_of: str = "2024-04-01") -> str:
    """The bound that holds for `b` in the first quarter."""
    made = program(counting(at_least=parameter("p")), parameters=(Parameter("p", Type.NUMBER, values),))
    return next(verdict for verdict in verdicts(world, made, as_of, "2024-01..2024-03") if verdict.subject == "b").required


def valued(value: int, under: str | None = None) -> DatedValue:
    return DatedValue(Fraction(value), under=under)


def test_1_9_the_nearest_ancestors_value_wins_then_the_later() -> None:
    world = World().organization("b").organization("u", "unit").organization("v", "unit").relation("b", "u").relation("u", "v")
    assert limited(world, valued(1), valued(2, "v")) == "2.."
    assert limited(world, valued(3, "u"), valued(1), valued(2, "v")) == "3.."
    assert limited(world, valued(4, "b"), valued(3, "u")) == "4.."
    assert limited(world, valued(1), valued(2)) == "2.."
    assert limited(world, valued(5, "nobody")) == ""


def test_1_9_a_value_that_may_hold_and_would_win_makes_it_missing() -> None:
    world = World().organization("b").organization("u", "unit").relation("b", "u", certain=False)
    assert limited(world, valued(1), valued(2, "u")) == ""
    assert limited(world, valued(1), valued(1, "u")) == "1.."


def test_1_9_the_law_is_that_of_the_windows_first_day() -> None:
    values = (DatedValue(Fraction(1), last=date(2024, 1, 31)), DatedValue(Fraction(2), first=date(2024, 2, 1)))
    assert limited(World().organization("b"), *values) == "1.."


def test_by_role_reads_the_organizations_that_holders_are() -> None:
    world = World().organization("u", "unit").organization("b").organization("c").tenure("u", "b", "2024-01-01", holder="b")
    seats = Rows(Table.ORGANIZATIONS, frozenset({"branch"}), ByRole(frozenset({"secretary"})), Place.IN_FORCE)
    assert holding(world, rows=seats) == "1"
    assert holding(world.tenure("u", None, "2024-01-01"), rows=seats) == "1..2"


def test_a_where_on_linked_objects() -> None:
    from mofan_rules.ir.expressions import Field, Scope

    world = unit_with("b").organization("c", size=9).relation("c", "u").organization("d", size=2).relation("d", "u")
    big = Rows(Table.ORGANIZATIONS, None, CHILDREN.owner, Place.IN_FORCE, where=op(Operator.GREATER, Field(Scope.ROW, "a_0", Type.INTEGER), number(5)))
    assert holding(world, rows=big) == "1..2"
    assert Count(big).distinct is None
    assert text("x").value == "x"
    assert QUARTER.count == 3

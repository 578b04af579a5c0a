"""The executor as a whole: its table, its manners, what it refuses, hostile input, and a case for each way it computes.

The meanings are tested by the conformance corpus and by the comparison with the reference.
"""

import ast
import gc
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import mofan_rules.executors.duckdb as package
from mofan_rules.executors import load_executor
from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.executors.duckdb import Executor
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.expressions import Expression, Field, Operator, Param, Scope
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.program import (
    Bounds,
    Calendar,
    Chain,
    Condition,
    Context,
    Each,
    Header,
    Judge,
    Judgement,
    Modality,
    Once,
    Partial,
    Program,
    Snapshot,
    Tally,
)
from mofan_rules.ir.rows import Direction, Linked, OfLinked, Place, Rows
from mofan_rules.schema import DatedValue, Parameter, Table, Type, Vocabulary
from mofan_rules.values.dates import CivilDate, Duration, DurationUnit
from mofan_rules.values.windows import Every, Unit
from mofan_rules.verdicts.table import COLUMNS, Verdict
from tests.duckdb.engine import cell, days, facts, months, number, op, text

YEAR = Context(date(2025, 1, 10), date(2024, 1, 1), date(2024, 12, 31))
QUARTER = Every(Unit.MONTH, 3)
BRANCH = frozenset({"branch"})
FOLDER = Path(package.__file__).parent


def header(requirement: str = "r", **fields: Any) -> Header:
    return Header(requirement, "occurrence", fields.pop("subjects", BRANCH), modality=Modality.SHOULD, **fields)


def meetings(**fields: Any) -> Rows:
    return Rows(Table.EVENTS, frozenset({"meeting"}), **fields)


def count(rows: Rows | None = None, name: str = "n") -> Measure:
    return Measure(name, Count(rows or meetings()))


def quarterly(least: Expression | None = None, most: Expression | None = None, **fields: Any) -> Judgement:
    tests = (Bounds("n", least if least is not None or most is not None else number(1), most),)
    measures = fields.pop("measures", (count(),))
    return Judgement(header(**fields), Calendar(QUARTER), Judge.WINDOW, measures, tests)


def program(*judgements: Judgement, tallies: tuple[Tally, ...] = (), parameters: tuple[Parameter, ...] = (), vocabulary: Vocabulary | None = None) -> Program:
    return Program("test", "1", vocabulary or Vocabulary(), parameters, judgements, tallies)


def branch(place: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"b{place}", "organization": place, "kind": "branch"} | fields


def meeting(organization: int, day: date | tuple[date, date], **fields: Any) -> dict[str, Any]:
    return {"organization": organization, "kind": "meeting", "date": day} | fields


def rows(asked: Program, given: AdmittedFacts, context: Context = YEAR) -> list[Verdict]:
    return list(Executor().run(asked, given, context).rows())


def reasons(asked: Program, given: AdmittedFacts, context: Context = YEAR) -> list[str]:
    return [row.reason for row in rows(asked, given, context)]


def test_a_count_by_quarters() -> None:
    given = facts(organizations=[branch(0)], events=[meeting(0, date(2024, 2, 1)), meeting(0, date(2024, 3, 1)), meeting(0, date(2024, 12, 31))])
    found = rows(program(quarterly()), given)
    assert [(row.window_from, row.state, row.measured, row.required) for row in found] == [
        (date(2024, 1, 1), "satisfied", "1+", "1.."),
        (date(2024, 4, 1), "violated", "0", "1.."),
        (date(2024, 7, 1), "violated", "0", "1.."),
        (date(2024, 10, 1), "satisfied", "1+", "1.."),
    ]


def test_the_table_is_sorted_and_told_more_than_once() -> None:
    given = facts(organizations=[branch(place) for place in range(5)])
    table = Executor().run(program(quarterly(requirement="b"), quarterly(requirement="a")), given, YEAR)
    found = list(table.rows())
    assert found == sorted(found, key=lambda row: (row.requirement, row.subject, str(row.window_from)))
    assert found == list(table.rows())
    assert len(table) == len(found) == 40


def test_arrow_reads_the_same_rows() -> None:
    table = Executor().run(program(quarterly()), facts(organizations=[branch(0), branch(1)]), YEAR)
    arrow = pa.table(table)
    assert tuple(arrow.column_names) == COLUMNS
    assert [tuple(row.values()) for row in arrow.to_pylist()] == [tuple(row) for row in table.rows()]


@pytest.mark.parametrize("asked", [program(), program(quarterly())])
def test_nothing_to_judge(asked: Program) -> None:
    table = Executor().run(asked, facts(), YEAR)
    assert (len(table), list(table.rows()), pa.table(table).num_rows) == (0, [], 0)


def test_two_runs_on_one_connection_do_not_meet() -> None:
    given = facts(organizations=[branch(0)])
    first = Executor().run(program(quarterly()), given, YEAR)
    second = Executor().run(program(quarterly(requirement="other")), given, replace(YEAR, period_last=date(2024, 3, 31)))
    assert (len(first), len(second)) == (4, 1)
    assert {row.requirement for row in first.rows()} == {"r"}
    tables = given.connection.execute("SELECT schema_name FROM duckdb_tables() WHERE database_name = current_database()").fetchall()
    assert set(tables) == {("facts",)}


def test_a_table_may_be_read_by_several_at_once() -> None:
    table = Executor().run(program(quarterly()), facts(organizations=[branch(place) for place in range(3)]), YEAR)
    first, second = table.rows(), table.rows()
    together = [(next(first), len(table), next(second)) for _ in range(12)]
    assert all(one == other for one, _, other in together)


def test_a_table_that_is_gone_leaves_nothing() -> None:
    given = facts(organizations=[branch(0)])
    table = Executor().run(program(quarterly()), given, YEAR)
    assert len(databases(given)) == 1
    del table
    gc.collect()
    assert databases(given) == []


def databases(given: AdmittedFacts) -> list[Any]:
    query = "SELECT database_name FROM duckdb_databases() WHERE database_name LIKE 'verdicts%'"
    return given.connection.execute(query).fetchall()


def test_arrow_keeps_the_order_of_many_rows() -> None:
    given = facts(organizations=[branch(0)])
    given.connection.execute(
        "INSERT INTO facts.organizations SELECT o.* REPLACE (i + 1 AS \"row\", (i + 1)::INTEGER AS organization, 'c' || lpad(i::VARCHAR, 6, '0') AS id)"
        " FROM facts.organizations o, range(30000) t(i) ORDER BY hash(i)"
    ).fetchall()
    given.connection.execute("INSERT INTO facts.subjects SELECT organization, id FROM facts.organizations WHERE organization > 0").fetchall()
    table = Executor().run(program(quarterly(requirement="b"), quarterly(requirement="a")), given, YEAR)
    told = pa.table(table).select(["requirement", "subject", "window_from"]).to_pylist()
    keys = [tuple(row.values()) for row in told]
    assert len(keys) == 2 * 4 * 30001
    assert keys == sorted(keys)


HOSTILE = ["'; DROP TABLE facts.events; --", 'a"b', "x' OR '1'='1", "null\0character", "党支部", "a\nb", "{where}", "{source}", "n0", "", "%s", "?"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(name: str) -> None:
    """Requirement ids, kinds, texts and ids reach SQL as literals, whatever they hold."""
    given = facts(organizations=[branch(0, kind=name, name=name)], events=[meeting(0, date(2024, 2, 1), kind=name)])
    named = Field(Scope.SUBJECT, "name", Type.TEXT)
    measure = count(Rows(Table.EVENTS, frozenset({name}), where=op(Operator.EQUAL, named, text(name))))
    judgement = quarterly(requirement=name, subjects=frozenset({name}), when=op(Operator.EQUAL, named, text(name)), measures=(measure,))
    found = rows(program(judgement), given, replace(YEAR, period_last=date(2024, 3, 31)))
    assert [(row.requirement, row.state) for row in found] == [(name, "satisfied")]
    assert given.connection.execute("SELECT count(*) FROM facts.events").fetchall() == [(1,)]


def test_no_function_of_ours_runs_in_the_engine_and_nothing_of_the_interpreter_is_used() -> None:
    for file in FOLDER.glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("create_function", "register", "map"), file.name
            if isinstance(node, ast.ImportFrom):
                assert "interpreter" not in (node.module or ""), file.name


CELL = cell("expected", Type.INTEGER)


def power(times: int) -> Expression:
    product: Expression = CELL
    for _ in range(times):
        product = op(Operator.MULTIPLY, product, CELL, type_=Type.INTEGER)
    return product


FIRST_ANSWER = Chain()
LINKED = OfLinked(Linked("part_of", Direction.IN))


@pytest.mark.parametrize(
    ("judgement", "node"),
    [
        (quarterly(measures=(count(meetings(where=op(Operator.AT_LEAST, power(3), number(1)))),)), "measure n, where"),
        (quarterly(measures=(Measure("n", Total(meetings(), power(2))),)), "measure n, value"),
        (quarterly(measures=(Measure("n", Total(meetings(), op(Operator.DIVIDE, CELL, CELL, type_=Type.NUMBER))),)), "measure n, value"),
        (quarterly(measures=(count(Rows(Table.ATTENDANCE)),)), "attendance"),
        (quarterly(measures=(Measure("n", Extreme(meetings(), CELL, default=CELL)),)), "default"),
        (replace(quarterly(), judge=Judge.DAY, windows=Each(meetings())), "Each"),
        (replace(quarterly(grace=CivilDate(3, 31)), judge=Judge.DAY), "grace"),
        (replace(quarterly(), windows=Each(None, days(0), days(1), chain=FIRST_ANSWER), measures=(count(meetings(owner=LINKED)),)), "Chain"),
        (replace(quarterly(), windows=Each(meetings(), days(0), months(1), not_counting=frozenset({7}))), "not_counting"),
        (replace(quarterly(), windows=Each(meetings(owner=LINKED), days(0), days(1))), "triggers"),
        (replace(quarterly(measures=(Measure("n", Count(meetings()), WindowOf.PREVIOUS),)), windows=Once(date(2024, 1, 1), date(2024, 2, 1))), "window before"),
    ],
)
def test_what_it_cannot_compute_is_refused_before_the_run(judgement: Judgement, node: str) -> None:
    asked = program(judgement)
    told = Executor().unsupported(asked)
    assert len(told) == 1
    assert told[0].startswith("r: ")
    assert node in told[0]
    with pytest.raises(UnsupportedProgram):
        Executor().run(asked, facts(), YEAR)


def test_large_numbers_that_fit_are_exact() -> None:
    large = 10**15 - 1
    measure = Measure("n", Total(meetings(), op(Operator.MULTIPLY, CELL, number(1000), type_=Type.INTEGER)))
    given = facts(organizations=[branch(0)], events=[meeting(0, date(2024, 1, 1 + place), expected=large) for place in range(9)])
    bound = number(9000 * large)
    context = replace(YEAR, period_last=date(2024, 3, 31))
    assert [row.state for row in rows(program(quarterly(bound, measures=(measure,))), given, context)] == ["satisfied"]
    assert [row.state for row in rows(program(quarterly(number(9000 * large + 1), measures=(measure,))), given, context)] == ["violated"]


def test_dates_known_in_part_join_the_exact_ones() -> None:
    """One row on the fast lane and one that is joined are counted together."""
    given = facts(organizations=[branch(0)], events=[meeting(0, date(2024, 2, 1)), meeting(0, (date(2024, 3, 1), date(2024, 4, 30)))])
    found = rows(program(quarterly(number(2))), given, replace(YEAR, period_last=date(2024, 6, 30)))
    assert [(row.state, row.reason, row.measured) for row in found] == [("unknown", "undecided_rows", "1.."), ("violated", "too_few", "0..1")]


def test_rows_that_are_not_certain_may_match() -> None:
    given = facts(organizations=[branch(0)], events=[{"kind": None, "organization": None, "certain": False, "date": date(2024, 2, 1)}])
    found = rows(program(quarterly()), given, replace(YEAR, period_last=date(2024, 3, 31)))
    assert [(row.state, row.reason, row.measured) for row in found] == [("unknown", "rejected_rows", "0..")]


def test_an_incomplete_feed_opens_the_count() -> None:
    gap = {"table": "events", "kind": None, "organization": 1, "from_date": date(2024, 2, 1), "until_date": date(2024, 2, 2), "complete": False}
    given = facts(organizations=[branch(0), branch(1)], feeds=[gap])
    assert reasons(program(quarterly()), given, replace(YEAR, period_last=date(2024, 6, 30))) == ["too_few", "too_few", "feed_incomplete", "too_few"]


def test_a_parameter_by_law_and_place() -> None:
    values = (DatedValue(Fraction(1)), DatedValue(Fraction(2), first=date(2024, 4, 1)), DatedValue(Fraction(0), under="c"))
    parameter = Parameter("least", Type.INTEGER, values)
    organizations = [branch(0), branch(1), {"id": "c", "organization": 2, "kind": "committee"}]
    given = facts(organizations=organizations, relations=[{"source": 1, "target": 2, "kind": "part_of"}])
    found = rows(program(quarterly(Param("least", Type.INTEGER)), parameters=(parameter,)), given, replace(YEAR, period_last=date(2024, 6, 30)))
    assert [(row.subject, row.required, row.state) for row in found] == [
        ("b0", "1..", "violated"),
        ("b0", "2..", "violated"),
        ("b1", "0..", "satisfied"),
        ("b1", "0..", "satisfied"),
    ]


def tenure(organization: int, first: date, last: date, **fields: Any) -> dict[str, Any]:
    return {"organization": organization, "role": "secretary", "person": "p", "from_date": first, "until_date": last} | fields


def vacancy(judge: Judge, grace: int | None) -> Judgement:
    held = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date")
    windows = Snapshot() if judge is Judge.DAY else Calendar(Every(Unit.MONTH, 12))
    forgiven = Duration(grace, DurationUnit.DAYS) if grace is not None else None
    return Judgement(header(grace=forgiven), windows, judge, (count(held),), (Bounds("n", number(1)),))


@pytest.mark.parametrize(
    ("left", "grace", "reason", "due"),
    [
        (date(2025, 1, 9), None, "too_few", date(2025, 1, 10)),
        (date(2024, 12, 1), 90, "grace", date(2025, 3, 2)),
        (date(2024, 10, 12), 90, "grace", date(2025, 1, 11)),
        (date(2024, 10, 10), 90, "too_few", date(2025, 1, 10)),
        (date(9999, 12, 31), 90, "met", date(2025, 1, 10)),
    ],
)
def test_a_vacancy_is_forgiven_for_a_while(left: date, grace: int | None, reason: str, due: date) -> None:
    given = facts(organizations=[branch(0)], tenures=[tenure(0, date(2020, 1, 1), left)])
    found = rows(program(vacancy(Judge.DAY, grace)), given)
    assert [(row.reason, row.due_on) for row in found] == [(reason, due)]


@pytest.mark.parametrize(("back", "reason"), [(date(2024, 5, 31), "forgiven"), (date(2024, 7, 31), "not_throughout"), (date(2024, 5, 1), "met")])
def test_a_state_throughout_a_year(back: date, reason: str) -> None:
    given = facts(organizations=[branch(0)], tenures=[tenure(0, date(2020, 1, 1), date(2024, 4, 30)), tenure(0, back, date(9999, 12, 31))])
    assert reasons(program(vacancy(Judge.THROUGHOUT, 60)), given) == [reason]


def test_a_condition_on_the_day_is_looked_at_every_day() -> None:
    """The distance from the day judged to a date in a cell changes with each day."""
    from mofan_rules.ir.expressions import WindowDay

    founded = Field(Scope.SUBJECT, "founded_on", Type.DATE)
    age = op(Operator.DAYS_BETWEEN, WindowDay(True), founded, type_=Type.INTEGER)
    judgement = Judgement(header(), Calendar(Every(Unit.MONTH, 12)), Judge.THROUGHOUT, (), (Condition(op(Operator.AT_MOST, age, number(365))),))
    given = facts(organizations=[branch(0, founded_on=date(2024, 1, 1)), branch(1, founded_on=date(2023, 12, 31))])
    assert reasons(program(judgement), given) == ["met", "not_throughout"]


def test_the_largest_group_takes_rows_without_a_group() -> None:
    people = Rows(Table.TENURES, None, place=Place.IN_FORCE, date="from_date")
    measure = Measure("n", LargestGroup(people, cell("role", Type.TEXT)))
    judgement = Judgement(header(), Snapshot(), Judge.DAY, (measure,), (Bounds("n", None, number(2)),))
    spans = {"first": date(2020, 1, 1), "last": date(9999, 12, 31)}
    given = facts(
        organizations=[branch(0)],
        tenures=[
            tenure(0, **spans, person="p1"),
            tenure(0, **spans, person="p2"),
            tenure(0, **spans, person="p3", role="deputy"),
            tenure(0, **spans, person="p4", role=None, certain=False),
        ],
    )
    assert [(row.measured, row.reason) for row in rows(program(judgement), given)] == [("2..", "rejected_rows")]


def test_a_tally_over_the_tree() -> None:
    organizations = [branch(0), branch(1), {"id": "c", "organization": 2, "kind": "committee"}]
    edges = [{"source": place, "target": 2, "kind": "part_of"} for place in (0, 1)]
    given = facts(organizations=organizations, relations=edges, events=[meeting(0, date(2024, month, 1)) for month in (1, 4, 7, 10)])
    share = Tally(
        header("unit", subjects=frozenset({"committee"})),
        None,
        ("r",),
        Linked("part_of", Direction.IN, None),
        share=True,
        at_least=number(Fraction(1, 2)),
    )
    found = rows(program(quarterly(), tallies=(share,)), given)
    assert [tuple(row[5:9]) for row in found if row.requirement == "unit"] == [("satisfied", "met", "4/8", "50/100")]


def test_prorated_bounds_are_exact_fractions() -> None:
    given = facts(organizations=[branch(0, valid_from=date(2024, 3, 1))], events=[meeting(0, date(2024, 3, 5))])
    judgement = quarterly(number(3), partial=Partial.PRORATE)
    found = rows(program(judgement), given, replace(YEAR, period_last=date(2024, 3, 31)))
    assert [(row.required, row.measured, row.state) for row in found] == [("93/91..", "1", "violated")]


def test_it_is_found_by_name() -> None:
    assert load_executor("duckdb").name == "duckdb"


def test_every_operator_compiles() -> None:
    """No operator of the language is without SQL."""
    modules = ("operators", "expressions", "comparisons", "arithmetic")
    source = "".join((FOLDER / f"{module}.py").read_text("utf-8") for module in modules)
    assert {operator.name for operator in Operator if f"Operator.{operator.name}" not in source} == set()

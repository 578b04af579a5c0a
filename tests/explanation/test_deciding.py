"""The facts that decide an unknown verdict: filled in they decide it, and none can be left out. Facts are filled in here, in the tables, not by the library."""

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

import pytest

from mofan_rules.executors.interpreter import Executor
from mofan_rules.ir.expressions import Const, Operator
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import Bounds, Each, Judge, Judgement, Measured, Partial, Program
from mofan_rules.ir.rows import Direction, Linked, OfLinked, Place, Rows
from mofan_rules.schema import KIND_COLUMN, DatedValue, Parameter, Table, Type, Vocabulary, WaiverPolicy
from mofan_rules.verdicts.explanation import Explanation, Unknown, UnknownKind
from tests.interpreter.test_tallies import share, tally, unit
from tests.interpreter.world import (
    ATTRIBUTES,
    COLUMN,
    TODAY,
    VOCABULARY,
    World,
    condition,
    context,
    counting,
    days,
    header,
    lasting,
    number,
    of_subject,
    op,
    parameter,
    program,
    row,
    span,
    text,
)

AS_OF, Q1 = "2024-06-30", "2024-01..2024-03"
HALF = op(Operator.AT_LEAST, op(Operator.MULTIPLY, row("attended"), number(2), type_=Type.NUMBER), row("expected"))
SIZED = Rows(Table.EVENTS, frozenset({"meeting"}), where=HALF)
POST = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date")
BIG = op(Operator.AT_LEAST, of_subject("size"), number(7))


def explained(world: World, made: Judgement | Program, requirement: str = "r", subject: str = "b", window: Any = "2024Q1") -> Explanation:
    whole = made if isinstance(made, Program) else program(made, vocabulary=world.vocabulary)
    return Executor().explain(whole, world.admitted(), context(AS_OF, Q1), requirement, subject, window)


def named(explanation: Explanation) -> set[str]:
    """The facts in short."""
    found = set()
    for unknown in explanation.deciding:
        parts = (unknown.table, unknown.id, unknown.name) if unknown.kind is not UnknownKind.FEED else (unknown.table, unknown.name, unknown.organization)
        found.add(f"{unknown.kind.value} {'/'.join(part for part in parts if part)}")
    return found


def branch(**attributes: Any) -> World:
    return World().organization("b", **attributes)


def with_waivers(world: World) -> World:
    world.vocabulary = Vocabulary(VOCABULARY.kinds, ATTRIBUTES, None, {"r": WaiverPolicy(must=False, waivable=False)})
    return world


FULL = Rows(Table.EVENTS, frozenset({"meeting"}), where=op(Operator.AND, op(Operator.GREATER, row("hours", Type.NUMBER), number(1)), HALF))
PARAMETERS = (Parameter("p", Type.NUMBER, (DatedValue(None),)),)
EACH = Each(Rows(Table.EVENTS, frozenset({"visit"})), lasting(days(0)), lasting(days(10)))
DEADLINE = Judgement(
    header(kind="deadline"),
    EACH,
    Judge.WINDOW,
    (Measure("n", Count(Rows(Table.EVENTS, frozenset({"meeting"})))),),
    (Bounds("n", number(1), None, "missing"),),
    Measured.DATE,
)

CASES: dict[str, tuple[World, Judgement | Program, Any, set[str]]] = {
    "a missing cell": (branch().event("b", "2024-02-01", id="e", expected=4), counting(SIZED), "2024Q1", {"cell events/e/attended"}),
    "a cell that no longer matters": (
        branch().event("b", "2024-02-01", id="e", expected=4).event("b", "2024-07-01", id="f", expected=4),
        counting(SIZED),
        "2024Q1",
        {"cell events/e/attended"},
    ),
    "two cells of one row": (
        branch().event("b", "2024-02-01", id="e", expected=4),
        counting(FULL),
        "2024Q1",
        {"cell events/e/attended", "cell events/e/hours"},
    ),
    "a cell whose row is out for another reason": (
        branch().event("b", "2024-02-01", id="e", expected=4, hours=0).event("b", "2024-02-01", id="f", held="unclear", hours=3, expected=2, attended=2),
        counting(FULL),
        "2024Q1",
        {"cell events/f/held"},
    ),
    "several rows where one is enough": (
        branch().event("b", "2024-02-01", id="e", held="unclear").event("b", "2024-02", id="f").event("b", "2024-03..2024-04", id="g"),
        counting(at_least=number(2)),
        "2024Q1",
        {"cell events/e/held", "cell events/g/date"},
    ),
    "a rejected row": (branch().event(None, "2024-02-01", None, id="e", certain=False), counting(), "2024Q1", {"row events/e"}),
    "an incomplete feed": (branch().feed(Table.EVENTS, organization="b"), counting(), "2024Q1", {"feed events/meeting/b"}),
    "an incomplete feed that only the upper bound needs": (
        branch().event("b", "2024-02-01", id="e", held="unclear").feed(Table.EVENTS, kind="meeting", until="2024-02-01"),
        counting(Rows(Table.EVENTS, frozenset({"meeting"})), at_least=None, at_most=number(0)),
        "2024Q1",
        {"cell events/e/held", "feed events/meeting/b"},
    ),
    "a parameter": (branch().event("b", "2024-02-01"), program(counting(at_least=parameter("p")), parameters=PARAMETERS), "2024Q1", {"parameter p"}),
    "the binding": (branch(), counting(when=BIG), "2024Q1", {"cell organizations/b/size"}),
    "the binding and a row": (
        branch().event("b", "2024-02-01", id="e", held="unclear"),
        counting(when=BIG),
        "2024Q1",
        {"cell organizations/b/size", "cell events/e/held"},
    ),
    "the beginning of the organization": (
        branch(since="2023-12-15..2024-01-20").event("b", "2024-02-02"),
        counting(),
        "2024Q1",
        {"cell organizations/b/valid_from"},
    ),
    "a waiver known in part": (with_waivers(branch().waiver("b", "r", "2024-01-01", "2024-03", id="w")), counting(), "2024Q1", {"cell waivers/w/until_date"}),
    "an incomplete feed of waivers": (with_waivers(branch().feed(Table.WAIVERS)), counting(), "2024Q1", {"feed waivers/r/b"}),
    "a post": (branch().tenure("b", "p", "2024-06-15..2024-07-15", id="t"), counting(POST, TODAY, judge=Judge.DAY), None, {"cell tenures/t/from_date"}),
    "a field of the subject": (branch(), condition(BIG), None, {"cell organizations/b/size"}),
    "a field of two on either side of or": (
        branch(),
        condition(op(Operator.OR, BIG, op(Operator.EQUAL, of_subject("area", Type.TEXT), text("x")))),
        None,
        {"cell organizations/b/area", "cell organizations/b/size"},
    ),
    "a trigger that may be": (
        branch().event("b", "2024-02-01", "visit", id="v", held="unclear").event("b", "2024-02-03"),
        DEADLINE,
        None,
        {"cell events/v/held"},
    ),
    "a trigger without a date": (branch().event("b", None, "visit", id="v"), DEADLINE, None, {"cell events/v/date"}),
    "founding": (
        branch(),
        Judgement(DEADLINE.header, Each(None, lasting(days(0)), lasting(days(10))), Judge.WINDOW, DEADLINE.measures, DEADLINE.tests, Measured.DATE),
        None,
        {"cell organizations/b/founded_on"},
    ),
    "a link": (
        World().organization("b", "branch").organization("c", "group").relation("c", "b", certain=False, id="l"),
        counting(Rows(Table.ORGANIZATIONS, None, OfLinked(Linked("part_of", Direction.IN)), Place.IN_FORCE), TODAY, judge=Judge.DAY),
        None,
        {"row relations/l"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_deciding_facts(name: str) -> None:
    world, made, window, expected = CASES[name]
    explanation = explained(world, made, window=window)
    assert explanation.verdict.state == "unknown"
    assert named(explanation) == expected
    assert explanation.complete


@pytest.mark.parametrize("name", CASES)
def test_filled_in_they_decide_and_none_can_be_left_out(name: str) -> None:
    world, made, window, _ = CASES[name]
    check(world, made, window)


def test_the_parts_of_a_tally_lead_to_their_own_facts() -> None:
    world = unit("A").organization("b").relation("b", "u").event("b", "2024-02-01", id="e", held="unclear")
    explanation = explained(world, program(counting(), share("1")), "t", "u", "2024Q1")
    assert named(explanation) == {"cell events/e/held"}


def test_parts_that_no_longer_matter_are_not_named() -> None:
    world = unit("A").organization("b").relation("b", "u").event("b", "2024-02-01", id="e", held="unclear").relation("c", "u", certain=False, id="l")
    world.organization("c")
    explanation = explained(world, program(counting(), tally(at_least=number(2))), "t", "u", "2024Q1")
    assert named(explanation) == {"cell events/e/held"}


def test_a_trigger_that_must_be_there_is_named_as_a_missing_row() -> None:
    made = Judgement(DEADLINE.header, Each(EACH.trigger, EACH.after, EACH.within, must_exist=True), Judge.WINDOW, DEADLINE.measures, DEADLINE.tests)
    assert [(found.kind, found.table, found.id, found.name, found.organization) for found in explained(branch(), made, window=None).deciding] == [
        (UnknownKind.ROW, "events", "", "visit", "b")
    ]


# filling in


def fillings(world: World, unknown: Unknown) -> list[Any]:
    """The ways of filling in one fact: functions that change the world."""
    match unknown.kind:
        case UnknownKind.CELL:
            return [lambda changed, value=value: set_cell(changed, unknown, value) for value in cell_values(world, unknown)]
        case UnknownKind.ROW:
            return [
                lambda changed: drop(changed, unknown),
                *(lambda changed, when=when: repair(changed, unknown, when) for when in ("2024-02-15", "2019-01-01")),
            ]
        case UnknownKind.FEED:
            return [lambda changed, number=number: declare(changed, unknown, number) for number in ((0, 1, 2) if unknown.table == "events" else (0,))]
        case UnknownKind.PARAMETER:
            return [lambda changed, value=value: changed.parameters.update({unknown.name: value}) for value in (0, 1, 2)]


DAYS = ("2019-05-05", "2024-01-01", "2024-01-10", "2024-02-05", "2024-03-31", "2024-06-15", "2024-07-01")


def cell_values(world: World, unknown: Unknown) -> list[Any]:
    if unknown.name == "held":
        return ["yes", "no"]
    if unknown.name in ("attended", "expected", "hours", "size"):
        return [0, 7, 1000]
    if unknown.name in ("area", "topic"):
        return ["x", "other"]
    low, high = date_cell(world, unknown)
    tried = [span(written)[0] for written in DAYS]
    return [found for found in tried if low <= found <= high] + ([low, high] if low.year > 1 else [])


def rows_of(world: World, unknown: Unknown) -> Iterator[dict[str, Any]]:
    yield from (found for found in world.rows[Table(unknown.table)] if found["id"] == unknown.id)


def date_cell(world: World, unknown: Unknown) -> tuple[Any, Any]:
    found = next(rows_of(world, unknown))
    column = COLUMN.get(unknown.name, unknown.name)
    return found[column + "_low"], found[column + "_high"]


def set_cell(world: World, unknown: Unknown, value: Any) -> None:
    column = COLUMN.get(unknown.name, unknown.name)
    for found in rows_of(world, unknown):
        if column + "_low" in found:
            found[column + "_low"] = found[column + "_high"] = value
        else:
            found[column] = value


def drop(world: World, unknown: Unknown) -> None:
    world.rows[Table(unknown.table)] = [found for found in world.rows[Table(unknown.table)] if found["id"] != unknown.id]


def repair(world: World, unknown: Unknown, when: str) -> None:
    table = Table(unknown.table)
    kind = {"events": "meeting", "tenures": "secretary", "relations": "part_of", "waivers": "r", "evidence": "plan"}.get(unknown.table, "branch")
    for found in rows_of(world, unknown):
        found["certain"] = True
        kind_column = KIND_COLUMN.get(table, "requirement")
        found[kind_column] = found[kind_column] or kind
        if "organization" in found:
            found["organization"] = found["organization"] or "b"
        if table is Table.EVENTS:
            filled = {"expected": 8, "attended": 9, COLUMN["hours"]: 3}
            found |= {column: value for column, value in filled.items() if found.get(column) is None}
            found["held"] = "yes" if found["held"] == "unclear" else found["held"]
        for column in ("date", "from_date", "valid_from"):
            if column + "_low" in found and found[column + "_low"] != found[column + "_high"]:
                found[column + "_low"] = found[column + "_high"] = span(when)[0]


def declare(world: World, unknown: Unknown, number: int) -> None:
    """The feed is complete after all; some meetings turn up that it lacked, on its first day in the quarter."""
    since, until = unknown.first, unknown.last
    assert since is not None
    assert until is not None
    owner = unknown.organization or None
    world.feed(Table(unknown.table), True, unknown.name or None, owner, since.isoformat(), until.isoformat())
    for place in range(number):
        day = min(max(since, date(2024, 1, 1)), until)
        world.event(unknown.organization or "b", day.isoformat(), unknown.name or "meeting", id=f"new{place}", expected=8, attended=9, hours=3)


@dataclass
class Changed(World):
    """A world with values for parameters."""

    parameters: dict[str, int] = field(default_factory=dict)


def decided(world: World, made: Judgement | Program, window: Any, chosen: list[Any], explanation: Explanation) -> bool:
    changed = Changed(world.vocabulary, copy.deepcopy(world.rows))
    for change in chosen:
        change(changed)
    whole = made if isinstance(made, Program) else program(made, vocabulary=world.vocabulary)
    filled = tuple(Parameter(name, Type.NUMBER, (DatedValue(number(value).value),)) for name, value in changed.parameters.items())
    kept = tuple(known for known in whole.parameters if known.name not in changed.parameters)
    whole = Program(whole.ruleset, whole.version, world.vocabulary, (*kept, *filled), whole.judgements, whole.tallies)
    asked = explanation.verdict
    rows = [found for found in Executor().run(whole, changed.admitted(), context(AS_OF, Q1)).rows() if found.requirement == asked.requirement]
    same = [found for found in rows if found.subject == asked.subject and found.key == asked.key]
    if asked.window_from is not None and asked.reason not in ("trigger_undecided", "trigger_undated"):
        same = [found for found in same if found.window_from == asked.window_from]
    return all(found.state != "unknown" for found in same)


def check(world: World, made: Judgement | Program, window: Any) -> None:
    """Filled in, in whichever of our ways, the facts decide; without one of them, some way of filling in the others leaves it open."""
    explanation = explained(world, made, window=window)
    assert explanation.deciding, explanation.verdict
    ways = [fillings(world, unknown) for unknown in explanation.deciding]
    chooser = random.Random(7)
    combinations = list(product(*ways))
    chooser.shuffle(combinations)
    for chosen in combinations[:12]:
        assert decided(world, made, window, list(chosen), explanation)
    for left_out in range(len(ways)):
        others = telling(chooser, [way for place, way in enumerate(ways) if place != left_out])
        assert any(not decided(world, made, window, list(chosen), explanation) for chosen in others), explanation.deciding[left_out]


def telling(chooser: random.Random, ways: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    """Ways of filling in everything: all in the same manner, then all so but one, then some that are drawn."""
    for end in (0, -1):
        same = [way[end] for way in ways]
        yield tuple(same)
        for place, way in enumerate(ways):
            for value in way:
                yield (*same[:place], value, *same[place + 1 :])
    for _ in range(100):
        yield tuple(chooser.choice(way) for way in ways)


def random_world(seed: int) -> tuple[World, Judgement]:
    """A branch in which much is open."""
    chooser = random.Random(seed)
    world = branch(size=chooser.choice([None, 7, 3, 9]))
    for place in range(chooser.randint(1, 5)):
        when = chooser.choice(["2024-02-05", "2024-03", "2024-03..2024-04", "2023-12", None, "2024-01-31"])
        held, expected = chooser.choice(["yes", "yes", "unclear", "no"]), chooser.choice([None, 8, 10])
        attended, certain = chooser.choice([None, 3, 9]), chooser.random() < 0.8
        world.event("b", when, id=f"e{place}", held=held, expected=expected, attended=attended, certain=certain)
    if chooser.random() < 0.3:
        world.feed(Table.EVENTS, kind="meeting", since=chooser.choice([None, "2024-03-01"]), until=chooser.choice([None, "2024-03-15"]))
    rows = chooser.choice([SIZED, Rows(Table.EVENTS, frozenset({"meeting"})), FULL if chooser.random() < 0.3 else SIZED])
    least, most = chooser.choice([(1, None), (2, None), (None, 1), (1, 2), (0, 0)])
    made = counting(
        rows,
        at_least=None if least is None else number(least),
        at_most=None if most is None else number(most),
        when=chooser.choice([None, None, BIG]),
        partial=Partial.REQUIRE,
    )
    return world, made


@pytest.mark.parametrize("block", range(6))
def test_law_of_deciding_facts_on_random_worlds(block: int) -> None:
    tried = 0
    for seed in range(block * 10, block * 10 + 10):
        world, made = random_world(seed)
        found = explained(world, made)
        if found.verdict.state == "unknown":
            tried += 1
            assert found.complete
            check(world, made, "2024Q1")
    assert tried >= 3


def test_a_constant_is_no_open_fact() -> None:
    assert explained(branch(), counting(at_least=Const(None, Type.NUMBER))).deciding == ()

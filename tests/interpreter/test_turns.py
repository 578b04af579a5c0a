"""Judging one day for all that are alike gives what judging each day by itself gives."""

import random
from typing import Any

import pytest

from mofan_rules.executors.interpreter import states
from mofan_rules.ir.expressions import Const, Operator
from mofan_rules.ir.measures import Extreme, Measure
from mofan_rules.ir.program import Calendar, Judge, Judgement, Partial, Program
from mofan_rules.ir.rows import Place, Rows
from mofan_rules.schema import DatedValue, Parameter, Table, Type
from tests.interpreter.world import (
    MONTH,
    QUARTER,
    TODAY,
    World,
    condition,
    counting,
    day,
    days,
    number,
    of_subject,
    op,
    parameter,
    program,
    row,
    text,
    value_of,
    verdicts,
)

POST = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date")
RATINGS = Rows(Table.EVIDENCE, frozenset({"rating"}), place=Place.IN_FORCE)
GRADED = Extreme(RATINGS, op(Operator.EQUAL, row("grade", Type.TEXT), text("A")), default=Const(False, Type.BOOLEAN))
DAYS = ("2023-12-20", "2024-01-05", "2024-01-31", "2024-02", "2024-02-10", "2024-02-28..2024-03-05", "2024-03-20", None, "2024-04-01")


def random_world(chooser: random.Random) -> World:
    world = World()
    edge = chooser.choice(["2024-01-20", "2024-02-15"])
    world.organization("b", until=edge, size=chooser.choice([None, 3, 9])).organization("b", since=chooser.choice([edge, "2024-02-20"]), size=9)
    for place in range(4):
        since, until = chooser.choice(DAYS), chooser.choice([*DAYS, "open", "open"])
        world.tenure("b", chooser.choice(["p", "q", None]), since, until, certain=chooser.random() < 0.8)
        world.document("b", since, until, "rating", grade=chooser.choice(["A", "B", None]), certain=chooser.random() < 0.8, id=f"d{place}")
        world.event("b", since, held=chooser.choice(["yes", "unclear"]))
    if chooser.random() < 0.4:
        world.feed(chooser.choice([Table.TENURES, Table.EVIDENCE, Table.EVENTS]), since="2024-02-05", until="2024-03-10")
    return world


def judgements(chooser: random.Random) -> Program:
    windows: Any = chooser.choice([TODAY, Calendar(MONTH), Calendar(QUARTER)])
    more: dict[str, Any] = {"judge": chooser.choice([Judge.DAY, Judge.THROUGHOUT]), "grace": chooser.choice([None, days(3), days(20)])}
    more["partial"] = chooser.choice([Partial.SKIP, Partial.REQUIRE])
    values = (DatedValue(number(1).value, last=day("2024-02-11")), DatedValue(number(2).value, first=day("2024-02-12")))
    made: list[Judgement] = [
        counting(POST, windows, at_least=parameter("p"), **more),
        counting(Rows(Table.EVENTS, frozenset({"meeting"})), windows, requirement="e", at_least=number(2), **more),
        condition(value_of("g", Type.BOOLEAN), windows, measures=(Measure("g", GRADED),), requirement="g", **more),
        condition(op(Operator.GREATER, of_subject("size"), number(5)), windows, requirement="s", **more),
    ]
    return program(*made, parameters=(Parameter("p", Type.NUMBER, values),))


@pytest.mark.parametrize("seed", range(40))
def test_days_that_are_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chooser = random.Random(seed)
    world, made = random_world(chooser), judgements(chooser)
    as_of = chooser.choice(["2024-02-12", "2024-03-15", "2024-05-01"])
    found = verdicts(world, made, as_of, "2024-01..2024-03")
    monkeypatch.setattr(states, "turning_days", lambda *_: None)
    assert found == verdicts(world, made, as_of, "2024-01..2024-03")
    assert found or as_of == "2024-02-12"  # on that day the branch may not exist

"""Judging one day for all that are alike gives what judging each day by itself gives."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from mofan_rules.executors.interpreter import states
from mofan_rules.ir.expressions import Const, Holds, Operator
from mofan_rules.ir.measures import Extreme, Measure
from mofan_rules.ir.program import Calendar, Judge, Judgement, Partial, Program
from mofan_rules.ir.rows import ByRole, Direction, Linked, OfLinked, Place, Rows
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


def day_by_day(monkeypatch: pytest.MonkeyPatch, chooser: random.Random, world: World, made: Program) -> bool:
    """Compare with judging each day by itself. Was there any verdict?"""
    as_of = chooser.choice(["2024-02-12", "2024-03-15", "2024-05-01"])
    found = verdicts(world, made, as_of, "2024-01..2024-03")
    monkeypatch.setattr(states, "turning_days", lambda *_: None)
    assert found == verdicts(world, made, as_of, "2024-01..2024-03")
    return bool(found) or as_of == "2024-02-12"  # on that day the branch may not exist


@pytest.mark.parametrize("seed", range(40))
def test_days_that_are_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chooser = random.Random(seed)
    assert day_by_day(monkeypatch, chooser, random_world(chooser), judgements(chooser))


ABOVE = OfLinked(Linked("part_of", Direction.OUT, None))
BELOW = OfLinked(Linked("part_of", Direction.IN, 1))


def when(chooser: random.Random) -> str | None:
    """A date; now and then one that is known in part, or not at all."""
    one, other = sorted(date(2023, 12, 20) + timedelta(chooser.randrange(100)) for _ in range(2))
    return chooser.choices([f"{one}", f"{one}..{other}", f"{one:%Y-%m}", None], [16, 2, 1, 1])[0]


def end(chooser: random.Random) -> str | None:
    return chooser.choice([when(chooser), "open", "open"])


def random_graph(chooser: random.Random) -> World:
    """A branch with organizations above and below it, of which some that one can know is known only in part."""
    world = World().organization("b", since="2024-01-10")
    sure = [chooser.random() < 0.9 for _ in range(20)]
    for other in ("u", "v", "c"):
        kind, size = chooser.choice(["branch", "unit"]), chooser.choice([None, 3, 9])
        world.organization(other, kind, chooser.choice(["2020-01-01", when(chooser)]), end(chooser), size=size, certain=sure.pop())
        world.event(other, when(chooser)).event(other, when(chooser))
        world.document(other, when(chooser), end(chooser), "rating", certain=sure.pop())
        world.tenure(other, "p", when(chooser), end(chooser), role="deputy", certain=sure.pop())
    for source, target in (("b", "u"), ("b", "v"), ("u", "v"), ("c", "b")):
        if chooser.random() < 0.7:
            world.relation(source, target, since=chooser.choice(["2020-01-01", when(chooser)]), until=end(chooser), certain=sure.pop())
    for holder in ("u", "c", chooser.choice(["v", "v", None])):
        world.tenure("b", None if holder is None else "p", when(chooser), end(chooser), holder=holder, certain=sure.pop())
    for table in (Table.RELATIONS, Table.ORGANIZATIONS, Table.TENURES, Table.EVENTS):
        if chooser.random() < 0.3:
            since = date(2024, 1, 5) + timedelta(chooser.randrange(60))
            world.feed(table, since=f"{since}", until=f"{since + timedelta(10)}")
    return world


def elsewhere(chooser: random.Random) -> Program:
    """Requirements that look at other organizations, at other posts, or at parameters of those below one organization."""
    more: dict[str, Any] = {"judge": chooser.choice([Judge.DAY, Judge.THROUGHOUT]), "grace": chooser.choice([None, days(3), days(20)])}
    more["partial"] = chooser.choice([Partial.SKIP, Partial.REQUIRE])
    windows: Any = chooser.choice([TODAY, Calendar(MONTH), Calendar(QUARTER)])
    values = (DatedValue(number(1).value), DatedValue(number(2).value, under="u"), DatedValue(number(3).value, under="v", first=day("2024-02-12")))
    organizations = frozenset({"branch", "unit"})
    found = {
        "a": Rows(Table.EVENTS, frozenset({"meeting"}), ABOVE),
        "d": Rows(Table.EVIDENCE, frozenset({"rating"}), chooser.choice([ABOVE, BELOW]), Place.IN_FORCE),
        "o": Rows(Table.ORGANIZATIONS, organizations, BELOW, Place.IN_FORCE, date="valid_from", where=op(Operator.GREATER, row("size"), number(5))),
        "s": Rows(Table.ORGANIZATIONS, organizations, ByRole(frozenset({"secretary"})), Place.IN_FORCE, date="valid_from"),
        "h": Rows(
            Table.TENURES,
            frozenset({"secretary"}),
            place=Place.IN_FORCE,
            date="from_date",
            where=Holds(frozenset({"deputy"}), chooser.choice([None, "part_of"])),
        ),
    }
    bounds = {name: parameter("p") if chooser.random() < 0.3 else number(1) for name in found}
    made = [counting(rows, windows, requirement=name, at_least=bounds[name], **more) for name, rows in found.items()]
    return program(*made, parameters=(Parameter("p", Type.NUMBER, values),))


@pytest.mark.parametrize("seed", range(150))
def test_days_that_are_alike_elsewhere(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chooser = random.Random(seed)
    assert day_by_day(monkeypatch, chooser, random_graph(chooser), elsewhere(chooser))

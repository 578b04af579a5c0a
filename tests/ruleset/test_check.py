"""The properties of well-formed programs: the shipped rulesets have them, and each is lost by some small damage."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from mofan_rules.ir.check import PROPERTIES, violations
from mofan_rules.ir.derivations import Counted, OfDerived, Pattern
from mofan_rules.ir.expressions import Const, Field, MeasureValue, Op, Operator, Param, Scope
from mofan_rules.ir.measures import Count, Measure, WindowOf
from mofan_rules.ir.operators import ill_typed
from mofan_rules.ir.print import print_program
from mofan_rules.ir.program import Bounds, Condition, Judge, Once, Program
from mofan_rules.ir.rows import Direction, Linked, OfLinked, Own
from mofan_rules.ruleset import load_ruleset, load_texts
from mofan_rules.schema import Type
from mofan_rules.values.dates import BEGINNING, END
from tests.ruleset.test_edits import RULESETS

MAIN = """\
ruleset: r
version: "1"
vocabulary:
  organizations: {branch: {kinds: [joint]}}
  events: {meeting: {kinds: [assembly]}}
  attributes: {members: {of: branch, type: integer}, place: {of: meeting, type: text}}
parameters: {limit: 3}
requirements:
  - {id: a, kind: occurrence, subject: branch, event: meeting, where: place = "hall", every: month, at_least: limit}
  - {id: b, kind: rollup, subject: branch, of: a}
  - {id: c, kind: rollup, subject: branch, of: b, over: part_of}
derive:
  - id: d
    if: [{verdict: a, match: {subject: $x}}, {relation: part_of, match: {source: $x, target: $y}}]
    not: {verdict: b, state: satisfied, match: {subject: $x}}
    count: {of: $z, in: {event: meeting, where: place = "hall", match: {organization: $y, place: $z}}, at_least: 2}
    after: 3 days
    then: {event: assembly, organization: $y, attributes: {place: hall}}
"""
PROGRAM = load_texts({"ruleset.yaml": MAIN}).program
A = PROGRAM.judgements[0]
ONE = Const(Fraction(1), Type.INTEGER)


def judged(**changes: object) -> Program:
    return replace(PROGRAM, judgements=(replace(A, **changes),))  # type: ignore[arg-type]


def counted(**changes: object) -> Program:
    quantity = A.measures[0].quantity
    assert isinstance(quantity, Count)
    rows = replace(quantity.rows, **changes)  # type: ignore[arg-type]
    return judged(measures=(Measure("events", Count(rows)),))


D = PROGRAM.derivations[0]


def derived(**changes: object) -> Program:
    return replace(PROGRAM, derivations=(replace(D, **changes),))  # type: ignore[arg-type]


DAMAGE: dict[str, Callable[[], Program]] = {
    "kinds_exist: a: no kind nobody of organizations": lambda: judged(header=replace(A.header, subjects=frozenset({"nobody"}))),
    "kinds_exist: a: branch without its special cases": lambda: judged(header=replace(A.header, subjects=frozenset({"branch"}))),
    "kinds_exist: a: no kind party of events": lambda: counted(kinds=frozenset({"party"})),
    "kinds_exist: a: no relation guides": lambda: counted(owner=OfLinked(Linked("guides", Direction.IN))),
    "columns_exist: a: events has no date a_0": lambda: counted(date="a_0"),
    "columns_exist: a: events has no organization a_1": lambda: counted(owner=Own("a_1")),
    "columns_exist: a: events has no grade of type text": lambda: counted(where=Op(Operator.EQUAL, (Field(Scope.ROW, "grade", Type.TEXT),) * 2, Type.BOOLEAN)),
    "names_exist: a: two measures of one name": lambda: judged(measures=A.measures * 2),
    "names_exist: a: no parameter limits of type number": lambda: judged(tests=(Bounds("events", Param("limits", Type.NUMBER)),)),
    "names_exist: a: no measure event": lambda: judged(tests=(Bounds("event", ONE),)),
    "types_fit: a: bound is of type boolean": lambda: judged(tests=(Bounds("events", Const(True, Type.BOOLEAN)),)),
    "types_fit: a: + of (integer, text) is no integer": lambda: judged(tests=(Bounds("events", Op(Operator.ADD, (ONE, Const("a", Type.TEXT)), Type.INTEGER)),)),
    "types_fit: a: condition is of type integer": lambda: judged(tests=(Condition(ONE),)),
    "places_fit: a: a measure in a condition on rows": lambda: counted(where=Op(Operator.LESS, (MeasureValue("events", Type.INTEGER), ONE), Type.BOOLEAN)),
    "places_fit: a: no trigger": lambda: judged(tests=(Condition(Op(Operator.MISSING, (Field(Scope.TRIGGER, "name", Type.TEXT),), Type.BOOLEAN)),)),
    "places_fit: a: no window before": lambda: judged(windows=Once(BEGINNING, END), measures=(replace(A.measures[0], window=WindowOf.PREVIOUS),)),
    "places_fit: a: a state of a single window": lambda: judged(windows=Once(BEGINNING, END), judge=Judge.DAY),
    "places_fit: a: no test": lambda: judged(tests=()),
    "derivations_bind: d: no value for y": lambda: derived(patterns=D.patterns[:1], counts=D.counts[:1]),
    "derivations_bind: d: nothing dates it": lambda: derived(patterns=D.patterns[1:], counts=D.counts[:1]),
    "derivations_bind: d: absence of rows": lambda: derived(counts=(replace(D.counts[1], at_most=5),)),
    "derivations_bind: d: a count without a date": lambda: derived(counts=(replace(D.counts[1], patterns=D.patterns[1:]),)),
    "derivations_stratified: d: assembly comes too late": lambda: derived(counts=(Counted((Pattern(OfDerived(frozenset({"assembly"}))),), None, None, 0),)),
    "derivations_stratified: d: assembly in several strata": lambda: replace(PROGRAM, derivations=(D, replace(D, stratum=1))),
    "derived_kinds_exist: d: no kind party of events": lambda: derived(head=replace(D.head, kind="party")),
    "parts_come_first: c: b does not come before it": lambda: replace(PROGRAM, tallies=PROGRAM.tallies[::-1]),
    "parts_come_first: b: no part x": lambda: replace(PROGRAM, tallies=(replace(PROGRAM.tallies[0], parts=("x",)),)),
}


def test_undamaged() -> None:
    assert violations(PROGRAM) == []


@pytest.mark.parametrize("sentence", DAMAGE)
def test_damaged(sentence: str) -> None:
    assert sentence in violations(DAMAGE[sentence]())


def test_every_property_is_lost_by_some_damage() -> None:
    assert {sentence.split(":")[0] for sentence in DAMAGE} == {check.__name__ for check in PROPERTIES}


@pytest.mark.parametrize("folder", sorted(path.parent for path in RULESETS.glob("*/ruleset.yaml")), ids=lambda path: path.name)
def test_shipped_rulesets_are_well_formed(folder: object) -> None:
    program = load_ruleset(str(folder)).program
    assert violations(program) == []
    assert print_program(program) == print_program(load_ruleset(str(folder)).program)


def test_print_tells_programs_apart() -> None:
    printed = {print_program(damage()) for damage in DAMAGE.values()}
    assert len(printed | {print_program(PROGRAM)}) == len(DAMAGE) + 1


def test_operators_take_what_they_take() -> None:
    number, date, items = Const(Fraction(1), Type.NUMBER), Const(None, Type.DATE), Const(None, Type.ITEMS)
    truth, text, days = Const(True, Type.BOOLEAN), Const("a", Type.TEXT), Const(None, Type.DAYS)
    good = [
        Op(Operator.AND, (truth, truth, truth), Type.BOOLEAN),
        Op(Operator.NOT, (truth,), Type.BOOLEAN),
        Op(Operator.LESS, (date, date), Type.BOOLEAN),
        Op(Operator.EQUAL, (text, text), Type.BOOLEAN),
        Op(Operator.SUBTRACT, (number, number), Type.NUMBER),
        Op(Operator.ADD, (days, days), Type.DAYS),
        Op(Operator.NEGATE, (days,), Type.DAYS),
        Op(Operator.IF, (truth, text, text), Type.TEXT),
        Op(Operator.AMONG, (text, text), Type.BOOLEAN),
        Op(Operator.CONTAINS, (items, text), Type.BOOLEAN),
        Op(Operator.ADD_DURATION, (date, days), Type.DATE),
        Op(Operator.DAYS_BETWEEN, (date, date), Type.INTEGER),
        Op(Operator.TO_DAYS, (number,), Type.DAYS),
        Op(Operator.YEAR, (date,), Type.INTEGER),
        Op(Operator.MAXIMUM, (number, number, number), Type.NUMBER),
        Op(Operator.FLOOR, (number,), Type.INTEGER),
        Op(Operator.MISSING, (text,), Type.BOOLEAN),
    ]
    bad = [
        Op(Operator.AND, (truth,), Type.BOOLEAN),
        Op(Operator.NOT, (text,), Type.BOOLEAN),
        Op(Operator.LESS, (text, text), Type.BOOLEAN),
        Op(Operator.EQUAL, (text, number), Type.BOOLEAN),
        Op(Operator.ADD, (date, days), Type.DATE),
        Op(Operator.MULTIPLY, (days, days), Type.DAYS),
        Op(Operator.NEGATE, (text,), Type.TEXT),
        Op(Operator.IF, (truth, text, number), Type.TEXT),
        Op(Operator.AMONG, (text, Field(Scope.ROW, "kind", Type.TEXT)), Type.BOOLEAN),
        Op(Operator.CONTAINS, (text, text), Type.BOOLEAN),
        Op(Operator.ADD_DURATION, (days, date), Type.DATE),
        Op(Operator.DAYS_BETWEEN, (date, days), Type.INTEGER),
        Op(Operator.TO_DAYS, (number,), Type.MONTHS),
        Op(Operator.YEAR, (text,), Type.INTEGER),
        Op(Operator.MAXIMUM, (number, text), Type.NUMBER),
        Op(Operator.FLOOR, (number, number), Type.INTEGER),
        Op(Operator.MISSING, (text, text), Type.BOOLEAN),
    ]
    assert [ill_typed(op) for op in good] == [""] * len(good)
    assert [op for op in bad if not ill_typed(op)] == []

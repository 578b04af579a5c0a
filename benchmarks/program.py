"""Twelve requirements of the usual kinds, as a program."""

from datetime import date
from fractions import Fraction

from benchmarks.population import VOCABULARY
from mofan_rules.ir.expressions import Const, Expression, Field, Op, Operator, Scope
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import (
    Bounds,
    Calendar,
    Chain,
    Context,
    Each,
    Header,
    Judge,
    Judgement,
    Measured,
    Modality,
    Program,
    Snapshot,
    Tally,
)
from mofan_rules.ir.rows import Direction, Linked, OfLinked, Place, Rows
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import Duration, DurationUnit
from mofan_rules.values.windows import Every, Unit

CONTEXT = Context(date(2025, 1, 10), date(2024, 1, 1), date(2024, 12, 31))

MONTH, QUARTER, YEAR = (Every(Unit.MONTH, months) for months in (1, 3, 12))

BRANCH = frozenset({"branch"})


def _integer(value: int) -> Const:
    return Const(Fraction(value), Type.INTEGER)


def _header(requirement: str, kind: str, subjects: frozenset[str] = BRANCH, when: Expression | None = None, grace: Duration | None = None) -> Header:
    return Header(requirement, kind, subjects, when, grace=grace, modality=Modality.SHOULD)


def _occurrence(requirement: str, event: str, every: Every, where: Expression | None = None, when: Expression | None = None, least: int = 1) -> Judgement:
    rows = Rows(Table.EVENTS, frozenset({event}), where=where, by_period=True)
    header = _header(requirement, "occurrence", when=when)
    return Judgement(header, Calendar(every), Judge.WINDOW, (Measure("n", Count(rows)),), (Bounds("n", _integer(least)),))


def _state(requirement: str, kind: str, rows: Rows, grace: Duration | None = None) -> Judgement:
    return Judgement(_header(requirement, kind, grace=grace), Snapshot(), Judge.DAY, (Measure("n", Count(rows)),), (Bounds("n", _integer(1)),))


def _quorum() -> Expression:
    attended, expected = (Field(Scope.ROW, column, Type.INTEGER) for column in ("attended", "expected"))
    return Op(Operator.AT_LEAST, (Op(Operator.MULTIPLY, (attended, _integer(2)), Type.INTEGER), expected), Type.BOOLEAN)


def _election() -> Judgement:
    rows = Rows(Table.EVENTS, frozenset({"election"}))
    within = Const(Duration(36, DurationUnit.MONTHS), Type.MONTHS)
    after = Const(Duration(0, DurationUnit.DAYS), Type.DAYS)
    windows = Each(None, after, within, chain=Chain(Rows(Table.EVENTS, frozenset({"election"}))), must_exist=True)
    tests = (Bounds("n", _integer(1), few="missing"),)
    return Judgement(_header("r10-election", "deadline"), windows, Judge.WINDOW, (Measure("n", Count(rows)),), tests, Measured.DATE)


def program() -> Program:
    """All requirements: seven counts of events, an election chain, three states, and two roll-ups."""
    large = Op(Operator.AT_LEAST, (Field(Scope.SUBJECT, "a_0", Type.INTEGER), _integer(7)), Type.BOOLEAN)
    judgements = (
        _occurrence("r01-assembly", "assembly", QUARTER),
        _occurrence("r02-board", "board", MONTH, where=_quorum(), when=large),
        _occurrence("r03-group", "group", QUARTER),
        _occurrence("r04-lecture", "lecture", QUARTER),
        _occurrence("r05-day", "day", MONTH),
        _occurrence("r06-review", "review", YEAR),
        _election(),
        _state(
            "r07-secretary", "occupancy", Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date"), Duration(90, DurationUnit.DAYS)
        ),
        _state(
            "r08-coverage",
            "coverage",
            Rows(Table.ORGANIZATIONS, frozenset({"division"}), OfLinked(Linked("covers", Direction.OUT)), Place.IN_FORCE, "valid_from"),
        ),
        _state("r09-plan", "evidence", Rows(Table.EVIDENCE, frozenset({"plan"}), place=Place.IN_FORCE)),
    )
    parts = ("r01-assembly", "r02-board", "r04-lecture", "r05-day")
    below = Linked("part_of", Direction.IN, None)
    share = Const(Fraction(95, 100), Type.NUMBER)
    tallies = (
        Tally(_header("r11-own", "rollup"), None, parts, share=True, at_least=Const(Fraction(1), Type.NUMBER)),
        Tally(_header("r12-unit", "rollup", frozenset({"committee", "department"})), None, parts, below, share=True, at_least=share),
    )
    return Program("benchmark", "1", VOCABULARY, (), judgements, tallies)

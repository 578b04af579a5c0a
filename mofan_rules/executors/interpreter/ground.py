"""What the patterns of derivations find in verdicts, rows and edges (meaning 8.2)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import assert_never

from mofan_rules.executors.interpreter.derive import derive
from mofan_rules.executors.interpreter.engine import Engine, Law
from mofan_rules.executors.interpreter.expressions import Place, truth
from mofan_rules.executors.interpreter.facts import Cell, Facts, Row
from mofan_rules.executors.interpreter.matching import HELD, SPANS
from mofan_rules.executors.interpreter.organizations import Version, opened
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.derivations import DerivedFact, Found, Ground, OfDerived, OfEdges, OfRows, OfVerdicts, Pattern, Source, Value, in_order
from mofan_rules.ir.program import Context, Program
from mofan_rules.schema import KIND_COLUMN, Table, Type
from mofan_rules.values.dates import BEGINNING, END, Day, add_days
from mofan_rules.verdicts.table import Verdict

Cells = Mapping[str, Value | None]
Line = tuple[Cells, date | None, date, date]
"""What a source holds: the cells, and the day that dates them or the days on which they hold."""


def derived(program: Program, facts: AdmittedFacts, context: Context, verdicts: Iterable[Verdict]) -> tuple[DerivedFact, ...]:
    """The facts that a program derives from a verdict table and the facts behind it, in order.

    Parameters
    ----------
    verdicts: the whole verdict table of the context, of whichever executor.
    """
    return follows(program, Facts(facts, whole=True), context, facts.known_at, verdicts)


def follows(program: Program, facts: Facts, context: Context, known_at: date | None, verdicts: Iterable[Verdict]) -> tuple[DerivedFact, ...]:
    """As `derived`, from rows in memory."""
    until = context.as_of if known_at is None else min(context.as_of, known_at)
    return tuple(sorted(derive(program.derivations, _ground(program, facts, context, verdicts), until), key=in_order))


def ground(program: Program, facts: AdmittedFacts, context: Context, verdicts: Iterable[Verdict]) -> Ground:
    """What each pattern finds, those over derived facts left out."""
    return _ground(program, Facts(facts, whole=True), context, verdicts)


def _ground(program: Program, facts: Facts, context: Context, verdicts: Iterable[Verdict]) -> Ground:
    patterns = patterns_of(program)
    if not patterns:
        return {}
    engine = Engine(program, facts, context)
    found: dict[Pattern, set[Found]] = {pattern: set() for pattern in patterns}
    for pattern, one in finds(patterns, engine, verdicts, engine.facts.table, edges=True):
        found[pattern].add(one)
    return {pattern: frozenset(ones) for pattern, ones in found.items()}


def patterns_of(program: Program) -> frozenset[Pattern]:
    """The patterns of a program, those over derived facts left out."""
    return frozenset(pattern for derivation in program.derivations for pattern in derivation.all_patterns if not isinstance(pattern.source, OfDerived))


def finds(
    patterns: Iterable[Pattern], engine: Engine, verdicts: Iterable[Verdict], rows: Callable[[Table], Iterable[Row]], edges: bool
) -> Iterator[tuple[Pattern, Found]]:
    """What patterns find, each find as often as there is something that it was found in.

    Parameters
    ----------
    verdicts: those that are looked at, with `rows` (by table) and, if `edges`, the relations of the engine's facts.
    """
    table = tuple(verdicts)
    by_source: dict[Source, list[Pattern]] = {}
    for pattern in patterns:
        by_source.setdefault(pattern.source, []).append(pattern)
    for source, alike in by_source.items():
        for cells, day, first, last in _lines(source, engine, table, rows, edges):
            for pattern in alike:
                values = pattern.read(cells)
                if values is not None:
                    yield pattern, Found(values, day, first, last)


def _lines(source: Source, engine: Engine, verdicts: Iterable[Verdict], rows: Callable[[Table], Iterable[Row]], edges: bool) -> Iterator[Line]:
    match source:
        case OfVerdicts():
            yield from _verdicts(source, verdicts)
        case OfRows():
            yield from _rows(source, engine, rows(source.table))
        case OfEdges():
            yield from _edges(source, engine) if edges else ()
        case OfDerived():
            return
        case _:
            assert_never(source)


def _verdicts(source: OfVerdicts, verdicts: Iterable[Verdict]) -> Iterator[Line]:
    for verdict in verdicts:
        if verdict.requirement in source.requirements and verdict.state in source.states and verdict.due_on is not None:
            cells: Cells = {
                "requirement": verdict.requirement,
                "subject": verdict.subject,
                "key": verdict.key or None,
                "window_from": verdict.window_from,
                "window_until": verdict.window_until,
                "next": None if verdict.window_until is None else add_days(verdict.window_until, 1),
                "due_on": verdict.due_on,
                "accountable": verdict.accountable,
            }
            yield cells, add_days(verdict.due_on, 1), BEGINNING, END


def _rows(source: OfRows, engine: Engine, rows: Iterable[Row]) -> Iterator[Line]:
    law = Law(engine, 0, engine.as_of, engine.as_of)
    for row in rows:
        if not row.certain or row.cells[KIND_COLUMN[source.table]] not in source.kinds or truth(source.where, Place(law, 0, None, row)) is not True:
            continue
        cells = _cells(row, engine.facts)
        if source.table is not Table.EVENTS:
            start, until = (row.day(column) for column in SPANS[source.table])
            yield cells, None, start.high, opened(until, engine.as_of).low
            continue
        day, organization = row.day("date"), row.cells["organization"]
        happened = row.cells["held"] is None or HELD[row.cells["held"]]
        if happened and day.exact and isinstance(organization, int) and engine.organizations.exists(organization, day.low):
            yield cells, day.low, BEGINNING, END


def _edges(source: OfEdges, engine: Engine) -> Iterator[Line]:
    relations = engine.facts.vocabulary.family(Table.RELATIONS, source.relation)
    for row in engine.facts.table(Table.RELATIONS):
        near, far = row.cells["source"], row.cells["target"]
        if row.certain and row.cells["kind"] in relations and isinstance(near, int) and isinstance(far, int):
            start, until = row.day("valid_from"), opened(row.day("valid_until"), engine.as_of)
            for one in _certain(engine, near):
                for other in _certain(engine, far):
                    first = max(start.high, one.start.high, other.start.high)
                    last = min(until.low, one.until.low, other.until.low)
                    if first <= last:
                        yield {"source": engine.facts.subjects[near], "target": engine.facts.subjects[far]}, None, first, last


def _certain(engine: Engine, organization: int) -> list[Version]:
    return [version for version in engine.organizations.versions(organization) if version.row.certain]


def _cells(row: Row, facts: Facts) -> Cells:
    """A row as patterns see it: organizations by their ids, dates only if they are exact. What no variable can hold is left out."""
    organizations = {"organization", "source", "target", "holder", *(f"a_{number}" for number in _organizations(facts))}
    return {column: _value(cell, facts if column in organizations else None) for column, cell in row.cells.items()}


def _organizations(facts: Facts) -> Iterator[int]:
    return (number for number, attribute in enumerate(facts.vocabulary.attributes) if attribute.type is Type.ORGANIZATION)


def _value(cell: Cell, facts: Facts | None) -> Value | None:
    match cell:
        case Day(low, _):
            return low if cell.exact and low not in (BEGINNING, END) else None
        case bool() | str() | Fraction():
            return cell
        case int():
            return None if facts is None else facts.subjects[cell]
        case date():
            return cell
        case _:
            return None

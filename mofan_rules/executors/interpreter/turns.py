"""The days on which the tests of a state can turn. Between two of them all days are alike, so that one of them is judged for all."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import assert_never

from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.matching import SPANS
from mofan_rules.executors.interpreter.parameters import UPWARDS
from mofan_rules.ir.expressions import Holds, Param, WindowDay
from mofan_rules.ir.measures import Measure, WindowOf
from mofan_rules.ir.program import Judge, Judgement
from mofan_rules.ir.rows import ByRole, Direction, Linked, OfLinked, Own, Rows
from mofan_rules.schema import Table
from mofan_rules.values.dates import Day, add_days


def turning_days(engine: Engine, judgement: Judgement, subject: int) -> list[date] | None:
    """The days in order; `None` where each day has to be judged by itself, because the tests name the day or a calendar, or is better judged so: of a state
    that is asked about on one day, to look for the turns of all other organizations would take longer."""
    nodes = engine.nodes_of(judgement)
    if any(map(_names_the_day, nodes)) or (judgement.judge is Judge.DAY and any(map(_looks_elsewhere, nodes))):
        return None
    parameters = [engine.parameters.parameters.get(node.name) for node in nodes if isinstance(node, Param)]
    values = [value for parameter in parameters if parameter is not None for value in parameter.values]
    days = {turn for version in engine.organizations.versions(subject) for turn in version.turns()}
    days |= {turn for value in values for turn in (value.first, add_days(value.last, 1))}
    if any(value.under is not None for value in values):
        days.update(engine.links.turns(subject, UPWARDS))
    for node in nodes:
        if isinstance(node, Rows):
            days.update(_rows_turn(engine, node, subject))
        elif isinstance(node, Holds):
            days.update(_posts_turn(engine, node, subject))
    return sorted(days)


def _names_the_day(node: object) -> bool:
    return isinstance(node, WindowDay) or (isinstance(node, Measure) and (node.per is not None or node.window is not WindowOf.THIS))


def _looks_elsewhere(node: object) -> bool:
    return isinstance(node, Holds) or (isinstance(node, Rows) and not isinstance(node.owner, Own))


def _rows_turn(engine: Engine, rows: Rows, subject: int) -> Iterator[date]:
    """When rows begin or cease to match, and feeds to be complete."""
    yield from engine.feeds.turns(rows.table)
    columns = {rows.date, *SPANS[rows.table]}
    match rows.owner:
        case Own(column):
            found: Iterable[Row] = engine.facts.owned(rows.table, column, subject)
        case OfLinked(link):
            yield from _link_turns(engine, link, subject)
            found = _rows_of(engine, rows.table, engine.links.ever(subject, link))
        case ByRole():
            tenures = engine.facts.owned(Table.TENURES, "organization", subject)
            yield from _spans_turn(tenures, SPANS[Table.TENURES])
            yield from engine.feeds.turns(Table.TENURES)
            found = _rows_of(engine, rows.table, _holders(engine, tenures))
        case _:
            assert_never(rows.owner)
    yield from _spans_turn(found, columns)


def _posts_turn(engine: Engine, node: Holds, subject: int) -> Iterator[date]:
    """When people take or leave posts, in the subject or where a relation leads."""
    places = {subject}
    if node.relation is not None:
        link = Linked(node.relation, Direction.OUT)
        yield from _link_turns(engine, link, subject)
        places |= engine.links.ever(subject, link)
    yield from engine.feeds.turns(Table.TENURES)
    yield from _spans_turn(_rows_of(engine, Table.TENURES, places), SPANS[Table.TENURES])


def _link_turns(engine: Engine, link: Linked, subject: int) -> Iterator[date]:
    yield from engine.links.turns(subject, link)
    yield from engine.feeds.turns(Table.RELATIONS)
    yield from engine.feeds.turns(Table.ORGANIZATIONS)


def _holders(engine: Engine, tenures: Iterable[Row]) -> Iterable[int]:
    """The organizations that may hold the posts: any may hold one of which nothing is said."""
    holders = [tenure.cells["holder"] for tenure in tenures if tenure.cells["holder"] is not None or tenure.cells["person"] is None]
    return range(len(engine.facts.subjects)) if None in holders else {holder for holder in holders if isinstance(holder, int)}


def _rows_of(engine: Engine, table: Table, organizations: Iterable[int]) -> Iterator[Row]:
    for organization in organizations:
        yield from engine.facts.owned(table, "organization", organization)


def _spans_turn(rows: Iterable[Row], columns: Iterable[str]) -> Iterator[date]:
    for row in rows:
        for cell in (row.cells.get(column) for column in columns):
            if isinstance(cell, Day):
                yield from (cell.low, cell.high, add_days(cell.low, 1), add_days(cell.high, 1))

"""The days on which the tests of a state can turn. Between two of them all days are alike, so that one of them is judged for all."""

from collections.abc import Iterator
from datetime import date

from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.matching import SPANS
from mofan_rules.ir.expressions import Holds, Param, WindowDay
from mofan_rules.ir.measures import Measure, WindowOf
from mofan_rules.ir.program import Judgement
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.values.dates import Day, add_days


def turning_days(engine: Engine, judgement: Judgement, subject: int) -> list[date] | None:
    """The days in order; `None` where each day has to be judged by itself: where the tests name the day or a calendar, look at other organizations' rows or
    other posts, or use parameters that hold for a part of the organizations."""
    nodes = engine.nodes_of(judgement)
    parameters = [engine.parameters.parameters.get(node.name) for node in nodes if isinstance(node, Param)]
    values = [value for parameter in parameters if parameter is not None for value in parameter.values]
    if any(map(_names_the_day, nodes)) or any(value.under is not None for value in values):
        return None
    days = {turn for version in engine.organizations.versions(subject) for turn in version.turns()}
    days |= {turn for value in values for turn in (value.first, add_days(value.last, 1))}
    for rows in nodes:
        if isinstance(rows, Rows):
            days |= set(_row_turns(engine, rows, subject))
            days |= set(engine.feeds.turns(rows.table))
    return sorted(days)


def _names_the_day(node: object) -> bool:
    if isinstance(node, Measure):
        return node.per is not None or node.window is not WindowOf.THIS
    return isinstance(node, WindowDay | Holds) or (isinstance(node, Rows) and not isinstance(node.owner, Own))


def _row_turns(engine: Engine, rows: Rows, subject: int) -> Iterator[date]:
    assert isinstance(rows.owner, Own)
    columns = {rows.date, *SPANS[rows.table]}
    for row in engine.facts.owned(rows.table, rows.owner.column, subject):
        for cell in (row.cells[column] for column in sorted(columns & row.cells.keys())):
            if isinstance(cell, Day):
                yield from (cell.low, cell.high, add_days(cell.low, 1), add_days(cell.high, 1))

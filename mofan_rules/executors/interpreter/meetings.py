"""On which days a trigger would have to be dated so that its window just meets an answer, or just misses it.

A trigger of which the date is not known may have many windows. What decides its verdict depends on the answers that such a window would meet, so that these
days are tried out (`domains`) beside those at which the requirement turns by itself.
"""

from collections.abc import Iterator
from datetime import date

from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.executors.interpreter.feeds import Feeds
from mofan_rules.executors.interpreter.matching import kind_truth
from mofan_rules.executors.interpreter.walk import walk
from mofan_rules.ir.program import Each, Judgement, Tally
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.schema import Parameter, Table
from mofan_rules.values.dates import BEGINNING, END, Duration, DurationUnit, add, add_days

EXISTENCE = ("founded_on", "valid_from", "valid_until")
NO_OFFSET = Duration(0, DurationUnit.DAYS)


def dates_a_window(node: Judgement | Tally, table: Table, column: str) -> bool:
    """Does a date in this column open or close a window that has an end of its own?"""
    if not isinstance(node, Judgement) or not isinstance(node.windows, Each) or (node.windows.within is None and node.windows.by is None):
        return False
    trigger = node.windows.trigger
    if trigger is None:
        return table is Table.ORGANIZATIONS and column == "founded_on"
    return table is trigger.table and column in (trigger.date, node.windows.by)


def meeting_days(facts: Facts, node: Judgement, parameters: tuple[Parameter, ...], subject: int, as_of: date) -> set[date]:
    """Days at which the window of a trigger begins or ceases to meet an answer, a gap among the answers, an end of the subject or the as-of date."""
    answers = {rows for measure in node.measures for rows in walk(measure) if isinstance(rows, Rows)}
    edges = {as_of, *(edge for rows in answers for edge in _edges(facts, rows, subject, as_of))}
    for version in facts.owned(Table.ORGANIZATIONS, "organization", subject):
        edges |= {edge for column in EXISTENCE for edge in (version.day(column).low, version.day(column).high)}
    edges -= {BEGINNING, END}
    met = {add(edge, Duration(-offset.amount, offset.unit)) for edge in edges for offset in _offsets(node, parameters)}
    return {add_days(day, shift) for day in met for shift in (-1, 0, 1)}


def _offsets(node: Judgement, parameters: tuple[Parameter, ...]) -> set[Duration]:
    """How far from its trigger a window may begin, end or be due."""
    offsets = {NO_OFFSET} | {found for found in walk(node.windows) if isinstance(found, Duration)}
    offsets |= {value.value for parameter in parameters for value in parameter.values if isinstance(value.value, Duration)}
    grace = node.header.grace
    if not isinstance(grace, Duration):
        return offsets
    return offsets | {Duration(offset.amount + grace.amount, grace.unit) for offset in offsets if offset.unit is grace.unit or offset == NO_OFFSET}


def _edges(facts: Facts, rows: Rows, subject: int, as_of: date) -> Iterator[date]:
    """The days at which answers, and gaps among them, begin and end."""
    if not isinstance(rows.owner, Own):
        return
    for row in facts.owned(rows.table, rows.owner.column, subject):
        if kind_truth(row, rows.kinds) is not False:
            yield from (row.day(rows.date).low, row.day(rows.date).high)
    for gap in Feeds(facts).gaps(rows.table, rows.kinds, {subject}, BEGINNING, as_of):
        yield from (gap.first, gap.last)

"""The days on which a verdict can change although nothing happens (meaning 2 to 5, SEMANTICS section 7.4).

A verdict that is pending, or waived while it is open, changes only when its due day has passed or a fact takes effect that was known before: a post that
ends on a day in the future, an organization that will be dissolved. These days can be told. Where they cannot, every day is one of them.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from mofan_rules.facts import AdmittedFacts
from mofan_rules.ir.expressions import WindowDay
from mofan_rules.ir.program import Context, Each, Judge, Judgement, Once, Program, Snapshot, Tally
from mofan_rules.ir.walk import nodes as parts_of
from mofan_rules.ir.walk import program_expressions
from mofan_rules.schema import Table
from mofan_rules.values.dates import add_days
from mofan_rules.values.windows import Every, Unit


def days_of_facts(facts: AdmittedFacts, program: Program, after: date, until: date) -> set[date]:
    """The days from `after` (which is not one) to `until` on which a fact, a parameter or a version of a requirement begins or is over."""
    found: set[date] = set()
    for table in Table:
        described = facts.connection.execute(f'DESCRIBE facts."{table.value}"').fetchall()
        for column in (f'"{row[0]}"' for row in described if str(row[1]) == "DATE"):
            query = f'SELECT DISTINCT {column} FROM facts."{table.value}" WHERE {column} BETWEEN ? AND ?'
            found |= {row[0] for row in facts.connection.execute(query, [after, until]).fetchall()}
    found |= {day for parameter in program.parameters for value in parameter.values for day in (value.first, value.last)}
    headers = [*(judgement.header for judgement in program.judgements), *(tally.header for tally in program.tallies)]
    found |= {day for header in headers for day in (header.first, header.last)}
    found |= {add_days(day, 1) for day in found}
    return {day for day in found | set(_calendar_days(after, until)) if after < day <= until}


def _calendar_days(after: date, until: date) -> Iterator[date]:
    """The first days of months and weeks, on which the calendar windows of measures begin."""
    day = add_days(after, 1)
    while day <= until:
        if day.day == 1 or day.weekday() == 0:
            yield day
        day = add_days(day, 1)


def snapshots(program: Program) -> frozenset[str]:
    """The requirements on states of the as-of date, whose windows move with it: the same obligation on each day."""
    return frozenset(one.header.requirement for one in program.judgements if isinstance(one.windows, Snapshot))


def restless(program: Program) -> frozenset[str]:
    """The requirements of which a pending verdict can change on any day: states that ask what day it is, and roll-ups of such or of windows that begin on
    days which nobody has named yet."""
    found: set[str] = set()
    for judgement in program.judgements:
        if judgement.judge is not Judge.WINDOW and _asks_the_day(judgement):
            found.add(judgement.header.requirement)
    unforeseen = {one.header.requirement for one in program.judgements if _begins_anywhere(one)}
    for tally in program.tallies:
        parts = set(tally.parts)
        if parts & (found | unforeseen):
            found.add(tally.header.requirement)
    return frozenset(found)


def _asks_the_day(judgement: Judgement) -> bool:
    return any(isinstance(part, WindowDay) for expression in program_expressions(judgement) for part in parts_of(expression))


def _begins_anywhere(judgement: Judgement) -> bool:
    windows = judgement.windows
    return isinstance(windows, Once) or (isinstance(windows, Each) and windows.after is not None)


def widened(program: Program, context: Context) -> Context:
    """The question for the whole windows of all roll-ups that share a day with the period: what they count may be due although the period does not show it."""
    first, last = context.period_first, context.period_last
    for every, anchor in _calendars(program.tallies):
        if anchor is None:
            first = min(first, every.first(every.number(context.period_first)))
            last = max(last, every.last(every.number(context.period_last)))
        else:
            days = 7 * every.count if every.unit is Unit.WEEK else 31 * every.count
            first, last = min(first, add_days(context.period_first, -days)), max(last, add_days(context.period_last, days))
    return Context(context.as_of, first, last)


def _calendars(tallies: Iterable[Tally]) -> Iterator[tuple[Every, object]]:
    for tally in tallies:
        if tally.windows is not None:
            yield tally.windows.every, tally.windows.starting

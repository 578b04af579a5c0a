"""The cells of several requirements at once: whose windows have dates of their own, known beforehand, and whose binding does not depend on them."""

from collections.abc import Sequence
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.cells import CARRIED, PLAIN, STRIDE, may_touch, with_binding, with_day
from mofan_rules.executors.duckdb.feeds import Wanting, wanting
from mofan_rules.executors.duckdb.members import MOST, cell_number, stretches
from mofan_rules.executors.duckdb.parameters import with_choices
from mofan_rules.executors.duckdb.periods import Wanted
from mofan_rules.executors.duckdb.waivers import admits, with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Calendar, Each, Header, Once, Snapshot, Windows
from mofan_rules.schema import Table

CELLS = 2_000_000
"""So many subjects and members at most are judged at once: tables of more cells cost memory, and the statements saved no longer count."""

Span = tuple[date, date]


def most_members(work: Work) -> int:
    """How many requirements with cells of all subjects are judged at once."""
    return max(1, min(MOST, CELLS // max(work.organizations, 1)))


def waiver_feed(work: Work, header: Header) -> Wanting | None:
    """Where waivers of the requirement may be wanting: it must be the same of all that are judged together."""
    return wanting(work, Table.WAIVERS, frozenset((header.requirement,))) if admits(work, header) else None


def spans_of(work: Work, windows: Windows, wanted: Wanted) -> Sequence[Span]:
    """The windows that the period of a requirement asks for."""
    end = min(work.context.as_of, wanted.last)
    match windows:
        case Snapshot():
            return [(work.context.as_of, work.context.as_of)]
        case Once(first, last):
            return [(first, last)] if first <= end and last >= wanted.first else []
        case Calendar(every, starting):
            assert not isinstance(starting, str)
            return list(every.between(wanted.first, end, starting))
        case Each():
            raise TypeError("windows that triggers open have no calendar")


def cells_together(
    work: Work, headers: Sequence[Header], spans: Sequence[Sequence[Span]], choices: dict[str, str], state: bool = False, by_day: bool = False
) -> str:
    """The relation of the cells of all members, with day, binding and waivers, and with the columns of `choices`.

    Parameters
    ----------
    spans: the windows of each member.
    state: they are judged on states, and bound only while the requirement is effective.
    by_day: the law is that of the reference day.
    """
    each, runs = stretches(work, headers, work.subjects)
    windows = [f"({who}, {number}, {sql.day(first)}, {sql.day(last)})" for who, listed in enumerate(spans) for number, (first, last) in enumerate(listed)]
    listed = ", ".join(windows) or f"(0, 0, {sql.LAST_DAY}, {sql.FIRST_DAY})"
    relation = (
        f"(SELECT {cell_number('k.organization', 'k.who', 'w.number', STRIDE)} AS cell, k.who, k.effective_first, k.effective_last, k.organization AS subject,"
        f" '' AS key, w.window_first, w.window_last, w.window_last AS due, w.window_first AS law, {PLAIN}, {CARRIED} FROM ({each}) k"
        f" JOIN (VALUES {listed}) w(who, number, window_first, window_last) ON w.who = k.who"
        f" AND w.window_first <= w.window_last AND {may_touch(runs, 'w.window_first', 'w.window_last')})"
    )
    relation = with_day(work, relation, True)
    if by_day:
        relation = f"(SELECT * REPLACE (day AS law) FROM {relation})"
    relation = f"(SELECT * FROM {relation} WHERE law BETWEEN effective_first AND effective_last)"
    effective = ("c.effective_first", "c.effective_last") if state else None
    relation = with_binding(work, with_choices(work, relation, choices), headers[0], choices, state, True, runs, effective)
    return with_waivers(work, relation, headers, False)

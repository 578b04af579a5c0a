"""The cells of one requirement or of several at once, whose windows no trigger opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import Runs, bound_runs, subjects_of
from mofan_rules.executors.duckdb.calendar import due_day
from mofan_rules.executors.duckdb.cells import CARRIED, PLAIN, STRIDE, may_touch, started_windows, with_binding, with_day
from mofan_rules.executors.duckdb.feeds import Wanting, wanting
from mofan_rules.executors.duckdb.members import MOST, cell_number, stretches
from mofan_rules.executors.duckdb.parameters import with_choices
from mofan_rules.executors.duckdb.periods import Wanted
from mofan_rules.executors.duckdb.waivers import admits, with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Calendar, Each, Header, Judgement, Once, Snapshot, Windows
from mofan_rules.schema import Table

CELLS = 2_000_000
"""So many cells at most are judged at once, or those of one requirement: tables of more cells cost memory, and the statements saved no longer count."""

Span = tuple[date, date]


def most_members(work: Work) -> int:
    """How many requirements with cells of all subjects are judged at once."""
    return max(1, min(MOST, CELLS // max(work.organizations, 1)))


def expected_cells(work: Work, judgement: Judgement, wanted: Wanted) -> int:
    """About how many cells a judgement has. (Where triggers open its windows it is not known how many there are: one a subject.)"""
    windows = judgement.windows
    each = 1 if isinstance(windows, Each) or begins_apart(windows) else len(spans_of(work, windows, wanted))
    return subjects_of(work, judgement.header) * each


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement as its cells are made: its header, its windows, and the period for which they are wanted."""

    header: Header
    windows: Windows
    wanted: Wanted


def cells_together(
    work: Work,
    members: Sequence[Asked],
    choices: dict[str, str],
    *,
    state: bool = False,
    by_day: bool = False,
    delays: bool = False,
    subjects: str | None = None,
) -> str:
    """The relation of the cells of all members, with day, binding and waivers, and with the columns of `choices`.

    Where each subject has a calendar of its own, or `when` depends on the window, there is one member.

    Parameters
    ----------
    state: they are judged on states, and bound only while the requirement is effective.
    by_day: the law is that of the reference day.
    delays: what is wanted is due only when the grace is over.
    subjects: those whose cells are made, where not all are (a relation with the column `organization`).
    """
    headers = [member.header for member in members]
    runs: Runs | None = None
    if begins_apart(members[0].windows):
        relation = _begun_apart(work, members[0], delays)
    else:
        each, runs = stretches(work, headers, subjects or work.subjects)
        relation = _dated(work, members, each, runs, delays)
    relation = with_day(work, relation, runs is not None)
    if by_day:
        relation = f"(SELECT * REPLACE (CASE WHEN window_first IS NULL THEN law ELSE day END AS law) FROM {relation})"
    relation = with_choices(work, in_force(relation), choices)
    return with_waivers(work, with_binding(work, relation, headers[0], choices, state, runs is not None, runs), headers, False)


def begins_apart(windows: Windows) -> bool:
    """Has each subject a calendar of its own?"""
    return isinstance(windows, Calendar) and isinstance(windows.starting, str)


def in_force(relation: str) -> str:
    """Only the cells to which their version of a requirement applies."""
    return f"(SELECT * FROM {relation} WHERE law BETWEEN effective_first AND effective_last)"


def _begun_apart(work: Work, member: Asked, delays: bool) -> str:
    header, windows = member.header, member.windows
    assert isinstance(windows, Calendar) and isinstance(windows.starting, str)
    begun = started_windows(work, bound_runs(work, header.subjects, None), windows.every, windows.starting, header.grace if delays else None)
    return f"(SELECT *, 0 AS who, {sql.day(header.first)} AS effective_first, {sql.day(header.last)} AS effective_last FROM {begun})"


def _dated(work: Work, members: Sequence[Asked], each: str, runs: Runs, delays: bool) -> str:
    """A cell for each window of a member and each subject that may have the kind on one of its days."""
    windows = [
        f"({who}, {number}, {sql.day(first)}, {sql.day(last)}, {sql.day(due_day(last, member.header.grace if delays else None))})"
        for who, member in enumerate(members)
        for number, (first, last) in enumerate(spans_of(work, member.windows, member.wanted))
    ]
    listed = ", ".join(windows) or f"(0, 0, {sql.LAST_DAY}, {sql.FIRST_DAY}, {sql.FIRST_DAY})"
    return (
        f"(SELECT {cell_number('k.organization', 'k.who', 'w.number', STRIDE)} AS cell, k.who, k.effective_first, k.effective_last, k.organization AS subject,"
        f" '' AS key, w.window_first, w.window_last, w.due, w.window_first AS law, {PLAIN}, {CARRIED} FROM ({each}) k"
        f" JOIN (VALUES {listed}) w(who, number, window_first, window_last, due) ON w.who = k.who"
        f" AND w.window_first <= w.window_last AND {may_touch(runs, 'w.window_first', 'w.window_last')})"
    )

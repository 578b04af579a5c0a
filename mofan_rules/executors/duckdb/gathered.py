"""Judgements on states, judged together: the rows that they read are looked for once, the tests of all are taken in one query.

A pass over the judgements of a program. The measures of the members are gathered in *slots*: those that differ only in kinds, conditions and (of an extreme)
the value are one shared measure. A member with two measures alike takes two slots. What a family computes is what each member would compute alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.cells import CARRIED, PLAIN, STRIDE, may_touch, with_binding, with_day
from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.feeds import wanting
from mofan_rules.executors.duckdb.judging import expressions_of, test_expressions
from mofan_rules.executors.duckdb.measures import previous_needs_row
from mofan_rules.executors.duckdb.members import MOST, SharedExtreme, SharedRows, cell_number, stretches
from mofan_rules.executors.duckdb.periods import Wanted
from mofan_rules.executors.duckdb.states import States, judge_states
from mofan_rules.executors.duckdb.waivers import admits, with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import Calendar, Each, Judge, Judgement, Once, Snapshot, Windows
from mofan_rules.ir.rows import Rows
from mofan_rules.schema import Table

CELLS = 2_000_000
"""So many subjects and members at most are judged at once: tables of more cells cost memory, and the statements saved no longer count."""


def state_shape(work: Work, judgement: Judgement) -> object | None:
    """What the members of a family of states have in common; `None` if the judgement is none's."""
    header, windows = judgement.header, judgement.windows
    if judgement.judge is Judge.WINDOW or isinstance(windows, Each) or (isinstance(windows, Calendar) and isinstance(windows.starting, str)):
        return None
    if judgement.given is not None or depends_on_window(header.when, work) or any(previous_needs_row(measure) for measure in judgement.measures):
        return None
    unfed = wanting(work, Table.WAIVERS, frozenset((header.requirement,))) if admits(work, header) else None
    return judgement.judge, header.grace, header.partial, header.accountable, unfed


def most_members(work: Work) -> int:
    """How many judgements on states are judged at once."""
    return max(1, min(MOST, CELLS // max(work.organizations, 1)))


def judge_states_together(work: Work, members: Sequence[Judgement], periods: Mapping[str, Wanted]) -> list[str]:
    """A relation of the verdict rows of each member of a family of states."""
    headers = [member.header for member in members]
    measures, used = _slots(members)
    tested: list[Expression | None] = [expression for member in members for expression in test_expressions(member)]
    tested += [expression for member in members for measure in member.measures for expression in expressions_of(measure)]
    each, runs = stretches(work, headers, work.subjects)
    windows = [row for who, member in enumerate(members) for row in _windows(work, who, member, periods[member.header.requirement])]
    listed = ", ".join(windows) or f"(0, 0, {sql.LAST_DAY}, {sql.FIRST_DAY})"
    relation = (
        f"(SELECT {cell_number('k.organization', 'k.who', 'w.number', STRIDE)} AS cell, k.who, k.effective_first, k.effective_last, k.organization AS subject,"
        f" '' AS key, w.window_first, w.window_last, w.window_last AS due, w.window_first AS law, {PLAIN}, {CARRIED} FROM ({each}) k"
        f" JOIN (VALUES {listed}) w(who, number, window_first, window_last) ON w.who = k.who"
        f" AND w.window_first <= w.window_last AND {may_touch(runs, 'w.window_first', 'w.window_last')})"
    )
    relation = with_day(work, relation, True)
    if members[0].judge is Judge.DAY:
        relation = f"(SELECT * REPLACE (day AS law) FROM {relation})"
    relation = f"(SELECT * FROM {relation} WHERE law BETWEEN effective_first AND effective_last)"
    relation = with_binding(work, relation, members[0].header, {}, True, True, runs, ("c.effective_first", "c.effective_last"))
    states = States(members, measures, used, {}, tested)
    table = judge_states(work, states, with_waivers(work, relation, headers, False))
    return [f"(SELECT * EXCLUDE (who) FROM {table} WHERE who = {who})" for who in range(len(members))]


def _windows(work: Work, who: int, member: Judgement, wanted: Wanted) -> list[str]:
    """The windows of one member that its period asks for: (who, number, first, last)."""
    end = min(work.context.as_of, wanted.last)
    spans = _spans(member.windows, work, wanted, end)
    return [f"({who}, {number}, {sql.day(first)}, {sql.day(last)})" for number, (first, last) in enumerate(spans)]


def _spans(windows: Windows, work: Work, wanted: Wanted, end: date) -> Sequence[tuple[date, date]]:
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


def _slots(members: Sequence[Judgement]) -> tuple[list[Measure], list[list[int]]]:
    """The measures of all members, shared where they are alike, and the places of each member's own among them."""
    slots: dict[object, list[tuple[int, Measure]]] = {}
    used: list[list[int]] = []
    for who, member in enumerate(members):
        seen: Counter[object] = Counter()
        mine = []
        for measure in member.measures:
            shape = _measure_shape(measure)
            key = (shape, seen[shape])
            seen[shape] += 1
            slots.setdefault(key, []).append((who, measure))
            mine.append(list(slots).index(key))
        used.append(mine)
    return [_shared(f"slot {place}", users) for place, users in enumerate(slots.values())], used


def _measure_shape(measure: Measure) -> object:
    """What measures in one slot have in common."""
    quantity = measure.quantity
    rows = quantity.rows
    placed = (rows.table, rows.owner, rows.place, rows.date, rows.by_period, measure.per, measure.window)
    match quantity:
        case Count():
            return Count, placed, quantity.distinct
        case Total():
            return Total, placed, quantity.value, quantity.minimum, quantity.maximum
        case Extreme():
            return Extreme, placed, quantity.value.type, quantity.latest, quantity.default
        case LargestGroup():
            return LargestGroup, placed, quantity.by, quantity.distinct


def _shared(name: str, users: Sequence[tuple[int, Measure]]) -> Measure:
    """One measure for all users of a slot."""
    first = users[0][1]
    rows = _shared_rows([(who, measure.quantity.rows) for who, measure in users])
    quantity = replace(first.quantity, rows=rows)
    if isinstance(quantity, Extreme):
        values = tuple((who, measure.quantity.value) for who, measure in users if isinstance(measure.quantity, Extreme))
        quantity = SharedExtreme(rows, quantity.value, quantity.latest, quantity.default, values)
    return replace(first, name=name, quantity=quantity)


def _shared_rows(members: Sequence[tuple[int, Rows]]) -> SharedRows:
    first = members[0][1]
    every = any(rows.kinds is None for _, rows in members)
    kinds = None if every else frozenset(kind for _, rows in members for kind in rows.kinds or ())
    return SharedRows(first.table, kinds, first.owner, first.place, first.date, None, first.by_period, tuple(members))

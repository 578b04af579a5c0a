"""Judgements on states, judged together: the rows that they read are looked for once, the tests of all are taken in one query.

A pass over the judgements of a program. The measures of the members are gathered in *slots*: those that differ only in kinds, conditions and (of an extreme)
the value are one shared measure. A member with two measures alike takes two slots. What a family computes is what each member would compute alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.judging import expressions_of, test_expressions
from mofan_rules.executors.duckdb.measures import previous_needs_row
from mofan_rules.executors.duckdb.members import SharedExtreme, SharedRows
from mofan_rules.executors.duckdb.periods import Wanted
from mofan_rules.executors.duckdb.states import States, judge_states
from mofan_rules.executors.duckdb.together import cells_together, spans_of, waiver_feed
from mofan_rules.executors.duckdb.verdicts import Filed, filed
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import Calendar, Each, Judge, Judgement
from mofan_rules.ir.rows import Rows


def state_shape(work: Work, judgement: Judgement) -> object | None:
    """What the members of a family of states have in common; `None` if the judgement is none's."""
    header, windows = judgement.header, judgement.windows
    if judgement.judge is Judge.WINDOW or isinstance(windows, Each) or (isinstance(windows, Calendar) and isinstance(windows.starting, str)):
        return None
    if judgement.given is not None or depends_on_window(header.when, work) or any(previous_needs_row(measure) for measure in judgement.measures):
        return None
    return judgement.judge, header.grace, waiver_feed(work, header)


def judge_states_together(work: Work, members: Sequence[Judgement], periods: Mapping[str, Wanted]) -> list[Filed]:
    """The verdict rows of each member of a family of states."""
    headers = [member.header for member in members]
    measures, used = _slots(members)
    tested: list[Expression | None] = [expression for member in members for expression in test_expressions(member)]
    tested += [expression for member in members for measure in member.measures for expression in expressions_of(measure)]
    spans = [spans_of(work, member.windows, periods[member.header.requirement]) for member in members]
    relation = cells_together(work, headers, spans, {}, state=True, by_day=members[0].judge is Judge.DAY)
    table = judge_states(work, States(members, measures, used, {}, tested), relation)
    return filed(table, members)


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

"""The measures of several judgements, gathered in *slots*: those that differ only in kinds, in conditions, in what a count tells apart and in the
value of an extreme are one shared measure.

A member with two measures alike takes two slots.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from mofan_rules.executors.duckdb.members import SharedCount, SharedExtreme, SharedRows
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import Judgement
from mofan_rules.ir.rows import Rows


def slots(members: Sequence[Judgement]) -> tuple[Sequence[Measure], Sequence[Sequence[int]]]:
    """The measures of all members, shared where they are alike, and the places of each member's own among them. Those of one member are its own."""
    if len(members) == 1:
        return members[0].measures, [range(len(members[0].measures))]
    shared: dict[object, list[tuple[int, Measure]]] = {}
    used: list[list[int]] = []
    for who, member in enumerate(members):
        seen: Counter[object] = Counter()
        mine = []
        for measure in member.measures:
            shape = _measure_shape(measure)
            key = (shape, seen[shape])
            seen[shape] += 1
            shared.setdefault(key, []).append((who, measure))
            mine.append(list(shared).index(key))
        used.append(mine)
    return [_shared(f"slot {place}", users) for place, users in enumerate(shared.values())], used


def _measure_shape(measure: Measure) -> object:
    """What measures in one slot have in common."""
    quantity = measure.quantity
    rows = quantity.rows
    placed = (rows.table, rows.owner, rows.place, rows.date, rows.by_period, measure.per, measure.window)
    match quantity:
        case Count():
            return Count, placed, quantity.distinct is None
        case Total():
            return Total, placed, quantity.value, quantity.minimum, quantity.maximum
        case Extreme():
            return Extreme, placed, quantity.value.type, quantity.latest, quantity.default
        case LargestGroup():
            return LargestGroup, placed, quantity.by, quantity.distinct


def _shared(name: str, users: Sequence[tuple[int, Measure]]) -> Measure:
    """One measure for all users of a slot."""
    first = users[0][1]
    rows = shared_rows([(who, measure.quantity.rows) for who, measure in users])
    quantity = replace(first.quantity, rows=rows)
    if isinstance(quantity, Extreme):
        values = tuple((who, measure.quantity.value) for who, measure in users if isinstance(measure.quantity, Extreme))
        quantity = SharedExtreme(rows, quantity.value, quantity.latest, quantity.default, values)
    elif isinstance(quantity, Count) and quantity.distinct is not None:
        counts = [(who, measure.quantity) for who, measure in users if isinstance(measure.quantity, Count)]
        quantity = SharedCount(rows, quantity.distinct, tuple((who, count.distinct) for who, count in counts if count.distinct is not None))
    return replace(first, name=name, quantity=quantity)


def shared_rows(members: Sequence[tuple[int, Rows]]) -> SharedRows:
    """The rows of several members as one."""
    first = members[0][1]
    every = any(rows.kinds is None for _, rows in members)
    kinds = None if every else frozenset(kind for _, rows in members for kind in rows.kinds or ())
    return SharedRows(first.table, kinds, first.owner, first.place, first.date, None, first.by_period, tuple(members))

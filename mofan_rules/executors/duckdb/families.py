"""Which judgements are judged together: those that agree in what they are made of, so that they share statements, whose preparing takes as long as their work.

A pass over the judgements of a program. What a family computes is what each member would compute alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.fused import counting_shape
from mofan_rules.executors.duckdb.judging import opens
from mofan_rules.executors.duckdb.measures import own_window, previous_needs_row
from mofan_rules.executors.duckdb.members import MOST
from mofan_rules.executors.duckdb.periods import Wanted, asks_when
from mofan_rules.executors.duckdb.together import CELLS, begins_apart, expected_cells, waiver_feed
from mofan_rules.executors.duckdb.verdicts import is_deadline
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Calendar, Each, Judge, Judgement, Partial, Windows


def families(work: Work, judgements: Sequence[Judgement], periods: Mapping[str, Wanted]) -> list[list[Judgement]]:
    """The judgements in groups that can be judged together, for one period each; a group of one may be of any form."""
    periods_of = [(wanted.first, wanted.last) for wanted in (periods[judgement.header.requirement] for judgement in judgements)]
    counts = [(shape, period) if (shape := counting_shape(work, judgement)) else None for judgement, period in zip(judgements, periods_of, strict=True)]
    alike = Counter(counts)
    groups: dict[object, list[Judgement]] = {}
    room: dict[object, tuple[int, int, int]] = {}
    for place, (judgement, shape) in enumerate(zip(judgements, counts, strict=True)):
        wanted, cells = periods[judgement.header.requirement], 0
        if shape is None or alike[shape] == 1:
            shape = _shape(work, judgement, wanted)
            # Of few organizations all fit.
            cells = expected_cells(work, judgement, wanted) if work.many and shape is not None else 0
        number, members, used = room.get(shape, (0, 0, 0))
        if members == MOST or (used and used + cells > CELLS):
            number, members, used = number + 1, 0, 0
        room[shape] = number, members + 1, used + cells
        groups.setdefault(place if shape is None else (shape, number), []).append(judgement)
    return list(groups.values())


def _shape(work: Work, judgement: Judgement, wanted: Wanted) -> object | None:
    """What the members of a family have in common that does not only count; `None` if the judgement is none's."""
    if judgement.judge is not Judge.WINDOW:
        return _state_shape(work, judgement)
    shape = _window_shape(work, judgement)
    return None if shape is None else (shape, wanted.first, wanted.last, wanted.answered if asks_when(judgement) else None)


def _state_shape(work: Work, judgement: Judgement) -> object | None:
    """What the members of a family of states have in common; `None` if the judgement is none's."""
    header, windows = judgement.header, judgement.windows
    if judgement.judge is Judge.WINDOW or isinstance(windows, Each) or begins_apart(windows):
        return None
    if judgement.given is not None or depends_on_window(header.when, work) or any(previous_needs_row(measure) for measure in judgement.measures):
        return None
    return judgement.judge, header.grace, waiver_feed(work, header)


def _window_shape(work: Work, judgement: Judgement) -> object | None:
    """What the members of a family of windows have in common; `None` if the judgement is none's."""
    header, windows = judgement.header, judgement.windows
    if judgement.judge is not Judge.WINDOW or depends_on_window(header.when, work) or begins_apart(windows):
        return None
    if isinstance(windows, Each) and windows.chain is not None:
        return None
    delayed = None if all(own_window(measure) for measure in judgement.measures) else header.grace
    return (
        _shape_of(windows),
        is_deadline(judgement),
        asks_when(judgement),
        opens(judgement),
        header.partial is Partial.PRORATE,
        delayed,
        waiver_feed(work, header),
    )


def _shape_of(windows: Windows) -> object:
    """What the windows of a family have in common."""
    match windows:
        case Each(trigger):
            return Each, trigger and (trigger.table, trigger.owner, trigger.date), windows.not_counting
        case Calendar():
            return windows
        case _:
            return type(windows)

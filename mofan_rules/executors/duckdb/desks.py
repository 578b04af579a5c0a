"""One run shared out among desks: preparing a statement keeps one processor busy whatever the rows, and two desks prepare two at a time."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from os import cpu_count
from typing import TypeVar

from mofan_rules.executors.duckdb.work import Work

Found = TypeVar("Found")

FEWEST_TASKS = 4
"""Fewer tasks than this are done at one desk: another would have to look up for itself what all of them need."""

MOST_DESKS = 4


def desks_for(work: Work, tasks: int) -> list[Work]:
    """The desks for so many tasks: more than one only where there are few organizations. Where there are many, DuckDB itself keeps all processors busy,
    and what each desk looks up for itself would cost memory."""
    if work.many or tasks < FEWEST_TASKS:
        return [work]
    others = min(cpu_count() or 1, MOST_DESKS) - 1
    return [work, *(replace(work, made={}, passing=[], serial=0, desk=number, shared_store=work.store) for number in range(1, others + 1))]


def share_out(desks: Sequence[Work], tasks: Sequence[Callable[[Work], Found]]) -> list[Found]:
    """What the tasks give, in their order; each desk takes the next one as soon as it is free."""
    if len(desks) == 1:
        return [task(desks[0]) for task in tasks]
    waiting = deque(enumerate(tasks))
    found: dict[int, Found] = {}

    def sit(desk: Work) -> None:
        while waiting:
            try:
                place, task = waiting.popleft()
            except IndexError:
                return
            found[place] = task(desk)

    with ThreadPoolExecutor(len(desks)) as pool:
        sitting = [pool.submit(sit, desk) for desk in desks]
        try:
            for each in sitting:
                each.result()
        except BaseException:
            waiting.clear()
            for desk in desks:
                desk.cursor.interrupt()
            raise
    return [found[place] for place in range(len(tasks))]

"""For which period each requirement is judged: the one asked, widened by the windows of the roll-ups that count it (`docs/meaning.md` 2.6)."""

from datetime import date

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY, window_first, window_last, window_number
from mofan_rules.compiler.organizations import Aliased
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import Tree, column, whole
from mofan_rules.ir.program import Tally


def asked_of(plan: Plan, requirement: str) -> Aliased:
    """The question for a requirement: `as_of`, `period_first` and `period_last`, one row."""
    using = [tally for tally in plan.program.tallies if requirement in tally.parts]
    if not any(tally.windows is not None or asked_of_is_wide(plan, tally) for tally in using):
        return plan.question
    return plan.view(("asked", requirement), f"question_{len(plan.shared)}", lambda: _widened(plan, using))


def asked_of_is_wide(plan: Plan, tally: Tally) -> bool:
    """Is a tally judged for another period than the one asked?"""
    return tally.windows is not None and any(tally.header.requirement in other.parts for other in plan.program.tallies)


def _widened(plan: Plan, using: list[Tally]) -> Tree:
    first, last = column("q.period_first"), column("q.period_last")
    joins = []
    for number, tally in enumerate(using):
        if tally.windows is None:
            continue
        alias = f"t{number}"
        joins.append(sql.crossed(asked_of(plan, tally.header.requirement)(alias)))
        own_first, own_last = _hull(plan, tally, alias)
        first, last = sql.lesser(first, own_first), sql.greater(last, own_last)
    return sql.select({"as_of": column("q.as_of"), "period_first": first, "period_last": last}, plan.question(), joins)


def _hull(plan: Plan, tally: Tally, alias: str) -> tuple[Tree, Tree]:
    """The first and the last day of the windows of a tally."""
    assert tally.windows is not None
    every, starting = tally.windows.every, tally.windows.starting
    if isinstance(starting, str):
        return FIRST_DAY, LAST_DAY
    anchor = sql.day(starting) if isinstance(starting, date) else None
    end = sql.lesser(column(f"{alias}.as_of"), column(f"{alias}.period_last"))
    numbers = [window_number(plan.dialect, every, value, anchor) for value in (column(f"{alias}.period_first"), end)]
    if anchor is not None:
        numbers = [sql.greater(number, whole(0)) for number in numbers]
    return window_first(plan.dialect, every, numbers[0], anchor), window_last(plan.dialect, every, numbers[1], anchor)

"""Judgements on what happened in windows, one or several at once, from their windows to their verdict rows.

What the members of a family compute is what each would compute alone: their measures are gathered in slots, the tests of all are taken in one query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.accountable import one_accountable
from mofan_rules.executors.duckdb.calendar import due_day
from mofan_rules.executors.duckdb.cells import Lattice, always_dated, period_end, with_binding, with_day
from mofan_rules.executors.duckdb.each import Opened, trigger_windows
from mofan_rules.executors.duckdb.matching import candidates, left_for_join, prefilter
from mofan_rules.executors.duckdb.measures import by_arithmetic, computed, rows_of
from mofan_rules.executors.duckdb.parameters import with_choices
from mofan_rules.executors.duckdb.periods import Wanted, asks_when
from mofan_rules.executors.duckdb.reading import choices_of, expressions_of, reads_measure
from mofan_rules.executors.duckdb.scope import Judging, Stretch, owner_column
from mofan_rules.executors.duckdb.slots import slots
from mofan_rules.executors.duckdb.together import Asked, begins_apart, cells_together, in_force, spans_of
from mofan_rules.executors.duckdb.verdicts import (
    CALENDAR_CONSTANTS,
    Filed,
    filed,
    is_deadline,
    judged,
    judged_together,
    verdict_query,
    window_reasons,
)
from mofan_rules.executors.duckdb.waivers import NO_WAIVERS, can_waive, with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Measure
from mofan_rules.ir.program import Calendar, Each, Judgement
from mofan_rules.ir.rows import Own


def opens(judgement: Judgement) -> bool:
    """May what is still to come in an open window change its tests?"""
    return reads_measure(judgement) and (is_deadline(judgement) or not isinstance(judgement.windows, Each))


@dataclass(frozen=True)
class _Family:
    """Judgements on windows that are judged at once: they agree in their `window_shape`, and in the period for which they are wanted."""

    work: Work
    members: Sequence[Judgement]
    wanted: Sequence[Wanted]
    measures: Sequence[Measure]
    used: Sequence[Sequence[int]]
    choices: dict[str, str]

    @property
    def one(self) -> Judgement:
        """One of them."""
        return self.members[0]

    @cached_property
    def lattice(self) -> Lattice | None:
        """The numbers of the windows of one calendar for all."""
        windows = self.one.windows
        if not isinstance(windows, Calendar) or begins_apart(windows):
            return None
        spans = spans_of(self.work, windows, self.wanted[0])
        assert not isinstance(windows.starting, str)
        if not spans:
            return None
        graces = tuple(member.header.grace for member in self.members)
        return Lattice(windows.every, windows.starting, windows.every.number(spans[0][0], windows.starting), spans[0][0], spans[-1][1], graces)

    def expressions(self, place: int) -> list[Expression | None]:
        """All expressions of one measure, of whichever member."""
        users = [member.measures[list(places).index(place)] for member, places in zip(self.members, self.used, strict=True) if place in places]
        return [expression for measure in users for expression in expressions_of(measure)]

    def cells(self, subjects: str | None = None) -> str:
        """The query of the cells."""
        work, one, open_ended = self.work, self.one, opens(self.one)
        if isinstance(one.windows, Each):
            relation = _triggered(self)
        else:
            asked = [Asked(member.header, member.windows, wanted) for member, wanted in zip(self.members, self.wanted, strict=True)]
            relation = cells_together(work, asked, self.choices, delays=True, subjects=subjects)
            relation = f"(SELECT *, NULL::DATE AS answered_on FROM {relation})"
        may = f"c.due >= {work.as_of}" if open_ended else "FALSE"
        return f"SELECT c.*, c.window_first AS row_first, COALESCE({may}, FALSE) AS is_open, {open_ended} AS may_open FROM {relation} c"


def judge_windows(work: Work, members: Sequence[Judgement], periods: Mapping[str, Wanted]) -> list[Filed]:
    """The verdict rows of some judgements on what happened in their windows."""
    measures, used = slots(members)
    choices = {name: column for member in members for name, column in choices_of(work, member).items()}
    family = _Family(work, members, [periods[member.header.requirement] for member in members], measures, used, choices)
    one, query = family.one, family.cells()
    ends = "due" if is_deadline(one) else "window_last"
    judging = Judging(work, f"({query})", one.windows, False, choices, family.lattice, ends, _constants(family))
    counting = judging
    owners = _met_by_join(judging, family)
    if owners is None or (owners and not work.many):
        judging = counting = replace(judging, cells=work.table("cells", query))
    elif owners:
        # Only these cells are met by rows that arithmetic does not place; the others need no table.
        few = work.table("few", f"SELECT DISTINCT organization FROM ({owners})")
        counting = replace(judging, cells=work.table("cells", family.cells(few)))
    found = [computed(counting, measure, number, one.header.grace) for number, measure in enumerate(measures)]
    result = judged_together(judging, members, found, used) if len(members) > 1 else judged(judging, one, found)
    table = work.verdicts(verdict_query(work, members, result, window_reasons(work, members, result), "c.due", judging.cells))
    cells = {judging.cells, counting.cells}
    work.drop(*(table for table in cells if not table.startswith("(")), *(made for measure in found for made in measure.tables))
    return filed(table, members)


def _met_by_join(judging: Judging, family: _Family) -> str | None:
    """The organizations (a query of that one column) whose cells must be looked at to compute the measures, empty: none; `None`: all."""
    work, queries = judging.work, []
    relations = {member.header.accountable for member in family.members} - {None}
    if judging.lattice is None or not all(one_accountable(work, relation) for relation in relations if relation is not None):
        return None
    for place, measure in enumerate(family.measures):
        rows = rows_of(measure)
        if not by_arithmetic(judging, measure, family.expressions(place)):
            return None
        assert isinstance(rows.owner, Own)
        rest = left_for_join(work, rows)
        if rest is None:
            continue
        owner = f"r.{sql.name(owner_column(rows.table, rows.owner))}"
        found = f"SELECT {owner} AS organization FROM facts.{rows.table.value} r WHERE {' AND '.join([*prefilter(rows), rest])}"
        if work.any(f"SELECT 1 FROM ({found}) WHERE organization IS NULL"):
            return None
        queries.append(found)
    return " UNION ALL ".join(queries)


def _constants(family: _Family) -> dict[str, str]:
    """The columns of the cells that are known to be the same in all of them."""
    work, lattice = family.work, family.lattice
    constants = {} if any(can_waive(work, member.header) for member in family.members) else dict(NO_WAIVERS)
    if always_dated(family.one.windows):
        constants |= CALENDAR_CONSTANTS
    over = lattice is not None and all(due_day(lattice.last, member.header.grace) < work.context.as_of for member in family.members)
    if over or not opens(family.one):
        constants["c.is_open"] = sql.FALSE
    return constants


def _triggered(family: _Family) -> str:
    """The windows that triggers open and the period selects (2.6), with their day, binding and waivers, and `answered_on`."""
    work, one, headers = family.work, family.one, [member.header for member in family.members]
    asks = asks_when(one)
    triggers = [member.windows for member in family.members if isinstance(member.windows, Each)]
    answers = rows_of(family.measures[0]) if family.measures else None
    relation, runs = trigger_windows(Opened(work, headers, triggers), answers)
    relation = with_choices(work, in_force(with_day(work, relation, True)), family.choices)
    first, last = sql.day(work.context.period_first), sql.day(period_end(work))
    begun = f"(window_first IS NULL OR window_first <= {last})"
    if not asks or answers is None:
        reaches = sql.TRUE if asks else f"(window_first IS NULL OR window_last >= {first})"
        relation = f"(SELECT *, NULL::DATE AS answered_on FROM {relation} WHERE {begun} AND {reaches})"
    else:
        cells = work.table("begun", f"SELECT * FROM {relation} WHERE {begun}")
        asking = Judging(work, cells, one.windows, False, family.choices, None, "due")
        measures = [rows_of(family.measures[place]) for place in dict.fromkeys(places[0] for places in family.used)]
        found = [candidates(asking, rows, Stretch("c.window_first", sql.LAST_DAY, None, None), lambda frame: {}) for rows in measures]
        answered = f"SELECT cell, min(low) AS answered_on FROM ({' UNION ALL '.join(found)}) WHERE truth GROUP BY cell"
        relation = (
            f"(SELECT c.*, a.answered_on FROM {cells} c LEFT JOIN ({answered}) a ON a.cell = c.cell WHERE window_first IS NULL"
            f" OR window_last >= {first} OR answered_on IS NULL OR answered_on > {sql.day(work.answered)})"
        )
    return with_waivers(work, with_binding(work, relation, headers[0], family.choices, False, False, runs), headers, is_deadline(one))

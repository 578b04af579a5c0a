"""Requirements that count events in the windows of calendars, judged together: one scan of the events, one aggregation, one set of cells.

A pass over the judgements of a program: those that differ only in which events they count, on whom they are binding and since when, make a *family*. The cells
of a family have the column `who`, the place of their requirement in it; events are spread to the requirements that count their kind.
The conditions of the members stand side by side in one CASE. What a family computes is what each member would compute alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.accountable import one_accountable
from mofan_rules.executors.duckdb.anyone import added
from mofan_rules.executors.duckdb.bindings import subjects_of
from mofan_rules.executors.duckdb.calendar import due_day
from mofan_rules.executors.duckdb.cells import CARRIED, PLAIN, STRIDE, Lattice, may_touch, period_end, with_binding, with_day
from mofan_rules.executors.duckdb.counts import counted, one_row_each, whole_columns
from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.expressions import truth
from mofan_rules.executors.duckdb.fed import feed_days
from mofan_rules.executors.duckdb.feeds import Gap, in_spans, wanting
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.matching import Lanes, counted_on, in_windows, joined, left_for_join, placed, plain_forms, prefilter, reads
from mofan_rules.executors.duckdb.measures import as_read, by_arithmetic
from mofan_rules.executors.duckdb.members import cell_number, stretches
from mofan_rules.executors.duckdb.owners import Join
from mofan_rules.executors.duckdb.reading import choices_of, expressions_of
from mofan_rules.executors.duckdb.scope import Judging, Stretch
from mofan_rules.executors.duckdb.together import CELLS, waiver_feed
from mofan_rules.executors.duckdb.verdicts import CALENDAR_CONSTANTS, Filed, filed, judged, verdict_query, window_reasons
from mofan_rules.executors.duckdb.waivers import NO_WAIVERS, can_waive, with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Const, Expression, Param, Scope
from mofan_rules.ir.measures import Count
from mofan_rules.ir.program import Bounds, Calendar, Judge, Judgement, Partial
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.schema import Table
from mofan_rules.values.dates import BEGINNING


def count_alike(work: Work, members: Sequence[Judgement]) -> bool:
    """Do some judgements only count, and all alike?"""
    shapes = {counting_shape(work, member) for member in members}
    return len(shapes) == 1 and None not in shapes


def counting_shape(work: Work, judgement: Judgement) -> object | None:
    """What the members of a family have in common; `None` if the judgement is none's."""
    header, windows = judgement.header, judgement.windows
    if judgement.given is not None or not isinstance(windows, Calendar) or isinstance(windows.starting, str) or judgement.judge is not Judge.WINDOW:
        return None
    if header.partial is Partial.PRORATE or len(judgement.measures) != 1 or len(judgement.tests) != 1 or depends_on_window(header.when, work):
        return None
    [measure], [test] = judgement.measures, judgement.tests
    quantity = measure.quantity
    if not isinstance(quantity, Count) or quantity.distinct is not None or not isinstance(test, Bounds) or choices_of(work, judgement):
        return None
    rows = quantity.rows
    if rows.table is not Table.EVENTS or rows.owner != Own() or rows.date != "date" or not rows.kinds or not one_row_each(work, rows.kinds):
        return None
    alone = Judging(work, "", windows, False)
    if not by_arithmetic(alone, measure, expressions_of(measure)) or reads(rows.where, Scope.SUBJECT):
        return None
    if header.accountable is not None and not one_accountable(work, header.accountable):
        return None
    unfed = waiver_feed(work, header)
    if unfed is not None and not unfed.always:
        return None
    return header.partial, header.accountable, rows.by_period, measure.name, _settled(work, test), judgement.measured


def _settled(work: Work, test: Bounds) -> Bounds:
    """The test with the values of its parameters, each of which has but one."""

    def settled(bound: Expression | None) -> Expression | None:
        if not isinstance(bound, Param) or not work.parameters[bound.name].values:
            return bound
        value = work.parameters[bound.name].values[0]
        return bound if value.value is None else Const(value.value, bound.type)

    return replace(test, at_least=settled(test.at_least), at_most=settled(test.at_most))


@dataclass(frozen=True, slots=True)
class _Family:
    """Members, their rows taken together (without conditions), and one of them, whose tests and columns are those of all.

    `calendars`: the members of each calendar; `spans`: the windows of each that the period asks for.
    """

    work: Work
    members: Sequence[Judgement]
    rows: Rows
    one: Judgement
    calendars: Mapping[Calendar, Sequence[int]]
    spans: Mapping[Calendar, Sequence[tuple[date, date]]]

    @property
    def last_due(self) -> date:
        """The last day on which a window of some member is due."""
        dues = [
            due_day(self.spans[calendar][-1][1], self.members[who].header.grace)
            for calendar, places in self.calendars.items()
            for who in places
            if self.spans[calendar]
        ]
        return max(dues, default=BEGINNING)

    def rows_of(self) -> Iterator[tuple[int, Rows]]:
        """The rows of each member."""
        for who, member in enumerate(self.members):
            yield who, member.measures[0].quantity.rows

    def places(self) -> Iterator[tuple[int, int]]:
        """Each member, and the place of its calendar among all."""
        for place, members in enumerate(self.calendars.values()):
            yield from ((who, place) for who in members)

    def cell(self, subject: str, who: str, number: str) -> str:
        """The number of a cell."""
        return cell_number(subject, who, number, STRIDE)


def judge_together(work: Work, members: Sequence[Judgement]) -> list[Filed]:
    """The verdict rows of each member of a family."""
    family = _family(work, members)
    one = family.one
    constants = dict(CALENDAR_CONSTANTS)
    if not any(can_waive(work, member.header) for member in members):
        constants |= NO_WAIVERS
    if family.last_due < work.context.as_of:
        constants["c.is_open"] = sql.FALSE
    judging = Judging(work, f"({_cells(family, work.subjects)})", one.windows, False, constants=constants)
    others = _others(family)
    counting = judging
    if others is not None:
        counting = replace(judging, cells=work.table("cells", _met_by_join(family, others)))
        if not work.many:
            judging = replace(judging, cells=counting.cells)
    rest, more = _other_lanes(family, counting, others) if others is not None else ([], ())
    lanes = Lanes(partial(_plain_lanes, family, counting), rest, more)
    columns = whole_columns("m0")
    gap = _gap(family, judging, Stretch("c.window_first", "c.window_last"))
    computed = as_read(judging, judging, one.measures[0], 0, counted(lanes), (columns, columns), gap)
    queries = []
    for cells in _slices(family, judging.cells):
        result = judged(replace(judging, cells=cells), one, [computed])
        queries.append(verdict_query(work, members, result, window_reasons(work, members, result), "c.due", cells))
    table = work.verdicts(*queries)
    work.drop(*computed.tables, *([counting.cells, others] if others is not None else []))
    return filed(table, members)


def _slices(family: _Family, cells: str) -> list[str]:
    """The cells of all members, those of a few at a time: a join of all at once would take too much memory."""
    work = family.work
    if not work.many:
        return [cells]
    slices: list[list[int]] = [[]]
    used = 0
    for who, member in enumerate(family.members):
        assert isinstance(member.windows, Calendar)
        expected = subjects_of(work, member.header) * len(family.spans[member.windows])
        if used and used + expected > CELLS:
            slices.append([])
            used = 0
        used += expected
        slices[-1].append(who)
    return [f"(SELECT * FROM {cells} WHERE who BETWEEN {listed[0]} AND {listed[-1]})" for listed in slices]


def _family(work: Work, members: Sequence[Judgement]) -> _Family:
    kinds = frozenset(kind for member in members for kind in member.measures[0].quantity.rows.kinds or ())
    rows = replace(members[0].measures[0].quantity.rows, kinds=kinds, where=None)
    calendars: dict[Calendar, list[int]] = {}
    for who, member in enumerate(members):
        assert isinstance(member.windows, Calendar)
        calendars.setdefault(member.windows, []).append(who)
    spans = {calendar: list(calendar.every.between(work.context.period_first, period_end(work), _anchor(calendar))) for calendar in calendars}
    [test] = members[0].tests
    assert isinstance(test, Bounds)
    return _Family(work, members, rows, replace(members[0], tests=(_settled(work, test),)), calendars, spans)


def _anchor(calendar: Calendar) -> date | None:
    assert not isinstance(calendar.starting, str)
    return calendar.starting


def _anchor_text(calendar: Calendar) -> str | None:
    anchor = _anchor(calendar)
    return sql.day(anchor) if anchor else None


def _windows(family: _Family) -> str:
    """A relation (who, number, window_first, window_last, due) of the windows of all members to which their version of the requirement applies."""
    listed = []
    for calendar, places in family.calendars.items():
        for who in places:
            header = family.members[who].header
            for number, (first, last) in enumerate(family.spans[calendar]):
                if header.first <= first <= header.last:
                    listed.append(f"({who}, {number}, {sql.day(first)}, {sql.day(last)}, {sql.day(due_day(last, header.grace))})")
    nothing = f"SELECT 0, 0, {sql.FIRST_DAY}, {sql.FIRST_DAY}, {sql.FIRST_DAY} WHERE FALSE"
    values = f"VALUES {', '.join(listed)}" if listed else nothing
    return f"({values}) w(who, number, window_first, window_last, due)"


def _cells(family: _Family, subjects: str) -> str:
    """The query of the cells of all members, for the subjects of a relation."""
    work, one = family.work, family.one
    each, runs = stretches(work, [member.header for member in family.members], subjects)
    relation = (
        f"(SELECT {family.cell('k.organization', 'k.who', 'w.number')} AS cell, k.who, k.organization AS subject, '' AS key, w.window_first, w.window_last,"
        f" w.due, w.window_first AS law, {PLAIN}, {CARRIED} FROM ({each}) k JOIN {_windows(family)} ON w.who = k.who"
        f" AND {may_touch(runs, 'w.window_first', 'w.window_last')})"
    )
    relation = with_binding(work, with_day(work, relation, True), one.header, {}, False, True, runs)
    relation = with_waivers(work, relation, [member.header for member in family.members], False)
    return f"SELECT c.*, c.window_first AS row_first, c.due >= {work.as_of} AS is_open, TRUE AS may_open, NULL::DATE AS answered_on FROM {relation} c"


def _others(family: _Family) -> str | None:
    """A table of the events that arithmetic does not place, spread to the members that may count them; `None` if there are none."""
    work = family.work
    rest = left_for_join(work, family.rows)
    if rest is None:
        return None
    events = f"(SELECT * FROM facts.events r WHERE {' AND '.join([*prefilter(family.rows), rest])})"
    members = ", ".join(f"({who}, {place})" for who, place in family.places())
    unknown = f"SELECT e.*, g.who, g.calendar FROM {events} e CROSS JOIN (VALUES {members}) g(who, calendar) WHERE e.kind IS NULL"
    return work.table("others", f"{_spread(family, events)} UNION ALL {unknown}")


def _met_by_join(family: _Family, others: str) -> str:
    """The query of the cells that other rows may fall into: those of few organizations, or all where that saves nothing."""
    work = family.work
    if not work.many or work.any(f"SELECT 1 FROM {others} WHERE organization IS NULL"):
        return _cells(family, work.subjects)
    return _cells(family, work.table("few", f"SELECT DISTINCT organization FROM {others} SEMI JOIN {work.subjects} USING (organization)"))


def _spread(family: _Family, events: str) -> str:
    """The query of events with the columns `who` and `calendar`: once for each member that counts their kind."""
    calendars = dict(family.places())
    values = ", ".join(f"({sql.text(kind)}, {who}, {calendars[who]})" for who, rows in family.rows_of() for kind in sorted(rows.kinds or ()))
    return f"SELECT e.*, g.who, g.calendar FROM {events} e JOIN (VALUES {values}) g(kind, who, calendar) ON g.kind = e.kind"


def _condition(family: _Family, frame: Frame) -> str:
    """The condition of the member that a row is spread to."""
    alike: dict[Expression, list[int]] = {}
    for place, rows in family.rows_of():
        if rows.where is not None:
            alike.setdefault(rows.where, []).append(place)
    if not alike:
        return sql.TRUE
    who = frame.need("r.who")
    cases = " ".join(f"WHEN {who} IN ({', '.join(map(str, places))}) THEN {truth(where, frame)}" for where, places in alike.items())
    return f"CASE {cases} ELSE TRUE END"


def _thing(frame: Frame) -> dict[str, str]:
    return {"thing": frame.need("r.id")}


def _other_lanes(family: _Family, judging: Judging, others: str) -> tuple[list[str], tuple[str, ...]]:
    """The lanes of the rows that arithmetic does not place, those of each calendar apart; and relations of what rows without an organization add."""
    work, rows, cells = family.work, family.rows, judging.cells
    anywhere = work.any(f"SELECT 1 FROM {others} WHERE organization IS NULL")
    condition = partial(_condition, family)
    lanes, more = [], []
    for place, calendar in enumerate(family.calendars):
        stretch = Stretch("c.window_first", "c.window_last", calendar.every, _anchor_text(calendar))
        mine = f"r.calendar = {place}"
        join = Join(f"{cells} c JOIN {others} r ON r.organization = c.subject AND r.who = c.who", [mine], sql.TRUE)
        lanes.append(joined(judging, rows, stretch, _thing, join, condition))
        if anywhere and work.many:
            relation, met = added(judging, rows, stretch, _thing, f"{others} r ON r.who = c.who", "r.organization", [mine], condition)
            lanes += met
            more.append(relation)
        elif anywhere:
            join = Join(f"{cells} c JOIN {others} r ON r.who = c.who AND r.organization IS NULL", [mine], sql.UNKNOWN)
            lanes.append(joined(judging, rows, stretch, _thing, join, condition))
    return lanes, tuple(more)


def _lattices(family: _Family) -> Iterator[tuple[Lattice, str]]:
    """The windows of each calendar that the period asks for, and whether a row is spread to one of its members."""
    graces = tuple(member.header.grace for member in family.members)
    for place, calendar in enumerate(family.calendars):
        if spans := family.spans[calendar]:
            base = calendar.every.number(spans[0][0], _anchor(calendar))
            yield Lattice(calendar.every, _anchor(calendar), base, spans[0][0], spans[-1][1], graces), f"r.calendar = {place}"


def _plain_lanes(family: _Family, judging: Judging, organizations: str | None) -> str:
    """The lanes of certain, exactly dated rows: each falls into one window of each member that counts it."""
    work, rows = family.work, family.rows
    lattices = list(_lattices(family))
    found = []
    for periods, form in plain_forms(work, rows):
        numbers = [f"WHEN {mine} THEN {lattice.number(counted_on(rows, lattice, periods))} - {lattice.base}" for lattice, mine in lattices]
        spans = [f"({' AND '.join([mine, *in_windows(rows, lattice, 'r.who', periods)])})" for lattice, mine in lattices]
        cell = family.cell("r.organization", "r.who", f"CASE {' '.join(numbers)} END" if numbers else "NULL")
        where = [form, f"({' OR '.join(spans) or sql.FALSE})"]
        spread = f"({_spread(family, 'facts.events')}) r"
        found.append(placed(judging, rows, spread, cell, where, organizations, _thing, partial(_condition, family)))
    return " UNION ALL ".join(found)


def _gap(family: _Family, judging: Judging, stretch: Stretch) -> Gap | None:
    """Where events of each member may be wanting."""
    found = [(who, wanting(family.work, Table.EVENTS, rows.kinds)) for who, rows in family.rows_of()]
    low, high = feed_days(judging, family.rows, stretch)
    always = [str(who) for who, want in found if want is not None and want.always]
    tables = [f"SELECT {who} AS who, organization, first, last FROM {want.table}" for who, want in found if want is not None and not want.always]
    if always:
        when = f"c.who IN ({', '.join(always)}) AND {low} <= {high}"
        return Gap("", f"CASE WHEN {when} THEN {low} END", f"CASE WHEN {when} THEN {high} END")
    if not tables:
        return None
    spans = f"SELECT who, organization, list({{'first': first, 'last': last}}) AS spans FROM ({' UNION ALL '.join(tables)}) GROUP BY who, organization"
    return Gap(f"LEFT JOIN ({spans}) f ON f.organization = c.subject AND f.who = c.who", *in_spans("f.spans", low, high))

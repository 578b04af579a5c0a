"""The windows of a judgement for one subject (meaning 2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mofan_rules.executors.interpreter.engine import Engine, Law
from mofan_rules.executors.interpreter.expressions import Place, evaluate, truth
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.frames import Look, up_to
from mofan_rules.executors.interpreter.matching import HELD, SPANS, kind_truth
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.program import Calendar, Each, Judge, Judgement, Once, Snapshot, Windows
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.schema import Table
from mofan_rules.values.dates import BEGINNING, END, Day, Duration, DurationUnit, add, add_days
from mofan_rules.values.truth import Truth, conjunction
from mofan_rules.values.windows import Every


@dataclass(frozen=True, slots=True)
class Window:
    """One window, with its day of the law.

    `problem` is the reason why nothing can be said of it (meaning 2.7 to 2.9). `binds_from` is the first day for the binding; `counts_from` the first on which
    an answer counts. `number` is its place in the calendar `every` (from `anchor`); `single` says that it stands for itself.
    """

    first: date | None
    last: date | None
    law: date
    key: str = ""
    problem: str | None = None
    trigger: Row | None = None
    binds_from: date | None = None
    counts_from: date | None = None
    every: Every | None = None
    anchor: date | None = None
    number: int | None = None
    single: bool = False


def is_deadline(windows: Windows) -> bool:
    """Are these windows of `Each` that end by a duration or a date?"""
    return isinstance(windows, Each) and (windows.within is not None or windows.by is not None)


class WindowFinder:
    """Finds the windows that have begun by the as-of date and the end of the period, and end in it or later (for `Each`: all that have begun)."""

    def __init__(self, engine: Engine, judgement: Judgement) -> None:
        self.engine = engine
        self.judgement = judgement
        self.as_of = engine.as_of

    def windows(self, subject: int, first: date, last: date) -> Iterator[Window]:
        """The windows of one subject for a period."""
        windows = self.judgement.windows
        end = min(last, self.as_of)
        match windows:
            case Snapshot():
                yield Window(self.as_of, self.as_of, self.as_of)
            case Once() if windows.first <= end and windows.last >= first:
                yield Window(windows.first, windows.last, self._law(subject, windows.first, windows.last), single=True)
            case Once():
                return
            case Calendar():
                yield from calendar_windows(self.engine, windows, subject, first, end, self._law)
            case Each():
                yield from (window for window in self.each(windows, subject) if window.first is None or window.first <= end)

    def _law(self, subject: int, first: date, last: date) -> date:
        return self.engine.organizations.reference_day(subject, first, last) if self.judgement.judge is Judge.DAY else first

    # a window a trigger

    def each(self, each: Each, subject: int) -> Iterator[Window]:
        """The windows of all triggers."""
        if each.chain is not None:
            yield from self._chain(each, subject)
            return
        if each.trigger is None:
            yield self._founding(each, subject)
            return
        found = self._triggers(each.trigger, subject)
        for key, (row, match) in found.items():
            window = self._of_trigger(each, subject, key, row, row.day(each.trigger.date))
            undecided = match is None and window.problem is None
            yield self._problem(window, "trigger_undecided") if undecided else window
        if not found and each.must_exist:
            yield Window(None, None, self.as_of, problem="no_trigger")

    def _problem(self, window: Window, problem: str) -> Window:
        return Window(window.first, window.last, window.law, window.key, problem, window.trigger, window.binds_from, window.counts_from)

    def _founding(self, each: Each, subject: int) -> Window:
        row = self.engine.organizations.current(subject)
        day = None if row is None else row.day("founded_on")
        if row is None or day is None or not day.exact:
            return Window(None, None, self.as_of, "founding", "no_trigger", row)
        return self._of_trigger(each, subject, "founding", row, day)

    def _triggers(self, rows: Rows, subject: int) -> dict[str, tuple[Row, Truth]]:
        """The triggers by key, with how far each matches, in the order of their rows."""
        found: dict[str, tuple[Row, Truth]] = {}
        for row in sorted(self._trigger_rows(rows, subject), key=lambda row: row.number):
            day = row.day(rows.date)
            hidden = rows.date in ("date", "from_date", "valid_from") and day.low > self.as_of
            if hidden or (day.low == END and day.high == END):
                continue
            match = self._trigger_match(rows, row, subject, day)
            key = self._column_name(rows.date) if row.table is Table.ORGANIZATIONS else row.id
            if match is not False:
                found.setdefault(key, (row, match))
        return found

    def _trigger_rows(self, rows: Rows, subject: int) -> tuple[Row, ...]:
        if rows.table is Table.ORGANIZATIONS:
            current = self.engine.organizations.current(subject)
            return () if current is None else (current,)
        assert isinstance(rows.owner, Own)
        return self.engine.facts.owned_of(rows.table, rows.owner.column, subject, rows.kinds)

    def _column_name(self, column: str) -> str:
        return self.engine.facts.vocabulary.attributes[int(column[2:])].name if column.startswith("a_") else column

    def _trigger_match(self, rows: Rows, row: Row, subject: int, day: Day) -> Truth:
        owned = None if isinstance(rows.owner, Own) and row.cells[rows.owner.column] is None else True
        held = HELD[row.cells["held"] or "yes"] if row.table is Table.EVENTS else True
        match = conjunction((owned, kind_truth(row, rows.kinds), held))
        if match is not False and rows.where is not None:
            fields = self.engine.organizations.fields(subject, day.low)
            match = conjunction((match, truth(rows.where, Place(self._law_of(subject, day), subject, fields, row))))
        return None if match and not row.certain else match

    def _law_day(self, day: Day) -> date:
        return self.as_of if day.missing else day.low

    def _law_of(self, subject: int, day: Day) -> Law:
        law = self._law_day(day)
        return Law(self.engine, subject, law, min(law, self.as_of))

    def _of_trigger(self, each: Each, subject: int, key: str, row: Row, day: Day, same_day: bool = True) -> Window:
        """The window that a trigger opens. `same_day`: an answer on the trigger's own day counts."""
        law = self._law_day(day)
        if each.within is None and each.by is None:
            span = self._own_span(row)
            return Window(*span, law, key, trigger=row)
        dates = self._dates(each, subject, row, day) if day.exact else None
        if dates is None:
            return Window(None, None, law, key, "trigger_undated", row)
        first, last = dates
        binds_from = min(day.low, last) if each.after is None else first
        counts_from = first if same_day else max(first, _day_after(day.low))
        return Window(first, last, law, key, trigger=row, binds_from=binds_from, counts_from=counts_from)

    def _dates(self, each: Each, subject: int, row: Row, day: Day) -> tuple[date, date] | None:
        law = self._law_of(subject, day)
        place = Place(law, subject, self.engine.organizations.fields(subject, law.place_day), None, row)
        start, trigger = BEGINNING, day.low
        if each.after is not None:
            after = self._duration(each.after, place)
            if after is None:
                return None
            start = add(trigger, after)
        if each.within is not None:
            within = self._duration(each.within, place)
            if within is None:
                return None
            end = counted_on(trigger, within, each.not_counting)
        else:
            assert each.by is not None
            named = row.day(each.by)
            if not named.exact:
                return None
            end = named.low
        return min(start, end), end

    def _duration(self, expression: Expression, place: Place) -> Duration | None:
        value = evaluate(expression, place)
        assert value is None or isinstance(value, Duration)
        return value

    def _own_span(self, row: Row) -> tuple[date | None, date | None]:
        start, until = (row.day(column) for column in SPANS[row.table])
        if start.missing:
            return None, None
        last = min(until.high, self.as_of)
        return min(start.low, last), last

    # chains

    def _chain(self, each: Each, subject: int) -> Iterator[Window]:
        assert each.chain is not None
        answers = self._one_a_day(self.judgement.measures[0].quantity.rows, subject)
        if each.chain.first is None:
            start = self._founding(each, subject)
            since = start.trigger.day("founded_on").low if start.trigger is not None and start.problem != "no_trigger" else None
            following = [(day, row) for day, row in answers if since is None or day >= since]
        else:
            firsts = self._one_a_day(each.chain.first, subject)
            since, opening = firsts[0] if firsts else (None, None)
            unopened = Window(None, None, self.as_of, problem="no_trigger")
            start = unopened if since is None or opening is None else self._of_trigger(each, subject, opening.id, opening, Day(since, since), same_day=False)
            following = [(day, row) for day, row in answers if since is None or day > since]
        yield start
        for day, row in following:
            yield self._of_trigger(each, subject, row.id, row, Day(day, day), same_day=False)

    def _one_a_day(self, rows: Rows, subject: int) -> list[tuple[date, Row]]:
        """The rows that surely match and are exactly dated, at most the as-of date: one a day, the least id, in order."""
        found: dict[date, Row] = {}
        overview = Look(subject, up_to(self.as_of), self.as_of, self.as_of, self.as_of, False, None, None)
        for row, owned in self.engine.matcher.owned(rows, overview):
            day = row.day(rows.date)
            if day.exact and day.low <= self.as_of:
                look = Look(subject, up_to(self.as_of), day.low, day.low, day.low, False, None, None)
                law = Law(self.engine, subject, day.low, day.low)
                if self.engine.matcher.match(rows, row, owned, look, look.window, law):
                    found[day.low] = min(found.get(day.low, row), row, key=lambda row: (row.id, row.number))
        return sorted(found.items(), key=lambda item: item[0])


def calendar_windows(engine: Engine, calendar: Calendar, subject: int, first: date, end: date, law: Callable[[int, date, date], date]) -> Iterator[Window]:
    """The windows of a calendar that begin by `end` and end on `first` or later (meaning 2.7)."""
    anchor = calendar.starting
    if isinstance(anchor, str):
        row = engine.organizations.current(subject)
        day = None if row is None else row.day(anchor)
        if day is None or not day.exact:
            yield Window(None, None, engine.as_of, problem="start_unknown")
            return
        anchor = day.low
    for start, last in calendar.every.between(first, end, anchor):
        if last >= first:
            number = calendar.every.number(start, anchor)
            yield Window(start, last, law(subject, start, last), every=calendar.every, anchor=anchor, number=number)


def _day_after(day: date) -> date:
    """Of the first day of all too, from which durations do not lead away."""
    return day + timedelta(days=1) if day < END else END


def counted_on(start: date, within: Duration, not_counting: frozenset[int]) -> date:
    """`start` plus a duration; days in the months left out do not count (meaning 2.8)."""
    if not not_counting or within.unit is not DurationUnit.DAYS or within.amount < 0:
        return add(start, within)
    if len(not_counting) == 12:
        return END if within.amount else start
    day = start
    for _ in range(within.amount):
        day = add_days(day, 1)
        while day.month in not_counting and day < END:
            day = add_days(day, 1)
        if day == END:
            break
    return day

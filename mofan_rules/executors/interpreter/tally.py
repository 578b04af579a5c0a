"""The verdicts of a tally from those of its parts (meaning 7)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from mofan_rules.executors.interpreter.binding import Binding, waivers
from mofan_rules.executors.interpreter.bounds import WHOLE, Limits, is_short, limits, passes, required_share, required_text, written_interval
from mofan_rules.executors.interpreter.engine import Engine, Law, Setting
from mofan_rules.executors.interpreter.feeds import Gap
from mofan_rules.executors.interpreter.frames import Frame, Look
from mofan_rules.executors.interpreter.judge import has_the_kind, not_applicable, undecided_binding
from mofan_rules.executors.interpreter.outcome import Judged, missing_parameters
from mofan_rules.executors.interpreter.parts import Counts, Part, PartFinder, RowsOf, Weights, accountable_relations, begins_again
from mofan_rules.executors.interpreter.windows import Window, calendar_windows
from mofan_rules.ir.program import ByAccountable, Partial, Tally
from mofan_rules.ir.rows import Linked
from mofan_rules.schema import Table
from mofan_rules.values.interval import Interval
from mofan_rules.values.truth import Truth, conjunction
from mofan_rules.verdicts.state import State

UNBOUNDED = Limits(None, None)


@dataclass(frozen=True, slots=True)
class Sum:
    """What the parts of a tally come to."""

    parts: tuple[Part, ...]
    counts: Counts
    gaps: tuple[Gap, ...]
    is_open: bool
    limits: Limits
    value: Interval

    @property
    def sure(self) -> Weights:
        return self.counts.sure

    @property
    def possible(self) -> Weights:
        return self.counts.possible


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be said of one window of a tally before its parts are looked at.

    `blank` is its verdict, `settled` if no part can change it. `undecided`: it is not known whether the tally binds.
    """

    blank: Judged
    settled: bool
    undecided: bool = False
    gaps: tuple[Gap, ...] = ()
    is_open: bool = False
    limits: Limits = UNBOUNDED


class TallyRunner:
    """Judges one version of a tally, subject by subject."""

    def __init__(self, engine: Engine, tally: Tally, rows_of: RowsOf) -> None:
        self.engine = engine
        self.tally = self.node = tally
        self.header = tally.header
        self.as_of = engine.as_of
        self.finder: PartFinder = PartFinder(engine, tally, rows_of)
        self.goes_on = any(begins_again(engine, part) for part in tally.parts)

    def judged(self, subject: int, first: date, last: date) -> Iterator[Judged]:
        """The verdicts of one subject for a period."""
        for window in self.windows(subject, first, last):
            yield self.judge(subject, window)

    def windows(self, subject: int, first: date, last: date) -> Iterator[Window]:
        """The windows of one subject that a period selects."""
        for window in self._windows(subject, first, last):
            in_force = self.header.first <= window.law <= self.header.last
            if in_force and has_the_kind(self.engine, self.header, subject, window):
                yield window

    def selects(self, window: Window, first: date, last: date) -> bool:
        """Does a period select a window?"""
        return window.first is None or window.last is None or (window.first <= min(last, self.as_of) and window.last >= first)

    def _windows(self, subject: int, first: date, last: date) -> Iterator[Window]:
        end = min(last, self.as_of)
        if self.tally.windows is not None:
            yield from calendar_windows(self.engine, self.tally.windows, subject, first, end, lambda _, start, __: start)
            return
        context = self.engine.context
        if context.period_first <= end and context.period_last >= first:
            yield Window(context.period_first, context.period_last, context.period_first, single=True)

    def judge(self, subject: int, window: Window) -> Judged:
        """The verdict on one window."""
        asked = self.asked(subject, window)
        if asked.settled:
            return asked.blank
        assert window.first is not None
        assert window.last is not None
        return self.told(asked, *self.finder.found(subject, window.first, window.last))

    def asked(self, subject: int, window: Window) -> Asked:
        """What can be said of one window before its parts are looked at."""
        engine, header = self.engine, self.header
        reference = engine.organizations.reference_day(subject, window.first, window.last)
        law = Law(engine, subject, window.law, reference)
        binding = Binding(engine, header, law, (window.first, window.last), cut=False)
        first, last = window.first or self.as_of, window.last or self.as_of
        stretches = list(binding.stretches(first, last))
        blank = Judged(
            header=header,
            subject=subject,
            window=window,
            state=State.UNKNOWN,
            reason=window.problem or "",
            measured="",
            required="",
            due_on=window.last,
            accountable=engine.accountable(header.accountable, subject, reference),
            day=reference,
            law=law,
            stretches=tuple(stretches),
            waivers=waivers(engine, header, subject, last),
        )
        unbound = not_applicable(header, stretches)
        if unbound is not None:
            return Asked(replace(blank, state=State.NOT_APPLICABLE, reason=unbound), settled=True)
        if window.problem is not None:
            return Asked(blank, settled=True)
        share = binding.share(first, last) if header.partial is Partial.PRORATE else WHOLE
        is_open = last >= self.as_of and self.goes_on
        undecided = undecided_binding(header, stretches)
        return Asked(replace(blank, share=share), False, undecided, tuple(self._gaps(blank)), is_open, self._limits(blank, share))

    def told(self, asked: Asked, parts: tuple[Part, ...], counts: Counts) -> Judged:
        """The verdict on one window from what its parts add up to."""
        blank = asked.blank
        total = Sum(parts, counts, asked.gaps, asked.is_open, asked.limits, self._value(counts.sure, counts.possible))
        judged = replace(
            blank,
            parts=total,
            due_on=counts.due or blank.window.last,
            measured=self._measured(total),
            required=required_share(total.limits) if self.tally.share else required_text(total.limits),
        )
        if asked.undecided:
            return replace(judged, state=State.UNKNOWN, reason="binding_unknown")
        state, reason = self._decided(judged, total)
        if state is State.NOT_APPLICABLE:
            return replace(judged, state=state, reason=reason, measured="", required="")
        return replace(judged, state=state, reason=reason)

    # bounds and feeds

    def _limits(self, blank: Judged, share: Interval) -> Limits:
        look = Look(blank.subject, Frame(None, None, None), blank.day, blank.window.law, blank.day, False, blank.window.first, blank.window.last)
        place = Setting(self.engine, {}, look, extend=False).place(extended=False)
        return limits(self.tally.at_least, self.tally.at_most, place, share)

    def _gaps(self, blank: Judged) -> Iterator[Gap]:
        """Where the feeds of the graph are incomplete for the subject on the reference day (meaning 7.5)."""
        match self.tally.over:
            case None:
                return
            case Linked(relation=relation):
                relations = frozenset({relation})
            case ByAccountable():
                relations = accountable_relations(self.engine, self.tally)
        family = frozenset(kind for relation in relations for kind in self.engine.facts.vocabulary.family(Table.RELATIONS, relation))
        yield from self.engine.feeds.gaps(Table.RELATIONS, family, {blank.subject}, blank.day, blank.day)
        yield from self.engine.feeds.gaps(Table.ORGANIZATIONS, None, {blank.subject}, blank.day, blank.day)

    # the value and the state

    def _value(self, sure: Weights, possible: Weights) -> Interval:
        """The count or the share, as known (meaning 7.5)."""
        low, high = Fraction(sure.counted), Fraction(sure.most + possible.most)
        if not self.tally.share:
            return Interval(low, high)
        least_of, most_of = sure.all + possible.all - possible.counted, sure.all + possible.most
        return Interval(low / least_of if least_of else Fraction(0), high / most_of if most_of else Fraction(1))

    def _truth(self, total: Sum) -> tuple[Truth, Interval]:
        """The truth of the test, with what may still come or is not known of the graph (meaning 7.5, 7.7)."""
        if not total.is_open and not total.gaps:
            return passes(total.value, total.limits, whole=not self.tally.share), total.value
        if not self.tally.share:
            value = Interval(total.value.low, None)
            return passes(value, total.limits, whole=True), value
        above, below = total.sure.counted > 0, total.sure.opposite > 0
        value = Interval(Fraction(0), Fraction(1))
        return _open_share(total.limits, above, below), value

    def _decided(self, judged: Judged, total: Sum) -> tuple[State, str]:
        if not total.counts.some:
            return self._without_parts(total)
        truth, value = self._truth(total)
        if truth:
            return State.SATISFIED, "met"
        if judged.waivers.covering:
            return State.WAIVED, "waived"
        if truth is False:
            if judged.waivers.doubt:
                return State.UNKNOWN, "waiver_unknown"
            return State.VIOLATED, "too_few" if self._is_short(total, value) else "too_many"
        return self._undecided(judged, total)

    def _is_short(self, total: Sum, value: Interval) -> bool:
        if self.tally.share and (total.is_open or total.gaps):
            return _open_share(Limits(total.limits.least, None), total.sure.counted > 0, total.sure.opposite > 0) is False
        return is_short(value, total.limits)

    def _without_parts(self, total: Sum) -> tuple[State, str]:
        """No part that is surely linked is left (meaning 7.6)."""
        if total.is_open:
            return State.PENDING, "open"
        if total.gaps or total.counts.some_possible or total.counts.waived_possible:
            return State.UNKNOWN, "undecided_parts"
        return (State.WAIVED, "waived") if total.counts.waived else (State.NOT_APPLICABLE, "no_parts")

    def _undecided(self, judged: Judged, total: Sum) -> tuple[State, str]:
        doubtful = total.sure.unknown + total.possible.all > 0 or bool(total.gaps)
        if total.is_open or (total.sure.pending > 0 and not doubtful):
            return State.PENDING, "open"
        bounds = [bound for bound in (self.tally.at_least, self.tally.at_most) if bound is not None]
        if missing_parameters(bounds, judged.law, bounds=True):
            return State.UNKNOWN, "parameter_missing"
        return State.UNKNOWN, "undecided_parts" if doubtful else "value_missing"

    def _measured(self, total: Sum) -> str:
        sure, possible = total.sure, total.possible
        if not self.tally.share:
            return written_interval(Interval(total.value.low, None if total.gaps else total.value.high))
        low, high = sure.counted, sure.most + possible.most
        return f"{low}/{sure.all + possible.all}" if low == high else f"{low}..{high}/{sure.all + possible.all}"


def _open_share(bounds: Limits, above: bool, below: bool) -> Truth:
    """Does a share pass that may be anything from 0 (if `above`, more) to 1 (if `below`, less)?"""
    truths: list[Truth] = []
    if bounds.least is not None:
        truths.append(_at_least_open(bounds.least, above, below))
    if bounds.most is not None:
        mirrored = Interval(*(None if end is None else 1 - end for end in (bounds.most.high, bounds.most.low)))
        truths.append(_at_least_open(mirrored, below, above))
    result = conjunction(truths)
    return False if result is None and passes(Interval(Fraction(0), Fraction(1)), bounds, whole=False) is False else result


def _at_least_open(bound: Interval, above: bool, below: bool) -> Truth:
    if bound.high is not None and bound.high <= 0:
        return True
    if bound.low is not None and (bound.low > 1 or (below and bound.low == 1)):
        return False
    return None

"""One version of a requirement as a query of verdict rows (`docs/meaning.md` sections 5 and 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.accountable import accountable
from mofan_rules.compiler.binding import binding, bound_stretches, extended_due, frame_of, waivers
from mofan_rules.compiler.bounds import Tested, bound, measured_text, required_text, tested
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY, delayed
from mofan_rules.compiler.cells import KEY, cells_of, same_cell, windows_of
from mofan_rules.compiler.expressions import truth
from mofan_rules.compiler.frame import Frame, MeasureColumns, Refused
from mofan_rules.compiler.matching import Sight, Stretch, candidates
from mofan_rules.compiler.measures import Computed, computed, flat
from mofan_rules.compiler.organizations import Aliased, versions
from mofan_rules.compiler.parameters import missing
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.states import runs
from mofan_rules.compiler.tree import FALSE, TRUE, Tree, both, case, column, either, eq, ge, is_known, is_null, lt, no, text, whole
from mofan_rules.compiler.triggers import trigger_table, trigger_windows
from mofan_rules.compiler.values import Number, Ratio
from mofan_rules.ir.expressions import Expression, Field, MeasureValue, Op, Scope
from mofan_rules.ir.measures import Count, LargestGroup
from mofan_rules.ir.program import Bounds, Calendar, Each, Header, Judge, Judgement, Measured, Once, Partial, Snapshot
from mofan_rules.ir.walk import nodes, program_expressions
from mofan_rules.schema import Table

SHOWN = ("requirement", "subject", "key", "window_first", "window_last", "reason", "measured", "required", "due_on", "accountable")
"""The columns of a requirement's view; organizations are numbers, and the state follows from the reason."""

VERDICT = (*SHOWN, "w", "day", "answered_on", "waits")
"""The same with what roll-ups and the choice of the period need: the reference day, when a deadline was answered, and whether it waits for that."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the state of each cell is made of, over the columns of a frame."""

    truth: Tree
    reason: Tree
    few: Tree
    given: Tree
    measured: Tree
    required: Tree
    missing: Tree
    undecided: Tree
    rejected: Tree
    unfed: Tree


@dataclass(frozen=True, slots=True)
class Settling:
    """The truth that settles a window; for states with a grace or throughout, that of the runs of failing days."""

    truth: Tree
    forgiven: Tree = FALSE
    running: Tree | None = None


def reads_measures(judgement: Judgement) -> bool:
    """Does some test read a measure? Without that, no window is open."""

    def found(expression: Expression) -> bool:
        return isinstance(expression, MeasureValue) or (isinstance(expression, Op) and any(found(argument) for argument in expression.arguments))

    return any(isinstance(test, Bounds) or found(test.expression) for test in judgement.tests)


def reads_trigger(judgement: Judgement) -> bool:
    """Does some expression read a column of the trigger?"""
    found = (node for expression in program_expressions(judgement) for node in nodes(expression))
    return any(isinstance(node, Field) and node.scope is Scope.TRIGGER for node in found)


def is_deadline(judgement: Judgement) -> bool:
    """Are its windows opened by triggers, with an end that an answer must keep?"""
    windows = judgement.windows
    return isinstance(windows, Each) and (windows.within is not None or windows.by is not None)


def judge(plan: Plan, judgement: Judgement, question: Aliased) -> Tree:
    """The verdicts of a judgement: the columns of `VERDICT`.

    Raises
    ------
    Refused, TooLarge: if it is not compiled.
    """
    header, windows = judgement.header, judgement.windows
    state = judgement.judge is not Judge.WINDOW
    if isinstance(windows, Each) and state:
        raise Refused("Each: a state that triggers ask for")
    deadline = is_deadline(judgement)
    if isinstance(windows, Each) and windows.chain is not None and reads_trigger(judgement):
        raise Refused("Chain: cells of the trigger, which may be of two tables")
    answers = judgement.measures[0].quantity.rows if judgement.measures else None
    if isinstance(windows, Each):
        listed = trigger_windows(plan, windows, header, answers, question)
        opener: Table | None = trigger_table(windows, answers)
    else:
        listed, opener = windows_of(plan, windows, header, question), None
    cells = cells_of(plan, header, listed, by_day=judgement.judge is Judge.DAY and not isinstance(windows, Snapshot), grace=not state)
    stretches = bound_stretches(plan, header, cells)
    bound_days, waived = binding(plan, header, cells, stretches, state), waivers(plan, header, cells)
    runs_of = runs(plan, judgement, cells, stretches) if state and (judgement.judge is Judge.THROUGHOUT or header.grace is not None) else None
    if isinstance(windows, Each):
        cells = _answered(plan, judgement, cells, waived, opener, deadline)
    day = (column("c.day"), column("c.day"))
    sight = Sight(plan, cells, state, _stretch(judgement, state), opener, day[0] if state else None, day if state else None)
    can_be_open = not state and reads_measures(judgement) and (deadline or not isinstance(windows, Each))
    measures = [computed(sight, measure, number, header.grace, can_be_open) for number, measure in enumerate(judgement.measures, 1)]
    frame = frame_of(plan, {Scope.SUBJECT: "s", Scope.TRIGGER: "t"})
    if state:
        frame.window, frame.law = (column("c.day"), column("c.day")), column("c.day")
    judged = _tests(plan, judgement, frame, measures, state)
    opens = FALSE
    if state and not isinstance(windows, Snapshot):
        opens = ge(column("c.window_last"), column("c.as_of"))
    elif can_be_open:
        opens = sql.surely(ge(column("c.ends" if deadline else "c.due"), column("c.as_of")))
    result = Settling(judged.truth)
    if runs_of is not None:
        result = Settling(*(frame.need(part) for part in (runs_of.truth, runs_of.forgiven, runs_of.running)))
    reason = reasons(judgement, judged, frame, opens, result)
    joins = [sql.inner(bound_days("b"), same_cell("b", "c")), sql.inner(waived("w"), same_cell("w", "c"))]
    joins += [] if runs_of is None else runs_of.joins
    for measure in measures:
        joins += measure.joins
    if Scope.TRIGGER in frame.used and opener is not None:
        joins.append(sql.left(plan.fact(opener, "t"), eq(column("t.row"), column("c.trigger"))))
    if Scope.SUBJECT in frame.used:
        covering = both(eq(column("sv.organization"), column("c.subject")), sql.within(column("c.day"), column("sv.sure_first"), column("sv.sure_last")))
        joins += [sql.left(versions(plan)("sv"), covering), sql.left(plan.fact(Table.ORGANIZATIONS, "s"), eq(column("s.row"), column("sv.version")))]
    return _verdicts(plan, judgement, frame, judged, reason, result, cells, joins)


def _stretch(judgement: Judgement, state: bool) -> Stretch:
    if state:
        return Stretch(FIRST_DAY, column("c.day"), column("c.day"))
    windows = judgement.windows
    first, last, due = (column(f"c.{name}") for name in ("window_first", "window_last", "due"))
    match windows:
        case Calendar(every, str()):
            return Stretch(first, last, due, every, column("c.start"))
        case Calendar(every, anchor):
            return Stretch(first, last, due, every, None if anchor is None else sql.day(cast(date, anchor)))
        case Once():
            return Stretch(first, last, due, single=True)
        case Each():
            ends = column("c.ends")
            return Stretch(column("c.counts_first"), ends, column("c.due_by"))
        case _:
            return Stretch(first, last, due)


def _answered(plan: Plan, judgement: Judgement, cells: Aliased, waived: Aliased, opener: Table | None, deadline: bool) -> Aliased:
    """The cells with `ends` (until when answers count), `due_by` (until when they are due), `extended` and `answered_on`: those that the period may select."""
    header = judgement.header
    if not deadline:
        columns = {"ends": column("c.window_last"), "due_by": column("c.due"), "extended": FALSE, "answered_on": sql.null(sql.DATE)}
        selected = either(is_null(column("c.window_last")), ge(column("c.window_last"), column("c.period_first")))
        return plan.step("spans", sql.select(columns, cells("c"), where=selected, star="c"))
    joins = [sql.inner(waived("w"), same_cell("w", "c"))]
    ends = extended_due(plan, header, column("w.until"))
    answered: Tree = sql.null(sql.DATE)
    if judgement.measures:
        sight = Sight(plan, cells, False, Stretch(column("c.counts_first"), LAST_DAY, LAST_DAY), opener)
        found = sql.nested(candidates(sight, judgement.measures[0].quantity.rows, lambda frame: {}), "x")
        key = {name: column(f"x.{name}") for name in KEY}
        dated = both(sql.surely(column("x.truth")), is_known(column("x.low")))
        first = sql.select(key | {"day": sql.smallest(column("x.low"))}, found, where=dated, group=list(key.values()))
        joins.append(sql.left(plan.step("answered", first)("a"), same_cell("a", "c")))
        answered = case((is_known(column("c.window_first")), column("a.day")), otherwise=sql.null(sql.DATE))
    reaches = either(is_null(column("c.window_last")), ge(column("c.window_last"), column("c.period_first")))
    if judgement.measured is Measured.DATE:
        reaches = either(reaches, is_null(answered), ge(answered, column("c.period_first")))
    extended = sql.surely(sql.gt(ends, column("c.due")))
    columns = {"ends": ends, "due_by": ends, "extended": extended, "answered_on": answered}
    return plan.step("deadlines", sql.select(columns, cells("c"), joins, reaches, star="c"))


def _tests(plan: Plan, judgement: Judgement, frame: Frame, measures: Sequence[Computed], state: bool) -> Judged:
    """All tests over the cells."""
    names = [measure.name for measure in judgement.measures]
    frame.measures = {
        name: MeasureColumns(flat(each.extended.value, frame), frame.need(each.extended.absent)) for name, each in zip(names, measures, strict=True)
    }
    wholes = {measure.name: isinstance(measure.quantity, Count | LargestGroup) for measure in judgement.measures}
    factor = None
    if judgement.header.partial is Partial.PRORATE and not state:
        days = frame.need(column("b.days_in"))
        ends = [Ratio(frame.need(column(f"b.{name}_days_in")), days, 4 * 10**6, 4 * 10**6) for name in ("sure", "possible")]
        factor = Number(ends[0], ends[1])
    results = [tested(test, frame, factor, isinstance(test, Bounds) and wholes[test.measure]) for test in judgement.tests]
    first = next((test for test in judgement.tests if isinstance(test, Bounds)), None)
    measured = required = text("")
    if first is not None and judgement.measured is Measured.NUMBER:
        known = cast(Number, flat(measures[names.index(first.measure)].known.value, frame))
        least, most = bound(first.at_least, frame, factor), bound(first.at_most, frame, factor)
        measured, required = measured_text(known, least, most, frame), required_text(least, most, frame)
    elif first is not None and judgement.measured is Measured.DATE and isinstance(judgement.windows, Each):
        day = plan.dialect.date_text
        measured = sql.coalesce(day(frame.need(column("c.answered_on"))), text(""))
        required = sql.coalesce(day(frame.need(case((column("c.extended"), column("c.ends")), otherwise=column("c.window_last")))), text(""))
    premise: tuple[Expression, ...] = () if judgement.given is None else (judgement.given,)
    given = TRUE if judgement.given is None else frame.keep(truth(judgement.given, frame))
    flags = [either(*(frame.need(getattr(each, flag)) for each in measures)) for flag in ("undecided", "rejected", "unfed")]
    together, reason, few = _first_false(results, frame)
    return Judged(together, reason, few, given, measured, required, frame.keep(missing(judgement.tests, premise, frame)), flags[0], flags[1], flags[2])


def _first_false(results: Sequence[Tested], frame: Frame) -> tuple[Tree, Tree, Tree]:
    """The truth of all tests, the reason of the first that is false, and whether that is too few."""
    together = frame.keep(both(*(result.truth for result in results)))
    failed = [(sql.surely_not(result.truth), result) for result in results]
    reason = case(*((fails, result.reason) for fails, result in failed), otherwise=text(""))
    return together, reason, case(*((fails, result.few) for fails, result in failed), otherwise=FALSE)


def reasons(judgement: Judgement, judged: Judged, frame: Frame, opens: Tree, result: Settling) -> Tree:
    """The reason of each verdict: that of the first state that applies."""
    need = frame.need
    header = judgement.header
    state, throughout = judgement.judge is not Judge.WINDOW, judgement.judge is Judge.THROUGHOUT
    failed = sql.surely_not(result.truth)
    is_open = need(opens)
    unknown = case(
        (sql.surely(judged.truth) if throughout else FALSE, text("undecided_days")),
        (judged.missing, text("parameter_missing")),
        (judged.undecided, text("undecided_rows")),
        (judged.rejected, text("rejected_rows")),
        (judged.unfed, text("feed_incomplete")),
        otherwise=text("value_missing"),
    )
    settled = no(is_open) if state else TRUE
    broken = failed if throughout else both(failed, settled)
    deadline = is_deadline(judgement)
    extended = need(column("c.extended")) if deadline else FALSE
    late = both(judged.few, is_known(need(column("c.answered_on")))) if deadline and judgement.measured is Measured.DATE else FALSE
    pending = case((extended, text("extended")), (need(lt(column("c.window_last"), column("c.as_of"))), text("grace")), otherwise=text("open"))
    return case(
        *binding_reasons(header.partial, frame),
        (both(sql.surely_not(judged.given), no(is_open)), text("not_given")),
        (both(no(sql.surely(judged.given)), is_open), text("open")),
        (no(sql.surely(judged.given)), unknown),
        (both(sql.surely(result.truth), settled), case((result.forgiven, text("forgiven")), otherwise=text("met"))),
        (FALSE if deadline else need(column("w.covered")), text("waived")),
        (both(broken, need(column("w.doubt"))), text("waiver_unknown")),
        (both(broken, late), text("late")),
        (broken, text("not_throughout") if throughout else judged.reason),
        (FALSE if result.running is None else is_known(result.running), text("grace")),
        (is_open, pending),
        otherwise=unknown,
    )


def binding_reasons(partial: Partial, frame: Frame) -> list[tuple[Tree, Tree]]:
    """The reasons that have to do with the window and with binding, in order."""
    need = frame.need
    days, sure, possible = (need(column(f"b.{name}")) for name in ("days", "sure_days", "possible_days"))
    preset = need(column("c.preset"))
    skips = partial is Partial.SKIP
    return [
        (eq(possible, whole(0)), text("not_bound")),
        (lt(possible, days) if skips else FALSE, text("partial_window")),
        (is_known(preset), preset),
        (lt(sure, days) if skips else eq(sure, whole(0)), text("binding_unknown")),
    ]


BLANK = ("start_unknown", "no_trigger", "trigger_undated", "trigger_undecided", "not_bound", "partial_window", "not_given", "no_parts")
"""Reasons beside which nothing is measured."""


def _verdicts(plan: Plan, judgement: Judgement, frame: Frame, judged: Judged, reason: Tree, result: Settling, cells: Aliased, joins: list[exp.Join]) -> Tree:
    """The query of the verdict rows."""
    header = judgement.header
    joins = list(joins)
    answers = column("c.subject")
    if header.accountable is not None:
        joins.append(sql.left(accountable(plan, header.accountable, cells)("a"), same_cell("a", "c")))
        answers = sql.coalesce(column("a.organization"), column("c.subject"))
    why = frame.keep(reason)
    blank = frame.keep(sql.among(why, [text(name) for name in BLANK]))
    due = column("c.window_last") if judgement.judge is not Judge.WINDOW else column("c.due_by" if isinstance(judgement.windows, Each) else "c.due")
    columns = {name: frame.need(column(f"c.{name}")) for name in ("subject", "w", "key", "window_first", "window_last", "day")}
    columns |= {
        "reason": why,
        "measured": case((blank, text("")), otherwise=judged.measured),
        "required": case((blank, text("")), otherwise=judged.required),
        "due_on": frame.need(due) if result.running is None else _due_of_grace(frame, header, why, result.running, frame.need(due)),
        "accountable": frame.need(answers),
    }
    waits = isinstance(judgement.windows, Each) and judgement.measured is Measured.DATE and is_deadline(judgement)
    columns |= {
        "requirement": text(header.requirement),
        "answered_on": frame.need(column("c.answered_on")) if isinstance(judgement.windows, Each) else sql.null(sql.DATE),
        "waits": TRUE if waits else FALSE,
    }
    return frame.query(cells("c"), joins, TRUE, {name: columns[name] for name in VERDICT})


def _due_of_grace(frame: Frame, header: Header, why: Tree, running: Tree, due: Tree) -> Tree:
    """The day on which the grace of a run that still goes on is over."""
    borne = both(eq(why, text("grace")), is_known(running))
    return case((borne, delayed(frame.dialect, running, header.grace)), otherwise=due)

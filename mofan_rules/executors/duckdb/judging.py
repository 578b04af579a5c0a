"""One judgement from its windows to its verdict rows."""

from dataclasses import replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.calendar import due_day
from mofan_rules.executors.duckdb.cells import Lattice, always_dated, calendar_windows, in_force, period_end, with_binding, with_day
from mofan_rules.executors.duckdb.each import trigger_windows
from mofan_rules.executors.duckdb.matching import candidates
from mofan_rules.executors.duckdb.measures import by_arithmetic_alone, computed, rows_of
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.periods import asks_when
from mofan_rules.executors.duckdb.scope import Judging, Stretch
from mofan_rules.executors.duckdb.states import judge_state
from mofan_rules.executors.duckdb.verdicts import CALENDAR_CONSTANTS, is_deadline, judged, verdict_query, window_reasons
from mofan_rules.executors.duckdb.waivers import NO_WAIVERS, can_waive, with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, MeasureValue, Op
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import Bounds, Condition, Each, Judge, Judgement


def expressions_of(measure: Measure) -> list[Expression | None]:
    """All expressions of a measure."""
    match measure.quantity:
        case Count(rows, distinct):
            return [rows.where, distinct]
        case Total(rows, value):
            return [rows.where, value]
        case Extreme(rows, value, _, default):
            return [rows.where, value, default]
        case LargestGroup(rows, by, distinct):
            return [rows.where, by, distinct]


def test_expressions(judgement: Judgement) -> list[Expression | None]:
    """All expressions of the tests, and the premise."""
    listed: list[Expression | None] = []
    for test in judgement.tests:
        match test:
            case Bounds(_, at_least, at_most):
                listed += [at_least, at_most]
            case Condition(expression):
                listed.append(expression)
    if judgement.given is not None:
        listed.append(judgement.given)
    return listed


def reads_measure(judgement: Judgement) -> bool:
    """Does a test read a measure?"""

    def reads(expression: Expression | None) -> bool:
        match expression:
            case MeasureValue():
                return True
            case Op(_, arguments):
                return any(reads(argument) for argument in arguments)
            case _:
                return False

    return any(isinstance(test, Bounds) for test in judgement.tests) or any(reads(expression) for expression in test_expressions(judgement))


def choices_of(work: Work, judgement: Judgement) -> dict[str, str]:
    """The columns of the parameters that the judgement needs on its cells."""
    listed = [judgement.header.when, *test_expressions(judgement)]
    for measure in judgement.measures:
        listed += expressions_of(measure)
    return choice_columns(work, named_parameters(listed))


def judge_window(work: Work, judgement: Judgement) -> str:
    """A table of the verdict rows of a judgement on what happened in its windows."""
    header, windows = judgement.header, judgement.windows
    lattice = None
    if isinstance(windows, Each):
        answers = rows_of(judgement.measures[0]) if judgement.measures else None
        relation = trigger_windows(work, header, windows, answers)
    else:
        relation, lattice = calendar_windows(work, header, windows, judgement.judge)
    deadline = is_deadline(judgement)
    choices = choices_of(work, judgement)
    relation = in_force(work, with_day(work, relation), header)
    relation = with_binding(work, with_choices(work, relation, choices), header, choices, False, always_dated(windows))
    relation = with_waivers(work, relation, header, deadline)
    opens = reads_measure(judgement) and (deadline or not isinstance(windows, Each))
    may = f"c.due >= {work.as_of}" if opens else "FALSE"
    relation = f"(SELECT c.*, c.window_first AS row_first, COALESCE({may}, FALSE) AS is_open, {'TRUE' if opens else 'FALSE'} AS may_open FROM {relation} c)"
    constants = _constants(work, judgement, lattice, opens)
    judging = Judging(work, "", windows, False, choices, lattice, "due" if deadline else "window_last", constants)
    cells = _selected(judging, judgement, relation, deadline)
    judging = replace(judging, cells=cells)
    measures = [computed(judging, measure, number, header.grace) for number, measure in enumerate(judgement.measures)]
    result = judged(judging, judgement, measures)
    query = verdict_query(work, judgement, result, window_reasons(work, judgement, result), "c.due", cells)
    table = work.verdicts(query)
    work.drop(*([] if cells.startswith("(") else [cells]), *(made for measure in measures for made in measure.tables))
    return table


def _constants(work: Work, judgement: Judgement, lattice: Lattice | None, opens: bool) -> dict[str, str]:
    """The columns of the cells that are known to be the same in all of them."""
    constants = {} if can_waive(work, judgement.header) else dict(NO_WAIVERS)
    if always_dated(judgement.windows):
        constants |= CALENDAR_CONSTANTS
    if not opens or (lattice is not None and due_day(lattice.last, judgement.header.grace) < work.context.as_of):
        constants["c.is_open"] = sql.FALSE
    return constants


def _selected(judging: Judging, judgement: Judgement, relation: str, deadline: bool) -> str:
    """A table of the cells that the period selects (2.6), with `answered_on`."""
    work = judging.work
    first, last = sql.day(work.context.period_first), sql.day(period_end(work))
    if not isinstance(judgement.windows, Each):
        query = f"SELECT *, NULL::DATE AS answered_on FROM {relation}"
        once = judging.lattice is not None and all(by_arithmetic_alone(judging, measure, expressions_of(measure)) for measure in judgement.measures)
        return f"({query})" if once and judgement.header.accountable is None else work.table("cells", query)
    begun = f"(window_first <= {last})"
    if not deadline or not judgement.measures or not asks_when(judgement):
        late = "TRUE" if deadline and asks_when(judgement) else "FALSE"
        return work.table(
            "cells", f"SELECT *, NULL::DATE AS answered_on FROM {relation} WHERE window_first IS NULL OR ({begun} AND (window_last >= {first} OR {late}))"
        )
    cells = work.table("cells", f"SELECT * FROM {relation} WHERE window_first IS NULL OR {begun}")
    asking = Judging(work, cells, judging.windows, False, judging.choices, None, judging.ends)
    answers = candidates(asking, rows_of(judgement.measures[0]), Stretch("c.window_first", sql.LAST_DAY, None, None), lambda frame: {})
    answered = f"SELECT cell, min(low) AS answered_on FROM ({answers}) WHERE truth GROUP BY cell"
    chosen = work.table(
        "cells",
        f"SELECT * FROM (SELECT c.*, a.answered_on FROM {cells} c LEFT JOIN ({answered}) a ON a.cell = c.cell)"
        f" WHERE window_first IS NULL OR window_last >= {first} OR answered_on IS NULL OR answered_on > {sql.day(work.answered)}",
    )
    work.drop(cells)
    return chosen


def judge(work: Work, judgement: Judgement) -> str:
    """A table of the verdict rows of a judgement."""
    if judgement.judge is Judge.WINDOW:
        return judge_window(work, judgement)
    tested = test_expressions(judgement)
    for measure in judgement.measures:
        tested += expressions_of(measure)
    return judge_state(work, judgement, choice_columns(work, named_parameters([judgement.header.when])), tested)

"""One judgement from its windows to its verdict rows."""

from dataclasses import replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.accountable import one_accountable
from mofan_rules.executors.duckdb.calendar import due_day
from mofan_rules.executors.duckdb.cells import Lattice, always_dated, calendar_windows, in_force, period_end, with_binding, with_day
from mofan_rules.executors.duckdb.each import trigger_windows
from mofan_rules.executors.duckdb.matching import candidates, left_for_join, prefilter
from mofan_rules.executors.duckdb.measures import by_arithmetic, computed, rows_of
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.periods import asks_when
from mofan_rules.executors.duckdb.scope import Judging, Stretch, owner_column
from mofan_rules.executors.duckdb.states import judge_state
from mofan_rules.executors.duckdb.verdicts import CALENDAR_CONSTANTS, is_deadline, judged, verdict_query, window_reasons
from mofan_rules.executors.duckdb.waivers import NO_WAIVERS, can_waive, with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, MeasureValue, Op
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import Bounds, Condition, Each, Judge, Judgement
from mofan_rules.ir.rows import Own


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
    windows = judgement.windows
    deadline = is_deadline(judgement)
    choices = choices_of(work, judgement)
    if isinstance(windows, Each):
        relation, lattice = _triggered(work, judgement, windows, choices), None
    else:
        relation, lattice = calendar_windows(work, judgement.header, windows, judgement.judge)
        relation = _placed(work, judgement, relation, choices)
    opens = reads_measure(judgement) and (deadline or not isinstance(windows, Each))
    query = _finished(work, judgement, relation, choices, opens)
    constants = _constants(work, judgement, lattice, opens)
    judging = Judging(work, f"({query})", windows, False, choices, lattice, "due" if deadline else "window_last", constants)
    counting = judging
    owners = _met_by_join(judging, judgement)
    if judgement.header.accountable is not None and owners is not None and not one_accountable(work, judgement.header.accountable):
        owners = None
    if owners is None or (owners and not work.many):
        judging = counting = replace(judging, cells=work.table("cells", query))
    elif owners and not isinstance(windows, Each):
        # Only these cells are met by rows that arithmetic does not place; the others need no table.
        few, _ = calendar_windows(work, judgement.header, windows, judgement.judge, only=f"(SELECT DISTINCT organization FROM ({owners}))")
        few = _placed(work, judgement, few, choices)
        counting = replace(judging, cells=work.table("cells", _finished(work, judgement, few, choices, opens)))
    measures = [computed(counting, measure, number, judgement.header.grace) for number, measure in enumerate(judgement.measures)]
    result = judged(judging, judgement, measures)
    table = work.verdicts(verdict_query(work, [judgement], result, window_reasons(work, [judgement], result), "c.due", judging.cells))
    cells = {judging.cells, counting.cells}
    work.drop(*(table for table in cells if not table.startswith("(")), *(made for measure in measures for made in measure.tables))
    return table


def _placed(work: Work, judgement: Judgement, relation: str, choices: dict[str, str]) -> str:
    """Windows with their reference day and the choices of parameters; only those to which this version of the requirement applies."""
    relation = in_force(work, with_day(work, relation, always_dated(judgement.windows)), judgement.header)
    return with_choices(work, relation, choices)


def _finished(work: Work, judgement: Judgement, relation: str, choices: dict[str, str], opens: bool) -> str:
    """The query of the cells from placed windows: with binding and waivers."""
    header, windows = judgement.header, judgement.windows
    relation = with_binding(work, relation, header, choices, False, always_dated(windows))
    relation = with_waivers(work, relation, [header], is_deadline(judgement))
    answered = "" if isinstance(windows, Each) else ", NULL::DATE AS answered_on"
    may = f"c.due >= {work.as_of}" if opens else "FALSE"
    return f"SELECT c.*, c.window_first AS row_first, COALESCE({may}, FALSE) AS is_open, {'TRUE' if opens else 'FALSE'} AS may_open{answered} FROM {relation} c"


def _met_by_join(judging: Judging, judgement: Judgement) -> str | None:
    """The organizations (a query of that one column) whose cells must be looked at to compute the measures, empty: none; `None`: all."""
    work, queries = judging.work, []
    if judging.lattice is None:
        return None
    for measure in judgement.measures:
        rows = rows_of(measure)
        if not by_arithmetic(judging, measure, expressions_of(measure)):
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


def _constants(work: Work, judgement: Judgement, lattice: Lattice | None, opens: bool) -> dict[str, str]:
    """The columns of the cells that are known to be the same in all of them."""
    constants = {} if can_waive(work, judgement.header) else dict(NO_WAIVERS)
    if always_dated(judgement.windows):
        constants |= CALENDAR_CONSTANTS
    if not opens or (lattice is not None and due_day(lattice.last, judgement.header.grace) < work.context.as_of):
        constants["c.is_open"] = sql.FALSE
    return constants


def _triggered(work: Work, judgement: Judgement, windows: Each, choices: dict[str, str]) -> str:
    """The windows that triggers open and the period selects (2.6), placed, with `answered_on`."""
    answers = rows_of(judgement.measures[0]) if judgement.measures else None
    relation = _placed(work, judgement, trigger_windows(work, judgement.header, windows, answers), choices)
    first, last = sql.day(work.context.period_first), sql.day(period_end(work))
    begun = f"(window_first IS NULL OR window_first <= {last})"
    asks = asks_when(judgement)
    if not asks or answers is None:
        reaches = sql.TRUE if asks else f"(window_first IS NULL OR window_last >= {first})"
        return f"(SELECT *, NULL::DATE AS answered_on FROM {relation} WHERE {begun} AND {reaches})"
    cells = work.table("begun", f"SELECT * FROM {relation} WHERE {begun}")
    asking = Judging(work, cells, windows, False, choices, None, "due")
    found = candidates(asking, answers, Stretch("c.window_first", sql.LAST_DAY, None, None), lambda frame: {})
    answered = f"SELECT cell, min(low) AS answered_on FROM ({found}) WHERE truth GROUP BY cell"
    return (
        f"(SELECT c.*, a.answered_on FROM {cells} c LEFT JOIN ({answered}) a ON a.cell = c.cell WHERE window_first IS NULL"
        f" OR window_last >= {first} OR answered_on IS NULL OR answered_on > {sql.day(work.answered)})"
    )


def judge(work: Work, judgement: Judgement) -> str:
    """A table of the verdict rows of a judgement."""
    if judgement.judge is Judge.WINDOW:
        return judge_window(work, judgement)
    tested = test_expressions(judgement)
    for measure in judgement.measures:
        tested += expressions_of(measure)
    return judge_state(work, judgement, choice_columns(work, named_parameters([judgement.header.when])), tested)

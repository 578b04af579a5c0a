"""Judgements on states: the tests on a day, on each change of the facts, and the runs of failing days (`docs/meaning.md` section 4).

Rows are the verdicts to be; *looks* are the days on which the tests are taken. A look is a cell whose window is that day.
"""

from dataclasses import dataclass

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import bound_runs
from mofan_rules.executors.duckdb.calendar import add_duration
from mofan_rules.executors.duckdb.cells import PLAIN, always_dated, calendar_windows, cell_bound, in_force, with_binding, with_day
from mofan_rules.executors.duckdb.changes import change_days
from mofan_rules.executors.duckdb.codes import code, codes
from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.measures import computed, previous_needs_row
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.scope import Judging
from mofan_rules.executors.duckdb.verdicts import PRESETS, VERDICT_COLUMNS, binding_branches, both, cell_frame, judged, reason_case, with_accountable
from mofan_rules.executors.duckdb.waivers import with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.program import Each, Judge, Judgement, Snapshot
from mofan_rules.values.dates import Duration


@dataclass(frozen=True, slots=True)
class Looks:
    """The tests on some days: a table (cell, truth, reason, measured, required, missing_parameter, undecided, rejected, unfed, given)."""

    table: str


def judge_state(work: Work, judgement: Judgement, choices: dict[str, str], tested: list[Expression | None]) -> str:
    """A table of the verdict rows of a judgement on a state.

    Parameters
    ----------
    choices: of the parameters in `when`; tested: all expressions of the tests and measures.
    """
    header, windows = judgement.header, judgement.windows
    assert not isinstance(windows, Each)
    relation, _ = calendar_windows(work, header, windows, judgement.judge)
    relation = with_day(work, relation, always_dated(windows))
    if judgement.judge is Judge.DAY:
        relation = f"(SELECT * REPLACE (CASE WHEN window_first IS NULL THEN law ELSE day END AS law) FROM {relation})"
    relation = in_force(work, relation, header)
    relation = with_binding(work, with_choices(work, relation, choices), header, choices, True, always_dated(windows))
    relation = with_waivers(work, relation, [header], False)
    rows = work.table("rows", f"SELECT * FROM {relation}")
    looks = _look(work, judgement, f"SELECT cell, subject, day, window_first AS row_first FROM {rows}", tested)
    grace = header.grace if isinstance(header.grace, Duration) else None
    outcome = None
    if judgement.judge is Judge.THROUGHOUT or grace is not None:
        outcome = _outcomes(work, judgement, rows, looks, grace, tested, choices)
    return _verdicts(work, judgement, rows, looks, outcome)


def _look(work: Work, judgement: Judgement, days: str, tested: list[Expression | None]) -> str:
    """The tests on the days of a relation (cell, subject, day, row_first)."""
    choices = choice_columns(work, named_parameters(tested))
    plain = PLAIN.replace("NULL::INTEGER AS preset, ", "")
    cells = (
        f"(SELECT cell, subject, day, row_first, day AS window_first, day AS window_last, day AS due, day AS law, {plain}, FALSE AS is_open, FALSE AS may_open,"
        f" FALSE AS extended, NULL::DATE AS answered_on FROM ({days}))"
    )
    table = work.table("cells", f"SELECT * FROM {with_choices(work, cells, choices)}")
    judging = Judging(work, table, judgement.windows, True, choices)
    measures = [computed(judging, measure, number, None) for number, measure in enumerate(judgement.measures)]
    result = judged(judging, judgement, measures)
    frame = result.frame
    cell = frame.need("c.cell")
    truth = frame.keep(f"({result.truth})")
    columns = {
        "cell": cell,
        "truth": truth,
        "reason": result.reason,
        "measured": result.measured,
        "required": result.required,
        "missing_parameter": result.missing_parameter,
        "undecided": result.undecided,
        "rejected": result.rejected,
        "unfed": result.unfed,
    }
    if judgement.given is not None:
        columns["given"] = result.given
    listed = ", ".join(f"{column} AS {name}" for name, column in columns.items())
    looks = work.table("looks", f"SELECT {listed} FROM {frame.relation(result.source)}")
    work.drop(table, *(made for measure in measures for made in measure.tables))
    return looks


def _outcomes(work: Work, judgement: Judgement, rows: str, looks: str, grace: Duration | None, tested: list[Expression | None], choices: dict[str, str]) -> str:
    """A table (cell, outcome, start): true, false, unknown, `forgiven` or `running` of each row whose runs had to be looked at."""
    header, day = judgement.header, judgement.judge is Judge.DAY
    apart = depends_on_window(header.when, work) or any(previous_needs_row(measure) for measure in judgement.measures)
    owner = "r.cell" if apart else "r.subject::BIGINT"
    since = "r.day" if day else "r.window_first"
    earlier = since
    if grace is not None:
        earlier = f"({add_duration(since, Duration(-grace.amount, grace.unit))}) - 4"
    asked = (
        f"SELECT {owner} AS owner, r.subject, r.cell, {earlier} AS since, r.window_first"
        f" FROM {rows} r JOIN {looks} l ON l.cell = r.cell WHERE r.window_first IS NOT NULL"
    )
    if day:
        asked += " AND l.truth IS NOT TRUE AND r.possible_days > 0"
    owners = work.table(
        "owners", f"SELECT owner, any_value(subject) AS subject, min(since) AS since, any_value(window_first) AS row_first FROM ({asked}) GROUP BY owner"
    )
    bound = _bound(work, judgement, rows, owners, choices, apart)
    days = change_days(work, judgement, owners, bound, tested)
    looked = _look(work, judgement, f"SELECT cell, subject, day, row_first FROM {days}", tested)
    possible, sure = (_runs(work, days, looked, bound, owners, certain) for certain in (False, True))
    return work.table("outcome", _from_runs(work, rows, looks, possible, sure, owner, bound, grace, day))


def _bound(work: Work, judgement: Judgement, rows: str, owners: str, choices: dict[str, str], apart: bool) -> str:
    """A table (owner, first, last, sure) of the days on which owners are bound, while the requirement is effective."""
    header = judgement.header
    first, last = sql.day(header.first), sql.day(header.last)
    if depends_on_window(header.when, work):
        source = f"SELECT cell AS owner, first, last, sure FROM {cell_bound(work, rows, header, choices)}"
    else:
        runs = bound_runs(work, header.subjects, header.when).table
        source = f"SELECT o.owner, b.first, b.last, b.sure FROM {owners} o JOIN {runs} b ON b.organization = o.subject"
    return work.table(
        "bounds",
        f"SELECT owner, greatest(first, {first}) AS first, least(last, {last}) AS last, sure FROM ({source}) WHERE first <= {last} AND last >= {first}",
    )


def _runs(work: Work, days: str, looked: str, bound: str, owners: str, sure: bool) -> str:
    """A table (owner, start, stop) of the runs of failing days; `stop` is the day after."""
    fails = "l.truth IS FALSE" if sure else "l.truth IS NOT TRUE"
    of_kind = "b.sure" if sure else "NOT b.sure"
    flagged = (
        f"SELECT d.owner, d.day, d.next, row_number() OVER (PARTITION BY d.owner ORDER BY d.day) AS place, {fails} AND b.owner IS NOT NULL AS failing"
        f" FROM {days} d JOIN {looked} l ON l.cell = d.cell LEFT JOIN {bound} b ON b.owner = d.owner AND {of_kind} AND d.day BETWEEN b.first AND b.last"
    )
    islands = f"SELECT owner, day, next, place - row_number() OVER (PARTITION BY owner ORDER BY day) AS island FROM ({flagged}) WHERE failing"
    return work.table("runs", f"SELECT owner, min(day) AS start, max(next) AS stop FROM ({islands}) GROUP BY owner, island")


def _from_runs(work: Work, rows: str, looks: str, possible: str, sure: str, owner: str, bound: str, grace: Duration | None, day: bool) -> str:
    """The query of the outcomes of rows."""
    as_of = work.as_of
    end = f"CASE WHEN x.stop > {as_of} THEN {as_of} ELSE x.stop END"
    exceeds = f"{end} > ({add_duration('x.start', grace)})" if grace is not None else "TRUE"
    last = f"(CASE WHEN r.window_last > {as_of} THEN {as_of} ELSE r.window_last END)"
    touches = "r.day >= x.start AND r.day < x.stop" if day else f"x.start <= {last} AND x.stop > r.window_first"

    def summary(runs: str) -> str:
        return (
            f"SELECT r.cell, bool_or({exceeds}) AS exceeds, bool_or(x.stop > {as_of}) AS running, max(x.start) FILTER (x.stop > {as_of}) AS start"
            f" FROM {rows} r JOIN {runs} x ON x.owner = {owner} AND {touches} GROUP BY r.cell"
        )

    unbound = f"NOT EXISTS (SELECT 1 FROM {bound} b WHERE b.owner = {owner} AND NOT b.sure AND r.day BETWEEN b.first AND b.last)" if day else "FALSE"
    as_tested = "CASE WHEN l.truth THEN 'true' WHEN NOT l.truth THEN 'false' ELSE 'unknown' END"
    forgiven = "WHEN p.cell IS NULL THEN 'true' ELSE 'forgiven'"
    return (
        f"SELECT r.cell, p.start, CASE WHEN {'l.truth' if day else 'FALSE'} THEN 'true' WHEN {unbound} THEN {as_tested} WHEN s.exceeds THEN 'false'"
        f" WHEN p.exceeds THEN 'unknown' WHEN p.running THEN 'running' {forgiven} END AS outcome"
        f" FROM {rows} r JOIN {looks} l ON l.cell = r.cell LEFT JOIN ({summary(possible)})"
        f" p ON p.cell = r.cell LEFT JOIN ({summary(sure)}) s ON s.cell = r.cell"
        f" WHERE r.window_first IS NOT NULL"
    )


def _premise(judgement: Judgement, frame: Frame, opened: str, unknown: str) -> list[tuple[str, str]]:
    """The reasons that have to do with the premise: a window that is open may still come to meet it."""
    if judgement.given is None:
        return []
    given = frame.need("l.given")
    return [
        (both(f"{given} IS NOT TRUE", opened), code("open")),
        (f"{given} IS FALSE", code("not_given")),
        (f"{given} IS NULL", unknown),
    ]


def _verdicts(work: Work, judgement: Judgement, rows: str, looks: str, outcome: str | None) -> str:
    """The table of verdict rows from rows, what was seen on their reference day and, where runs counted, their outcome."""
    header, as_of = judgement.header, work.as_of
    throughout = judgement.judge is Judge.THROUGHOUT
    frame = cell_frame(Judging(work, rows, judgement.windows, True))
    came = "CASE WHEN l.truth THEN 'true' WHEN NOT l.truth THEN 'false' ELSE 'unknown' END"
    joins = f"{rows} c JOIN {looks} l ON l.cell = c.cell"
    if outcome is not None:
        joins += f" LEFT JOIN {outcome} o ON o.cell = c.cell"
        came = f"COALESCE(o.outcome, {came})"
    result = frame.need(came)
    opened = sql.FALSE if isinstance(judgement.windows, Snapshot) else frame.need(f"COALESCE(c.window_last >= {as_of}, FALSE)")
    settled = f"NOT {opened}"
    fails = f"{result} = 'false'" if throughout else f"{result} = 'false' AND {settled}"
    flags = (("missing_parameter", "parameter_missing"), ("undecided", "undecided_rows"), ("rejected", "rejected_rows"), ("unfed", "feed_incomplete"))
    wanting = [(frame.need(f"l.{flag}"), code(reason)) for flag, reason in flags]
    branches = [
        *binding_branches(header, frame),
        *_premise(judgement, frame, opened, reason_case(wanting, code("value_missing"))),
        (f"{result} = 'true' AND {settled}", code("met")),
        (f"{result} = 'forgiven' AND {settled}", code("forgiven")),
        (frame.need("c.covered"), code("waived")),
        (both(fails, frame.need("c.waiver_doubt")), code("waiver_unknown")),
        (fails, code("not_throughout") if throughout else frame.need("l.reason")),
        (f"{result} = 'running'", code("grace")),
        (opened, code("open")),
    ]
    if throughout:
        branches.append((frame.need("l.truth"), code("undecided_days")))
    why = frame.keep(reason_case([*branches, *wanting], code("value_missing")))
    blank = f"{why} IN {codes((*PRESETS, 'not_bound', 'partial_window', 'not_given'))}"
    join, accountable = with_accountable(work, header, rows)
    due = frame.need("c.due")
    if outcome is not None and isinstance(header.grace, Duration):
        forgiven_until = frame.need(f"({add_duration('o.start', header.grace)})")
        due = f"CASE WHEN {why} = {code('grace')} THEN {forgiven_until} ELSE {due} END"
    columns = {
        "subject": frame.need("c.subject"),
        "key": frame.need("c.key"),
        "window_first": frame.need("c.window_first"),
        "window_last": frame.need("c.window_last"),
        "reason": f"{why}::UTINYINT",
        "measured": f"CASE WHEN {blank} THEN '' ELSE {frame.need('l.measured')} END",
        "required": f"CASE WHEN {blank} THEN '' ELSE {frame.need('l.required')} END",
        "due_on": due,
        "accountable": frame.need(accountable),
        "day": frame.need("c.day"),
        "answered_on": "NULL::DATE",
    }
    listed = ", ".join(f"{columns[name]} AS {name}" for name in VERDICT_COLUMNS.split(", "))
    return work.verdicts(f"SELECT {listed} FROM {frame.relation(f'{joins} {join}')}")

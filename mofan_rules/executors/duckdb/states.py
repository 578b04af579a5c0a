"""Judgements on states: the tests on a day, on each change of the facts, and the runs of failing days (`docs/meaning.md` section 4).

Rows are the verdicts to be; *looks* are the days on which the tests are taken. A look is a cell whose window is that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.accountable import with_accountable
from mofan_rules.executors.duckdb.bindings import bound_runs
from mofan_rules.executors.duckdb.calendar import add_duration
from mofan_rules.executors.duckdb.cells import PLAIN, always_dated, calendar_windows, cell_bound, in_force, with_binding, with_day
from mofan_rules.executors.duckdb.changes import change_days
from mofan_rules.executors.duckdb.codes import code, codes
from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.measures import computed, previous_needs_row
from mofan_rules.executors.duckdb.members import MOST, by_who
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.scope import Judging
from mofan_rules.executors.duckdb.verdicts import (
    PRESETS,
    VERDICT_COLUMNS,
    binding_branches,
    both,
    cell_frame,
    judged,
    judged_together,
    reason_case,
)
from mofan_rules.executors.duckdb.waivers import with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Measure
from mofan_rules.ir.program import Each, Header, Judge, Judgement, Snapshot, Windows
from mofan_rules.values.dates import Duration


@dataclass(frozen=True, slots=True)
class Looks:
    """The tests on some days: a table (cell, truth, reason, measured, required, missing_parameter, undecided, rejected, unfed, given)."""

    table: str


@dataclass(frozen=True, slots=True)
class States:
    """Judgements on states that are judged as one: they agree in `judge`, `grace`, `partial` and who is accountable.

    Parameters
    ----------
    members: the judgements; where there are several, every table of cells has the column `who`.
    measures: the measures of all of them, shared ones once.
    used: for each member the places of its measures in `measures`.
    choices: the columns of the parameters in `when`.
    tested: all expressions of tests and measures.
    """

    members: Sequence[Judgement]
    measures: Sequence[Measure]
    used: Sequence[Sequence[int]]
    choices: dict[str, str]
    tested: list[Expression | None]

    @property
    def one(self) -> Judgement:
        """The one judgement, or one of those that agree."""
        return self.members[0]

    @property
    def who(self) -> str:
        """The column that tells cells of several members apart, for a list of columns."""
        return ", who" if len(self.members) > 1 else ""

    @property
    def windows(self) -> Windows:
        """The windows of the one judgement. Measures of several look at none."""
        return Snapshot() if self.who else self.one.windows


def judge_state(work: Work, judgement: Judgement, choices: dict[str, str], tested: list[Expression | None]) -> str:
    """A table of the verdict rows of a judgement on a state.

    Parameters
    ----------
    choices: of the parameters in `when`; tested: all expressions of the tests and measures.
    """
    header, windows = judgement.header, judgement.windows
    assert not isinstance(windows, Each)
    states = States((judgement,), judgement.measures, (range(len(judgement.measures)),), choices, tested)
    relation, _ = calendar_windows(work, header, windows, judgement.judge)
    relation = with_day(work, relation, always_dated(windows))
    if judgement.judge is Judge.DAY:
        relation = f"(SELECT * REPLACE (CASE WHEN window_first IS NULL THEN law ELSE day END AS law) FROM {relation})"
    relation = in_force(work, relation, header)
    relation = with_binding(work, with_choices(work, relation, choices), header, choices, True, always_dated(windows))
    return judge_states(work, states, with_waivers(work, relation, [header], False))


def judge_states(work: Work, states: States, relation: str) -> str:
    """A table of the verdict rows of some judgements, from the rows to be."""
    judgement = states.one
    rows = work.table("rows", f"SELECT * FROM {relation}")
    looks = _look(work, states, f"SELECT cell, subject, day, window_first AS row_first{states.who} FROM {rows}")
    grace = judgement.header.grace if isinstance(judgement.header.grace, Duration) else None
    outcome = None
    if judgement.judge is Judge.THROUGHOUT or grace is not None:
        outcome = _outcomes(work, states, rows, looks, grace)
    table = _verdicts(work, states, rows, looks, outcome)
    work.drop(rows, looks, *([outcome] if outcome is not None else []))
    return table


def _look(work: Work, states: States, days: str) -> str:
    """The tests on the days of a relation (cell, subject, day, row_first, and who if there are several members)."""
    choices = choice_columns(work, named_parameters(states.tested))
    plain = PLAIN.replace("NULL::INTEGER AS preset, ", "")
    cells = (
        f"(SELECT cell, subject, day, row_first, day AS window_first, day AS window_last, day AS due, day AS law, {plain}, FALSE AS is_open, FALSE AS may_open,"
        f" FALSE AS extended, NULL::DATE AS answered_on{states.who} FROM ({days}))"
    )
    table = work.table("cells", f"SELECT * FROM {with_choices(work, cells, choices)}")
    judging = Judging(work, table, states.windows, True, choices)
    measures = [computed(judging, measure, number, None) for number, measure in enumerate(states.measures)]
    result = judged_together(judging, states.members, measures, states.used) if states.who else judged(judging, states.one, measures)
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
    if states.one.given is not None:
        columns["given"] = result.given
    listed = ", ".join(f"{column} AS {name}" for name, column in columns.items())
    looks = work.table("looks", f"SELECT {listed} FROM {frame.relation(result.source)}")
    work.drop(table, *(made for measure in measures for made in measure.tables))
    return looks


def _outcomes(work: Work, states: States, rows: str, looks: str, grace: Duration | None) -> str:
    """A table (cell, outcome, start): true, false, unknown, `forgiven` or `running` of each row whose runs had to be looked at."""
    judgement = states.one
    header, day = judgement.header, judgement.judge is Judge.DAY
    apart = depends_on_window(header.when, work) or any(previous_needs_row(measure) for measure in states.measures)
    owner = "r.cell" if apart else f"r.subject::BIGINT * {MOST} + r.who" if states.who else "r.subject::BIGINT"
    who = ", any_value(who) AS who" if states.who else ""
    since = "r.day" if day else "r.window_first"
    earlier = since
    if grace is not None:
        earlier = f"({add_duration(since, Duration(-grace.amount, grace.unit))}) - 4"
    asked = (
        f"SELECT {owner} AS owner, r.subject, r.cell, {earlier} AS since, r.window_first{states.who}"
        f" FROM {rows} r JOIN {looks} l ON l.cell = r.cell WHERE r.window_first IS NOT NULL"
    )
    if day:
        asked += " AND l.truth IS NOT TRUE AND r.possible_days > 0"
    owners = work.table(
        "owners", f"SELECT owner, any_value(subject) AS subject, min(since) AS since, any_value(window_first) AS row_first{who} FROM ({asked}) GROUP BY owner"
    )
    bound = _bound(work, states, rows, owners)
    days = change_days(work, states.measures, owners, bound, states.tested)
    whose = f"SELECT d.cell, d.subject, d.day, d.row_first{', o.who' if states.who else ''} FROM {days} d"
    looked = _look(work, states, f"{whose} JOIN {owners} o ON o.owner = d.owner" if states.who else whose)
    possible, sure = (_runs(work, days, looked, bound, owners, certain) for certain in (False, True))
    outcome = work.table("outcome", _from_runs(work, rows, looks, possible, sure, owner, bound, grace, day))
    work.drop(owners, bound, days, looked, possible, sure)
    return outcome


def _bound(work: Work, states: States, rows: str, owners: str) -> str:
    """A table (owner, first, last, sure) of the days on which owners are bound, while the requirement is effective."""

    def effective(header: Header, source: str) -> str:
        first, last = sql.day(header.first), sql.day(header.last)
        return f"SELECT owner, greatest(first, {first}) AS first, least(last, {last}) AS last, sure FROM ({source}) WHERE first <= {last} AND last >= {first}"

    parts = []
    for who, member in enumerate(states.members):
        header = member.header
        if depends_on_window(header.when, work):
            source = f"SELECT cell AS owner, first, last, sure FROM {cell_bound(work, rows, header, states.choices)}"
        else:
            runs = bound_runs(work, header.subjects, header.when).table
            mine = f" AND o.who = {who}" if states.who else ""
            source = f"SELECT o.owner, b.first, b.last, b.sure FROM {owners} o JOIN {runs} b ON b.organization = o.subject{mine}"
        parts.append(effective(header, source))
    return work.table("bounds", " UNION ALL ".join(parts))


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


def _verdicts(work: Work, states: States, rows: str, looks: str, outcome: str | None) -> str:
    """The table of verdict rows from rows, what was seen on their reference day and, where runs counted, their outcome."""
    judgement, as_of = states.one, work.as_of
    header = judgement.header
    throughout = judgement.judge is Judge.THROUGHOUT
    frame = cell_frame(Judging(work, rows, states.windows, True))
    came = "CASE WHEN l.truth THEN 'true' WHEN NOT l.truth THEN 'false' ELSE 'unknown' END"
    joins = f"{rows} c JOIN {looks} l ON l.cell = c.cell"
    if outcome is not None:
        joins += f" LEFT JOIN {outcome} o ON o.cell = c.cell"
        came = f"COALESCE(o.outcome, {came})"
    result = frame.need(came)
    always = {
        who: sql.FALSE if isinstance(member.windows, Snapshot) else f"COALESCE(c.window_last >= {as_of}, FALSE)" for who, member in enumerate(states.members)
    }
    opened = frame.need(by_who("c.who", always, always[0]))
    settled = f"NOT {opened}"
    fails = f"{result} = 'false'" if throughout else f"{result} = 'false' AND {settled}"
    flags = (("missing_parameter", "parameter_missing"), ("undecided", "undecided_rows"), ("rejected", "rejected_rows"), ("unfed", "feed_incomplete"))
    wanting = [(frame.need(f"l.{flag}"), code(reason)) for flag, reason in flags]
    branches = [
        *binding_branches([member.header for member in states.members], frame),
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
    join, accountable = with_accountable(work, [member.header for member in states.members], rows)
    due = frame.need("c.due")
    if outcome is not None and isinstance(header.grace, Duration):
        forgiven_until = frame.need(f"({add_duration('o.start', header.grace)})")
        due = f"CASE WHEN {why} = {code('grace')} THEN {forgiven_until} ELSE {due} END"
    columns = {
        "who": frame.need("c.who") if states.who else "0",
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
    listed = ", ".join(f"{columns[name]} AS {name}" for name in VERDICT_COLUMNS)
    return work.verdicts(f"SELECT {listed} FROM {frame.relation(f'{joins} {join}')}")

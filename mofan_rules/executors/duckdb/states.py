"""Judgements on states, one or several at once: the tests on a day, on each change of the facts, and the runs of failing days (`docs/meaning.md` section 4).

Rows are the verdicts to be; *looks* are the days on which the tests are taken. What several judgements read is looked for once, their tests stand in one query.
"""

from collections.abc import Mapping, Sequence

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.accountable import with_accountable
from mofan_rules.executors.duckdb.calendar import add_duration
from mofan_rules.executors.duckdb.codes import code, codes
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.looks import States, look
from mofan_rules.executors.duckdb.members import by_who
from mofan_rules.executors.duckdb.outcomes import outcomes
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters
from mofan_rules.executors.duckdb.periods import Wanted
from mofan_rules.executors.duckdb.reading import expressions_of, test_expressions
from mofan_rules.executors.duckdb.scope import Judging
from mofan_rules.executors.duckdb.slots import slots
from mofan_rules.executors.duckdb.together import Asked, cells_together
from mofan_rules.executors.duckdb.verdicts import (
    PRESETS,
    VERDICT_COLUMNS,
    Filed,
    binding_branches,
    both,
    cell_frame,
    filed,
    reason_case,
)
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.program import Judge, Judgement, Snapshot
from mofan_rules.values.dates import Duration


def judge_states(work: Work, members: Sequence[Judgement], periods: Mapping[str, Wanted]) -> list[Filed]:
    """The verdict rows of some judgements on states."""
    measures, used = slots(members)
    tested: list[Expression | None] = [expression for member in members for expression in test_expressions(member)]
    tested += [expression for member in members for measure in member.measures for expression in expressions_of(measure)]
    choices = choice_columns(work, named_parameters([member.header.when for member in members]))
    asked = [Asked(member.header, member.windows, periods[member.header.requirement]) for member in members]
    relation = cells_together(work, asked, choices, state=True, by_day=members[0].judge is Judge.DAY)
    return filed(_judged(work, States(members, measures, used, choices, tested), relation), members)


def _judged(work: Work, states: States, relation: str) -> str:
    """A table of the verdict rows of some judgements, from the rows to be."""
    judgement = states.one
    rows = work.table("rows", f"SELECT * FROM {relation}")
    looks = look(work, states, f"SELECT cell, subject, day, window_first AS row_first{states.who} FROM {rows}")
    grace = judgement.header.grace if isinstance(judgement.header.grace, Duration) else None
    outcome = None
    if judgement.judge is Judge.THROUGHOUT or grace is not None:
        outcome = outcomes(work, states, rows, looks, grace)
    table = _verdicts(work, states, rows, looks, outcome)
    work.drop(rows, looks, *([outcome] if outcome is not None else []))
    return table


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

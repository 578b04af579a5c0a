"""Runs of failing days: what comes of a state that is looked at on each change of the facts (`docs/meaning.md` section 4)."""

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import all_bindings, stretch_rows
from mofan_rules.executors.duckdb.calendar import add_duration
from mofan_rules.executors.duckdb.cells import cell_bound
from mofan_rules.executors.duckdb.changes import change_days
from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.looks import States, look
from mofan_rules.executors.duckdb.measures import previous_needs_row
from mofan_rules.executors.duckdb.members import MOST
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Judge
from mofan_rules.values.dates import Duration


def outcomes(work: Work, states: States, rows: str, looks: str, grace: Duration | None) -> str:
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
    looked = look(work, states, f"{whose} JOIN {owners} o ON o.owner = d.owner" if states.who else whose)
    possible, sure = (_runs(work, days, looked, bound, owners, certain) for certain in (False, True))
    outcome = work.table("outcome", _from_runs(work, rows, looks, possible, sure, owner, bound, grace, day))
    work.drop(owners, bound, days, looked, possible, sure)
    return outcome


def _bound(work: Work, states: States, rows: str, owners: str) -> str:
    """A table (owner, first, last, sure) of the days on which owners are bound, while the requirement is effective."""
    headers = [member.header for member in states.members]
    if depends_on_window(headers[0].when, work):
        source = f"(SELECT *, 0 AS who, cell AS owner FROM {cell_bound(work, rows, headers[0], states.choices)}) b"
    else:
        groups = all_bindings(work).groups
        places = ", ".join(f"({who}, {groups[header.subjects, header.when]})" for who, header in enumerate(headers))
        source = (
            f"(SELECT o.owner, b.first, b.last, b.sure, g.who FROM (VALUES {places}) g(who, place) JOIN {stretch_rows(work)} b ON b.place = g.place"
            f" JOIN {owners} o ON o.subject = b.organization{' AND o.who = g.who' if states.who else ''}) b"
        )
    spans = ", ".join(f"({who}, {sql.day(header.first)}, {sql.day(header.last)})" for who, header in enumerate(headers))
    query = (
        f"SELECT b.owner, greatest(b.first, e.first) AS first, least(b.last, e.last) AS last, b.sure FROM {source}"
        f" JOIN (VALUES {spans}) e(who, first, last) ON e.who = b.who AND b.first <= e.last AND b.last >= e.first"
    )
    return work.table("bounds", query)


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

"""The parts of tallies: which verdict rows each cell of a tally counts, how surely, and what they add up to (`docs/meaning.md` 7.2 to 7.5)."""

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import bound_runs
from mofan_rules.executors.duckdb.codes import codes
from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.periods import selected
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import ByAccountable, Counted, Judgement, Per, Stage, Tally
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State

SEVERITY = (State.WAIVED, State.SATISFIED, State.PENDING, State.UNKNOWN, State.VIOLATED)
"""Of several windows as one part, the state that stands farthest to the right counts; a part carries the place in this tuple."""

WAIVED, SATISFIED, PENDING, UNKNOWN, VIOLATED = range(5)

GROUPS = ("c", "o", "u", "p")
"""Counted, opposite, unknown, pending."""

SUMS = tuple(f"{group}{kind}" for kind in ("", "_maybe") for group in GROUPS)


def severity(reason: str) -> str:
    """The place of a verdict's state in `SEVERITY`; null if it does not apply."""
    cases = []
    for place, state in enumerate(SEVERITY):
        reasons = [name for name, belongs in REASONS.items() if belongs is state]
        cases.append(f"WHEN {reason} IN {codes(reasons)} THEN {place}")
    return f"CASE {' '.join(cases)} END"


def part_rows(work: Work, tally: Tally, tables: list[tuple[Judgement | Tally, str]], cells: str) -> str:
    """The relation of the parts selected for each window of the cells: (window_from, window_until of the tally, and of the part)."""
    windows = work.table("spans", f"SELECT DISTINCT window_first AS first, window_last AS last FROM {cells} WHERE window_first IS NOT NULL")
    queries = []
    for judged, table in tables:
        header = judged.header
        if header.requirement not in tally.parts or header.stage is Stage.SHADOW:
            continue
        condition = selected(work.context, judged, "w.first", "w.last", "v.")
        queries.append(
            f"SELECT w.first, w.last, {tally.parts.index(header.requirement)} AS part,"
            f" v.subject, v.key, v.window_first, v.window_last, {severity('v.reason')} AS state,"
            f" v.due_on, v.accountable, v.day, {header.weight}::BIGINT AS weight FROM {table} v JOIN {windows} w ON {condition}"
        )
    columns = (
        "NULL::DATE AS first, NULL::DATE AS last, 0 AS part, 0 AS subject, '' AS key, NULL::DATE AS window_first, NULL::DATE AS window_last, 0 AS state,"
        " NULL::DATE AS due_on, 0 AS accountable, NULL::DATE AS day, 0::BIGINT AS weight"
    )
    query = " UNION ALL ".join(queries) if queries else f"SELECT {columns} WHERE FALSE"
    return f"(SELECT * FROM ({query}) WHERE state IS NOT NULL)"


def counted_parts(work: Work, tally: Tally, parts: str, cells: str) -> str:
    """A query (cell, the sums, some, some_maybe, waived, waived_maybe, due): what the parts of each cell add up to."""
    apart = tally.per is Per.WINDOW and tally.in_a_row is None
    if tally.over is None or isinstance(tally.over, ByAccountable):
        owner = "subject" if tally.over is None else "accountable"
        linked = _direct(work, tally, parts, cells, owner, apart)
    else:
        linked = _reached(work, tally, parts, cells, apart)
    if not apart:
        linked = _as_one(tally, linked)
    return f"SELECT cell, {_summed(tally)} FROM ({linked}) GROUP BY cell"


def _direct(work: Work, tally: Tally, parts: str, cells: str, owner: str, apart: bool) -> str:
    """Parts (cell, …, sure) of the subject itself, or for which it is accountable: sure links, as far as the kind is sure."""
    kinds, sure = _kind_join(work, tally)
    source = _condensed(parts, owner) if apart and tally.part_kinds is None else parts
    return (
        f"SELECT c.cell, p.*, {sure} AS sure FROM {cells} c JOIN {source} p ON p.{owner}"
        f" = c.subject AND p.first = c.window_first AND p.last = c.window_last {kinds}"
    )


def _condensed(parts: str, owner: str) -> str:
    """Parts of one organization, window and state as one: their weights added."""
    return (
        f"(SELECT {owner}, first, last, state, sum(weight)::BIGINT AS weight, min(due_on)"
        f" AS due_on, min(day) AS day, max(day) AS until FROM {parts} GROUP BY ALL)"
    )


def _kind_join(work: Work, tally: Tally) -> tuple[str, str]:
    """A join that keeps the parts whose subject `p.subject` may have one of the kinds on their day, and the truth that it surely has."""
    if tally.part_kinds is None:
        return "", "TRUE"
    runs = bound_runs(work, tally.part_kinds, None).table
    possible = f"JOIN {runs} kp ON kp.organization = p.subject AND NOT kp.sure AND p.day BETWEEN kp.first AND kp.last"
    sure = f"LEFT JOIN {runs} ks ON ks.organization = p.subject AND ks.sure AND p.day BETWEEN ks.first AND ks.last"
    return f"{possible} {sure}", "ks.organization IS NOT NULL"


def _reached(work: Work, tally: Tally, parts: str, cells: str, apart: bool) -> str:
    """Parts of the organizations to which the tally's link leads on the part's own reference day."""
    assert tally.over is not None and not isinstance(tally.over, ByAccountable)
    links = reach(work, tally.over, f"SELECT DISTINCT subject FROM {cells}")
    kinds, kind_sure = _kind_join(work, tally)

    def joined(source: str) -> str:
        on = "p.subject = q.organization AND p.first = c.window_first AND p.last = c.window_last AND p.day BETWEEN q.first AND q.last"
        found = f"{cells} c JOIN {links} q ON q.subject = c.subject AND NOT q.sure JOIN {source} p ON {on} {kinds}"
        sure = f"LEFT JOIN {links} z ON z.subject = c.subject AND z.organization = q.organization AND z.sure AND p.day BETWEEN z.first AND z.last"
        return f"SELECT c.cell, p.*, z.subject IS NOT NULL AND {kind_sure} AS sure FROM {found} {sure}"

    if not apart or tally.part_kinds is not None:
        return joined(parts)
    condensed = work.table("condensed", f"SELECT *, day AS since FROM {_condensed(parts, 'subject')}")
    shifting = (
        f"SELECT DISTINCT p.subject, p.first, p.last FROM {condensed} p JOIN {links} q ON q.organization = p.subject"
        " WHERE q.first <= p.until AND q.last >= p.since AND NOT (q.first <= p.since AND q.last >= p.until)"
    )
    moving = work.table("moving", shifting)
    same = "x.subject = p.subject AND x.first = p.first AND x.last = p.last"
    steady = f"(SELECT subject, first, last, state, weight, due_on, day FROM {condensed} p ANTI JOIN {moving} x ON {same})"
    changing = f"(SELECT subject, first, last, state, weight, due_on, day FROM {parts} p SEMI JOIN {moving} x ON {same})"
    return f"{joined(steady)} UNION ALL {joined(changing)}" if work.any(f"SELECT 1 FROM {moving}") else joined(steady)


def _as_one(tally: Tally, linked: str) -> str:
    """The parts of one requirement and one subject made one (7.3 and 7.4)."""
    if tally.in_a_row is not None:
        return _in_a_row(tally, linked, tally.in_a_row)
    return (
        f"SELECT cell, CASE WHEN count(*) FILTER (sure) = 0 THEN CASE WHEN min(state) = max(state) THEN min(state) ELSE {UNKNOWN} END"
        f" WHEN max(state) FILTER (sure) = max(state) THEN max(state) ELSE {UNKNOWN} END AS state, bool_or(sure) AS sure,"
        f" arg_max(weight, (COALESCE(window_first, {sql.FIRST_DAY}), COALESCE(window_last, {sql.FIRST_DAY}), key)) AS weight,"
        f" min(due_on) FILTER (state = {PENDING} AND sure) AS due_on FROM ({linked}) GROUP BY cell, part, subject"
    )


def _in_a_row(tally: Tally, linked: str, n: int) -> str:
    counted, opposite = (SATISFIED, VIOLATED) if tally.counted is Counted.SATISFIED else (VIOLATED, SATISFIED)
    sets = {"counted": f"({counted})", "hoped": f"({counted}, {PENDING})", "possible": f"({counted}, {PENDING}, {UNKNOWN})"}
    base = f"WITH linked AS MATERIALIZED (SELECT * FROM ({linked}) WHERE state <> {WAIVED}), placed AS ("
    keys = "PARTITION BY cell, part, subject"
    order = f"ORDER BY COALESCE(window_first, {sql.FIRST_DAY}), COALESCE(window_last, {sql.FIRST_DAY}), key"
    scopes = (("all", "linked"), ("sure", "(SELECT * FROM linked WHERE sure)"))
    placed = " UNION ALL ".join(f"SELECT *, '{scope}' AS scope, row_number() OVER ({keys} {order}) AS place FROM {source}" for scope, source in scopes)
    runs = []
    for name, states in sets.items():
        islands = (
            f"SELECT cell, part, subject, scope, place - row_number() OVER (PARTITION BY cell, part, subject, scope ORDER BY place) AS island FROM placed"
            f" WHERE state IN {states}"
        )
        runs.append(
            f"SELECT DISTINCT cell, part, subject, scope, '{name}' AS run FROM ({islands}) GROUP BY cell, part, subject, scope, island HAVING count(*) >= {n}"
        )
    outcome = (
        f"CASE WHEN bool_or(r.run = 'counted') THEN {counted} WHEN bool_or(r.run = 'hoped') THEN {PENDING} WHEN bool_or(r.run = 'possible') THEN {UNKNOWN}"
        f" ELSE {opposite} END"
    )
    grouped = (
        f"SELECT p.cell, p.part, p.subject, p.scope, {outcome} AS state, bool_or(p.sure)"
        f" AS sure, min(p.due_on) FILTER (p.state = {PENDING} AND p.sure) AS due_on,"
        " arg_max(p.weight, p.place) AS weight FROM placed p LEFT JOIN runs r ON r.cell"
        " = p.cell AND r.part = p.part AND r.subject = p.subject AND r.scope = p.scope"
        " GROUP BY ALL"
    )
    waived = f"SELECT cell, state, sure, weight, due_on FROM ({linked}) WHERE state = {WAIVED}"
    joined = (
        f"SELECT a.cell, CASE WHEN s.state IS NULL OR s.state = a.state THEN a.state ELSE {UNKNOWN} END AS state, a.sure, a.weight, a.due_on"
        " FROM (SELECT * FROM outcomes WHERE scope = 'all') a LEFT JOIN (SELECT * FROM outcomes WHERE scope = 'sure') s"
        " ON s.cell = a.cell AND s.part = a.part AND s.subject = a.subject"
    )
    return f"{base}{placed}), runs AS ({' UNION ALL '.join(runs)}), outcomes AS ({grouped}) SELECT * FROM ({joined}) UNION ALL {waived}"


def _summed(tally: Tally) -> str:
    """The aggregates over (state, sure, weight, due_on)."""
    counted, opposite = (SATISFIED, VIOLATED) if tally.counted is Counted.SATISFIED else (VIOLATED, SATISFIED)
    places = dict(zip(GROUPS, (counted, opposite, UNKNOWN, PENDING), strict=True))
    columns = []
    for kind, sure in (("", "sure"), ("_maybe", "NOT sure")):
        columns += [f"COALESCE(sum(weight) FILTER (state = {place} AND {sure}), 0)::BIGINT AS {group}{kind}" for group, place in places.items()]
        columns.append(f"count(*) FILTER (state <> {WAIVED} AND {sure}) AS some{kind}")
        columns.append(f"count(*) FILTER (state = {WAIVED} AND {sure}) AS waived{kind}")
    columns.append(f"min(due_on) FILTER (state = {PENDING} AND sure) AS due")
    return ", ".join(columns)

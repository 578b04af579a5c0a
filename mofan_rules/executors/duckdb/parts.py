"""The parts of tallies: which verdict rows each cell of a tally counts, how surely, and what they add up to (`docs/meaning.md` 7.2 to 7.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import bound_runs
from mofan_rules.executors.duckdb.codes import codes
from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.periods import asks_when, selects
from mofan_rules.executors.duckdb.verdicts import Filed
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import ByAccountable, Counted, Judgement, Per, Snapshot, Stage, Tally
from mofan_rules.ir.rows import Linked
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.state import State

SEVERITY = (State.WAIVED, State.SATISFIED, State.PENDING, State.UNKNOWN, State.VIOLATED)
"""Of several windows as one part, the state that stands farthest to the right counts; a part carries the place in this tuple."""

WAIVED, SATISFIED, PENDING, UNKNOWN, VIOLATED = range(5)

GROUPS = ("c", "o", "u", "p")
"""Counted, opposite, unknown, pending."""

DUE_DAYS = (
    f"array_to_string(list_transform(map_entries(histogram(due_on) FILTER (state = {PENDING} AND sure)), lambda e: e.key::VARCHAR || '*' || e.value), ' ')"
)
"""How many of the surely linked pending parts are due on each day, as text."""

SUMS = tuple(f"{group}{kind}" for kind in ("", "_maybe") for group in GROUPS)


def severity(reason: str) -> str:
    """The place of a verdict's state in `SEVERITY`; null if it does not apply."""
    cases = []
    for place, state in enumerate(SEVERITY):
        reasons = [name for name, belongs in REASONS.items() if belongs is state]
        cases.append(f"WHEN {reason} IN {codes(reasons)} THEN {place}")
    return f"CASE {' '.join(cases)} END"


@dataclass(frozen=True, slots=True)
class Tallies:
    """Tallies that are counted at once, by the places of theirs in the column `who` of `cells`; `spans` has their windows (who, first, last)."""

    work: Work
    members: Mapping[int, Tally]
    made: Sequence[tuple[Judgement | Tally, Filed]]
    cells: str
    spans: str
    scratch: list[str]
    """Tables that nobody reads once the sums are there."""

    @property
    def one(self) -> Tally:
        """One of them: they agree in whose parts they count, and how."""
        return next(iter(self.members.values()))

    @property
    def apart(self) -> bool:
        """Does each verdict row count for itself?"""
        return self.one.per is Per.WINDOW and self.one.in_a_row is None

    @property
    def condensed(self) -> bool:
        """May parts of one state be added up before they are joined? Not where it will be asked how many there are, and when each is due."""
        return self.apart and self.one.part_kinds is None and not self.work.keeps_sums

    @property
    def own_cells(self) -> str:
        """The cells of these tallies alone."""
        return f"(SELECT * FROM {self.cells} WHERE who IN ({', '.join(map(str, self.members))}))"


def sums(work: Work, members: Sequence[Tally], made: Sequence[tuple[Judgement | Tally, Filed]], cells: str) -> str:
    """A table (cell, the sums, some, some_maybe, waived, waived_maybe, due): what the parts of each cell add up to."""
    spans = work.table("spans", f"SELECT DISTINCT who, window_first AS first, window_last AS last FROM {cells} WHERE window_first IS NOT NULL")
    alike: dict[object, dict[int, Tally]] = {}
    for who, tally in enumerate(members):
        alike.setdefault((tally.over, tally.part_kinds, tally.per, tally.in_a_row, tally.counted), {})[who] = tally
    scratch = [spans]
    table = work.table("sums", " UNION ALL ".join(_counted_parts(Tallies(work, some, made, cells, spans, scratch)) for some in alike.values()))
    work.drop(*scratch)
    return table


def _part_rows(tallies: Tallies) -> str:
    """The relation of the parts selected for each window: (first, last) are that of the tally, window_first and window_last those of the part."""
    context = tallies.work.context
    counted: dict[str, list[str]] = {}
    for judged, found in tallies.made:
        header = judged.header
        if header.stage is Stage.SHADOW:
            continue
        always = isinstance(judged, Judgement) and isinstance(judged.windows, Snapshot)
        asks = isinstance(judged, Judgement) and asks_when(judged)
        for who, tally in tallies.members.items():
            if header.requirement in tally.parts:
                row = f"({found.who}, {who}, {tally.parts.index(header.requirement)}, {header.weight}::BIGINT, {always}, {asks})"
                counted.setdefault(found.table, []).append(row)
    queries = [
        f"SELECT m.who, w.first, w.last, m.part, v.subject, v.key, v.window_first, v.window_last, {severity('v.reason')} AS state,"
        f" v.due_on, v.accountable, v.day, m.weight FROM {table} v JOIN (VALUES {', '.join(rows)}) m(place, who, part, weight, always, asks)"
        f" ON m.place = v.who JOIN {tallies.spans} w ON w.who = m.who AND (m.always OR {selects(context, 'w.first', 'w.last', 'm.asks')})"
        for table, rows in counted.items()
    ]
    columns = (
        "0 AS who, NULL::DATE AS first, NULL::DATE AS last, 0 AS part, 0 AS subject, '' AS key, NULL::DATE AS window_first, NULL::DATE AS window_last,"
        " 0 AS state, NULL::DATE AS due_on, 0 AS accountable, NULL::DATE AS day, 0::BIGINT AS weight"
    )
    query = " UNION ALL ".join(queries) if queries else f"SELECT {columns} WHERE FALSE"
    return f"(SELECT * FROM ({query}) WHERE state IS NOT NULL)"


def _counted_parts(tallies: Tallies) -> str:
    """The sums of tallies that agree in whose parts they count, and how."""
    tally = tallies.one
    if tally.over is None or isinstance(tally.over, ByAccountable):
        linked = _direct(tallies, "subject" if tally.over is None else "accountable")
    else:
        linked = _reached(tallies, tally.over)
    if not tallies.apart:
        linked = _as_one(tally, linked)
    days = f", {DUE_DAYS} AS due_days" if tallies.work.keeps_sums else ""
    return f"SELECT cell, {_summed(tally)}{days} FROM ({linked}) GROUP BY cell"


SAME_WINDOW = "p.who = c.who AND p.first = c.window_first AND p.last = c.window_last"
"""What joins a part to the cells of its tally."""


def _direct(tallies: Tallies, owner: str) -> str:
    """Parts (cell, …, sure) of the subject itself, or for which it is accountable: sure links, as far as the kind is sure."""
    kinds, sure = _kind_join(tallies)
    parts = _part_rows(tallies)
    source = _condensed(parts, owner) if tallies.condensed else parts
    return f"SELECT c.cell, p.*, {sure} AS sure FROM {tallies.own_cells} c JOIN {source} p ON p.{owner} = c.subject AND {SAME_WINDOW} {kinds}"


def _condensed(parts: str, owner: str) -> str:
    """Parts of one organization, window and state as one: their weights added."""
    return (
        f"(SELECT who, {owner}, first, last, state, sum(weight)::BIGINT AS weight, min(due_on)"
        f" AS due_on, min(day) AS day, max(day) AS until FROM {parts} GROUP BY ALL)"
    )


def _kind_join(tallies: Tallies) -> tuple[str, str]:
    """A join that keeps the parts whose subject `p.subject` may have one of the kinds on their day, and the truth that it surely has."""
    kinds = tallies.one.part_kinds
    if kinds is None:
        return "", "TRUE"
    runs = bound_runs(tallies.work, kinds, None).table
    possible = f"JOIN {runs} kp ON kp.organization = p.subject AND NOT kp.sure AND p.day BETWEEN kp.first AND kp.last"
    sure = f"LEFT JOIN {runs} ks ON ks.organization = p.subject AND ks.sure AND p.day BETWEEN ks.first AND ks.last"
    return f"{possible} {sure}", "ks.organization IS NOT NULL"


def _reached(tallies: Tallies, link: Linked) -> str:
    """Parts of the organizations to which the link leads on the part's own reference day."""
    work, cells, parts = tallies.work, tallies.own_cells, _part_rows(tallies)
    links = reach(work, link, f"SELECT DISTINCT subject FROM {cells}")
    kinds, kind_sure = _kind_join(tallies)

    def joined(source: str) -> str:
        on = f"p.subject = q.organization AND {SAME_WINDOW} AND p.day BETWEEN q.first AND q.last"
        found = f"{cells} c JOIN {links} q ON q.subject = c.subject AND NOT q.sure JOIN {source} p ON {on} {kinds}"
        sure = f"LEFT JOIN {links} z ON z.subject = c.subject AND z.organization = q.organization AND z.sure AND p.day BETWEEN z.first AND z.last"
        return f"SELECT c.cell, p.*, z.subject IS NOT NULL AND {kind_sure} AS sure FROM {found} {sure}"

    if not tallies.condensed:
        return joined(parts)
    condensed = work.table("condensed", f"SELECT *, day AS since FROM {_condensed(parts, 'subject')}")
    shifting = (
        f"SELECT DISTINCT p.who, p.subject, p.first, p.last FROM {condensed} p JOIN {links} q ON q.organization = p.subject"
        " WHERE q.first <= p.until AND q.last >= p.since AND NOT (q.first <= p.since AND q.last >= p.until)"
    )
    moving = work.table("moving", shifting)
    tallies.scratch.extend((condensed, moving))
    same = "x.who = p.who AND x.subject = p.subject AND x.first = p.first AND x.last = p.last"
    columns = "who, subject, first, last, state, weight, due_on, day"
    steady = f"(SELECT {columns} FROM {condensed} p ANTI JOIN {moving} x ON {same})"
    changing = f"(SELECT {columns} FROM {parts} p SEMI JOIN {moving} x ON {same})"
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

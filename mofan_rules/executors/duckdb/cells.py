"""Cells: one row for each subject and window that a requirement judges, with its reference day, law, binding (`docs/meaning.md` sections 1 and 2).

Every stage takes a relation and gives one with more columns:

- windows: cell, subject, key, window_first, window_last, due, law, preset (a reason that ends the matter), trigger (its row), trigger_id, after_day;
- `with_day`: day, the reference day;
- `with_binding`: days, sure_days, possible_days of `window_first..due`, and the same with `_in` of `window_first..window_last`.
"""

from dataclasses import dataclass
from datetime import date
from typing import assert_never, cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import Runs, bound_runs, life
from mofan_rules.executors.duckdb.calendar import delayed, due_day, window_first, window_last, window_number
from mofan_rules.executors.duckdb.codes import code
from mofan_rules.executors.duckdb.days import binding_frame, bound_versions, depends_on_window, merged, versions
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Calendar, Header, Judge, Once, Partial, Snapshot, Windows
from mofan_rules.values.dates import BEGINNING, END, CivilDate, Duration
from mofan_rules.values.windows import Every

PLAIN = "NULL::INTEGER AS preset, NULL::INTEGER AS trigger, NULL::VARCHAR AS trigger_id, NULL::DATE AS after_day, NULL::DATE AS start, NULL::DATE AS bind_first"
"""The columns of a window that nothing opened."""

STRIDE = 10**6
"""More windows than one subject can have."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """The numbers of calendar windows that have cells: cell = subject × `STRIDE` + number − `base`."""

    every: Every
    anchor: date | None
    base: int
    first: date
    last: date

    def cell(self, subject: str, value: str) -> str:
        """The cell of the window that contains a date."""
        number = window_number(self.every, value, sql.day(self.anchor) if self.anchor else None)
        return f"{subject}::BIGINT * {STRIDE} + ({number}) - {self.base}"


def period_end(work: Work) -> date:
    """Windows that begin later are not reported."""
    return min(work.context.as_of, work.context.period_last)


def calendar_windows(
    work: Work, header: Header, windows: Calendar | Once | Snapshot, judge: Judge, delays: bool = True, only: str | None = None
) -> tuple[str, Lattice | None]:
    """The relation of the windows of all subjects (or those of the relation `only`), and the numbering of those of one calendar for all.

    Where the windows are the same for all (`always_dated`) each carries the stretches of its subject's existence (l_first, l_last, l_possible) and binding
    (b_first, b_last, b_sure, b_possible): they are looked up once a subject, not once a window.
    """
    kinds = bound_runs(work, header.subjects, None)
    subjects = _with_stretches(work, header, kinds, only or work.subjects)
    grace = header.grace if judge is Judge.WINDOW and delays else None
    match windows:
        case Snapshot():
            return _listed(work, kinds, subjects, [(0, work.context.as_of, work.context.as_of)], None), None
        case Once(first, last):
            selected = first <= period_end(work) and last >= work.context.period_first
            return _listed(work, kinds, subjects, [(0, first, last)] if selected else [], grace), None
        case Calendar(every, starting) if isinstance(starting, str):
            return _started(work, kinds, every, starting, grace), None
        case Calendar(every, anchor):
            return _from_calendar(work, kinds, subjects, every, cast(date | None, anchor), grace)
        case _:
            assert_never(windows)


def _from_calendar(work: Work, kinds: Runs, subjects: str, every: Every, anchor: date | None, grace: Duration | CivilDate | None) -> tuple[str, Lattice | None]:
    spans = list(every.between(work.context.period_first, period_end(work), anchor))
    listed = [(number, first, last) for number, (first, last) in enumerate(spans)]
    relation = _listed(work, kinds, subjects, listed, grace)
    if not spans:
        return relation, None
    return relation, Lattice(every, anchor, every.number(spans[0][0], anchor), spans[0][0], spans[-1][1])


CARRIED = "l_first, l_last, l_possible, b_first, b_last, b_sure, b_possible"
"""The columns of stretches that cells of a calendar carry until they have their day and binding."""


def _with_stretches(work: Work, header: Header, kinds: Runs, subjects: str) -> str:
    """The relation (organization, first, last, possible, and `CARRIED`) of the subjects that may have the kind on some day."""
    joins = f"LEFT JOIN {life(work).each} l ON l.organization = k.organization"
    bound = "NULL::DATE AS b_first, NULL::DATE AS b_last, NULL::INTEGER[] AS b_sure, NULL::INTEGER[] AS b_possible"
    if not depends_on_window(header.when, work):
        joins += f" LEFT JOIN {bound_runs(work, header.subjects, header.when).each} b ON b.organization = k.organization"
        bound = ", ".join(f"b.{name} AS b_{name}" for name in ("first", "last", "sure", "possible"))
    return (
        "SELECT k.organization, k.first, k.last, k.possible, l.first AS l_first, l.last AS l_last, l.possible AS l_possible,"
        f" {bound} FROM {kinds.each} k SEMI JOIN {subjects} u ON u.organization = k.organization {joins}"
    )


def _listed(work: Work, kinds: Runs, subjects: str, windows: list[tuple[int, date, date]], grace: Duration | CivilDate | None) -> str:
    """A cell for each of some windows and each subject that may have the kind on one of its days."""
    values = ", ".join(f"({number}, {sql.day(first)}, {sql.day(last)}, {sql.day(due_day(last, grace))})" for number, first, last in windows)
    table = f"(VALUES {values or f'(0, {sql.LAST_DAY}, {sql.FIRST_DAY}, {sql.FIRST_DAY})'}) w(number, window_first, window_last, due)"
    touching = f"w.window_first <= w.window_last AND {may_touch(kinds, 'w.window_first', 'w.window_last')}"
    columns = f"w.window_first, w.window_last, w.due, w.window_first AS law, {PLAIN}, {CARRIED}"
    return (
        f"(SELECT k.organization::BIGINT * {STRIDE} + w.number AS cell, k.organization AS subject, '' AS key, {columns}"
        f" FROM ({subjects}) k JOIN {table} ON {touching})"
    )


def may_touch(runs: Runs, first: str, last: str) -> str:
    """Whether a possible stretch of a row `k` of `runs.each` shares a day with `first` to `last`."""
    one = f"k.first <= {last} AND k.last >= {first}"
    if runs.plain:
        return one
    return f"CASE WHEN k.first IS NOT NULL THEN {one} ELSE len(list_filter(k.possible, lambda x: x.first <= {last} AND x.last >= {first})) > 0 END"


def current_versions(work: Work) -> str:
    """(organization, version): the certain version that covers the as-of date, or else the last one seen."""
    covers = f"valid_from_high <= {work.as_of} AND valid_until_low >= {work.as_of}"
    query = (
        f'SELECT organization, arg_max("row", ({covers}, valid_from_low, "row")) AS version FROM facts.organizations'
        f" WHERE certain AND valid_from_low <= {work.as_of} GROUP BY organization"
    )
    return work.once("current", lambda: work.table("current", query))


def _started(work: Work, kinds: Runs, every: Every, column: str, grace: Duration | CivilDate | None) -> str:
    """Cells of a calendar that begins, for each subject, on a date of its own."""
    low, high = (f"o.{sql.name(column + end)}" for end in ("_low", "_high"))
    starts = work.table(
        "starts",
        f"SELECT u.organization AS subject, CASE WHEN {low} = {high} THEN {low} END AS start FROM {work.subjects} u"
        f' LEFT JOIN {current_versions(work)} v ON v.organization = u.organization LEFT JOIN facts.organizations o ON o."row" = v.version',
    )
    first, last = sql.day(work.context.period_first), sql.day(period_end(work))
    numbers = (
        f"SELECT subject, start, unnest(range(greatest(0, {window_number(every, f'greatest(start, {first})', 'start')})::BIGINT,"
        f" ({window_number(every, last, 'start')})::BIGINT + 1)) AS number FROM {starts} WHERE start <= {last}"
    )
    spans = (
        f"SELECT subject, start, number, {window_first(every, 'number', 'start')} AS"
        f" window_first, {window_last(every, 'number', 'start')} AS window_last FROM ({numbers})"
    )
    dated = (
        f"SELECT s.subject::BIGINT * {STRIDE} + s.number AS cell, s.subject, '' AS key, s.window_first, s.window_last,"
        f" {delayed('s.window_last', grace)} AS due, s.window_first AS law, {PLAIN.replace('NULL::DATE AS start', 's.start')} FROM ({spans}) s"
        f" JOIN {kinds.each} k ON k.organization = s.subject AND {may_touch(kinds, 's.window_first', 's.window_last')}"
    )
    preset = PLAIN.replace("NULL::INTEGER AS preset", f"{code('start_unknown')} AS preset")
    undated = (
        f"SELECT s.subject::BIGINT * {STRIDE} AS cell, s.subject, '' AS key, NULL::DATE AS window_first, NULL::DATE AS window_last, NULL::DATE AS due,"
        f" {work.as_of} AS law, {preset} FROM {starts} s JOIN {kinds.each} k ON k.organization = s.subject AND {may_touch(kinds, sql.FIRST_DAY, work.as_of)}"
        " WHERE s.start IS NULL"
    )
    return f"({dated} UNION ALL {undated})"


def with_day(work: Work, relation: str, carried: bool) -> str:
    """Cells with their reference day (2.3). `carried`: they carry the stretches of their subject's existence."""
    alive = life(work)
    as_of = work.as_of
    end = f"(CASE WHEN c.window_last IS NULL OR c.window_last > {as_of} THEN {as_of} ELSE c.window_last END)"
    stretch = "c.l_" if carried else "l."
    first, last = f"{stretch}first", f"{stretch}last"
    days = [
        f"CASE WHEN c.window_last IS NULL THEN {end} WHEN {first} IS NULL THEN NULL"
        f" WHEN {first} > {end} OR {last} < c.window_first THEN {end} WHEN {last} < {end} THEN {last} ELSE {end} END"
    ]
    if not alive.plain:
        touching = f"list_filter({stretch}possible, lambda x: x.first <= {end} AND x.last >= c.window_first)"
        days.append(f"list_max(list_transform({touching}, lambda x: least({end}, x.last)))")
    join = "" if carried else f" LEFT JOIN {alive.each} l ON l.organization = c.subject"
    return f"(SELECT c.*, COALESCE({', '.join(days)}, {end}) AS day FROM {relation} c{join})"


def in_force(work: Work, relation: str, header: Header, law: str = "law") -> str:
    """Only the cells to which this version of the requirement applies."""
    if (header.first, header.last) == (BEGINNING, END):
        return relation
    return f"(SELECT * FROM {relation} WHERE {law} BETWEEN {sql.day(header.first)} AND {sql.day(header.last)})"


SPANS = {
    "": ("COALESCE(c.bind_first, c.window_first, {a})", "COALESCE(c.due, {a})"),
    "_in": ("COALESCE(c.bind_first, c.window_first, {a})", "COALESCE(c.window_last, {a})"),
}
"""The two spans of which bound days are counted; a window without dates is bound or not on the as-of date."""


def with_binding(
    work: Work,
    relation: str,
    header: Header,
    choices: dict[str, str],
    state: bool,
    dated: bool,
    runs: Runs | None = None,
    effective: tuple[str, str] | None = None,
) -> str:
    """Cells with the numbers of bound days; those of a state are cut to the days on which the requirement is effective.

    `runs`: those of the stretches that dated cells carry, and `effective`: columns with those days, where they are not those of the header alone.
    """
    since, until = effective or (sql.day(header.first), sql.day(header.last))
    spans = {"": ("c.window_first", "c.due"), "_in": ("c.window_first", "c.window_last")}
    if not dated:
        spans = {suffix: (first.format(a=work.as_of), last.format(a=work.as_of)) for suffix, (first, last) in SPANS.items()}
    if header.partial is not Partial.PRORATE:
        del spans["_in"]

    def overlap(suffix: str, stretch: str = "b.") -> str:
        first, last = spans[suffix]
        cut = (f", {until}", f", {since}") if state else ("", "")
        return f"greatest(0, least({last}, {stretch}last{cut[0]}) - greatest({first}, {stretch}first{cut[1]}) + 1)"

    lengths = ", ".join(f"{last} - {first} + 1 AS days{suffix}" for suffix, (first, last) in spans.items())
    if not depends_on_window(header.when, work):
        runs = runs or bound_runs(work, header.subjects, header.when)
        stretch = "c.b_" if dated else "b."
        counts = []
        for suffix in spans:
            one = f"CASE WHEN {stretch}first IS NOT NULL THEN {overlap(suffix, stretch)} END"
            if runs.plain:
                counts.append(f"COALESCE({one}, 0) AS sure_days{suffix}, sure_days{suffix} AS possible_days{suffix}")
                continue
            for name in ("sure", "possible"):
                many = f"list_sum(list_transform({stretch}{name}, lambda x: {overlap(suffix, 'x.')}))::BIGINT"
                counts.append(f"COALESCE({one}, {many}, 0) AS {name}_days{suffix}")
        join = "" if dated else f" LEFT JOIN {runs.each} b ON b.organization = c.subject"
        kept = f"c.* EXCLUDE ({CARRIED})" if dated else "c.*"
        return f"(SELECT {kept}, {lengths}, {', '.join(counts)} FROM {relation} c{join})"
    cells = work.table("cells", f"SELECT * FROM {relation}")
    pieces = cell_bound(work, cells, header, choices)
    shared = ", ".join(
        f"sum({overlap(suffix)}) FILTER ({'' if name == 'sure' else 'NOT '}b.sure)::BIGINT AS {name}_days{suffix}"
        for suffix in spans
        for name in ("sure", "possible")
    )
    grouped = f"SELECT c.cell, {shared} FROM {cells} c JOIN {pieces} b ON b.cell = c.cell GROUP BY c.cell"
    columns = ", ".join(f"COALESCE(g.{name}_days{suffix}, 0) AS {name}_days{suffix}" for suffix in spans for name in ("sure", "possible"))
    kept = f"c.* EXCLUDE ({CARRIED})" if dated else "c.*"
    return f"(SELECT {kept}, {lengths}, {columns} FROM {cells} c LEFT JOIN ({grouped}) g ON g.cell = c.cell)"


def always_dated(windows: Windows) -> bool:
    """Has every window of a requirement dates? Not where triggers open them, or each subject has a calendar of its own."""
    return isinstance(windows, Once | Snapshot) or (isinstance(windows, Calendar) and not isinstance(windows.starting, str))


def cell_bound(work: Work, cells: str, header: Header, choices: dict[str, str]) -> str:
    """A table (cell, first, last, sure) of the days on which the subject of each cell is bound, where that depends on the window."""
    frame = binding_frame(work, "c", choices)
    source = f"{cells} c JOIN {versions(work)} v ON v.organization = c.subject"
    selected = bound_versions(work, header.subjects, header.when, source, frame, ["c.cell"])
    table = work.table("binds", f"SELECT {selected.columns} FROM {selected.source}")
    sure = merged(f"(SELECT cell, sure_first AS first, sure_last AS last FROM {table} WHERE truth AND sure_first IS NOT NULL)", "cell")
    possible = merged(f"(SELECT cell, first, last FROM {table})", "cell")
    return work.table("bound", f"SELECT *, TRUE AS sure FROM ({sure}) UNION ALL SELECT *, FALSE AS sure FROM ({possible})")

"""Cells: one row for each subject and window that a requirement judges, with its reference day, law, binding (`docs/meaning.md` sections 1 and 2).

Every stage takes a relation and gives one with more columns:

- windows: cell, subject, key, window_first, window_last, due, law, preset (a reason that ends the matter), trigger (its row), trigger_id, after_day;
- `with_day`: day, the reference day;
- `with_binding`: days, sure_days, possible_days of `window_first..due`, and the same with `_in` of `window_first..window_last`.
"""

from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import Runs, bound_runs, life
from mofan_rules.executors.duckdb.calendar import delayed, window_first, window_last, window_number
from mofan_rules.executors.duckdb.codes import code
from mofan_rules.executors.duckdb.days import binding_frame, bound_versions, depends_on_window, merged, versions
from mofan_rules.executors.duckdb.members import by_who, cell_number
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Calendar, Header, Once, Partial, Snapshot, Windows
from mofan_rules.values.dates import CivilDate, Duration
from mofan_rules.values.windows import Every

PLAIN = "NULL::INTEGER AS preset, NULL::INTEGER AS trigger, NULL::VARCHAR AS trigger_id, NULL::DATE AS after_day, NULL::DATE AS start, NULL::DATE AS bind_first"
"""The columns of a window that nothing opened."""

STRIDE = 10**6
"""More windows than one subject can have."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """The numbers of calendar windows that have cells, the same for all members of a family; `base` is that of the first, `graces` are the members'."""

    every: Every
    anchor: date | None
    base: int
    first: date
    last: date
    graces: tuple[Duration | CivilDate | None, ...] = (None,)

    def number(self, value: str) -> str:
        """The number of the window that contains a date, among all of the calendar."""
        return window_number(self.every, value, self._start)

    def cell(self, subject: str, who: str, value: str) -> str:
        """The cell of the window that contains a date."""
        return cell_number(subject, who, f"{self.number(value)} - {self.base}", STRIDE)

    def due(self, who: str, value: str) -> str:
        """The day on which the window that contains a date is due, of the member that a column names."""
        last = window_last(self.every, self.number(value), self._start)
        texts = {place: delayed(last, grace) for place, grace in enumerate(self.graces)}
        return by_who(who, texts, texts[0])

    @property
    def _start(self) -> str | None:
        return sql.day(self.anchor) if self.anchor else None


def period_end(work: Work) -> date:
    """Windows that begin later are not reported."""
    return min(work.context.as_of, work.context.period_last)


CARRIED = "l_first, l_last, l_possible, b_first, b_last, b_sure, b_possible"
"""The columns of stretches that cells carry until they have their day and binding: looked up once a subject, not once a window."""


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


def started_windows(work: Work, kinds: Runs, every: Every, column: str, grace: Duration | CivilDate | None) -> str:
    """The relation of the windows of a calendar that begins, for each subject, on a date of its own."""
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
) -> str:
    """Cells with the numbers of bound days; those of a state are cut to the days on which the requirement is effective (effective_first, effective_last).

    `dated`: every cell has a window. `runs`: how the stretches are laid out that the cells carry; `None`: they carry none.
    """
    spans = {"": ("c.window_first", "c.due"), "_in": ("c.window_first", "c.window_last")}
    if not dated:
        spans = {suffix: (first.format(a=work.as_of), last.format(a=work.as_of)) for suffix, (first, last) in SPANS.items()}
    if header.partial is not Partial.PRORATE:
        del spans["_in"]

    def overlap(suffix: str, stretch: str = "b.") -> str:
        first, last = spans[suffix]
        cut = (", c.effective_last", ", c.effective_first") if state else ("", "")
        return f"greatest(0, least({last}, {stretch}last{cut[0]}) - greatest({first}, {stretch}first{cut[1]}) + 1)"

    kept = f"c.* EXCLUDE ({CARRIED})" if runs is not None else "c.*"
    lengths = ", ".join(f"{last} - {first} + 1 AS days{suffix}" for suffix, (first, last) in spans.items())
    if not depends_on_window(header.when, work):
        join = ""
        stretch = "c.b_"
        if runs is None:
            runs, stretch = bound_runs(work, header.subjects, header.when), "b."
            join = f" LEFT JOIN {runs.each} b ON b.organization = c.subject"
        counts = []
        for suffix in spans:
            one = f"CASE WHEN {stretch}first IS NOT NULL THEN {overlap(suffix, stretch)} END"
            if runs.plain:
                counts.append(f"COALESCE({one}, 0) AS sure_days{suffix}, sure_days{suffix} AS possible_days{suffix}")
                continue
            for name in ("sure", "possible"):
                many = f"list_sum(list_transform({stretch}{name}, lambda x: {overlap(suffix, 'x.')}))::BIGINT"
                counts.append(f"COALESCE({one}, {many}, 0) AS {name}_days{suffix}")
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

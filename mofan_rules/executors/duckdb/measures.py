"""Measures: one interval for each cell, from the candidates of `matching` (`ir.measures`).

`computed` makes a table (cell, …) with the columns of one measure and says how tests read them. A cell without candidates has no row in it.
"""

from dataclasses import dataclass, replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.calendar import delayed, window_first, window_last, window_number
from mofan_rules.executors.duckdb.expressions import compile_expression
from mofan_rules.executors.duckdb.feeds import gaps, wanting
from mofan_rules.executors.duckdb.frame import Frame, MeasureColumns
from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.holding import offices
from mofan_rules.executors.duckdb.matching import Judging, Stretch, calendar_of, candidates
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Ratio, Span, TooLarge, Truth, Value, checked
from mofan_rules.ir.expressions import Expression, Field
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.rows import ByRole, OfLinked, Own, Place, Rows
from mofan_rules.schema import Table
from mofan_rules.values.dates import CivilDate, Duration

ROW_LIMIT = 10**10
"""No measure counts more rows than this."""

OWN_KEY = {Table.TENURES: "r.person", Table.ORGANIZATIONS: "r.organization::VARCHAR"}
"""What makes two rows of a table one; elsewhere the id."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A measure of all cells.

    Parameters
    ----------
    joins: what to add to a FROM clause with cells `c`.
    known, extended: the measure as it is, and by what may still come; columns over that FROM clause.
    undecided, rejected, unfed: conditions: a certain row matches maybe; one that is not certain does; a feed is incomplete.
    """

    joins: str
    known: MeasureColumns
    extended: MeasureColumns
    undecided: str
    rejected: str
    unfed: str
    tables: tuple[str, ...]


def rows_of(measure: Measure) -> Rows:
    """The rows that a measure reads."""
    return measure.quantity.rows


def own_window(measure: Measure) -> bool:
    """Does a measure look at the window of its cell?"""
    return measure.per is None and measure.window is WindowOf.THIS


def stretched(judging: Judging, measure: Measure, grace: Duration | CivilDate | None) -> tuple[Judging, Stretch]:
    """The window of a measure; where it is not that of the cell, cells get the columns m_first, m_last and m_due."""
    every, anchor = calendar_of(judging.windows)
    rows = rows_of(measure)
    if own_window(measure):
        if judging.state:
            first = sql.FIRST_DAY if rows.place is Place.DATED else "c.day"
            return judging, Stretch(first, "c.day", None, None)
        return judging, Stretch("c.window_first", f"c.{judging.ends}", every, anchor)
    if measure.per is not None:
        every, anchor, inside = measure.per, None, "c.day"
    else:
        inside = "c.row_first" if judging.state else "c.window_first"
    assert every is not None
    back = 1 if measure.window is WindowOf.PREVIOUS else 0
    cells = f"(SELECT c.*, {window_number(every, inside, anchor)} - {back} AS m_number FROM {judging.cells} c)"
    cells = f"(SELECT c.*, {window_first(every, 'm_number', anchor)} AS m_first, {window_last(every, 'm_number', anchor)} AS m_last FROM {cells} c)"
    cells = f"(SELECT *, {delayed('m_last', None if judging.state else grace)} AS m_due FROM {cells})"
    return replace(judging, cells=judging.work.table("stretched", f"SELECT * FROM {cells}")), Stretch("c.m_first", "c.m_last", every, anchor, False)


def computed(judging: Judging, measure: Measure, number: int, grace: Duration | CivilDate | None) -> Computed:
    """The measure over all cells."""
    own, stretch = stretched(judging, measure, grace)
    alias, work = f"m{number}", judging.work
    match measure.quantity:
        case Count():
            query, known, extended = _count(own, measure.quantity, stretch, alias)
        case LargestGroup():
            query, known, extended = _largest(own, measure.quantity, stretch, alias)
        case Total():
            query, known, extended = _total(own, measure.quantity, stretch, alias)
        case Extreme():
            query, known, extended = _extreme(own, measure.quantity, stretch, alias)
    table = work.table("measure", query)
    joins = f"LEFT JOIN {table} {alias} ON {alias}.cell = c.cell"
    tables = [table]
    bad = _gaps(own, measure, stretch)
    unfed = sql.FALSE
    if bad is not None:
        gap = work.table("gap", bad)
        tables.append(gap)
        joins += f" LEFT JOIN {gap} {alias}f ON {alias}f.cell = c.cell"
        unfed = f"{alias}f.bad_first IS NOT NULL"
        if isinstance(measure.quantity, Extreme):
            beaten = f"{alias}f.bad_last <= {alias}.edge" if measure.quantity.latest else f"{alias}f.bad_first >= {alias}.edge"
            unfed = f"({alias}f.bad_first IS NOT NULL AND ({beaten}) IS NOT TRUE)"
    if not own_window(measure):
        joins += f" LEFT JOIN {own.cells} {alias}w ON {alias}w.cell = c.cell"
    still = "c.is_open" if own_window(measure) else f"({alias}w.m_due >= {work.as_of} AND c.may_open)"
    shown = _unfed(measure, known, alias, unfed)
    opened = _unfed(measure, extended, alias, f"({unfed} OR {still})" if unfed != sql.FALSE else still) if not judging.state else shown
    flags = [f"COALESCE({alias}.{column}, FALSE)" for column in ("undecided", "rejected")]
    return Computed(joins, shown, opened, flags[0], flags[1], unfed, tuple(tables))


def _unfed(measure: Measure, columns: MeasureColumns, alias: str, unfed: str) -> MeasureColumns:
    """The measure where rows may be wanting: open ends, or unknown."""
    value, absent = columns.value, columns.absent
    if unfed == sql.FALSE:
        return columns

    def unless(part: str, otherwise: str = "NULL") -> str:
        return f"CASE WHEN {unfed} THEN {otherwise} ELSE {part} END"

    def opened(ratio: Ratio) -> Ratio:
        return replace(ratio, n=unless(ratio.n))

    match measure.quantity, value:
        case ((Count() | LargestGroup()), Number(low, high)):
            return MeasureColumns(Number(low, opened(high)), absent)
        case Total(_, _, minimum, maximum), Number(low, high):
            kept_low = low if minimum is not None and minimum >= 0 else opened(low)
            kept_high = high if maximum is not None and maximum <= 0 else opened(high)
            return MeasureColumns(Number(kept_low, kept_high), absent)
        case Extreme(), _:
            gone = unless(absent, f"CASE WHEN {alias}.some THEN FALSE END")
            match value:
                case Number(low, high):
                    return MeasureColumns(Number(opened(low), opened(high)), gone)
                case Dates(low_day, high_day):
                    return MeasureColumns(Dates(unless(low_day, sql.FIRST_DAY), unless(high_day, sql.LAST_DAY)), gone)
                case Truth(known):
                    return MeasureColumns(Truth(unless(known)), gone)
                case Plain(known):
                    return MeasureColumns(Plain(unless(known)), gone)
                case Span(amount, unit):
                    return MeasureColumns(Span(unless(amount), unit), gone)
    raise TypeError(f"{type(measure.quantity).__name__} of {type(value).__name__}")


FLAGS = "COALESCE(bool_or(truth IS NULL AND certain), FALSE) AS undecided, COALESCE(bool_or(truth IS NULL AND NOT certain), FALSE) AS rejected"


def key_of(value: Value) -> str:
    """A text that is the same for equal values; null for one that is not known."""
    match value:
        case Number(low, high):
            common = f"gcd(({low.n})::HUGEINT, ({low.denominator})::HUGEINT)"
            parts = [f"(({part})::HUGEINT // {common})::VARCHAR" for part in (low.n, low.denominator)]
            reduced = low.n if low.d == 1 else f"{parts[0]} || '/' || {parts[1]}"
            same = "TRUE" if value.exact else f"({low.n}) * ({high.denominator}) = ({high.n}) * ({low.denominator})"
            return f"CASE WHEN {same} THEN ({reduced})::VARCHAR END"
        case Dates(first, last):
            return f"CASE WHEN {first} = {last} THEN ({first})::VARCHAR END"
        case Truth(known) | Plain(known) | Span(known):
            return f"({known})::VARCHAR"


def _key(distinct: Expression | None, rows: Rows, frame: Frame) -> str:
    if distinct is None:
        return frame.need(OWN_KEY.get(rows.table, "r.id"))
    return frame.keep(key_of(compile_expression(distinct, frame)))


def _unique(judging: Judging, rows: Rows, distinct: Expression | None) -> bool:
    """Is each candidate a thing of its own? So where one kind of a table is asked for whose rows are told apart by id and kind."""
    if distinct is not None or rows.table in OWN_KEY or not isinstance(rows.owner, Own) or rows.table in judging.work.doubtful:
        return False
    if rows.table is not Table.EVENTS:
        return True
    if rows.kinds is not None and len(rows.kinds) == 1:
        return True
    kinds = f"WHERE kind IN {sql.texts(rows.kinds)}" if rows.kinds is not None else ""
    return judging.work.once(("unique", rows.kinds), lambda: not judging.work.any(f"SELECT 1 FROM facts.events {kinds} GROUP BY id HAVING count(*) > 1"))


def _count(judging: Judging, count: Count, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    rows = count.rows
    if _unique(judging, rows, count.distinct):
        found = candidates(judging, rows, stretch, lambda frame: {})
        query = f"SELECT cell, count_if(truth)::BIGINT AS low, count(*) AS high, {FLAGS} FROM ({found}) GROUP BY cell"
    else:
        found = candidates(judging, rows, stretch, lambda frame: {"thing": _key(count.distinct, rows, frame)})
        query = f"SELECT cell, {COUNTED}, {FLAGS} FROM ({found}) GROUP BY cell"
    columns = whole_columns(alias)
    return query, columns, columns


COUNTED = (
    "greatest(count(DISTINCT thing) FILTER (truth), CASE WHEN count(*) FILTER (truth AND thing IS NULL) > 0 THEN 1 ELSE 0 END)::BIGINT AS low,"
    " (count(DISTINCT thing) + count(*) FILTER (thing IS NULL))::BIGINT AS high"
)
"""The two ends of a count of things, from candidates with `thing` (null: anonymous)."""


def whole_columns(alias: str) -> MeasureColumns:
    """A count, 0 where there is no candidate."""
    ends = (Ratio(f"COALESCE({alias}.{end}, 0)", 1, ROW_LIMIT, 1) for end in ("low", "high"))
    return MeasureColumns(Number(*ends), sql.FALSE)


def _largest(judging: Judging, group: LargestGroup, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    rows = group.rows
    found = candidates(
        judging,
        rows,
        stretch,
        lambda frame: {"thing": _key(group.distinct, rows, frame), "grp": frame.keep(key_of(compile_expression(group.by, frame)))},
    )
    query = (
        f"WITH found AS MATERIALIZED ({found}), groups AS (SELECT DISTINCT cell, grp FROM found),"
        " placed AS (SELECT cell, grp, thing, truth FROM found WHERE grp IS NOT NULL"
        " UNION ALL SELECT f.cell, g.grp, f.thing, NULL FROM found f JOIN groups g ON g.cell = f.cell WHERE f.grp IS NULL),"
        f" sizes AS (SELECT cell, grp, {COUNTED} FROM placed GROUP BY cell, grp),"
        " largest AS (SELECT cell, max(low) AS low, max(high) AS high FROM sizes GROUP BY cell)"
        f" SELECT f.cell, greatest(any_value(l.low), CASE WHEN bool_or(f.truth) THEN 1 ELSE 0 END) AS low, any_value(l.high) AS high, {FLAGS}"
        " FROM found f JOIN largest l ON l.cell = f.cell GROUP BY f.cell"
    )
    columns = whole_columns(alias)
    return query, columns, columns


def _total(judging: Judging, total: Total, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    shape: list[Number] = []

    def project(frame: Frame) -> dict[str, str]:
        value = compile_expression(total.value, frame)
        assert isinstance(value, Number)
        if not isinstance(value.low.d, int) or not isinstance(value.high.d, int):
            raise TooLarge
        shape.append(value)
        plain = isinstance(total.value, Field)
        return {"v_low": _within(value.low, total.minimum if plain else None, frame), "v_high": _within(value.high, total.maximum if plain else None, frame)}

    found = candidates(judging, total.rows, stretch, project)
    parts = []
    for end, extreme in (("low", "least"), ("high", "greatest")):
        added = f"COALESCE(sum(CASE WHEN truth THEN v_{end} ELSE {extreme}(0, v_{end}) END), 0)"
        parts.append(f"CASE WHEN bool_or(v_{end} IS NULL) THEN NULL ELSE {added} END::HUGEINT AS {end}")
    query = f"SELECT cell, {', '.join(parts)}, TRUE AS some, {FLAGS} FROM ({found}) GROUP BY cell"
    ends = []
    for end in ("low", "high"):
        ratio = getattr(shape[0], end)
        ends.append(checked(Ratio(f"CASE WHEN {alias}.some THEN {alias}.{end} ELSE 0 END", ratio.d, ratio.top * ROW_LIMIT, ratio.bottom)))
    columns = MeasureColumns(Number(ends[0], ends[1]), sql.FALSE)
    return query, columns, columns


def _within(ratio: Ratio, bound: int | None, frame: Frame) -> str:
    assert isinstance(ratio.d, int)
    if bound is None:
        return frame.keep(f"({ratio.n})::HUGEINT")
    return frame.keep(f"COALESCE({ratio.n}, {sql.whole(bound * ratio.d)})::HUGEINT")


def _parts(value: Value) -> dict[str, str]:
    """The columns that make up a value."""
    match value:
        case Number(low, high):
            return {"v_low": low.n, "d_low": low.denominator, "v_high": high.n, "d_high": high.denominator}
        case Dates(first, last):
            return {"v_low": first, "v_high": last}
        case Truth(known) | Plain(known) | Span(known):
            return {"v": known}


def _hull(value: Value) -> dict[str, str]:
    """The aggregates that make the hull of values out of their columns."""
    match value:
        case Number(low, high) if isinstance(low.d, int) and isinstance(high.d, int):
            return {f"v_{end}": f"CASE WHEN bool_or(v_{end} IS NULL) THEN NULL ELSE {best}(v_{end}) END" for end, best in (("low", "min"), ("high", "max"))}
        case Number():
            columns = {}
            for end, operator in (("low", "<="), ("high", ">=")):
                better = f"CASE WHEN a.n * b.d {operator} b.n * a.d THEN a ELSE b END"
                listed = f"list_reduce(list({{'n': v_{end}::HUGEINT, 'd': d_{end}::HUGEINT}}), lambda a, b: {better})"
                for part in ("n", "d"):
                    name = "v" if part == "n" else "d"
                    columns[f"{name}_{end}"] = f"CASE WHEN bool_or(v_{end} IS NULL) THEN NULL ELSE ({listed}).{part} END"
            return columns
        case Dates():
            return {"v_low": "min(v_low)", "v_high": "max(v_high)"}
        case Truth() | Plain() | Span():
            return {"v": "CASE WHEN bool_or(v IS NULL) OR count(DISTINCT v) > 1 THEN NULL ELSE any_value(v) END"}


def _extreme(judging: Judging, extreme: Extreme, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    shape: list[Value] = []

    def project(frame: Frame) -> dict[str, str]:
        shape.append(compile_expression(extreme.value, frame))
        return {name: frame.keep(f"({part})") for name, part in _parts(shape[-1]).items()}

    found = candidates(judging, extreme.rows, stretch, project)
    value = shape[0]
    near, far, best = ("low", "high", "max") if extreme.latest else ("high", "low", "min")
    edged = f"SELECT *, {best}({near}) FILTER (truth) OVER (PARTITION BY cell) AS edge FROM found"
    rank = "{'id': COALESCE(id, ''), 'row': \"row\"}"
    topped = f"SELECT *, max({rank}) FILTER (truth AND low = high AND low = edge) OVER (PARTITION BY cell) AS top FROM ({edged})"
    beaten = f"{far} {'<' if extreme.latest else '>'} edge OR (low = high AND low = edge AND {rank} < top)"
    hull = ", ".join(f"{aggregate} AS {name}" for name, aggregate in _hull(value).items())
    left = f"SELECT cell, {hull}, bool_or(truth) IS TRUE AS some, any_value(edge) AS edge FROM ({topped}) WHERE ({beaten}) IS NOT TRUE GROUP BY cell"
    flags = f"SELECT cell, {FLAGS} FROM found GROUP BY cell"
    query = f"WITH found AS MATERIALIZED ({found}) SELECT l.*, f.undecided, f.rejected FROM ({left}) l JOIN ({flags}) f ON f.cell = l.cell"
    absent = f"CASE WHEN {alias}.cell IS NULL THEN TRUE WHEN {alias}.some THEN FALSE END"
    columns = MeasureColumns(_joined_default(judging, extreme, value, alias), absent)
    return query, columns, columns


def _joined_default(judging: Judging, extreme: Extreme, value: Value, alias: str) -> Value:
    """The hull of the candidates' values and, unless some row is sure, the value for *no row*."""
    sure, none = f"{alias}.some", f"{alias}.cell IS NULL"
    default = compile_expression(extreme.default, Frame({}, {})) if extreme.default is not None else None

    match value:
        case Number(low, high):
            static = isinstance(low.d, int) and isinstance(high.d, int)
            ends = []
            for end, ratio, best in (("low", low, "least"), ("high", high, "greatest")):
                column = f"{alias}.v_{end}"
                denominator = ratio.d if static else f"COALESCE({alias}.d_{end}, 1)"
                joined = "NULL"
                if isinstance(default, Number):
                    other = default.low if end == "low" else default.high
                    if not (isinstance(ratio.d, int) and isinstance(other.d, int)) or ratio.d % other.d:
                        raise TooLarge
                    scaled = f"({(other.n)}) * {ratio.d // other.d}"
                    joined = f"CASE WHEN {none} THEN {scaled} WHEN {column} IS NOT NULL AND ({scaled}) IS NOT NULL THEN {best}({column}, {scaled}) END"
                    ratio = replace(ratio, top=max(ratio.top, other.top * ratio.bottom))
                ends.append(Ratio(f"CASE WHEN {sure} THEN {column} ELSE {joined} END", denominator, ratio.top, ratio.bottom))
            return Number(ends[0], ends[1])
        case Dates():
            first, last = (default.low, default.high) if isinstance(default, Dates) else (sql.FIRST_DAY, sql.LAST_DAY)
            return Dates(
                f"CASE WHEN {sure} THEN {alias}.v_low WHEN {none} THEN {first} ELSE least({alias}.v_low, {first}) END",
                f"CASE WHEN {sure} THEN {alias}.v_high WHEN {none} THEN {last} ELSE greatest({alias}.v_high, {last}) END",
            )
        case Truth() | Plain() | Span():
            other_value = (next(iter(_parts(default).values()))) if default is not None else "NULL"
            joined = f"CASE WHEN {sure} THEN {alias}.v WHEN {none} THEN {other_value} WHEN {alias}.v = {other_value} THEN {alias}.v END"
            if isinstance(value, Span):
                return Span(joined, value.unit)
            return Truth(joined) if isinstance(value, Truth) else Plain(joined)


def _feed_days(judging: Judging, rows: Rows, stretch: Stretch) -> tuple[str, str]:
    """The days on which the feeds of a measure are asked for."""
    as_of = judging.work.as_of
    now = "c.day" if judging.state else as_of
    due = "c.m_due" if not stretch.own else "c.due"
    end = "c.day" if judging.state else f"CASE WHEN {due} < {as_of} THEN {due} ELSE {as_of} END"
    start = f"COALESCE({stretch.first}, {sql.FIRST_DAY})" if stretch.own and not judging.state else stretch.first
    match rows.place:
        case Place.DATED:
            last = f"least({stretch.last}, c.day)" if judging.state else end
            return start, last
        case Place.OVERLAPPING:
            return ("c.day", "c.day") if judging.state and stretch.own else (start, end)
        case Place.IN_FORCE:
            return (sql.FIRST_DAY, "c.day") if rows.table is Table.EVIDENCE else ("c.day", "c.day")
        case Place.ANY:
            return sql.FIRST_DAY, now


def _gaps(judging: Judging, measure: Measure, stretch: Stretch) -> str | None:
    """The incomplete days of a measure, for each cell that has any."""
    work, rows, cells = judging.work, rows_of(measure), judging.cells
    low, high = _feed_days(judging, rows, stretch)
    match rows.owner:
        case Own(column):
            named = column not in ("organization", "source", "target")
            sources = [(wanting(work, rows.table, rows.kinds, anybody=named), "", "")]
        case OfLinked(link):
            links = reach(work, link, f"SELECT DISTINCT subject FROM {cells}")
            linked = (
                f"(SELECT DISTINCT c.cell, q.organization FROM {cells} c JOIN {links} q ON q.subject = c.subject AND NOT q.sure"
                f" AND q.first <= {high} AND q.last >= {low})"
            )
            family = work.program.vocabulary.family(Table.RELATIONS, link.relation)
            sources = [(wanting(work, rows.table, rows.kinds), linked, ""), (wanting(work, Table.RELATIONS, family), "", "")]
            if rows.table is Table.ORGANIZATIONS:
                sources.append((wanting(work, Table.ORGANIZATIONS, rows.kinds), "", ""))
            elif link.relation == "part_of":
                sources.append((wanting(work, Table.ORGANIZATIONS, None), "", ""))
        case ByRole(roles):
            held = f"(SELECT DISTINCT cell, holder AS organization FROM ({offices(work, cells, roles, None)}) WHERE holder IS NOT NULL)"
            sources = [
                (wanting(work, Table.TENURES, roles), "", ""),
                (wanting(work, rows.table, rows.kinds), held, ""),
                (wanting(work, rows.table, rows.kinds), "", ""),
            ]
    return gaps(sources, cells, low, high)


__all__ = ["Computed", "computed", "own_window", "rows_of"]


def previous_needs_row(measure: Measure) -> bool:
    """Does a measure of a state look at the window before that of its row?"""
    return measure.per is None and measure.window is WindowOf.PREVIOUS


def number_type(measure: Measure) -> bool:
    """Does a measure count whole things?"""
    return isinstance(measure.quantity, Count | LargestGroup)

"""Counts of different things: how many there are, and how many the largest group has (`ir.measures`)."""

from functools import partial

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.anyone import added
from mofan_rules.executors.duckdb.cells import STRIDE
from mofan_rules.executors.duckdb.expressions import compile_expression
from mofan_rules.executors.duckdb.frame import Frame, MeasureColumns
from mofan_rules.executors.duckdb.matching import Lanes, arithmetic, candidates, lanes, left_for_join, prefilter, reads, reads_cell
from mofan_rules.executors.duckdb.members import SharedCount, by_who, conditions_of, row_condition, same_member, source, subject_of
from mofan_rules.executors.duckdb.owners import some_of_anyone
from mofan_rules.executors.duckdb.scope import Judging, Stretch, owner_column
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Ratio, Span, Truth, Value
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, Scope
from mofan_rules.ir.measures import Count, LargestGroup
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.schema import Table

ROW_LIMIT = 10**10
"""No measure counts more rows than this."""


OWN_KEY = {Table.TENURES: "r.person", Table.ORGANIZATIONS: "r.organization::VARCHAR"}
"""What makes two rows of a table one; elsewhere the id."""


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


def _thing(count: Count, frame: Frame) -> str:
    """What makes two rows of a count one: a text."""
    if not isinstance(count, SharedCount):
        return _key(count.distinct, count.rows, frame)
    keys = {who: _key(distinct, count.rows, frame) for who, distinct in count.things}
    return by_who(frame.need("r.who"), keys, next(iter(keys.values())))


def _unique(judging: Judging, rows: Rows, distinct: Expression | None) -> bool:
    """Is each certain row a thing of its own? So where one kind of a table is asked for whose rows are told apart by id and kind."""
    if distinct is not None or rows.table in OWN_KEY or not isinstance(rows.owner, Own):
        return False
    if rows.table is not Table.EVENTS:
        return True
    return one_row_each(judging.work, rows.kinds)


def one_row_each(work: Work, kinds: frozenset[str] | None) -> bool:
    """Has no event two rows among those of these kinds? A row of one kind is told by its id."""
    if kinds is not None and len(kinds) == 1:
        return True
    condition = f"WHERE kind IN {sql.texts(kinds)}" if kinds is not None else ""
    return work.once(("unique", kinds), lambda: not work.any(f"SELECT 1 FROM facts.events {condition} GROUP BY id HAVING count(*) > 1"))


def count_query(judging: Judging, count: Count, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    """The query of a count (cell, low, high, undecided, rejected), and how it is read."""
    rows = count.rows
    columns = whole_columns(alias)
    if not _unique(judging, rows, count.distinct):
        found = candidates(judging, rows, stretch, lambda frame: {"thing": _thing(count, frame)})
        return f"SELECT cell, {COUNTED}, {FLAGS} FROM ({found}) GROUP BY cell", columns, columns

    def thing(frame: Frame) -> dict[str, str]:
        return {"thing": _key(None, rows, frame)}

    apart = _apart(judging, rows, stretch)
    parts = lanes(judging, rows, stretch, thing, anyone=apart is None)
    if apart is not None:
        source_of_all = f"{source(rows)} r ON TRUE{same_member(rows)}"
        more, met = added(judging, rows, stretch, thing, source_of_all, apart, prefilter(rows), partial(row_condition, rows))
        parts = Lanes(parts.plain, [*parts.rest, *met], (more,))
    return counted(parts), columns, columns


def _apart(judging: Judging, rows: Rows, stretch: Stretch) -> str | None:
    """The column that says whose a row is, if the rows that have none there are counted once a window: so where there are many organizations; else `None`."""
    if not judging.work.many or not isinstance(rows.owner, Own) or not arithmetic(judging, rows, stretch) or rows.table in OWN_KEY:
        return None
    if any(reads_cell(condition, judging) or reads(condition, Scope.SUBJECT) for condition in conditions_of(rows)):
        return None
    column = f"r.{sql.name(owner_column(rows.table, rows.owner))}"
    return column if some_of_anyone(judging.work, rows, column) and left_for_join(judging.work, rows) is not None else None


def counted(parts: Lanes) -> str:
    """The query of a count of rows, each certain one of which is a thing of its own."""
    if not parts.added:
        return _counted(parts)
    both = ", ".join(f"COALESCE(b.{flag}, FALSE) OR COALESCE(a.{flag}, FALSE) AS {flag}" for flag in ("undecided", "rejected"))
    more = " UNION ALL ".join(f"SELECT * FROM {table}" for table in parts.added)
    return (
        f"SELECT COALESCE(b.cell, a.cell) AS cell, COALESCE(b.low, 0) AS low, COALESCE(b.high, 0) + COALESCE(a.high, 0) AS high, {both}"
        f" FROM ({_counted(parts)}) b FULL JOIN ({more}) a ON a.cell = b.cell"
    )


def _counted(parts: Lanes) -> str:
    if parts.plain is None:
        return f"SELECT cell, {COUNTED}, {FLAGS} FROM ({' UNION ALL '.join(parts.rest)}) GROUP BY cell"
    if not parts.rest:
        return f"SELECT cell, {PLAIN} FROM ({parts.plain(None)}) GROUP BY cell"
    # Only where one of the few other rows may fall can there be two rows of one thing: of these organizations the rows are looked at once more.
    few = parts.plain(f"SELECT {subject_of('cell', STRIDE)}::INTEGER FROM mixed")
    return (
        f"WITH rest AS MATERIALIZED ({' UNION ALL '.join(parts.rest)}), mixed AS MATERIALIZED (SELECT DISTINCT cell FROM rest)"
        f" SELECT p.cell, {PLAIN} FROM ({parts.plain(None)}) p ANTI JOIN mixed m ON m.cell = p.cell GROUP BY p.cell"
        f" UNION ALL SELECT cell, {COUNTED}, {FLAGS} FROM (SELECT cell, thing, truth, certain FROM rest"
        f" UNION ALL SELECT p.cell, p.thing, p.truth, p.certain FROM ({few}) p SEMI JOIN mixed m ON m.cell = p.cell) GROUP BY cell"
    )


PLAIN = "count(*) FILTER (truth) AS low, count(*) AS high, count(*) > count(*) FILTER (truth) AS undecided, FALSE AS rejected"
"""The columns of a count where each candidate is certain, and a thing of its own."""

COUNTED = (
    "greatest(count(DISTINCT thing) FILTER (truth), CASE WHEN count(*) FILTER (truth AND thing IS NULL) > 0 THEN 1 ELSE 0 END)::BIGINT AS low,"
    " (count(DISTINCT thing) + count(*) FILTER (thing IS NULL))::BIGINT AS high"
)
"""The two ends of a count of things, from candidates with `thing` (null: anonymous)."""


def whole_columns(alias: str) -> MeasureColumns:
    """A count, 0 where there is no candidate."""
    ends = (Ratio(f"COALESCE({alias}.{end}, 0)", 1, ROW_LIMIT, 1) for end in ("low", "high"))
    return MeasureColumns(Number(*ends), sql.FALSE)


def largest_query(judging: Judging, group: LargestGroup, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    """The query of the size of the largest group (cell, low, high, undecided, rejected), and how it is read."""
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

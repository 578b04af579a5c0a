"""On which days the rows of a measure may be wanting (`ir.measures.Measure`, *Fed*)."""

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.feeds import Gap, Wanting, gaps, wanting
from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.members import SharedRows, by_who
from mofan_rules.executors.duckdb.scope import Judging, Stretch
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.measures import Measure
from mofan_rules.ir.program import Each
from mofan_rules.ir.rows import ByRole, Linked, OfLinked, Own, Place, Rows
from mofan_rules.schema import Table


def feed_days(judging: Judging, rows: Rows, stretch: Stretch) -> tuple[str, str]:
    """The days on which the feeds of a measure are asked for."""
    as_of = judging.work.as_of
    now = "c.day" if judging.state else as_of
    due = "c.m_due" if not stretch.own else "c.due"
    end = "c.day" if judging.state else f"CASE WHEN {due} < {as_of} THEN {due} ELSE {as_of} END"
    start = f"COALESCE({stretch.first}, {sql.FIRST_DAY})" if stretch.own and not judging.state else stretch.first
    if isinstance(judging.windows, Each) and judging.windows.chain is not None and rows.place is Place.DATED:
        # Of a chain only answers after the trigger count.
        start = f"CASE WHEN c.after_day >= {start} THEN c.after_day + 1 ELSE {start} END"
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


def measure_gaps(judging: Judging, measure: Measure, stretch: Stretch, alias: str) -> Gap | None:
    """The incomplete days of a measure."""
    rows = measure.quantity.rows
    low, high = feed_days(judging, rows, stretch)
    if not isinstance(rows, SharedRows):
        return gaps(judging.work, _sources(judging, rows, low, high), judging.cells, low, high, alias)
    alike: dict[tuple[Source, ...], list[int]] = {}
    for who, own in rows.members:
        alike.setdefault(tuple(_sources(judging, own, low, high)), []).append(who)
    found = [
        (places, gap)
        for number, (sources, places) in enumerate(alike.items())
        if (gap := gaps(judging.work, sources, judging.cells, low, high, f"{alias}{number}_")) is not None
    ]
    if not found:
        return None
    firsts, lasts = ({who: end for places, gap in found for who, end in ((who, getattr(gap, name)) for who in places)} for name in ("first", "last"))
    return Gap(" ".join(gap.joins for _, gap in found), by_who("c.who", firsts, "NULL::DATE"), by_who("c.who", lasts, "NULL::DATE"))


Source = tuple[Wanting | None, str]
"""What may be wanting, and the relation (cell, organization) of those of whom it is asked (empty: of the cells' own subjects)."""


def _sources(judging: Judging, rows: Rows, low: str, high: str) -> list[Source]:
    """What may be wanting of some rows."""
    work, cells = judging.work, judging.cells
    sources: list[Source]
    match rows.owner:
        case Own(column):
            named = column not in ("organization", "source", "target")
            sources = [(wanting(work, rows.table, rows.kinds, anybody=named), "")]
        case OfLinked(link):
            family = work.program.vocabulary.family(Table.RELATIONS, link.relation)
            sources = [(wanting(work, Table.RELATIONS, family), "")]
            if rows.table is Table.ORGANIZATIONS:
                sources.append((wanting(work, Table.ORGANIZATIONS, rows.kinds), ""))
            else:
                sources.append((wanting(work, rows.table, rows.kinds), _linked(work, link, cells, low, high)))
                if "part_of" in family:
                    sources.append((wanting(work, Table.ORGANIZATIONS, None), ""))
        case ByRole(roles):
            sources = [(wanting(work, Table.TENURES, roles), ""), (wanting(work, Table.ORGANIZATIONS, rows.kinds), "")]
    return sources


def _linked(work: Work, link: Linked, cells: str, low: str, high: str) -> str:
    """A query (cell, organization) of those possibly linked on one of the days."""
    links = reach(work, link, f"SELECT DISTINCT subject FROM {cells}")
    return (
        f"(SELECT DISTINCT c.cell, q.organization FROM {cells} c JOIN {links} q ON q.subject = c.subject AND NOT q.sure"
        f" AND q.first <= {high} AND q.last >= {low})"
    )

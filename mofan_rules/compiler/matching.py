"""Which rows of facts match which cells, and how surely (`ir.rows`, `docs/meaning.md` 3.1 and 4.1).

A frame over cells `c` and rows `r` gives the candidates: the cell, the row, its truth (true or unknown; false ones are gone) and what the measure asks for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.binding import frame_of
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY, months_of, window_number
from mofan_rules.compiler.expressions import truth
from mofan_rules.compiler.frame import Frame, Refused
from mofan_rules.compiler.graph import linked_rows
from mofan_rules.compiler.organizations import Aliased, kind_truth, life, opened, owned_rows, possibly_of_kind, versions
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import BOOLEAN, TRUE, Tree, both, case, column, decided, either, eq, ge, is_known, is_null, le, lt, maybe, no, null, text
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.rows import ByRole, OfLinked, Own, Place, Rows
from mofan_rules.schema import ADMITTED, KIND_COLUMN, Table
from mofan_rules.values.windows import Every, Unit

SPANS: dict[Table, tuple[str, str]] = {
    Table.ORGANIZATIONS: ("valid_from", "valid_until"),
    Table.RELATIONS: ("valid_from", "valid_until"),
    Table.EVENTS: ("date", "date"),
    Table.TENURES: ("from_date", "until_date"),
    Table.EVIDENCE: ("date", "valid_until"),
    Table.WAIVERS: ("from_date", "until_date"),
}
"""The columns in which the validity of a row begins and ends."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days in which dated rows count, in terms of a cell `c`: `first..last`, and the day by which a row that belongs to it must be dated.

    `every`: the calendar that it is a window of, which begins on `anchor`. `single`: it is a window by itself.
    """

    first: Tree
    last: Tree
    due: Tree
    every: Every | None = None
    anchor: Tree | None = None
    single: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What the measures of one judgement are computed over.

    Parameters
    ----------
    cells: the cells. state: they are days on which a state is looked at, else windows.
    trigger: the table of the rows that opened the windows, if any did.
    """

    plan: Plan
    cells: Aliased
    state: bool
    stretch: Stretch
    trigger: Table | None = None
    law: Tree | None = None
    """The day of the law, where it is not that of the cell."""
    window: tuple[Tree, Tree] | None = None
    """What `WindowDay` is, where it is not the window of the cell."""
    prefix: str = ""
    """What the names of the queries of its measures begin with."""


def has_column(plan: Plan, table: Table, name: str) -> bool:
    """Has the table a date of this name?"""
    return f"{name}_low" in ADMITTED[table] or (name.startswith("a_") and plan.program.vocabulary.attributes[int(name[2:])].table is table)


def own_date(sight: Sight, rows: Rows) -> tuple[Tree, Tree] | None:
    """The row's own date, where that and not the reference day counts."""
    if rows.place in (Place.IN_FORCE, Place.OVERLAPPING) or not has_column(sight.plan, rows.table, rows.date):
        return None
    return _ends(rows.date)


def _ends(name: str) -> tuple[Tree, Tree]:
    return column(f"r.{name}_low"), column(f"r.{name}_high")


Project = Callable[[Frame], dict[str, Tree]]


def candidates(sight: Sight, rows: Rows, project: Project) -> Tree:
    """The query of candidates of some rows: subject, w, id, row, certain, truth, low and high (the row's date), and what `project` asks for."""
    plan = sight.plan
    if isinstance(rows.owner, ByRole):
        raise Refused("ByRole: rows of the holders of a role")
    if rows.table not in SPANS:
        raise Refused(f"Rows: rows of {rows.table.value} belong to no organization")
    frame = frame_of(plan, {Scope.SUBJECT: "s", Scope.ROW: "r", Scope.TRIGGER: "t"})
    frame.window = sight.window or frame.window
    frame.law = sight.law or frame.law
    placed, where, joins = lies(sight, rows)
    owned, sources = _owned(sight, rows)
    truths = [*(frame.need(part) for part in placed), frame.need(owned), *row_truths(rows, frame)]
    condition = truth(rows.where, frame)
    names = {"subject": "c.subject", "w": "c.w", "id": "r.id", "row": "r.row", "certain": "r.certain"}
    columns = {name: frame.need(column(source)) for name, source in names.items()}
    begins = rows.date if has_column(plan, rows.table, rows.date) else SPANS[rows.table][0]
    columns |= {name: frame.need(end) for name, end in zip(("low", "high"), _ends(begins), strict=True)}
    columns |= project(frame)
    matched = frame.keep(both(*truths, condition))
    sources += joins
    if Scope.SUBJECT in frame.used:
        first, last = own_date(sight, rows) or (column("c.day"), column("c.day"))
        covering = both(eq(column("sv.organization"), column("c.subject")), le(column("sv.sure_first"), first), ge(column("sv.sure_last"), last))
        sources.append(sql.left(versions(plan)("sv"), covering))
        sources.append(sql.left(plan.fact(Table.ORGANIZATIONS, "s"), eq(column("s.row"), column("sv.version"))))
    if Scope.TRIGGER in frame.used and sight.trigger is not None:
        sources.append(sql.left(plan.fact(sight.trigger, "t"), eq(column("t.row"), column("c.trigger"))))
    if sight.trigger is rows.table:
        where.append(either(is_null(column("c.trigger_id")), is_null(column("r.id")), sql.ne(column("r.id"), column("c.trigger_id"))))
    return frame.query(sight.cells("c"), sources, both(*prefilter(rows), *where), columns | {"truth": matched}, no(sql.surely_not(matched)))


def owner_column(rows: Rows, owner: Own) -> str:
    """The column that says whose a row is."""
    return "source" if rows.table is Table.RELATIONS and owner.column == "organization" else owner.column


def _owned(sight: Sight, rows: Rows) -> tuple[Tree, list[exp.Join]]:
    """The truth of *the row is the subject's*, or one of a linked organization, and the joins that give the rows `r`."""
    plan = sight.plan
    if isinstance(rows.owner, OfLinked):
        day = column("c.day")
        own = None if sight.state else own_date(sight, rows)
        found = linked_rows(plan, sight.cells, rows.table, rows.owner.link, own or (day, day))
        same = both(eq(column("o.subject"), column("c.subject")), eq(column("o.w"), column("c.w")))
        return column("o.owned"), [sql.inner(found("o"), same), sql.inner(plan.fact(rows.table, "r"), eq(column("r.row"), column("o.row")))]
    assert isinstance(rows.owner, Own)
    name = owner_column(rows, rows.owner)
    return maybe(is_known(column(f"r.{name}"))), [sql.inner(owned_rows(plan, rows.table, name)("r"), eq(column("r.owner"), column("c.subject")))]


def row_truths(rows: Rows, frame: Frame) -> list[Tree]:
    """Kind and `held` of a row `r`, and whether it is certain."""
    parts = [frame.need(maybe(column("r.certain")))]
    if rows.kinds is not None:
        parts.append(frame.need(kind_truth(rows.kinds, column(f"r.{KIND_COLUMN.get(rows.table, 'requirement')}"))))
    if rows.table is Table.EVENTS:
        held = column("r.held")
        parts.append(frame.need(decided(either(is_null(held), eq(held, text("yes"))), eq(held, text("no")))))
    return parts


def prefilter(rows: Rows) -> list[Tree]:
    """Plain conditions that let no row through that cannot match."""
    parts = [possibly_of_kind(rows.kinds, column(f"r.{KIND_COLUMN.get(rows.table, 'requirement')}"))] if rows.kinds is not None else []
    if rows.table is Table.EVENTS:
        parts.append(either(is_null(column("r.held")), sql.ne(column("r.held"), text("no"))))
    return parts


def dated_by(low: Tree, high: Tree, limit: Tree) -> Tree:
    """Is the date at most the limit?"""
    return decided(le(high, limit), sql.gt(low, limit))


def validity(table: Table) -> tuple[Tree, Tree, Tree, Tree]:
    """The earliest and latest beginning and end of a row `r`; an end after the as-of date counts as open."""
    begin, end = SPANS[table]
    first, last = _ends(begin), _ends(end)
    if begin == end:
        last = first
    as_of = column("c.as_of")
    return first[0], first[1], opened(last[0], as_of), opened(last[1], as_of)


def lies(sight: Sight, rows: Rows) -> tuple[list[Tree], list[Tree], list[exp.Join]]:
    """How a row lies in time: truths over `c` and `r`, plain conditions that let no impossible row through, and what must be joined for them."""
    now = column("c.day") if sight.state else column("c.as_of")
    match rows.place:
        case Place.DATED:
            return _dated(sight, rows, now)
        case Place.ANY:
            own = own_date(sight, rows)
            return ([], [], []) if own is None else ([dated_by(*own, now)], [le(own[0], now)], [])
        case Place.IN_FORCE:
            first_low, first_high, last_low, last_high = validity(rows.table)
            day = column("c.day")
            covers = decided(both(le(first_high, day), le(day, last_low)), either(sql.gt(first_low, day), lt(last_high, day)))
            return [covers], [le(first_low, day), ge(last_high, day)], []
        case Place.OVERLAPPING:
            return _overlapping(sight, rows)


def _overlapping(sight: Sight, rows: Rows) -> tuple[list[Tree], list[Tree], list[exp.Join]]:
    begin, end = SPANS[rows.table]
    (first_low, first_high), (last_low, last_high) = _ends(begin), _ends(end)
    day = column("c.day")
    first, last = (day, day) if sight.state else (sight.stretch.first, sql.lesser(sight.stretch.last, column("c.as_of")))
    shares = decided(both(le(first_high, last), ge(last_low, first)), either(sql.gt(first_low, last), lt(last_high, first)))
    undated = is_null(column("c.window_first"))
    truth_of = case((undated, null(BOOLEAN)), otherwise=shares)
    return [truth_of], [either(undated, both(le(first_low, last), ge(last_high, first)))], []


def _dated(sight: Sight, rows: Rows, now: Tree) -> tuple[list[Tree], list[Tree], list[exp.Join]]:
    stretch, plan = sight.stretch, sight.plan
    low, high = _ends(rows.date)
    inside = decided(both(le(stretch.first, low), le(high, stretch.last)), either(lt(high, stretch.first), sql.gt(low, stretch.last)))
    undated = is_null(column("c.window_first"))
    if rows.by_period and rows.table is Table.EVENTS and (stretch.every is not None or stretch.single):
        inside = _by_period(plan, stretch, inside, low, high)
    counts = case((undated, null(BOOLEAN)), otherwise=inside)
    sure = both(
        eq(column("ls.organization"), column("c.subject")), eq(column("ls.sure"), sql.whole(1)), le(column("ls.first"), low), ge(column("ls.last"), high)
    )
    alive = maybe(is_known(column("ls.organization")))
    possible = sql.select(
        {"one": sql.whole(1)},
        life(plan)("e"),
        where=both(
            eq(column("e.organization"), column("c.subject")), eq(column("e.sure"), sql.whole(0)), le(column("e.first"), high), ge(column("e.last"), low)
        ),
    )
    truths = [counts, dated_by(low, high, now), dated_by(low, high, column("c.as_of")), alive]
    return truths, [le(low, now), sql.exists(possible)], [sql.left(life(plan)("ls"), sure)]


def _by_period(plan: Plan, stretch: Stretch, by_date: Tree, low: Tree, high: Tree) -> Tree:
    """A row with `belongs_to` counts for the window in which that lies, if it is no longer than the window and lies in one."""
    first, last = column("r.belongs_to_low"), column("r.belongs_to_high")
    holds = both(le(stretch.first, first), le(last, stretch.last))
    due = dated_by(low, high, stretch.due)
    unknown = both(eq(first, FIRST_DAY), eq(last, LAST_DAY))
    months = months_of
    if stretch.every is not None and stretch.every.unit is Unit.WEEK:
        longer = sql.gt(plan.dialect.days_between(last, first), plan.dialect.days_between(stretch.last, stretch.first))
    else:
        size = sql.minus(months(plan.dialect, last), months(plan.dialect, first))
        longer = sql.gt(size, sql.minus(months(plan.dialect, stretch.last), months(plan.dialect, stretch.first)))
    if stretch.every is not None:
        number = [window_number(plan.dialect, stretch.every, end, stretch.anchor) for end in (first, last)]
        astride = sql.ne(number[0], number[1])
    else:
        astride = both(le(first, stretch.last), ge(last, stretch.first), no(holds))
    counted = both(case((holds, TRUE), otherwise=sql.FALSE), due)
    return case((is_null(first), by_date), (unknown, both(null(BOOLEAN), due)), (either(longer, astride), by_date), otherwise=counted)

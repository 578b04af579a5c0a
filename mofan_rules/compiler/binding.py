"""On how many days of a window a requirement binds (`docs/meaning.md` 1.5), and which waivers cover it (3.5)."""

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.calendar import add_duration
from mofan_rules.compiler.cells import KEY, same_cell
from mofan_rules.compiler.expressions import truth
from mofan_rules.compiler.feeds import gaps, owner_in_feeds
from mofan_rules.compiler.frame import Frame
from mofan_rules.compiler.organizations import Aliased, kind_truth, merged, owned_rows, possibly_of_kind, versions
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import BIGINT, DATE, Tree, both, case, cast, column, eq, gt, is_known, is_null, le, no, null, whole
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.program import Header, Partial
from mofan_rules.schema import Table


def frame_of(plan: Plan, aliases: dict[Scope, str]) -> Frame:
    """Where conditions about cells `c` are evaluated."""
    window = (column("c.window_first"), column("c.window_last"))
    return Frame(plan.dialect, plan.parameters, aliases, column("c.subject"), column("c.law"), window, schema=plan.names.facts)


def binding(plan: Plan, header: Header, cells: Aliased, stretches: Aliased, state: bool) -> Aliased:
    """(subject, w, days, sure_days, possible_days, and `…_in` of the window alone): how many days the binding is about, and on how many of them it is
    sure and possible.

    `state`: only the days count on which this version of the requirement is effective.
    """
    first = sql.coalesce(column("c.bind_first"), column("c.window_first"), column("c.as_of"))
    spans = {"": (first, sql.coalesce(column("c.due"), column("c.as_of")))}
    if header.partial is Partial.PRORATE and not state:
        spans["_in"] = (first, sql.coalesce(column("c.window_last"), column("c.as_of")))

    def overlap(first: Tree, last: Tree) -> Tree:
        start, end = sql.greater(column("s.first"), first), sql.lesser(column("s.last"), last)
        if state:
            start, end = sql.greater(start, sql.day(header.first)), sql.lesser(end, sql.day(header.last))
        return sql.greater(_days(plan, start, end), whole(0))

    columns: dict[str, Tree] = {name: column(f"c.{name}") for name in KEY}
    for suffix, (start, end) in spans.items():
        last = sql.greater(end, start)
        columns[f"days{suffix}"] = sql.largest(_days(plan, start, last))
        for name, sure in (("possible", 0), ("sure", 1)):
            counted = case((eq(column("s.sure"), whole(sure)), overlap(start, last)), otherwise=whole(0))
            columns[f"{name}_days{suffix}"] = cast(sql.coalesce(sql.total(counted), whole(0)), BIGINT)
    joins = [sql.left(stretches("s"), same_cell("s", "c"))]
    return plan.step("binding", sql.select(columns, cells("c"), joins, group=[column(f"c.{name}") for name in KEY]))


def _days(plan: Plan, first: Tree, last: Tree) -> Tree:
    return sql.plus(plan.dialect.days_between(last, first), whole(1))


def bound_stretches(plan: Plan, header: Header, cells: Aliased) -> Aliased:
    """(subject, w, sure, first, last): the stretches of days on which each cell is bound."""
    frame = frame_of(plan, {Scope.SUBJECT: "o"})
    condition = both(frame.need(kind_truth(header.subjects, column("v.kind"))), truth(header.when, frame))
    bound = frame.keep(condition)
    names = {
        name: frame.need(column(source))
        for name, source in {
            "subject": "c.subject",
            "w": "c.w",
            "first": "v.first",
            "last": "v.last",
            "sure_first": "v.sure_first",
            "sure_last": "v.sure_last",
        }.items()
    }
    joins = [sql.inner(versions(plan)("v"), eq(column("v.organization"), column("c.subject")))]
    if Scope.SUBJECT in frame.used:
        joins.append(sql.inner(plan.fact(Table.ORGANIZATIONS, "o"), eq(column("o.row"), column("v.version"))))
    query = frame.query(cells("c"), joins, possibly_of_kind(header.subjects, column("v.kind")), names | {"bound": bound}, no(sql.surely_not(bound)))
    by_version = plan.step("bound", query)
    head = {name: column(f"b.{name}") for name in KEY}
    possible = sql.select(head | {"sure": whole(0), "first": column("b.first"), "last": column("b.last")}, by_version("b"))
    surely = both(sql.surely(column("b.bound")), is_known(column("b.sure_first")))
    sure = sql.select(head | {"sure": whole(1), "first": column("b.sure_first"), "last": column("b.sure_last")}, by_version("b"), where=surely)
    return plan.step("stretches", merged(sql.union(possible, sure), (*KEY, "sure"), plan))


def waivers(plan: Plan, header: Header, cells: Aliased) -> Aliased:
    """(subject, w, covered, doubt, until): does a waiver cover the cell, may one, and until when those that cover last."""
    last = sql.coalesce(column("c.window_last"), column("c.as_of"))
    begun = sql.lesser(last, column("c.as_of"))
    rows = owned_rows(plan, Table.WAIVERS, "organization")
    wanted = sql.either(is_null(column("r.requirement")), eq(column("r.requirement"), sql.text(header.requirement)))
    covers = both(column("r.certain"), le(column("r.from_date_high"), begun), le(last, column("r.until_date_low")))
    exact = both(column("r.certain"), eq(column("r.from_date_low"), column("r.from_date_high")), eq(column("r.until_date_low"), column("r.until_date_high")))
    may = both(le(column("r.from_date_low"), begun), le(last, column("r.until_date_high")), no(exact))
    same = both(eq(column("r.owner"), column("c.subject")), wanted)
    joins = [sql.left(rows("r"), same)]
    policy = plan.program.vocabulary.waivers.get(header.requirement)
    admits = policy is not None and (not policy.must or policy.waivable)
    doubt = sql.any_of(may) if admits else sql.FALSE
    if admits:
        join, owner = owner_in_feeds(plan, Table.WAIVERS, column("c.subject"), "n")
        incomplete = gaps(plan, Table.WAIVERS, frozenset((header.requirement,)))
        open_ = both(eq(column("g.organization"), owner), sql.within(begun, column("g.first"), column("g.last")))
        joins += [join, sql.left(incomplete("g"), open_)]
        doubt = sql.either(doubt, sql.any_of(is_known(column("g.first"))))
    columns = {name: column(f"c.{name}") for name in KEY} | {
        "covered": sql.any_of(covers),
        "doubt": doubt,
        "until": sql.largest(case((covers, column("r.until_date_low")), otherwise=null(DATE))),
    }
    return plan.step("waivers", sql.select(columns, cells("c"), joins, group=[column(f"c.{name}") for name in KEY]))


def extended_due(plan: Plan, header: Header, until: Tree) -> Tree:
    """The day until which a deadline is due: moved by a covering waiver, at most by the extension."""
    due = column("c.due")
    moved = until
    if header.extension is not None:
        moved = sql.lesser(until, add_duration(plan.dialect, column("c.window_last"), header.extension))
    return case((gt(moved, due), moved), otherwise=due)

"""On which days organizations exist and which version of them holds (`docs/meaning.md` section 1), as shared views."""

from collections.abc import Callable

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import DATE, FALSE, TRUE, Tree, both, case, column, either, eq, gt, is_known, is_null, le, null, whole
from mofan_rules.schema import Table

Aliased = Callable[[str], Tree]
"""A view or a step; it wants an alias."""


def versions(plan: Plan) -> Aliased:
    """(organization, version, certain, own, kind, first, last, sure_first, sure_last): the days that each seen version covers possibly and surely; none surely
    if `sure_first` is null. `own`: it bears the id of the organization.

    Days after the as-of date are like it, so that what covers the as-of date has no end. A row whose organization is not known may be of any.
    """
    return plan.view("versions", "versions", lambda: _versions(plan))


def _versions(plan: Plan) -> Tree:
    as_of = column("q.as_of")

    def until(end: str) -> Tree:
        return case((sql.ge(column(end), as_of), LAST_DAY), otherwise=column(end))

    def columns(organization: str, own: Tree) -> dict[str, Tree]:
        sure = both(column("o.certain"), le(column("o.valid_from_high"), as_of), le(column("o.valid_from_high"), column("o.valid_until_low")))
        return {
            "organization": column(organization),
            "version": column("o.row"),
            "certain": column("o.certain"),
            "own": own,
            "kind": column("o.kind"),
            "first": column("o.valid_from_low"),
            "last": until("o.valid_until_high"),
            "sure_first": case((sure, column("o.valid_from_high")), otherwise=null(DATE)),
            "sure_last": until("o.valid_until_low"),
        }

    seen = le(column("o.valid_from_low"), as_of)
    rows, question = plan.fact(Table.ORGANIZATIONS, "o"), sql.crossed(plan.question())
    known = sql.select(columns("o.organization", TRUE), rows, [question], both(is_known(column("o.organization")), seen))
    anyone = sql.crossed(plan.fact("subjects", "s"))
    return sql.union(known, sql.select(columns("s.number", FALSE), rows, [question, anyone], both(is_null(column("o.organization")), seen)))


def merged(source: Tree, keys: tuple[str, ...], plan: Plan) -> Tree:
    """Stretches of days (`first` to `last`) that overlap or meet made one, for each value of the keys."""
    by = [column(f"s.{key}") for key in keys]
    order = [column("s.first"), column("s.last")]
    before = sql.windowed(sql.largest(column("s.last")), by, order, before=True)
    kept = {key: column(f"s.{key}") for key in keys} | {"first": column("s.first"), "last": column("s.last")}
    marked = sql.select(kept | {"before": before}, sql.nested(source, "s"), where=le(column("s.first"), column("s.last")))
    meets = le(column("s.first"), plan.dialect.days_after(column("s.before"), whole(1)))
    again = [*order, sql.coalesce(column("s.before"), FIRST_DAY)]  # of several that are alike the one that begins anew comes first
    island = sql.windowed(sql.total(case((meets, whole(0)), otherwise=whole(1))), by, again, running=True)
    numbered = sql.select(kept | {"island": island}, sql.nested(marked, "s"))
    columns = {key: column(f"s.{key}") for key in keys} | {"first": sql.smallest(column("s.first")), "last": sql.largest(column("s.last"))}
    return sql.select(columns, sql.nested(numbered, "s"), group=[*by, column("s.island")])


def life(plan: Plan) -> Aliased:
    """(organization, sure, first, last): the stretches of days on which an organization exists possibly (`sure` 0) and surely (`sure` 1)."""

    def make() -> Tree:
        known = {"organization": column("v.organization")}
        possible = known | {"sure": whole(0), "first": column("v.first"), "last": column("v.last")}
        surely = known | {"sure": whole(1), "first": column("v.sure_first"), "last": column("v.sure_last")}
        source = versions(plan)("v")
        both_kinds = sql.union(sql.select(possible, source), sql.select(surely, source, where=is_known(column("v.sure_first"))))
        return merged(both_kinds, ("organization", "sure"), plan)

    return plan.view("life", "life", make)


def current(plan: Plan) -> Aliased:
    """(organization, version): the certain version that covers the as-of date, or else the last that began (`docs/meaning.md` 2.7)."""

    def make() -> Tree:
        covers = both(is_known(column("v.sure_first")), eq(column("v.sure_last"), LAST_DAY))
        order = [
            sql.descending(case((covers, whole(1)), otherwise=whole(0))),
            sql.descending(column("v.first")),
            sql.descending(column("v.version")),
        ]
        place = sql.windowed(sql.call("ROW_NUMBER"), [column("v.organization")], order)
        ranked = sql.select(
            {"organization": column("v.organization"), "version": column("v.version"), "place": place}, versions(plan)("v"), where=column("v.certain")
        )
        columns = {name: column(f"r.{name}") for name in ("organization", "version")}
        return sql.select(columns, sql.nested(ranked, "r"), where=eq(column("r.place"), whole(1)))

    return plan.view("current", "current_versions", make)


def kind_truth(kinds: frozenset[str] | None, kind: Tree) -> Tree:
    """Is a kind among these? Null (of a row that is not certain): unknown."""
    return sql.TRUE if kinds is None else sql.among(kind, [sql.text(name) for name in sorted(kinds)])


def possibly_of_kind(kinds: frozenset[str] | None, kind: Tree) -> Tree:
    """Is a kind possibly among these? Two-valued."""
    return sql.TRUE if kinds is None else either(is_null(kind), kind_truth(kinds, kind) if kinds else FALSE)


def owned_rows(plan: Plan, table: Table, owner: str) -> Aliased:
    """The rows of a table with the organization in a column as `owner`; a row in which that is not known has each organization."""

    def make() -> Tree:
        known = sql.select({"owner": column(f"r.{owner}")}, plan.fact(table, "r"), where=is_known(column(f"r.{owner}")), star="r")
        anyone = sql.select(
            {"owner": column("s.number")}, plan.fact(table, "r"), [sql.crossed(plan.fact("subjects", "s"))], is_null(column(f"r.{owner}")), star="r"
        )
        return sql.union(known, anyone)

    return plan.view(("owned", table, owner), f"{table.value}_by_{owner}", make)


def opened(until: Tree, as_of: Tree) -> Tree:
    """An end that is after the as-of date is a plan and counts as open."""
    return case((gt(until, as_of), LAST_DAY), otherwise=until)

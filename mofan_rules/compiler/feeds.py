"""Where the facts are incomplete (`SEMANTICS` 1.8, `ir.measures.Measure`): for some kinds of a table, the stretches of days that a feed leaves open."""

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.calendar import FIRST_DAY
from mofan_rules.compiler.organizations import Aliased
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import TEXT, Tree, both, case, column, either, eq, is_null, le, no, text, whole
from mofan_rules.schema import Table

UNNAMED = -1
"""Stands for every organization that no feed of the table names."""


def gaps(plan: Plan, table: Table, kinds: frozenset[str] | None) -> Aliased:
    """(organization, first, last): the days on which one of the kinds (`None`: of all that there are) is incomplete for an organization, `UNNAMED` standing
    for those that no feed of the table names."""
    key = ("gaps", table, kinds)
    return plan.view(key, f"gaps_of_{table.value}", lambda: _gaps(plan, table, kinds))


def named(plan: Plan, table: Table) -> Aliased:
    """(organization): those that a feed of the table names, and `UNNAMED`."""

    def make() -> Tree:
        own = sql.select({"organization": column("f.organization")}, plan.fact(Table.FEEDS, "f"), where=_of(table), distinct=True)
        known = sql.select({"organization": column("n.organization")}, sql.nested(own, "n"), where=no(is_null(column("n.organization"))))
        return sql.union(known, sql.select({"organization": whole(UNNAMED)}))

    return plan.view(("named", table), f"named_in_feeds_of_{table.value}", make)


def owner_in_feeds(plan: Plan, table: Table, organization: Tree, alias: str) -> tuple[exp.Join, Tree]:
    """A join, and under which organization the gaps of one stand."""
    join = sql.left(named(plan, table)(alias), eq(column(f"{alias}.organization"), organization))
    return join, sql.coalesce(column(f"{alias}.organization"), whole(UNNAMED))


def _of(table: Table) -> Tree:
    return eq(column("f.table"), text(table.value))


def _gaps(plan: Plan, table: Table, kinds: frozenset[str] | None) -> Tree:
    feeds = plan.fact(Table.FEEDS, "f")
    applies = both(_of(table), either(is_null(column("f.organization")), eq(column("f.organization"), column("n.organization"))))
    organizations = named(plan, table)("n")
    begins = sql.select({"organization": column("n.organization"), "cut": column("f.from_date")}, organizations, [sql.inner(feeds, applies)])
    after = plan.dialect.days_after(column("f.until_date"), whole(1))
    ends = sql.select({"organization": column("n.organization"), "cut": after}, organizations, [sql.inner(feeds, applies)])
    always = sql.select({"organization": column("n.organization"), "cut": FIRST_DAY}, organizations)
    cuts = sql.select({name: column(f"c.{name}") for name in ("organization", "cut")}, sql.nested(sql.union(begins, ends, always), "c"), distinct=True)
    following = sql.windowed(sql.call("LEAD", column("c.cut")), [column("c.organization")], [column("c.cut")])
    stretches = sql.select(
        {"organization": column("c.organization"), "first": column("c.cut"), "last": plan.dialect.days_after(following, whole(-1))}, sql.nested(cuts, "c")
    )
    names = _kinds(plan, table, kinds)
    rank = sql.plus(
        case((no(is_null(column("f.kind"))), whole(2)), otherwise=whole(0)),
        sql.plus(case((no(is_null(column("f.organization"))), whole(2)), otherwise=whole(0)), case((column("f.complete"), whole(0)), otherwise=whole(1))),
    )
    covering = both(
        _of(table),
        either(is_null(column("f.organization")), eq(column("f.organization"), column("s.organization"))),
        either(is_null(column("f.kind")), eq(column("f.kind"), column("k.wider"))),
        le(column("f.from_date"), column("s.first")),
        sql.ge(column("f.until_date"), column("s.last")),
    )
    group = [column("s.organization"), column("s.first"), column("s.last"), column("k.kind")]
    columns = {"organization": group[0], "first": group[1], "last": group[2]}
    incomplete = eq(sql.remainder(sql.largest(rank), whole(2)), whole(1))
    return sql.select(columns, sql.nested(stretches, "s"), [sql.crossed(sql.nested(names, "k")), sql.inner(feeds, covering)], group=group, having=incomplete)


def _kinds(plan: Plan, table: Table, kinds: frozenset[str] | None) -> Tree:
    """(kind, wider): the kinds asked for, each with the kinds of which it is a special case; itself among them."""
    vocabulary = plan.program.vocabulary
    known = vocabulary.kinds.get(table, {})
    asked = sorted(known) if kinds is None else sorted(kinds)
    pairs = [(kind, wider) for kind in asked for wider in sorted({kind, *(name for name in known if kind in vocabulary.family(table, name))})]
    rows: list[Tree] = [sql.select({"kind": text(kind), "wider": text(wider)}) for kind, wider in pairs]
    if kinds is None:
        rows.append(sql.select({"kind": sql.null(TEXT), "wider": sql.null(TEXT)}))
        other = both(_of(table), no(is_null(column("f.kind"))))
        rows.append(sql.select({"kind": column("f.kind"), "wider": column("f.kind")}, plan.fact(Table.FEEDS, "f"), where=other))
    if not rows:
        rows.append(sql.select({"kind": sql.null(TEXT), "wider": sql.null(TEXT)}, plan.fact(Table.FEEDS, "f"), where=sql.FALSE))
    return sql.union(rows[0], *rows[1:])

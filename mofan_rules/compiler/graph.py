"""To which organizations a relation leads, on which days, surely and possibly (`docs/meaning.md` 1.7, `ir.rows.Linked`)."""

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.calendar import LAST_DAY
from mofan_rules.compiler.cells import KEY
from mofan_rules.compiler.frame import Refused
from mofan_rules.compiler.organizations import Aliased, life, merged
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import BOOLEAN, TRUE, Tree, both, case, column, either, eq, ge, is_known, is_null, le, null, text, whole
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.schema import Table

EDGE = ("near", "far", "sure", "first", "last")


def reach(plan: Plan, link: Linked) -> Aliased:
    """(subject, organization, sure, first, last): the stretches of days on which an organization is reached possibly (`sure` 0) and surely (`sure` 1).

    Raises
    ------
    Refused: if paths of any length are asked for in a dialect that does not follow them.
    """
    if link.depth is None and not plan.dialect.follows_paths:
        raise Refused("Linked.depth: paths of any length")

    def make() -> Tree:
        edges = _edges(plan, link)
        paths = _paths(plan, edges) if link.depth is None else _steps(edges, link.depth)
        names = {"subject": column("p.near"), "organization": column("p.far")} | {name: column(f"p.{name}") for name in ("sure", "first", "last")}
        others = sql.select(names, sql.nested(paths, "p"), where=sql.ne(column("p.near"), column("p.far")))
        return merged(others, ("subject", "organization", "sure"), plan)

    return plan.view(("reach", link), f"reached_by_{''.join(letter for letter in link.relation if letter.isascii() and letter.isalnum())}", make)


def _edges(plan: Plan, link: Linked) -> Aliased:
    """One step: on the days on which an edge is in force and both ends exist. An end that is not known may be any organization."""
    key = ("edges", link.relation, link.direction)
    return plan.view(key, f"edges_{len(plan.shared)}", lambda: _one_step(plan, link))


def _one_step(plan: Plan, link: Linked) -> Tree:
    near, far = ("source", "target") if link.direction is Direction.OUT else ("target", "source")
    family = sorted(plan.program.vocabulary.family(Table.RELATIONS, link.relation))
    as_of = column("q.as_of")
    kind = sql.among(column("r.kind"), [text(name) for name in family])
    seen = both(le(column("r.valid_from_low"), as_of), either(is_null(column("r.kind")), kind))

    def until(end: str) -> Tree:
        return case((ge(column(end), as_of), LAST_DAY), otherwise=column(end))

    def rows(sure: bool) -> Tree:
        start, end = ("r.valid_from_high", "r.valid_until_low") if sure else ("r.valid_from_low", "r.valid_until_high")
        joins = [sql.crossed(plan.question())]
        ends = {}
        for name, source in (("near", near), ("far", far)):
            if sure:
                ends[name] = column(f"r.{source}")
                continue
            either_way = either(eq(column(f"{name}.number"), column(f"r.{source}")), is_null(column(f"r.{source}")))
            joins.append(sql.inner(plan.fact("subjects", name), either_way))
            ends[name] = column(f"{name}.number")
        known = [column("r.certain"), is_known(column("r.kind")), is_known(column("r.source")), is_known(column("r.target"))]
        where = both(seen, *known, le(column("r.valid_from_high"), as_of), le(column("r.valid_from_high"), column("r.valid_until_low"))) if sure else seen
        columns = {**ends, "sure": whole(1 if sure else 0), "first": column(start), "last": until(end)}
        return sql.select(columns, plan.fact(Table.RELATIONS, "r"), joins, where)

    joins = []
    first, last = column("e.first"), column("e.last")
    for alias, end in (("l1", "near"), ("l2", "far")):
        joins.append(sql.inner(life(plan)(alias), both(eq(column(f"{alias}.organization"), column(f"e.{end}")), eq(column(f"{alias}.sure"), column("e.sure")))))
        first, last = sql.greater(first, column(f"{alias}.first")), sql.lesser(last, column(f"{alias}.last"))
    ends = {name: column(f"e.{name}") for name in ("near", "far", "sure")}
    alive = sql.select(ends | {"first": first, "last": last}, sql.nested(sql.union(rows(False), rows(True)), "e"), joins)
    return sql.select({name: column(f"a.{name}") for name in EDGE}, sql.nested(alive, "a"), where=le(column("a.first"), column("a.last")))


def _longer(path: str, edges: Aliased) -> Tree:
    """Paths made longer by one edge, on the days that both share."""
    meets = both(
        eq(column("e.near"), column("p.far")),
        eq(column("e.sure"), column("p.sure")),
        le(column("e.first"), column("p.last")),
        ge(column("e.last"), column("p.first")),
    )
    columns = {
        "near": column("p.near"),
        "far": column("e.far"),
        "sure": column("p.sure"),
        "first": sql.greater(column("p.first"), column("e.first")),
        "last": sql.lesser(column("p.last"), column("e.last")),
    }
    return sql.select(columns, sql.relation(path, "p"), [sql.inner(edges("e"), meets)])


def _steps(edges: Aliased, depth: int) -> Tree:
    """Paths of up to so many edges."""
    one = sql.select({name: column(f"e.{name}") for name in EDGE}, edges("e"))
    levels: list[Tree] = [one]
    for _ in range(depth - 1):
        longer = _longer("", edges)
        longer.set("from_", exp.From(this=sql.nested(levels[-1], "p")))
        levels.append(longer)
    return sql.union(levels[0], *levels[1:])


def _paths(plan: Plan, edges: Aliased) -> Tree:
    """Paths of any length. There are finitely many stretches of days, so that repetitions, which are left out, end the search also where there are cycles."""
    one = sql.select({name: column(f"e.{name}") for name in EDGE}, edges("e"))
    body = exp.Union(this=one, expression=_longer("path", edges), distinct=True)
    name = exp.TableAlias(this=exp.Identifier(this="path", quoted=True), columns=[exp.Identifier(this=part, quoted=True) for part in EDGE])
    query = sql.select({part: column(f"p.{part}") for part in EDGE}, sql.relation("path", "p"))
    query.set("with_", exp.With(expressions=[exp.CTE(this=body, alias=name)], recursive=True))
    return query


def linked_rows(plan: Plan, cells: Aliased, table: Table, link: Linked, days: tuple[Tree, Tree]) -> Aliased:
    """(subject, w, row, owned): the rows of linked organizations, with the truth of *it is one's*; a row whose organization is not known may be of any.

    `days`: the first and last day on which the link is looked at, over cells `c` and rows `r`.
    """
    links, (first, last) = reach(plan, link), days
    possible = both(eq(column("m.sure"), whole(0)), eq(column("m.subject"), column("c.subject")), le(column("m.first"), last), ge(column("m.last"), first))
    sure = both(
        eq(column("q.sure"), whole(1)),
        eq(column("q.subject"), column("c.subject")),
        eq(column("q.organization"), column("r.organization")),
        le(column("q.first"), first),
        ge(column("q.last"), last),
    )
    key = {name: column(f"c.{name}") for name in KEY}
    group = [*key.values(), column("r.row")]
    rows = sql.inner(plan.fact(table, "r"), eq(column("r.organization"), column("m.organization")))
    reached = both(eq(column("m.subject"), column("c.subject")), eq(column("m.sure"), whole(0)))
    owned = case((sql.any_of(is_known(column("q.subject"))), TRUE), otherwise=null(BOOLEAN))
    joins = [sql.inner(links("m"), reached), rows, sql.left(links("q"), sure)]
    of_known = sql.select(
        key | {"row": column("r.row"), "owned": owned}, cells("c"), joins, both(le(column("m.first"), last), ge(column("m.last"), first)), group
    )
    some = sql.exists(sql.select({"one": whole(1)}, links("m"), where=possible))
    anyone = both(is_null(column("r.organization")), some)
    of_any = sql.select(key | {"row": column("r.row"), "owned": null(BOOLEAN)}, cells("c"), [sql.crossed(plan.fact(table, "r"))], anyone)
    return plan.step("linked", sql.union(of_known, of_any))


def linked_between(plan: Plan, cells: Aliased, link: Linked, first: Tree, last: Tree) -> Aliased:
    """(subject, w, organization): the organizations that are possibly linked on one of some days."""
    on = both(
        eq(column("m.sure"), whole(0)), eq(column("m.subject"), column("c.subject")), le(column("m.first"), last), ge(column("m.last"), first), le(first, last)
    )
    columns = {name: column(f"c.{name}") for name in KEY} | {"organization": column("m.organization")}
    return plan.step("linked_on", sql.select(columns, cells("c"), [sql.inner(reach(plan, link)("m"), on)], distinct=True))

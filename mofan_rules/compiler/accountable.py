"""Which organization answers for a subject (`docs/meaning.md` 1.7 and 1.8)."""

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.cells import KEY
from mofan_rules.compiler.organizations import Aliased, life, opened
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import both, column, eq, ge, is_known, le, text, whole
from mofan_rules.schema import Table


def accountable(plan: Plan, relation: str, cells: Aliased) -> Aliased:
    """(subject, w, organization): of the organizations that the relation reaches surely in one step on the reference day, the one with the least number."""
    family = sorted(plan.program.vocabulary.family(Table.RELATIONS, relation))
    day = column("c.day")
    edge = both(
        eq(column("r.source"), column("c.subject")),
        column("r.certain"),
        is_known(column("r.target")),
        sql.ne(column("r.target"), column("r.source")),
        sql.among(column("r.kind"), [text(kind) for kind in family]),
        le(column("r.valid_from_low"), column("c.as_of")),
        le(column("r.valid_from_high"), day),
        le(day, opened(column("r.valid_until_low"), column("c.as_of"))),
    )
    joins = [sql.inner(plan.fact(Table.RELATIONS, "r"), edge)]
    for alias, end in (("l1", "source"), ("l2", "target")):
        alive = both(
            eq(column(f"{alias}.organization"), column(f"r.{end}")),
            eq(column(f"{alias}.sure"), whole(1)),
            le(column(f"{alias}.first"), day),
            ge(column(f"{alias}.last"), day),
        )
        joins.append(sql.inner(life(plan)(alias), alive))
    key = {name: column(f"c.{name}") for name in KEY}
    return plan.step("accountable", sql.select(key | {"organization": sql.smallest(column("r.target"))}, cells("c"), joins, group=list(key.values())))

"""Relations followed over days: which organizations a link reaches, surely and possibly, in which stretches of days (`ir.rows.Linked`)."""

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import life
from mofan_rules.executors.duckdb.days import merged
from mofan_rules.executors.duckdb.expressions import organization_number
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.schema import Table


def steps(work: Work, relation: str) -> str:
    """A table (source, target, first, last, sure) of the single steps of a relation, cut to the days on which both ends exist."""
    return work.once(("steps", relation), lambda: work.table("step", _steps(work, relation)))


def _steps(work: Work, relation: str) -> str:
    family = work.program.vocabulary.family(Table.RELATIONS, relation)
    kind = f"(kind IN {sql.texts(family)} OR (kind IS NULL AND NOT certain))"
    seen = f"{kind} AND valid_from_low <= {work.as_of}"

    def until(end: str) -> str:
        return f"CASE WHEN {end} >= {work.as_of} THEN {sql.LAST_DAY} ELSE {end} END"

    sure = (
        f"SELECT source, target, valid_from_high AS first, {until('valid_until_low')} AS last, TRUE AS sure FROM facts.relations"
        f" WHERE {seen} AND certain AND kind IS NOT NULL AND valid_from_high <= {work.as_of}"
    )
    possible = f"SELECT source, target, valid_from_low AS first, {until('valid_until_high')} AS last, FALSE AS sure FROM facts.relations WHERE {seen}"
    spans = f"(SELECT * FROM ({sure} UNION ALL {possible}) WHERE first <= last)"
    if work.any(f"SELECT 1 FROM facts.relations WHERE {seen} AND (source IS NULL OR target IS NULL)"):
        everyone = "(SELECT DISTINCT organization FROM facts.organizations WHERE organization IS NOT NULL)"
        spans = (
            f"(SELECT * FROM {spans} WHERE source IS NOT NULL AND target IS NOT NULL"
            f" UNION ALL SELECT COALESCE(s.source, a.organization), COALESCE(s.target, b.organization), s.first, s.last, FALSE FROM {spans} s"
            f" JOIN {everyone} a ON s.source IS NULL OR a.organization = s.source JOIN {everyone} b ON s.target IS NULL OR b.organization = s.target"
            " WHERE (s.source IS NULL OR s.target IS NULL) AND NOT s.sure)"
        )
    alive = life(work).table
    return (
        "SELECT e.source, e.target, greatest(e.first, a.first, b.first) AS first, least(e.last, a.last, b.last) AS last, e.sure"
        f" FROM {spans} e JOIN {alive} a ON a.organization = e.source AND a.sure = e.sure JOIN {alive} b ON b.organization = e.target AND b.sure = e.sure"
        " WHERE greatest(e.first, a.first, b.first) <= least(e.last, a.last, b.last)"
    )


def reach(work: Work, link: Linked, starts: str) -> str:
    """A table (subject, organization, first, last, sure): what the link reaches, at least from the organizations of `starts`.

    Single steps, and the ancestors in a forest, are few for all organizations together: they are looked up once, from everywhere.

    Parameters
    ----------
    starts: a query of one column, `subject`.
    """
    if link.depth == 1 or link.relation == "part_of":
        starts = "SELECT number AS subject FROM facts.subjects"
    return work.once(("reach", link, starts), lambda: _reach(work, link, starts))


def _reach(work: Work, link: Linked, starts: str) -> str:
    here, there = ("source", "target") if link.direction is Direction.OUT else ("target", "source")
    step = steps(work, link.relation)
    begin = (
        f"SELECT e.{here} AS subject, e.{there} AS organization, e.first, e.last,"
        f" e.sure, 1 AS depth FROM {step} e SEMI JOIN ({starts}) b ON b.subject = e.{here}"
    )
    deeper = (
        f"SELECT r.subject, e.{there}, greatest(r.first, e.first), least(r.last, e.last), r.sure, {'1' if link.depth is None else 'r.depth + 1'}"
        f" FROM reached r JOIN {step} e ON e.{here} = r.organization AND e.sure = r.sure AND e.first <= r.last AND e.last >= r.first"
        f" {'' if link.depth is None else f'WHERE r.depth < {link.depth}'}"
    )
    reached = f"WITH RECURSIVE reached AS ({begin} UNION {deeper}) SELECT * FROM reached WHERE subject <> organization"
    query = begin + f" WHERE e.{here} <> e.{there}" if link.depth == 1 else reached
    found = work.table("reached", query)
    table = work.table("reach", merged(found, "subject, organization, sure"))
    work.drop(found)
    return table


def ancestry(work: Work, ancestors: list[str]) -> str:
    """A table (ancestor, organization, first, last, sure, steps): who is at or below each of some organizations (ids) in the `part_of` tree, so many steps."""
    return work.once(("ancestry", tuple(ancestors)), lambda: _ancestry(work, ancestors))


def _ancestry(work: Work, ancestors: list[str]) -> str:
    step = steps(work, "part_of")
    tops = " UNION ALL ".join(
        f"SELECT {sql.text(ancestor)} AS ancestor, {organization_number(ancestor)} AS"
        f" organization, {sql.FIRST_DAY} AS first, {sql.LAST_DAY} AS last, sure, 0 AS steps"
        " FROM (VALUES (TRUE), (FALSE)) t(sure)"
        for ancestor in ancestors
    )
    limit = "(SELECT count(*) FROM facts.subjects)"
    below = (
        "SELECT a.ancestor, e.source, greatest(a.first, e.first), least(a.last, e.last), a.sure, a.steps + 1"
        f" FROM below a JOIN {step} e ON e.target = a.organization AND e.sure = a.sure AND e.first <= a.last AND e.last >= a.first WHERE a.steps < {limit}"
    )
    return work.table("ancestry", f"WITH RECURSIVE below AS ({tops} UNION {below}) SELECT * FROM below")

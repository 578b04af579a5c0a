"""Who holds which office on the day of a cell: for `Holds` and for organizations that holders of a role are."""

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.days import kind_truth
from mofan_rules.executors.duckdb.feeds import Gap, gaps, wanting
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, Holds, Op
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.schema import Table


def offices(work: Work, cells: str, roles: frozenset[str], relation: str | None) -> str:
    """A query (cell, person, holder, sure): tenures of these roles on the cell's day, in the subject or in organizations to which the relation leads."""
    until_low, until_high = work.seen_until("h.until_date_low"), work.seen_until("h.until_date_high")
    possible = f"({kind_truth(roles, 'h.role')}) IS NOT FALSE AND h.from_date_low <= c.day AND {until_high} >= c.day"
    sure = f"h.certain AND h.role IS NOT NULL AND h.organization IS NOT NULL AND h.from_date_high <= c.day AND {until_low} >= c.day"
    if relation is None:
        source = f"{cells} c JOIN facts.tenures h ON h.organization = c.subject"
        anyone = f"{cells} c CROSS JOIN facts.tenures h"
    else:
        links = reach(work, Linked(relation, Direction.OUT, 1), f"SELECT DISTINCT subject FROM {cells}")
        reached = (
            f"(SELECT x.cell, q.organization, bool_or(q.sure) AS linked FROM {cells} x JOIN"
            f" {links} q ON q.subject = x.subject AND x.day BETWEEN q.first AND q.last GROUP BY ALL)"
        )
        source = f"{cells} c JOIN {reached} p ON p.cell = c.cell JOIN facts.tenures h ON h.organization = p.organization"
        anyone = f"{cells} c SEMI JOIN {reached} p ON p.cell = c.cell CROSS JOIN facts.tenures h"
        sure = f"p.linked AND {sure}"
    query = f"SELECT c.cell, h.person, h.holder, COALESCE({sure}, FALSE) AS sure FROM {source} WHERE {possible}"
    if work.once("anyone's tenure", lambda: work.any("SELECT 1 FROM facts.tenures WHERE organization IS NULL")):
        query += f" UNION ALL SELECT c.cell, h.person, h.holder, FALSE FROM {anyone} WHERE h.organization IS NULL AND {possible}"
    return query


def holds_column(work: Work, cells: str, frame: Frame, node: Holds) -> str:
    """Brings the answer of a `Holds` about the person of row `r` into a frame: the name of a truth column."""
    held = offices(work, cells, node.roles, node.relation)
    person, anyone = f"h{len(frame.joins)}", f"h{len(frame.joins) + 1}"
    frame.joins.append(
        f"LEFT JOIN (SELECT cell, person, bool_or(sure) AS sure FROM ({held}) WHERE person IS NOT NULL GROUP BY ALL) {person}"
        f" ON {person}.cell = c.cell AND {person}.person = r.person"
    )
    frame.joins.append(f"LEFT JOIN (SELECT DISTINCT cell FROM ({held}) WHERE person IS NULL) {anyone} ON {anyone}.cell = c.cell")
    gap = _gap(work, cells, node, f"{person}f")
    unfed = sql.FALSE
    if gap is not None:
        frame.joins.append(gap.joins)
        unfed = f"({gap.first}) IS NOT NULL"
    return frame.need(
        f"CASE WHEN r.person IS NULL THEN NULL WHEN {person}.sure THEN TRUE"
        f" WHEN {person}.cell IS NOT NULL OR {anyone}.cell IS NOT NULL OR {unfed} THEN NULL ELSE FALSE END"
    )


def _gap(work: Work, cells: str, node: Holds, alias: str) -> Gap | None:
    """Whether tenures of the roles may be wanting on the day of a cell."""
    want = wanting(work, Table.TENURES, node.roles)
    if node.relation is None:
        return gaps(work, [(want, "")], cells, "c.day", "c.day", alias)
    links = reach(work, Linked(node.relation, Direction.OUT, 1), f"SELECT DISTINCT subject FROM {cells}")
    linked = (
        f"(SELECT DISTINCT x.cell, q.organization FROM {cells} x JOIN {links} q ON q.subject = x.subject AND NOT q.sure AND x.day BETWEEN q.first AND q.last)"
    )
    family = work.program.vocabulary.family(Table.RELATIONS, node.relation)
    return gaps(work, [(want, linked), (wanting(work, Table.RELATIONS, family), "")], cells, "c.day", "c.day", alias)


def holds_in(expression: Expression | None) -> bool:
    """Does an expression ask who holds an office?"""
    match expression:
        case Holds():
            return True
        case Op(_, arguments):
            return any(holds_in(argument) for argument in arguments)
        case _:
            return False

"""Which organization answers for a verdict: the one to which a relation leads the subject on the reference day (`docs/meaning.md` 1.8)."""

from collections.abc import Sequence

from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.members import by_who
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Header
from mofan_rules.ir.rows import Direction, Linked


def _sure_steps(work: Work, relation: str) -> str:
    links = reach(work, Linked(relation, Direction.OUT, 1), f"SELECT organization AS subject FROM {work.subjects}")
    return f"(SELECT * FROM {links} WHERE sure)"


def one_accountable(work: Work, relation: str) -> bool:
    """Does the relation lead each subject surely to one organization at most, whatever the day?"""
    sure = _sure_steps(work, relation)
    return work.once(("one", sure), lambda: not work.any(f"SELECT 1 FROM {sure} GROUP BY subject HAVING count(*) > 1"))


def with_accountable(work: Work, headers: Sequence[Header], cells: str) -> tuple[str, str]:
    """Joins over cells `c` and the number of the organization that is accountable (1.8); cells of several requirements have the column `who`."""
    joins: list[str] = []
    found: dict[str | None, str] = {None: "c.subject"}
    for relation in dict.fromkeys(header.accountable for header in headers):
        if relation is not None:
            alias = f"acc{len(joins)}"
            joins.append(_accountable_join(work, relation, cells, alias))
            found[relation] = f"COALESCE({alias}.organization, c.subject)"
    return " ".join(joins), by_who("c.who", {who: found[header.accountable] for who, header in enumerate(headers)}, found[headers[0].accountable])


def _accountable_join(work: Work, relation: str, cells: str, alias: str) -> str:
    """The join that brings in the organization to which a relation surely leads the subject of a cell."""
    sure = _sure_steps(work, relation)
    if one_accountable(work, relation):
        return f"LEFT JOIN {sure} {alias} ON {alias}.subject = c.subject AND c.day BETWEEN {alias}.first AND {alias}.last"
    nearest = (
        f"(SELECT x.cell, min(q.organization) AS organization FROM {cells} x JOIN {sure}"
        " q ON q.subject = x.subject AND x.day BETWEEN q.first AND q.last GROUP BY x.cell)"
    )
    return f"LEFT JOIN {nearest} {alias} ON {alias}.cell = c.cell"

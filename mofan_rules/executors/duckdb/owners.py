"""How rows of facts belong to subjects: their own, those of linked organizations, those of the holders of a role (`ir.rows`)."""

from dataclasses import dataclass, replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.graph import reach
from mofan_rules.executors.duckdb.holding import offices
from mofan_rules.executors.duckdb.members import same_member, source
from mofan_rules.executors.duckdb.scope import Judging, date_column, owner_column
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.rows import ByRole, OfLinked, Own, Place, Rows


@dataclass(slots=True)
class Join:
    """How rows meet cells: the FROM clause with `c` and `r`, conditions, and the truth of *it is the subject's*."""

    source: str
    where: list[str]
    owned: str


def owners_of(judging: Judging, rows: Rows, rest: str, anyone: bool = True) -> list[Join]:
    """The ways in which rows belong to subjects; rows whose organization may be any meet every subject (not of `Own` without `anyone`)."""
    work, table, same = judging.work, f"{source(rows)} r", same_member(rows)
    match rows.owner:
        case Own() as owner:
            column = f"r.{sql.name(owner_column(rows.table, owner))}"
            joins = [Join(f"{judging.cells} c JOIN {table} ON {column} = c.subject{same}", [rest], sql.TRUE)]
            if not anyone:
                return joins
            return joins + _anyone(work, rows, column, Join(f"{judging.cells} c JOIN {table} ON TRUE{same}", [rest], sql.UNKNOWN))
        case OfLinked(link):
            column = 'r."organization"'
            links = reach(work, link, f"SELECT DISTINCT subject FROM {judging.cells}")
            pairs = f"(SELECT DISTINCT subject, organization FROM {links})"
            first, last = _link_days(judging, rows)
            sure = f"LEFT JOIN {links} q ON q.subject = c.subject AND q.organization = p.organization AND q.sure AND q.first <= {first} AND q.last >= {last}"
            possible = (
                f"EXISTS (SELECT 1 FROM {links} m WHERE m.subject = c.subject AND m.organization = p.organization AND NOT m.sure"
                f" AND m.first <= {last} AND m.last >= {first})"
            )
            found = f"{judging.cells} c JOIN {pairs} p ON p.subject = c.subject JOIN {table} ON {column} = p.organization{same} {sure}"
            joins = [Join(found, [rest, possible], "CASE WHEN q.subject IS NOT NULL THEN TRUE END")]
            reached = f"EXISTS (SELECT 1 FROM {links} m WHERE m.subject = c.subject AND NOT m.sure AND m.first <= {last} AND m.last >= {first})"
            return joins + _anyone(work, rows, column, Join(f"{judging.cells} c JOIN {table} ON TRUE{same}", [rest, reached], sql.UNKNOWN))
        case ByRole(roles):
            return _held(judging, rows, rest, roles)


def _held(judging: Judging, rows: Rows, rest: str, roles: frozenset[str]) -> list[Join]:
    """Rows of the organizations that hold a role; a tenure without a person may name any."""
    work, table, same = judging.work, f"{source(rows)} r", same_member(rows)
    held = work.table("held", offices(work, judging.cells, roles, None))
    named = f"(SELECT cell, holder, bool_or(sure) AS sure FROM {held} WHERE holder IS NOT NULL GROUP BY ALL)"
    open_ = f"(SELECT DISTINCT cell FROM {held} WHERE person IS NULL)"
    owned = "CASE WHEN p.sure THEN TRUE END"
    known = f"{judging.cells} c ANTI JOIN {open_} x ON x.cell = c.cell JOIN {named} p ON p.cell = c.cell JOIN {table} ON r.organization = p.holder{same}"
    any_ = (
        f"{judging.cells} c SEMI JOIN {open_} x ON x.cell = c.cell JOIN {table} ON TRUE{same}"
        f" LEFT JOIN {named} p ON p.cell = c.cell AND p.holder = r.organization"
    )
    joins = [Join(known, [rest], owned), Join(any_, [rest], owned)]
    unknown = f"{judging.cells} c SEMI JOIN {named} p ON p.cell = c.cell ANTI JOIN {open_} x ON x.cell = c.cell JOIN {table} ON TRUE{same}"
    return joins + _anyone(work, rows, "r.organization", Join(unknown, [rest], sql.UNKNOWN))


def _anyone(work: Work, rows: Rows, column: str, join: Join) -> list[Join]:
    """The join of rows whose organization is not known, if there are any."""
    return [narrowed(join, f"{column} IS NULL")] if some_of_anyone(work, rows, column) else []


def some_of_anyone(work: Work, rows: Rows, column: str) -> bool:
    """Are there rows of a table of which it is not known whose they are?"""
    return work.once(("anyone", rows.table, column), lambda: work.any(f"SELECT 1 FROM facts.{rows.table.value} r WHERE {column} IS NULL"))


def narrowed(join: Join, condition: str) -> Join:
    """The join with one more condition."""
    return replace(join, where=[*join.where, condition])


def _link_days(judging: Judging, rows: Rows) -> tuple[str, str]:
    """The days on which a link is looked at: the row's own date in a count over a window, else the judged or reference day."""
    if judging.state or rows.place in (Place.IN_FORCE, Place.OVERLAPPING):
        return "c.day", "c.day"
    column = date_column(rows)
    return f"r.{sql.name(column + '_low')}", f"r.{sql.name(column + '_high')}"

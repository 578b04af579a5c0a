"""Rows of which it is not known whose they are: any organization's, perhaps. What they add to a count is the same for all that exist on their days, and is
looked for once a window; so a few such rows among millions of organizations cost a few rows each, not millions."""

from collections.abc import Sequence
from dataclasses import replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import life
from mofan_rules.executors.duckdb.matching import Condition, joined
from mofan_rules.executors.duckdb.owners import Join
from mofan_rules.executors.duckdb.scope import Judging, Project, Stretch
from mofan_rules.ir.rows import Rows


def shared_ids(judging: Judging, rows: Rows, owner: str) -> str:
    """A table of the ids that rows without an owner share with rows that have one: these are one thing, so that they are not counted apart."""
    work, table = judging.work, f"facts.{rows.table.value} r"
    found = f"SELECT DISTINCT r.id FROM {table} SEMI JOIN (SELECT r.id FROM {table} WHERE {owner} IS NULL) a ON a.id = r.id WHERE {owner} IS NOT NULL"
    return work.once(("shared ids", rows.table, owner), lambda: work.table("shared", found))


def added(
    judging: Judging, rows: Rows, stretch: Stretch, project: Project, source: str, owner: str, where: Sequence[str], condition: Condition
) -> tuple[str, list[str]]:
    """What rows without an owner add to the counts of cells.

    Parameters
    ----------
    source: the rows, as `r`, that a join of cells `c` takes, with `ON`.
    owner: the column of a row that says whose it is.
    where: what the rows are besides.
    condition: what must hold of a row; it looks neither at the cell nor at the subject.

    Returns
    -------
    A relation (cell, high, undecided, rejected), and the lanes of what has to be met row by row: cells of organizations that do not exist on all days of the
    rows, and rows whose id some other row bears.
    """
    work = judging.work
    apart = f"(r.id IS NULL OR r.id NOT IN (SELECT id FROM {shared_ids(judging, rows, owner)}))"
    columns = "window_first, window_last, due"
    windows = work.table(
        "window", f"SELECT row_number() OVER () AS cell, who, {columns}, NULL::INTEGER AS subject FROM (SELECT DISTINCT who, {columns} FROM {judging.cells})"
    )
    each = Join(f"{windows} c JOIN {source}", [*where, f"{owner} IS NULL", apart], sql.UNKNOWN)
    found = joined(judging, rows, stretch, project, each, condition, anyone=True)
    once = (
        "SELECT cell, count(DISTINCT thing) + count(*) FILTER (thing IS NULL) AS high, bool_or(certain) AS undecided, bool_or(NOT certain) AS rejected,"
        f" least(min(high), max(low)) AS first, greatest(min(high), max(low)) AS last FROM ({found}) GROUP BY cell"
    )
    lives = f"{life(work).table} e ON e.organization = c.subject AND NOT e.sure AND e.first <= w.first AND e.last >= w.last"
    same = " AND ".join(f"w.{column} = c.{column}" for column in ("who", *columns.split(", ")))
    reached = work.table(
        "anyone",
        f"SELECT c.cell, w.high, w.undecided, w.rejected, e.organization IS NOT NULL AS whole FROM {judging.cells} c"
        f" JOIN (SELECT s.*, o.* EXCLUDE (cell) FROM {windows} s JOIN ({once}) o ON o.cell = s.cell) w ON {same} LEFT JOIN {lives}",
    )
    part = work.table("part", f"SELECT c.* FROM {judging.cells} c SEMI JOIN {reached} a ON a.cell = c.cell AND NOT a.whole")
    inexact = Join(f"{part} c JOIN {source}", [*where, f"{owner} IS NULL", apart], sql.UNKNOWN)
    shared = Join(f"{judging.cells} c JOIN {source}", [*where, f"{owner} IS NULL", f"NOT {apart}"], sql.UNKNOWN)
    lanes = [joined(replace(judging, cells=part), rows, stretch, project, inexact, condition), joined(judging, rows, stretch, project, shared, condition)]
    work.drop(windows)
    work.passing += [reached, part]
    return f"(SELECT cell, high, undecided, rejected FROM {reached} WHERE whole)", lanes

"""Waivers: which cells they cover, which they may, and how far they move the day on which an answer is due (`docs/meaning.md` 3.5)."""

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.calendar import add_duration
from mofan_rules.executors.duckdb.feeds import gaps, wanting
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Header
from mofan_rules.schema import Table

NO_WAIVERS = {"c.covered": sql.FALSE, "c.waiver_doubt": sql.FALSE, "c.extended": sql.FALSE}
"""What is the same in all cells where nothing can be waived."""


def can_waive(work: Work, header: Header) -> bool:
    """Is there a waiver of the requirement, or may one be wanting?"""
    name = sql.text(header.requirement)
    some = work.any(f"SELECT 1 FROM facts.waivers WHERE requirement = {name} OR requirement IS NULL")
    return some or (admits(work, header) and wanting(work, Table.WAIVERS, frozenset((header.requirement,))) is not None)


def admits(work: Work, header: Header) -> bool:
    """Does the ruleset let any waiver of the requirement be admitted?"""
    policy = work.program.vocabulary.waivers.get(header.requirement)
    return policy is not None and (not policy.must or policy.waivable)


def with_waivers(work: Work, relation: str, header: Header, extends: bool) -> str:
    """Cells with covered, waiver_doubt, extended, base_due, and with `due` moved by the waivers that cover if `extends`."""
    name, doubted = sql.text(header.requirement), admits(work, header)
    want = wanting(work, Table.WAIVERS, frozenset((header.requirement,))) if doubted else None
    if not can_waive(work, header):
        return f"(SELECT c.*, FALSE AS covered, FALSE AS waiver_doubt, FALSE AS extended, c.due AS base_due FROM {relation} c)"
    cells = work.table("cells", f"SELECT * FROM {relation}")
    last = f"COALESCE(c.window_last, {work.as_of})"
    seen = f"CASE WHEN {last} > {work.as_of} THEN {work.as_of} ELSE {last} END"
    possible = f"w.from_date_low <= {seen} AND {last} <= w.until_date_high"
    sure = f"w.certain AND w.requirement IS NOT NULL AND w.organization IS NOT NULL AND w.from_date_high <= {seen} AND {last} <= w.until_date_low"
    rows = f"(SELECT * FROM facts.waivers WHERE requirement = {name} OR requirement IS NULL)"
    found = (
        f"SELECT c.cell, COALESCE({sure}, FALSE) AS sure, w.until_date_low AS until FROM {cells} c JOIN {rows} w ON w.organization = c.subject WHERE {possible}"
    )
    found += f" UNION ALL SELECT c.cell, FALSE, NULL FROM {cells} c JOIN {rows} w ON w.organization IS NULL WHERE {possible}"
    grouped = f"SELECT cell, bool_or(sure) AS covered, bool_or(NOT sure) AS doubt, max(until) FILTER (sure) AS until FROM ({found}) GROUP BY cell"
    joins = f"LEFT JOIN ({grouped}) w ON w.cell = c.cell"
    gap = gaps([(want, "", "")], cells, seen, seen)
    doubt = "COALESCE(w.doubt, FALSE)" if doubted else "FALSE"
    if gap is not None:
        joins += f" LEFT JOIN ({gap}) f ON f.cell = c.cell"
        doubt = f"({doubt} OR f.cell IS NOT NULL)"
    moved = "w.until"
    if header.extension is not None:
        limit = add_duration("c.window_last", header.extension)
        moved = sql.lesser("w.until", limit)
    later = f"({moved}) > c.due" if extends else "FALSE"
    return (
        f"(SELECT c.* EXCLUDE (due), c.due AS base_due, CASE WHEN {later} THEN {moved} ELSE c.due END AS due, COALESCE({later}, FALSE) AS extended,"
        f" {'FALSE' if extends else 'COALESCE(w.covered, FALSE)'} AS covered, {doubt} AS waiver_doubt FROM {cells} c {joins})"
    )

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
    named = work.once("waived", lambda: {name for (name,) in work.rows("SELECT DISTINCT requirement FROM facts.waivers")})
    some = header.requirement in named or None in named
    return some or (admits(work, header) and wanting(work, Table.WAIVERS, frozenset((header.requirement,))) is not None)


def admits(work: Work, header: Header) -> bool:
    """Does the ruleset let any waiver of the requirement be admitted?"""
    policy = work.program.vocabulary.waivers.get(header.requirement)
    return policy is not None and (not policy.must or policy.waivable)


def _of_organizations(work: Work, header: Header) -> str:
    """A table (organization, rows) of the waivers that may be of the requirement: one row for each organization, which has all that may be its own."""
    name = sql.text(header.requirement)
    row = (
        "{'from_low': from_date_low, 'from_high': from_date_high, 'until_low': until_date_low, 'until_high': until_date_high,"
        " 'sure': certain AND requirement IS NOT NULL AND organization IS NOT NULL}"
    )
    rows = f"SELECT organization, {row} AS one FROM facts.waivers WHERE requirement = {name} OR requirement IS NULL"
    spread = f"SELECT * FROM ({rows}) WHERE organization IS NOT NULL"
    if work.any("SELECT 1 FROM facts.waivers WHERE organization IS NULL"):
        spread += f" UNION ALL SELECT s.number, w.one FROM facts.subjects s CROSS JOIN (SELECT * FROM ({rows}) WHERE organization IS NULL) w"
    return f"(SELECT organization, list(one) AS rows FROM ({spread}) GROUP BY organization)"


def with_waivers(work: Work, relation: str, header: Header, extends: bool) -> str:
    """Cells with covered, waiver_doubt, extended, base_due, and with `due` moved by the waivers that cover if `extends`."""
    if not can_waive(work, header):
        return f"(SELECT c.*, FALSE AS covered, FALSE AS waiver_doubt, FALSE AS extended, c.due AS base_due FROM {relation} c)"
    last = f"COALESCE(c.window_last, {work.as_of})"
    seen = f"CASE WHEN {last} > {work.as_of} THEN {work.as_of} ELSE {last} END"
    sure = f"x.sure AND x.from_high <= {seen} AND {last} <= x.until_low"
    possible = f"x.from_low <= {seen} AND {last} <= x.until_high"
    covering = f"list_filter(w.rows, lambda x: {sure})"
    joins = f"LEFT JOIN {_of_organizations(work, header)} w ON w.organization = c.subject"
    doubt = "FALSE"
    if admits(work, header):
        doubt = f"COALESCE(len(list_filter(w.rows, lambda x: {possible} AND ({sure}) IS NOT TRUE)) > 0, FALSE)"
        gap = gaps(work, [(wanting(work, Table.WAIVERS, frozenset((header.requirement,))), "")], "", seen, seen, "f")
        if gap is not None:
            joins += f" {gap.joins}"
            doubt = f"({doubt} OR ({gap.first}) IS NOT NULL)"
    if not extends:
        covered = f"COALESCE(len({covering}) > 0, FALSE)"
        return f"(SELECT c.*, {covered} AS covered, {doubt} AS waiver_doubt, FALSE AS extended, c.due AS base_due FROM {relation} c {joins})"
    moved = "c.moved"
    if header.extension is not None:
        moved = sql.lesser(moved, add_duration("c.window_last", header.extension))
    moving = f"SELECT c.*, {doubt} AS waiver_doubt, list_max(list_transform({covering}, lambda x: x.until_low)) AS moved FROM {relation} c {joins}"
    later = f"SELECT c.* EXCLUDE (moved), {moved} AS moved FROM ({moving}) c"
    return (
        "(SELECT c.* EXCLUDE (due, moved), c.due AS base_due, CASE WHEN c.moved > c.due THEN c.moved ELSE c.due END AS due,"
        f" COALESCE(c.moved > c.due, FALSE) AS extended, FALSE AS covered FROM ({later}) c)"
    )

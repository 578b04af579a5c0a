"""Waivers: which cells they cover, which they may, and how far they move the day on which an answer is due (`docs/meaning.md` 3.5)."""

from collections.abc import Sequence

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.calendar import add_duration
from mofan_rules.executors.duckdb.feeds import gaps, wanting
from mofan_rules.executors.duckdb.members import by_who
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


def _of_organizations(work: Work, headers: Sequence[Header]) -> str:
    """A relation (who, organization, rows) of the waivers that may be of each requirement: one row an organization, with all that may be its own."""
    row = (
        "{'from_low': from_date_low, 'from_high': from_date_high, 'until_low': until_date_low, 'until_high': until_date_high,"
        " 'sure': certain AND requirement IS NOT NULL AND organization IS NOT NULL}"
    )
    names = ", ".join(f"({who}, {sql.text(header.requirement)})" for who, header in enumerate(headers))
    rows = f"SELECT n.who, organization, {row} AS one FROM facts.waivers JOIN (VALUES {names}) n(who, name) ON requirement = n.name OR requirement IS NULL"
    spread = f"SELECT * FROM ({rows}) WHERE organization IS NOT NULL"
    if work.any("SELECT 1 FROM facts.waivers WHERE organization IS NULL"):
        spread += f" UNION ALL SELECT w.who, s.number, w.one FROM facts.subjects s CROSS JOIN (SELECT * FROM ({rows}) WHERE organization IS NULL) w"
    return f"(SELECT who, organization, list(one) AS rows FROM ({spread}) GROUP BY who, organization)"


def _doubt(work: Work, headers: Sequence[Header], possible: str, seen: str) -> tuple[str, str]:
    """Joins and the condition under which a waiver that is not certain may cover a cell."""
    admitting = [who for who, header in enumerate(headers) if admits(work, header)]
    if not admitting:
        return "", sql.FALSE
    doubt, joins = f"COALESCE(len(list_filter(w.rows, lambda x: {possible})) > 0, FALSE)", ""
    gap = gaps(work, [(wanting(work, Table.WAIVERS, frozenset((headers[admitting[0]].requirement,))), "")], "", seen, seen, "f")
    if gap is not None:
        joins, doubt = f" {gap.joins}", f"({doubt} OR ({gap.first}) IS NOT NULL)"
    if len(admitting) < len(headers):
        doubt = f"(c.who IN ({', '.join(map(str, admitting))}) AND {doubt})"
    return joins, doubt


def with_waivers(work: Work, relation: str, headers: Sequence[Header], extends: bool) -> str:
    """Cells with covered, waiver_doubt, extended, base_due, and with `due` moved by the waivers that cover if `extends`.

    The cells of several requirements have the column `who`, the place of theirs; what may be wanting of their waivers must be everywhere or nowhere.
    """
    if not any(can_waive(work, header) for header in headers):
        return f"(SELECT c.*, FALSE AS covered, FALSE AS waiver_doubt, FALSE AS extended, c.due AS base_due FROM {relation} c)"
    last = f"COALESCE(c.window_last, {work.as_of})"
    seen = f"CASE WHEN {last} > {work.as_of} THEN {work.as_of} ELSE {last} END"
    sure = f"x.sure AND x.from_high <= {seen} AND {last} <= x.until_low"
    possible = f"x.from_low <= {seen} AND {last} <= x.until_high AND ({sure}) IS NOT TRUE"
    covering = f"list_filter(w.rows, lambda x: {sure})"
    joins = f"LEFT JOIN {_of_organizations(work, headers)} w ON w.organization = c.subject{' AND w.who = c.who' if len(headers) > 1 else ''}"
    more, doubt = _doubt(work, headers, possible, seen)
    joins += more
    if not extends:
        covered = f"COALESCE(len({covering}) > 0, FALSE)"
        return f"(SELECT c.*, {covered} AS covered, {doubt} AS waiver_doubt, FALSE AS extended, c.due AS base_due FROM {relation} c {joins})"
    moves = {
        who: "c.moved" if header.extension is None else sql.lesser("c.moved", add_duration("c.window_last", header.extension))
        for who, header in enumerate(headers)
    }
    moving = f"SELECT c.*, {doubt} AS waiver_doubt, list_max(list_transform({covering}, lambda x: x.until_low)) AS moved FROM {relation} c {joins}"
    later = f"SELECT c.* EXCLUDE (moved), {by_who('c.who', moves, moves[0])} AS moved FROM ({moving}) c"
    return (
        "(SELECT c.* EXCLUDE (due, moved), c.due AS base_due, CASE WHEN c.moved > c.due THEN c.moved ELSE c.due END AS due,"
        f" COALESCE(c.moved > c.due, FALSE) AS extended, FALSE AS covered FROM ({later}) c)"
    )

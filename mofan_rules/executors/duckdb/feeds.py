"""Where feeds are incomplete: the days on which rows of a table may be wanting for an organization (`ir.measures.Measure`, *Fed*)."""

from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.days import merged
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.schema import Table
from mofan_rules.values.dates import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Wanting:
    """The incomplete days of a table: for every organization (`always`), or as a table (organization, first, last)."""

    always: bool
    table: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A row of `feeds` for one table."""

    kind: str | None
    organization: int | None
    first: date
    last: date
    complete: bool


def _feeds(work: Work, table: Table) -> list[Feed]:
    query = f'SELECT kind, organization, from_date, until_date, complete FROM facts.feeds WHERE "table" = {sql.text(table.value)}'
    return work.once(("feeds", table), lambda: [Feed(*row) for row in work.rows(query)])


def wanting(work: Work, table: Table, kinds: frozenset[str] | None, anybody: bool = False) -> Wanting | None:
    """Where rows of these kinds (`None`: any kind) may be wanting; `None`: nowhere. `anybody`: where they may be wanting for any organization."""
    return work.once(("wanting", table, kinds, anybody), lambda: _wanting(work, table, kinds, anybody))


def _wanting(work: Work, table: Table, kinds: frozenset[str] | None, anybody: bool) -> Wanting | None:
    feeds = _feeds(work, table)
    if all(feed.complete for feed in feeds):
        return None
    if len(feeds) == 1 and feeds[0] == Feed(None, None, BEGINNING, END, False):
        return Wanting(True)
    vocabulary = work.program.vocabulary
    named = {feed.kind for feed in feeds if feed.kind is not None}
    families = {kind: vocabulary.family(table, kind) for kind in named}
    asked: list[str | None] = list(kinds) if kinds is not None else [None, *vocabulary.kinds.get(table, {}), *named]
    pairs = [(place, feed) for place, kind in enumerate(dict.fromkeys(asked)) for feed in named if kind in families[feed]]
    values = ", ".join(f"({place}, {sql.text(feed)})" for place, feed in pairs) or "(-1, NULL::VARCHAR)"
    own = f"SELECT p.place, f.* FROM facts.feeds f JOIN (VALUES {values}) p(place, kind) ON p.kind = f.kind"
    general = f"SELECT p.place, f.* FROM facts.feeds f CROSS JOIN range({len(dict.fromkeys(asked))}) p(place) WHERE f.kind IS NULL"
    chosen = f'(SELECT * FROM ({own} UNION ALL {general}) WHERE "table" = {sql.text(table.value)})'
    rows = work.table("feed", f"SELECT place, kind, organization, from_date AS first, until_date AS last, complete FROM {chosen}")
    listed = work.table("listed", f"SELECT DISTINCT place, organization FROM {rows} UNION SELECT DISTINCT place, NULL::INTEGER FROM {rows}")
    applies = "f.place = l.place AND (f.organization IS NULL OR f.organization = l.organization)"
    cuts = (
        f"SELECT l.place, l.organization, f.first AS cut FROM {listed} l JOIN {rows} f ON {applies}"
        f" UNION SELECT l.place, l.organization, f.last + 1 FROM {listed} l JOIN {rows} f ON {applies}"
    )
    spans = f"SELECT place, organization, cut AS first, lead(cut) OVER (PARTITION BY place, organization ORDER BY cut) - 1 AS last FROM ({cuts})"
    names = "(CASE WHEN f.kind IS NULL THEN 0 ELSE 1 END + CASE WHEN f.organization IS NULL THEN 0 ELSE 1 END)"
    judged = (
        f"SELECT l.place, l.organization, l.first, l.last, {names} AS names, bool_and(f.complete) AS complete FROM ({spans}) l"
        f" JOIN {rows} f ON {applies} AND f.first <= l.first AND f.last >= l.last GROUP BY ALL"
    )
    bad = f"SELECT place, organization, first, last FROM ({judged}) GROUP BY ALL HAVING NOT arg_max(complete, names)"
    found = work.table("bad", bad)
    everyone = f"SELECT number AS organization, b.first, b.last FROM facts.subjects CROSS JOIN {found} b"
    if anybody:
        spread = everyone
    else:
        special = f"(SELECT 1 FROM {listed} l WHERE l.place = b.place AND l.organization = number)"
        spread = (
            f"SELECT organization, first, last FROM {found} WHERE organization IS NOT NULL"
            f" UNION ALL {everyone} WHERE b.organization IS NULL AND NOT EXISTS {special}"
        )
    return Wanting(False, work.table("wanting", merged(f"({spread})")))


def gaps(sources: list[tuple[Wanting | None, str, str]], cells: str, low: str, high: str) -> str | None:
    """A query (cell, bad_first, bad_last): the first and the last incomplete day of each cell between `low` and `high`; `None`: there are none.

    Each source is what may be wanting, a relation (cell, organization) of those that it is asked for, and its name for the cells' own subject is ``.
    """
    parts = []
    for want, whose, _ in sources:
        if want is None:
            continue
        if want.always and not whose:
            parts.append(f"SELECT c.cell, {low} AS bad_first, {high} AS bad_last FROM {cells} c WHERE {low} <= {high}")
        elif want.always:
            parts.append(f"SELECT c.cell, {low} AS bad_first, {high} AS bad_last FROM {cells} c JOIN {whose} o ON o.cell = c.cell WHERE {low} <= {high}")
        else:
            owner = (
                f"JOIN {whose} o ON o.cell = c.cell JOIN {want.table} b ON b.organization = o.organization"
                if whose
                else f"JOIN {want.table} b ON b.organization = c.subject"
            )
            parts.append(
                f"SELECT c.cell, greatest(b.first, {low}) AS bad_first, least(b.last, {high}) AS bad_last FROM {cells} c {owner}"
                f" AND b.first <= {high} AND b.last >= {low} AND {low} <= {high}"
            )
    if not parts:
        return None
    return f"SELECT cell, min(bad_first) AS bad_first, max(bad_last) AS bad_last FROM ({' UNION ALL '.join(parts)}) GROUP BY cell"

"""Where feeds are incomplete: the days on which rows of a table may be wanting for an organization (`ir.measures.Measure`, *Fed*)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.days import headers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.schema import Table
from mofan_rules.values.dates import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Wanting:
    """The incomplete days of a table: for every organization (`always`), or as a relation (organization, first, last)."""

    always: bool
    table: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Joins for a FROM clause with cells `c`, and the first and the last incomplete day of a cell over it, null where there is none."""

    joins: str
    first: str
    last: str


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
    known = work.once(("incomplete", table), lambda: _incomplete(work, table, feeds))
    vocabulary = work.program.vocabulary
    asked: list[str | None] = list(kinds) if kinds is not None else [None, *vocabulary.kinds.get(table, {}), *(feed.kind for feed in feeds if feed.kind)]
    places = sorted({known.places[_naming(work, table, feeds, kind)] for kind in asked} & known.bad)
    if not places:
        return None
    return work.once(("wanting at", table, tuple(places), anybody), lambda: _wanting_at(work, known, places, anybody))


def _wanting_at(work: Work, known: "_Incomplete", places: list[int], anybody: bool) -> Wanting:
    """Where what belongs to these places may be wanting."""
    found = f"(SELECT * FROM {known.table} WHERE place IN ({', '.join(map(str, places))}))"
    everyone = f"SELECT s.number AS organization, b.first, b.last FROM facts.subjects s CROSS JOIN {found} b"
    if anybody:
        return Wanting(False, work.table("wanting", f"SELECT DISTINCT * FROM ({everyone})"))
    special = f"(SELECT 1 FROM {known.listed} l WHERE l.place = b.place AND l.organization = s.number)"
    spread = (
        f"SELECT organization, first, last FROM {found} WHERE organization IS NOT NULL UNION {everyone} WHERE b.organization IS NULL AND NOT EXISTS {special}"
    )
    return Wanting(False, work.table("wanting", spread))


@dataclass(frozen=True, slots=True)
class _Incomplete:
    """What the feeds of one table say. Kinds that the same feeds name share a *place*.

    Parameters
    ----------
    places: the place of each set of kinds that feeds name.
    table: a table (place, organization, first, last) of incomplete days; without an organization: of all those that are not `listed` at that place.
    bad: the places that have incomplete days.
    """

    places: dict[frozenset[str], int]
    table: str
    listed: str
    bad: frozenset[int]


def _naming(work: Work, table: Table, feeds: list[Feed], kind: str | None) -> frozenset[str]:
    """The kinds named by feeds that stand for a kind."""
    vocabulary = work.program.vocabulary
    families = work.once(("families", table), lambda: {feed.kind: vocabulary.family(table, feed.kind) for feed in feeds if feed.kind is not None})
    return frozenset(name for name, family in families.items() if kind in family)


def _incomplete(work: Work, table: Table, feeds: list[Feed]) -> _Incomplete:
    named = {feed.kind for feed in feeds if feed.kind is not None}
    kinds: list[str | None] = [None, *work.program.vocabulary.kinds.get(table, {}), *named]
    if table is Table.WAIVERS:
        kinds += [header.requirement for header in headers(work.program)]
    places = {naming: place for place, naming in enumerate(dict.fromkeys(_naming(work, table, feeds, kind) for kind in kinds))}
    pairs = [(place, kind) for naming, place in places.items() for kind in naming]
    values = ", ".join(f"({place}, {sql.text(kind)})" for place, kind in pairs) or "(-1, NULL::VARCHAR)"
    columns = "kind, organization, from_date AS first, until_date AS last, complete"
    chosen = f'(SELECT {columns} FROM facts.feeds WHERE "table" = {sql.text(table.value)})'
    rows = work.table(
        "feed",
        f"SELECT p.place, f.* FROM {chosen} f JOIN (VALUES {values}) p(place, kind) ON p.kind = f.kind"
        f" UNION ALL SELECT p.place::INTEGER, f.* FROM {chosen} f CROSS JOIN range({len(places)}) p(place) WHERE f.kind IS NULL",
    )
    listed = work.table("listed", f"SELECT DISTINCT place, organization FROM {rows} UNION SELECT DISTINCT place, NULL::INTEGER FROM {rows}")
    applies = f"FROM {listed} l JOIN {rows} f ON f.place = l.place AND (f.organization IS NULL OR f.organization = l.organization)"
    cuts = f"SELECT l.place, l.organization, unnest([f.first, f.last + 1]) AS cut {applies}"
    following = "lead(cut) OVER (PARTITION BY place, organization ORDER BY cut)"
    spans = f"SELECT place, organization, cut AS first, {following} - 1 AS last FROM (SELECT DISTINCT * FROM ({cuts}))"
    names = "(CASE WHEN f.kind IS NULL THEN 0 ELSE 1 END + CASE WHEN f.organization IS NULL THEN 0 ELSE 1 END)"
    judged = (
        f"SELECT l.place, l.organization, l.first, l.last, {names} AS names, bool_and(f.complete) AS complete FROM ({spans}) l"
        f" JOIN {rows} f ON f.place = l.place AND (f.organization IS NULL OR f.organization = l.organization) AND f.first <= l.first AND f.last >= l.last"
        " GROUP BY ALL"
    )
    found = work.table("bad", f"SELECT place, organization, first, last FROM ({judged}) GROUP BY ALL HAVING NOT arg_max(complete, names)")
    bad = work.rows(f"SELECT DISTINCT place FROM {found}")
    return _Incomplete(places, found, listed, frozenset(place for (place,) in bad))


def gaps(work: Work, sources: Sequence[tuple[Wanting | None, str]], cells: str, low: str, high: str, alias: str) -> Gap | None:
    """The incomplete days of each cell between `low` and `high`; `None`: there are none.

    Each source is what may be wanting, and a relation (cell, organization) of those that it is asked for; without one it is asked for the cells' own subject.
    """
    joins, firsts, lasts = [], [], []
    for number, (want, whose) in enumerate(sources):
        name = f"{alias}{number}"
        if want is None:
            continue
        if whose:
            joins.append(f"LEFT JOIN ({_of_others(want, whose, cells, low, high)}) {name} ON {name}.cell = c.cell")
            firsts.append(f"{name}.first")
            lasts.append(f"{name}.last")
        elif want.always:
            firsts.append(f"CASE WHEN {low} <= {high} THEN {low} END")
            lasts.append(f"CASE WHEN {low} <= {high} THEN {high} END")
        else:
            table = want.table
            spans = work.once(("spans", table), lambda table=table: work.table("spans", _spans(table)))  # type: ignore[misc]
            joins.append(f"LEFT JOIN {spans} {name} ON {name}.organization = c.subject")
            first, last = in_spans(f"{name}.spans", low, high)
            firsts.append(first)
            lasts.append(last)
    if not firsts:
        return None
    return Gap(" ".join(joins), *(ends[0] if len(ends) == 1 else f"{best}({', '.join(ends)})" for best, ends in (("least", firsts), ("greatest", lasts))))


def in_spans(spans: str, low: str, high: str) -> tuple[str, str]:
    """The first and the last day between two days that lies in a list of spans; null if none does."""
    touching = f"list_filter({spans}, lambda x: x.first <= {high} AND x.last >= {low} AND {low} <= {high})"
    return f"list_min(list_transform({touching}, lambda x: greatest(x.first, {low})))", f"list_max(list_transform({touching}, lambda x: least(x.last, {high})))"


def _spans(table: str) -> str:
    return f"SELECT organization, list({{'first': first, 'last': last}}) AS spans FROM {table} GROUP BY organization"


def _of_others(want: Wanting, whose: str, cells: str, low: str, high: str) -> str:
    """The query (cell, first, last) of what may be wanting of other organizations than the subject."""
    asked = f"{cells} c JOIN {whose} o ON o.cell = c.cell"
    if want.always:
        return f"SELECT c.cell, min({low}) AS first, max({high}) AS last FROM {asked} WHERE {low} <= {high} GROUP BY c.cell"
    return (
        f"SELECT c.cell, min(greatest(b.first, {low})) AS first, max(least(b.last, {high})) AS last FROM {asked}"
        f" JOIN {want.table} b ON b.organization = o.organization AND b.first <= {high} AND b.last >= {low} AND {low} <= {high} GROUP BY c.cell"
    )

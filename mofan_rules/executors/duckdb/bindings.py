"""On which days organizations exist, have a kind and are bound, for all requirements of a program at once (`docs/meaning.md` section 1).

Whatever asks for the days of some kinds and of a `when` that does not depend on the window is a *group*; group 0 is existence itself. The stretches of all
groups are found in one pass over the versions. Nearly every organization has one version, with exact dates, and so one stretch a group, known from the
version alone; only the *odd* ones, which are few, need their stretches merged.
"""

from dataclasses import dataclass

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.days import binding_frame, depends_on_window, headers, merged, versions
from mofan_rules.executors.duckdb.expressions import truth
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, Scope
from mofan_rules.ir.program import Header, Program

Group = tuple[frozenset[str] | None, Expression | None]
"""Kinds (`None`: whatever the kind, known or not) and a `when` that does not depend on the window."""

LIFE: Group = (None, None)

STRETCHES = "STRUCT(first DATE, last DATE)[]"


@dataclass(frozen=True, slots=True)
class Runs:
    """The stretches of days of one group.

    Parameters
    ----------
    each: a relation (organization, first, last, sure, possible), one row an organization. `first` to `last` is its one stretch, possible and sure alike;
        where it has others these are null and the lists `sure` and `possible` hold them.
    table: a relation (organization, first, last, sure), one row a stretch; the possible ones contain the sure ones.
    plain: no organization has lists.
    """

    each: str
    table: str
    plain: bool


@dataclass(frozen=True, slots=True)
class Bindings:
    """The groups by number, a table with all their stretches (as `Runs.each`), and which of them have lists."""

    groups: dict[Group, int]
    table: str
    listed: frozenset[int]


def groups_of(program: Program, work: Work) -> dict[Group, int]:
    """Every group that a program asks for, numbered."""
    found: dict[Group, int] = {LIFE: 0}
    for header in headers(program):
        found.setdefault((header.subjects, None), len(found))
        if header.when is not None and not depends_on_window(header.when, work):
            found.setdefault((header.subjects, header.when), len(found))
    for tally in program.tallies:
        if tally.part_kinds is not None:
            found.setdefault((tally.part_kinds, None), len(found))
    return found


def bound_runs(work: Work, kinds: frozenset[str] | None, when: Expression | None) -> Runs:
    """The days on which each organization is of one of these kinds and meets `when`, which does not depend on the window."""
    return work.once(("runs", kinds, when), lambda: _runs(work, kinds, when))


def life(work: Work) -> Runs:
    """The days on which each organization exists."""
    return bound_runs(work, *LIFE)


def all_bindings(work: Work) -> Bindings:
    """The stretches of all groups."""
    return work.once("bindings", lambda: _bindings(work))


def subjects_of(work: Work, header: Header) -> int:
    """How many organizations may have the kind of a requirement on some day."""
    bindings = all_bindings(work)
    sizes = work.once("sizes", lambda: dict(work.rows(f"SELECT place, count(*) FROM {bindings.table} GROUP BY place")))
    return int(sizes.get(bindings.groups[header.subjects, None], 0))


def stretch_rows(work: Work) -> str:
    """A relation (place, organization, first, last, sure) of the stretches of all groups, one row a stretch; the possible ones contain the sure ones."""
    bindings = all_bindings(work)
    columns = "place, organization, first, last"
    rows = [f"SELECT {columns}, {sure} AS sure FROM {bindings.table} WHERE first IS NOT NULL" for sure in (sql.TRUE, sql.FALSE)]
    if bindings.listed:
        for column, sure in (("sure", sql.TRUE), ("possible", sql.FALSE)):
            listed = f"SELECT place, organization, unnest({column}) AS x FROM {bindings.table} WHERE possible IS NOT NULL"
            rows.append(f"SELECT place, organization, x.first, x.last, {sure} AS sure FROM ({listed})")
    return f"({' UNION ALL '.join(rows)})"


def _runs(work: Work, kinds: frozenset[str] | None, when: Expression | None) -> Runs:
    bindings = all_bindings(work)
    group = bindings.groups[kinds, when]
    each = f"(SELECT organization, first, last, sure, possible FROM {bindings.table} WHERE place = {group})"
    table = f"(SELECT organization, first, last, sure FROM {stretch_rows(work)} WHERE place = {group})"
    if group == 0:
        each, table = work.table("lives", f"SELECT * FROM {each}"), work.table("life", f"SELECT * FROM {table}")
    return Runs(each, table, group not in bindings.listed)


def _bindings(work: Work) -> Bindings:
    groups = groups_of(work.program, work)
    exact = "COALESCE(bool_and(certain AND sure_first = first AND sure_last = last), FALSE)"
    odd = work.table("odd", f"SELECT organization FROM {versions(work)} GROUP BY organization HAVING count(*) > 1 OR NOT {exact}")
    some = work.any(f"SELECT 1 FROM {odd}")
    binds = work.table("binds", _bound_versions(work, groups))
    simple = f"(SELECT * FROM {binds} ANTI JOIN {odd} USING (organization))" if some else binds
    nothing = f"NULL::{STRETCHES} AS sure, NULL::{STRETCHES} AS possible"
    query = (
        f"SELECT place, organization, first, last, {nothing} FROM {simple} WHERE truth"
        f" UNION ALL SELECT place, organization, NULL, NULL, NULL, [{{'first': first, 'last': last}}] FROM {simple} WHERE truth IS NULL"
    )
    if some:
        query += f" UNION ALL {_merged_stretches(f'(SELECT * FROM {binds} SEMI JOIN {odd} USING (organization))')}"
    table = work.table("binding", query)
    work.drop(binds, odd)
    listed = work.rows(f"SELECT DISTINCT place FROM {table} WHERE possible IS NOT NULL")
    return Bindings(groups, table, frozenset(place for (place,) in listed))


def _bound_versions(work: Work, groups: dict[Group, int]) -> str:
    """The query (place, organization, first, last, sure_first, sure_last, truth) of the versions that possibly bind in each group."""
    found = versions(work)
    kinds = [(kind, place) for (listed, _), place in groups.items() if listed is not None for kind in sorted(listed)]
    values = ", ".join(f"({sql.text(kind)}, {place})" for kind, place in kinds) or "(NULL, NULL)"
    source = f"SELECT 0 AS place, v.* FROM {found} v UNION ALL SELECT g.place, v.* FROM {found} v JOIN (VALUES {values}) g(kind, place) ON g.kind = v.kind"
    if work.any(f"SELECT 1 FROM {found} WHERE kind IS NULL"):
        source += f" UNION ALL SELECT g.place::INTEGER, v.* FROM {found} v CROSS JOIN range(1, {len(groups)}) g(place) WHERE v.kind IS NULL"
    frame = binding_frame(work)
    conditions = [(place, truth(when, frame)) for (_, when), place in groups.items() if when is not None]
    columns = {name: frame.need(f"v.{name}") for name in ("place", "organization", "first", "last", "sure_first", "sure_last", "kind")}
    cases = " ".join(f"WHEN {place} THEN {condition}" for place, condition in conditions)
    met = f"CASE {columns['place']} {cases} ELSE TRUE END" if cases else sql.TRUE
    decided = frame.keep(f"({columns['place']} = 0 OR {columns['kind']} IS NOT NULL OR NULL) AND {met}")
    joined = f"({source}) v"
    if Scope.SUBJECT in frame.used or "s.certain" in frame.needed.values():
        joined += ' JOIN facts.organizations s ON s."row" = v.version'
    listed = ", ".join(f"{column} AS {name}" for name, column in columns.items() if name != "kind")
    return f"SELECT {listed}, {decided} AS truth FROM {frame.relation(joined)} WHERE {decided} IS NOT FALSE"


def _merged_stretches(source: str) -> str:
    """The query, as `Runs.each`, of organizations whose stretches have to be made of several versions, or of one that is not sure."""
    keys = "place, organization"
    sure = merged(f"(SELECT {keys}, sure_first AS first, sure_last AS last FROM {source} WHERE truth AND sure_first IS NOT NULL)", keys)
    possible = merged(f"(SELECT {keys}, first, last FROM {source})", keys)
    stretch = "list({'first': first, 'last': last})"
    lists = (
        f"SELECT place, organization, {stretch} FILTER (sure) AS sure, {stretch} FILTER (NOT sure) AS possible"
        f" FROM (SELECT *, TRUE AS sure FROM ({sure}) UNION ALL SELECT *, FALSE FROM ({possible})) GROUP BY ALL"
    )
    one = "len(possible) = 1 AND sure = possible"
    ends = ", ".join(f"CASE WHEN {one} THEN possible[1].{end} END AS {end}" for end in ("first", "last"))
    return f"SELECT place, organization, {ends}, CASE WHEN {one} THEN NULL ELSE sure END, CASE WHEN {one} THEN NULL ELSE possible END FROM ({lists})"

"""What the organizations look like as a whole: tops, depth, what hangs on nothing, circles by their path, numbers by kind.

Counts are made by SQL and go for any size; only circles are named with networkx, and they are small or there is something badly wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mofan_rules.facts import AdmittedFacts

MOST_NAMED = 20
"""So many organizations or circles are named; the counts go for all."""

MOST_EDGES = 100_000
"""So many rejected edges are searched for circles."""

DEEPEST = 10_000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The organizations and the tree `part_of` on one day.

    `kinds`: organizations by kind, the most frequent first. `relations`: edges by kind. `tops`: those without a parent that have children. `isolated`: those
    with neither parent, child nor any other relation. `orphans`: those whose parent is not there on that day. `levels`: how many organizations stand on each
    level of the tree, those without a parent on the first. `cycles`: circles that were rejected, each as its path, the first id repeated at the end.
    """

    day: date
    organizations: int
    kinds: Mapping[str, int]
    relations: Mapping[str, int]
    tops: tuple[str, ...]
    tops_count: int
    isolated: tuple[str, ...]
    isolated_count: int
    orphans: tuple[str, ...]
    orphans_count: int
    levels: tuple[int, ...]
    cycles: tuple[tuple[str, ...], ...]

    @property
    def depth(self) -> int:
        """How many levels the tree has."""
        return len(self.levels)


def diagnose(facts: "AdmittedFacts", on: date) -> Diagnosis:
    """Look at the organizations as they surely are on a day."""
    run = facts.connection.execute
    covers = f"certain AND valid_from_high <= DATE '{on}' AND DATE '{on}' <= valid_until_low"
    run(f"CREATE OR REPLACE TEMP TABLE here AS SELECT organization AS number, any_value(kind) AS kind FROM facts.organizations WHERE {covers} GROUP BY ALL")
    run(f"CREATE OR REPLACE TEMP TABLE edges AS SELECT DISTINCT source, target, kind FROM facts.relations WHERE {covers} AND source <> target")
    run("""CREATE OR REPLACE TEMP TABLE tree AS SELECT source, target FROM edges
        WHERE kind = 'part_of' AND source IN (SELECT number FROM here) AND target IN (SELECT number FROM here)""")
    kinds = run("SELECT kind, count(*) FROM here GROUP BY ALL ORDER BY 2 DESC, 1").fetchall()
    relations = run("SELECT kind, count(*) FROM edges GROUP BY ALL ORDER BY 2 DESC, 1").fetchall()
    parentless = "number NOT IN (SELECT source FROM tree)"
    tops = _named(facts, f"{parentless} AND number IN (SELECT target FROM tree)")
    isolated = _named(facts, f"{parentless} AND number NOT IN (SELECT target FROM tree) AND number NOT IN (SELECT unnest([source, target]) FROM edges)")
    orphans = _named(facts, f"{parentless} AND number IN (SELECT source FROM edges WHERE kind = 'part_of')")
    organizations = sum(count for _, count in kinds)
    levels = _levels(facts)
    for made in ("here", "edges", "tree"):
        run(f"DROP TABLE temp.{made}")
    return Diagnosis(on, organizations, dict(kinds), dict(relations), *tops, *isolated, *orphans, levels, circles(facts))


def _named(facts: "AdmittedFacts", condition: str) -> tuple[tuple[str, ...], int]:
    """The first organizations of which a condition holds, and how many there are."""
    query = f"SELECT number FROM here WHERE {condition}"
    [(count,)] = facts.connection.execute(f"SELECT count(*) FROM ({query})").fetchall()
    rows = facts.connection.execute(f"SELECT id FROM facts.subjects WHERE number IN ({query}) ORDER BY number LIMIT {MOST_NAMED}").fetchall()
    return tuple(row[0] for row in rows), count


def _levels(facts: "AdmittedFacts") -> tuple[int, ...]:
    """How many organizations stand on each level of the tree; each round takes the children of the last."""
    run = facts.connection.execute
    run("CREATE OR REPLACE TEMP TABLE level AS SELECT number FROM here WHERE number NOT IN (SELECT source FROM tree)")
    found: list[int] = []
    while len(found) < DEEPEST:
        [(count,)] = run("SELECT count(*) FROM level").fetchall()
        if not count:
            break
        found.append(count)
        run("CREATE OR REPLACE TEMP TABLE level AS SELECT DISTINCT t.source AS number FROM tree t JOIN level l ON l.number = t.target")
    run("DROP TABLE temp.level")
    return tuple(found)


def circles(facts: "AdmittedFacts") -> tuple[tuple[str, ...], ...]:
    """The circles among the edges `part_of` that admission rejected, each by its path, from its least id."""
    import networkx

    edges = facts.connection.execute(f"""SELECT a.id, b.id FROM facts.relations r JOIN facts.subjects a ON a.number = r.source JOIN facts.subjects b ON
    b.number = r.target
        WHERE r.kind = 'part_of' AND NOT r.certain ORDER BY 1, 2 LIMIT {MOST_EDGES}""").fetchall()
    rejected: networkx.DiGraph[str] = networkx.DiGraph(edges)
    found = []
    for component in networkx.strongly_connected_components(rejected):
        first = min(component)
        if len(component) > 1 or rejected.has_edge(first, first):
            path = [edge[0] for edge in networkx.find_cycle(rejected.subgraph(component), first)]
            start = path.index(min(path))
            found.append((*path[start:], *path[:start], path[start]))
    return tuple(sorted(found)[:MOST_NAMED])

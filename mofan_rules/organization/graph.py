"""The organizations and the relations between them as a networkx graph, for users and for diagnosis. The only home of networkx for facts.

For graphs that fit memory comfortably: a dictionary of dictionaries takes about a kilobyte an organization.
"""

from datetime import date
from typing import TYPE_CHECKING

import networkx

if TYPE_CHECKING:
    from mofan_rules.facts import AdmittedFacts

LARGEST = 500_000
"""The most organizations and relations together of which a graph is made."""

_NODES = """SELECT s.id, o.kind, o.name FROM facts.subjects s LEFT JOIN (
        SELECT organization, arg_max(kind, valid_from_high) AS kind, arg_max(name, valid_from_high) AS name FROM facts.organizations WHERE certain {when}
        GROUP BY ALL) o
    ON o.organization = s.number ORDER BY s.number"""

_EDGES = """SELECT a.id, b.id, r.kind, r.id, r.certain, r.valid_from_low, r.valid_from_high, r.valid_until_low, r.valid_until_high
    FROM facts.relations r JOIN facts.subjects a ON a.number = r.source JOIN facts.subjects b ON b.number = r.target
    WHERE r.source <> r.target {when} ORDER BY r.row"""


class GraphTooLarge(Exception):
    """There are more organizations and relations than a graph in memory should have; ask the admitted tables in DuckDB instead."""


def graph(facts: "AdmittedFacts", on: date | None = None) -> "networkx.MultiDiGraph[str]":
    """The organizations (nodes: kind, name) and their relations (edges from `source` to `target`: kind, certain, and the earliest and latest days on which
    they begin and end).

    Parameters
    ----------
    on: only what is surely there on that day; `None`: everything, with its dates.

    Raises
    ------
    GraphTooLarge: if there is more than `LARGEST` of both together.
    """
    run = facts.connection.execute
    [(size,)] = run("SELECT (SELECT count(*) FROM facts.subjects) + (SELECT count(*) FROM facts.relations)").fetchall()
    if size > LARGEST:
        raise GraphTooLarge(f"{size} organizations and relations; at most {LARGEST}")
    covering = f"AND valid_from_high <= DATE '{on}' AND DATE '{on}' <= valid_until_low" if on is not None else ""
    made: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for id, kind, name in run(_NODES.format(when=covering)).fetchall():
        if on is None or kind is not None:
            made.add_node(id, kind=kind, name=name)
    for source, target, kind, id, certain, from_low, from_high, until_low, until_high in run(
        _EDGES.format(when=f"AND r.certain {covering}" if covering else "")
    ).fetchall():
        if on is None or (source in made and target in made):
            made.add_edge(source, target, kind=kind, id=id, certain=certain, valid_from=(from_low, from_high), valid_until=(until_low, until_high))
    return made


def tree(facts: "AdmittedFacts", on: date | None = None) -> "networkx.DiGraph[str]":
    """The organizations and their parents: the edges `part_of`, from child to parent, once each."""
    made: networkx.DiGraph[str] = networkx.DiGraph()
    whole = graph(facts, on)
    made.add_nodes_from(whole.nodes(data=True))
    for source, target, data in whole.edges(data=True):
        if data["kind"] == "part_of":
            made.add_edge(source, target, certain=data["certain"], valid_from=data["valid_from"], valid_until=data["valid_until"])
    return made

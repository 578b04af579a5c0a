"""Strata of derivations: a derived kind may rest on itself, but never on its own absence or number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.ir.derivations import Derivation, OfDerived, Pattern

if TYPE_CHECKING:
    import networkx


def stratified(derivations: Sequence[Derivation], diagnostics: Diagnostics) -> tuple[Derivation, ...]:
    """The derivations with their strata, in order of stratum and name. What cannot be stratified is reported, with its path."""
    if not derivations:
        return ()
    import networkx

    graph = _graph(derivations)
    component = {kind: number for number, kinds in enumerate(networkx.strongly_connected_components(graph)) for kind in kinds}
    _report(derivations, graph, component, diagnostics)
    strata: dict[int, int] = {}
    condensed = networkx.condensation(graph, [{kind for kind in component if component[kind] == number} for number in sorted(set(component.values()))])
    for number in networkx.topological_sort(condensed):
        kinds = condensed.nodes[number]["members"]
        below = ((strata[component[other]], graph[other][kind]["counted"]) for kind in kinds for other in graph.predecessors(kind) if other not in kinds)
        strata[number] = max((stratum + counted for stratum, counted in below), default=0)
    found = (replace(derivation, stratum=strata[component[derivation.head.kind]]) for derivation in derivations)
    return tuple(sorted(found, key=lambda derivation: (derivation.stratum, derivation.name)))


def _graph(derivations: Iterable[Derivation]) -> "networkx.DiGraph[str]":
    """An edge from each derived kind to each that rests on it; `counted` where it is counted or must be absent."""
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    heads = sorted({derivation.head.kind for derivation in derivations})
    graph.add_nodes_from(heads)
    for derivation in derivations:
        for kind, counted in rests_on(derivation):
            if kind in heads:
                before = graph.has_edge(kind, derivation.head.kind) and graph[kind][derivation.head.kind]["counted"]
                graph.add_edge(kind, derivation.head.kind, counted=counted or before)
    return graph


def rests_on(derivation: Derivation) -> Iterator[tuple[str, bool]]:
    """The derived kinds that a derivation reads, and whether it counts them."""
    for pattern in derivation.patterns:
        yield from ((kind, False) for kind in _kinds(pattern))
    for counted in derivation.counts:
        yield from ((kind, True) for pattern in counted.patterns for kind in _kinds(pattern))


def _kinds(pattern: Pattern) -> list[str]:
    return sorted(pattern.source.kinds) if isinstance(pattern.source, OfDerived) else []


def _report(derivations: Iterable[Derivation], graph: "networkx.DiGraph[str]", component: dict[str, int], diagnostics: Diagnostics) -> None:
    """One cycle for each derivation that counts what rests on it."""
    import networkx

    for derivation in derivations:
        head = derivation.head.kind
        for kind in sorted({kind for kind, counted in rests_on(derivation) if counted}):
            if component.get(kind) == component[head]:
                path = networkx.shortest_path(graph, head, kind)
                span = None if derivation.origin is None else derivation.origin.span
                diagnostics.report("derivation-cycle", span, path=" → ".join([*path, head]))
                break

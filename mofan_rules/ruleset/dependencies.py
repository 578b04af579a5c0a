"""Which roll-ups count which requirements: cycles, and the order in which each comes after its parts.

The order is the standard library's; networkx, which takes longer to load than all other checks to run, names the cycles where there are any.
"""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.documents.text import Text


def strata(parts: Mapping[str, Iterable[str]], places: Mapping[str, Text], diagnostics: Diagnostics) -> dict[str, int]:
    """The stratum of each roll-up: above those of all its parts, of which requirements judged from facts are in stratum 0. Cycles are reported with their path.

    Parameters
    ----------
    parts: the part ids of each roll-up.
    places: where the id of each roll-up stands.
    """
    found: dict[str, int] = {}
    try:
        for name in TopologicalSorter({rollup: set(ids) for rollup, ids in parts.items()}).static_order():
            found[name] = 1 + max((found[part] for part in parts[name]), default=0) if name in parts else 0
    except CycleError:
        _report_cycles(parts, places, diagnostics)
    return found


def _report_cycles(parts: Mapping[str, Iterable[str]], places: Mapping[str, Text], diagnostics: Diagnostics) -> None:
    """One cycle of each knot of roll-ups that count each other, from the first of them in the files."""
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_edges_from((rollup, part) for rollup in sorted(parts) for part in sorted(parts[rollup]))
    for component in networkx.strongly_connected_components(graph):
        first = min(component & places.keys(), key=lambda name: places[name].span, default=None)
        if first is not None and (len(component) > 1 or graph.has_edge(first, first)):
            path = [str(edge[0]) for edge in networkx.find_cycle(graph.subgraph(component), first)]
            diagnostics.report("requirement-cycle", places[path[0]].span, path=" → ".join([*path, path[0]]))

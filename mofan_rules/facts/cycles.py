"""Cycles in directed graphs that are given as pairs of numbers, without recursion and in time linear in the pairs."""

from collections.abc import Iterable


def on_cycles(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The nodes that lie on a cycle, each with the number of its strongly connected component. A node that leads to itself is a cycle.

    Nodes that nothing enters or that lead nowhere are peeled off first: of a forest nothing is left.
    """
    forward: dict[int, list[int]] = {}
    entering: dict[int, int] = {}
    loops: set[int] = set()
    for start, end in pairs:
        if start == end:
            loops.add(start)
            continue
        forward.setdefault(start, []).append(end)
        forward.setdefault(end, [])
        entering[end] = entering.get(end, 0) + 1
    stack = [node for node in forward if not entering.get(node)]
    while stack:
        for end in forward.pop(stack.pop()):
            entering[end] -= 1
            if not entering[end]:
                stack.append(end)
    found = _components(forward)
    for loop in loops:
        found.setdefault(loop, -1 - loop)
    return found


def _components(forward: dict[int, list[int]]) -> dict[int, int]:
    """Tarjan's strongly connected components of at least two nodes, with an explicit stack."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    component: dict[int, int] = {}
    on_stack: list[int] = []
    waiting: set[int] = set()
    for root in forward:
        if root in index:
            continue
        work = [(root, iter(forward[root]))]
        index[root] = low[root] = len(index)
        on_stack.append(root)
        waiting.add(root)
        while work:
            node, ends = work[-1]
            for end in ends:
                if end not in index:
                    index[end] = low[end] = len(index)
                    on_stack.append(end)
                    waiting.add(end)
                    work.append((end, iter(forward[end])))
                    break
                if end in waiting:
                    low[node] = min(low[node], index[end])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    _close(node, on_stack, waiting, component)
    return component


def _close(node: int, on_stack: list[int], waiting: set[int], component: dict[int, int]) -> None:
    members = []
    while True:
        member = on_stack.pop()
        waiting.discard(member)
        members.append(member)
        if member == node:
            break
    if len(members) > 1:
        component.update(dict.fromkeys(members, node))

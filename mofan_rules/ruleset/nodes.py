"""The tree of a YAML text: texts, lists and mappings, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from mofan_rules.diagnostics.span import Span
from mofan_rules.requirements.text import Text


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list in the order in which it was written."""

    items: tuple["Node", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping in the order in which it was written; of keys given twice only the first is kept."""

    entries: tuple[tuple[Text, "Node"], ...]
    span: Span

    def get(self, key: str) -> "Node | None":
        """The value of a key, if it is there."""
        return next((value for name, value in self.entries if name == key), None)

    def key(self, key: str) -> Text | None:
        """The key as it was written, with its place, if it is there."""
        return next((name for name, _ in self.entries if name == key), None)


Node = Text | ListNode | MappingNode


def span_of(node: Node) -> Span:
    """Where a node stands."""
    return node.span


def plain(node: Node) -> object:
    """The tree as lists and dictionaries, whose texts still know their place: what the models validate."""
    match node:
        case Text():
            return node
        case ListNode(items):
            return [plain(item) for item in items]
        case MappingNode(entries):
            return {key: plain(value) for key, value in entries}


def find(node: Node, path: tuple[int | str, ...]) -> Iterator[tuple[int | str, Node]]:
    """The nodes that a path leads to, one after the other, each with its step.

    Steps that lead nowhere are passed over: the path of a validation error also names alternatives and list places that were not written.
    """
    current = node
    for step in path:
        match current:
            case ListNode(items) if isinstance(step, int) and 0 <= step < len(items):
                current = items[step]
            case MappingNode() if isinstance(step, str) and (found := current.get(step)) is not None:
                current = found
            case _:
                continue
        yield step, current

"""All nodes inside a part of a program."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass


def walk(node: object) -> Iterator[object]:
    """A node and all nodes below it, in a fixed order."""
    if is_dataclass(node) and not isinstance(node, type):
        yield node
        for found in fields(node):
            yield from walk(getattr(node, found.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from walk(item)

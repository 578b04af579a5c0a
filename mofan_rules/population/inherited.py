"""A profile that takes over another ruleset's: what it says itself replaces, changes and adds to what that one says."""

import copy
from pathlib import Path
from typing import Any

FROM, CHANGE, ADD = "from", "change", "add"

DUTIES = ("meetings", "terms", "posts", "relations", "documents", "standing")
"""The lists of duties of a node."""

INSIDE = ("some", "reminder", "answer", "began", "ended", "holder")
"""Where duties stand within a duty."""

Written = dict[str, Any]
"""What a profile says, as plain values."""


class Inheritance(Exception):
    """A profile changes or adds to what is not there; the text says what."""


def base_of(path: Path, written: Written) -> Path | None:
    """The file of the profile that is taken over; none if the profile stands for itself.

    Raises
    ------
    Inheritance: if `from` is no folder beside the profile's.
    """
    named = written.get(FROM)
    if named is None:
        return None
    if not isinstance(named, str) or Path(named).is_absolute():
        raise Inheritance(f"{FROM}: a folder, seen from this file's")
    return path.parent / named / path.name


def taken_over(base: Written, own: Written) -> Written:
    """The base with the profile's own fields in the place of its fields, and with what it changes and adds.

    Raises
    ------
    Inheritance: if no duty has the requirement that is changed, or there is no node to which something is added.
    """
    merged = copy.deepcopy(base) | {name: value for name, value in own.items() if name not in (CHANGE, ADD)}
    nodes = _mapping("nodes", merged.get("nodes"))
    for requirement, fields in _mapping(CHANGE, own.get(CHANGE, {})).items():
        duties = [duty for duty in _duties(nodes) if duty.get("requirement") == requirement]
        if not duties:
            raise Inheritance(f"{CHANGE}: no duty has the requirement {requirement}")
        for duty in duties:
            duty.update(copy.deepcopy(_mapping(f"{CHANGE}.{requirement}", fields)))
    for name, lists in _mapping(ADD, own.get(ADD, {})).items():
        if name not in nodes:
            raise Inheritance(f"{ADD}: there is no node {name}")
        node = _mapping(f"nodes.{name}", nodes[name])
        for field, more in _mapping(f"{ADD}.{name}", lists).items():
            if field not in DUTIES or not isinstance(more, list):
                raise Inheritance(f"{ADD}.{name}: {field} is no list of duties ({', '.join(DUTIES)})")
            node[field] = [*node.get(field, []), *more]
    return merged


def _duties(nodes: Written) -> list[Written]:
    found: list[Written] = []
    for node in nodes.values():
        for name in DUTIES:
            for duty in node.get(name, []) if isinstance(node, dict) else []:
                found += _with_inner(duty)
    return found


def _with_inner(duty: object) -> list[Written]:
    """A duty and those within it."""
    if not isinstance(duty, dict):
        return []
    found = [duty]
    for inside in INSIDE:
        inner = duty.get(inside)
        for one in inner if isinstance(inner, list) else [inner]:
            found += _with_inner(one)
    return found


def _mapping(place: str, value: object) -> Written:
    if not isinstance(value, dict):
        raise Inheritance(f"{place}: a mapping is wanted")
    return value

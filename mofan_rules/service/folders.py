"""Names in requests, and what they mean in the folders that were configured: nothing outside these is ever opened."""

from collections.abc import Iterator
from pathlib import Path

from mofan_rules.diagnostics import QuestionError, closest, make
from mofan_rules.ruleset.files import MAIN

DEEPEST = 3
"""Folders in folders that are looked through for the names to suggest."""


def ruleset_in(folder: Path, name: str) -> Path:
    """The folder of a ruleset.

    Raises
    ------
    QuestionError: if there is none of that name.
    """
    found = _inside(folder, name)
    if found is None or not (found / MAIN).is_file():
        raise QuestionError([make("no-such-ruleset", None, name=name, suggestions=closest(name, _rulesets(folder)))])
    return found


def facts_in(folder: Path | None, name: str) -> Path:
    """A folder or file of facts.

    Raises
    ------
    QuestionError: if there is none of that name, or no folder of facts at all.
    """
    found = None if folder is None else _inside(folder, name)
    if found is None or not found.exists():
        raise QuestionError([make("no-such-facts", None, name=name)])
    return found


def _inside(folder: Path, name: str) -> Path | None:
    """What a name means in a folder; nothing if that lies elsewhere, by whatever way it gets there."""
    root = folder.resolve()
    try:
        found = (root / name).resolve()
        return found if found != root and found.is_relative_to(root) and found.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long, a null byte, links in a circle
        return None


def _rulesets(folder: Path, depth: int = DEEPEST) -> Iterator[str]:
    try:
        paths = sorted(folder.iterdir()) if depth else []
    except OSError:
        return
    for path in paths:
        if path.is_dir() and not path.name.startswith("."):
            if (path / MAIN).is_file():
                yield path.name
            yield from (f"{path.name}/{name}" for name in _rulesets(path, depth - 1))

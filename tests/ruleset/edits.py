"""One-character edits of the names in a ruleset, and what should be told of them.

A *name* is a key of a mapping, or a word by which the ruleset uses something that is declared elsewhere: a kind, a role, a relation, a source, an id of a
requirement, a value of a closed list, a name in a condition. Declarations (the names of the vocabulary, the parameters, the sources, ids) and free text
are no uses: an edit there makes another name, which is not wrong where it stands.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mofan_rules.condition.characters import continues_name, starts_name
from mofan_rules.condition.words import FUNCTIONS, KEYWORDS, UNITS
from mofan_rules.diagnostics import Diagnostics, Span
from mofan_rules.documents.nodes import ListNode, MappingNode, Node
from mofan_rules.documents.reader import read_yaml
from mofan_rules.documents.text import Text

USES = {"kind", "subject", "event", "role", "document", "relation", "of", "over", "kinds", "accountable", "source", "roster", "modality", "stage", "partial"}
"""Keys whose values are words for something declared, or for one of a closed list."""

FORMULAS = {"when", "where", "condition", "holder", "match", "within", "after", "at_least", "at_most"}
"""Keys whose values are expressions."""

DECLARING = {"organizations", "relations", "events", "roles", "documents", "attributes", "parameters", "sources", "measures", "override"}
"""Keys under which the keys are declarations."""

ALPHABET = "abcdefghijklmnopqrstuvwxyz_党支部员会书记年月"


@dataclass(frozen=True)
class Name:
    """A name in a file: its text, its place, and whether it is a key."""

    text: str
    span: Span
    key: bool


@dataclass(frozen=True)
class Edit:
    """A file with one name changed."""

    name: Name
    changed: str
    content: str


def names(file: str, content: str) -> list[Name]:
    """The names in a file, as far as edits of them are wrong."""
    node = read_yaml(file, content.encode("utf-8"), Diagnostics())
    assert node is not None
    return [name for name in _names(node, "") if len(name.text) > 1]


def declarations(file: str, content: str) -> list[Name]:
    """The names that a file declares: kinds and special cases, attributes, parameters, measures, sources, ids of requirements."""
    node = read_yaml(file, content.encode("utf-8"), Diagnostics())
    assert node is not None
    return [name for name in _declarations(node, "") if len(name.text) > 1]


def _declarations(node: Node, under: str) -> Iterator[Name]:
    match node:
        case MappingNode(entries):
            for key, value in entries:
                if under in DECLARING - {"override"}:
                    yield Name(str(key), key.span, True)
                yield from _declarations(value, str(key))
        case ListNode(items):
            for item in items:
                yield from _declarations(item, under)
        case Text():
            if under in ("kinds", "id"):
                yield Name(str(node), node.span, False)


def _names(node: Node, under: str) -> Iterator[Name]:
    match node:
        case MappingNode(entries):
            for key, value in entries:
                if under not in DECLARING and under not in ("title", "remedy"):
                    yield Name(str(key), key.span, True)
                yield from _names(value, str(key))
        case ListNode(items):
            for item in items:
                yield from _names(item, under)
        case Text():
            if under in USES:
                yield Name(str(node), node.span, False)
            elif under in FORMULAS and node.span.line == node.span.end_line:
                yield from _in_formula(node)


def _in_formula(text: Text) -> Iterator[Name]:
    """The names in an expression: runs of characters outside of quotes that are no words of the language."""
    quoted = [found.span() for found in re.finditer(r'"[^"]*"', text)]
    start = None
    for index, character in enumerate([*text, " "]):
        inside = any(first <= index < last for first, last in quoted)
        if start is None and not inside and starts_name(character):
            start = index
        elif start is not None and not continues_name(character):
            word = text[start:index]
            if word not in KEYWORDS and word not in FUNCTIONS and word not in UNITS and not (start and text[start - 1].isdigit()):
                span = text.span
                yield Name(word, Span(span.file, span.line, span.column + start, span.line, span.column + index), False)
            start = None


def edit(name: Name, content: str, chance: random.Random) -> Edit:
    """Insert, delete or replace one character of a name."""
    at = chance.randrange(len(name.text))
    how = chance.choice(("insert", "delete", "replace"))
    letter = chance.choice([letter for letter in ALPHABET if letter != name.text[at]])
    rest = name.text[at:] if how == "insert" else name.text[at + 1 :]
    changed = name.text[:at] + ("" if how == "delete" else letter) + rest
    lines = content.split("\n")
    line = lines[name.span.line - 1]
    start = name.span.column - 1
    assert line[start : start + len(name.text)] == name.text
    lines[name.span.line - 1] = line[:start] + changed + line[start + len(name.text) :]
    return Edit(name, changed, "\n".join(lines))

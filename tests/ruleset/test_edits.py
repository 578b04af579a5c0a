"""An author mistypes one character of a name: the right line is named, and what was meant is suggested."""

import random
from collections import Counter
from pathlib import Path

import pytest

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.ruleset import lint_texts, load_texts
from mofan_rules.ruleset.files import NOT_RULES
from tests.ruleset.edits import Edit, declarations, edit, names

RULESETS = Path(__file__).parents[2] / "rulesets"
EDITS = [("mofan", 100, part) for part in range(5)] + [("kubernetes-governance", 100, 0)]
"""How many edits of which ruleset are tried, in which part of all of them: 500 of the largest."""


def texts_of(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml")) if path.name not in NOT_RULES}


def declared(texts: dict[str, str]) -> set[str]:
    """Every word that stands for something: an edit that makes one of these is another use, no mistake that could be seen."""
    ruleset = load_texts(texts)
    vocabulary = ruleset.vocabulary
    words = {word for table in vocabulary.kinds for word in vocabulary.canonical(table)}
    words |= {word for attribute in vocabulary.attributes for word in (attribute.name, *attribute.aliases)}
    return words | {parameter.name for parameter in ruleset.parameters} | set(ruleset.catalogue.requirements()) | set(ruleset.sources)


def edits(texts: dict[str, str], count: int, seed: int) -> list[Edit]:
    chance = random.Random(seed)
    known = [name for file, text in texts.items() for name in names(file, text)]
    meaningful = declared(texts) | {name.text for name in known} | {""}
    found: list[Edit] = []
    while len(found) < count:
        name = chance.choice(known)
        candidate = edit(name, texts[name.span.file], chance)
        if candidate.changed not in meaningful:
            found.append(candidate)
    return found


def names_line(diagnostics: Diagnostics, made: Edit) -> bool:
    place = (made.name.span.file, made.name.span.line)
    return any(diagnostic.span is not None and (diagnostic.span.file, diagnostic.span.line) == place for diagnostic in diagnostics)


def suggests(diagnostics: Diagnostics, made: Edit) -> bool:
    """Is the name (or, of a dotted name, a part of it) among those of *did you mean*?"""
    hints = [diagnostic.hint.en for diagnostic in diagnostics if diagnostic.hint is not None and diagnostic.hint.en.startswith("did you mean: ")]
    offered = {name for hint in hints for name in hint.removeprefix("did you mean: ").rstrip("?").split(", ")}
    return made.name.text in offered | {part for name in offered for part in name.split(".")}


@pytest.mark.parametrize(("folder", "count"), [("mofan", 40), ("kubernetes-governance", 20)])
def test_mistyped_declarations(folder: str, count: int) -> None:
    """Where a name is declared in another spelling than everything uses, that is told at the declaration, and the spelling that is used is suggested."""
    texts = texts_of(RULESETS / folder)
    chance = random.Random(20250)
    uses = Counter(name.text for file, text in texts.items() for name in names(file, text) if not name.key)
    declared_once = Counter(name.text for file, text in texts.items() for name in declarations(file, text))
    known = [name for file, text in texts.items() for name in declarations(file, text) if declared_once[name.text] == 1]
    known = [name for name in known if uses[name.text] > (1 if not name.key else 0)]
    meaningful = declared(texts) | {""}
    for made in (edit(name, texts[name.span.file], chance) for name in chance.choices(known, k=count)):
        if made.changed in meaningful:
            continue
        diagnostics = lint_texts({**texts, made.name.span.file: made.content})
        what = f"{made.name.span.file}:{made.name.span.line}: {made.name.text} -> {made.changed}"
        assert names_line(diagnostics, made), what
        assert suggests(diagnostics, made), what


@pytest.mark.parametrize(("folder", "count", "part"), EDITS)
def test_mistyped_names(folder: str, count: int, part: int) -> None:
    texts = texts_of(RULESETS / folder)
    not_named: list[str] = []
    not_suggested: list[str] = []
    for made in edits(texts, count, seed=20241 + part):
        diagnostics = lint_texts({**texts, made.name.span.file: made.content})
        what = f"{made.name.span.file}:{made.name.span.line}: {made.name.text} -> {made.changed}"
        if not names_line(diagnostics, made):
            not_named.append(what)
        if not suggests(diagnostics, made):
            not_suggested.append(what)
    assert not_named == []
    assert len(not_suggested) <= count // 10, not_suggested

"""Words without blanks between them: `正式党员数大于等于7且类型属于` is several words, `非公党组织数` may be one name.

A run of name characters is taken apart only if the whole run is no known name, and only if there is exactly one way to read it as known
names and keywords in an order that can be right.
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import Enum, auto

from mofan_rules.condition.words import CHINESE_WORDS, FUNCTIONS, KEYWORDS, Word

LONGEST_RUN = 120
LONGEST_WORD = 40
"""Longer runs are not taken apart, and longer names not looked for in them."""


_LONGEST_KEYWORD = max(map(len, CHINESE_WORDS))


class Role(Enum):
    """What may stand beside what."""

    OPERAND = auto()
    PREFIX = auto()
    INFIX = auto()
    POSTFIX = auto()


_MAY_FOLLOW = {
    Role.OPERAND: frozenset({Role.INFIX, Role.POSTFIX}),
    Role.PREFIX: frozenset({Role.OPERAND, Role.PREFIX}),
    Role.INFIX: frozenset({Role.OPERAND, Role.PREFIX}),
    Role.POSTFIX: frozenset({Role.INFIX}),
}

_WORD_ROLES = {
    Word.NOT: Role.PREFIX,
    Word.IF: Role.PREFIX,
    Word.BETWEEN_END: Role.POSTFIX,
    Word.TRUE: Role.OPERAND,
    Word.FALSE: Role.OPERAND,
    Word.NULL: Role.OPERAND,
}


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two ways to read one run."""

    first: tuple[str, ...]
    second: tuple[str, ...]


def split_run(run: str, names: Container[str], before_bracket: bool) -> tuple[str, ...] | Ambiguous | None:
    """The words of a run.

    Parameters
    ----------
    names: the known names.
    before_bracket: a bracket opens behind the run, so that its last word may be a function.

    Returns
    -------
    The words in order; `Ambiguous`, if there are two ways; `None`, if there is none.
    """
    if len(run) > LONGEST_RUN:
        return None
    ways = _ways(run, names, before_bracket)
    if not ways:
        return None
    return ways[0] if len(ways) == 1 else Ambiguous(ways[0], ways[1])


def parts_of(run: str) -> tuple[tuple[int, int], ...]:
    """Where the names of a run may stand if it is cut at each keyword in it: the stretches between, for runs with a name that is not known."""
    parts: list[tuple[int, int]] = []
    start = place = 0
    while place < min(len(run), LONGEST_RUN):
        length = next((length for length in range(_LONGEST_KEYWORD, 0, -1) if run[place : place + length] in CHINESE_WORDS), 0)
        if length:
            parts.append((start, place))
            start = place + length
        place += length or 1
    parts.append((start, len(run)))
    return tuple((first, last) for first, last in parts if first < last)


def ends_open(word: str) -> bool:
    """Must something follow this word, so that a number behind it is no part of a name?"""
    return word in CHINESE_WORDS and _role(word, ()) in (Role.INFIX, Role.PREFIX)


def joins(word: str) -> bool:
    """Does this word stand between two operands?"""
    return word in CHINESE_WORDS and _role(word, ()) is Role.INFIX


def _ways(run: str, names: Container[str], before_bracket: bool) -> list[tuple[str, ...]]:
    """Up to two ways to read the run, found from its end: `found[i]` are the ways to read it from character i on, by the role of the first word."""
    found: list[dict[Role, list[tuple[str, ...]]]] = [{} for _ in range(len(run) + 1)]
    for start in range(len(run) - 1, -1, -1):
        for end in range(start + 1, min(len(run), start + LONGEST_WORD) + 1):
            word = run[start:end]
            last = end == len(run)
            if not (word in CHINESE_WORDS or word in names or (last and before_bracket and word in FUNCTIONS)):
                continue
            role = _role(word, names)
            rests: list[tuple[str, ...]] = [()] if last else [rest for following in _MAY_FOLLOW[role] for rest in found[end].get(following, [])]
            ways = [(word, *rest) for rest in rests]
            known = found[start].setdefault(role, [])
            known.extend(ways[: 2 - len(known)])
    return [way for ways in found[0].values() for way in ways][:2]


def _role(word: str, names: Container[str]) -> Role:
    if word in CHINESE_WORDS:
        keyword = KEYWORDS.get(word)
        return Role.INFIX if keyword is None else _WORD_ROLES.get(keyword, Role.INFIX)
    return Role.OPERAND

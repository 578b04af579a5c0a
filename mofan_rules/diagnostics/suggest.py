"""*Did you mean*: which of the known names was probably meant by an unknown one.

Names are compared by the number of characters that must be inserted, left out, replaced or swapped with a neighbour (optimal string
alignment), in small letters and in the compatibility form of Unicode, so that full-width letters count as the plain ones.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable

LONGEST_NAME = 120
"""Longer names get no suggestion."""

MOST_SUGGESTIONS = 3


def closest(name: str, candidates: Iterable[str], most: int = MOST_SUGGESTIONS) -> tuple[str, ...]:
    """The candidates that are nearest to `name`, the nearest first: at most `most`, none if nothing is near.

    How far is near grows with the length: one edit up to three characters, two up to eight, then a quarter of the characters. Only the nearest
    and those at the same distance are given, and a one-edit neighbour of a name of two characters only if few others are as near.
    """
    if not name or len(name) > LONGEST_NAME:
        return ()
    wanted = _folded(name)
    limit = _limit(len(wanted))
    near: list[tuple[int, int, int, str]] = []
    for candidate in dict.fromkeys(candidates):
        if candidate == name or len(candidate) > LONGEST_NAME:
            continue
        folded = _folded(candidate)
        if _surely_farther(wanted, folded, limit):
            continue
        distance = edits(wanted, folded, limit)
        if distance <= limit and distance < max(len(wanted), len(folded)):
            near.append((distance, abs(len(folded) - len(wanted)), -_common(wanted, folded), candidate))
    near.sort()
    best = {_folded(candidate): candidate for distance, *_, candidate in reversed(near) if distance == near[0][0]}
    return tuple(reversed(list(best.values())))[:most]


def edits(first: str, second: str, limit: int) -> int:
    """How many edits lead from `first` to `second`; some number above `limit` if it takes more than that."""
    before: list[int] = []
    previous = list(range(len(second) + 1))
    for i, one in enumerate(first, 1):
        current = [i]
        for j, other in enumerate(second, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (one != other))
            if i > 1 and j > 1 and one == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit and min(previous) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]


def _limit(length: int) -> int:
    if length <= 3:
        return 1
    return 2 if length <= 8 else length // 4


def _surely_farther(first: str, second: str, limit: int) -> bool:
    if abs(len(first) - len(second)) > limit:
        return True
    shared = sum((Counter(first) & Counter(second)).values())
    return max(len(first), len(second)) - shared > limit


def _common(first: str, second: str) -> int:
    """How many characters the two share at their beginnings and ends together: the tie-break among equally near names."""
    shorter = min(len(first), len(second))
    start = 0
    while start < shorter and first[start] == second[start]:
        start += 1
    end = 0
    while end < shorter - start and first[-1 - end] == second[-1 - end]:
        end += 1
    return start + end


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()

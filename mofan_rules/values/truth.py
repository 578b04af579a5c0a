"""Kleene's three-valued logic: `True`, `False` and `None`, which stands for *unknown*.

Follows SEMANTICS section 5; every executor computes the same tables in its own language.
"""

from collections.abc import Iterable

Truth = bool | None
"""A truth value; `None` is unknown."""


def negation(value: Truth) -> Truth:
    """The Kleene negation: unknown stays unknown."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """The Kleene *and*: false if one is false, else unknown if one is unknown, else true."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjunction(values: Iterable[Truth]) -> Truth:
    """The Kleene *or*: true if one is true, else unknown if one is unknown, else false."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result

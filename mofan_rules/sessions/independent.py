"""Rows that come together and have nothing to do with each other, nor with any row that is there."""

from collections.abc import Callable, Sequence

from mofan_rules.facts.single import SingleRow
from mofan_rules.schema import Table
from mofan_rules.sessions.recorded import Texts

Entry = tuple[Table, Texts]
"""A row of a table."""


def independent(entries: Sequence[Entry], single: Callable[[Table, Texts], SingleRow | None]) -> list[SingleRow] | None:
    """What each row says by itself, or `None` if one of them has to do with another.

    No two may have one id, and no two tenures one organization: these might meet, and then one would shorten the other.
    """
    found: list[SingleRow] = []
    marks: set[tuple[Table, object]] = set()
    for table, row in entries:
        one = single(table, row)
        if one is None:
            return None
        own: list[tuple[Table, object]] = [(table, one.id)]
        if table is Table.TENURES:
            own.append((table, one.values["organization"]))
        if any(mark in marks for mark in own):
            return None
        marks.update(own)
        found.append(one)
    return found

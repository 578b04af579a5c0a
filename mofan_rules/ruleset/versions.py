"""Versions of one requirement: entries that share an id have spans that do not meet."""

from collections.abc import Iterable
from itertools import combinations

from mofan_rules.diagnostics import Bilingual, Diagnostics, Related
from mofan_rules.requirements import RequirementBase

FIRST = Bilingual("前一个在这里", "the other one is here")


def check_versions(requirements: Iterable[RequirementBase], diagnostics: Diagnostics) -> None:
    """Report entries that share an id and a day."""
    by_id: dict[str, list[RequirementBase]] = {}
    for requirement in requirements:
        by_id.setdefault(str(requirement.id), []).append(requirement)
    for versions in by_id.values():
        for one, other in combinations(versions[:50], 2):
            if one.effective.first <= other.effective.last and other.effective.first <= one.effective.last:
                related = (Related(one.id.span, FIRST),)
                diagnostics.report("versions-meet", other.id.span, related=related, requirement=other.id)

"""Telling that a word is unknown, what was probably meant, and where that is declared."""

from collections.abc import Iterable, Mapping
from typing import Any

from mofan_rules.diagnostics import Bilingual, Diagnostics, Related, closest
from mofan_rules.documents.text import Text
from mofan_rules.schema import Table

SECTIONS = {
    Table.ORGANIZATIONS: "organizations",
    Table.EVENTS: "events",
    Table.TENURES: "roles",
    Table.EVIDENCE: "documents",
    Table.RELATIONS: "relations",
}
"""The part of the vocabulary that declares the kinds of each table."""

DECLARED = Bilingual("声明在这里", "declared here")


def unknown(diagnostics: Diagnostics, code: str, word: Text, candidates: Iterable[str], places: Mapping[str, Text] | None = None, /, **values: Any) -> None:
    """Report an unknown word.

    Parameters
    ----------
    candidates: the words that are known; those that are `Text` know their own place.
    places: the places of the others.
    values: what the sentences of the code name.
    """
    suggestions = closest(word, candidates)
    meant = suggestions[0] if suggestions else ""
    declared = meant if isinstance(meant, Text) else (places or {}).get(meant)
    related = (Related(declared.span, DECLARED),) if declared is not None and declared.span.file else ()
    diagnostics.report(code, word.span, suggestions=suggestions, related=related, **values)

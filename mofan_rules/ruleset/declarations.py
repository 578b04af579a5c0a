"""Names mistyped where they are declared: every use of such a name is told to be unknown, though the uses are right and the declaration is not."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from mofan_rules.diagnostics import Bilingual, Diagnostic, Diagnostics, Related, Span, closest
from mofan_rules.documents.text import Text
from mofan_rules.ruleset.packages import Package
from mofan_rules.ruleset.vocabulary import words_of


class Sort(StrEnum):
    """Sorts of names; a name of one is never meant by a name of another."""

    KIND = "kind"
    VALUE = "value"
    MEASURE = "measure"
    SOURCE = "source"
    REQUIREMENT = "requirement"
    TAG = "tag"


UNKNOWN = {
    "kind-nearly": Sort.KIND,
    "not-a-kind": Sort.KIND,
    "unknown-relation": Sort.KIND,
    "unknown-role": Sort.KIND,
    "unknown-word": Sort.KIND,
    "unknown-column": Sort.VALUE,
    "unknown-name": Sort.VALUE,
    "unknown-measure": Sort.MEASURE,
    "unknown-source": Sort.SOURCE,
    "unknown-requirement": Sort.REQUIREMENT,
    "unknown-tag": Sort.TAG,
}
"""The codes that point at a name that nobody declared, with the sort of name that was wanted."""

USED = Bilingual("用在这里", "used here")


def tell_declarations(packages: Sequence[Package], diagnostics: Diagnostics) -> None:
    """Report each declared name that nothing else writes, if one nearly the same is used but not declared: which was meant, only the author knows."""
    unknown = _unknown_names(diagnostics)
    declared = _declared(packages) if unknown else {}
    for (sort, word), place in unknown.items():
        names = declared[sort]
        alone = [name for name in names if closest(word, [name]) and _stands_alone(name, diagnostics.sources.values())]
        for name in closest(word, alone, most=len(alone)):
            diagnostics.report("declared-nearly", names[name].span, suggestions=[word], related=(Related(place, USED),), name=name, word=word)


def _unknown_names(diagnostics: Diagnostics) -> dict[tuple[Sort, str], Span]:
    """The names that are told to be unknown, with their sort and the place of their first use."""
    found: dict[tuple[Sort, str], Span] = {}
    for diagnostic in diagnostics:
        name = _pointed_at(diagnostic, diagnostics.sources)
        if name and diagnostic.span is not None:
            found.setdefault((UNKNOWN[diagnostic.code], name), diagnostic.span)
    return found


def _pointed_at(diagnostic: Diagnostic, texts: Mapping[str, str]) -> str:
    """What is written where the diagnostic points, if that is an unknown name."""
    span = diagnostic.span
    if diagnostic.code not in UNKNOWN or span is None or span.line != span.end_line:
        return ""
    lines = texts.get(span.file, "").split("\n")
    return lines[span.line - 1][span.column - 1 : span.end_column - 1].strip("\"'") if span.line <= len(lines) else ""


def _declared(packages: Sequence[Package]) -> dict[Sort, dict[str, Text]]:
    """The declared names of each sort, with their places."""
    found: dict[Sort, dict[str, Text]] = {sort: {} for sort in UNKNOWN.values()}
    for sort, name in _declarations(packages):
        if name.span.file:
            found[sort].setdefault(str(name), name)
    return found


def _declarations(packages: Sequence[Package]) -> Iterator[tuple[Sort, Text]]:
    documents = [package.document for package in packages]
    for places in words_of([document.vocabulary for document in documents]).values():
        yield from ((Sort.KIND, name) for name in places.values())
    for document in documents:
        attributes = [word for name, fields in document.vocabulary.attributes.items() for word in (name, *fields.aliases)]
        yield from ((Sort.VALUE, name) for name in (*attributes, *document.parameters, *document.measures))
        yield from ((Sort.MEASURE, name) for name in document.measures)
        yield from ((Sort.SOURCE, name) for name in document.sources)
    for requirement in (requirement for package in packages for requirement in package.requirements):
        yield (Sort.REQUIREMENT, requirement.id)
        yield from ((Sort.TAG, name) for name in requirement.tags)
        yield from ((sort, name) for name in requirement.measures for sort in (Sort.VALUE, Sort.MEASURE))


def _stands_alone(name: str, texts: Iterable[str]) -> bool:
    """Does a name stand nowhere but in its declaration? (A title that repeats it is a sign that it is spelt as it was meant.)"""
    written = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return sum(len(written.findall(text)) for text in texts) <= 1

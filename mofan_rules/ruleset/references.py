"""Checks of names across a ruleset: citations name sources, and no name means two things where conditions can see both."""

from collections.abc import Iterable, Mapping

from mofan_rules.diagnostics import Diagnostics, Related
from mofan_rules.documents.text import Text
from mofan_rules.requirements import RequirementBase
from mofan_rules.requirements.base import Cite
from mofan_rules.requirements.unknown import unknown
from mofan_rules.ruleset.document import RulesetHead, Source
from mofan_rules.ruleset.vocabulary import HERE, check_name


def check_citations(requirements: Iterable[RequirementBase], documents: Iterable[RulesetHead], sources: Mapping[str, Source], diagnostics: Diagnostics) -> None:
    """Report citations of sources that nobody declared."""
    cites: list[Cite] = [cite for requirement in requirements for cite in requirement.cite]
    for document in documents:
        cites += [cite for values in document.parameters.values() for value in values for cite in value.cite]
    for cite in dict.fromkeys(cites):
        if cite.source not in sources:
            unknown(diagnostics, "unknown-source", cite.source, sources, source=cite.source)


def check_names(documents: Iterable[RulesetHead], requirements: Iterable[RequirementBase], diagnostics: Diagnostics) -> None:
    """Attributes, parameters and measures are all named by a bare word in conditions: no word may be two of them."""
    taken: dict[str, tuple[str, Text]] = {}
    for document in documents:
        for name, fields in document.vocabulary.attributes.items():
            for word in (name, *fields.aliases):
                taken.setdefault(str(word), ("attribute", word))
    for document in documents:
        for name in document.parameters:
            _claim(taken, "parameter", name, diagnostics)
        for name in document.measures:
            check_name(name, diagnostics)
            _claim(taken, "measure", name, diagnostics)
    for requirement in requirements:
        for name in requirement.measures:
            check_name(name, diagnostics)
            if taken.get(str(name), ("measure", name))[0] != "measure":
                _report(name, taken[str(name)][1], diagnostics)


def _claim(taken: dict[str, tuple[str, Text]], what: str, name: Text, diagnostics: Diagnostics) -> None:
    if str(name) in taken and taken[str(name)][0] != what:
        _report(name, taken[str(name)][1], diagnostics)
    taken.setdefault(str(name), (what, name))


def _report(name: Text, other: Text, diagnostics: Diagnostics) -> None:
    diagnostics.report("name-taken", name.span, name=name, related=(Related(other.span, HERE),))

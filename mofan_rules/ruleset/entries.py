"""From requirements to the catalogue that reports read."""

from collections.abc import Mapping

from mofan_rules.diagnostics import Bilingual, same
from mofan_rules.documents.text import Text
from mofan_rules.requirements import RequirementBase
from mofan_rules.requirements.base import Cite
from mofan_rules.ruleset.document import Source
from mofan_rules.verdicts.catalogue import Citation, Entry


def entry(requirement: RequirementBase, sources: Mapping[str, Source]) -> Entry:
    """What reports know of one version of a requirement."""
    return Entry(
        requirement=str(requirement.id),
        kind=str(getattr(requirement, "kind", "")),
        title=requirement.title or same(str(requirement.id)),
        modality=requirement.modality,
        stage=requirement.stage,
        remedy=requirement.remedy,
        citations=tuple(_citation(cite, sources) for cite in requirement.cite),
        tags=tuple(map(str, requirement.tags)),
        weight=requirement.weight,
        first=requirement.effective.first,
        last=requirement.effective.last,
    )


def _citation(cite: Cite, sources: Mapping[str, Source]) -> Citation:
    source = sources.get(str(cite.source))
    title: Bilingual = same(str(cite.source)) if source is None else source.title
    return Citation(str(cite.source), title, _plain(cite.clause), _plain(cite.quote), _plain(cite.row), cite.verified)


def _plain(text: Text | None) -> str:
    return "" if text is None else str(text)

"""The passes from a folder to a checked ruleset, in order: read, gather words, override, check references, lower."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from mofan_rules.diagnostics import Bilingual, Diagnostic, Diagnostics, RulesetError, Span, same
from mofan_rules.documents.text import Text
from mofan_rules.ir.program import Judgement, Program, Tally
from mofan_rules.requirements import Environment, Lowering, Parts, RequirementBase, Rollup
from mofan_rules.requirements.base import MeasureFields
from mofan_rules.requirements.environment import OnExpression
from mofan_rules.requirements.unknown import unknown
from mofan_rules.ruleset.advice import advise
from mofan_rules.ruleset.declarations import tell_declarations
from mofan_rules.ruleset.dependencies import strata
from mofan_rules.ruleset.derivations import lower_derivations
from mofan_rules.ruleset.document import RulesetHead, Source
from mofan_rules.ruleset.entries import entry
from mofan_rules.ruleset.files import Folder
from mofan_rules.ruleset.overrides import Collected, collect
from mofan_rules.ruleset.packages import Library, read_packages
from mofan_rules.ruleset.parameters import Parameters, build_parameters
from mofan_rules.ruleset.references import check_citations, check_names
from mofan_rules.ruleset.versions import check_versions
from mofan_rules.ruleset.vocabulary import build_vocabulary, words_of
from mofan_rules.schema import Parameter, Table, Vocabulary, WaiverPolicy
from mofan_rules.verdicts.catalogue import Catalogue


@dataclass(frozen=True)
class Ruleset:
    """A ruleset without errors.

    `program` is what executors compute, `catalogue` what reports know of its requirements, `warnings` (also `diagnostics`) the advice of the checks,
    `texts` the files as read, by the names that diagnostics use, `places` where each requirement begins.
    `disabled` are imported requirements that do not hold here, with the reason.
    """

    name: str
    version: str
    title: Bilingual
    time_zone: str
    sources: Mapping[str, Source]
    vocabulary: Vocabulary
    parameters: tuple[Parameter, ...]
    program: Program
    catalogue: Catalogue
    warnings: tuple[Diagnostic, ...]
    disabled: Mapping[str, str]
    texts: Mapping[str, str]
    places: Mapping[str, Span] = field(default_factory=dict)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The warnings, under the name that `RulesetError` has for all diagnostics."""
        return self.warnings


def check(folder: Folder, on_expression: OnExpression = lambda text, names: None) -> tuple[Ruleset | None, Diagnostics]:
    """The ruleset of a folder, or nothing if there is an error; all diagnostics, with the texts that they point into.

    Parameters
    ----------
    on_expression: is told each expression of a requirement, as it was written, and what it may name.
    """
    diagnostics = Diagnostics()
    library = read_packages(folder, diagnostics)
    if not library.complete or not library.packages:
        return None, diagnostics
    return _resolve(library, diagnostics, on_expression), diagnostics


def load(folder: Folder) -> Ruleset:
    """The ruleset of a folder.

    Raises
    ------
    RulesetError: if there is an error in it or in what it imports; `diagnostics` has all of them.
    """
    ruleset, diagnostics = check(folder)
    if ruleset is None:
        raise RulesetError(diagnostics, diagnostics.sources)
    return ruleset


def _resolve(library: Library, diagnostics: Diagnostics, on_expression: OnExpression) -> Ruleset | None:
    documents = [package.document for package in library.packages]
    root = documents[-1]
    collected = collect(library.packages, diagnostics)
    requirements = [requirement for _, requirement in collected.requirements]
    environment, parameters, sources = _environment(documents, collected, diagnostics)
    environment = replace(environment, on_expression=on_expression)
    check_versions(requirements, diagnostics)
    check_citations(requirements, documents, sources, diagnostics)
    judgements, tallies = _lower(requirements, environment, diagnostics)
    order = strata(*_dependencies(requirements, environment.parts), diagnostics)
    derivations = lower_derivations((fields for package in library.packages for fields in package.derivations), environment, diagnostics)
    tell_declarations(library.packages, diagnostics)
    if diagnostics.has_errors:
        return None
    advise(library.packages, requirements, parameters, (*judgements, *tallies), diagnostics)
    program = Program(
        ruleset=str(root.ruleset),
        version=str(root.version),
        vocabulary=environment.vocabulary,
        parameters=tuple(environment.parameters.values()),
        judgements=tuple(sorted(judgements, key=lambda judgement: (judgement.header.requirement, judgement.header.first))),
        tallies=tuple(sorted(tallies, key=lambda tally: (order[tally.header.requirement], tally.header.requirement, tally.header.first))),
        derivations=derivations,
    )
    title = root.title or same(str(root.ruleset))
    entries = tuple(entry(requirement, sources) for requirement in requirements if requirement.stage != "draft")
    return Ruleset(
        name=str(root.ruleset),
        version=str(root.version),
        title=title,
        time_zone=str(root.time_zone),
        sources=sources,
        vocabulary=environment.vocabulary,
        parameters=program.parameters,
        program=program,
        catalogue=Catalogue(str(root.ruleset), str(root.version), title, entries),
        warnings=tuple(diagnostics),
        disabled=collected.disabled,
        texts=dict(diagnostics.sources),
        places={str(requirement.id): requirement.id.span for requirement in reversed(requirements)},
    )


def _environment(documents: list[RulesetHead], collected: Collected, diagnostics: Diagnostics) -> tuple[Environment, Parameters, dict[str, Source]]:
    """All that the words of requirements may mean."""
    vocabulary = build_vocabulary([document.vocabulary for document in documents], diagnostics)
    parameters = build_parameters([document.parameters for document in documents], diagnostics)
    measures: dict[str, MeasureFields] = {}
    for document in documents:
        measures |= {str(name): fields for name, fields in document.measures.items()}
        _check_time_zone(document.time_zone, diagnostics)
    check_names(documents, [requirement for _, requirement in collected.requirements], diagnostics)
    sources: dict[str, Source] = {name: source for document in documents for name, source in document.sources.items()}
    requirements = [requirement for _, requirement in collected.requirements]
    environment = Environment(
        vocabulary=Vocabulary(vocabulary.kinds, vocabulary.attributes, _roster(documents, vocabulary, diagnostics), _policies(requirements)),
        parameters=parameters.by_name,
        percentages=parameters.percentages,
        measures=measures,
        parts=_parts(requirements, collected),
        words=words_of([document.vocabulary for document in documents]),
    )
    return environment, parameters, sources


def _check_time_zone(name: Text, diagnostics: Diagnostics) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        diagnostics.report("unknown-time-zone", name.span, name=name)


def _roster(documents: list[RulesetHead], vocabulary: Vocabulary, diagnostics: Diagnostics) -> str | None:
    roles = vocabulary.canonical(Table.TENURES)
    found: str | None = None
    for document in documents:
        if document.roster is not None:
            if document.roster not in roles:
                unknown(diagnostics, "unknown-word", document.roster, roles, word=document.roster, table="roles")
            found = roles.get(document.roster)
    return found


def _policies(requirements: Iterable[RequirementBase]) -> dict[str, WaiverPolicy]:
    """What waivers each requirement admits; of several versions the one that admits more counts, since a waiver names the id alone."""
    found: dict[str, WaiverPolicy] = {}
    for requirement in requirements:
        before = found.get(str(requirement.id), WaiverPolicy(must=True, waivable=False))
        waivable = requirement.waivable is not None and requirement.waivable.yes
        found[str(requirement.id)] = WaiverPolicy(before.must and requirement.modality == "must", before.waivable or waivable)
    return found


def _parts(requirements: Iterable[RequirementBase], collected: Collected) -> Parts:
    ids: set[str] = set()
    tags: dict[str, set[str]] = {}
    silent = {*collected.disabled, *collected.broken}
    for requirement in requirements:
        (silent if requirement.stage == "draft" else ids).add(requirement.id)
        own = () if isinstance(requirement, Rollup) and requirement.of is None else requirement.tags
        for tag in own:
            tags.setdefault(tag, set()).add(str(requirement.id))
    return Parts(frozenset(ids), {tag: frozenset(found) for tag, found in tags.items()}, frozenset(silent - ids))


def _lower(requirements: Iterable[RequirementBase], environment: Environment, diagnostics: Diagnostics) -> tuple[list[Judgement], list[Tally]]:
    """The nodes of all requirements. Drafts are lowered too, so that what is wrong in them is told, but yield nothing."""
    judgements: list[Judgement] = []
    tallies: list[Tally] = []
    for requirement in requirements:
        if isinstance(requirement, Rollup):
            requirement.check_parts(environment.parts, diagnostics)
        lowering = Lowering(requirement, environment, diagnostics)
        node = requirement.lower(lowering)
        if isinstance(node, Judgement):
            lowering.check(node)
        if requirement.stage == "draft":
            continue
        if isinstance(node, Tally):
            tallies.append(node)
        else:
            judgements.append(node)
    return judgements, tallies


def _dependencies(requirements: Iterable[RequirementBase], parts: Parts) -> tuple[dict[str, set[str]], dict[str, Text]]:
    """The parts of each roll-up, and where its id stands."""
    found: dict[str, set[str]] = {}
    places: dict[str, Text] = {}
    for requirement in requirements:
        if isinstance(requirement, Rollup):
            found.setdefault(str(requirement.id), set()).update(requirement.parts(parts))
            places.setdefault(str(requirement.id), requirement.id)
    return found, places

"""Applying what a ruleset changes in the requirements that it imports."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.documents.text import Text
from mofan_rules.requirements import RequirementBase
from mofan_rules.requirements.unknown import unknown
from mofan_rules.ruleset.document import OverrideFields
from mofan_rules.ruleset.packages import Package

ADDED = ("cite", "tags")
"""What is added to a requirement's own; the rest replaces it."""

SAID = ("disable", "reason")
"""What is said of an override itself."""


@dataclass(slots=True)
class Collected:
    """The requirements in force, each with the key of its package; the ids that are disabled, with the reason."""

    requirements: list[tuple[str, RequirementBase]] = field(default_factory=list)
    disabled: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def collect(packages: Iterable[Package], diagnostics: Diagnostics) -> Collected:
    """All requirements, imports first, as the overrides leave them."""
    collected = Collected()
    for package in packages:
        collected.broken |= package.broken
        for name, override in package.document.override.items():
            _override(collected, package, name, override, diagnostics)
        collected.requirements += [(package.key, requirement) for requirement in package.requirements]
    return collected


def _override(collected: Collected, package: Package, name: Text, override: OverrideFields, diagnostics: Diagnostics) -> None:
    imported = {requirement.id for key, requirement in collected.requirements if key in package.imports}
    if name not in imported:
        if name not in collected.broken and name not in collected.disabled:
            unknown(diagnostics, "unknown-requirement", name, imported, requirement=name)
        return
    if override.disable is not None:
        collected.disabled[str(name)] = str(override.disable)
        collected.requirements = [pair for pair in collected.requirements if pair[1].id != name]
        return
    changed: list[tuple[str, RequirementBase]] = []
    for key, requirement in collected.requirements:
        changed.append((key, _changed(requirement, name, override, diagnostics) if requirement.id == name else requirement))
    collected.requirements = changed


def _changed(requirement: RequirementBase, name: Text, override: OverrideFields, diagnostics: Diagnostics) -> RequirementBase:
    given = {field: getattr(override, field) for field in override.model_fields_set if field not in SAID}
    for field_name in given:
        if field_name not in type(requirement).model_fields:
            diagnostics.report("override-field", name.span, field=field_name, requirement=name, kind=_kind(requirement))
    fitting = {field: value for field, value in given.items() if field in type(requirement).model_fields}
    added = {field: [*getattr(requirement, field), *fitting[field]] for field in ADDED if field in fitting}
    return requirement.model_copy(update=fitting | added)


def _kind(requirement: RequirementBase) -> str:
    return str(getattr(requirement, "kind", ""))

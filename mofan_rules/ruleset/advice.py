"""Advice on rulesets that are not wrong: what can be used but says probably something else than was meant. One small function each."""

from collections.abc import Iterable, Iterator, Sequence

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.documents.text import Text
from mofan_rules.ir.program import Judgement, Tally
from mofan_rules.ir.walk import measures_in, parameters_in, program_expressions
from mofan_rules.requirements import RequirementBase
from mofan_rules.ruleset.packages import Package
from mofan_rules.ruleset.parameters import Parameters


def advise(
    packages: Sequence[Package],
    requirements: Sequence[RequirementBase],
    parameters: Parameters,
    nodes: Sequence[Judgement | Tally],
    diagnostics: Diagnostics,
) -> None:
    """All advice on a ruleset without errors."""
    for name, place in parameters.open.items():
        diagnostics.report("parameter-without-value", place.span, name=name)
    for requirement in requirements:
        _on_requirement(requirement, diagnostics)
    _unused(packages, {str(requirement.grace) for requirement in requirements if isinstance(requirement.grace, Text)}, nodes, diagnostics)


def _on_requirement(requirement: RequirementBase, diagnostics: Diagnostics) -> None:
    if requirement.modality == "must" and not requirement.cite and requirement.stage == "enforce":
        diagnostics.report("must-without-cite", requirement.id.span, requirement=requirement.id)
    if requirement.stage == "draft":
        diagnostics.report("draft-requirement", requirement.id.span, requirement=requirement.id)
    if requirement.title is None:
        diagnostics.report("no-title", requirement.id.span, requirement=requirement.id)


def _unused(packages: Sequence[Package], graces: set[str], nodes: Sequence[Judgement | Tally], diagnostics: Diagnostics) -> None:
    """Parameters and measures that the ruleset itself declares and nothing reads; of one that only gives words to others nothing is said.
    `graces`: the parameters that are one."""
    root = packages[-1].document
    if not packages[-1].requirements:
        return
    expressions = [expression for node in nodes for expression in program_expressions(node)]
    parameters = {name for expression in expressions for name in parameters_in(expression)}
    for name in _without(root.parameters, parameters | graces):
        diagnostics.report("unused", name.span, name=name)
    measures = {measure.name for node in nodes if isinstance(node, Judgement) for measure in node.measures}
    measures |= {name for expression in expressions for name in measures_in(expression)}
    for name in _without(root.measures, measures):
        diagnostics.report("unused", name.span, name=name)


def _without(declared: Iterable[Text], used: set[str]) -> Iterator[Text]:
    return (name for name in declared if name not in used)

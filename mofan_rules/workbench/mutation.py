"""Would the cases notice? Each small change of the ruleset is judged by the cases that it can touch, until one of them fails.

It is all done in memory by the interpreter: the facts of a case are admitted once, and again only where another modality changes which waivers count.
Of a case only what it wants of the requirements that a change touches is judged, and the case that noticed the last change is asked first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mofan_rules.diagnostics import FactsError
from mofan_rules.diagnostics.span import Origin, Span
from mofan_rules.evaluation.derived import named
from mofan_rules.executors.interpreter.facts import OWNERS, Facts
from mofan_rules.executors.interpreter.ground import follows
from mofan_rules.executors.interpreter.run import verdicts
from mofan_rules.facts import AdmittedFacts
from mofan_rules.ir.program import Program
from mofan_rules.ir.walk import parameters_in, program_expressions
from mofan_rules.ruleset import Ruleset
from mofan_rules.schema import Parameter, Table
from mofan_rules.verdicts.table import Verdict
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.changes import Change, Node, What, changed, changed_values, scalar_text
from mofan_rules.workbench.comparison import differences
from mofan_rules.workbench.derived_changes import changed_derivation
from mofan_rules.workbench.derived_facts import fact_differences, requirements_read
from mofan_rules.workbench.narrowing import closure, dependents, narrowed
from mofan_rules.workbench.possible import requirement_nodes
from mofan_rules.workbench.running import admitted


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed ruleset. `about` is the requirement, parameter or derivation that is changed, `touched` the requirements whose verdicts may differ: none
    if it is a derivation, which only changes what is derived."""

    change: Change
    about: str
    place: Span | None
    touched: frozenset[str]
    program: Program


@dataclass(frozen=True, slots=True)
class Mutation:
    """How many changes there are, and those that no case notices."""

    number: int
    survivors: tuple[Mutant, ...]

    @property
    def percent(self) -> float:
        """How many changes are noticed, in percent."""
        return 100 * (self.number - len(self.survivors)) / self.number if self.number else 100.0


def mutate(
    ruleset: Ruleset,
    cases: Sequence[Case],
    facts: Mapping[str, Facts],
    requirements: frozenset[str] | None = None,
    derivations: frozenset[str] | None = None,
) -> Mutation:
    """Change one thing at a time.

    Parameters
    ----------
    cases: those that hold; one that fails without any change says nothing.
    facts: those of each case, by its name (`rows_of`).
    requirements: change only these, and the parameters that they read; default: all.
    derivations: change only these; default: all.
    """
    bench = Bench(ruleset, cases, facts)
    survivors = []
    number = 0
    for mutant in mutants(ruleset, requirements, derivations):
        number += 1
        if not bench.notices(mutant):
            survivors.append(mutant)
    return Mutation(number, tuple(survivors))


def mutants(ruleset: Ruleset, requirements: frozenset[str] | None = None, derivations: frozenset[str] | None = None) -> Iterator[Mutant]:
    """Every changed ruleset, requirement by requirement, then parameter by parameter, then derivation by derivation."""
    program = ruleset.program
    for node in requirement_nodes(program):
        name = node.header.requirement
        if requirements is None or name in requirements:
            touched = dependents(program, {name})
            for change, other in changed(node):
                yield Mutant(change, name, _place(ruleset, node.header.origin, change), touched, _with_node(program, node, other))
    for parameter in program.parameters:
        readers = _readers(program, parameter) & (_readers(program, parameter) if requirements is None else requirements)
        if readers:
            yield from _parameter(ruleset, parameter, dependents(program, readers))
    for rule in program.derivations:
        if derivations is None or rule.name in derivations:
            for change, derivation in changed_derivation(rule, program):
                others = tuple(derivation if one is rule else one for one in program.derivations)
                yield Mutant(change, rule.name, _place(ruleset, rule.origin, change), frozenset(), replace(program, derivations=others))


def _parameter(ruleset: Ruleset, parameter: Parameter, touched: frozenset[str]) -> Iterator[Mutant]:
    place = _place_of_parameter(ruleset, parameter.name)
    for number, value in enumerate(parameter.values):
        for before, after in changed_values(value):
            values = (*parameter.values[:number], replace(value, value=after), *parameter.values[number + 1 :])
            parameters = tuple(replace(one, values=values) if one is parameter else one for one in ruleset.program.parameters)
            change = Change(What.NUMBER, f"{value.first}.." if len(parameter.values) > 1 else "value", scalar_text(before), scalar_text(after))
            yield Mutant(change, parameter.name, place, touched, replace(ruleset.program, parameters=parameters))


def _readers(program: Program, parameter: Parameter) -> frozenset[str]:
    return frozenset(
        node.header.requirement
        for node in requirement_nodes(program)
        if any(parameter.name in parameters_in(expression) for expression in program_expressions(node))
    )


def _with_node(program: Program, node: Node, other: Node) -> Program:
    vocabulary = program.vocabulary
    if other.header.modality is not node.header.modality:
        policy = vocabulary.waivers[node.header.requirement]
        waivers = {**vocabulary.waivers, node.header.requirement: replace(policy, must=not policy.must)}
        vocabulary = replace(vocabulary, waivers=waivers)
    return replace(
        program,
        vocabulary=vocabulary,
        judgements=tuple(other if one is node else one for one in program.judgements),  # type: ignore[misc]
        tallies=tuple(other if one is node else one for one in program.tallies),  # type: ignore[misc]
    )


# where it stands


def _place(ruleset: Ruleset, origin: Origin | None, change: Change) -> Span | None:
    """The line of the field in the text of the requirement or derivation; of a field that is not written there, its first line."""
    if origin is None:
        return None
    span = origin.span
    lines = ruleset.texts.get(span.file, "").splitlines()
    indent = _indent(lines[span.line - 1]) if span.line <= len(lines) else 0
    for number in range(span.line, len(lines) + 1):
        line = lines[number - 1]
        if number > span.line and line.strip() and _indent(line) <= indent and line.lstrip().startswith("- "):
            break
        if found := re.search(rf"(?<![\w.]){re.escape(_written(change.field))}:", line):
            return Span(span.file, number, found.start() + 1, number, found.end())
    return span


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _written(field: str) -> str:
    """The key that stands for a field of the program in a ruleset's files."""
    return {"windows": "once", "expression": "condition"}.get(field, field)


def _place_of_parameter(ruleset: Ruleset, name: str) -> Span | None:
    for file, text in ruleset.texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if found := re.match(rf"\s+{re.escape(name)}\s*:", line):
                return Span(file, number, found.start() + 1, number, found.end())
    return None


# the cases


class Bench:
    """The cases with their facts, ready to be judged again and again."""

    def __init__(self, ruleset: Ruleset, cases: Sequence[Case], facts: Mapping[str, Facts]) -> None:
        self._catalogue = ruleset.catalogue
        self._facts = facts
        self._cases: dict[str, list[Case]] = {}
        self._deriving = {case.name: case for case in cases if case.derived is not None}
        self._verdicts: dict[str, tuple[Verdict, ...]] = {}
        self._vocabulary = ruleset.vocabulary
        self._last = ""
        for case in sorted(cases, key=lambda case: len(closure(ruleset.program, case.requirements))):
            for requirement in sorted(case.requirements):
                self._cases.setdefault(requirement, []).append(_about(case, requirement))

    def notices(self, mutant: Mutant) -> bool:
        """Does a case fail under the change?"""
        if not mutant.touched:
            return self._notices_derivation(mutant)
        touched = [case for requirement in sorted(mutant.touched, key=lambda name: name != mutant.about) for case in self._cases.get(requirement, ())]
        for case in sorted(touched, key=lambda case: case.name != self._last):
            if self._notices_modality(mutant, case) if mutant.change.what is What.MODALITY else self._fails(mutant, case, self._facts[case.name]):
                self._last = case.name
                return True
        return False

    def _fails(self, mutant: Mutant, case: Case, facts: Facts) -> bool:
        rows = verdicts(narrowed(mutant.program, case.requirements), facts, case.context)
        return next(differences(case, rows, self._catalogue), None) is not None

    def _notices_derivation(self, mutant: Mutant) -> bool:
        """It shows in the derived facts of a case that wants some, or none; its verdicts stay as they are."""
        for case in sorted(self._deriving.values(), key=lambda case: case.name != self._last):
            facts = self._facts[case.name]
            if case.name not in self._verdicts:
                needed = case.requirements | requirements_read(mutant.program)
                self._verdicts[case.name] = tuple(verdicts(narrowed(mutant.program, needed), facts, case.context))
            found = follows(mutant.program, facts, case.context, case.known_at, self._verdicts[case.name])
            if next(fact_differences(case.derived or (), named(found, self._vocabulary)), None) is not None:
                self._last = case.name
                return True
        return False

    def _notices_modality(self, mutant: Mutant, case: Case) -> bool:
        """It shows in a verdict that names the modality, and in which waivers count."""
        if any(wanted.requirement == mutant.about and wanted.modality == mutant.change.before for wanted in case.want):
            return True
        if not case.facts.get("waivers") and ("waivers" in case.complete or "waivers" in case.facts):
            return False
        try:
            tables = admitted(case, mutant.program.vocabulary)
        except FactsError:
            return True
        return self._fails(mutant, case, Facts(tables, whole=True))


def _about(case: Case, requirement: str) -> Case:
    """The case as far as it is about one requirement."""
    return replace(case, want=tuple(wanted for wanted in case.want if wanted.requirement == requirement))


def rows_of(tables: AdmittedFacts) -> Facts:
    """Admitted facts as rows in memory, read entirely, so that the database behind them can be closed."""
    facts = Facts(tables, whole=True)
    for table in Table:
        facts.table(table)
    for table, column in OWNERS:
        facts.owned(table, column, 0)
    return facts

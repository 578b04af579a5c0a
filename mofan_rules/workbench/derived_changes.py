"""Small changes of a derivation: any one number, comparison, state of a verdict, relation or day, each giving another derivation of the same words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mofan_rules.condition import print_expression
from mofan_rules.ir.derivations import Counted, Derivation, Head, Literal, OfEdges, OfRows, OfVerdicts, Pattern, Term
from mofan_rules.ir.program import Program
from mofan_rules.schema import Table
from mofan_rules.values.dates import Duration, DurationUnit
from mofan_rules.verdicts.state import State
from mofan_rules.workbench.changes import Change, What, beside_of, changed_expression, scalar_text
from mofan_rules.workbench.possible import states_of

AT_ONCE = Duration(0, DurationUnit.DAYS)
"""What `after` is where it is left out."""

OVER_LATER = frozenset({State.PENDING})
"""What is due on the as-of date or later: a fact that follows from it would be dated later still, so that nothing can show."""

TURNED = {"source": "target", "target": "source"}


def changed_derivation(derivation: Derivation, program: Program) -> Iterator[tuple[Change, Derivation]]:
    """Each change of a derivation, with the changed derivation. The numbers that it implies (*not even once*, *at once*) count like those that are written."""
    for change, patterns in _patterns(derivation.patterns, program):
        yield change, replace(derivation, patterns=patterns)
    for place, counted in enumerate(derivation.counts):
        for change, other in _counted(counted, program):
            yield change, replace(derivation, counts=(*derivation.counts[:place], other, *derivation.counts[place + 1 :]))
    after = derivation.after or AT_ONCE
    for other in beside_of(after):
        yield Change(What.NUMBER, "after", scalar_text(after), scalar_text(other)), replace(derivation, after=other)
    for change, head in _head(derivation.head, program):
        yield change, replace(derivation, head=head)


def _patterns(patterns: tuple[Pattern, ...], program: Program) -> Iterator[tuple[Change, tuple[Pattern, ...]]]:
    for place, pattern in enumerate(patterns):
        for change, other in _pattern(pattern, program):
            yield change, (*patterns[:place], other, *patterns[place + 1 :])


def _pattern(pattern: Pattern, program: Program) -> Iterator[tuple[Change, Pattern]]:
    match pattern.source:
        case OfVerdicts(requirements, states):
            possible = frozenset(state for requirement in requirements for state in states_of(program, requirement))
            for other in (states ^ {state} for state in State if state in (possible | states) - OVER_LATER):
                if other:
                    yield Change(What.STATE, "state", _named(states), _named(other)), replace(pattern, source=OfVerdicts(requirements, other))
        case OfRows(where=condition) as rows if condition is not None:
            for what, expression in changed_expression(condition):
                change = Change(what, "where", print_expression(condition), print_expression(expression))
                yield change, replace(pattern, source=replace(rows, where=expression))
        case OfEdges(relation):
            for name in sorted(program.vocabulary.kinds.get(Table.RELATIONS, {})):
                if name != relation:
                    yield Change(What.RELATION, "relation", relation, name), replace(pattern, source=OfEdges(name))
            turned = tuple((TURNED[column], term) for column, term in pattern.terms)
            yield Change(What.RELATION, "relation", relation, f"{relation} (turned)"), replace(pattern, terms=turned)
    for change, terms in _columns("match", pattern.terms, program):
        yield change, replace(pattern, terms=terms)


def _named(states: frozenset[str]) -> str:
    return ", ".join(state for state in State if state in states)


def _counted(counted: Counted, program: Program) -> Iterator[tuple[Change, Counted]]:
    for number in (counted.at_least or 0) - 1, (counted.at_least or 0) + 1:
        if counted.at_least is not None and number > 0:
            yield Change(What.NUMBER, "at_least", str(counted.at_least), str(number)), replace(counted, at_least=number)
    for number in (counted.at_most or 0) - 1, (counted.at_most or 0) + 1:
        if counted.at_most is not None and number >= 0:
            yield Change(What.NUMBER, "at_most", str(counted.at_most), str(number)), replace(counted, at_most=number)
    for change, patterns in _patterns(counted.patterns, program):
        yield change, replace(counted, patterns=patterns)


def _head(head: Head, program: Program) -> Iterator[tuple[Change, Head]]:
    for change, terms in _columns("attributes", head.attributes, program):
        yield change, replace(head, attributes=terms)


def _columns(field: str, terms: Sequence[tuple[str, Term]], program: Program) -> Iterator[tuple[Change, tuple[tuple[str, Term], ...]]]:
    """The changes of what must stand, or shall stand, in columns; texts stay, which no number is beside."""
    for place, (column, term) in enumerate(terms):
        if not isinstance(term, Literal):
            continue
        name = program.vocabulary.attributes[int(column.removeprefix("a_"))].name if column.startswith("a_") else column
        others = [not term.value] if isinstance(term.value, bool) else list(beside_of(term.value))
        what = What.COMPARISON if isinstance(term.value, bool) else What.NUMBER
        for other in others:
            changed = (*terms[:place], (column, Literal(other, term.type)), *terms[place + 1 :])
            yield Change(what, field, f"{name}: {_text(term.value)}", f"{name}: {_text(other)}"), changed


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

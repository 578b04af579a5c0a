"""Derivations as text."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, assert_never

from mofan_rules.ir.derivations import Derivation, OfDerived, OfEdges, OfRows, OfVerdicts, Pattern, Source, Term, Variable
from mofan_rules.ir.expressions import Expression

Spell = Callable[[Expression], str]
Scalar = Callable[[Any], str]


def derivation_lines(derivation: Derivation, spell: Spell, scalar: Scalar) -> Iterator[str]:
    """A derivation, a node a line. `spell` and `scalar` print expressions and values."""
    after = "" if derivation.after is None else f" after {scalar(derivation.after)}"
    yield f"derivation {derivation.name} stratum {derivation.stratum}{after}"
    for pattern in derivation.patterns:
        yield f"  if {_pattern(pattern, spell, scalar)}"
    for counted in derivation.counts:
        yield f"  count {'' if counted.of is None else '$' + counted.of + ' '}at least {counted.at_least} at most {counted.at_most}"
        yield from (f"    in {_pattern(pattern, spell, scalar)}" for pattern in counted.patterns)
    head = derivation.head
    yield f"  then {head.kind} of {_term(head.organization, scalar)}{_terms(head.attributes, scalar)}"


def _pattern(pattern: Pattern, spell: Spell, scalar: Scalar) -> str:
    return f"{_source(pattern.source, spell)}{_terms(pattern.terms, scalar)}"


def _source(source: Source, spell: Spell) -> str:
    match source:
        case OfVerdicts(requirements, states):
            return f"verdicts {_set(requirements)} {_set(states)}"
        case OfRows(table, kinds, where):
            return f"{table} {_set(kinds)}{'' if where is None else ' where ' + spell(where)}"
        case OfEdges(relation):
            return f"edges {relation}"
        case OfDerived(kinds):
            return f"derived {_set(kinds)}"
        case _:
            assert_never(source)


def _terms(terms: Iterable[tuple[str, Term]], scalar: Scalar) -> str:
    return "".join(f" {column}={_term(term, scalar)}" for column, term in terms)


def _term(term: Term, scalar: Scalar) -> str:
    return f"${term.name}" if isinstance(term, Variable) else scalar(term.value)


def _set(names: Iterable[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"

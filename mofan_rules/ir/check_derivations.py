"""Are the derivations of a program well formed?"""

from collections.abc import Iterator

from mofan_rules.ir.derivations import Derivation, OfDerived, OfEdges, OfRows, Pattern, Variable
from mofan_rules.ir.program import Program
from mofan_rules.schema import Table


def derivations_bind(program: Program) -> Iterator[str]:
    """Every variable that is needed has a value, something dates the fact, and nothing is absent but verdicts and derived facts."""
    for derivation in program.derivations:
        bound = {name for pattern in derivation.patterns for name in pattern.variables}
        needed = {term.name for term in derivation.head.terms if isinstance(term, Variable)}
        dated = any(pattern.dated for pattern in derivation.patterns)
        for counted in derivation.counts:
            shared = set(derivation.shared(counted))
            bound, needed = (bound | shared, needed) if counted.at_least is not None else (bound, needed | shared)
            dated |= counted.at_least is not None
            if counted.at_most is not None and any(isinstance(pattern.source, OfRows | OfEdges) for pattern in counted.patterns):
                yield f"{derivation.name}: absence of rows"
            if not any(pattern.dated for pattern in counted.patterns):
                yield f"{derivation.name}: a count without a date"
        for name in sorted(needed - bound):
            yield f"{derivation.name}: no value for {name}"
        if not dated:
            yield f"{derivation.name}: nothing dates it"


def derivations_stratified(program: Program) -> Iterator[str]:
    """What a derivation reads is derived in its own stratum or below, what it counts below."""
    strata: dict[str, set[int]] = {}
    for derivation in program.derivations:
        strata.setdefault(derivation.head.kind, set()).add(derivation.stratum)
    for derivation in program.derivations:
        if len(strata[derivation.head.kind]) > 1:
            yield f"{derivation.name}: {derivation.head.kind} in several strata"
        for pattern, limit in _limits(derivation):
            for kind in sorted(pattern.source.kinds & strata.keys()) if isinstance(pattern.source, OfDerived) else ():
                if max(strata[kind]) > limit:
                    yield f"{derivation.name}: {kind} comes too late"


def _limits(derivation: Derivation) -> Iterator[tuple[Pattern, int]]:
    for pattern in derivation.patterns:
        yield pattern, derivation.stratum
    for counted in derivation.counts:
        for pattern in counted.patterns:
            yield pattern, derivation.stratum - 1


def derived_kinds_exist(program: Program) -> Iterator[str]:
    """What is derived are events of declared kinds."""
    for derivation in program.derivations:
        if derivation.head.kind not in program.vocabulary.kinds.get(Table.EVENTS, {}):
            yield f"{derivation.name}: no kind {derivation.head.kind} of events"

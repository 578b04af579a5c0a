"""Derived facts as users hold them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from mofan_rules.evaluation.deriving import derived_by
from mofan_rules.ir.derivations import DerivedFact, Value

if TYPE_CHECKING:
    from mofan_rules.evaluation.result import Evaluation
    from mofan_rules.schema import Vocabulary


class Derived(NamedTuple):
    """A fact that the ruleset derived: an event of that kind, recorded on its date. `attributes` are by name; numbers in them are exact fractions."""

    kind: str
    organization: str
    date: date
    attributes: Mapping[str, Value]


def named(facts: "tuple[DerivedFact, ...]", vocabulary: "Vocabulary") -> Iterator[Derived]:
    """Derived facts with the names of their attributes."""
    for fact in facts:
        attributes = {vocabulary.attributes[int(column.removeprefix("a_"))].name: value for column, value in fact.attributes}
        yield Derived(fact.kind, fact.organization, fact.dated, attributes)


def derived_from(evaluation: "Evaluation") -> tuple[Derived, ...]:
    """What the ruleset's derivations say of an evaluation's verdicts, sorted by kind, organization, date, attributes."""
    program = evaluation.ruleset.program
    facts = derived_by(evaluation.executor, program, evaluation.facts, evaluation.context, evaluation.verdicts)
    return tuple(named(facts, program.vocabulary))

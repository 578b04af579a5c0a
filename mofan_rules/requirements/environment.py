"""What a ruleset declares, resolved: what the words of a requirement mean."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from mofan_rules.condition import Names
from mofan_rules.documents.text import Text
from mofan_rules.requirements.base import MeasureFields
from mofan_rules.schema import Parameter, Table, Vocabulary


@dataclass(frozen=True, slots=True)
class Parts:
    """What roll-ups may name: the requirements in force and their tags. `silent` are the ids that exist but give no verdicts (drafts, disabled ones)."""

    ids: frozenset[str] = frozenset()
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()


OnExpression = Callable[[Text, Names], None]


@dataclass(frozen=True, slots=True)
class Environment:
    """The vocabulary, the parameters (`percentages`: those with a value written in per cent) and the measures of a ruleset.
    `words`: where each kind of a table was declared. `on_expression` is told each expression of a requirement, as it was written, and what it may name.
    `seen` keeps the names of each place that was asked for: many requirements ask for the same ones."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    percentages: frozenset[str] = frozenset()
    measures: Mapping[str, MeasureFields] = field(default_factory=dict)
    parts: Parts = Parts()
    words: Mapping[Table, Mapping[str, Text]] = field(default_factory=dict)
    on_expression: OnExpression = lambda text, names: None
    seen: dict[Hashable, Names] = field(default_factory=dict, init=False, repr=False, compare=False)

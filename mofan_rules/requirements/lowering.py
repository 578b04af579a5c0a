"""What every kind needs to lower itself: words to kinds, texts to typed expressions, the common header.

A `Lowering` belongs to one requirement. Whatever is wrong is reported and replaced by something harmless, so that all problems are told at once;
a ruleset with an error yields no program, so nothing of the harmless kind is ever run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mofan_rules.condition import compile_expression
from mofan_rules.diagnostics import Diagnostic, Diagnostics, Origin
from mofan_rules.documents.text import Text
from mofan_rules.ir.expressions import Const, Expression, Field, Scope
from mofan_rules.ir.measures import Measure, WindowOf
from mofan_rules.ir.program import Calendar, Header, Judgement, Modality, Partial, Stage
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.ir.walk import measures_in
from mofan_rules.requirements.base import RequirementBase
from mofan_rules.requirements.environment import Environment
from mofan_rules.requirements.measures import LoweredMeasure, lower_measures
from mofan_rules.requirements.names import Scopes, Side, columns, names
from mofan_rules.requirements.unknown import SECTIONS, unknown
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import BEGINNING, END, CivilDate, Duration

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})
DURATIONS = frozenset({Type.DAYS, Type.MONTHS})
BOOLEAN = frozenset({Type.BOOLEAN})
TRUE = Const(True, Type.BOOLEAN)


class Lowering:
    """Lowers the parts of one requirement."""

    def __init__(self, requirement: RequirementBase, environment: Environment, diagnostics: Diagnostics) -> None:
        self.requirement = requirement
        self.environment = environment
        self.diagnostics = diagnostics
        self.subjects = self.kinds(Table.ORGANIZATIONS, requirement.subject)
        self._lowered: dict[str, LoweredMeasure] | None = None

    def kinds(self, table: Table, words: Sequence[Text]) -> frozenset[str]:
        """The kinds that words name, special cases included; for an unknown word all, so that nothing else seems unknown because of it."""
        vocabulary = self.environment.vocabulary
        canonical = vocabulary.canonical(table)
        found: frozenset[str] = frozenset()
        for word in words:
            if word in canonical:
                found |= vocabulary.family(table, canonical[word])
            else:
                self._unknown(word, table)
                found |= frozenset(vocabulary.kinds.get(table, ()))
        return found

    def relation(self, word: Text) -> str:
        """The relation that a word names."""
        canonical = self.environment.vocabulary.canonical(Table.RELATIONS)
        if word not in canonical:
            self._unknown(word, Table.RELATIONS)
        return canonical.get(word, str(word))

    def _unknown(self, word: Text, table: Table) -> None:
        canonical = self.environment.vocabulary.canonical(table)
        unknown(self.diagnostics, "unknown-word", word, canonical, self.environment.words.get(table), word=word, table=SECTIONS[table])

    def linked(self, relation: Text, direction: str, depth: int) -> Linked:
        """A walk along a relation; a depth of 0 is any number of steps."""
        return Linked(self.relation(relation), Direction(direction), depth or None)

    def column(self, side: Side, word: Text, kind: Type) -> str | None:
        """The column of that name and type, of rows or of the subject."""
        found = columns(self.environment.vocabulary, side)
        fitting = {name: field for name, field in found.items() if field.type is kind}
        if word in fitting:
            return fitting[word].column
        if word in found:
            self.diagnostics.report("column-type", word.span, word=word, wanted=kind.value, found=found[word].type.value)
        else:
            unknown(self.diagnostics, "unknown-column", word, fitting, word=word, wanted=kind.value)
        return None

    def expression(self, text: Text, scopes: Scopes, expected: frozenset[Type]) -> Expression | None:
        """The typed expression of a text, or nothing where it is wrong."""
        allowed = scopes if scopes.measures else replace(scopes, measures=dict.fromkeys(self._measure_names(), Type.NUMBER))
        place = (allowed.subject, allowed.sides, tuple(allowed.measures.items()), allowed.window)
        if (seen := self.environment.seen.get(place)) is None:
            seen = self.environment.seen[place] = names(self.environment.vocabulary, self.environment.parameters.values(), allowed)
        self.environment.on_expression(text, seen)
        expression, found = compile_expression(text, text.span, seen, expected)
        broken = () if expression is not None or not scopes.measures else self._broken_measures(text)
        self.diagnostics.extend(broken or found)
        if expression is not None and not scopes.measures:
            for name in sorted(measures_in(expression)):
                self.refuse("measure-here", text, name=name)
        return expression

    def _broken_measures(self, text: Text) -> tuple[Diagnostic, ...]:
        """What is wrong with the measures that a text names: of their types nothing is known, so that what seems wrong with the text may not be."""
        return tuple(problem for name, lowered in self._measures().items() if name in text for problem in lowered.problems)

    def _measure_names(self) -> list[str]:
        return [str(name) for name in (*self.environment.measures, *self.requirement.measures)]

    def where(self, text: Text | None, *sides: Side) -> Expression | None:
        """A condition on rows; measures cannot be seen there."""
        if text is None:
            return None
        return self.expression(text, Scopes(self.subjects, sides), BOOLEAN)

    def condition(self, text: Text) -> Expression:
        """A condition on the subject, over its measures too."""
        return self.expression(text, self.judged(), BOOLEAN) or TRUE

    def bound(self, text: Text | None, expected: frozenset[Type] = NUMBERS) -> Expression | None:
        """The expression of a bound, over parameters, the subject and its measures."""
        return None if text is None else self.expression(text, self.judged(), expected)

    def judged(self) -> Scopes:
        """What bounds and conditions of a judgement can see."""
        return Scopes(self.subjects, measures={name: lowered.type for name, lowered in self._measures().items()})

    def used(self, *expressions: Expression | None) -> tuple[Measure, ...]:
        """The author's measures that these expressions read, in the order of their names; their own problems are reported now."""
        wanted = {name for expression in expressions if expression is not None for name in measures_in(expression)}
        lowered = self._measures()
        for name in sorted(wanted):
            self.diagnostics.extend(lowered[name].problems)
        return tuple(lowered[name].measure for name in sorted(wanted) if lowered[name].measure is not None)  # type: ignore[misc]

    def _measures(self) -> Mapping[str, LoweredMeasure]:
        if self._lowered is None:
            self._lowered = lower_measures(self)
        return self._lowered

    def check(self, judgement: Judgement) -> None:
        """Report measures of a judgement that do not go with each other or with its windows."""
        names = [measure.name for measure in judgement.measures]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.refuse("measure-name", at="measures", name=name)
        if not isinstance(judgement.windows, Calendar) and any(measure.window is WindowOf.PREVIOUS for measure in judgement.measures):
            self.refuse("previous-needs-every")

    def header(self, kind: str, *, state: bool = False, extension: Duration | None = None) -> Header:
        """What judgements and tallies have in common; `state`: only a duration may be its grace."""
        requirement = self.requirement
        when = None
        if requirement.when is not None:
            when = self.expression(requirement.when, Scopes(self.subjects), BOOLEAN)
        grace = self._grace()
        if state and grace is not None and not isinstance(grace, Duration):
            self.refuse("grace-of-state", at="grace")
        return Header(
            requirement=str(requirement.id),
            kind=kind,
            subjects=self.subjects,
            when=when,
            first=requirement.effective.first,
            last=requirement.effective.last,
            partial=Partial(requirement.partial),
            grace=grace,
            modality=Modality(requirement.modality),
            stage=Stage.SHADOW if requirement.stage == "shadow" else Stage.ENFORCE,
            weight=requirement.weight,
            accountable=None if requirement.accountable is None else self.relation(requirement.accountable),
            extension=extension,
            origin=Origin(requirement.id.span),
        )

    def _grace(self) -> Duration | CivilDate | None:
        """How long judgement waits. A parameter is read here, once: so it is one duration, whatever the day and the subject."""
        written = self.requirement.grace
        if not isinstance(written, Text):
            return written
        parameter = self.environment.parameters.get(str(written))
        if parameter is None:
            unknown(self.diagnostics, "field-not-grace", written, self.environment.parameters, value=str(written))
            return None
        last = parameter.values[-1].value
        if not isinstance(last, Duration) or any(value.first != BEGINNING or value.last != END or value.under is not None for value in parameter.values):
            self.refuse("grace-parameter", written, name=str(written))
            return None
        return last

    def refuse(self, code: str, text: Text | None = None, *, at: str = "", **values: Any) -> None:
        """Report that something does not go together: at a text, at the key `at`, or else at the requirement's id."""
        place = text or self.requirement.keys.get(at, self.requirement.id)
        self.diagnostics.report(code, place.span, requirement=str(self.requirement.id), **values)

    def side(self, scope: Scope, table: Table, kinds: frozenset[str] | None) -> Side:
        """Rows as expressions see them."""
        return Side(scope, table, kinds)

    def field(self, side: Side, name: str) -> Field:
        """A fixed column of rows."""
        return columns(self.environment.vocabulary, side)[name]

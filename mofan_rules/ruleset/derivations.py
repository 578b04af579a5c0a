"""Lowering derivations: what authors write under `derive` to the nodes of `ir.derivations`."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from mofan_rules.condition import compile_expression, parse_literal
from mofan_rules.diagnostics import Diagnostics, Origin
from mofan_rules.documents.text import Text
from mofan_rules.ir.derivations import Counted, Derivation, Head, Literal, OfDerived, OfEdges, OfRows, OfVerdicts, Pattern, Source, Term, Variable
from mofan_rules.ir.expressions import Expression, Field, Holds, Param, Scope
from mofan_rules.ir.walk import nodes
from mofan_rules.requirements import Environment
from mofan_rules.requirements.names import Scopes, Side, names
from mofan_rules.requirements.unknown import SECTIONS, unknown
from mofan_rules.ruleset.derive import CountFields, DeriveFields, PatternFields
from mofan_rules.ruleset.derive_columns import Columns, attribute_columns, source_columns
from mofan_rules.ruleset.stratification import stratified
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import Duration

TABLES = {"event": Table.EVENTS, "document": Table.EVIDENCE, "role": Table.TENURES, "organizations": Table.ORGANIZATIONS}
BOOLEAN = frozenset({Type.BOOLEAN})


def lower_derivations(written: Iterable[DeriveFields], environment: Environment, diagnostics: Diagnostics) -> tuple[Derivation, ...]:
    """All derivations by stratum and id; whatever is wrong is reported."""
    taken: set[str] = set()
    found: list[Derivation] = []
    for fields in written:
        if fields.id in taken:
            diagnostics.report("derivation-id", fields.id.span, name=fields.id)
        taken.add(str(fields.id))
        found.append(_Lowering(fields, environment, diagnostics).derivation())
    return stratified(found, diagnostics)


class _Lowering:
    """Lowers one derivation. What is wrong is replaced by something harmless, which is never run."""

    def __init__(self, fields: DeriveFields, environment: Environment, diagnostics: Diagnostics) -> None:
        self.fields = fields
        self.environment = environment
        self.diagnostics = diagnostics
        self.types: dict[str, Type] = {}
        self.places: dict[str, Text] = {}

    def derivation(self) -> Derivation:
        fields = self.fields
        patterns = self._patterns(fields.patterns)
        absent = [Counted((self._pattern(pattern),), None, None, 0) for pattern in fields.absent]
        counts = [Counted(self._patterns(count.patterns), count.of.removeprefix("$"), count.at_least, count.at_most) for count in fields.count]
        found = Derivation(str(fields.id), self._head(), patterns, (*absent, *counts), self._after(), origin=Origin(fields.id.span))
        self._check_bound(found)
        self._check_dated(found, counts)
        self._check_absence(found)
        for written, counted in zip(fields.count, counts, strict=True):
            self._check_of(written, counted, found)
        return found

    def _after(self) -> Duration | None:
        after = self.fields.after
        if after is not None and after.amount < 0:
            self.diagnostics.report("field-not-duration", self.fields.id.span, value=f"{after.amount} {after.unit}")
        return after

    # patterns

    def _patterns(self, written: Iterable[PatternFields]) -> tuple[Pattern, ...]:
        return tuple(self._pattern(fields) for fields in written)

    def _pattern(self, fields: PatternFields) -> Pattern:
        source = self._source(fields)
        return Pattern(source, self._terms(fields.match, source_columns(self.environment.vocabulary, source)))

    def _source(self, fields: PatternFields) -> Source:
        if fields.verdict is not None:
            return OfVerdicts(self._requirements(fields.verdict), frozenset(fields.state))
        if fields.relation is not None:
            canonical = self.environment.vocabulary.canonical(Table.RELATIONS)
            self._kinds(Table.RELATIONS, [fields.relation])
            return OfEdges(canonical.get(fields.relation, str(fields.relation)))
        if fields.derived is not None:
            return OfDerived(self._kinds(Table.EVENTS, fields.derived))
        table, words = next((table, words) for name, table in TABLES.items() if (words := getattr(fields, name)) is not None)
        kinds = self._kinds(table, words)
        return OfRows(table, kinds, self._where(fields.where, Side(Scope.ROW, table, kinds)))

    def _requirements(self, words: Sequence[Text]) -> frozenset[str]:
        known = self.environment.parts.ids | self.environment.parts.silent
        for word in words:
            if word not in known:
                unknown(self.diagnostics, "unknown-requirement", word, known, requirement=word)
        return frozenset(map(str, words))

    def _kinds(self, table: Table, words: Sequence[Text]) -> frozenset[str]:
        vocabulary = self.environment.vocabulary
        canonical = vocabulary.canonical(table)
        for word in words:
            if word not in canonical:
                unknown(self.diagnostics, "unknown-word", word, canonical, self.environment.words.get(table), word=word, table=SECTIONS[table])
        return frozenset(kind for word in words if word in canonical for kind in vocabulary.family(table, canonical[word]))

    def _where(self, text: Text | None, side: Side) -> Expression | None:
        """A condition over the row alone: what a subject or a parameter would say depends on a day that rows here do not have."""
        if text is None:
            return None
        seen = names(self.environment.vocabulary, self.environment.parameters.values(), Scopes(None, (side,), window=False))
        expression, problems = compile_expression(text, text.span, seen, BOOLEAN)
        self.diagnostics.extend(problems)
        for part in nodes(expression) if expression is not None else ():
            if isinstance(part, Param | Holds) or (isinstance(part, Field) and part.scope is not Scope.ROW):
                self.diagnostics.report("derivation-where", text.span)
                break
        return expression

    # terms

    def _head(self) -> Head:
        then = self.fields.then
        self._kinds(Table.EVENTS, [then.event])
        kind = self.environment.vocabulary.canonical(Table.EVENTS).get(then.event, str(then.event))
        organization = self._term(Text("organization", then.organization.span), then.organization, Type.ORGANIZATION)
        attributes = self._terms(then.attributes, attribute_columns(self.environment.vocabulary, frozenset({kind})))
        return Head(kind, organization, tuple(sorted(attributes, key=lambda pair: int(pair[0].removeprefix("a_")))))

    def _terms(self, written: dict[Text, Text], columns: Columns) -> tuple[tuple[str, Term], ...]:
        found: list[tuple[str, Term]] = []
        for word, value in written.items():
            if word in columns:
                column, kind = columns[word]
                found.append((column, self._term(word, value, kind)))
            else:
                unknown(self.diagnostics, "derivation-column", word, columns, word=word)
        return tuple(found)

    def _term(self, column: Text, written: Text, kind: Type) -> Term:
        name = written.strip()
        wanted = Type.NUMBER if kind is Type.INTEGER else kind
        if name.startswith("$") and len(name) > 1:
            name = name[1:]
            self.places[name] = written
            if self.types.setdefault(name, wanted) is not wanted:
                self.diagnostics.report("derivation-type", written.span, name=name, found=self.types[name].value, wanted=wanted.value)
            return Variable(name, wanted)
        literal = parse_literal(written, kind)
        if literal is None or (not isinstance(literal.value, bool | Fraction | str) and literal.type is not Type.DATE):
            self.diagnostics.report("derivation-literal", written.span, value=written, column=column, wanted=kind.value)
            return Literal(str(written), wanted)
        return Literal(literal.value, wanted)  # type: ignore[arg-type]

    # what does not go together

    def _check_bound(self, found: Derivation) -> None:
        bound = {name for pattern in found.patterns for name in pattern.variables}
        needed = [term.name for term in found.head.terms if isinstance(term, Variable)]
        for counted in found.counts:
            if counted.at_least is not None:
                bound.update(found.shared(counted))
            else:
                needed += found.shared(counted)
        for name in sorted(set(needed) - bound):
            self.diagnostics.report("derivation-unbound", self.places.get(name, self.fields.id).span, name=name)

    def _check_dated(self, found: Derivation, counts: Sequence[Counted]) -> None:
        counted = [counted for counted in counts if counted.at_least is not None]
        dated = any(pattern.dated for pattern in found.patterns) or bool(counted)
        if not dated or not all(any(pattern.dated for pattern in count.patterns) for count in counts):
            self.diagnostics.report("derivation-undated", self.fields.id.span, name=self.fields.id)

    def _check_absence(self, found: Derivation) -> None:
        for counted in found.counts:
            if counted.at_most is not None and any(isinstance(pattern.source, OfRows | OfEdges) for pattern in counted.patterns):
                self.diagnostics.report("derivation-absence", self.fields.id.span)
                return

    def _check_of(self, written: CountFields, counted: Counted, found: Derivation) -> None:
        name = written.of.removeprefix("$")
        if name not in counted.variables or name in found.shared(counted):
            self.diagnostics.report("derivation-of", written.of.span, name=name)

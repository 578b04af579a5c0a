"""Named measures: from what authors write to `ir.measures`."""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Diagnostic, Diagnostics
from mofan_rules.documents.text import Text
from mofan_rules.ir.expressions import Expression, Field, Scope
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.rows import Direction, Linked, OfLinked, Own, Owner, Place, Rows
from mofan_rules.requirements.base import MeasureFields, RowsOf
from mofan_rules.requirements.names import Scopes, Side
from mofan_rules.requirements.unknown import unknown
from mofan_rules.schema import Table, Type

if TYPE_CHECKING:
    from mofan_rules.requirements.lowering import Lowering

DATED = {
    Table.EVENTS: (Place.DATED, "date"),
    Table.EVIDENCE: (Place.DATED, "date"),
    Table.TENURES: (Place.IN_FORCE, "from_date"),
    Table.RELATIONS: (Place.IN_FORCE, "valid_from"),
    Table.ORGANIZATIONS: (Place.IN_FORCE, "founded_on"),
}
"""How the rows of a measure lie in time: what happens counts in its window, what lasts on the reference day."""

HULLS = frozenset({Type.BOOLEAN, Type.INTEGER, Type.NUMBER, Type.DATE})
"""What `latest` and `earliest` may take."""

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})


@dataclass(frozen=True, slots=True)
class LoweredMeasure:
    """A measure, its type, and what is wrong with it: told only where the measure is used, since a shared one need not fit every subject."""

    type: Type
    measure: Measure | None
    problems: tuple[Diagnostic, ...]


def lower_measures(lowering: "Lowering") -> dict[str, LoweredMeasure]:
    """All measures that a requirement can see: the ruleset's and its own, which hide the ruleset's of the same name."""
    fields: dict[str, tuple[Text, MeasureFields]] = {}
    for source in (lowering.environment.measures, lowering.requirement.measures):
        fields |= {str(name): (name if isinstance(name, Text) else Text(name), measure) for name, measure in source.items()}
    lowered = {name: _separately(lowering, written, measure) for name, (written, measure) in fields.items() if measure.previous is None}
    for name, (_, measure) in fields.items():
        if measure.previous is not None:
            lowered[name] = _previous(name, measure.previous, lowered)
    return lowered


def _previous(name: str, wanted: Text, lowered: dict[str, LoweredMeasure]) -> LoweredMeasure:
    found = lowered.get(wanted)
    if found is None or (found.measure is not None and found.measure.window is WindowOf.PREVIOUS):
        problems = Diagnostics()
        unknown(problems, "unknown-measure", wanted, lowered, measure=wanted)
        return LoweredMeasure(Type.NUMBER, None, tuple(problems))
    measure = None if found.measure is None else replace(found.measure, name=name, window=WindowOf.PREVIOUS)
    return LoweredMeasure(found.type, measure, found.problems)


def _separately(lowering: "Lowering", name: Text, fields: MeasureFields) -> LoweredMeasure:
    """Lower a measure with its problems kept apart."""
    outer, lowering.diagnostics = lowering.diagnostics, Diagnostics()
    try:
        quantity, kind = _quantity(lowering, fields)
        problems = tuple(lowering.diagnostics)
    finally:
        lowering.diagnostics = outer
    measure = None if quantity is None else Measure(str(name), quantity, per=fields.per)
    return LoweredMeasure(kind, measure, problems)


def _quantity(lowering: "Lowering", fields: MeasureFields) -> tuple[Count | Total | Extreme | LargestGroup | None, Type]:
    if fields.of is None:
        return None, Type.NUMBER
    owner = None
    if fields.along is not None:
        owner = OfLinked(Linked(lowering.relation(fields.along), Direction(fields.direction), fields.depth or None))
    rows, side = rows_of(lowering, fields.of, fields.where, owner)
    if fields.count:
        return Count(rows), Type.INTEGER
    if fields.sum is not None:
        return _total(lowering, rows, side, fields.sum)
    distinct = None if fields.distinct is None else _value(lowering, side, fields.distinct, frozenset(Type))
    if fields.largest_group is not None:
        group = _value(lowering, side, fields.largest_group, frozenset(Type))
        return (LargestGroup(rows, group, distinct) if group else None), Type.INTEGER
    if fields.distinct is not None:
        return (Count(rows, distinct) if distinct else None), Type.INTEGER
    extreme = fields.latest or fields.earliest
    value = _value(lowering, side, extreme, HULLS) if extreme is not None else None
    if value is None:
        return None, Type.NUMBER
    return Extreme(rows, value, latest=fields.latest is not None), value.type


def _value(lowering: "Lowering", side: Side, text: Text, expected: frozenset[Type]) -> Expression | None:
    return lowering.expression(text, Scopes(lowering.subjects, (side,)), expected)


def _total(lowering: "Lowering", rows: Rows, side: Side, text: Text) -> tuple[Total | None, Type]:
    value = _value(lowering, side, text, NUMBERS)
    if value is None:
        return None, Type.NUMBER
    least, greatest = declared_range(lowering, side.table, value)
    return Total(rows, value, None if least is None else floor(least), None if greatest is None else ceil(greatest)), value.type


def declared_range(lowering: "Lowering", table: Table, value: Expression) -> tuple[Fraction | None, Fraction | None]:
    """The numbers between which a plain column lies by its declaration; a count of people is never negative."""
    if not isinstance(value, Field) or value.scope is not Scope.ROW:
        return None, None
    if value.column in ("expected", "attended"):
        return Fraction(0), None
    if not value.column.startswith("a_"):
        return None, None
    attribute = lowering.environment.vocabulary.attributes[int(value.column.removeprefix("a_"))]
    return attribute.minimum, attribute.maximum


def rows_of(lowering: "Lowering", of: RowsOf, where: Text | None, owner: Owner | None = None, place: Place | None = None, *more: Side) -> tuple[Rows, Side]:
    """The rows that `of` names, and how expressions see them; `place` and `owner` replace what follows from the table."""
    table, words = of.given()[0]
    kinds = lowering.kinds(table, words)
    side = Side(Scope.ROW, table, kinds)
    usual, date = DATED[table]
    if owner is None and table is Table.RELATIONS:
        owner = Own("source" if of.direction == "out" else "target")
    condition = lowering.where(where, *more, side)
    return Rows(table, kinds, owner or Own(), place or usual, date, condition), side

"""The values that are tried out for what is unknown: those at which a condition of the requirement can turn."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import islice, product
from math import ceil

from mofan_rules.executors.interpreter.facts import Cell, Facts, Row
from mofan_rules.executors.interpreter.meetings import dates_a_window, meeting_days
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.executors.interpreter.supposing import is_open
from mofan_rules.executors.interpreter.walk import walk
from mofan_rules.ir.expressions import Const
from mofan_rules.ir.program import Judgement, Tally
from mofan_rules.ir.rows import ByRole, Rows
from mofan_rules.schema import COLUMNS, KIND_COLUMN, Attribute, DatedValue, Parameter, Table, Type
from mofan_rules.values.dates import BEGINNING, END, LATEST_ADMITTED, Day, Duration, DurationUnit, add_days

OTHER_TEXT = "\N{REPLACEMENT CHARACTER}"
"""A text that no ruleset names."""

MANY = Fraction(1_000_000)
LONG_AGO = date(1900, 1, 1)
MOST_REPAIRS = 200
"""So many ways of repairing a rejected row are tried out."""


@dataclass(frozen=True, slots=True)
class Domains:
    """What may stand in the cells that one verdict depends on."""

    facts: Facts
    node: Judgement | Tally
    parameters: tuple[Parameter, ...]
    judged: Judged
    as_of: date

    def _constants(self) -> list[object]:
        literals = [found.value for found in walk(self.node) if isinstance(found, Const)]
        return [*literals, *(value.value for parameter in self.parameters for value in parameter.values)]

    # cells

    def cell(self, row: Row, column: str) -> list[Cell]:
        """The values that a cell may have, in a fixed order."""
        value = row.cells[column]
        attribute = self._attribute(column)
        if isinstance(value, Day):
            return list(self._days(value, self._meeting(row.table, column)))
        if column == "held":
            return ["no", "yes"]
        if column in ("organization", "source", "target", "holder") or (attribute is not None and attribute.type is Type.ORGANIZATION):
            return list(self._organizations())
        if column in ("expected", "attended") or (attribute is not None and attribute.type in (Type.INTEGER, Type.NUMBER)):
            return list(self._numbers(row, attribute))
        if attribute is not None and attribute.type is Type.BOOLEAN:
            return [False, True]
        if column == "items" or (attribute is not None and attribute.type is Type.ITEMS):
            return list(self._items())
        if column == KIND_COLUMN.get(row.table):
            return list(self._kinds(row.table))
        if column == "requirement":
            return [self.judged.header.requirement, OTHER_TEXT]
        return list(self._texts(row, column, attribute))

    def _attribute(self, column: str) -> Attribute | None:
        known = column.startswith("a_") and column[2:].isdigit()
        return self.facts.vocabulary.attributes[int(column[2:])] if known else None

    def _meeting(self, table: Table, column: str) -> set[date]:
        """The days at which what a window of this date would meet changes."""
        if not dates_a_window(self.node, table, column):
            return set()
        assert isinstance(self.node, Judgement)
        return meeting_days(self.facts, self.node, self.parameters, self.judged.subject, self.as_of)

    def _days(self, known: Day, meeting: Iterable[date] = ()) -> Iterator[Day]:
        window = self.judged.window
        low = max(known.low, LONG_AGO) if known.missing else known.low
        high = min(known.high, LATEST_ADMITTED) if known.missing else known.high
        turning = [window.first, window.last, window.counts_from, self.judged.due_on, self.judged.day, self.as_of]
        turning += [value for value in self._constants() if isinstance(value, date)]
        days = {low, high, *meeting} | {shifted for day in turning if day is not None for shifted in (add_days(day, -1), day, add_days(day, 1))}
        for day in sorted(days):
            if low <= day <= high and day not in (BEGINNING, END):
                yield Day(day, day)

    def _numbers(self, row: Row, attribute: Attribute | None) -> Iterator[Fraction]:
        named = [value for value in self._constants() if isinstance(value, Fraction)]
        beside = [value for value in row.cells.values() if isinstance(value, Fraction)]
        near = {shifted for value in (*named, *beside) for shifted in (value - 1, value, value + 1)}
        near |= {Fraction(0), MANY} | {value * times for value in beside for times in (Fraction(1, 2), Fraction(2))}
        near |= {value * other for value in named for other in beside}
        whole = attribute is None or attribute.type is Type.INTEGER
        least = Fraction(0) if attribute is None else attribute.minimum
        most = None if attribute is None else attribute.maximum
        possible = {Fraction(ceil(value)) if whole else value for value in near} | {bound for bound in (least, most) if bound is not None}
        for value in sorted(possible):
            if (least is None or value >= least) and (most is None or value <= most):
                yield value

    def _texts(self, row: Row, column: str, attribute: Attribute | None) -> Iterator[str]:
        if attribute is not None and attribute.values:
            yield from attribute.values
            return
        named = {value for value in self._constants() if isinstance(value, str)}
        if column == "person":
            holders = self.facts.owned(Table.TENURES, "organization", self.judged.subject)
            named |= set(sorted({str(holder.cells["person"]) for holder in holders if holder.cells["person"] is not None})[:4])
            if any(isinstance(found, ByRole) for found in walk(self.node)):
                named |= {self.facts.subjects[number] for number in self._organizations()}
        yield from (*sorted(named), f"{OTHER_TEXT}{row.number}")

    def _items(self) -> Iterator[tuple[str, ...]]:
        named = tuple(sorted({value for value in self._constants() if isinstance(value, str)}))
        yield from ((), *(tuple(item for item in named if item != left_out) for left_out in named[:4]), named)

    def _organizations(self) -> Iterator[int]:
        subject = self.judged.subject
        yield subject
        if len(self.facts.subjects) > 1:
            yield (subject + 1) % len(self.facts.subjects)

    def _kinds(self, table: Table) -> Iterator[str]:
        kinds = {kind for rows in walk(self.node) if isinstance(rows, Rows) and rows.table is table for kind in sorted(rows.kinds or ())[:2]}
        if table is Table.ORGANIZATIONS:
            kinds |= set(sorted(self.judged.header.subjects)[:1])
        yield from (*sorted(kinds), OTHER_TEXT)

    # rows and parameters

    def repairs(self, row: Row, read: set[str]) -> list[Row | None]:
        """What may become of a rejected row: it is withdrawn, or admitted with something in the cells that were read and are open."""
        identity = [column for column in (*COLUMNS[row.table], "organization") if column in row.cells and row.cells[column] is None]
        open_cells = sorted({*(column for column in read if is_open(row.cells[column], column)), *(set(identity) & _NEVER_NULL)})
        choices = [self._few(row, column) for column in open_cells]
        return [None, *(self._repaired(row, dict(zip(open_cells, chosen, strict=True))) for chosen in islice(_spread(choices), MOST_REPAIRS))]

    def _repaired(self, row: Row, filled: Mapping[str, Cell]) -> Row:
        repaired = replace(row, certain=True)
        for column, value in filled.items():
            repaired = with_cell(repaired, column, value, self.facts.numbers)
        return repaired

    def _few(self, row: Row, column: str) -> list[Cell]:
        values = self.cell(row, column)
        if dates_a_window(self.node, row.table, column):
            return values
        middle = [value for value in values if isinstance(value, Day) and self._in_window(value)]
        return (middle[:1] + [value for value in values if value not in middle[:1]])[:6]

    def _in_window(self, day: Day) -> bool:
        window = self.judged.window
        return window.first is not None and window.last is not None and window.first <= day.low <= min(window.last, self.as_of)

    def parameter(self, parameter: Parameter) -> list[DatedValue]:
        """The values that a parameter without a value may have."""
        return [DatedValue(value) for value in self._parameter_values(parameter.type)]

    def _parameter_values(self, type_: Type) -> Iterable[bool | Fraction | str | date | Duration | tuple[str, ...]]:
        match type_:
            case Type.BOOLEAN:
                return (False, True)
            case Type.DAYS | Type.MONTHS:
                unit = DurationUnit.DAYS if type_ is Type.DAYS else DurationUnit.MONTHS
                return tuple(Duration(amount, unit) for amount in (0, 1, 30, 1200))
            case Type.INTEGER | Type.NUMBER:
                return (*(Fraction(number) for number in (0, 1, 2, 3, 10)), MANY)
            case Type.DATE:
                return tuple(day.low for day in self._days(Day(BEGINNING, END)))
            case Type.ITEMS:
                return tuple(self._items())
            case Type.TEXT:
                return (*sorted({value for value in self._constants() if isinstance(value, str)}), OTHER_TEXT)
            case Type.ORGANIZATION:
                return tuple(self.facts.subjects[number] for number in self._organizations())


def _spread(choices: list[list[Cell]]) -> Iterator[tuple[Cell, ...]]:
    """All combinations; first those in which each column takes all its values in turn, so that no value is left out where there are too many."""
    most = max((len(values) for values in choices), default=0)
    seen = set[tuple[int, ...]]()
    for shift in range(2):
        for step in range(most):
            places = tuple((step + shift * number) % len(values) for number, values in enumerate(choices) if values)
            if len(places) == len(choices) and places not in seen:
                seen.add(places)
                yield tuple(values[place] for values, place in zip(choices, places, strict=True))
    for places in product(*(range(len(values)) for values in choices)):
        if places not in seen:
            yield tuple(values[place] for values, place in zip(choices, places, strict=True))


_NEVER_NULL = {"organization", "kind", "role", "source", "target", "requirement"}


def with_cell(row: Row, column: str, value: Cell, numbers: Mapping[str, int]) -> Row:
    """The row with another value in one cell. A person that is an organization is the holder too."""
    cells = dict(row.cells) | {column: value}
    if row.table is Table.TENURES and column == "person":
        cells["holder"] = numbers.get(str(value))
    return replace(row, cells=cells)

"""What may turn up where a feed was incomplete: nothing, one row that matters to the verdict, or several."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from mofan_rules.executors.interpreter.domains import OTHER_TEXT, Domains
from mofan_rules.executors.interpreter.facts import Cell, Row
from mofan_rules.executors.interpreter.feeds import Gap
from mofan_rules.executors.interpreter.matching import SPANS
from mofan_rules.executors.interpreter.walk import walk
from mofan_rules.ir.expressions import Const, Field, Scope
from mofan_rules.ir.program import Bounds
from mofan_rules.schema import KIND_COLUMN, Table
from mofan_rules.values.dates import BEGINNING, END, LATEST_ADMITTED, Day, add_days

Arrival = tuple[Row, ...]
"""The rows that turn up in one gap."""

OF_THE_SUBJECT = (Table.EVENTS, Table.TENURES, Table.EVIDENCE, Table.WAIVERS)
"""Tables whose gaps are about rows of one organization. In the others (edges, organizations) it is not said what turns up, only that it is known."""

MOST_FORMS = 12
MOST_TOGETHER = 20


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What may turn up in the gaps that one verdict depends on."""

    domains: Domains

    def of(self, gap: Gap) -> list[Arrival]:
        """First nothing, then one row in some forms, then several of each form."""
        if gap.table not in OF_THE_SUBJECT:
            return [()]
        forms = list(self._forms(gap))[:MOST_FORMS]
        single: list[Arrival] = [(_numbered(form, 0),) for form in forms]
        several: list[Arrival] = [tuple(_numbered(form, place) for place in range(number)) for number in self._numbers() for form in forms]
        return [(), *single, *(several if gap.table is not Table.WAIVERS else ())]

    def _forms(self, gap: Gap) -> Iterator[Row]:
        blank = self.domains.facts.blank(gap.table)
        owner = self.domains.judged.subject if gap.organization is None else gap.organization
        known: dict[str, Cell] = {"organization": owner, KIND_COLUMN.get(gap.table, "requirement"): gap.kind}
        read = {field.column for field in walk(self.domains.node) if isinstance(field, Field) and field.scope is Scope.ROW}
        start, until = SPANS[gap.table]
        for first, last in self._spans(gap):
            row = replace(blank, certain=True, cells=dict(blank.cells) | known | {until: last} | {start: first})
            for repaired in self.domains.repairs(row, (read & row.cells.keys()) - {start, until}):
                if repaired is not None:
                    yield repaired

    def _spans(self, gap: Gap) -> Iterator[tuple[Day, Day]]:
        """From when until when a row may be in force that was missing: on a day of the gap and of the window."""
        window, as_of = self.domains.judged.window, self.domains.as_of
        first = max(gap.first, window.first) if window.first is not None else gap.first
        day = min(first, gap.last, as_of)
        if gap.table is not Table.WAIVERS:
            yield Day(day, day), Day(END, END)
            return
        for until in (LATEST_ADMITTED, window.last, add_days(as_of, -1)):
            if until is not None:
                yield Day(BEGINNING, BEGINNING), Day(until, until)

    def _numbers(self) -> list[int]:
        """How many rows at once may make a difference: those near a bound."""
        bounds = [bound for test in walk(self.domains.node) if isinstance(test, Bounds) for bound in (test.at_least, test.at_most)]
        named = {int(bound.value) for bound in bounds if isinstance(bound, Const) and isinstance(bound.value, Fraction) and bound.value < MOST_TOGETHER}
        return sorted(number for number in {2} | {near for value in named for near in (value - 1, value, value + 1)} if number > 1)


def _numbered(row: Row, place: int) -> Row:
    """One of several rows, told apart by its id (of a tenure, its person too)."""
    cells = dict(row.cells)
    if row.table is Table.TENURES and place:
        cells["person"] = f"{OTHER_TEXT}{OTHER_TEXT}{place}"
    return Row(row.table, -1 - place, True, f"{OTHER_TEXT}{place}", cells)

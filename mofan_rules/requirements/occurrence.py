"""The kind `occurrence`."""

from typing import Literal

from pydantic import model_validator

from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import Calendar, Judge, Judgement, Windows
from mofan_rules.ir.program import Once as OnceWindow
from mofan_rules.ir.rows import Own, Place, Rows
from mofan_rules.requirements.base import Between, Once, RequirementBase
from mofan_rules.requirements.bounds import between
from mofan_rules.requirements.fields import Formula, Period, SomeWords, Word, iso_day, wrong
from mofan_rules.requirements.lowering import Lowering
from mofan_rules.requirements.names import Side
from mofan_rules.schema import Table, Type


class Occurrence(RequirementBase, Between):
    """Something happens often enough in each window, and not too often.

    The number of different matching events in each window lies between `at_least` and `at_most`; if neither is given, it is at least 1.
    An event counts for the window that contains its `belongs_to`, or where that is empty or longer than the windows, its date; and only if it
    is dated by `due_on` and while the subject exists. One sitting that is recorded for several kinds counts once.

    A window that is still open is `pending` unless the test is settled: enough is enough at once, too many is too many at once. Afterwards it is
    `violated` with the reason `too_few` or `too_many`.

    ```yaml
    - id: assembly
      title: The assembly meets once a quarter
      kind: occurrence
      subject: branch
      event: assembly
      where: attended * 2 >= expected
      every: quarter
      at_least: 1
    ```

    Lowered to a `Count` of `events` by period, with one `Bounds` test, over `Calendar` or `Once` windows.
    """

    kind: Literal["occurrence"]
    """`occurrence`."""
    event: SomeWords
    """The kind of event, or several."""
    on: Word | None = None
    """An attribute of the event that holds an organization: that one is the subject, in place of the event's own organization."""
    every: Period | None = None
    """A period: week, n weeks, month, quarter, half-year, year, n months. Either this or `once`."""
    starting: Word | None = None
    """With `every`: the day on which the first window begins, a date or a date attribute of the subject."""
    once: Once | None = None
    """One window, `{from: 2019-11-01, until: 2020-03-31}`."""
    where: Formula | None = None
    """Which events count: a condition over the event's columns and the subject's."""

    @model_validator(mode="after")
    def _one_window(self) -> "Occurrence":
        if (self.every is None) == (self.once is None):
            raise wrong("one-of", fields="every, once")
        if self.starting is not None and self.every is None:
            raise wrong("missing-key", key="every")
        return self

    def lower(self, lowering: Lowering) -> Judgement:
        """One judgement with one count."""
        kinds = lowering.kinds(Table.EVENTS, self.event)
        side = Side(Scope.ROW, Table.EVENTS, kinds)
        owner = Own() if self.on is None else Own(lowering.column(side, self.on, Type.ORGANIZATION) or "organization")
        rows = Rows(Table.EVENTS, kinds, owner, Place.DATED, "date", lowering.where(self.where, side), by_period=True)
        bounds = between(self, lowering, "events")
        return Judgement(
            header=lowering.header("occurrence"),
            windows=self._windows(lowering),
            judge=Judge.WINDOW,
            measures=(Measure("events", Count(rows)), *lowering.used(bounds.at_least, bounds.at_most)),
            tests=(bounds,),
        )

    def _windows(self, lowering: Lowering) -> Windows:
        if self.once is not None:
            return OnceWindow(self.once.first, self.once.last)
        assert self.every is not None
        if self.starting is None:
            return Calendar(self.every)
        day = iso_day(self.starting)
        if day is not None:
            return Calendar(self.every, day)
        subject = Side(Scope.SUBJECT, Table.ORGANIZATIONS, lowering.subjects)
        return Calendar(self.every, lowering.column(subject, self.starting, Type.DATE))

"""The kind `attribute`."""

from typing import Literal

from pydantic import model_validator

from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.program import Condition, Each, Judge, Judgement, Measured
from mofan_rules.ir.rows import Place
from mofan_rules.ir.walk import measures_in
from mofan_rules.requirements.base import RequirementBase, RowsOf, StateFields
from mofan_rules.requirements.fields import Formula, wrong
from mofan_rules.requirements.lowering import BOOLEAN, TRUE, Lowering
from mofan_rules.requirements.measures import rows_of
from mofan_rules.requirements.names import Scopes, Side
from mofan_rules.requirements.states import premise, state_windows


class EachRow(RowsOf):
    """Rows of which each is judged."""

    where: Formula | None = None
    """Which rows are judged."""


class Attribute(RequirementBase, StateFields):
    """A condition holds: of the subject, or of each of its events, tenures or documents.

    Of the subject it is a state, as in `occupancy`. If the condition reads a measure and `every` is given, it is judged from what happened in each window
    instead. With `each` there is one verdict for each row, with the row's id as key and the row's own dates as window.

    `violated` has the reason `condition_false` or `not_throughout`. A comparison with a missing value is `unknown`; `missing(x)` asks for absence.

    ```yaml
    - id: branch_size
      title: A branch has at most 50 members
      kind: attribute
      subject: branch
      condition: members <= 50
    ```

    Lowered to a `Condition` test, with `each` over `Each` windows without an end of their own.
    """

    kind: Literal["attribute"]
    """`attribute`."""
    condition: Formula
    """What must be true, over the subject's attributes and measures; with `each` over the row's columns (`trigger.x`) too."""
    each: EachRow | None = None
    """`{event: k}`, `{role: r}` or `{document: d}`, with `where`: judge each such row."""

    @model_validator(mode="after")
    def _each_alone(self) -> "Attribute":
        if self.each is not None and (self.every is not None or self.throughout):
            raise wrong("each-alone", at="each")
        if self.each is not None and self.given is not None:
            raise wrong("given-of-a-day", at="given")
        if self.each is not None and (self.each.organizations is not None or self.each.relation is not None):
            raise wrong("one-of", at="each", fields="event, role, document")
        return self

    def lower(self, lowering: Lowering) -> Judgement:
        """One judgement with one condition."""
        return self._of_rows(lowering, self.each) if self.each is not None else self._of_subject(lowering)

    def _of_rows(self, lowering: Lowering, each: EachRow) -> Judgement:
        rows, side = rows_of(lowering, each, each.where, place=Place.ANY)
        trigger = Side(Scope.TRIGGER, side.table, side.kinds)
        expression = lowering.expression(self.condition, Scopes(lowering.subjects, (trigger,)), BOOLEAN)
        if self.partial == "prorate":
            lowering.refuse("prorate-of-state", at="partial")
        return Judgement(
            header=lowering.header("attribute"),
            windows=Each(rows),
            judge=Judge.WINDOW,
            measures=(),
            tests=(Condition(expression or TRUE),),
            measured=Measured.NOTHING,
        )

    def _of_subject(self, lowering: Lowering) -> Judgement:
        windows, judge = state_windows(self, lowering)
        expression = lowering.condition(self.condition)
        given = premise(self, lowering)
        measures = lowering.used(expression, given)
        if measures_in(expression) and self.every is not None and not self.throughout:
            judge = Judge.WINDOW
        if given is not None and judge is Judge.WINDOW:
            lowering.refuse("given-of-a-day", self.given)
        return Judgement(
            header=lowering.header("attribute", state=judge is not Judge.WINDOW),
            windows=windows,
            judge=judge,
            measures=measures,
            tests=(Condition(expression),),
            measured=Measured.NOTHING,
            given=given,
        )

"""The kind `evidence`."""

from typing import Literal

from pydantic import model_validator

from mofan_rules.ir.expressions import Const, Expression, Field, MeasureValue, Op, Operator, Scope
from mofan_rules.ir.measures import Count, Extreme, Measure
from mofan_rules.ir.program import Bounds, Condition, Judgement, Test
from mofan_rules.ir.rows import Place, Rows
from mofan_rules.requirements.base import RequirementBase, StateFields
from mofan_rules.requirements.bounds import both, whole
from mofan_rules.requirements.fields import Flag, Formula, SomeWords, Words, wrong
from mofan_rules.requirements.lowering import Lowering
from mofan_rules.requirements.names import Side
from mofan_rules.requirements.states import premise, state_windows
from mofan_rules.schema import Table, Type

SELF = ("self", "自评")
"""What an `assessor` may say instead of the subject's own id."""


class Evidence(RequirementBase, StateFields):
    """A document or an assessment is in force, complete and good enough.

    A document is in force from its `date` to its `valid_until`. Of several the latest counts: it must hold all `items` and have one of the grades in
    `grade`; with `together` the documents in force count together, so that each item, and a good enough grade, may stand in any of them. Where
    `grade` is asked for, an assessment by the subject itself (`assessor` is its id, `self` or `自评`) does not count unless `self_assessment` is true.
    With `assessment` the document is the judgement of a reviewer, which nothing can stand in for: until one is in force, and after it has run out, the
    verdict is `unknown`, never `violated`. A state, as in `occupancy`.

    `violated` has the reason `no_document`, `document_incomplete` or `not_throughout`. A missing grade or list of items is `unknown`.

    ```yaml
    - id: plan
      title: The unit has a plan with goals and methods
      kind: evidence
      subject: unit
      document: plan
      items: [goals, methods]
    ```

    Lowered to a `Count` of `evidence` in force of at least 1, and an `Extreme` whose value is whether the latest is complete; with `together` one
    `Count` for each item and one for the grade. With `assessment` only the `Extreme`, which is unknown where there is none.
    """

    kind: Literal["evidence"]
    """`evidence`."""
    document: SomeWords
    """The kind of document, or several."""
    items: Words = []
    """What it must contain, all of it."""
    grade: Words = []
    """The grades of which it must have one."""
    self_assessment: Flag = False
    """Does an assessment by the subject itself count."""
    together: Flag = False
    """Take all documents in force together, not the latest."""
    assessment: Flag = False
    """With `grade`: nobody's assessment is `unknown`, not `violated`."""
    where: Formula | None = None
    """Which documents count."""

    @model_validator(mode="after")
    def _graded(self) -> "Evidence":
        if self.assessment and not self.grade:
            raise wrong("missing-key", key="grade")
        if self.assessment and self.together:
            raise wrong("one-of", at="assessment", fields="assessment, together")
        return self

    def lower(self, lowering: Lowering) -> Judgement:
        """One judgement: there is a document, then it is complete."""
        windows, judge = state_windows(self, lowering)
        kinds = lowering.kinds(Table.EVIDENCE, self.document)
        side = Side(Scope.ROW, Table.EVIDENCE, kinds)
        where = lowering.where(self.where, side)
        if self.grade and not self.self_assessment:
            where = both(where, _by_others(lowering.field(side, "assessor")))
        rows = Rows(Table.EVIDENCE, kinds, place=Place.IN_FORCE, where=where)
        measures = [] if self.assessment else [Measure("documents", Count(rows))]
        tests: list[Test] = [] if self.assessment else [Bounds("documents", at_least=whole(1), few="no_document")]
        parts = self._parts(lowering, side)
        if parts and self.together:
            for number, part in enumerate(parts, 1):
                measures.append(Measure(f"part_{number}", Count(Rows(Table.EVIDENCE, kinds, place=Place.IN_FORCE, where=both(where, part)))))
                tests.append(Bounds(f"part_{number}", at_least=whole(1), few="document_incomplete"))
        elif parts:
            complete = _all(parts)
            measures.append(Measure("complete", Extreme(rows, complete, default=None if self.assessment else Const(False, Type.BOOLEAN))))
            tests.append(Condition(MeasureValue("complete", Type.BOOLEAN), otherwise="document_incomplete"))
        given = premise(self, lowering)
        return Judgement(
            header=lowering.header("evidence", state=True),
            windows=windows,
            judge=judge,
            measures=(*measures, *lowering.used(given)),
            tests=tuple(tests),
            given=given,
        )

    def _parts(self, lowering: Lowering, side: Side) -> list[Expression]:
        items = lowering.field(side, "items")
        parts: list[Expression] = [Op(Operator.CONTAINS, (items, Const(str(item), Type.TEXT)), Type.BOOLEAN) for item in self.items]
        if self.grade:
            parts.append(_among(lowering.field(side, "grade"), [str(grade) for grade in self.grade]))
        return parts


def _among(field: Field, texts: list[str]) -> Expression:
    return Op(Operator.AMONG, (field, *(Const(text, Type.TEXT) for text in texts)), Type.BOOLEAN)


def _by_others(assessor: Field) -> Expression:
    """The assessor is neither the subject's id nor a word for itself; a missing assessor leaves it unknown."""
    subject = Field(Scope.SUBJECT, "id", Type.TEXT, "id")
    itself = Op(Operator.OR, (Op(Operator.EQUAL, (assessor, subject), Type.BOOLEAN), _among(assessor, list(SELF))), Type.BOOLEAN)
    return Op(Operator.NOT, (itself,), Type.BOOLEAN)


def _all(parts: list[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Op(Operator.AND, tuple(parts), Type.BOOLEAN)

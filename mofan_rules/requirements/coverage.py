"""The kind `coverage`."""

from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from mofan_rules.ir.expressions import Const, Expression, MeasureValue, Op, Operator, Scope
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import Condition, Judgement, Measured, Test
from mofan_rules.ir.rows import ByRole, OfLinked, Owner, Place, Rows
from mofan_rules.requirements.base import Between, RequirementBase, StateFields
from mofan_rules.requirements.bounds import between, both
from mofan_rules.requirements.fields import Depth, Flag, Formula, SomeWords, Word, wrong
from mofan_rules.requirements.lowering import Lowering
from mofan_rules.requirements.names import Side
from mofan_rules.requirements.states import premise, state_windows
from mofan_rules.schema import Table, Type


class Coverage(RequirementBase, Between, StateFields):
    """Enough organizations are linked to the subject, and not too many.

    The number of existing organizations to which `relation` leads from the subject (or that hold `role` in it), of the kinds in `of` and meeting `where`,
    lies between `at_least` and `at_most` (at least 1 if neither is given). With `share: true` the bounds are shares: of all linked ones of the kinds, so
    many meet `where`; where there is none at all, every share is met. A state, as in `occupancy`.

    `violated` has the reason `too_few` or `too_many`, with `share` `condition_false`, or `not_throughout`.

    ```yaml
    - id: division_covered
      title: Every division has a branch
      kind: coverage
      subject: division
      relation: belongs_to_division
      direction: in
      of: branch
      at_least: 1
    ```

    Lowered to a `Count` of `organizations` in force reached through `Linked`, with a `Bounds` test; a share to two counts (those that meet `where` and
    those that do not) and the `Condition` that (1 - share) × the first is at least share × the second.
    """

    kind: Literal["coverage"]
    """`coverage`."""
    relation: Word | None = None
    """The relation that links the objects. Either this or `role`."""
    direction: Literal["out", "in"] = "out"
    """Does the relation lead from (`out`) or to (`in`) the subject."""
    depth: Depth = 1
    """How many steps, or `all`."""
    role: SomeWords | None = None
    """The objects are the organizations that hold this role in the subject."""
    of: SomeWords | None = None
    """Kinds of the linked objects (default: all)."""
    where: Formula | None = None
    """A condition on each linked object."""
    share: Flag = False
    """The bounds are shares (`80%`) of the linked objects."""

    @model_validator(mode="after")
    def _one_link(self) -> "Coverage":
        if (self.relation is None) == (self.role is None):
            raise wrong("one-of", fields="relation, role")
        if self.share and self.where is None:
            raise wrong("missing-key", key="where")
        return self

    def lower(self, lowering: Lowering) -> Judgement:
        """One judgement with one count, or for a share with two."""
        windows, judge = state_windows(self, lowering)
        kinds = None if self.of is None else lowering.kinds(Table.ORGANIZATIONS, self.of)
        where = lowering.where(self.where, Side(Scope.ROW, Table.ORGANIZATIONS, kinds))
        owner = self._owner(lowering)
        measures = [Measure("matching", Count(_objects(kinds, owner, where)))]
        bounds = between(self, lowering, "matching")
        tests: list[Test] = [bounds]
        if self.share:
            others = None if where is None else Op(Operator.NOT, (where,), Type.BOOLEAN)
            measures.append(Measure("others", Count(_objects(kinds, owner, others))))
            tests = [Condition(_shares(bounds.at_least, bounds.at_most))]
        given = premise(self, lowering)
        return Judgement(
            header=lowering.header("coverage", state=True),
            windows=windows,
            judge=judge,
            measures=(*measures, *lowering.used(bounds.at_least, bounds.at_most, given)),
            tests=tuple(tests),
            measured=Measured.NOTHING if self.share else Measured.NUMBER,
            given=given,
        )

    def _owner(self, lowering: Lowering) -> Owner:
        if self.relation is not None:
            return OfLinked(lowering.linked(self.relation, self.direction, self.depth))
        return ByRole(lowering.kinds(Table.TENURES, self.role or []))


def _objects(kinds: frozenset[str] | None, owner: Owner, where: Expression | None) -> Rows:
    return Rows(Table.ORGANIZATIONS, kinds, owner, Place.IN_FORCE, "founded_on", where)


def _shares(least: Expression | None, most: Expression | None) -> Expression:
    tests = [_share(Operator.AT_LEAST, bound) for bound in (least,) if bound is not None]
    tests += [_share(Operator.AT_MOST, bound) for bound in (most,) if bound is not None]
    joined = None
    for test in tests:
        joined = both(joined, test)
    return joined or Const(True, Type.BOOLEAN)


def _share(operator: Operator, share: Expression) -> Expression:
    """(1 - share) × matching compared with share × others: no division, so that no object at all meets every share."""
    one = Const(Fraction(1), Type.NUMBER)
    rest = Op(Operator.SUBTRACT, (one, share), Type.NUMBER)
    matching = Op(Operator.MULTIPLY, (rest, MeasureValue("matching", Type.INTEGER)), Type.NUMBER)
    others = Op(Operator.MULTIPLY, (share, MeasureValue("others", Type.INTEGER)), Type.NUMBER)
    return Op(operator, (matching, others), Type.BOOLEAN)

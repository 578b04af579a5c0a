"""The kind `occupancy`."""

from typing import Literal

from mofan_rules.ir.expressions import Expression, Op, Operator, Scope
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import Bounds, Judgement
from mofan_rules.ir.rows import Place, Rows
from mofan_rules.requirements.base import Between, RequirementBase, StateFields
from mofan_rules.requirements.bounds import between, both, whole
from mofan_rules.requirements.fields import Formula, SomeWords
from mofan_rules.requirements.lowering import Lowering
from mofan_rules.requirements.names import Side
from mofan_rules.requirements.states import premise, state_windows
from mofan_rules.schema import Table, Type


class Occupancy(RequirementBase, Between, StateFields):
    """A post is filled: the number of its holders lies between bounds.

    The number of different persons who hold `role` and meet `where` lies between `at_least` and `at_most` (at least 1 if neither is given), and
    `holder` is true of each of them. A state: judged on the as-of date, with `every` on each period's reference day, with `throughout` on each of its
    bound days. A failure not longer than `grace` is forgiven, and `pending` while it lasts.

    `violated` has the reason `too_few`, `too_many`, `holder_condition`, or `not_throughout`.

    ```yaml
    - id: secretary
      title: The secretary is in post, with at most 90 days of vacancy
      kind: occupancy
      subject: branch
      role: secretary
      grace: 90 days
    ```

    Lowered to a `Count` of `tenures` in force with one `Bounds` test; `holder` to a second `Count`, of holders of whom it is not true, that must be 0.
    """

    kind: Literal["occupancy"]
    """`occupancy`."""
    role: SomeWords
    """The role, or several."""
    where: Formula | None = None
    """Which holders count. `holds(role, in: relation)` asks whether the person holds another post."""
    holder: Formula | None = None
    """What must be true of each holder that counts."""

    def lower(self, lowering: Lowering) -> Judgement:
        """One judgement with one count, or with `holder` two."""
        windows, judge = state_windows(self, lowering)
        kinds = lowering.kinds(Table.TENURES, self.role)
        side = Side(Scope.ROW, Table.TENURES, kinds)
        where = lowering.where(self.where, side)
        unfit = _negated(lowering.where(self.holder, side))
        bounds = between(self, lowering, "holders")
        measures = [Measure("holders", Count(_holders(kinds, where)))]
        tests = [bounds]
        if unfit is not None:
            measures.append(Measure("unfit_holders", Count(_holders(kinds, both(where, unfit)))))
            tests.append(Bounds("unfit_holders", at_most=whole(0), many="holder_condition"))
        given = premise(self, lowering)
        return Judgement(
            header=lowering.header("occupancy", state=True),
            windows=windows,
            judge=judge,
            measures=(*measures, *lowering.used(bounds.at_least, bounds.at_most, given)),
            tests=tuple(tests),
            given=given,
        )


def _holders(kinds: frozenset[str], where: Expression | None) -> Rows:
    return Rows(Table.TENURES, kinds, place=Place.IN_FORCE, date="from_date", where=where)


def _negated(condition: Expression | None) -> Expression | None:
    return None if condition is None else Op(Operator.NOT, (condition,), Type.BOOLEAN)

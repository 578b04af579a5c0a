"""The kind `rollup`."""

from fractions import Fraction
from typing import Literal

from pydantic import model_validator

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.documents.text import Text
from mofan_rules.ir.expressions import Const, Expression
from mofan_rules.ir.program import ByAccountable, Calendar, Counted, Per, Tally
from mofan_rules.ir.rows import Linked
from mofan_rules.ir.walk import parameters_in
from mofan_rules.requirements.base import Between, RequirementBase
from mofan_rules.requirements.environment import Parts
from mofan_rules.requirements.fields import Depth, Period, SomeWords, Whole, Word, wrong
from mofan_rules.requirements.lowering import NUMBERS, Lowering
from mofan_rules.requirements.names import Scopes
from mofan_rules.requirements.unknown import unknown
from mofan_rules.schema import Table, Type


class Rollup(RequirementBase, Between):
    """So many verdicts of other requirements are satisfied, or such a share of them.

    The parts are the verdicts of the requirements in `of` (by id), or without `of` of those that have one of the `tags`: the subject's own, or with `over`
    those of the organizations to which a relation leads, each once. A bound in per cent (`80%`) is a share of the parts, any other a count:
    `at_least: 100%` (the default) is *all of*, `at_least: 1` *any of*. Parts weigh as their requirement's `weight` says. Requirements in stage `shadow` or
    `draft` are no parts.

    It is `violated` with the reason `too_few` or `too_many`, `pending` while open parts may still decide, `unknown` where an unknown part would, `waived` if
    all parts are, `not_applicable` if there are none.

    ```yaml
    - id: all_meetings
      title: All meetings of the quarter were held
      kind: rollup
      subject: branch
      of: [assembly, committee, lecture]
      every: quarter
    ```

    Lowered to a `Tally` in a stratum above its parts.
    """

    kind: Literal["rollup"]
    """`rollup`."""
    of: SomeWords | None = None
    """Ids of the part requirements. Left out: all requirements that have one of the roll-up's `tags`, which then are not its own."""
    over: Word | None = None
    """A relation along which the parts' subjects lie, or `accountable`: the parts for which the subject answers (default: the subject's own)."""
    direction: Literal["out", "in"] = "in"
    """Of `over`: `in` along part_of leads to what is below the subject."""
    depth: Depth = 0
    """Of `over`: how many steps (default: all)."""
    kinds: SomeWords | None = None
    """Kinds of the parts' subjects."""
    every: Period | None = None
    """A period (default: the period asked)."""
    per: Literal["window", "subject"] = "window"
    """`subject`: several windows of one part count as all of them together."""
    in_a_row: Whole | None = None
    """Count the parts that have so many such windows one after the other."""
    count: Literal["satisfied", "violated"] = "satisfied"
    """Which verdicts are counted."""

    @model_validator(mode="after")
    def _parts_named(self) -> "Rollup":
        if self.of is None and not self.tags:
            raise wrong("one-of", fields="of, tags")
        if self.in_a_row == 0:
            raise wrong("field-not-whole", value="0")
        if self.partial == "prorate" or self.grace is not None:
            raise wrong("rollup-without", at="partial" if self.grace is None else "grace", fields="grace, partial: prorate")
        return self

    def lower(self, lowering: Lowering) -> Tally:
        """One tally."""
        least, most, share = self._bounds(lowering)
        return Tally(
            header=lowering.header("rollup"),
            windows=None if self.every is None else Calendar(self.every),
            parts=tuple(sorted(self.parts(lowering.environment.parts) - lowering.environment.parts.silent)),
            over=self._over(lowering),
            part_kinds=None if self.kinds is None else lowering.kinds(Table.ORGANIZATIONS, self.kinds),
            counted=Counted(self.count),
            per=Per(self.per),
            in_a_row=self.in_a_row,
            share=share,
            at_least=least,
            at_most=most,
        )

    def parts(self, known: Parts) -> frozenset[str]:
        """The ids of the parts, as far as they exist."""
        if self.of is not None:
            return frozenset(str(word) for word in self.of) & (known.ids | known.silent)
        return frozenset(part for tag in self.tags for part in known.tags.get(tag, ()))

    def check_parts(self, known: Parts, diagnostics: Diagnostics) -> None:
        """Report ids and tags that nothing has."""
        ids = known.ids | known.silent
        for word in self.of or ():
            if word not in ids:
                unknown(diagnostics, "unknown-requirement", word, ids, requirement=word)
        for word in self.tags if self.of is None else ():
            if word not in known.tags:
                unknown(diagnostics, "unknown-tag", word, known.tags, tag=word)

    def _over(self, lowering: Lowering) -> Linked | ByAccountable | None:
        if self.over is None:
            return None
        if self.over == "accountable":
            return ByAccountable()
        return lowering.linked(self.over, self.direction, self.depth)

    def _bounds(self, lowering: Lowering) -> tuple[Expression | None, Expression | None, bool]:
        """The bounds, and whether they are shares."""
        if self.at_least is None and self.at_most is None:
            return Const(Fraction(1), Type.NUMBER), None, True
        scopes = Scopes(lowering.subjects)
        given = [(text, lowering.expression(text, scopes, NUMBERS)) for text in (self.at_least, self.at_most) if text is not None]
        shares = [_in_per_cent(text, expression, lowering) for text, expression in given]
        if len(set(shares)) > 1:
            lowering.refuse("share-and-count", given[1][0])
        expressions = [expression for _, expression in given]
        least = expressions.pop(0) if self.at_least is not None else None
        return least, expressions.pop(0) if expressions else None, shares[0]


def _in_per_cent(text: Text, expression: Expression | None, lowering: Lowering) -> bool:
    if "%" in text or "％" in text:
        return True
    return expression is not None and not parameters_in(expression).isdisjoint(lowering.environment.percentages)

"""The kind `deadline`."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from mofan_rules.diagnostics import closest
from mofan_rules.documents.text import Text
from mofan_rules.ir.expressions import Const, Expression, Scope
from mofan_rules.ir.measures import Count, Measure
from mofan_rules.ir.program import Bounds, Chain, Each, Judge, Judgement, Measured
from mofan_rules.ir.rows import Own, Place, Rows
from mofan_rules.requirements.base import Between, RequirementBase
from mofan_rules.requirements.bounds import between, both, whole
from mofan_rules.requirements.fields import Flag, Formula, Length, Model, SomeWords, Whole, Word, one_is_list, wrong
from mofan_rules.requirements.lowering import DURATIONS, Lowering
from mofan_rules.requirements.names import Scopes, Side
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import Duration, DurationUnit

TABLES: dict[str, tuple[Table, str]] = {
    "event": (Table.EVENTS, "date"),
    "document": (Table.EVIDENCE, "date"),
    "start_of": (Table.TENURES, "from_date"),
    "end_of": (Table.TENURES, "until_date"),
    "relation_start": (Table.RELATIONS, "valid_from"),
    "relation_end": (Table.RELATIONS, "valid_until"),
}
"""Where each dated fact stands, and which column dates it."""


class DatedFact(Model):
    """A dated row of any table: exactly one of the fields but `where` and `direction` is given."""

    event: SomeWords | None = None
    """An event."""
    document: SomeWords | None = None
    """A document."""
    start_of: SomeWords | None = None
    """A tenure of this role begins."""
    end_of: SomeWords | None = None
    """A tenure of this role ends."""
    relation_start: SomeWords | None = None
    """An edge of this relation begins."""
    relation_end: SomeWords | None = None
    """An edge of this relation ends."""
    date: Word | None = None
    """A date attribute of the subject (trigger only)."""
    founding: Flag | None = None
    """The subject's founding (trigger only); also written as the one word `founding`."""
    direction: Literal["out", "in"] = "out"
    """Of an edge: does it lead from (`out`) or to (`in`) the subject."""
    where: Formula | None = None
    """A condition on the row."""

    @model_validator(mode="after")
    def _one(self) -> "DatedFact":
        given = [name for name in (*TABLES, "date", "founding") if getattr(self, name) is not None]
        if len(given) != 1 or self.founding is False:
            raise wrong("one-of", fields=", ".join((*TABLES, "date", "founding")))
        if self.founding and self.where is not None:
            raise wrong("founding-alone", at="where")
        return self

    def table(self) -> tuple[Table, str, list[Text]] | None:
        """The table, its dating column and the kinds; nothing for founding and date attributes."""
        for name, (table, column) in TABLES.items():
            if (words := getattr(self, name)) is not None:
                return table, column, words
        return None


def _founding(value: Any) -> Any:
    if isinstance(value, Text):
        if value in ("founding", "成立"):
            return {"founding": Text("true", value.span)}
        raise wrong("field-not-dated-fact", value=str(value), suggestions=closest(value, ["founding", "成立"]))
    return value


class Deadline(RequirementBase, Between):
    """A response follows a trigger in time, or must not.

    Trigger and response are dated facts: an event, a document, the beginning or end of a tenure or of an edge, a date attribute of the subject, its
    founding. Each trigger opens one window, from `after` to `within` (both counted from the trigger's date, either may be negative) or to the
    date in the trigger's column `by`. Without `match` a response answers every trigger whose window contains it.

    `since: last` makes a chain: each answer opens the next window. It starts at founding, or at the first fact of `first`; a late answer leaves its own
    window `violated` with the reason `late` and starts the next from its own date. Without an answer by `due_on` the reason is `missing`.
    With `at_least` or `at_most` the number of responses in the window lies between bounds: several must come, or (`at_most: 0`) none may. Where trigger and
    response are of one kind, this counts in the stretch of time after each of them: no more than two in any twelve months.

    A trigger without a date, or one that only may be one, gives one `unknown` verdict; so does a subject that has no known trigger where one must
    exist (`must_exist`, founding, chains).

    ```yaml
    - id: election
      title: A new committee is elected before the term ends
      kind: deadline
      subject: branch
      since: last
      first: {event: election}
      response: {event: election}
      within: 3 years
      waivable: {clause: article 3}
      extension: 1 year
    ```

    Lowered to `Each` windows and a `Count` of response rows with at least 1; measured is the date of the answer, or with bounds the number of answers.
    """

    kind: Literal["deadline"]
    """`deadline`."""
    trigger: Annotated[DatedFact | None, BeforeValidator(_founding, json_schema_input_type=DatedFact | Literal["founding", "成立"])] = None
    """The dated fact that starts the clock; left out with `since: last`."""
    response: DatedFact
    """The dated fact that answers."""
    within: Formula | None = None
    """How long after the trigger the answer may come, a duration. Either this or `by`."""
    by: Word | None = None
    """A date column of the trigger up to which the answer may come."""
    after: Formula | None = None
    """How long after the trigger the window begins (default: at once; `none`: from the beginning of time)."""
    not_counting: Annotated[list[Whole], BeforeValidator(one_is_list, json_schema_input_type=list[Whole] | Whole)] = []
    """Months (1 to 12) whose days a `within` in days passes over."""
    match: Formula | None = None
    """Which response answers which trigger: a condition over `trigger.x` and the response's own columns."""
    since: Literal["last"] | None = None
    """`last`: each answer opens the next window."""
    first: DatedFact | None = None
    """With `since: last`: the fact at which the chain starts (default: the subject's founding)."""
    must_exist: Flag = False
    """A subject without any trigger is unknown, not silent."""
    extension: Length | None = None
    """How far at most a waiver may move the deadline."""

    @model_validator(mode="after")
    def _together(self) -> "Deadline":
        if (self.within is None) == (self.by is None):
            raise wrong("one-of", fields="within, by")
        if (self.trigger is None) == (self.since is None):
            raise wrong("one-of", fields="trigger, since")
        if self.since is not None and self._counts:
            raise wrong("bounds-in-chain", at="at_most" if self.at_least is None else "at_least")
        if self.first is not None and self.since is None:
            raise wrong("missing-key", key="since")
        if any(not 1 <= month <= 12 for month in self.not_counting):
            raise wrong("field-not-month", at="not_counting")
        return self

    @property
    def _counts(self) -> bool:
        """Is the number of responses judged, not whether and when there is one?"""
        return self.at_least is not None or self.at_most is not None

    def lower(self, lowering: Lowering) -> Judgement:
        """One judgement over a window for each trigger."""
        answers = self._rows(lowering, self.response, "response")
        trigger, side = self._trigger(lowering, answers)
        opening = answers if self.since is not None else trigger
        if self.match is not None:
            answers = replace(answers, where=both(answers.where, self._match(lowering, side, answers)))
        windows = Each(
            trigger=opening,
            after=self._after(lowering),
            within=self._duration(lowering, self.within),
            by=None if self.by is None else lowering.column(side, self.by, Type.DATE),
            not_counting=frozenset(self.not_counting),
            chain=self._chain(lowering),
            must_exist=self.must_exist,
        )
        self._check(windows, lowering)
        bounds = between(self, lowering, "answers") if self._counts else Bounds("answers", at_least=whole(1), few="missing")
        return Judgement(
            header=lowering.header("deadline", extension=self.extension),
            windows=windows,
            judge=Judge.WINDOW,
            measures=(Measure("answers", Count(answers)), *lowering.used(bounds.at_least, bounds.at_most)),
            tests=(bounds,),
            measured=Measured.NUMBER if self._counts else Measured.DATE,
        )

    def _trigger(self, lowering: Lowering, answers: Rows) -> tuple[Rows | None, Side]:
        """The rows that start the clock (none for founding and chains) and how expressions see them."""
        subject = Side(Scope.TRIGGER, Table.ORGANIZATIONS, lowering.subjects)
        if self.trigger is None:
            return None, Side(Scope.TRIGGER, answers.table, answers.kinds)
        if self.trigger.founding:
            return None, subject
        if self.trigger.date is not None:
            column = lowering.column(subject, self.trigger.date, Type.DATE) or "founded_on"
            where = lowering.where(self.trigger.where, Side(Scope.ROW, Table.ORGANIZATIONS, lowering.subjects))
            return Rows(Table.ORGANIZATIONS, None, Own(), Place.ANY, column, where), subject
        rows = self._rows(lowering, self.trigger, "trigger")
        return replace(rows, place=Place.ANY), Side(Scope.TRIGGER, rows.table, rows.kinds)

    def _rows(self, lowering: Lowering, fact: DatedFact, field: str) -> Rows:
        found = fact.table()
        if found is None:
            lowering.refuse("trigger-only", at=field, field=field)
            return Rows(Table.EVENTS)
        table, column, words = found
        kinds = lowering.kinds(table, words)
        owner = Own("source" if fact.direction == "out" else "target") if table is Table.RELATIONS else Own()
        return Rows(table, kinds, owner, Place.DATED, column, lowering.where(fact.where, Side(Scope.ROW, table, kinds)))

    def _match(self, lowering: Lowering, trigger: Side, answers: Rows) -> Expression | None:
        if self.match is None or self.since is not None:
            if self.match is not None:
                lowering.refuse("match-in-chain", self.match)
            return None
        return lowering.where(self.match, trigger, Side(Scope.ROW, answers.table, answers.kinds))

    def _duration(self, lowering: Lowering, text: Text | None) -> Expression | None:
        return None if text is None else lowering.expression(text, Scopes(lowering.subjects, window=False), DURATIONS)

    def _after(self, lowering: Lowering) -> Expression | None:
        if self.after is None:
            return Const(Duration(0, DurationUnit.DAYS), Type.DAYS)
        return None if self.after in ("none", "无") else self._duration(lowering, self.after)

    def _chain(self, lowering: Lowering) -> Chain | None:
        if self.since is None:
            return None
        return Chain(None if self.first is None else self._rows(lowering, self.first, "first"))

    def _check(self, windows: Each, lowering: Lowering) -> None:
        if windows.not_counting and (windows.within is None or windows.within.type is not Type.DAYS):
            lowering.refuse("not-counting-days", self.within)
        if lowering.requirement.partial == "prorate":
            lowering.refuse("prorate-of-deadline", at="partial")

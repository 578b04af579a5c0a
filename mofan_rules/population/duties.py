"""What a profile says about duties: what is done when they are met, and what may go wrong."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mofan_rules.population.fields import Condition, DateSpan, Model, Rate, Span, State


class Follows(Model):
    """What a fault befalls an organization for: one of `node` that was made with it has no edges (`unlinked`), or nothing in an attribute (`blank`)."""

    node: str
    unlinked: bool = False
    blank: str | None = None


class Fault(Model):
    """Something that goes wrong (or is merely odd) at a share `rate` of the organizations that a duty binds.

    `state` is what the verdict must then be; `rejects` the rejection code of each row that must be refused; `set` what the faults `spoiled` and `varied`
    write into columns.
    """

    fault: str
    rate: Rate
    state: State
    rejects: dict[str, int] = Field(default_factory=dict)
    value: str = ""
    set: dict[str, str] = Field(default_factory=dict)


class FollowingFault(Fault):
    """With `follows` it befalls those of whom that holds, and no others; its rate is not asked."""

    rate: Rate = 0.0
    follows: Follows | None = None


class Duty(Model):
    """What all duties have in common; `reasons` are the texts of their waivers, if not those of the profile.

    `kinds`: the kinds that the duty is about at all (none: all of the node); the others have neither rows nor verdicts.
    """

    requirement: str | None = None
    kinds: list[str] = Field(default_factory=list)
    when: Condition = Field(default_factory=dict)
    faults: list[Fault] = Field(default_factory=list)
    reasons: list[str] = Field(default_factory=list)


LEAVING_NONE = frozenset(["missed", "neglected", "excused", "unfed"])
"""Faults of a meeting after which there is no event."""


class Some(Duty):
    """What a share `rate` of the rows of a duty carries besides: `columns`, which a requirement judges row by row; the others carry `otherwise`."""

    rate: Rate
    columns: dict[str, str]
    otherwise: dict[str, str] = Field(default_factory=dict)


class Answer(Duty):
    """An event that each of certain rows calls for, and which a requirement judges by its date.

    `days`: how many days after the row's date; with `before`, before it. `within`: how long it may take, `60 days` or `6 months`.
    `columns`: as with meetings; `{trigger}` stands for the id of the row. `since`: rows of earlier days are not judged.
    """

    event: str
    days: Span
    within: str = Field(pattern=r"^[1-9]\d{0,3} (days|months)$")
    before: bool = False
    columns: dict[str, str] = Field(default_factory=dict)
    since: date | None = None

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        number, unit = self.within.split()
        if self.days[1] > int(number) * (28 if unit == "months" else 1):
            raise ValueError(f"{self.event}: days: an answer comes within {self.within}")
        return self


class Meetings(Duty):
    """Events that recur: one in each window, so many `days` after its first day.

    `grace`: a number of days, or a civil date `03-31`, by which judgement is put off.
    `expected`: an attribute, or a span drawn for each organization; `attended`: a share of it in percent.
    `columns`: what else stands in the row: a text, with `{id}` and `{parent}` for those of the organization, `{k}` for the number of the row in its window,
    `{day}` for its month and day and any other name in braces for that attribute, or a span of numbers, or `60..75% name`: a span in percent of an attribute.
    `times`: an attribute or a number: so many events in each window; `by_parent`: they are the parent's events.
    `ago`: the events are those of the so many windows before all that are asked about, which are compared with them.
    `at_end`: the requirement sets a limit from above too, so that nothing is settled before the window is over.
    `answer`: what each event calls for.
    """

    event: str
    every: Literal["month", "quarter", "half-year", "year"]
    days: Span = (0, 27)
    grace: str = Field(default="0", pattern=r"^(\d{1,4}|(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))$")
    belongs_to: bool = False
    expected: str = ""
    attended: Span = (80, 100)
    columns: dict[str, str] = Field(default_factory=dict)
    times: str = "1"
    by_parent: bool = False
    ago: int = Field(default=0, ge=0, le=100)
    at_end: bool = False
    some: Some | None = None
    answer: Answer | None = None

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if self.ago and self.requirement is not None:
            raise ValueError("ago: events before those that are asked about decide no verdict of their own")
        if self.answer is not None and {fault.fault for fault in self.faults} - LEAVING_NONE:
            raise ValueError(f"answer: what goes wrong with {self.event} must leave no event to be answered ({', '.join(sorted(LEAVING_NONE))})")
        return self


class Term(Model):
    """The months of a term, for `kinds` and for elections up to `until`; the first that fits counts."""

    kinds: list[str] | None = None
    until: date | None = None
    months: int = Field(gt=0, le=1200)


class Reminder(Duty):
    """An event from `after` to `within` months after each election."""

    event: str
    after: int = Field(ge=0, le=1200)
    within: int = Field(gt=0, le=1200)


class Terms(Duty):
    """A chain of elections, each held `early` days before the term ends."""

    event: str
    terms: list[Term] = Field(min_length=1)
    since: date
    early: Span = (0, 60)
    expected: str
    attended: Span = (80, 100)
    reminder: Reminder | None = None

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.early[1] >= 28 * min(term.months for term in self.terms):
            raise ValueError("early: elections must follow each other")
        return self


def _several(value: object) -> object:
    """One role as the only one."""
    return [value] if isinstance(value, str) else value


class SameAs(Model):
    """Whoever holds `role` in the organization of `node` with which an organization was made."""

    node: str
    role: str


class Holder(Duty):
    """What a requirement says of whoever holds a post. What goes wrong with the post itself gives its state here too."""

    faults: list[FollowingFault] = Field(default_factory=list)  # type: ignore[assignment]


class Ended(Model):
    """The tenures that end before the organization does: a share `rate` of them carries `columns` and calls for `answer`, the others carry `otherwise`."""

    rate: Rate
    columns: dict[str, str]
    otherwise: dict[str, str] = Field(default_factory=dict)
    answer: Answer


class Posts(Duty):
    """A post that is held. `person` names a slot: posts with one slot in one unit have one holder; without it holders change now and then.

    `role`: one role, or several that are judged together and held by different persons. `same_as`: held by whoever holds another post; where nobody is
    known to, by somebody else. `columns`: what else stands in the row, as with meetings.
    `judged`: on the as-of date, or at the end of the year. `approved`: a document that follows each beginning within `days`.
    `holder`: what other requirements say of whoever holds it. `began`: what each beginning calls for; `ended`: what ends carry.
    """

    role: Annotated[list[str], BeforeValidator(_several), Field(min_length=1)]
    person: str | None = None
    same_as: SameAs | None = None
    gap: Span = (0, 30)
    columns: dict[str, str] = Field(default_factory=dict)
    judged: Literal["year", "as_of"] = "as_of"
    approved: str | None = None
    days: Span = (0, 20)
    holder: list[Holder] = Field(default_factory=list)
    began: Answer | None = None
    ended: Ended | None = None


class Relations(Duty):
    """Relations to organizations of the same unit that still exist: those of the first node of `to` that has any, in turn.

    `times` and `columns`: as with meetings. They are judged on the as-of date.
    """

    relation: str
    to: list[str] = Field(min_length=1)
    times: str = "1"
    columns: dict[str, str] = Field(default_factory=dict)


class Documents(Duty):
    """A document of every organization, dated in `dated` or so many `days` after the period begins.

    It is judged at the end of the year or, with `judged: as_of`, on the as-of date.

    `columns`: what else stands in the row, as with meetings; `grade` and `assessor` too. `some`: what some of the documents carry, each judged by itself.
    """

    document: str
    items: list[str] = Field(default_factory=list)
    dated: DateSpan | None = None
    days: Span | None = None
    judged: Literal["year", "as_of"] = "year"
    columns: dict[str, str] = Field(default_factory=dict)
    some: Some | None = None

    @model_validator(mode="after")
    def _one_date(self) -> Self:
        if (self.dated is None) == (self.days is None):
            raise ValueError(f"{self.document}: give one of dated, days")
        return self


class Unfed(Model):
    table: str
    kind: str


class StandingFault(FollowingFault):
    """`set` changes attributes (an empty text empties them), `add` adds to them, `unlink` leaves the links out, `unfed` says that a table was not delivered."""

    when: Condition = Field(default_factory=dict)
    add: dict[str, int] = Field(default_factory=dict)
    unlink: bool = False
    unfed: Unfed | None = None


class Standing(Duty):
    """A condition of the organization itself, judged on the as-of date."""

    faults: list[StandingFault] = Field(default_factory=list)  # type: ignore[assignment]

"""Facts as an application hands them over, one by one: a small model for each of the eight tables.

A model checks that a fact has the columns of its table; what its cells mean is the business of admission, as for facts from files. So dates may be dates or
texts (`2025-02` is a date known in part). Attributes that a ruleset declares are given by their names: `Event(..., attributes={"topic": "..."})`.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from mofan_rules.schema import Table

Cell = bool | int | float | Decimal | datetime.date | str | None
Cells = Cell | tuple[str, ...]
Date = datetime.date | str | None
Number = int | Decimal | str | None


class Fact(BaseModel):
    """What all facts have: an id (without one the session gives it one), the day of its record (default: the as-of date), attributes by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: ClassVar[Table]

    id: str | None = None
    recorded_on: Date = None
    attributes: Mapping[str, Cells] = {}


class Organization(Fact):
    """A version of an organization; its `id` must be given."""

    table = Table.ORGANIZATIONS

    kind: str | None = None
    name: str | None = None
    parent: str | None = None
    founded_on: Date = None
    dissolved_on: Date = None
    valid_from: Date = None
    valid_until: Date = None


class Relation(Fact):
    """A relation leads from `source` to `target`."""

    table = Table.RELATIONS

    source: str | None = None
    target: str | None = None
    kind: str | None = None
    valid_from: Date = None
    valid_until: Date = None


class Event(Fact):
    """Something that an organization did on a day."""

    table = Table.EVENTS

    organization: str | None = None
    kind: str | None = None
    date: Date = None
    belongs_to: Date = None
    held: bool | str | None = None
    expected: Number = None
    attended: Number = None


class Attendance(Fact):
    """Whether a person was present at an event, which is named by its id."""

    table = Table.ATTENDANCE

    event: str | None = None
    person: str | None = None
    present: bool | str | None = None


class Tenure(Fact):
    """A person holds a role in an organization."""

    table = Table.TENURES

    organization: str | None = None
    role: str | None = None
    person: str | None = None
    from_date: Date = None
    until_date: Date = None


class Evidence(Fact):
    """A document or an assessment of an organization."""

    table = Table.EVIDENCE

    organization: str | None = None
    kind: str | None = None
    date: Date = None
    valid_until: Date = None
    items: tuple[str, ...] | str | None = None
    grade: str | None = None
    assessor: str | None = None


class Waiver(Fact):
    """A requirement is waived for an organization, or its day put off."""

    table = Table.WAIVERS

    organization: str | None = None
    requirement: str | None = None
    from_date: Date = None
    until_date: Date = None
    reason: str | None = None
    approved_by: str | None = None


class Feed(Fact):
    """How far a table is complete. `of` is the table that the feed is about."""

    table = Table.FEEDS

    of: str | None = None
    kind: str | None = None
    organization: str | None = None
    from_date: Date = None
    until_date: Date = None
    complete: bool | str | None = None


FACTS: dict[Table, type[Fact]] = {fact.table: fact for fact in (Organization, Relation, Event, Attendance, Tenure, Evidence, Waiver, Feed)}
"""The model of each table."""


def cells_of(fact: Fact) -> dict[str, Cells]:
    """What a fact says, by the names of columns; what was left out is left out."""
    given: dict[str, Cells] = {name: value for name in type(fact).model_fields if name != "attributes" and (value := getattr(fact, name)) is not None}
    if "of" in given and fact.table is Table.FEEDS:
        given["table"] = given.pop("of")
    return {**fact.attributes, **given}

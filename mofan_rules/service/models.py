"""Requests as they cross the border. What a cell of a fact means is the business of admission; these models check the form of a request."""

import datetime
from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from mofan_rules.schema import Table
from mofan_rules.sessions.records import FACTS, Attendance, Event, Evidence, Fact, Feed, Organization, Relation, Tenure, Waiver

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""The name of something in a folder, or an id."""
SessionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Day = Annotated[
    datetime.date, Field(ge=datetime.date(1000, 1, 1), le=datetime.date(2999, 12, 31), json_schema_extra={"pattern": "^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"})
]
Period = Annotated[
    str, StringConstraints(min_length=1, max_length=100), Field(description="`2024`, `2024H1`, `2024Q3`, `2024-05` or `a..b`", examples=["2024Q3"])
]
ExecutorName = Literal["duckdb", "interpreter", "rete"]
State = Literal["satisfied", "violated", "pending", "unknown", "waived", "not_applicable"]


class Model(BaseModel):
    """What all of them have in common: nothing is passed over in silence."""

    model_config = ConfigDict(extra="forbid")


class FactTables(Model):
    """Facts, by table. The attributes that a ruleset declares are in `attributes` of each."""

    organizations: tuple[Organization, ...] | None = None
    relations: tuple[Relation, ...] | None = None
    events: tuple[Event, ...] | None = None
    attendance: tuple[Attendance, ...] | None = None
    tenures: tuple[Tenure, ...] | None = None
    evidence: tuple[Evidence, ...] | None = None
    waivers: tuple[Waiver, ...] | None = None
    feeds: tuple[Feed, ...] | None = None

    def tables(self) -> Mapping[Table, tuple[Fact, ...]]:
        """The tables that are there, be it without a row."""
        return {table: facts for table in Table if (facts := getattr(self, table.value)) is not None}


class GivenFacts(FactTables):
    """Facts to judge. A table that is not given was not supplied: it is incomplete everywhere."""

    complete: tuple[Table, ...] | Literal["all"] = Field(default=(), description="tables of which nothing was supplied because there is nothing")


class Subject(Model):
    """What is judged by what: a ruleset of the service's folder, and facts, given here or in the service's folder of facts."""

    ruleset: Name = Field(description="a ruleset in the folder of rulesets", examples=["mofan-minimal"])
    facts: GivenFacts | None = None
    facts_from: Name | None = Field(default=None, description="facts in the folder of facts: a folder, a workbook or a file; in place of `facts`")


class Question(Subject):
    """A day, a period (default: its calendar year), and what was known when."""

    as_of: Day = Field(examples=["2025-01-01"])
    period: Period | None = None
    known_at: Day | None = None


class EvaluateRequest(Question):
    """All verdicts."""

    executor: ExecutorName = "duckdb"


class ExplainRequest(Question):
    """Why one verdict is what it is; without `window` the latest violated one, else unknown, else pending."""

    organization: Name
    requirement: Name
    window: Period | None = None
    key: Name | None = None


class DueRequest(EvaluateRequest):
    """What is pending and will not be on a day up to `until`, if nothing happens."""

    until: Day


class SessionRequest(Subject):
    """What a session is about. Its facts are those here and those recorded."""

    as_of: Day
    period: Period | None = None
    executor: ExecutorName = "duckdb"
    derive: bool = Field(default=False, description="say with each call which derived facts came and which went")


class Advance(Model):
    """The new as-of date."""

    as_of: Day


class Withdrawal(Model):
    """The fact that counts no longer; where several tables have that id, which one is meant."""

    id: Name
    table: Table | None = None


class CorrectionFields(Model):
    """A fact in the place of another one of its table."""

    id: Name = Field(description="the fact that counts no longer")
    table: Table
    fact: Fact


def _correction(fact: type[Fact]) -> Any:
    name: Any = Literal[fact.table.value]
    return create_model(f"{fact.__name__}Correction", __base__=CorrectionFields, __doc__=CorrectionFields.__doc__, table=(name, ...), fact=(fact, ...))


if TYPE_CHECKING:
    Correction = CorrectionFields
else:
    Correction = Annotated[reduce(or_, map(_correction, FACTS.values())), Field(discriminator="table")]

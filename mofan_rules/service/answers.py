"""Answers as they cross the border: what the OpenAPI document promises of them. They are written by the functions that the command line uses too."""

import datetime
from typing import Any, Literal

from pydantic import Field

from mofan_rules.service.models import Model, SessionName, SessionRequest, State


class SessionState(SessionRequest):
    """A session and how far it is."""

    name: SessionName
    facts: None = None
    recorded: int = Field(description="facts recorded so far, corrections and withdrawals among them")


class Words(Model):
    """A text in Chinese and in English."""

    zh: str
    en: str


class VerdictRow(Model):
    """A row of the verdict table."""

    requirement: str
    subject: str
    key: str
    window_from: datetime.date | None
    window_until: datetime.date | None
    state: State
    reason: str
    measured: str
    required: str
    due_on: datetime.date | None
    accountable: str


class Verdicts(Model):
    """Some rows of the verdict table, in its order. `total` is the number of rows that were asked for, of which `offset` were passed over."""

    as_of: datetime.date
    total: int
    offset: int
    verdicts: tuple[VerdictRow, ...]


class ChangeRow(Model):
    """A verdict as it is now, or as it was; `before` and `after` are its states, null where there was or is no such verdict."""

    requirement: str
    subject: str
    key: str
    window_from: datetime.date | None
    window_until: datetime.date | None
    before: State | None
    after: State | None
    reason: str
    measured: str
    required: str
    due_on: datetime.date | None
    accountable: str
    modality: str
    stage: str
    message: Words


class Refusal(Model):
    """A row of facts that has become rejected."""

    table: str
    column: str | None
    code: str
    value: str | None
    reason: Words


class DerivedFact(Model):
    """A fact that follows: an event of that kind, recorded on its date. Numbers that are not whole are texts such as `1/3`."""

    kind: str
    organization: str
    date: datetime.date
    attributes: dict[str, bool | int | str]


class DerivedFacts(Model):
    """All that follows, sorted by kind, organization and date."""

    as_of: datetime.date
    derived: tuple[DerivedFact, ...]


class Changes(Model):
    """What a call brought: the ids of the facts recorded, the verdicts that changed, the rows that have become rejected by it; of a session that derives, the
    facts that follow now and did not, and those that follow no more."""

    ids: tuple[str, ...]
    changes: tuple[ChangeRow, ...]
    rejected: tuple[Refusal, ...]
    derived: tuple[DerivedFact, ...]
    withdrawn: tuple[DerivedFact, ...]


class DueRow(Model):
    """A verdict that is pending, the day `on` which it is so no more, and what it `becomes`: null if it is asked no more."""

    requirement: str
    subject: str
    key: str
    window_from: datetime.date | None
    window_until: datetime.date | None
    due_on: datetime.date | None
    on: datetime.date
    becomes: State | None
    reason: str | None


class Forecast(Model):
    """What falls due, in the order of the days."""

    as_of: datetime.date
    until: datetime.date
    due: tuple[DueRow, ...]


class Report(Model):
    """What `mofan check --format json` writes; `docs/report.schema.json` has every member."""

    format: Literal["mofan-report/1"]
    ruleset: dict[str, Any]
    question: dict[str, Any]
    facts: dict[str, Any]
    requirements: tuple[dict[str, Any], ...]
    summary: dict[str, Any]
    verdicts: tuple[dict[str, Any], ...]


class Explanation(Model):
    """The derivation of one verdict, down to the rows of facts: as data, as in `mofan explain --format json`, and in words."""

    explanation: dict[str, Any]
    text: Words


class Health(Model):
    """It answers."""

    status: Literal["ok"]
    version: str
    sessions: int = Field(description="sessions that are open")


class Related(Model):
    """Another place that belongs to a problem."""

    message: Words
    file: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None


class Diagnostic(Model):
    """What is wrong with what somebody wrote: in a request (`at` says where), in a ruleset (file, line, column) or in facts."""

    code: str
    severity: Literal["error", "warning"]
    message: Words
    hint: Words | None
    at: str | None = Field(description="where in the request: `body.facts.events.0.kind`")
    file: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    related: tuple[Related, ...]


class Problems(Model):
    """Why a request is not answered."""

    diagnostics: tuple[Diagnostic, ...]

"""The forms that values take in a profile: spans, weighted steps, conditions."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _pair(value: object) -> object:
    """`a..b` as a pair, `a` as the pair of itself twice."""
    if isinstance(value, str):
        first, separator, last = value.partition("..")
        return (first, last if separator else first)
    return value


def _steps(value: object) -> object:
    """A plain number or span as the only step."""
    if isinstance(value, str):
        pair = _pair(value)
        return [(1, *pair)] if isinstance(pair, tuple) else value
    return value


Small = Annotated[int, Field(ge=0, le=10_000)]
Span = Annotated[tuple[Small, Small], BeforeValidator(_pair)]
DateSpan = Annotated[tuple[date, date], BeforeValidator(_pair)]
Steps = Annotated[list[tuple[Annotated[float, Field(gt=0, le=1e6)], Small, Small]], BeforeValidator(_steps), Field(min_length=1)]
"""Weighted ranges `[weight, lowest, highest]`: a range is drawn by its weight, then a whole number of it, each alike."""

Condition = dict[str, list[str] | Annotated[str, Field(pattern=r"^\d{0,9}\.\.\d{0,9}$")]]
"""What must hold of an organization: attribute -> the texts allowed, or a span `3..6`, `20..`.

Beside attributes one may name `kind`, and `made_with`: the kind of the organization in whose company it was made.
"""

State = Literal["satisfied", "violated", "pending", "unknown", "waived", "not_applicable"]
Rate = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

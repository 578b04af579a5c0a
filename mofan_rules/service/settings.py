"""What a service may use, and how much of it."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

TOKEN = "MOFAN_TOKEN"
"""The environment variable that holds the token."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one service does at a time.

    `body`: bytes of a request's body. `seconds`: from the first byte of a request to its answer. `requests`: answered at a time; what listens to changes counts
    too. `evaluations`: processes that evaluate. `sessions`: open at a time.
    """

    body: int = 16 * 2**20
    seconds: float = 60.0
    requests: int = 2000
    evaluations: int = field(default_factory=lambda: os.cpu_count() or 1)
    sessions: int = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """The folders that requests may name something in, the token that they must bear (if any), and the limits.

    Without `journals` there are no sessions; without `facts` all facts come with the requests.
    """

    rulesets: Path
    facts: Path | None = None
    journals: Path | None = None
    token: str | None = None
    synchronous: Literal["NORMAL", "FULL"] = "NORMAL"
    limits: Limits = field(default_factory=Limits)

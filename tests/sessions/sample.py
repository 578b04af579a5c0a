"""A small ruleset and its facts, for sessions that are followed by hand."""

from functools import cache
from pathlib import Path
from typing import Any

from mofan_rules.facts import Facts
from mofan_rules.ruleset import Ruleset, load_texts
from mofan_rules.sessions.session import Session
from tests.cases import ruleset_texts

RULESET: dict[str, Any] = {
    "vocabulary": {
        "organizations": {"committee": {}, "branch": {}},
        "events": {"assembly": {}, "lecture": {}},
        "roles": {"secretary": {}, "member": {}},
        "documents": {"plan": {}},
        "attributes": {"topic": {"of": "assembly", "type": "text"}},
    },
    "roster": "member",
    "requirements": [
        {
            "id": "assembly",
            "title": "an assembly a quarter",
            "kind": "occurrence",
            "subject": "branch",
            "event": "assembly",
            "at_least": "1",
            "every": "quarter",
        },
        {
            "id": "quorum",
            "title": "an assembly with a quorum a year",
            "kind": "occurrence",
            "subject": "branch",
            "event": "assembly",
            "where": "attended * 2 >= expected",
            "at_least": "1",
            "every": "year",
        },
        {"id": "secretary", "title": "a secretary", "kind": "occupancy", "subject": "branch", "role": "secretary", "at_least": "1", "grace": "P30D"},
        {
            "id": "share",
            "title": "all branches hold their assemblies",
            "kind": "rollup",
            "subject": "committee",
            "of": ["assembly"],
            "over": "part_of",
            "direction": "in",
            "at_least": "100%",
        },
    ],
}

ORGANIZATIONS = [
    {"id": "c", "kind": "committee", "founded_on": "2020-01-01"},
    {"id": "b1", "kind": "branch", "parent": "c", "founded_on": "2020-01-01"},
    {"id": "b2", "kind": "branch", "parent": "c", "founded_on": "2020-01-01"},
]
EVENTS = [
    {"id": "e1", "organization": "b1", "kind": "assembly", "date": "2024-02-01"},
    {"id": "e2", "organization": "b2", "kind": "assembly", "date": "2024-01-05"},
]


@cache
def ruleset() -> Ruleset:
    """The ruleset."""
    return load_texts(ruleset_texts(RULESET))


def facts(**more: Any) -> Facts:
    """Two branches of a committee that have held their first assemblies."""
    return Facts(organizations=ORGANIZATIONS, **{"events": EVENTS, "tenures": [], **more}, complete="all")


def opened(as_of: str = "2024-06-15", journal: Path | None = None, **more: Any) -> Session:
    """A session on these facts, on a day of the second quarter."""
    return Session.opened(ruleset(), facts(**more), as_of, journal=journal, executor="interpreter")


def states(session: Session, requirement: str) -> dict[tuple[str, str], str]:
    """The states of a requirement by subject and first month of the window."""
    return {(row.subject, f"{row.window_from:%Y-%m}"): row.state for row in session.verdicts() if row.requirement == requirement and row.window_from}

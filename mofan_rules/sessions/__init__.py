"""Live evaluation: facts that come one by one, a journal that keeps them, and what falls due next."""

from mofan_rules.sessions.changes import Change, Changes, Refusal
from mofan_rules.sessions.session import Session, open_session

__all__ = ["Change", "Changes", "Refusal", "Session", "open_session"]

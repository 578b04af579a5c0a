"""Sessions of the service when those who asked have gone: what has begun is finished, and what has not begun is not done."""

import asyncio
import threading
from pathlib import Path

import pytest

import mofan_rules as mr
from mofan_rules.service import live as module
from mofan_rules.service.live import Sessions
from mofan_rules.service.models import SessionRequest
from mofan_rules.service.problems import Refused
from mofan_rules.service.settings import Settings
from mofan_rules.sessions import Session
from tests.cli.sample import write_sample

EVENT = mr.Event(id="n1", organization="b", kind="meeting", date="2024-02-02")


def sessions_in(folder: Path) -> Sessions:
    write_sample(folder)
    (folder / "journals").mkdir()
    return Sessions(Settings(folder, folder, folder / "journals"), folder / "journals")


ABOUT = SessionRequest.model_validate({"ruleset": "ruleset", "facts_from": "facts", "as_of": "2024-12-31", "executor": "interpreter"})


def test_a_session_that_nobody_waits_for_is_opened_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would hold its journal, and could never be opened again."""
    sessions, go, opened = sessions_in(tmp_path), threading.Event(), []

    def slow(self: Sessions, name: str, about: SessionRequest) -> Session:
        opened.append(name)
        go.wait(30)
        return session_of(self, name, about)

    session_of = Sessions._session
    monkeypatch.setattr(Sessions, "_session", slow)

    async def run() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(sessions.make("live", ABOUT), 0.2)
        go.set()
        live, made = await sessions.make("live", ABOUT)
        assert not made
        assert (await live.call(lambda session: session.record(EVENT))).ids == ("n1",)
        assert opened == ["live"]
        await sessions.close()

    asyncio.run(run())


def test_a_call_that_has_begun_is_finished_and_one_that_waits_is_not_done(tmp_path: Path) -> None:
    sessions, go, begun = sessions_in(tmp_path), threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        begun.set()
        go.wait(30)
        session.record(EVENT)

    async def run() -> None:
        live, _ = await sessions.make("live", ABOUT)
        first = asyncio.ensure_future(live.call(slow))
        await asyncio.to_thread(begun.wait, 30)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(live.call(lambda session: session.withdraw("1", "events")), 0.1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go.set()
        assert await live.call(lambda session: session.recorded) == 1
        await sessions.close()

    asyncio.run(run())


def test_a_day_that_cannot_be_kept_is_not_moved_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The definition of a session is on the disk before anybody is told of it."""
    sessions = sessions_in(tmp_path)

    def full(path: Path, about: SessionRequest) -> None:
        raise OSError("the disk is full")

    async def run() -> None:
        live, _ = await sessions.make("live", ABOUT)
        with monkeypatch.context() as patched:
            patched.setattr(module, "_keep", full)
            with pytest.raises(OSError, match="full"):
                await live.call_and_keep(lambda session: session.advance("2025-01-15"))
            with pytest.raises(OSError, match="full"):
                await sessions.make("other", ABOUT)
        assert await live.call(lambda session: session.as_of.isoformat()) == live.about.as_of.isoformat() == "2024-12-31"
        with pytest.raises(Refused):
            await sessions.get("other")
        assert sessions.names() == ["live"]
        assert len(sessions) == 1
        await sessions.close()

    asyncio.run(run())

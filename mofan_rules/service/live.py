"""The sessions of a service: each by its name, its definition in a file beside its journal, opened when somebody asks for it.

So a service that was killed has lost nothing that it had acknowledged: the next one finds the definition and the journal, and opens the session again.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from anyio import to_thread

from mofan_rules.diagnostics import make
from mofan_rules.evaluation import write_whole
from mofan_rules.service.models import SessionRequest
from mofan_rules.service.problems import Refused
from mofan_rules.service.settings import Settings
from mofan_rules.service.stream import Stream
from mofan_rules.service.work import read_facts, read_ruleset
from mofan_rules.sessions import Changes, Session
from mofan_rules.sessions.as_json import changes_data

T = TypeVar("T")


class Live:
    """An open session. Calls wait for each other outside of threads; one that has begun is finished, whether or not somebody still waits for its answer."""

    def __init__(self, name: str, about: SessionRequest, path: Path, session: Session) -> None:
        self.name = name
        self.about = about
        self.stream = Stream()
        self._path = path
        self._session = session
        self._lock = asyncio.Lock()
        loop = asyncio.get_running_loop()

        def tell(changes: Changes) -> None:
            loop.call_soon_threadsafe(self.stream.add, changes_data(changes))

        session.subscribe(tell)

    async def call(self, work: Callable[[Session], T]) -> T:
        """Do something with the session, in a thread.

        Raises
        ------
        MofanError: as the work.
        """
        await self._lock.acquire()
        task = asyncio.ensure_future(to_thread.run_sync(work, self._session))
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: "asyncio.Future[T]") -> None:
        self._lock.release()
        if not task.cancelled():
            task.exception()  # told to whoever waits, if anybody does

    async def call_and_keep(self, work: Callable[[Session], T]) -> T:
        """Do something that moves the as-of date, and keep it for the next opening before anybody is told."""

        def kept(session: Session) -> T:
            before = session.as_of
            found = work(session)
            about = self.about.model_copy(update={"as_of": session.as_of})
            try:
                _keep(self._path, about)
            except BaseException:
                session.advance(before)
                raise
            self.about = about
            return found

        return await self.call(kept)

    async def close(self) -> None:
        """End it; what was recorded stays in the journal."""
        self.stream.close()
        await self.call(lambda session: session.close())


class Sessions:
    """All sessions of the folder of journals."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._open: dict[str, Live] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._begun = 0
        self._tasks: set[asyncio.Future[Any]] = set()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def listeners(self) -> int:
        """How many listen to changes."""
        return sum(live.stream.listeners for live in self._open.values())

    async def get(self, name: str) -> Live:
        """The session of a name, opened if it was not.

        Raises
        ------
        Refused: if there is none, or too many are open.
        MofanError: if it cannot be opened.
        """
        if (live := self._open.get(name)) is not None:
            return live
        if not self._path(name).is_file():
            raise Refused(make("no-such-session", None, name=name))
        return await self._finished(self._get(name))

    async def make(self, name: str, about: SessionRequest) -> tuple[Live, bool]:
        """The session of a name, made if there was none; whether it was made now.

        Raises
        ------
        Refused: if there is one that is about something else (its as-of date may have moved on), or too many are open.
        MofanError: if it cannot be opened.
        """
        return await self._finished(self._make(name, SessionRequest.model_validate_json(about.model_dump_json())))  # in the form in which it is read again

    async def _finished(self, work: Coroutine[Any, Any, T]) -> T:
        """Work that goes on when nobody waits for it any more: a session that was opened half would hold its journal, and nobody could ask it anything."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told to whoever waits, if anybody does

    async def _get(self, name: str) -> Live:
        async with self._opening.setdefault(name, asyncio.Lock()):
            return self._open.get(name) or await self._opened(name, SessionRequest.model_validate_json(self._path(name).read_bytes()))

    async def _make(self, name: str, about: SessionRequest) -> tuple[Live, bool]:
        async with self._opening.setdefault(name, asyncio.Lock()):
            path = self._path(name)
            if path.is_file():
                live = self._open.get(name) or await self._opened(name, SessionRequest.model_validate_json(path.read_bytes()))
                if about.model_copy(update={"as_of": live.about.as_of}) != live.about:
                    raise Refused(make("other-session", None, name=name))
                return live, False
            live = await self._opened(name, about)
            try:
                _keep(path, about)
            except BaseException:
                del self._open[name]
                await live.close()
                raise
            return live, True

    async def _opened(self, name: str, about: SessionRequest) -> Live:
        if len(self._open) + self._begun >= self._settings.limits.sessions:
            raise Refused(make("too-many-sessions", None, most=self._settings.limits.sessions))
        self._begun += 1
        try:
            session = await to_thread.run_sync(self._session, name, about)
        finally:
            self._begun -= 1
        live = self._open[name] = Live(name, about, self._path(name), session)
        return live

    def _session(self, name: str, about: SessionRequest) -> Session:
        ruleset, facts = read_ruleset(self._settings, about), read_facts(self._settings, about)
        journal = self._folder / f"{name}.db"
        return Session.opened(ruleset, facts, about.as_of, about.period, journal, self._settings.synchronous, about.executor, about.derive)

    def names(self) -> list[str]:
        """The names of all sessions, open or not."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def end_streams(self) -> None:
        """Let all who listen come to an end, so that the service can."""
        for live in self._open.values():
            live.stream.close()

    async def close(self) -> None:
        """End all sessions, those that are just being opened too."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for live in self._open.values():
            await live.close()
        self._open.clear()


def _keep(path: Path, about: SessionRequest) -> None:
    """The definition of a session, in its file: whole or as it was, and on the disk before this returns."""

    def write(made: Path) -> None:
        with made.open("w", encoding="utf-8", newline="\n") as file:
            file.write(about.model_dump_json(indent=2))
            file.flush()
            os.fsync(file.fileno())

    write_whole(path, write)
    if os.name == "posix":  # elsewhere a folder cannot be opened, and its entries are written at once
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

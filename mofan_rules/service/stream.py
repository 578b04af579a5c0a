"""The latest changes of one session, numbered, so that whoever listens can go on where it was: after a slow moment, or a lost connection."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

KEPT = 1000
"""Changes kept for those who come back."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that listeners are told. `id` says where in the stream it stands."""

    event: str
    id: str
    data: dict[str, Any]


class Stream:
    """What is told to listeners, in order; to be used in the event loop only. Nobody who is slow holds up anybody else."""

    def __init__(self) -> None:
        self._run = token_hex(4)
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._number = 0
        self._more = asyncio.Event()
        self._closed = False
        self.listeners = 0

    def add(self, data: dict[str, Any]) -> None:
        """One more change, for everybody who listens."""
        self._kept.append(data)
        self._number += 1
        self._wake()

    def close(self) -> None:
        """Let all who listen come to an end."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()

    async def listen(self, after: str | None) -> AsyncIterator[Told]:
        """What comes from now on, or after the id that somebody has seen last. `lost` says that there was more than is kept: read the verdicts again.

        The first is `begin`, unless somebody goes on where they were: it says from where on changes are told.
        """
        place = self._place(after)
        self.listeners += 1
        try:
            if place is None:
                place = self._number
                yield Told("lost" if after else "begin", self._id(place), {})
            while not self._closed:
                first = self._number - len(self._kept)
                if place < first:
                    place = self._number
                    yield Told("lost", self._id(place), {})
                elif place < self._number:
                    place += 1
                    yield Told("changes", self._id(place), self._kept[place - 1 - first])
                else:
                    await self._more.wait()
        finally:
            self.listeners -= 1

    def _id(self, place: int) -> str:
        return f"{self._run}-{place}"

    def _place(self, id: str | None) -> int | None:
        """The number behind an id of this stream."""
        run, _, number = (id or "").partition("-")
        if run != self._run or not (number.isascii() and number.isdigit()) or len(number) > 18:
            return None
        return int(number) if int(number) <= self._number else None

"""The processes that evaluate: a few at a time, each stopped for good when it takes too long. What they do costs the service itself nothing but waiting."""

from collections.abc import Callable
from typing import TypeVar

from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from mofan_rules.diagnostics import make
from mofan_rules.service.problems import Refused
from mofan_rules.service.settings import Limits, Settings

Asked = TypeVar("Asked")

WAITING = 20
"""So many requests may wait for each process."""


class Workers:
    """The processes of one service. They begin when they are needed, and end with it, however it ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limits: Limits = settings.limits
        self._limiter: CapacityLimiter | None = None

    @property
    def waiting(self) -> int:
        """How many requests wait for a process."""
        return 0 if self._limiter is None else self._limiter.statistics().tasks_waiting

    @property
    def busy(self) -> int:
        """How many processes evaluate."""
        return 0 if self._limiter is None else self._limiter.statistics().borrowed_tokens

    async def do(self, work: Callable[[Settings, Asked], bytes], asked: Asked) -> bytes:
        """Have a piece of work done. When the task that waits for it is cancelled, the process is killed.

        Raises
        ------
        Refused: if too many wait already, or the process died.
        MofanError: as the work.
        """
        if self._limiter is None:
            self._limiter = CapacityLimiter(self._limits.evaluations)
        if self.waiting >= WAITING * self._limits.evaluations:
            raise Refused(make("too-busy", None))
        try:
            return await to_process.run_sync(work, self._settings, asked, cancellable=True, limiter=self._limiter)
        except BrokenWorkerProcess as error:
            raise Refused(make("defect", None)) from error

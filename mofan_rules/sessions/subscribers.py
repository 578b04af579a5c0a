"""Those who want to be told of changes: each change in order, by a thread that nobody waits for."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

from mofan_rules.sessions.changes import Changes

Callback = Callable[[Changes], None]

LOG = logging.getLogger("mofan_rules.sessions")


class Subscribers:
    """The callbacks of one session. The thread begins with the first of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._callbacks: list[Callback] = []
        self._waiting: SimpleQueue[tuple[Changes, tuple[Callback, ...]] | None] = SimpleQueue()
        self._thread: Thread | None = None

    def add(self, callback: Callback) -> Callable[[], None]:
        """Tell the callback of every change from now on, until what is returned is called."""
        with self._lock:
            self._callbacks.append(callback)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="mofan-subscribers", daemon=True)
                self._thread.start()
        return lambda: self._remove(callback)

    def _remove(self, callback: Callback) -> None:
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def tell(self, changes: Changes) -> None:
        """Put changes in the queue."""
        with self._lock:
            if self._callbacks:
                self._waiting.put((changes, tuple(self._callbacks)))

    def close(self) -> None:
        """Wait until all have been told what is in the queue, and end the thread."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._callbacks.clear()
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _run(self) -> None:
        while (told := self._waiting.get()) is not None:
            changes, callbacks = told
            for callback in callbacks:
                try:
                    callback(changes)
                except Exception:
                    LOG.exception("a subscriber raised")

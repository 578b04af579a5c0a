"""Progress of long work: on a terminal only, on standard error, and only if it takes longer than a moment."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mofan_rules.diagnostics.bilingual import Bilingual, Language

if TYPE_CHECKING:
    from rich.status import Status

DELAY = 0.7
"""Seconds before anything is shown."""

PASSES: dict[str, Bilingual] = {
    "load": Bilingual("读入", "reading"),
    "admit": Bilingual("核对数据", "admitting facts"),
    "run": Bilingual("判定", "judging"),
    "report": Bilingual("汇总", "summing up"),
    "generate": Bilingual("生成", "generating"),
}


@contextmanager
def progress(language: Language) -> Iterator[Callable[[str], None]]:
    """Gives a function that is told which pass begins (a key of `PASSES`)."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    line = _Line(language)
    try:
        yield line.step
    finally:
        line.stop()


class _Line:
    """One line that names the pass, drawn by a timer so that quick work shows nothing and loads nothing."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._pass = "load"
        self._status: Status | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(DELAY, self._show)
        self._timer.daemon = True
        self._timer.start()

    def step(self, name: str) -> None:
        with self._lock:
            self._pass = name
            if self._status is not None:
                self._status.update(self._words())

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            if self._status is not None:
                self._status.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.status import Status

        with self._lock:
            status = Status(self._words(), console=Console(stderr=True))
            status.start()
            self._status = status

    def _words(self) -> str:
        return PASSES[self._pass].of(self._language) + " …"

"""Progress of long work: on a terminal only, on standard error, and only if it takes longer than a moment."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from mofan_rules.diagnostics.bilingual import Bilingual, Language

if TYPE_CHECKING:
    from rich.status import Status
    from rich.text import Text

DELAY = 0.7
"""Seconds before anything is shown."""
CONFIDENT = (2.0, 0.03)
"""After so many seconds of a pass, and so large a share of it, its rest is estimated."""

PASSES: dict[str, Bilingual] = {
    "load": Bilingual("读入", "reading"),
    "admit": Bilingual("核对数据", "admitting facts"),
    "run": Bilingual("判定", "judging"),
    "report": Bilingual("汇总", "summing up"),
    "write": Bilingual("写出", "writing"),
    "generate": Bilingual("生成", "generating"),
}


class Progress:
    """Told how far the work is; shows nothing."""

    def step(self, name: str) -> None:
        """A pass begins: a key of `PASSES`."""

    def share(self, done: float) -> None:
        """So much of the pass is done, from 0 to 1."""


@contextmanager
def progress(language: Language) -> Iterator[Progress]:
    """What a command tells how far it is: a line on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield Progress()
        return
    line = _Line(language)
    try:
        yield line
    finally:
        line.stop()


class _Line(Progress):
    """One line that names the pass, drawn by a timer so that quick work shows nothing and loads nothing."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._pass = "load"
        self._begun = monotonic()
        self._share = 0.0
        self._status: Status | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._timer = threading.Timer(DELAY, self._show)
        self._timer.daemon = True
        self._timer.start()

    def step(self, name: str) -> None:
        self._pass, self._begun, self._share = name, monotonic(), 0.0

    def share(self, done: float) -> None:
        self._share = done

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._stopped = True
            if self._status is not None:
                self._status.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.status import Status

        with self._lock:
            if self._stopped:
                return
            self._status = Status(self, console=Console(stderr=True))
            self._status.start()

    def __rich__(self) -> "Text":
        """Asked for at each drawing, so that the seconds go on."""
        from rich.text import Text

        return Text(told(self._pass, self._share, monotonic() - self._begun, self._language))


def told(name: str, share: float, seconds: float, language: Language) -> str:
    """How far a pass is: with an estimate of its rest, or with the time that it has taken so far."""
    words = PASSES[name].of(language) + " …"
    if seconds < CONFIDENT[0]:
        return words
    if share < CONFIDENT[1]:
        return words + Bilingual(f" {seconds:.0f} 秒", f" {seconds:.0f} s").of(language)
    left = seconds * (1 - share) / share
    return words + Bilingual(f" {share:.0%}，还需约 {left:.0f} 秒", f" {share:.0%}, about {left:.0f} s left").of(language)

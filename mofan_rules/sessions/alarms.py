"""Alarms that files may have changed: from the system, through watchfiles, and every few seconds anyway, since not every file system tells."""

from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from time import sleep

from mofan_rules.diagnostics import QuestionError, make

ANYWAY = 2.0
"""Seconds after which an alarm comes although the system has told nothing: network drives do not, and a folder may have been put in the place of another."""


def check_installed() -> None:
    """Told before the work, not after it.

    Raises
    ------
    QuestionError: if watchfiles is not installed.
    """
    if find_spec("watchfiles") is None:
        raise QuestionError([make("not-installed", None, library="watchfiles", command='pip install "mofan-rules[watch]"')])


def alarms(places: Callable[[], Iterable[Path]], anyway: float = ANYWAY) -> Iterator[None]:
    """An alarm each time that something may have changed in the folders of these places, without end.

    Parameters
    ----------
    places: folders and files; asked for anew with each alarm, since a ruleset may import another one by now.
    anyway: seconds between alarms that nothing has caused.
    """
    from watchfiles import watch

    while True:
        folders = _folders(places())
        try:
            for _ in watch(*folders, watch_filter=None, recursive=False, rust_timeout=int(anyway * 1000), yield_on_timeout=True):
                yield
                if _folders(places()) != folders:
                    break
        except (OSError, RuntimeError):  # a folder has gone, or the system watches no more of them
            sleep(anyway)
            yield


def _folders(places: Iterable[Path]) -> dict[Path, int]:
    """The folders that are there, with what tells a folder from another one of the same name."""
    found: dict[Path, int] = {}
    for place in places:
        folder = place if place.is_dir() else place.parent
        try:
            found[folder] = folder.stat().st_ino
        except OSError:
            continue
    return found

"""Work done beside other work: what DuckDB, a reader of workbooks or the file system does leaves Python free, and a second processor too."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from time import monotonic
from typing import TypeVar
from weakref import WeakSet

Result = TypeVar("Result")
Other = TypeVar("Other")

_threads: "WeakSet[Thread]" = WeakSet()


def beside(work: Callable[[], Result]) -> "Future[Result]":
    """Begin some work in a thread of its own.

    Returns
    -------
    Its future: `result()` waits for it, and raises what the work raised.
    """
    future: Future[Result] = Future()
    thread = Thread(target=_carry_out, args=(work, future), daemon=True)
    _threads.add(thread)
    thread.start()
    return future


def _carry_out(work: Callable[[], Result], future: "Future[Result]") -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)


def side_by_side(here: Callable[[], Result], there: Callable[[], Other]) -> tuple[Result, Other]:
    """Do two pieces of work at a time, and go on when both are done, even if the first has failed: they may work on the same things."""
    other = beside(there)
    try:
        own = here()
    finally:
        wait([other])
    return own, other.result()


def still_working(seconds: float) -> bool:
    """Is some work begun with `beside` still going on after so many seconds, at most?

    A process that ends as usual then would break it off in the middle of foreign code, which knows no such end and takes it for a defect.
    """
    until = monotonic() + seconds
    for thread in list(_threads):
        thread.join(max(0.0, until - monotonic()))
    return any(thread.is_alive() for thread in list(_threads))

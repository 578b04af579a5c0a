"""Work done beside other work: what DuckDB, a reader of workbooks or the file system does leaves Python free, and a second processor too."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")
Other = TypeVar("Other")


def beside(work: Callable[[], Result]) -> "Future[Result]":
    """Begin some work in a thread of its own.

    Returns
    -------
    Its future: `result()` waits for it, and raises what the work raised. Nothing waits for a thread whose result nobody asks for: an interrupted program
    ends at once.
    """
    future: Future[Result] = Future()
    Thread(target=_carry_out, args=(work, future), daemon=True).start()
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

"""Work beside other work: what it gives, what it raises, and who waits for whom."""

import subprocess
import sys
from threading import Event

import pytest

from mofan_rules.beside import beside, side_by_side, still_working


def test_it_gives_what_the_work_gives_and_raises_what_it_raises() -> None:
    assert beside(lambda: 3).result() == 3
    with pytest.raises(KeyError, match="x"):
        beside(lambda: {}["x"]).result()


def test_two_at_a_time() -> None:
    first, second = Event(), Event()

    def here() -> str:
        first.set()
        assert second.wait(10)
        return "here"

    def there() -> str:
        second.set()
        assert first.wait(10)
        return "there"

    assert side_by_side(here, there) == ("here", "there")


def test_a_failure_waits_for_the_other() -> None:
    done: list[int] = []

    def fail() -> None:
        raise ValueError

    def there() -> None:
        Event().wait(0.05)
        done.append(1)

    with pytest.raises(ValueError):
        side_by_side(fail, there)
    assert done == [1]


def test_whether_anything_goes_on() -> None:
    go = Event()
    work = beside(go.wait)
    assert still_working(0.01)
    go.set()
    work.result()
    assert not still_working(10)


ENDLESS = """
from threading import Event
from mofan_rules.cli.outcome import leave
from mofan_rules.beside import beside
beside(Event().wait)
print("said")
leave(2)
"""


def test_a_command_ends_although_something_goes_on() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDLESS], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "said\n")

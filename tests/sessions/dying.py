"""A process that records facts until it is killed, told what to do on its standard input.

For each line `JOURNAL NUMBER` it makes a child, which opens a session on the journal and records facts with the ids `NUMBER-0`, `NUMBER-1` and so on. The child
writes `w ID` when the journal has taken a fact and `a ID` when the fact was acknowledged; then it writes no more, since somebody has killed it.
The parent writes the child's process id, and when it has died, `end`.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import mofan_rules as mr
from mofan_rules.sessions.journal import Entry, Journal
from tests.sessions.sample import opened


def say(text: str) -> None:
    """One line, written at once."""
    os.write(1, f"{text}\n".encode())


def record(path: Path, number: str) -> None:
    """Record facts for ever."""
    append = Journal.append

    def appended(self: Journal, entries: Sequence[Entry]) -> None:
        append(self, entries)
        say(f"w {entries[0][1]['id']}")

    Journal.append = appended  # type: ignore[method-assign]
    session = opened(journal=path)
    say("open")
    for place in range(10_000):
        identifier = f"{number}-{place}"
        session.record(mr.Event(id=identifier, organization=("b1", "b2")[place % 2], kind="lecture", date="2024-05-01"))
        say(f"a {identifier}")


def main() -> None:
    """Make a child for each line."""
    for line in sys.stdin:
        path, number = line.split()
        child = os.fork()
        if child == 0:
            record(Path(path), number)
        say(f"child {child}")
        os.waitpid(child, 0)
        say("end")


if __name__ == "__main__":
    main()

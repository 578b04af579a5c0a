"""One peer once, in a process of its own: `python -m benchmarks.peers.measure NAME FACTS [VERDICTS]`.

It judges a small set first (`FACTS/warm`), so that imports and what is compiled at first use are not timed, then `FACTS`, and prints seconds and memory as
JSON; with `VERDICTS` it writes the verdicts to that file.
"""

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter

from benchmarks.peers.table import PEERS
from benchmarks.peers.verdicts import mapping


def peak(process: int | str) -> int:
    """The most memory that a process has had so far, in KiB.

    Not `ru_maxrss`: that of a new process begins with its parent's.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


@contextmanager
def watched_children() -> Iterator[dict[str, int]]:
    """The peaks of the processes that this one starts meanwhile, looked at twenty times a second."""
    peaks: dict[str, int] = {}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            for task in Path("/proc/self/task").iterdir():
                with suppress(OSError):
                    for child in (task / "children").read_text().split():
                        peaks[child] = max(peaks.get(child, 0), peak(child))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peaks
    finally:
        done.set()
        watcher.join()


def measured(name: str, facts: Path, verdicts: Path | None) -> dict[str, float]:
    """Seconds of the clock and of the processors, MiB, and how many verdicts."""
    [peer] = [peer for peer in PEERS if peer.name == name]
    peer.judge(facts / "warm")
    with watched_children() as children:
        before, start = sum(os.times()[:4]), perf_counter()
        judged = peer.judge(facts)
        wall, cpu = perf_counter() - start, sum(os.times()[:4]) - before
        memory = peak("self")
    found = mapping(judged)
    if verdicts is not None:
        verdicts.write_text(json.dumps([[*key, state] for key, state in found.items()]))
    return {"wall": wall, "cpu": cpu, "mb": (memory + sum(children.values())) / 1024, "verdicts": len(found)}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)))

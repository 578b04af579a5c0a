"""SQLite's write-ahead log, looked at before SQLite does: of a log that is damaged in the middle SQLite takes what stands before, and says nothing.

The format is that of https://www.sqlite.org/fileformat2.html#the_write_ahead_log. A process that dies leaves a log whose last frame may be torn, and nothing
behind it. If frames of the same log stand behind a frame that is not whole, somebody has changed the file.
"""

import struct
from pathlib import Path

HEADER, FRAME_HEADER = 32, 24
BIG_ENDIAN, LITTLE_ENDIAN = 0x377F0683, 0x377F0682


def torn(database: Path) -> bool:
    """Is the write-ahead log of a database damaged elsewhere than at its end?"""
    path = database.with_name(database.name + "-wal")
    if not path.exists():
        return False
    log = path.read_bytes()
    if not log:
        return False
    magic = int.from_bytes(log[:4], "big")
    if len(log) < HEADER or magic not in (BIG_ENDIAN, LITTLE_ENDIAN):
        return len(log) > HEADER
    order = ">" if magic == BIG_ENDIAN else "<"
    page = int.from_bytes(log[8:12], "big")
    sums = _summed(order, log[:24], (0, 0))
    if sums != struct.unpack(">II", log[24:32]) or page < 512:
        return len(log) > HEADER
    salt, size, whole = log[16:24], FRAME_HEADER + page, True
    for start in range(HEADER, len(log) - size + 1, size):
        frame = log[start : start + size]
        same = frame[8:16] == salt
        if not whole:
            if same:
                return True
            continue
        if same:
            sums = _summed(order, frame[:8] + frame[FRAME_HEADER:], sums)
        whole = same and sums == struct.unpack(">II", frame[16:24])
    return False


def _summed(order: str, data: bytes, start: tuple[int, int]) -> tuple[int, int]:
    first, second = start
    for one, other in struct.iter_unpack(f"{order}II", data):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second

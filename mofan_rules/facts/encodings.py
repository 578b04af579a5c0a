"""From the bytes of a text file to UTF-8, without taking the whole file into memory."""

import codecs
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 22
FEWEST_ZEROS = 20
"""Of so many bytes of UTF-16 one at least is zero: its digits and separators each have one."""

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a file found: the encoding, and what decides which reader it needs.

    `newlines` counts line feeds, `plain` says that there is neither a NUL nor a carriage return without its line feed; `ends` that the file ends
    with a line end.
    """

    encoding: str
    size: int
    newlines: int
    plain: bool
    ends: bool
    quotes: int


def survey(path: Path) -> Survey | None:
    """Look a file over. UTF-8 with or without a byte-order mark, UTF-16 (with a mark, or without one where its separators say so), else GB18030 as Chinese
    Windows writes it.

    Returns
    -------
    Nothing if the bytes are none of these.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for encoding in _candidates(start):
        found = _survey(path, encoding)
        if found is not None:
            return found
    return None


def _candidates(start: bytes) -> list[str]:
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return [encoding]
    for encoding in ("utf-16-le", "utf-16-be"):
        if b"\0" in start and _separated(start, encoding):
            return [encoding]
    return ["utf-8", "gb18030"]


def _separated(start: bytes, encoding: str) -> bool:
    """Are there separators of cells or lines among the 16-bit units, no zero ones, and zeros in more than a stray byte?"""
    if start.count(b"\0") * FEWEST_ZEROS < len(start):
        return False
    text = start[: len(start) // 2 * 2].decode(encoding, "replace")
    return any(mark in text for mark in ",;\t\r\n") and "\0" not in text


def _survey(path: Path, encoding: str) -> Survey | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    size = newlines = returns = pairs = nuls = quotes = 0
    last = ""
    raw = encoding in ("utf-8", "utf-8-sig")
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                text = decoder.decode(chunk)
                counted: bytes = chunk if raw else text.encode("utf-8", "replace")
                newlines += counted.count(b"\n")
                returns += counted.count(b"\r")
                pairs += counted.count(b"\r\n") + (last == "\r" and counted[:1] == b"\n")
                nuls += counted.count(b"\0")
                quotes += counted.count(b'"')
                last = chr(counted[-1]) if counted else last
            decoder.decode(b"", True)
    except UnicodeError:
        return None
    return Survey(encoding, size, newlines, returns == pairs and nuls == 0, last in ("\n", "\r"), quotes)


def broken_line(path: Path) -> int:
    """The number of the first line that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1


def characters(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file, a chunk at a time; line ends as they are."""
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def as_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """A copy of a file in UTF-8, in `folder`."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=folder, suffix=".csv", delete=False) as copy:
        for chunk in characters(path, encoding):
            copy.write(chunk.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    return Path(copy.name)

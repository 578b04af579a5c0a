"""Look a workbook over before it is read: how large it unpacks, and how far its cells reach.

The reader of workbooks lays a sheet out as a full rectangle. A cell in the far corner of an otherwise empty sheet would cost all memory, and Rust ends the
process where there is none. The reach that is found is never smaller than the real one; a text that looks like a reference may make it larger.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

from mofan_rules.diagnostics import FactsError, make

LARGEST_UNPACKED = 2_000_000_000
LARGEST_AREA = 40_000_000
"""Cells of the rectangle that a sheet fills; a full sheet of a million rows and forty columns."""
PIECE = 1 << 20
LONGEST_TAG = 1 << 20

WORKBOOK = "xl/workbook.xml"
OTHER_FORMATS = ("content.xml", "xl/workbook.bin")
"""By these the reader tells formats whose reach is not looked at here."""

_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)""")
_CELL = re.compile(rb"<(?:[^\s<>/]+:)?c(?=[\s/>])")
_ROW = re.compile(rb"<(?:[^\s<>/]+:)?row(?=[\s/>])")
_NOT_PLAIN = re.compile(rb'<c(?! r="[A-Z]\d{1,6}")[\s/>]')


def guard(path: Path) -> None:
    """Refuse a packed workbook (.xlsx) that would unpack, or spread out, beyond all measure.

    Raises
    ------
    FactsError: if it does, or is no such workbook.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        names = {entry.filename.lower().lstrip("/") for entry in entries}
        if WORKBOOK not in names or not names.isdisjoint(OTHER_FORMATS):
            raise FactsError([make("facts-no-workbook", None, file=path.name)])
        if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
            raise _too_large(path)
        for entry in entries:  # whichever of them is a sheet: the workbook may name any
            if not all(_is_plain(piece) for piece in _pieces(path, archive, entry)):
                _check_reach(path, _pieces(path, archive, entry))


def _too_large(path: Path) -> FactsError:
    return FactsError([make("facts-too-large", None, file=path.name, largest=LARGEST_UNPACKED)])


def _is_plain(piece: bytes) -> bool:
    """Do all cells say that they stand in one of the first 26 columns and above the millionth row, written as Excel does? Then nothing can be amiss."""
    return _NOT_PLAIN.search(piece) is None and b":c" not in piece


def _check_reach(path: Path, pieces: Iterable[bytes]) -> None:
    reach = Reach()
    for piece in pieces:
        reach.extend(piece)
        if reach.rows * reach.columns > LARGEST_AREA:
            raise FactsError([make("facts-too-spread", None, file=path.name, rows=reach.rows, columns=reach.columns)])


def _pieces(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a file in pieces that cut no tag in two."""
    with archive.open(entry) as file:
        yield from _whole_tags(path, file)


def _whole_tags(path: Path, file: IO[bytes]) -> Iterator[bytes]:
    total = 0
    begun = b""
    while read := file.read(PIECE):
        total += len(read)
        if total > LARGEST_UNPACKED:
            raise _too_large(path)
        piece = begun + read
        last = piece.rfind(b"<")
        whole = last < 0 or piece.find(b">", last) >= 0
        begun = b"" if whole else piece[last:]
        if len(begun) > LONGEST_TAG:
            raise FactsError([make("facts-unreadable", None, file=path.name, problem=f"a tag of more than {LONGEST_TAG} bytes")])
        yield piece if whole else piece[:last]
    yield begun


@dataclass(slots=True)
class Reach:
    """How many rows and columns the cells of a sheet span at most, as far as it has been looked at.

    A cell says where it stands (`r="B7"`), or stands right of the one before it, in the row that says its number or follows the one before.
    """

    last_row: int = 0
    last_column: int = 0
    rows_unnumbered: int = 0
    most_unplaced: int = 0
    """Cells of one row that do not say where they stand, at most."""
    _unplaced: int = 0

    @property
    def rows(self) -> int:
        return self.last_row + self.rows_unnumbered

    @property
    def columns(self) -> int:
        return self.last_column + self.most_unplaced

    def extend(self, piece: bytes) -> None:
        """Look at the next piece of the sheet."""
        starts = [0, *(found.start() for found in _ROW.finditer(piece)), len(piece)]
        for number, (start, end) in enumerate(pairwise(starts)):
            row = piece[start:end]
            if number:
                self._unplaced = 0
            references = _REFERENCE.findall(row)
            placed = sum(1 for letters, _ in references if letters)
            numbered = len(references) - placed
            self.rows_unnumbered += 1 if number and not numbered else 0
            self._unplaced += max(0, sum(1 for _ in _CELL.finditer(row)) - placed)
            self.most_unplaced = max(self.most_unplaced, self._unplaced)
            self.last_column = max(self.last_column, *map(_column, {letters for letters, _ in references}), 0)
            self.last_row = max(self.last_row, *(int(digits[:20]) for _, digits in references), 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:10]:
        number = number * 26 + letter - 64
    return number

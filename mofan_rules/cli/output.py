"""Where a command's result goes: the terminal, a pipe, or a file that appears whole or not at all."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from mofan_rules.evaluation.files import cannot_write, write_whole

Writer = Callable[[Path], object]
"""Writes a result to a new file."""


def to_stdout(writer: Writer) -> None:
    """Write to a temporary file, then copy its bytes to standard output: what fails half-way prints nothing."""
    with tempfile.TemporaryDirectory(prefix="mofan-") as folder:
        path = Path(folder, "result")
        writer(path)
        sys.stdout.flush()
        with path.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def text_to(text: str, output: str | None) -> None:
    """Print a text, or write it to a file."""
    if output is None:
        print(text)
    else:
        write_whole(Path(output), lambda path: path.write_text(text + "\n", encoding="utf-8", newline="\n"))


def check_writable(path: Path) -> None:
    """Told before the work, not after it.

    Raises
    ------
    QuestionError: if the folder of the file does not exist or may not be written.
    """
    folder = path.parent
    number = 0
    if not folder.is_dir():
        number = errno.ENOTDIR if folder.exists() else errno.ENOENT
    elif not os.access(folder, os.W_OK):
        number = errno.EACCES
    elif path.is_dir():
        number = errno.EISDIR
    if number:
        raise cannot_write(str(path), OSError(number, os.strerror(number)))

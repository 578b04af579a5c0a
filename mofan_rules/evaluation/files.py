"""Files that appear whole or not at all."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from mofan_rules.diagnostics import QuestionError, make


def write_whole(target: Path, writer: Callable[[Path], object]) -> None:
    """Let `writer` write beside `target`, then put the file in its place in one step: nobody ever sees half of it.

    A link is followed, and what is no file (a pipe, a device) is written to, not replaced.

    Raises
    ------
    QuestionError: if the file cannot be written.
    """
    place = target.resolve()
    special = place.exists() and not place.is_file()
    try:
        with tempfile.TemporaryDirectory(dir=None if special else place.parent, prefix=".mofan-") as folder:
            made = Path(folder, place.name)
            writer(made)
            if special:
                place.write_bytes(made.read_bytes())
            else:
                made.replace(place)
    except OSError as error:
        raise QuestionError([make("cannot-write", None, path=str(target), reason=error.strerror or str(error))]) from error

"""Files that appear whole or not at all."""

import errno
import tempfile
from collections.abc import Callable
from pathlib import Path

from mofan_rules.diagnostics import Bilingual, QuestionError, make, same

REASONS: dict[int, Bilingual] = {
    errno.ENOENT: Bilingual("没有这个文件夹", "no such folder"),
    errno.ENOTDIR: Bilingual("不是文件夹", "not a folder"),
    errno.EISDIR: Bilingual("是文件夹", "it is a folder"),
    errno.EEXIST: Bilingual("已有同名的文件", "a file of that name is there"),
    errno.EACCES: Bilingual("没有权限", "not permitted"),
    errno.EPERM: Bilingual("没有权限", "not permitted"),
    errno.EROFS: Bilingual("只读", "it is read-only"),
    errno.ENOSPC: Bilingual("磁盘已满", "the disk is full"),
    errno.ENAMETOOLONG: Bilingual("名称过长", "the name is too long"),
}
"""What the system says most often, in words."""


def cannot_write(path: str, error: OSError) -> QuestionError:
    """The error that tells that a file or folder cannot be written."""
    reason = REASONS.get(error.errno or 0) or same(error.strerror or str(error))
    return QuestionError([make("cannot-write", None, path=path, reason=reason)])


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
        raise cannot_write(str(target), error) from error

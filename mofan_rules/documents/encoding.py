"""From the bytes of a file to its text."""

from dataclasses import dataclass

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
"""Byte-order marks and the encodings they announce."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and the encoding in which it was found if that is not the expected UTF-8."""

    text: str
    assumed: str | None = None


def decode(data: bytes) -> Decoded | None:
    """The text of a file: UTF-8 with or without a byte-order mark, UTF-16 with one, else GB18030 as Chinese Windows writes it.

    Returns
    -------
    Nothing if the bytes are none of these.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            text = _try(data[len(mark) :], encoding)
            return None if text is None else Decoded(text, None if encoding == "utf-8" else "UTF-16")
    if (text := _try(data, "utf-8")) is not None:
        return Decoded(text)
    text = _try(data, "gb18030")
    return None if text is None else Decoded(text, "GB18030")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None

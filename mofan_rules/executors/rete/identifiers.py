"""Ids of the facts of a network: short ASCII text, none with the hash of another.

durable_rules takes two facts for one if the 32-bit FNV-1a hashes of their ids agree (it does not look at the ids), and hashes bytes as signed ones, so that ids
are ASCII. It keeps a fact of its own in every shard, whose id is not to be met either.
"""

from collections.abc import Iterable

_OFFSET, _PRIME, _BITS = 2166136261, 16777619, 0xFFFFFFFF
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def hashed(text: str) -> int:
    """The hash under which durable_rules knows a text.

    Raises
    ------
    UnicodeEncodeError: if it is not ASCII.
    """
    value = _OFFSET
    for byte in text.encode("ascii"):
        value = ((value ^ byte) * _PRIME) & _BITS
    return value


class Identifiers:
    """Allots ids and takes them back."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._hashes = {hashed(text) for text in taken}
        self._next = 0

    def allot(self) -> str:
        """An id whose hash no other has that is in use."""
        while True:
            identifier = _written(self._next)
            self._next += 1
            value = hashed(identifier)
            if value not in self._hashes:
                self._hashes.add(value)
                return identifier

    def release(self, identifier: str) -> None:
        """The id is not in use any more. (It is not allotted again, but one with its hash may be.)"""
        self._hashes.remove(hashed(identifier))

    def __len__(self) -> int:
        return len(self._hashes)


def _written(number: int) -> str:
    digits = _DIGITS[number % 36]
    while number := number // 36:
        digits = _DIGITS[number % 36] + digits
    return digits

"""The verdicts of a peer in one form, so that they can be compared."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

Verdicts = dict[tuple[str, str, str], str]
"""The state of each requirement, organization and first day of a window (as a text)."""


def mapping(judged: Any) -> Verdicts:
    """What a peer returned, an Arrow table (or what can be read as one) or rows, by requirement, organization and window.

    Raises
    ------
    ValueError: if two verdicts are about the same.
    """
    rows = _rows(judged)
    found = {(requirement, organization, str(window)[:10]): state for requirement, organization, window, state in rows}
    if len(found) != len(rows):
        raise ValueError(f"{len(rows) - len(found)} verdicts are there twice")
    return found


def _rows(judged: Any) -> list[tuple[Any, ...]]:
    if not hasattr(judged, "__arrow_c_stream__"):
        return list(judged)
    return list(zip(*(column.to_pylist() for column in pa.table(judged).columns), strict=True))


def differences(found: Verdicts, expected: Verdicts, requirements: Iterable[str] | None = None) -> list[str]:
    """A sentence for each verdict that differs, is missing or too many; of `requirements` alone, if a peer judges no others."""
    wanted = expected if requirements is None else {key: state for key, state in expected.items() if key[0] in set(requirements)}
    keys = sorted(found.keys() | wanted.keys())
    return [f"{' '.join(key)}: {found.get(key)}, expected {wanted.get(key)}" for key in keys if found.get(key) != wanted.get(key)]

"""What somebody hands over as a table, opened as sources."""

import os
from collections.abc import Iterable

from mofan_rules.diagnostics import FactsError, make
from mofan_rules.facts.sources import RowsSource, Source


def open_table(label: str, value: object) -> list[Source]:
    """The sources of one table that was handed over in Python.

    Raises
    ------
    FactsError: if it is no table.
    """
    if isinstance(value, str | os.PathLike):
        from mofan_rules.facts.files import open_file

        return open_file(os.fspath(value))
    if hasattr(value, "__arrow_c_stream__") or _is_pandas(value):
        from mofan_rules.facts.frames import FrameSource

        return [FrameSource(label, value)]
    if isinstance(value, Iterable) and not isinstance(value, bytes | dict):
        return [RowsSource(label, value)]
    raise FactsError([make("facts-not-a-table", None, table=label, found=type(value).__name__)])


def _is_pandas(value: object) -> bool:
    kind = type(value)
    return kind.__module__.split(".")[0] == "pandas" and kind.__name__ == "DataFrame"

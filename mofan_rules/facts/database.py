"""The database in which facts are admitted and judged: in memory, and what is beyond its limit in files of its own, which go with it."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from mofan_rules.diagnostics import QuestionError, make
from mofan_rules.facts.sql import text

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "1400MB"
"""What a database takes unless more is asked for: the whole process then stays below 2 GB. Facts that need less never notice it."""

_SIZE = re.compile(r"\s*\d{1,9}(?:\.\d{1,3})?\s*[KMGT]i?B\s*", re.IGNORECASE)


def open_database(memory_limit: str | None = None) -> "duckdb.DuckDBPyConnection":
    """A database of its own.

    Parameters
    ----------
    memory_limit: how much memory its tables and queries may take, such as `4GB`; default: `MEMORY_LIMIT`.

    Raises
    ------
    QuestionError: if `memory_limit` is no size.
    """
    import duckdb

    limit = MEMORY_LIMIT if memory_limit is None else memory_limit
    if not _SIZE.fullmatch(limit):
        raise QuestionError([make("bad-size", None, value=limit)])
    files = Path(tempfile.gettempdir()) / f"mofan-{uuid4().hex}"  # made when it is needed
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET memory_limit = {text(limit.strip())}; SET temp_directory = {text(str(files))}; SET checkpoint_threshold = '1TB'")
    return connection


@contextmanager
def within_memory() -> Iterator[None]:
    """Tell of memory that did not suffice as an error of the question.

    Raises
    ------
    QuestionError: if a query inside needs more at once than its database may take.
    """
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise QuestionError([make("out-of-memory", None, problem=str(error).partition("\n")[0][:200])]) from error

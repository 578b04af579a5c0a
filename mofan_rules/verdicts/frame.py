"""The verdict table as users hold it: any Arrow-speaking library reads it, and three conveniences hand it over."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import QuestionError, make
from mofan_rules.verdicts.relation import verdicts
from mofan_rules.verdicts.table import Verdict, VerdictTable

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Verdicts:
    """A verdict table: `len()`, iteration over `Verdict` rows, and the Arrow PyCapsule interface (`polars.DataFrame(v)`, `pyarrow.table(v)`)."""

    def __init__(self, table: VerdictTable) -> None:
        self._table = table

    @property
    def held(self) -> VerdictTable:
        """The executor's own form of the table."""
        return self._table

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[Verdict]:
        return self._table.rows()

    def rows(self) -> Iterator[Verdict]:
        """The rows, sorted by requirement, subject, window and key."""
        return self._table.rows()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> "pandas.DataFrame":
        """A pandas data frame."""
        _require("pandas")
        with verdicts(self._table) as connection:
            return connection.execute("FROM verdicts").df()

    def to_polars(self) -> "polars.DataFrame":
        """A polars data frame."""
        _require("polars")
        import polars

        return polars.DataFrame(self)

    def to_arrow(self) -> "pyarrow.Table":
        """A pyarrow table."""
        _require("pyarrow")
        import pyarrow

        return pyarrow.table(self)


def _require(library: str) -> None:
    """Raises
    ------
    QuestionError: if the library is not installed.
    """
    from importlib.util import find_spec

    if find_spec(library) is None:
        raise QuestionError([make("not-installed", None, library=library, command=f"pip install {library}")])

"""What people see of the facts beside the verdicts: the account of the rows read, the rejected rows, the names of organizations."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from mofan_rules.diagnostics import Bilingual
from mofan_rules.reports.base import FactsRead, RejectedCount

if TYPE_CHECKING:
    import pandas

    from mofan_rules.facts import AdmittedFacts

REJECTED_COLUMNS = ("table", "file", "line", "column", "code", "reason", "reason_en", "value")


def names_of(facts: "AdmittedFacts", as_of: date, organizations: Collection[str] | None = None) -> dict[str, str]:
    """The names of some organizations, or of all, by their ids: those that they have on a day, or had last before it. Those without a name are left out."""
    chosen = "" if organizations is None else "AND s.id IN (SELECT unnest(?))"
    query = f"""
        SELECT s.id, arg_max(o.name, o.valid_from_low) FROM facts.organizations o JOIN facts.subjects s ON s.number = o.organization
        WHERE o.certain AND o.name IS NOT NULL AND o.valid_from_low <= DATE '{as_of.isoformat()}' {chosen} GROUP BY s.id
    """
    return dict(facts.connection.cursor().execute(query, None if organizations is None else [list(organizations)]).fetchall())


class Rejected:
    """The rows that were not admitted: iterable as dictionaries, and an Arrow table."""

    def __init__(self, facts: "AdmittedFacts") -> None:
        self._facts = facts

    def __len__(self) -> int:
        return int(self._facts.connection.cursor().execute("SELECT count(*) FROM facts.rejected").fetchall()[0][0])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._facts.connection.cursor().execute(_REJECTED).fetchall():
            yield dict(zip(REJECTED_COLUMNS, row, strict=True))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return _stream(self._facts, _REJECTED, requested_schema)

    def to_pandas(self) -> "pandas.DataFrame":
        """A pandas data frame."""
        return self._facts.connection.cursor().execute(_REJECTED).df()


def rows_read(facts: "AdmittedFacts", as_of: date = date.max) -> FactsRead:
    """The account of the rows read, as reports show it. Tables of which nothing was supplied are left out."""
    if facts.summary is None:
        return FactsRead()
    rows = {table.value: (one.read, one.admitted, one.rejected) for table, one in facts.summary.tables.items() if one.read}
    found = facts.connection.cursor().execute(_EXAMPLES).fetchall()
    rejected = tuple(RejectedCount(table, code, number, _example(*example)) for table, code, number, *example in found)
    [(organizations,)] = facts.connection.cursor().execute(_REJECTED_ORGANIZATIONS, [as_of, as_of]).fetchall()
    return FactsRead(rows, rejected, facts.summary.assumptions, int(organizations))


def _example(file: str | None, line: int | None, zh: str, en: str) -> Bilingual:
    place = ":".join(str(part) for part in (file, line) if part is not None)
    return Bilingual(f"{place} {zh}".strip(), f"{place} {en}".strip())


def _stream(facts: "AdmittedFacts", query: str, requested_schema: object | None) -> object:
    """The result of a query on a cursor of its own, so that several can be read at one time."""
    return facts.connection.cursor().sql(query).__arrow_c_stream__(requested_schema)


_REJECTED = f'SELECT {", ".join(chr(34) + name + chr(34) for name in REJECTED_COLUMNS)} FROM facts.rejected ORDER BY "table", file, line, code'

_EXAMPLES = """
    SELECT "table", code, count(*), arg_min(file, coalesce(line, 0)), min(line), arg_min(reason, coalesce(line, 0)), arg_min(reason_en, coalesce(line, 0))
    FROM facts.rejected GROUP BY "table", code ORDER BY count(*) DESC, "table", code
"""

_REJECTED_ORGANIZATIONS = """
    SELECT count(DISTINCT organization) FROM facts.organizations WHERE NOT certain AND organization IS NOT NULL AND valid_from_low <= ?
    AND organization NOT IN (SELECT organization FROM facts.organizations WHERE certain AND valid_from_low <= ?)
"""
"""How many organizations that are seen on a day have no row that was admitted."""

"""Finding the fact that an id names, and the row that withdraws it."""

from collections.abc import Iterator, Sequence
from datetime import date

from mofan_rules.diagnostics import QuestionError, make
from mofan_rules.facts import AdmittedFacts
from mofan_rules.facts.cells import REQUIRED
from mofan_rules.schema import Table
from mofan_rules.sessions.recorded import Recorded, Texts

NAMING = ("organization", "source", "target")
"""The columns that an admitted row holds as numbers of organizations, and people write as ids."""


def found_in(identifier: str, table: Table | None, recorded: Recorded, admitted: AdmittedFacts) -> Table:
    """The table of the fact with an id; `table`: the one that is meant.

    Raises
    ------
    QuestionError: if there is none, or several tables have one.
    """
    found = [one for one in Table if table in (None, one) and (recorded.with_id(one, identifier) or _admitted(identifier, one, admitted))]
    if not found:
        raise QuestionError([make("no-such-fact", None, id=identifier)])
    if len(found) > 1:
        raise QuestionError([make("several-facts", None, id=identifier, tables=", ".join(one.value for one in found))])
    return found[0]


def withdrawal(identifier: str, table: Table, recorded: Recorded, admitted: AdmittedFacts) -> Texts:
    """A row that supersedes another and is withdrawn itself: it says as little as a row of its table must."""
    known = next(iter(recorded.with_id(table, identifier)), None) or dict(_written(identifier, table, admitted))
    row = {column: known.get(column) for column in REQUIRED[table]}
    if table is Table.ORGANIZATIONS:
        spans = ("founded_on", "dissolved_on", "valid_from", "valid_until")
        row |= {column: known[column] for column in spans if column in known}
    if table is Table.WAIVERS:
        row |= {"reason": "withdrawn", "approved_by": "withdrawn"}
    return {**row, "supersedes": identifier, "withdrawn": "true"}


def _admitted(identifier: str, table: Table, admitted: AdmittedFacts) -> Sequence[tuple[object, ...]]:
    if "id" not in admitted.columns(table):
        return []
    return admitted.connection.execute(f'SELECT * FROM facts."{table.value}" WHERE id = ? ORDER BY "row" LIMIT 1', [identifier]).fetchall()


def _written(identifier: str, table: Table, admitted: AdmittedFacts) -> Iterator[tuple[str, str]]:
    """The cells of an admitted row as people write them, as far as they are known."""
    rows = _admitted(identifier, table, admitted)
    cells = dict(zip(admitted.columns(table), rows[0], strict=True)) if rows else {}
    for column in REQUIRED[table]:
        value = cells.get(column)
        if column in NAMING and isinstance(value, int):
            yield column, admitted.subjects()[value]
        elif value is not None:
            yield column, str(value)
    for column in ("founded_on", "dissolved_on", "valid_from", "valid_until"):
        low, high = cells.get(f"{column}_low"), cells.get(f"{column}_high")
        if table is Table.ORGANIZATIONS and isinstance(low, date) and low == high and date.min < low < date.max:
            yield column, low.isoformat()

"""The rows that a session has taken, as texts, table by table; with those that it was opened on they are the facts of a batch run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from mofan_rules.diagnostics import QuestionError, closest, make
from mofan_rules.facts import Facts
from mofan_rules.facts.cells import ESSENTIAL
from mofan_rules.facts.mapping import Use
from mofan_rules.facts.names import column_names, folded
from mofan_rules.facts.sources import RowsSource, Source, written
from mofan_rules.schema import Table, Vocabulary
from mofan_rules.sessions.records import Cells, Fact, cells_of

Tables = Mapping[Table, Sequence[Fact]]
"""Facts of tables that were supplied, some of them perhaps without a row."""

Texts = Mapping[str, str | None]
"""The cells of a row by the names of our columns: fixed ones, and `a_<n>` for attributes."""


class Columns:
    """The columns that facts of each table may have, by a ruleset's vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._names = {table: column_names(table, vocabulary) for table in Table}

    def texts(self, table: Table, cells: Mapping[str, Cells]) -> dict[str, str | None]:
        """A row as texts.

        Raises
        ------
        QuestionError: if the table has no column of such a name.
        """
        names = self._names[table]
        found: dict[str, str | None] = {}
        for name, value in cells.items():
            column = name if name in names.values() else names.get(folded(name))
            if column is None:
                raise QuestionError([make("unknown-fact-column", None, table=table.value, column=name, suggestions=closest(name, names))])
            found[column] = written(value)
        return found

    def heading(self, column: str) -> str:
        """A column as a source names it."""
        return self.vocabulary.attributes[int(column[2:])].name if column.startswith("a_") else column


class Recorded:
    """The rows recorded so far, in order."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._rows: dict[Table, list[Texts]] = {}
        self._by_id: dict[tuple[Table, str], list[Texts]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def add(self, table: Table, row: Texts) -> None:
        """Take one more row."""
        self._rows.setdefault(table, []).append(row)
        self._by_id.setdefault((table, row.get("id") or ""), []).append(row)

    def with_id(self, table: Table, identifier: str) -> Sequence[Texts]:
        """The rows of a table that bear an id."""
        return self._by_id.get((table, identifier), ())

    def facts(self, base: Facts) -> Facts:
        """Facts with the recorded rows. A table is supplied if it was so in the base: what is recorded of another does not make that complete."""
        sources: list[tuple[Source, tuple[Use, ...]]] = [*base.sources]
        for table, rows in self._rows.items():
            nothing: dict[str, str | None] = dict.fromkeys(ESSENTIAL[table])
            headed = [nothing | {self.columns.heading(column): text for column, text in row.items()} for row in rows]
            if headed:
                sources.append((RowsSource(f"session:{table.value}", headed), (Use(table),)))
        return base.joined(sources)


def facts_of(tables: Tables, complete: Iterable[str] | Literal["all"] = ()) -> Facts:
    """Facts for `evaluate` from those that an application hands over.

    Raises
    ------
    FactsError: if `complete` names something that is no table.
    """
    rows = {table.value: [{**dict.fromkeys(ESSENTIAL[table]), **cells_of(fact)} for fact in facts] for table, facts in tables.items()}
    return Facts(**rows, complete=complete)

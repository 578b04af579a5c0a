"""The admitted facts of a session: those that lie in DuckDB, and the rows that have come since."""

from collections.abc import Iterable

from mofan_rules.executors.interpreter.facts import Facts, Row
from mofan_rules.executors.interpreter.matching import kind_truth
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.facts.single import SingleRow, key_of
from mofan_rules.schema import Table


class LiveFacts(Facts):
    """Facts as the interpreter reads them, to which rows can be added."""

    def __init__(self, admitted: AdmittedFacts) -> None:
        super().__init__(admitted, whole=False)
        self._added: dict[Table, list[Row]] = {}
        self._by_owner: dict[tuple[Table, str], dict[int | None, tuple[Row, ...]]] = {}
        self._asked: dict[Table, set[str]] = {}
        self._of_kinds: dict[tuple[Table, str, int], dict[frozenset[str], tuple[Row, ...]]] = {}
        self._next = {table: self._count(table) for table in Table}
        self._keys: dict[Table, set[int]] = {}
        for table, key in self.connection.execute('SELECT "table", key FROM facts.keys').fetchall():
            self._keys.setdefault(Table(table), set()).add(key)

    def _count(self, table: Table) -> int:
        found = self.connection.execute(f'SELECT count(*) FROM facts."{table.value}"').fetchone()
        return int(found[0]) if found is not None else 0

    def mentions(self, table: Table, identifier: str) -> bool:
        """Does any row that was read, admitted or not, bear or name this id?"""
        return key_of(identifier) in self._keys.get(table, ())

    def row(self, single: SingleRow) -> Row:
        """A row that is read by itself, as one of the table, with a number of its own; it is not added."""
        reader = self.readers[single.table]
        plain = {"row": self._next[single.table], "certain": True, **single.values}
        self._next[single.table] += 1
        return reader.row(tuple(plain.get(column) for column in reader.columns))

    def add(self, row: Row) -> None:
        """Add a row that bears a new id."""
        table = row.table
        self._keys.setdefault(table, set()).add(key_of(row.id))
        self._added.setdefault(table, []).append(row)
        for (owned, column), groups in self._by_owner.items():
            if owned is table:
                _enter(groups, row, column)
        for column in self._asked.get(table, ()):
            owner = row.cells[column]
            assert owner is None or isinstance(owner, int)
            self._forget(table, column, owner)

    def _forget(self, table: Table, column: str, owner: int | None) -> None:
        """Rows of one organization, or such as may be of any, are asked for anew."""
        if owner is None:
            self._of_kinds = {key: found for key, found in self._of_kinds.items() if key[:2] != (table, column)}
        else:
            self._of_kinds.pop((table, column, owner), None)

    def owned_of(self, table: Table, column: str, organization: int, kinds: frozenset[str] | None) -> tuple[Row, ...]:
        if kinds is None:
            return self.owned(table, column, organization)
        self._asked.setdefault(table, set()).add(column)
        groups = self._of_kinds.setdefault((table, column, organization), {})
        found = groups.get(kinds)
        if found is None:
            found = groups[kinds] = tuple(row for row in self.owned(table, column, organization) if kind_truth(row, kinds) is not False)
        return found

    def table(self, table: Table) -> tuple[Row, ...]:
        return super().table(table) + tuple(self._added.get(table, ()))

    def holding(self, table: Table, column: str, organization: int | None) -> tuple[Row, ...]:
        known = super().holding(table, column, organization)
        if table not in self._added:
            return known
        groups = self._by_owner.get((table, column))
        if groups is None:
            groups = self._by_owner[table, column] = _grouped(self._added[table], column)
        return known + groups.get(organization, ())


def _grouped(rows: Iterable[Row], column: str) -> dict[int | None, tuple[Row, ...]]:
    groups: dict[int | None, tuple[Row, ...]] = {}
    for row in rows:
        _enter(groups, row, column)
    return groups


def _enter(groups: dict[int | None, tuple[Row, ...]], row: Row, column: str) -> None:
    owner = row.cells[column]
    assert owner is None or isinstance(owner, int)
    groups[owner] = (*groups.get(owner, ()), row)

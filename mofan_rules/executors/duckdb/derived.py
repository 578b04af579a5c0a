"""Derived facts in SQL, over finds that lie in tables: stratum by stratum, each in rounds until nothing new comes (`docs/meaning.md` section 8).

A round joins what the round before has found, at each place of a derivation in turn, with all that is known: recursion as DuckDB's own recursive queries do it,
which however let a query read itself in one place only.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mofan_rules.executors.duckdb.finds import keep_finds, understood
from mofan_rules.executors.duckdb.ways import DERIVED, Item, counted_query, derived_item, heads_query, reached_item
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.derivations import Counted, Derivation, DerivedFact, OfDerived, Pattern, in_order
from mofan_rules.ir.program import Context, Program
from mofan_rules.schema import Type
from mofan_rules.verdicts.relation import register
from mofan_rules.verdicts.table import QueryableTable, VerdictTable


def derived(program: Program, facts: AdmittedFacts, context: Context, verdicts: VerdictTable) -> tuple[DerivedFact, ...]:
    """The facts that a program derives from a verdict table and the facts behind it, in order.

    Parameters
    ----------
    verdicts: the whole verdict table of the context, of whichever executor; one that lies in DuckDB is read where it lies.
    """
    held = getattr(verdicts, "held", verdicts)
    until = context.as_of if facts.known_at is None else min(context.as_of, facts.known_at)
    with closing(held.connect(ordered=False) if isinstance(held, QueryableTable) else facts.connection.cursor()) as cursor:
        if not isinstance(held, QueryableTable):
            register(cursor, "verdicts", held)
        return derive(cursor, program.derivations, keep_finds(cursor, program, context.as_of), until)


def derive(cursor: Any, derivations: Sequence[Derivation], finds: Mapping[Pattern, str], until: date) -> tuple[DerivedFact, ...]:
    """All derived facts that are dated up to a day, in order.

    Parameters
    ----------
    finds: the table of what each pattern finds, laid out as `finds` says; those over derived facts left out.
    until: the as-of date, or the known-at date if that is earlier.
    """
    return _Deriving(cursor, tuple(derivations), finds, until).facts()


@dataclass(slots=True)
class _Deriving:
    cursor: Any
    derivations: tuple[Derivation, ...]
    finds: Mapping[Pattern, str]
    until: date
    round: int = 0
    counted: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def attributes(self) -> list[str]:
        """The attribute columns that some derivation gives, in the order of the vocabulary."""
        columns = {column for derivation in self.derivations for column, _ in derivation.head.attributes}
        # patterns may ask for others, which nothing has
        columns |= {
            column
            for derivation in self.derivations
            for pattern in derivation.all_patterns
            if isinstance(pattern.source, OfDerived)
            for column, _ in pattern.terms
            if column.startswith("a_")
        }
        return sorted(columns, key=lambda column: int(column.removeprefix("a_")))

    def facts(self) -> tuple[DerivedFact, ...]:
        columns = "".join(f", {column} VARCHAR" for column in self.attributes)
        self._run(f"CREATE TEMP TABLE {DERIVED} (kind VARCHAR, organization VARCHAR, dated DATE{columns}, round INTEGER)")
        for stratum in sorted({derivation.stratum for derivation in self.derivations}):
            self._stratum([derivation for derivation in self.derivations if derivation.stratum == stratum])
        types = {column: term.type for derivation in self.derivations for column, term in derivation.head.attributes}
        listed = ", ".join(["kind", "organization", "dated", *self.attributes])
        return tuple(sorted((self._fact(row, types) for row in self._run(f"SELECT {listed} FROM {DERIVED}")), key=in_order))

    def _fact(self, row: tuple[Any, ...], types: Mapping[str, Type]) -> DerivedFact:
        kind, organization, dated, *cells = row
        attributes = ((column, understood(cell, types[column])) for column, cell in zip(self.attributes, cells, strict=True) if cell is not None)
        return DerivedFact(kind, organization, dated, tuple(attributes))

    def _run(self, query: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.cursor.execute(query).fetchall()
        return found

    # strata and rounds

    def _stratum(self, rules: Sequence[Derivation]) -> None:
        known = "TRUE"
        for rule in rules:
            for number, counted in enumerate(rule.counts):
                self._count(rule, number, counted)
        queries = [self._heads(rule, [self._item(pattern, known) for pattern in rule.patterns]) for rule in rules]
        kinds = {rule.head.kind for rule in rules}
        while self._insert(queries):
            queries = [query for rule in rules for query in self._again(rule, kinds)]

    def _again(self, rule: Derivation, kinds: set[str]) -> Iterator[str]:
        """What follows if one pattern finds a fact of the round before."""
        for place, pattern in enumerate(rule.patterns):
            if isinstance(pattern.source, OfDerived) and not kinds.isdisjoint(pattern.source.kinds):
                new = f"round = {self.round}"
                yield self._heads(rule, [self._item(other, new if at == place else "TRUE") for at, other in enumerate(rule.patterns)])

    def _insert(self, queries: Sequence[str]) -> bool:
        """Enter what is new; is anything?"""
        if not queries:
            return False
        names = ("kind", "organization", "dated", *self.attributes)
        same = " AND ".join(f"d.{name} IS NOT DISTINCT FROM n.{name}" for name in names)
        found = f"SELECT DISTINCT * FROM ({' UNION ALL '.join(queries)}) n WHERE NOT EXISTS (SELECT 1 FROM {DERIVED} d WHERE {same})"
        self.round += 1
        [(count,)] = self._run(f"INSERT INTO {DERIVED} SELECT *, {self.round} FROM ({found})")
        return bool(count)

    # one derivation

    def _item(self, pattern: Pattern, rounds: str) -> Item:
        if isinstance(pattern.source, OfDerived):
            return derived_item(pattern, rounds)
        return Item(self.finds[pattern], pattern.variables)

    def _count(self, rule: Derivation, number: int, counted: Counted) -> None:
        """The table of a count; the strata below have settled what it counts."""
        table = f"counted_{len(self.counted)}"
        items = [self._item(pattern, "TRUE") for pattern in counted.patterns]
        self._run(f"CREATE TEMP TABLE {table} AS {counted_query(counted, rule.shared(counted), items)}")
        self.counted[rule.name, number] = table

    def _heads(self, rule: Derivation, items: Sequence[Item]) -> str:
        tables = [(counted, self.counted[rule.name, number]) for number, counted in enumerate(rule.counts)]
        reached = [reached_item(counted, rule.shared(counted), table) for counted, table in tables if counted.at_least is not None]
        limits = [(counted, table) for counted, table in tables if counted.at_most is not None]
        return heads_query(rule, [*items, *reached], limits, self.attributes, self.until)

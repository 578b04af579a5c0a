"""A frame: one SELECT over a set of joined tables in which expressions are evaluated.

Expressions ask the frame for columns; the frame remembers which it must provide, under flat names, and which intermediate results
(`keep`) stand in layers above. So an intermediate result is written once, however often it is used, and a query reads only the columns it needs.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.values import Value
from mofan_rules.ir.expressions import Holds, Scope
from mofan_rules.schema import Parameter

Lookup = Callable[["Frame", str], Value]


@dataclass(frozen=True, slots=True)
class MeasureColumns:
    """A measure as tests see it: its value, and the truth of *there is no row*."""

    value: Value
    absent: str


@dataclass(slots=True)
class Frame:
    """Where expressions are evaluated.

    Parameters
    ----------
    aliases: which alias of the FROM clause each scope reads.
    certain: for each scope, the SQL that says whether its row is certain.
    parameters: those of the program, by name.
    choices: of the parameters with more than one value, the column that holds the place of the value that counts, plus one (0: none).
    holds: how to bring in the answer of a `Holds` (it returns the name of a truth column); `None` where it cannot stand.
    """

    aliases: Mapping[Scope, str]
    certain: Mapping[Scope, str]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, MeasureColumns] = field(default_factory=dict)
    cell: str = "c"
    constants: Mapping[str, str] = field(default_factory=dict)
    """Columns of the FROM clause that are known to be the same in all rows, with their value."""
    holds: Callable[["Frame", Holds], str] | None = None
    needed: dict[str, str] = field(default_factory=dict)
    layers: list[tuple[str, str]] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    used: set[Scope] = field(default_factory=set)

    def need(self, source: str) -> str:
        """The flat name of a column (or expression) of the FROM clause; the value itself if that is known beforehand."""
        if source in (sql.TRUE, sql.FALSE):
            return source
        if source in self.constants:
            return self.constants[source]
        for flat, known in self.needed.items():
            if known == source:
                return flat
        flat = f"n{len(self.needed)}"
        self.needed[flat] = source
        return flat

    def keep(self, expression: str) -> str:
        """The name of an intermediate result, computed once."""
        if expression.isidentifier() or expression.lstrip("-").isdigit():
            return expression
        for flat, known in self.layers:
            if known == expression:
                return flat
        flat = f"k{len(self.layers)}"
        self.layers.append((flat, expression))
        return flat

    def column(self, scope: Scope, column: str) -> str:
        """A column of the subject's version, the row or the trigger."""
        self.used.add(scope)
        return self.need(f"{self.aliases[scope]}.{sql.name(column)}")

    def certainty(self, scope: Scope) -> str:
        """Whether the row behind a scope is certain."""
        source = self.certain.get(scope, sql.TRUE)
        if source != sql.TRUE:
            self.used.add(scope)
        return source if source == sql.TRUE else self.need(source)

    def relation(self, source: str, where: str = "") -> str:
        """The FROM clause with all layers on it, as a relation whose columns are the flat names."""
        columns = ", ".join(f"{known} AS {flat}" for flat, known in self.needed.items()) or "1 AS n"
        relation = f"(SELECT {columns} FROM {source} {' '.join(self.joins)} {f'WHERE {where}' if where else ''})"
        for layer in _levels(self.layers):
            listed = ", ".join(f"{expression} AS {flat}" for flat, expression in layer)
            relation = f"(SELECT *, {listed} FROM {relation})"
        return relation


KEPT = re.compile(r"\bk\d+\b")
"""The names that `Frame.keep` gives."""


def _levels(layers: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Intermediate results in as few layers as there can be: each above those that it reads. Every layer costs DuckDB time to prepare."""
    level: dict[str, int] = {}
    found: list[list[tuple[str, str]]] = []
    for flat, expression in layers:
        level[flat] = max((level[name] + 1 for name in KEPT.findall(expression) if name in level), default=0)
        if level[flat] == len(found):
            found.append([])
        found[level[flat]].append((flat, expression))
    return found

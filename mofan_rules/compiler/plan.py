"""A program on its way to SQL: the queries that have names, in the order in which each comes after what it reads."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.dialects import Dialect
from mofan_rules.compiler.tree import Tree, column
from mofan_rules.ir.program import Program
from mofan_rules.schema import Parameter, Table

QUESTION = "question"
"""The table of one row that says what is asked: `as_of`, `period_first`, `period_last`."""


@dataclass(frozen=True, slots=True)
class Names:
    """Where things stand in the database.

    Parameters
    ----------
    facts: the schema of the admitted tables; empty where they have none.
    views: the schema of the question and of all views; empty where they have none.
    """

    facts: str = "facts"
    views: str = "mofan"


@dataclass
class Plan:
    """Named queries: shared ones, which are views of their own, and those of the requirement that is being compiled."""

    program: Program
    dialect: Dialect
    names: Names
    shared: dict[str, Tree] = field(default_factory=dict)
    local: dict[str, Tree] = field(default_factory=dict)
    _shared_names: dict[Hashable, str] = field(default_factory=dict)
    _local_names: dict[Hashable, str] = field(default_factory=dict)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return {parameter.name: parameter for parameter in self.program.parameters}

    def fact(self, table: Table | str, alias: str) -> Tree:
        """An admitted table."""
        return sql.relation(str(table), alias, self.names.facts)

    def question(self, alias: str = "q") -> Tree:
        """The one row that says what is asked."""
        return sql.relation(QUESTION, alias, self.names.views)

    def asked(self, name: str = "as_of") -> Tree:
        """A column of the question, where it is joined nowhere."""
        return exp.Subquery(this=sql.select({name: column(f"q.{name}")}, self.question()))

    def view(self, key: Hashable, name: str, make: Callable[[], Tree]) -> Callable[[str], Tree]:
        """A shared view, made when it is first asked for; the result gives it an alias."""
        if key not in self._shared_names:
            query = make()
            unused = name if name not in self.shared else f"{name}_{len(self.shared)}"
            self.shared[unused] = query
            self._shared_names[key] = unused
        found = self._shared_names[key]
        return lambda alias: sql.relation(found, alias, self.names.views)

    def step(self, name: str, query: Tree) -> Callable[[str], Tree]:
        """A query of the requirement that is being compiled; the result gives it an alias."""
        unused = name if name not in self.local else f"{name}_{len(self.local)}"
        self.local[unused] = query
        return lambda alias: sql.relation(unused, alias)

    def forget(self, name: str) -> None:
        """Let a shared view be made anew when it is next asked for."""
        for key, known in list(self._shared_names.items()):
            if known == name:
                del self._shared_names[key]

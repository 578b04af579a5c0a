"""Where expressions are evaluated: a relation of which columns are taken as they are needed, and layers of computed columns over it.

Intervals use each operand several times, so that expressions that were simply put into each other would double with each step. `keep` gives a computed
value a column of its own in a further layer instead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from mofan_rules.compiler.dialects import Dialect
from mofan_rules.compiler.tree import FALSE, TRUE, Tree, column, nested, select
from mofan_rules.compiler.values import Value
from mofan_rules.ir.expressions import Holds, Scope
from mofan_rules.schema import Parameter


class Refused(Exception):
    """A node that is not compiled; the text says which and why."""


@dataclass(frozen=True, slots=True)
class MeasureColumns:
    """A measure as tests see it, and the truth of *it is missing*."""

    value: Value
    absent: Tree = FALSE


@dataclass
class Frame:
    """One relation under construction.

    Parameters
    ----------
    aliases: the relation in the FROM clause that has the columns of each scope.
    subject: the number of the subject. law: the day of the law. window: the first and the last day of the window.
    measures: those that expressions may name.
    """

    dialect: Dialect
    parameters: Mapping[str, Parameter]
    aliases: Mapping[Scope, str]
    subject: Tree
    law: Tree
    window: tuple[Tree, Tree]
    measures: Mapping[str, MeasureColumns] = field(default_factory=dict)
    holds: Callable[["Frame", Holds], Tree] | None = None
    used: set[Scope] = field(default_factory=set)
    place: Tree | None = None
    """The day on which the subject's place in the tree is looked at, for parameters."""
    schema: str = ""
    _needed: dict[Tree, Tree] = field(default_factory=dict)
    _layers: list[dict[Tree, Tree]] = field(default_factory=list)
    _level: dict[str, int] = field(default_factory=dict)

    def need(self, tree: Tree) -> Tree:
        """A column with a value over the FROM clause."""
        if isinstance(tree, exp.Literal | exp.Boolean):
            return tree
        if tree not in self._needed:
            self._needed[tree] = column(f"n{len(self._needed)}")
            self._level[f"n{len(self._needed) - 1}"] = 0
        return self._needed[tree]

    def scoped(self, scope: Scope, name: str) -> Tree:
        """A column of a scope."""
        self.used.add(scope)
        return self.need(column(f"{self.aliases[scope]}.{name}"))

    def keep(self, tree: Tree) -> Tree:
        """A column with a value over columns of this frame."""
        if isinstance(tree, exp.Literal | exp.Boolean | exp.Column):
            return tree
        level = max((self._level.get(found.name, 0) for found in tree.find_all(exp.Column)), default=0)
        while len(self._layers) <= level:
            self._layers.append({})
        layer = self._layers[level]
        if tree not in layer:
            name = f"k{level}_{len(layer)}"
            layer[tree] = column(name)
            self._level[name] = level + 1
        return layer[tree]

    def query(self, source: Tree, joins: Sequence[exp.Join], where: Tree, columns: Mapping[str, Tree], kept: Tree = TRUE) -> exp.Select:
        """The finished query: the columns wanted, of the rows for which `kept` (over columns of the frame) is true."""
        taken = {alias.name: tree for tree, alias in self._needed.items()} or {"n": column("c.w")}
        result = select(taken, source, joins, where)
        for layer in self._layers:
            result = select({alias.name: tree for tree, alias in layer.items()}, nested(result, "l"), star="l")
        return select(columns, nested(result, "f"), where=kept)

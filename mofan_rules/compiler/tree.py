"""Trees of SQL: the few forms of sqlglot's nodes that compiled programs are made of.

Nothing is parsed and nothing is printed here. Operands that are operators themselves are put in brackets, identifiers are always quoted, and values become
literals of the tree, so that nothing an author wrote can be taken for SQL. Trees are never changed once made, so that one may stand in several places.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlglot import exp

Tree = exp.Expr
"""A node of a tree: an expression or a relation."""

TRUE: Tree = exp.Boolean(this=True)
FALSE: Tree = exp.Boolean(this=False)

TEXT, DATE, BOOLEAN, BIGINT, INT = (exp.DataType(this=getattr(exp.DataType.Type, name)) for name in ("TEXT", "DATE", "BOOLEAN", "BIGINT", "INT"))


def column(qualified: str) -> Tree:
    """A column: `alias.name`, or a name alone."""
    alias, _, name = qualified.rpartition(".")
    return exp.Column(this=_identifier(name), table=_identifier(alias) if alias else None)


def _identifier(name: str) -> exp.Identifier:
    return exp.Identifier(this=name, quoted=True)


def text(value: str) -> Tree:
    """A text literal."""
    return exp.Literal(this=value, is_string=True)


def whole(value: int) -> Tree:
    """A whole number."""
    number = exp.Literal(this=str(abs(value)), is_string=False)
    return number if value >= 0 else exp.Paren(this=exp.Neg(this=number))


def day(value: date) -> Tree:
    """A date literal."""
    return cast(text(f"{value.year:04d}-{value.month:02d}-{value.day:02d}"), DATE)


def null(kind: Tree) -> Tree:
    """Nothing, of a type."""
    return cast(exp.Null(), kind)


def cast(value: Tree, kind: Tree) -> Tree:
    """A value in another type."""
    return exp.Cast(this=value, to=kind)


def call(function: str, *arguments: Tree) -> Tree:
    """A function, by the name that it has in the dialect."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def _operand(tree: Tree) -> Tree:
    compound = isinstance(tree, exp.Binary | exp.Unary | exp.Between | exp.In | exp.Case | exp.Exists) and not isinstance(tree, exp.Paren | exp.Dot)
    return exp.Paren(this=tree) if compound else tree


def _binary(node: type[exp.Binary], left: Tree, right: Tree) -> Tree:
    return node(this=_operand(left), expression=_operand(right))


def eq(left: Tree, right: Tree) -> Tree:
    return _binary(exp.EQ, left, right)


def ne(left: Tree, right: Tree) -> Tree:
    return _binary(exp.NEQ, left, right)


def lt(left: Tree, right: Tree) -> Tree:
    return _binary(exp.LT, left, right)


def le(left: Tree, right: Tree) -> Tree:
    return _binary(exp.LTE, left, right)


def gt(left: Tree, right: Tree) -> Tree:
    return _binary(exp.GT, left, right)


def ge(left: Tree, right: Tree) -> Tree:
    return _binary(exp.GTE, left, right)


def plus(left: Tree, right: Tree) -> Tree:
    return _binary(exp.Add, left, right)


def minus(left: Tree, right: Tree) -> Tree:
    return _binary(exp.Sub, left, right)


def times(left: Tree, right: Tree) -> Tree:
    return _binary(exp.Mul, left, right)


def remainder(left: Tree, right: Tree) -> Tree:
    """What is left of a division that truncates: it has the sign of the dividend."""
    return _binary(exp.Mod, left, right)


def joined(*parts: Tree) -> Tree:
    """Texts one after the other."""
    result = parts[0]
    for part in parts[1:]:
        result = _binary(exp.DPipe, result, part)
    return result


def negative(value: Tree) -> Tree:
    return exp.Neg(this=_operand(value))


def no(condition: Tree) -> Tree:
    """Kleene's *not*."""
    if condition is TRUE or condition is FALSE:
        return FALSE if condition is TRUE else TRUE
    return exp.Not(this=_operand(condition))


def both(*conditions: Tree) -> Tree:
    """Kleene's *and*."""
    return _connected(exp.And, conditions, TRUE, FALSE)


def either(*conditions: Tree) -> Tree:
    """Kleene's *or*."""
    return _connected(exp.Or, conditions, FALSE, TRUE)


def _connected(node: type[exp.Binary], conditions: Sequence[Tree], neutral: Tree, decisive: Tree) -> Tree:
    kept = [condition for condition in conditions if condition is not neutral]
    if any(condition is decisive for condition in kept):
        return decisive
    result = kept[0] if kept else neutral
    for condition in kept[1:]:
        result = _binary(node, result, condition)
    return result


def is_null(value: Tree) -> Tree:
    return exp.Is(this=_operand(value), expression=exp.Null())


def is_known(value: Tree) -> Tree:
    return exp.Not(this=exp.Paren(this=is_null(value)))


def surely(condition: Tree) -> Tree:
    """Is it true: two-valued."""
    return condition if condition is TRUE or condition is FALSE else call("COALESCE", condition, FALSE)


def surely_not(condition: Tree) -> Tree:
    """Is it false: two-valued."""
    if condition is TRUE or condition is FALSE:
        return no(condition)
    return no(call("COALESCE", condition, TRUE))


def among(value: Tree, values: Iterable[Tree]) -> Tree:
    """Is it one of some values? Of none: false, and unknown of a null."""
    listed = list(values)
    if not listed:
        return case((is_known(value), FALSE), otherwise=null(BOOLEAN))
    return exp.In(this=_operand(value), expressions=listed)


def within(value: Tree, first: Tree, last: Tree) -> Tree:
    """Does it lie between two values, both included?"""
    return both(ge(value, first), le(value, last))


def case(*branches: tuple[Tree, Tree], otherwise: Tree) -> Tree:
    """The value of the first branch whose condition is true."""
    kept = []
    for condition, value in branches:
        if condition is FALSE:
            continue
        if condition is TRUE:
            otherwise = value
            break
        kept.append(exp.If(this=condition, true=value))
    return exp.Case(ifs=kept, default=otherwise) if kept else otherwise


def decided(true: Tree, false: Tree) -> Tree:
    """A truth value from two plain conditions: when it is surely so, and when surely not."""
    return case((true, TRUE), (false, FALSE), otherwise=null(BOOLEAN))


def maybe(condition: Tree) -> Tree:
    """True where the condition is, else unknown."""
    return TRUE if condition is TRUE else case((condition, TRUE), otherwise=null(BOOLEAN))


def lesser(left: Tree, right: Tree) -> Tree:
    """The smaller of two values, null if one is null (`LEAST` may pass over it)."""
    return left if left == right else case((le(left, right), left), (gt(left, right), right), otherwise=exp.Null())


def greater(left: Tree, right: Tree) -> Tree:
    """The greater of two values, null if one is null (`GREATEST` may pass over it)."""
    return left if left == right else case((ge(left, right), left), (lt(left, right), right), otherwise=exp.Null())


def coalesce(*values: Tree) -> Tree:
    return call("COALESCE", *values)


# aggregates


def largest(value: Tree) -> Tree:
    return exp.Max(this=value)


def smallest(value: Tree) -> Tree:
    return exp.Min(this=value)


def total(value: Tree) -> Tree:
    return exp.Sum(this=value)


def number_of(condition: Tree) -> Tree:
    """On how many rows the condition is true."""
    return coalesce(total(case((condition, whole(1)), otherwise=whole(0))), whole(0))


def number_of_different(value: Tree) -> Tree:
    """How many different values there are, nulls not counted."""
    return exp.Count(this=exp.Distinct(expressions=[value]))


def any_of(condition: Tree) -> Tree:
    """Is the condition true on one row? Two-valued; false of no rows."""
    return ge(coalesce(largest(case((condition, whole(1)), otherwise=whole(0))), whole(0)), whole(1))


def windowed(value: Tree, by: Iterable[Tree], order: Iterable[Tree] = (), before: bool = False, running: bool = False) -> Tree:
    """A value over the rows of one group: all, those up to this one (`running`), or those before this one (`before`)."""
    spec = None
    if before:
        spec = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=whole(1), end_side="PRECEDING")
    elif running:
        spec = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
    ordered = list(order)
    return exp.Window(this=value, partition_by=list(by), order=exp.Order(expressions=ordered) if ordered else None, spec=spec)


def descending(value: Tree) -> Tree:
    return exp.Ordered(this=value, desc=True, nulls_first=False)


def ascending(value: Tree) -> Tree:
    return exp.Ordered(this=value, desc=False, nulls_first=True)


# relations


def relation(name: str, alias: str, schema: str = "") -> Tree:
    """A table or view by name."""
    return exp.Table(this=_identifier(name), db=_identifier(schema) if schema else None, alias=exp.TableAlias(this=_identifier(alias)))


def nested(query: Tree, alias: str) -> Tree:
    """A query in the place of a table."""
    return exp.Subquery(this=query, alias=exp.TableAlias(this=_identifier(alias)))


def renamed(source: Tree, alias: str) -> Tree:
    """The same table or view under another name."""
    if not isinstance(source, exp.Table):
        raise TypeError("only a table has a name of its own")
    return exp.Table(this=source.this, db=source.args.get("db"), alias=exp.TableAlias(this=_identifier(alias)))


def inner(source: Tree, on: Tree) -> exp.Join:
    return exp.Join(this=source, kind="CROSS") if on is TRUE else exp.Join(this=source, on=on)


def left(source: Tree, on: Tree) -> exp.Join:
    return exp.Join(this=source, side="LEFT", on=on)


def crossed(source: Tree) -> exp.Join:
    return exp.Join(this=source, kind="CROSS")


def named(value: Tree, name: str) -> Tree:
    """A column of a query, with its name."""
    return exp.Alias(this=value, alias=_identifier(name))


def every_column(alias: str) -> Tree:
    """All columns of a relation."""
    return exp.Column(this=exp.Star(), table=_identifier(alias))


def select(
    columns: Mapping[str, Tree],
    source: Tree | None = None,
    joins: Sequence[exp.Join] = (),
    where: Tree = TRUE,
    group: Sequence[Tree] = (),
    having: Tree = TRUE,
    star: str = "",
    distinct: bool = False,
) -> exp.Select:
    """A query. `star`: all columns of this alias come before the named ones."""
    listed = [every_column(star)] if star else []
    listed += [named(value, name) for name, value in columns.items()]
    return exp.Select(
        expressions=listed,
        distinct=exp.Distinct() if distinct else None,
        from_=exp.From(this=source) if source is not None else None,
        joins=list(joins) or None,
        where=exp.Where(this=where) if where is not TRUE else None,
        group=exp.Group(expressions=list(group)) if group else None,
        having=exp.Having(this=having) if having is not TRUE else None,
    )


def union(first: Tree, *others: Tree) -> Tree:
    """The rows of several queries, repetitions kept."""
    result = first
    for other in others:
        result = exp.Union(this=result, expression=other, distinct=False)
    return result


def exists(query: Tree) -> Tree:
    return exp.Exists(this=query)

"""Going through expressions and programs."""

from collections.abc import Iterator

from mofan_rules.ir.expressions import Expression, MeasureValue, Op, Param
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import Bounds, Each, Judgement, Tally, Windows
from mofan_rules.ir.rows import Linked, OfLinked, Rows


def nodes(expression: Expression) -> Iterator[Expression]:
    """An expression and all its parts, the outer ones first."""
    pending = [expression]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, Op):
            pending.extend(reversed(node.arguments))


def measures_in(expression: Expression) -> set[str]:
    """The names of the measures that an expression reads."""
    return {node.name for node in nodes(expression) if isinstance(node, MeasureValue)}


def parameters_in(expression: Expression) -> set[str]:
    """The names of the parameters that an expression reads."""
    return {node.name for node in nodes(expression) if isinstance(node, Param)}


def program_expressions(node: Judgement | Tally) -> Iterator[Expression]:
    """All expressions of a judgement or tally, those inside its rows included."""
    found: list[Expression | None] = [node.header.when]
    match node:
        case Tally():
            found += [node.at_least, node.at_most]
        case Judgement():
            found += _of_windows(node.windows)
            for measure in node.measures:
                found += of_measure(measure)
            for test in node.tests:
                found += [test.at_least, test.at_most] if isinstance(test, Bounds) else [test.expression]
            found.append(node.given)
    return (expression for expression in found if expression is not None)


def _of_windows(windows: Windows) -> list[Expression | None]:
    if not isinstance(windows, Each):
        return []
    rows = [windows.trigger, None if windows.chain is None else windows.chain.first]
    return [windows.after, windows.within, *(row.where for row in rows if row is not None)]


def of_measure(measure: Measure) -> list[Expression | None]:
    """The expressions of a measure, in the order of their fields."""
    quantity = measure.quantity
    match quantity:
        case Count():
            return [quantity.rows.where, quantity.distinct]
        case Total():
            return [quantity.rows.where, quantity.value]
        case Extreme():
            return [quantity.rows.where, quantity.value, quantity.default]
        case LargestGroup():
            return [quantity.rows.where, quantity.by, quantity.distinct]


def program_rows(node: Judgement | Tally) -> Iterator[Rows]:
    """All rows that a judgement reads."""
    if isinstance(node, Tally):
        return
    if isinstance(node.windows, Each):
        if node.windows.trigger is not None:
            yield node.windows.trigger
        if node.windows.chain is not None and node.windows.chain.first is not None:
            yield node.windows.chain.first
    for measure in node.measures:
        yield measure.quantity.rows


def program_links(node: Judgement | Tally) -> Iterator[Linked]:
    """All walks along relations."""
    if isinstance(node, Tally) and isinstance(node.over, Linked):
        yield node.over
    for rows in program_rows(node):
        if isinstance(rows.owner, OfLinked):
            yield rows.owner.link

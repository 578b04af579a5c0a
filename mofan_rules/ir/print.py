"""A program as text: one stable form, a node a line, for eyes, golden files and comparisons of rewrites."""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

from mofan_rules.ir.expressions import Const, Expression, Field, Holds, MeasureValue, Op, Param, WindowDay
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.print_derivations import derivation_lines
from mofan_rules.ir.program import Bounds, Calendar, Each, Header, Judgement, Once, Program, Snapshot, Tally, Test, Windows
from mofan_rules.ir.rows import ByRole, Linked, OfLinked, Own, Owner, Rows
from mofan_rules.values.dates import BEGINNING, END, CivilDate, Duration
from mofan_rules.values.windows import Every


def print_program(program: Program) -> str:
    """The whole program. Two programs that print alike compute alike; origins are left out."""
    lines = [f"program {program.ruleset} {program.version}"]
    for parameter in program.parameters:
        lines.append(f"parameter {parameter.name}: {parameter.type}")
        for value in parameter.values:
            under = f" under {value.under}" if value.under is not None else ""
            lines.append(f"  {_span(value.first, value.last)}{under}: {'none' if value.unbounded else scalar(value.value)}")
    for judgement in program.judgements:
        lines += _judgement(judgement)
    for tally in program.tallies:
        lines += _tally(tally)
    for derivation in program.derivations:
        lines += derivation_lines(derivation, expression, scalar)
    return "\n".join(lines) + "\n"


def _judgement(node: Judgement) -> list[str]:
    measures = [line for measure in node.measures for line in _measure(measure)]
    tests = [f"  test {_test(test)}" for test in node.tests]
    if node.given is not None:
        tests.insert(0, f"  given {expression(node.given)}")
    return [*_header("judgement", node.header), f"  windows {_windows(node.windows)} judge {node.judge}", *measures, *tests, f"  measured {node.measured}"]


def _tally(node: Tally) -> list[str]:
    over = "subject" if node.over is None else linked(node.over) if isinstance(node.over, Linked) else "accountable"
    kinds = "" if node.part_kinds is None else f" kinds {_set(node.part_kinds)}"
    row = "" if node.in_a_row is None else f" in a row {node.in_a_row}"
    bounds = f"at least {_optional(node.at_least)} at most {_optional(node.at_most)}{' share' if node.share else ''}"
    return [
        *_header("tally", node.header),
        f"  windows {'period' if node.windows is None else _windows(node.windows)}",
        f"  parts {', '.join(node.parts)} over {over}{kinds} per {node.per}{row}",
        f"  count {node.counted} {bounds}",
    ]


def _header(what: str, header: Header) -> list[str]:
    grace = "" if header.grace is None else f" grace {scalar(header.grace)}"
    extension = "" if header.extension is None else f" extension {scalar(header.extension)}"
    accountable = "" if header.accountable is None else f" accountable {header.accountable}"
    return [
        f"{what} {header.requirement} ({header.kind}) {_span(header.first, header.last)}",
        f"  subjects {_set(header.subjects)}{'' if header.when is None else f' when {expression(header.when)}'}",
        f"  {header.modality} {header.stage} weight {header.weight} partial {header.partial}{grace}{extension}{accountable}",
    ]


def _windows(windows: Windows) -> str:
    match windows:
        case Calendar(every, starting):
            return f"every {_every(every)}{'' if starting is None else f' starting {scalar(starting)}'}"
        case Once(first, last):
            return f"once {_span(first, last)}"
        case Snapshot():
            return "as of"
        case Each():
            return _each(windows)


def _each(windows: Each) -> str:
    trigger = "founding" if windows.trigger is None else rows(windows.trigger)
    chain = "" if windows.chain is None else f" chain from {'founding' if windows.chain.first is None else rows(windows.chain.first)}"
    until = f" by {windows.by}" if windows.by is not None else f" within {_optional(windows.within)}"
    months = f" not counting {', '.join(map(str, sorted(windows.not_counting)))}" if windows.not_counting else ""
    return f"each {trigger} after {_optional(windows.after)}{until}{months}{chain}{' must exist' if windows.must_exist else ''}"


def _measure(measure: Measure) -> list[str]:
    window = f"{' previous' if measure.window is WindowOf.PREVIOUS else ''}{'' if measure.per is None else f' per {_every(measure.per)}'}"
    quantity = measure.quantity
    match quantity:
        case Count(distinct=distinct):
            what = f"count{'' if distinct is None else f' distinct {expression(distinct)}'}"
        case Total(value=value, minimum=minimum, maximum=maximum):
            what = f"total {expression(value)} in {minimum}..{maximum}"
        case Extreme(value=value, latest=latest, default=default):
            what = f"{'latest' if latest else 'earliest'} {expression(value)}{'' if default is None else f' else {expression(default)}'}"
        case LargestGroup(by=by, distinct=distinct):
            what = f"largest group by {expression(by)}{'' if distinct is None else f' distinct {expression(distinct)}'}"
    return [f"  measure {measure.name} = {what}{window}", f"    of {rows(quantity.rows)}"]


def _test(test: Test) -> str:
    if isinstance(test, Bounds):
        return f"{test.measure} at least {_optional(test.at_least)} ({test.few}) at most {_optional(test.at_most)} ({test.many})"
    return f"{expression(test.expression)} ({test.otherwise})"


def rows(node: Rows) -> str:
    """Rows of facts in one line."""
    kinds = "" if node.kinds is None else f" {_set(node.kinds)}"
    where = "" if node.where is None else f" where {expression(node.where)}"
    return f"{node.table}{kinds} of {_owner(node.owner)} {node.place} by {node.date}{' or period' if node.by_period else ''}{where}"


def _owner(owner: Owner) -> str:
    match owner:
        case Own(column):
            return column
        case OfLinked(link):
            return linked(link)
        case ByRole(roles):
            return f"holders {_set(roles)}"


def linked(link: Linked) -> str:
    """A walk along a relation."""
    return f"{link.relation} {link.direction} depth {'all' if link.depth is None else link.depth}"


def expression(node: Expression) -> str:
    """An expression, every operator in brackets, operands in order."""
    match node:
        case Const(value, kind):
            return f"missing:{kind}" if value is None else scalar(value)
        case Field(scope, column, kind):
            return f"{scope}.{column}:{kind}"
        case Param(name):
            return f"parameter {name}"
        case MeasureValue(name):
            return f"measure {name}"
        case WindowDay(last):
            return "window.last" if last else "window.first"
        case Holds(roles, relation):
            return f"holds {_set(roles)}{'' if relation is None else f' in {relation}'}"
        case Op(operator, arguments, kind):
            return f"({operator}:{kind} {' '.join(expression(argument) for argument in arguments)})"


def _optional(node: Expression | None) -> str:
    return "-" if node is None else expression(node)


def scalar(value: Any) -> str:
    """A literal, a date, a duration."""
    match value:
        case None:
            return "?"
        case bool():
            return str(value).lower()
        case Fraction() | int():
            return str(value)
        case date():
            return value.isoformat()
        case Duration(amount, unit):
            return f"{amount} {unit}"
        case CivilDate(month, day):
            return f"{month:02}-{day:02}"
        case tuple():
            return f"[{', '.join(scalar(item) for item in value)}]"
        case Enum():
            return str(value.value)
    return f'"{value}"'


def _every(every: Every) -> str:
    return f"{every.count} {every.unit}"


def _span(first: date, last: date) -> str:
    return f"{'' if first == BEGINNING else first.isoformat()}..{'' if last == END else last.isoformat()}"


def _set(names: Iterable[str]) -> str:
    return f"[{', '.join(sorted(names))}]"

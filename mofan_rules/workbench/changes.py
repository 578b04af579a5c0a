"""Small changes of a program: any one number, comparison, window or modality, each giving another program of the same words.

Changed are the nodes of the program, not the text of the files: so no file is read again, and the numbers that a kind implies (*at least 1*) count
like those that an author wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from mofan_rules.condition import print_expression
from mofan_rules.ir.expressions import Const, Expression, Op, Operator
from mofan_rules.ir.program import Header, Judgement, Modality, Once, Tally
from mofan_rules.ir.rows import Linked
from mofan_rules.schema import DatedValue, Scalar, Type
from mofan_rules.values.dates import CivilDate, Duration
from mofan_rules.values.windows import Every, Unit


class What(StrEnum):
    """What is changed."""

    NUMBER = "number"
    COMPARISON = "comparison"
    WINDOW = "window"
    MODALITY = "modality"
    STATE = "state"
    RELATION = "relation"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the field of the node in which it lies, and what stands there before and after."""

    what: What
    field: str
    before: str
    after: str


Node = Judgement | Tally
Sites = Iterator[tuple[Change, Any, Any]]
"""Changes, each with the value of the field before and after."""

OTHER_SIGN = {
    Operator.LESS: Operator.AT_MOST,
    Operator.AT_MOST: Operator.LESS,
    Operator.GREATER: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.GREATER,
    Operator.EQUAL: Operator.UNEQUAL,
    Operator.UNEQUAL: Operator.EQUAL,
}

TURNED = frozenset({Operator.AMONG, Operator.CONTAINS, Operator.MISSING})
"""Questions whose other answer is taken."""

MONTHS = (1, 2, 3, 4, 6, 12)
"""The lengths that windows of months can have."""

DEFAULT_WEIGHT = 1
DEFAULT_DEPTH = 1


def changed(node: Node) -> Iterator[tuple[Change, Node]]:
    """Each change of a requirement, with the changed node.

    What an author wrote once may stand in several places of the node (the condition of a chain is that of its triggers and of its answers): equal values of
    one field are changed together.
    """
    sites = dict.fromkeys(_sites(node, ""))
    for change, old, new in sites:
        yield change, _replaced(node, change.field, old, new)


def _replaced(value: Any, field: str, old: Any, new: Any) -> Any:
    """A node in which each field of that name that holds the old value holds the new one."""
    if isinstance(value, tuple):
        return tuple(_replaced(item, field, old, new) for item in value)
    if not is_dataclass(value) or isinstance(value, type | Const | Op):
        return value
    found = {}
    for one in fields(value):
        before = getattr(value, one.name)
        after = new if one.name == field and type(before) is type(old) and before == old else _replaced(before, field, old, new)
        if after is not before:
            found[one.name] = after
    return replace(value, **found) if found else value


def changed_values(value: DatedValue) -> Iterator[tuple[Scalar, Scalar]]:
    """The numbers and durations beside that of a parameter's value, each with the value itself."""
    known = value.value
    if known is not None and not isinstance(known, bool):
        for other in beside_of(known):
            yield known, other


def scalar_text(value: Scalar | CivilDate) -> str:
    """A number or duration as authors write it."""
    match value:
        case Fraction():
            return print_expression(Const(value, Type.INTEGER if value.denominator == 1 else Type.NUMBER))
        case Duration(unit=unit):
            return print_expression(Const(value, Type.DAYS if unit == "days" else Type.MONTHS))
        case CivilDate(month, day):
            return f"{month:02}-{day:02}"
        case _:
            return str(value)


def _sites(value: Any, field: str) -> Sites:
    """The changes of a node and of what it holds."""
    match value:
        case Const() | Op():
            for what, expression in changed_expression(value):
                yield Change(what, field, print_expression(value), print_expression(expression)), value, expression
            return
        case Every():
            for every in _other_every(value):
                yield Change(What.WINDOW, field, _every(value), _every(every)), value, every
            return
        case Once(first, last):
            for once in (Once(first + timedelta(1), last), Once(first, last - timedelta(1))):
                if once.first <= once.last:
                    yield Change(What.WINDOW, field, f"{first}..{last}", f"{once.first}..{once.last}"), value, once
            return
        case Header():
            yield from _header(value)
        case Linked(depth=int(depth)) if depth != DEFAULT_DEPTH:
            yield from _whole("depth", depth)
        case Tally(in_a_row=int(row)):
            yield from _whole("in_a_row", row)
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _sites(getattr(value, one.name), one.name)
    elif isinstance(value, tuple):
        for item in value:
            yield from _sites(item, field)
    elif field == "not_counting":
        for month in sorted(value):
            yield Change(What.WINDOW, field, str(sorted(value)), str(sorted(value - {month}))), value, value - {month}


def _header(header: Header) -> Sites:
    other = Modality.SHOULD if header.modality is Modality.MUST else Modality.MUST
    yield Change(What.MODALITY, "modality", header.modality, other), header.modality, other
    for name in ("grace", "extension"):
        written = getattr(header, name)
        for beside in beside_of(written):
            yield Change(What.NUMBER, name, scalar_text(written), scalar_text(beside)), written, beside
    if header.weight != DEFAULT_WEIGHT:
        yield from _whole("weight", header.weight)


def _whole(field: str, number: int) -> Sites:
    """A whole number of a field that is no expression."""
    for other in (number - 1, number + 1):
        if other > 0:
            yield Change(What.NUMBER, field, str(number), str(other)), number, other


def changed_expression(expression: Expression) -> Iterator[tuple[What, Expression]]:
    """Each change of a condition or a number."""
    match expression:
        case Const(value, type) if value is not None:
            for other in beside_of(value):
                yield What.NUMBER, Const(other, type)
        case Op(operator, arguments, type):
            if operator in OTHER_SIGN:
                yield What.COMPARISON, Op(OTHER_SIGN[operator], arguments, type)
            if operator in TURNED:
                yield What.COMPARISON, Op(Operator.NOT, (expression,), Type.BOOLEAN)
            for place, argument in enumerate(arguments):
                for what, other in changed_expression(argument):
                    yield what, Op(operator, (*arguments[:place], other, *arguments[place + 1 :]), type)


def beside_of(value: object) -> Iterator[Any]:
    """The next smaller and the next greater value; of zero only the greater, of a share one hundredth either way within the whole."""
    match value:
        case bool() | str() | tuple() | None:
            return
        case Fraction() if value.denominator == 1:
            yield from (Fraction(value + step) for step in (-1, 1) if value or step > 0)
        case Fraction():
            yield from (value + Fraction(step, 100) for step in (-1, 1))
        case Duration(amount, unit):
            yield from (Duration(amount + step, unit) for step in (-1, 1) if amount or step > 0)
        case CivilDate(month, day):
            beside = [date(2024, month, day) + timedelta(step) for step in (-1, 1)]
            yield from (CivilDate(one.month, one.day) for one in beside)
        case date():
            yield from (value + timedelta(step) for step in (-1, 1))


def _other_every(every: Every) -> Iterator[Every]:
    """The next shorter and the next longer windows."""
    if every.unit is Unit.WEEK:
        yield from (Every(Unit.WEEK, count) for count in (every.count - 1, every.count + 1) if count)
        return
    place = MONTHS.index(every.count)
    yield from (Every(Unit.MONTH, MONTHS[beside]) for beside in (place - 1, place + 1) if 0 <= beside < len(MONTHS))


def _every(every: Every) -> str:
    return f"{every.count} {every.unit}{'s' if every.count > 1 else ''}"

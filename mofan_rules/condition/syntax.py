"""The syntax tree: what the author wrote, names unresolved, for typing and for the formatter. `start` and `end` are offsets in the text."""

from dataclasses import dataclass
from typing import assert_never

from mofan_rules.condition.words import Word
from mofan_rules.schema import Scalar, Type


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, date, duration or truth value. `value` is `None` for one that was reported already."""

    value: Scalar | None
    type: Type
    start: int
    end: int
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Null:
    """The word `null`, which stands only in presence tests and at open ends of ranges."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Negative:
    """`-x`."""

    operand: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions joined by `and`, or by `or`."""

    word: Word
    operands: tuple["Syntax", ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and an arithmetic sign or a comparison between them; `sign_start` is where the sign stands."""

    sign: str
    left: "Syntax"
    right: "Syntax"
    start: int
    end: int
    sign_start: int


@dataclass(frozen=True, slots=True)
class Range:
    """`[low..high]`; a round bracket leaves its end out, `Null` leaves it open."""

    low: "Syntax"
    high: "Syntax"
    low_included: bool
    high_included: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Belongs:
    """`x in (a, b, [1..5])`, also `not in`."""

    value: "Syntax"
    tests: tuple["Syntax | Range", ...]
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Between:
    value: "Syntax"
    low: "Syntax"
    high: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class If:
    condition: "Syntax"
    then: "Syntax"
    otherwise: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; `relation` is the argument `in:` of `holds`."""

    name: str
    arguments: tuple["Syntax", ...]
    start: int
    end: int
    relation: "Syntax | None" = None


Syntax = Literal | Null | Name | Negative | Not | Joined | Binary | Belongs | Between | If | Call


def children(node: Syntax | Range) -> tuple[Syntax | Range, ...]:
    """The parts of a node, in the order of the text."""
    match node:
        case Literal() | Null() | Name():
            return ()
        case Negative(operand) | Not(operand):
            return (operand,)
        case Joined(_, operands):
            return operands
        case Binary(_, left, right):
            return (left, right)
        case Range(low, high):
            return (low, high)
        case Belongs(value, tests):
            return (value, *tests)
        case Between(value, low, high):
            return (value, low, high)
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case Call(_, arguments, relation=relation):
            return arguments if relation is None else (*arguments, relation)
        case _:
            assert_never(node)


def height(node: Syntax) -> int:
    """How many levels a tree has, found without recursion."""
    level: list[Syntax | Range] = [node]
    levels = 0
    while level:
        levels += 1
        level = [child for parent in level for child in children(parent)]
    return levels

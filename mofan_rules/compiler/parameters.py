"""Which value of a parameter holds, by the day of the law (`docs/meaning.md` 1.9)."""

from collections.abc import Callable
from dataclasses import dataclass

from mofan_rules.compiler.frame import Frame, Refused
from mofan_rules.compiler.tree import FALSE, TRUE, Tree, both, day, either, ge, le, no
from mofan_rules.ir.expressions import Expression, Op, Param
from mofan_rules.ir.program import Bounds, Test
from mofan_rules.schema import DatedValue
from mofan_rules.values.dates import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a parameter, and when it is the one that holds, if none before it in the list of choices does."""

    value: DatedValue
    condition: Tree


def choices_of(name: str, frame: Frame) -> list[Choice]:
    """The values of a parameter, of which the first counts whose condition is true: the later in the ruleset come first.

    Raises
    ------
    Refused: if a value holds for a part of the organizations only.
    """
    parameter = frame.parameters.get(name)
    choices: list[Choice] = []
    values = parameter.values if parameter is not None else ()
    if any(value.under is not None for value in values):
        raise Refused(f"Param {name}: a value that holds under one organization")
    for value in reversed(values):
        after = TRUE if value.first == BEGINNING else ge(frame.need(frame.law), day(value.first))
        before = TRUE if value.last == END else le(frame.need(frame.law), day(value.last))
        choices.append(Choice(value, both(after, before)))
        if choices[-1].condition is TRUE:
            break
    return choices


def holding(name: str, frame: Frame, wanted: Callable[[DatedValue], bool]) -> Tree:
    """The condition under which the value that holds is one of those wanted (two-valued)."""
    parts: list[Tree] = []
    earlier: list[Tree] = []
    for choice in choices_of(name, frame):
        if wanted(choice.value):
            parts.append(both(choice.condition, no(either(*earlier))))
        earlier.append(choice.condition)
    return either(*parts)


def unbounded(expression: Expression | None, frame: Frame) -> Tree:
    """Is a bound the parameter value *none*, so that there is no such bound?"""
    return holding(expression.name, frame, lambda value: value.unbounded) if isinstance(expression, Param) else FALSE


def missing(tests: tuple[Test, ...], more: tuple[Expression, ...], frame: Frame) -> Tree:
    """Has a parameter in the tests, or in other expressions, no value, or is it *none* elsewhere than as a bound?"""
    parts: list[Tree] = []

    def look(expression: Expression | None, as_bound: bool) -> None:
        match expression:
            case Param(name):
                parts.append(no(holding(name, frame, lambda value: value.value is not None or (value.unbounded and as_bound))))
            case Op(_, arguments):
                for argument in arguments:
                    look(argument, False)
            case _:
                pass

    for test in tests:
        if isinstance(test, Bounds):
            look(test.at_least, True)
            look(test.at_most, True)
        else:
            look(test.expression, False)
    for expression in more:
        look(expression, False)
    return either(*parts)

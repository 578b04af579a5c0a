"""What judgements read: the expressions of their measures and tests."""

from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression, MeasureValue, Op
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import Bounds, Condition, Judgement


def expressions_of(measure: Measure) -> list[Expression | None]:
    """All expressions of a measure."""
    match measure.quantity:
        case Count(rows, distinct):
            return [rows.where, distinct]
        case Total(rows, value):
            return [rows.where, value]
        case Extreme(rows, value, _, default):
            return [rows.where, value, default]
        case LargestGroup(rows, by, distinct):
            return [rows.where, by, distinct]


def test_expressions(judgement: Judgement) -> list[Expression | None]:
    """All expressions of the tests, and the premise."""
    listed: list[Expression | None] = []
    for test in judgement.tests:
        match test:
            case Bounds(_, at_least, at_most):
                listed += [at_least, at_most]
            case Condition(expression):
                listed.append(expression)
    if judgement.given is not None:
        listed.append(judgement.given)
    return listed


def reads_measure(judgement: Judgement) -> bool:
    """Does a test read a measure?"""

    def reads(expression: Expression | None) -> bool:
        match expression:
            case MeasureValue():
                return True
            case Op(_, arguments):
                return any(reads(argument) for argument in arguments)
            case _:
                return False

    return any(isinstance(test, Bounds) for test in judgement.tests) or any(reads(expression) for expression in test_expressions(judgement))


def choices_of(work: Work, judgement: Judgement) -> dict[str, str]:
    """The columns of the parameters that the judgement needs on its cells."""
    listed = [judgement.header.when, *test_expressions(judgement)]
    for measure in judgement.measures:
        listed += expressions_of(measure)
    return choice_columns(work, named_parameters(listed))

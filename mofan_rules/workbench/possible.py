"""Which states a requirement can take, and which truth values a condition: what cases cannot reach is not asked of them (`docs/meaning.md` section 5)."""

from collections.abc import Iterable, Iterator

from mofan_rules.ir.expressions import Const, Expression, Field, Op, Operator, Param, WindowDay
from mofan_rules.ir.program import Bounds, Each, Judge, Judgement, Partial, Program, Snapshot, Tally
from mofan_rules.ir.walk import measures_in, nodes
from mofan_rules.schema import Table, Type
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.state import State

NEVER_MISSING = frozenset({"id", "kind", "role", "organization", "source", "target"})
"""Columns that every admitted row has."""

ALWAYS = (State.SATISFIED, State.VIOLATED, State.UNKNOWN)

LOGIC = frozenset({Operator.AND, Operator.OR, Operator.NOT})


def requirement_nodes(program: Program) -> list[Judgement | Tally]:
    """All versions of all requirements."""
    return [*program.judgements, *program.tallies]


def states_of(program: Program, requirement: str) -> frozenset[State]:
    """The states that some version of a requirement can take."""
    policy = program.vocabulary.waivers.get(requirement)
    waivable = policy is not None and (policy.waivable or not policy.must)
    return frozenset(state for node in requirement_nodes(program) if node.header.requirement == requirement for state in _states(node, waivable))


def _states(node: Judgement | Tally, waivable: bool) -> Iterator[State]:
    yield from ALWAYS
    if waivable and not (isinstance(node, Judgement) and is_deadline(node)):
        yield State.WAIVED
    if isinstance(node, Tally) or _can_be_open(node):
        yield State.PENDING
    if isinstance(node, Tally) or _can_be_out(node):
        yield State.NOT_APPLICABLE


def is_deadline(node: Judgement) -> bool:
    """Does a trigger open the windows, with a day by which it must be answered? A waiver only moves that day."""
    return isinstance(node.windows, Each) and (node.windows.within is not None or node.windows.by is not None)


def _can_be_open(node: Judgement) -> bool:
    if isinstance(node.windows, Each) and not is_deadline(node):
        return False
    if node.judge is not Judge.WINDOW:
        return not isinstance(node.windows, Snapshot) or node.header.grace is not None
    return any(isinstance(test, Bounds) or measures_in(test.expression) for test in node.tests)


def _can_be_out(node: Judgement) -> bool:
    if node.given is not None or node.header.when is not None:
        return True
    if isinstance(node.windows, Snapshot) or node.header.partial is not Partial.SKIP:
        return False
    return not (isinstance(node.windows, Each) and not is_deadline(node) and node.windows.trigger is not None and node.windows.trigger.table is Table.EVENTS)


def atoms(expressions: Iterable[Expression]) -> Iterator[Expression]:
    """The conditions in expressions that hold no other condition joined by and, or, not, if; each once, in the order of the text."""
    pending = [(expression, expression.type is Type.BOOLEAN) for expression in reversed(list(expressions))]
    seen: set[int] = set()
    while pending:
        node, condition = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not isinstance(node, Op):
            if condition and not isinstance(node, Const):
                yield node
            continue
        if condition and node.operator not in LOGIC and node.operator is not Operator.IF:
            yield node
        inside = node.operator in LOGIC
        for place, argument in reversed(list(enumerate(node.arguments))):
            chosen = node.operator is Operator.IF and (place == 0 or condition)
            pending.append((argument, (inside and condition) or chosen))


def truths_of(atom: Expression, program: Program) -> frozenset[Truth]:
    """The truth values that an atomic condition can take; none of one that is the same whatever the facts are."""
    values: list[Truth] = [True, False, None]
    parts = list(nodes(atom))
    leaves = [part for part in parts if not isinstance(part, Op)]
    if all(isinstance(leaf, Const | Param) for leaf in leaves):
        return frozenset()
    asks_for_absence = isinstance(atom, Op) and atom.operator is Operator.MISSING
    if asks_for_absence or all(_is_known(leaf, program) for leaf in leaves):
        values.remove(None)
    return frozenset(values)


def _is_known(leaf: Expression, program: Program) -> bool:
    """Has a leaf a value whatever the facts are?"""
    match leaf:
        case Const(value):
            return value is not None
        case WindowDay():
            return True
        case Field(column=column):
            return column in NEVER_MISSING
        case Param(name):
            return all(value.value is not None for parameter in program.parameters if parameter.name == name for value in parameter.values)
        case _:
            return False

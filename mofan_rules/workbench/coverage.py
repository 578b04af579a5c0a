"""What the cases of a ruleset reach: of each requirement the states, of each atomic condition and bound true, false and unknown.

States are those that cases want and get. Conditions are watched while the interpreter judges the cases, so that no executor is slower for it: an atomic
condition has reached a truth value if it had it anywhere in a case that names its requirement. A bound has reached true where a verdict of the
requirement is satisfied, false where it is violated for it, unknown where the verdict is unknown or pending.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mofan_rules.condition import print_expression
from mofan_rules.diagnostics.span import Span
from mofan_rules.executors.interpreter.expressions import Place, watched
from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.executors.interpreter.run import verdicts
from mofan_rules.executors.interpreter.values import Value
from mofan_rules.facts import AdmittedFacts
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.program import Bounds, Judgement, Program, Tally
from mofan_rules.ir.walk import program_expressions
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.table import Verdict
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.narrowing import narrowed
from mofan_rules.workbench.possible import atoms, requirement_nodes, states_of, truths_of

ALL: frozenset[Truth] = frozenset({True, False, None})


@dataclass(slots=True)
class Condition:
    """An atomic condition or a bound of a requirement: the truth values that it can have, and those that cases have reached."""

    text: str
    possible: frozenset[Truth]
    reached: set[Truth] = field(default_factory=set)
    fails_by: frozenset[str] = frozenset()
    """Of a bound the reasons of verdicts that it makes violated; empty for a condition."""

    @property
    def missing(self) -> list[Truth]:
        """What no case reaches: true, false, unknown in this order."""
        return [value for value in (True, False, None) if value in self.possible - self.reached]


@dataclass(slots=True)
class Covered:
    """What cases reach of one requirement. `cases` are the names of those that want a verdict of it."""

    requirement: str
    place: Span | None
    possible: frozenset[State]
    states: set[State] = field(default_factory=set)
    conditions: dict[str, Condition] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[State]:
        """The states that no case reaches, in their order."""
        return [state for state in State if state in self.possible - self.states]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    reached: int
    possible: int

    @property
    def percent(self) -> float:
        """In percent; 100 of nothing."""
        return 100 * self.reached / self.possible if self.possible else 100.0


class Coverage:
    """Collects what the cases of one ruleset reach, of all its requirements or only of some."""

    def __init__(self, program: Program, requirements: frozenset[str] | None = None) -> None:
        self.program = program
        self.requirements: dict[str, Covered] = {}
        self._atoms: dict[int, list[Condition]] = {}
        self._kept: list[Expression] = []
        for node in requirement_nodes(program):
            header = node.header
            if requirements is not None and header.requirement not in requirements:
                continue
            covered = self.requirements.setdefault(
                header.requirement,
                Covered(header.requirement, None if header.origin is None else header.origin.span, states_of(program, header.requirement)),
            )
            self._add(node, covered)

    def _add(self, node: Judgement | Tally, covered: Covered) -> None:
        for atom in atoms(program_expressions(node)):
            possible = truths_of(atom, self.program)
            if possible:
                text = print_expression(atom)
                condition = covered.conditions.setdefault(text, Condition(text, possible))
                self._atoms.setdefault(id(atom), []).append(condition)
                self._kept.append(atom)
        for text, reasons in bounds_of(node):
            covered.conditions.setdefault(text, Condition(text, ALL, fails_by=reasons))

    def watch(self, case: Case, facts: AdmittedFacts) -> None:
        """Judge a case, and note what it reaches."""
        with watched(self._evaluated):
            rows = verdicts(narrowed(self.program, case.requirements), Facts(facts, whole=True), case.context)
        for name in case.requirements & self.requirements.keys():
            self.requirements[name].cases.append(case.name)
        given = {(row.requirement, row.subject, row.window_from, row.window_until, row.key): row for row in rows}
        for wanted in case.want:
            first, last = wanted.window or (None, None)
            row = given.get((wanted.requirement, wanted.subject, first, last, wanted.key))
            if row is not None and row.state == wanted.values.get("state") and wanted.requirement in self.requirements:
                self.requirements[wanted.requirement].states.add(State(row.state))
        self._bounds(row for row in rows if row.requirement in case.requirements & self.requirements.keys())

    def _evaluated(self, expression: Expression, place: Place, value: Value) -> None:
        for condition in self._atoms.get(id(expression), ()):
            if value is None or isinstance(value, bool):
                condition.reached.add(value)

    def _bounds(self, rows: Iterable[Verdict]) -> None:
        for row in rows:
            for condition in self.requirements[row.requirement].conditions.values():
                if condition.fails_by:
                    condition.reached.update(_reached(row, condition.fails_by))

    def states(self) -> Share:
        """How many of the states that requirements can take are reached."""
        found = self.requirements.values()
        return Share(sum(len(one.states & one.possible) for one in found), sum(len(one.possible) for one in found))

    def conditions(self) -> Share:
        """How many of the truth values that conditions can have are reached."""
        found = [condition for one in self.requirements.values() for condition in one.conditions.values()]
        return Share(sum(len(one.reached & one.possible) for one in found), sum(len(one.possible) for one in found))


def _reached(row: Verdict, fails_by: frozenset[str]) -> tuple[Truth, ...]:
    """The truth value of a bound behind a verdict; none where the verdict says nothing of it."""
    match State(row.state):
        case State.SATISFIED:
            return (True,)
        case State.VIOLATED:
            return (False,) if row.reason in fails_by else ()
        case State.UNKNOWN | State.PENDING:
            return (None,)
        case State.WAIVED | State.NOT_APPLICABLE:
            return ()


def bounds_of(node: Judgement | Tally) -> Iterator[tuple[str, frozenset[str]]]:
    """The bounds of a requirement as text, each with the reasons of verdicts that it makes violated."""
    written = (Bounds("", node.at_least, node.at_most),) if isinstance(node, Tally) else node.tests
    tests = [test for test in written if isinstance(test, Bounds)]
    for test in tests:
        late = {"late"} if test.few == "missing" else set()
        if test.at_least is not None:
            yield f"{test.measure} ≥ {print_expression(test.at_least)}".strip(), frozenset({test.few, "not_throughout", *late})
        if test.at_most is not None:
            yield f"{test.measure} ≤ {print_expression(test.at_most)}".strip(), frozenset({test.many, "not_throughout"})

"""The parts of a tally: which verdicts are linked to its subject, and which of them become one (meaning 7.2 to 7.4)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.ir.program import ByAccountable, Counted, Judgement, Per, Snapshot, Stage, Tally
from mofan_rules.ir.rows import Direction, Linked
from mofan_rules.values.truth import Truth, conjunction
from mofan_rules.verdicts.state import State

WORST_FIRST = (State.VIOLATED, State.UNKNOWN, State.PENDING, State.SATISFIED, State.WAIVED)
"""The order in which the state of one part stands for several (meaning 7.3)."""

RowsOf = Callable[[str, int, date, date], list[Judged]]
"""The verdicts of a requirement and a subject for a period."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what it counts as, its weight, whether it is surely linked (`True`) or possibly (`None`), and the verdicts behind it.

    `due_on`: of a pending part, the earliest due day of the pending verdicts behind it that are surely linked.
    """

    state: State
    weight: int
    linked: Truth
    verdicts: tuple[Judged, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the parts that are counted, opposite, unknown and pending."""

    counted: int
    opposite: int
    unknown: int
    pending: int

    @property
    def all(self) -> int:
        return self.counted + self.opposite + self.unknown + self.pending

    @property
    def most(self) -> int:
        """What may come to be counted."""
        return self.counted + self.unknown + self.pending


@dataclass(frozen=True, slots=True)
class Counts:
    """What parts add up to: all that the verdict of a tally needs to know of them (meaning 7.5, 7.6).

    `some` are the parts that are not waived, `waived` those that are, each apart for those that are surely and those that are possibly linked. `due` is the
    earliest due day of the surely linked pending ones.
    """

    sure: Weights
    possible: Weights
    some: int
    some_possible: int
    waived: int
    waived_possible: int
    due: date | None


def counts_of(tally: Tally, parts: Sequence[Part]) -> Counts:
    """What some parts of a tally add up to."""
    sure, possible = [part for part in parts if part.linked], [part for part in parts if part.linked is None]
    waived, waived_possible = (sum(part.state is State.WAIVED for part in some) for some in (sure, possible))
    due = min((part.due_on for part in sure if part.state is State.PENDING and part.due_on is not None), default=None)
    return Counts(_weights(tally, sure), _weights(tally, possible), len(sure) - waived, len(possible) - waived_possible, waived, waived_possible, due)


def _weights(tally: Tally, parts: Sequence[Part]) -> Weights:
    by_state = dict.fromkeys(State, 0)
    for part in parts:
        by_state[part.state] += part.weight
    return Weights(*(by_state[state] for state in groups_of(tally)))


def groups_of(tally: Tally) -> tuple[State, State, State, State]:
    """The states of the parts that are counted, opposite, unknown and pending."""
    counted = State(tally.counted.value)
    return counted, State.VIOLATED if tally.counted is Counted.SATISFIED else State.SATISFIED, State.UNKNOWN, State.PENDING


class PartFinder:
    """Finds the parts of a tally for one of its windows."""

    def __init__(self, engine: Engine, tally: Tally, rows_of: RowsOf) -> None:
        self.engine = engine
        self.tally = tally
        self.rows_of = rows_of

    def found(self, subject: int, first: date, last: date) -> tuple[tuple[Part, ...], Counts]:
        """The parts, and what they add up to. Who keeps only the latter may leave out the former."""
        parts = self.parts(subject, first, last)
        return parts, counts_of(self.tally, parts)

    def parts(self, subject: int, first: date, last: date) -> tuple[Part, ...]:
        """The parts that are not `not_applicable`, merged where the tally says so."""
        return tuple(self.merged(list(self._linked_verdicts(subject, first, last))))

    def _linked_verdicts(self, subject: int, first: date, last: date) -> Iterator[tuple[Judged, Truth]]:
        for requirement in sorted(set(self.tally.parts)):
            for organization in sorted(self.candidates(subject)):
                yield from self.linked(subject, self.rows_of(requirement, organization, first, last))

    def linked(self, subject: int, verdicts: Iterable[Judged]) -> Iterator[tuple[Judged, Truth]]:
        """Those of some verdicts that are not `not_applicable`, with how surely they are linked (meaning 7.2)."""
        for part in verdicts:
            if part.state is not State.NOT_APPLICABLE and part.header.stage is not Stage.SHADOW:
                linked = self._linked(subject, part)
                if linked is not False:
                    yield part, linked

    def candidates(self, subject: int) -> set[int]:
        """The subjects whose verdicts may be parts."""
        return {found for found in self._reachable(subject) if self.engine.organizations.is_subject(found)}

    def _reachable(self, subject: int) -> set[int]:
        match self.tally.over:
            case None:
                return {subject}
            case Linked():
                return set(self.engine.links.ever(subject, self.tally.over))
            case ByAccountable():
                inwards = [Linked(relation, Direction.IN) for relation in accountable_relations(self.engine, self.tally)]
                return {subject, *(found for linked in inwards for found in self.engine.links.ever(subject, linked))}

    def _linked(self, subject: int, part: Judged) -> Truth:
        link: Truth
        match self.tally.over:
            case None:
                link = True
            case Linked():
                link = self._reached(subject, self.tally.over, part)
            case ByAccountable():
                link = part.accountable == subject
        if self.tally.part_kinds is None:
            return link
        return conjunction((link, self.engine.organizations.has_kind(part.subject, self.tally.part_kinds, part.day)))

    def _reached(self, subject: int, over: Linked, part: Judged) -> Truth:
        return self.engine.links.link(subject, over, part.subject, part.day)

    def merged(self, verdicts: list[tuple[Judged, Truth]]) -> Iterator[Part]:
        """The parts, those of one requirement and subject made one where the tally says so (meaning 7.3, 7.4)."""
        if self.tally.in_a_row is None and self.tally.per is Per.WINDOW:
            for verdict, linked in verdicts:
                yield Part(verdict.state, verdict.header.weight, linked, (verdict,), due_on([verdict]))
            return
        for _, group in groupby(verdicts, key=lambda item: (item[0].header.requirement, item[0].subject)):
            series = sorted(group, key=lambda item: order_of(item[0]))
            everything = [verdict for verdict, _ in series]
            sure = [verdict for verdict, linked in series if linked]
            yield from self._one(everything, sure)

    def _one(self, everything: list[Judged], sure: list[Judged]) -> Iterator[Part]:
        linked = True if sure else None
        weight = everything[0].header.weight
        if self.tally.in_a_row is None:
            alone = worst(sure) if sure else min((verdict.state for verdict in everything), key=lambda state: -WORST_FIRST.index(state))
            together = worst(everything)
        else:
            together = self._in_a_row(everything, self.tally.in_a_row)
            alone = self._in_a_row(sure, self.tally.in_a_row) if sure else together
        yield Part(together if alone is together else State.UNKNOWN, weight, linked, tuple(everything), due_on(sure))

    def _in_a_row(self, series: list[Judged], wanted: int) -> State:
        """The state of a series: counted if so many follow each other in the counted state (meaning 7.4)."""
        states: list[State] = [verdict.state for verdict in series if verdict.state is not State.WAIVED]
        if not states:
            return State.WAIVED
        counted = State(self.tally.counted.value)
        if longest(states, {counted}) >= wanted:
            return counted
        if longest(states, {counted, State.PENDING}) >= wanted:
            return State.PENDING
        if longest(states, {counted, State.PENDING, State.UNKNOWN}) >= wanted:
            return State.UNKNOWN
        return State.VIOLATED if counted is State.SATISFIED else State.SATISFIED


def due_on(verdicts: list[Judged]) -> date | None:
    """The earliest day on which a pending one of some verdicts is due."""
    return min((verdict.due_on for verdict in verdicts if verdict.state is State.PENDING and verdict.due_on is not None), default=None)


def worst(verdicts: list[Judged]) -> State:
    """The one state that stands for several (meaning 7.3)."""
    return min((verdict.state for verdict in verdicts), key=WORST_FIRST.index)


def longest(states: Sequence[State], wanted: set[State]) -> int:
    """How many of the wanted states follow each other at most."""
    best = current = 0
    for state in states:
        current = current + 1 if state in wanted else 0
        best = max(best, current)
    return best


def order_of(judged: Judged) -> tuple[date, date, str]:
    """Windows in their order: those without dates first."""
    window = judged.window
    return window.first or date.min, window.last or date.min, window.key


def versions_of(engine: Engine, requirement: str) -> list[Judgement | Tally]:
    """All versions of a requirement."""
    nodes: tuple[Judgement | Tally, ...] = (*engine.program.judgements, *engine.program.tallies)
    return [node for node in nodes if node.header.requirement == requirement]


def accountable_relations(engine: Engine, tally: Tally) -> frozenset[str]:
    """The relations that lead from the parts' subjects to the organizations that answer for them."""
    named = {node.header.accountable for part in tally.parts for node in versions_of(engine, part)}
    return frozenset(relation for relation in named if relation is not None)


def begins_again(engine: Engine, requirement: str) -> bool:
    """May a requirement have windows that are yet to begin? (meaning 7.7)"""
    for node in versions_of(engine, requirement):
        if isinstance(node, Judgement):
            if not isinstance(node.windows, Snapshot):
                return True
        elif node.windows is not None or any(begins_again(engine, part) for part in node.parts):
            return True
    return False

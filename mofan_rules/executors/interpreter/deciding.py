"""Which facts would decide an unknown verdict.

The verdict is computed again with what is unknown filled in, in all the ways that can make a difference. The facts found are enough (with all of them filled
in, in whichever way, the verdict is decided) and none can be left out (there is a way of filling in the others that leaves it undecided).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import cast

from mofan_rules.executors.interpreter.arrivals import Arrival, Arrivals
from mofan_rules.executors.interpreter.domains import Domains, with_cell
from mofan_rules.executors.interpreter.engine import Engine, Suppositions
from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.facts import Cell, Row
from mofan_rules.executors.interpreter.feeds import Gap
from mofan_rules.executors.interpreter.measures import Reading
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.executors.interpreter.supposing import CellFact, GapFact, Log, OpenFact, ParameterFact, PartFact, RowFact, Supposed
from mofan_rules.executors.interpreter.tally import Sum
from mofan_rules.executors.interpreter.windows import is_deadline
from mofan_rules.ir.program import Judgement, Tally
from mofan_rules.schema import DatedValue, Table
from mofan_rules.values.dates import add_days
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.state import State

BUDGET = 4000
"""So many times a verdict is computed at most."""

EXHAUSTIVE = 64
"""Up to so many combinations all are tried; of more, those in which things turn one after the other."""

Filling = Cell | Row | Arrival | DatedValue | State
Fillings = Mapping[OpenFact, Filling]


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts that decide, and whether the search came to its end."""

    facts: tuple[OpenFact, ...]
    complete: bool


class OutOfBudget(Exception):
    """The verdict has been computed too often."""


@dataclass(slots=True)
class Changed:
    """What fillings make of the facts, by what they are about."""

    rows: dict[tuple[Table, int], Row | None] = field(default_factory=dict)
    parameters: dict[str, DatedValue] = field(default_factory=dict)
    filled: set[Gap] = field(default_factory=set)
    added: list[Row] = field(default_factory=list)
    parts: dict[PartFact, State] = field(default_factory=dict)

    @classmethod
    def of(cls, fillings: Fillings, rows: Mapping[tuple[Table, int], Row], numbers: Mapping[str, int]) -> "Changed":
        """Sorts fillings. `rows`: the rows as they are, of which cells are filled; `numbers`: those of the organizations."""
        changed = cls()
        for fact, filling in fillings.items():
            match fact:
                case CellFact():
                    row = changed.rows.get((fact.table, fact.number)) or rows[fact.table, fact.number]
                    assert not isinstance(filling, Row | DatedValue)
                    changed.rows[fact.table, fact.number] = with_cell(row, fact.column, cast(Cell, filling), numbers)
                case RowFact():
                    assert filling is None or isinstance(filling, Row)
                    changed.rows[fact.table, fact.number] = filling
                case GapFact():
                    changed.filled.add(fact.gap)
                    changed.added += cast(Arrival, filling)
                case ParameterFact():
                    assert isinstance(filling, DatedValue)
                    changed.parameters[fact.name] = filling
                case PartFact():
                    assert isinstance(filling, State)
                    changed.parts[fact] = filling
        return changed


class Search:
    """The search for one verdict."""

    def __init__(self, evaluation: Evaluation, node: Judgement | Tally, judged: Judged, asked: tuple[date, date]) -> None:
        self.actual = evaluation
        self.node = node
        self.judged = judged
        self.asked = asked
        self.is_triggered = isinstance(node, Judgement) and is_deadline(node.windows)
        engine = evaluation.engine
        self.domains = Domains(engine.facts, node, engine.program.parameters, judged, engine.as_of)
        self.arrivals = Arrivals(self.domains)
        self.known: dict[OpenFact, list[Filling]] = {}
        self.rows: dict[tuple[Table, int], Row] = {}
        self.reads: dict[RowFact, set[str]] = {}
        self.tried: dict[RowFact, set[str]] = {}
        self.superseded: set[OpenFact] = set()
        self.left = BUDGET

    # one computation

    def undecided(self, fillings: Fillings) -> bool:
        """Is the verdict still unknown with these fillings? What is open on the way is noted."""
        log, gaps = Log(), set[Gap]()
        judged, unknown_parameters = self._compute(fillings, log, gaps)
        if judged is None or judged.state is not State.UNKNOWN:
            return False
        self._note(judged, log, gaps, unknown_parameters)
        return True

    def signature(self, fillings: Fillings) -> str | None:
        """What the fillings make of the verdict and of all that it rests on."""
        judged, _ = self._compute(fillings, Log(), set())
        if judged is None:
            return None
        outcome = judged.outcome
        readings = [outcome.setting.reading(name) for name in sorted(outcome.setting.measures)] if outcome is not None else []
        values = [(reading.value, reading.extended, reading.absent, _matched(reading)) for reading in readings]
        tested = [outcome.given, *(test.truth for test in outcome.tested)] if outcome is not None else []
        if self.is_triggered:
            # windows that meet the same answers are alike, whenever they are
            return repr((judged.state, judged.reason, values, tested, [stretch.bound for stretch in judged.stretches]))
        bound = [(stretch.first, stretch.last, stretch.bound) for stretch in judged.stretches]
        return repr((judged.state, judged.reason, judged.measured, judged.required, judged.window.first, judged.window.last, values, tested, bound))

    def _compute(self, fillings: Fillings, log: Log, gaps: set[Gap]) -> tuple[Judged | None, set[str]]:
        if self.left <= 0:
            raise OutOfBudget
        self.left -= 1
        actual = self.actual.engine
        changes = Changed.of(fillings, self.rows, actual.facts.numbers)
        facts = Supposed(actual.facts, changes.rows, log, changes.added)
        engine = Engine(actual.program, facts, actual.context, Suppositions(frozenset(changes.filled), changes.parameters, gaps))
        evaluation = Evaluation(engine, parts=lambda *asked: [_filled_part(part, changes.parts) for part in self.actual.parts(*asked)])
        runner = next(runner for runner in evaluation.runners if runner.header == self.node.header)
        found = [judged for judged in runner.judged(self.judged.subject, *self.asked) if self._is_same(judged)]
        return (found[0] if found else None), engine.parameters.unknown

    def _is_same(self, judged: Judged) -> bool:
        mine, theirs = self.judged.window, judged.window
        if mine.problem is not None or mine.first is None:
            return mine.key == theirs.key
        return (mine.key, mine.first, mine.last) == (theirs.key, theirs.first, theirs.last)

    # what is open

    def _note(self, judged: Judged, log: Log, gaps: set[Gap], parameters: set[str]) -> None:
        self.rows |= {key: row for key, row in log.rows.items() if key not in self.rows}
        for fact, read in log.uncertain.items():
            self.reads.setdefault(fact, set()).update(read)
        for cell in sorted(log.cells, key=repr):
            of_rejected = RowFact(cell.table, cell.number)
            if of_rejected in self.reads:
                self.reads[of_rejected].add(cell.column)
            elif cell not in self.known:
                self.known[cell] = list(self.domains.cell(self.rows[cell.table, cell.number], cell.column))
        for fact, read in sorted(self.reads.items(), key=repr):
            if self.tried.get(fact) != read:
                self.tried[fact] = set(read)
                self.known[fact] = list(self.domains.repairs(self.rows[fact.table, fact.number], read))
        self._note_gaps(gaps)
        for parameter in self.actual.engine.program.parameters:
            if parameter.name in parameters:
                self.known.setdefault(ParameterFact(parameter.name), list(self.domains.parameter(parameter)))
        for part in unknown_parts(judged):
            self.known.setdefault(part_fact(part), [State.VIOLATED, State.SATISFIED])

    def _note_gaps(self, found: set[Gap]) -> None:
        """Takes gaps on days that follow each other as one, and those that are filled together with another, of a wider kind, not at all."""
        before = {fact.gap for fact in self.known if isinstance(fact, GapFact)}
        gaps = joined_gaps(found | before)
        includes = self.actual.engine.feeds.includes

        def is_included(gap: Gap) -> bool:
            alike = (other for other in gaps if replace(other, kind=gap.kind) == gap and other != gap)
            return any(includes(gap.table, other.kind, gap.kind) for other in alike)

        widest = {gap for gap in gaps if not is_included(gap)}
        self.superseded |= {GapFact(gap) for gap in before - widest}
        for gap in sorted(widest, key=repr):
            self.known.setdefault(GapFact(gap), list(self.arrivals.of(gap)))

    # the search

    def decide(self) -> Decision:
        """The facts that decide."""
        facts: list[OpenFact] = []
        try:
            if not self.undecided({}):
                return Decision((), True)
            self._learn()
            facts = self._open()
            inert = [fact for fact in facts if len(self.known[fact]) == 1 and not isinstance(fact, GapFact)]
            facts = self._without(facts, inert)
            for fact in list(facts):
                facts = self._without(facts, [fact])
        except OutOfBudget:
            return Decision(tuple(facts or self._open()), False)
        return Decision(tuple(facts), not any(self.undecided(filled) for filled in self.combinations(facts)) if self.left > 0 else False)

    def _open(self) -> list[OpenFact]:
        return [fact for fact, values in self.known.items() if values and fact not in self.superseded]

    def _learn(self) -> None:
        """Finds what comes to be open when other things are filled in, and keeps of each domain one value for each effect."""
        seen: set[OpenFact] = set()
        while fresh := [fact for fact in self.known if fact not in seen]:
            seen.update(fresh)
            for fact in fresh:
                self.known[fact] = self._effective(fact)
            for filled in self.combinations(self._open()):
                if self.undecided(filled) and any(fact not in seen for fact in self.known):
                    break

    def _effective(self, fact: OpenFact) -> list[Filling]:
        values = self.known[fact]
        if len(values) <= 2:
            return values
        settings = self._settings(fact)
        nothing = tuple(self.signature(setting) for setting in settings)
        effects: dict[object, Filling] = {}
        for value in values:
            effects.setdefault(tuple(self.signature({**setting, fact: value}) for setting in settings), value)
        if len(effects) == 1 and nothing in effects and not isinstance(fact, RowFact):
            return [values[0], values[len(values) // 2], values[-1]]
        return list(effects.values())

    def _settings(self, fact: OpenFact) -> list[Fillings]:
        """What is known when the effect of a fact is looked at: nothing; the rest of its row; all the rest. What a cell does may show only beside others."""
        others = [other for other in self._open() if other != fact]
        beside = [other for other in others if isinstance(fact, CellFact) and isinstance(other, CellFact) and _row_of(other) == _row_of(fact)]
        return [{}, *({other: self.known[other][place] for other in some} for some in (beside, others) if some for place in (0, -1))]

    def _without(self, facts: list[OpenFact], left_out: Sequence[OpenFact]) -> list[OpenFact]:
        """The facts without some, if the others decide in whichever way they are filled in."""
        rest = [fact for fact in facts if fact not in left_out]
        if not left_out or any(self.undecided(filled) for filled in self.combinations(rest)):
            return facts
        return rest

    def combinations(self, facts: list[OpenFact]) -> Iterator[Fillings]:
        """Ways of filling in the facts."""
        total = 1
        for fact in facts:
            total *= len(self.known[fact])
        if total <= EXHAUSTIVE:
            for chosen in product(*(self.known[fact] for fact in facts)):
                yield dict(zip(facts, chosen, strict=True))
            return
        yield from self._turning(facts)

    def _turning(self, facts: list[OpenFact]) -> Iterator[Fillings]:
        """All at their first values, then one after the other at the last, forwards and back; then each by itself at each of its values."""
        first = {fact: self.known[fact][0] for fact in facts}
        last = {fact: self.known[fact][-1] for fact in facts}
        for order in (facts, facts[::-1]):
            for turned in range(len(facts) + 1):
                yield first | {fact: last[fact] for fact in order[:turned]}
        for fact in facts:
            for value in self.known[fact]:
                yield first | {fact: value}
                yield last | {fact: value}


def _matched(reading: Reading) -> list[tuple[int, Truth]]:
    return [(match.row.number, match.truth) for match in reading.matches]


def _row_of(fact: CellFact) -> tuple[Table, int]:
    return fact.table, fact.number


def joined_gaps(gaps: set[Gap]) -> set[Gap]:
    """The gaps, those that overlap or follow each other as one."""
    joined: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: (gap.table, gap.kind or "", -1 if gap.organization is None else gap.organization, gap.first)):
        last = joined[-1] if joined else None
        if last is not None and replace(last, first=gap.first, last=gap.last) == gap and gap.first <= add_days(last.last, 1):
            joined[-1] = replace(last, last=max(last.last, gap.last))
        else:
            joined.append(gap)
    return set(joined)


def _filled_part(part: Judged, parts: Mapping[PartFact, State]) -> Judged:
    filled = parts.get(part_fact(part))
    return part if filled is None else replace(part, state=filled)


def part_fact(part: Judged) -> PartFact:
    """A part, as it is named."""
    window = part.window
    return PartFact(part.header.requirement, part.subject, (window.first, window.last, window.key))


def unknown_parts(judged: Judged) -> Iterator[Judged]:
    """The parts of a tally that are unknown."""
    if isinstance(judged.parts, Sum):
        for part in judged.parts.parts:
            yield from (verdict for verdict in part.verdicts if verdict.state is State.UNKNOWN)

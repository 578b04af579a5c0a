"""The verdicts of a program, each computed when it is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.judge import JudgementRunner
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.executors.interpreter.parts import RowsOf
from mofan_rules.executors.interpreter.tally import TallyRunner
from mofan_rules.verdicts.table import Verdict

Span = tuple[date, date]

Kept = Mapping[Span, list[Judged]]


class Evaluation:
    """The verdicts of a program in one state of the facts, each computed when it is asked for.

    Verdicts that tallies read are kept, without their derivation. `parts`: where these come from, if not from here.
    """

    def __init__(self, engine: Engine, parts: RowsOf | None = None) -> None:
        self.engine = engine
        program = engine.program
        self.judgements = [JudgementRunner(engine, judgement) for judgement in program.judgements]
        self.tallies = [TallyRunner(engine, tally, parts or self.parts) for tally in program.tallies]
        self.runners: tuple[JudgementRunner | TallyRunner, ...] = (*self.judgements, *self.tallies)
        self._runners_of: dict[str, list[JudgementRunner | TallyRunner]] = {}
        for runner in self.runners:
            self._runners_of.setdefault(runner.header.requirement, []).append(runner)
        self._parts: dict[tuple[str, int], dict[Span, list[Judged]]] = {}

    def judged(self, requirement: str, subject: int, first: date, last: date) -> Iterator[Judged]:
        """The verdicts of all versions of a requirement, for one subject and a period."""
        for runner in self._runners_of.get(requirement, ()):
            yield from runner.judged(subject, first, last)

    def parts(self, requirement: str, subject: int, first: date, last: date) -> list[Judged]:
        """The same, as parts of a tally."""
        known = self._parts.setdefault((requirement, subject), {})
        if (first, last) not in known:
            known[first, last] = [replace(judged, outcome=None, stretches=(), parts=None) for judged in self.judged(requirement, subject, first, last)]
        return known[first, last]

    def kept(self, requirement: str, subject: int) -> Kept:
        """The parts that tallies have asked for, by period."""
        return self._parts.get((requirement, subject), {})

    def forget(self, requirement: str, subject: int) -> None:
        """Do not keep the parts of a requirement and a subject any longer: the facts behind them have changed."""
        self._parts.pop((requirement, subject), None)

    def subjects(self) -> list[int]:
        """The organizations that verdicts can be about (meaning 1.6)."""
        organizations = self.engine.organizations
        return [number for number in range(len(self.engine.facts.subjects)) if organizations.is_subject(number)]

    def verdict(self, judged: Judged) -> Verdict:
        """The row of the verdict table."""
        ids, window = self.engine.facts.subjects, judged.window
        return Verdict(
            judged.header.requirement,
            ids[judged.subject],
            window.key,
            window.first,
            window.last,
            judged.state.value,
            judged.reason,
            judged.measured,
            judged.required,
            judged.due_on,
            ids[judged.accountable],
        )

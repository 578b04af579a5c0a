"""The verdicts as they are known: from the executor's table as long as no row has reached them, else as they were judged last.

Of each requirement and organization all are known that the table shows or a roll-up counts, whatever its windows: what a period selects is a choice of these.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from mofan_rules.executors.interpreter.engine import Law
from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.judge import JudgementRunner
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.executors.interpreter.parts import order_of
from mofan_rules.executors.interpreter.states import DayTests
from mofan_rules.executors.interpreter.tally import TallyRunner
from mofan_rules.executors.interpreter.windows import Window
from mofan_rules.facts.shelf import Shelf
from mofan_rules.sessions.reach import Verdicts
from mofan_rules.sessions.spans import Span, Spans
from mofan_rules.verdicts.reasons import REASONS
from mofan_rules.verdicts.table import File, Verdict

NAMES = tuple(REASONS)


class Known(NamedTuple):
    """A verdict without its derivation, with who judges it, and its row. `answered_on`: the day on which a deadline is answered, if periods ask for it."""

    runner: JudgementRunner | TallyRunner
    judged: Judged
    row: Verdict
    answered_on: date | None

    def selected(self, span: Span) -> bool:
        """Does a period select it?"""
        if isinstance(self.runner, TallyRunner):
            return self.runner.selects(self.judged.window, *span)
        return self.runner.selects(self.judged.window, *span, lambda: self.answered_on)

    def alike(self, other: "Known") -> bool:
        """Does it say the same, also to roll-ups?"""
        return self.row == other.row and self.judged.day == other.judged.day and self.runner is other.runner


def same(old: Sequence[Known], new: Sequence[Known]) -> bool:
    """Do two lists of verdicts, in order, say the same?"""
    return len(old) == len(new) and all(one.alike(other) for one, other in zip(old, new, strict=True))


class Store:
    """The verdicts in an executor's files, by organization."""

    COLUMNS = "who::USMALLINT, key, window_first, window_last, reason, measured, required, due_on, accountable, day, answered_on"

    def __init__(self, evaluation: Evaluation, connection: Any, files: Sequence[File]) -> None:
        self._evaluation = evaluation
        shelves: dict[str, Shelf] = {}
        self._of: dict[str, list[tuple[Shelf, int, JudgementRunner | TallyRunner]]] = {}
        for file in files:
            if file.table not in shelves:
                shelves[file.table] = Shelf(connection.cursor(), f"SELECT subject, {self.COLUMNS} FROM {file.table} ORDER BY subject")
            runner = evaluation.runners[file.place]
            self._of.setdefault(runner.header.requirement, []).append((shelves[file.table], file.who, runner))

    def of(self, requirement: str, subject: int) -> Iterator[Known]:
        """The verdicts on a requirement about an organization, in any order."""
        for shelf, who, runner in self._of.get(requirement, ()):
            for row in shelf.rows(subject):
                if row[0] == who:
                    yield self._known(runner, subject, row)

    def _known(self, runner: JudgementRunner | TallyRunner, subject: int, row: tuple[Any, ...]) -> Known:
        _, key, first, last, reason, measured, required, due_on, accountable, day, answered_on = row
        evaluation = self._evaluation
        law = first or evaluation.engine.as_of
        name = NAMES[reason]
        judged = Judged(
            header=runner.header,
            subject=subject,
            window=Window(first, last, law, key),
            state=REASONS[name],
            reason=name,
            measured=measured,
            required=required,
            due_on=due_on,
            accountable=accountable,
            day=day,
            law=Law(evaluation.engine, subject, law, day),
        )
        return Known(runner, judged, evaluation.verdict(judged), answered_on)


class KnownVerdicts:
    """All verdicts that the table shows or a roll-up of fixed windows counts.

    Parameters
    ----------
    spans: the windows of the roll-ups that count each requirement.
    store: where those are that were never judged here; without one, they are judged when they are first asked for.
    """

    def __init__(self, evaluation: Evaluation, spans: Mapping[str, Spans], store: Store | None) -> None:
        context = evaluation.engine.context
        self.period: Span = (context.period_first, context.period_last)
        self.store = store
        self._evaluation = evaluation
        self._spans = {name: {self.period, *(spans.get(name) or ())} for name in {runner.header.requirement for runner in evaluation.runners}}
        self._known: dict[Verdicts, list[Known]] = {}
        self._runners: dict[str, list[JudgementRunner | TallyRunner]] = {}
        for runner in evaluation.runners:
            self._runners.setdefault(runner.header.requirement, []).append(runner)

    def of(self, verdicts: Verdicts) -> list[Known]:
        """The verdicts on a requirement about an organization, by window."""
        known = self._known.get(verdicts)
        if known is None:
            known = self._known[verdicts] = self._in_order(self._judged(verdicts) if self.store is None else self.store.of(*verdicts))
        return known

    def remembered(self, verdicts: Verdicts) -> list[Known] | None:
        """The same, if they can be told as they were although facts have changed."""
        return self._known.get(verdicts) if self.store is None else self.of(verdicts)

    def rows(self, verdicts: Verdicts) -> list[Verdict]:
        """Those that the table shows."""
        return [known.row for known in self.of(verdicts) if known.selected(self.period)]

    def parts(self, requirement: str, subject: int, first: date, last: date) -> list[Judged]:
        """Those that the window of a roll-up selects."""
        return [known.judged for known in self.of((requirement, subject)) if known.selected((first, last))]

    def again(self, verdicts: Verdicts) -> list[Known]:
        """Judge anew."""
        known = self._known[verdicts] = self._in_order(self._judged(verdicts))
        return known

    def put(self, verdicts: Verdicts, known: list[Known]) -> None:
        """These are the verdicts from now on."""
        self._known[verdicts] = known

    def known(self, runner: JudgementRunner | TallyRunner, judged: Judged, answered_on: date | None = None) -> Known:
        """A verdict as it is kept."""
        row = self._evaluation.verdict(judged)
        light = Judged(
            judged.header, judged.subject, judged.window, judged.state, judged.reason, judged.measured, judged.required,
            judged.due_on, judged.accountable, judged.day, judged.law,
        )  # fmt: skip
        return Known(runner, light, row, answered_on)

    def _in_order(self, known: Iterator[Known]) -> list[Known]:
        return sorted(known, key=lambda one: order_of(one.judged))

    def _judged(self, verdicts: Verdicts) -> Iterator[Known]:
        requirement, subject = verdicts
        spans = self._spans[requirement]
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        for runner in self._runners.get(requirement, ()):
            if isinstance(runner, TallyRunner):
                yield from (self.known(runner, runner.judge(subject, window)) for window in runner.windows(subject, first, last))
            else:
                yield from self._of_judgement(runner, subject, first, last, spans)

    def _of_judgement(self, runner: JudgementRunner, subject: int, first: date, last: date, spans: set[Span]) -> Iterator[Known]:
        days = DayTests(runner.engine, runner.judgement, subject)
        latest = max(span[0] for span in spans)
        for window in runner.windows(subject, first, last):
            asks = runner.asks_when and window.last is not None and window.last < latest
            answered = runner.answered_on(subject, window) if asks else None
            if any(runner.selects(window, *span, partial(_given, answered)) for span in spans):
                yield self.known(runner, runner.judge(subject, window, days), answered)


def _given(answered_on: date | None) -> date | None:
    return answered_on

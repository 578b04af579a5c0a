"""Explaining one verdict: finding it, deriving it, and saying what would change it. Only the rows that it needs are read."""

from dataclasses import dataclass
from datetime import date

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.executors.interpreter.derivation import Derivation, all_facts
from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.executors.interpreter.naming import deciding_facts
from mofan_rules.executors.interpreter.needed import needed
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.executors.interpreter.parts import order_of
from mofan_rules.executors.interpreter.why import state_node
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Judgement, Program, Tally
from mofan_rules.values.periods import parse_period
from mofan_rules.verdicts.explanation import Explanation, Node, NodeKind, NoSuchVerdict, evidence_order
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.wording import STATES

WindowName = date | tuple[date, date] | str | None
"""A window as people ask for it: a day in it, its span, or a name such as `2024Q3`."""

MOST_TELLING = (State.VIOLATED, State.UNKNOWN, State.PENDING)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which verdict is to be explained."""

    requirement: str
    subject: str
    window: WindowName = None
    key: str | None = None

    def span(self) -> tuple[date, date] | None:
        """The first and last day of the window named.

        Raises
        ------
        ValueError: if the text names no stretch of time.
        """
        match self.window:
            case None:
                return None
            case date():
                return self.window, self.window
            case str():
                return parse_period(self.window)
            case first, last:
                return first, last


def explain(program: Program, facts: AdmittedFacts, context: Context, asked: Asked) -> Explanation:
    """The explanation of one verdict.

    Raises
    ------
    NoSuchVerdict: if there is none; it carries those of the same requirement and subject.
    ValueError: if the window's name cannot be read.
    """
    evaluation = Evaluation(Engine(program, Facts(facts, whole=False), context))
    span = asked.span() or (context.period_first, context.period_last)
    found = _candidates(evaluation, asked, span)
    judged = _chosen(evaluation, asked, found)
    node = next(runner.node for runner in evaluation.runners if runner.header is judged.header)
    return _explained(evaluation, node, judged, span, tuple(found))


def _candidates(evaluation: Evaluation, asked: Asked, span: tuple[date, date]) -> list[Judged]:
    """The verdicts for the requirement and the subject in the span, in order."""
    headers = {runner.header.requirement for runner in evaluation.runners}
    if asked.requirement not in headers:
        raise NoSuchVerdict("requirement")
    subject = evaluation.engine.facts.numbers.get(asked.subject)
    if subject is None or not evaluation.engine.organizations.is_subject(subject):
        raise NoSuchVerdict("subject")
    for runner in evaluation.tallies:
        if runner.header.requirement == asked.requirement:
            evaluation.engine.facts.gather(runner.finder.candidates(subject))
    return sorted(evaluation.judged(asked.requirement, subject, *span), key=order_of)


def _chosen(evaluation: Evaluation, asked: Asked, found: list[Judged]) -> Judged:
    """The verdict that is meant: of the window that fits best, else the latest that is not satisfied, else the latest."""
    fitting = [judged for judged in found if asked.key is None or judged.window.key == asked.key]
    span = asked.span()
    if span is not None:
        ranked = [(_fit(judged, *span), judged) for judged in fitting]
        best = min((rank for rank, _ in ranked), default=None)
        fitting = [judged for rank, judged in ranked if rank == best]
    for state in MOST_TELLING if span is None else ():
        if telling := [judged for judged in fitting if judged.state is state]:
            return telling[-1]
    if not fitting:
        raise NoSuchVerdict("window", tuple(evaluation.verdict(judged) for judged in found))
    return fitting[-1]


def _fit(judged: Judged, first: date, last: date) -> int:
    """How well a window fits a span that was asked for: the same, around it, within it, sharing a day, or without dates."""
    window = judged.window
    if window.first is None or window.last is None:
        return 4
    if (window.first, window.last) == (first, last):
        return 0
    if window.first <= first and last <= window.last:
        return 1
    return 2 if first <= window.first and window.last <= last else 3


def _explained(evaluation: Evaluation, node: Judgement | Tally, judged: Judged, span: tuple[date, date], found: tuple[Judged, ...]) -> Explanation:
    engine = evaluation.engine
    verdict = evaluation.verdict(judged)
    children = (*Derivation(engine, node, judged).children(), state_node(node, judged, engine.as_of))
    title = Bilingual(f"{verdict.requirement}：{verdict.subject}", f"{verdict.requirement}: {verdict.subject}")
    root = Node(NodeKind.VERDICT, title, STATES[judged.state], (), children)
    deciding, complete = deciding_facts(evaluation, node, judged, span) if judged.state is State.UNKNOWN else ((), True)
    return Explanation(
        verdict=verdict,
        kind=judged.header.kind,
        law_day=judged.law.law_day,
        reference_day=judged.day,
        effective_from=judged.header.first,
        effective_until=judged.header.last,
        root=root,
        evidence=tuple(sorted(set(all_facts(children)), key=evidence_order)),
        deciding=deciding,
        complete=complete,
        needed=needed(node, judged, engine.as_of),
        others=tuple(evaluation.verdict(other) for other in found if other is not judged),
    )

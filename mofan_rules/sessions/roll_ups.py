"""The roll-ups above verdicts that came out otherwise: which of their windows are touched, and what they come to now."""

from collections.abc import Iterable, Iterator, Sequence

from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.tally import Asked, TallyRunner
from mofan_rules.sessions.counters import Counters, Sums
from mofan_rules.sessions.kept_parts import KeptPartFinder
from mofan_rules.sessions.known import Known, KnownVerdicts, same
from mofan_rules.sessions.reach import Reach, Verdicts
from mofan_rules.sessions.spans import Span, spans_asked, windows_asked

Turned = dict[Verdicts, tuple[list[Known] | None, list[Known]]]
"""Verdicts that were judged again, before (`None`: that is not known here) and after."""

Touched = dict[int, set[Span] | None]
"""The windows of each organization that are to be judged again; `None`: all."""


class RollUps:
    """The roll-ups of a program. Those whose windows are the same for all organizations are judged from counters, the others from their parts."""

    def __init__(self, evaluation: Evaluation, reach: Reach, known: KnownVerdicts, sums: Sums | None) -> None:
        program, context = evaluation.engine.program, evaluation.engine.context
        spans = spans_asked(program, context)
        windows = [
            None if any(spans.get(part) is None for part in tally.parts) else asked
            for tally, asked in zip(program.tallies, windows_asked(program, context), strict=True)
        ]
        self._evaluation = evaluation
        self._reach = reach
        self._known = known
        self._runners = evaluation.tallies
        self._counted = [asked is not None for asked in windows]
        self._counters = Counters(evaluation, known, reach, windows, sums)
        self._finders: list[KeptPartFinder] = []
        for runner, counted in zip(self._runners, self._counted, strict=True):
            if not counted:
                runner.finder = KeptPartFinder(evaluation.engine, runner.tally, evaluation.parts)
                self._finders.append(runner.finder)
        self._order = list(_requirements(self._runners))
        self._asked: dict[Verdicts, dict[tuple[int, Span], Asked]] = {}

    def judge_again(self, turned: Turned, direct: Iterable[Verdicts]) -> None:
        """Judge the roll-ups above verdicts that turned, and those which rows reach themselves (`direct`); they are put with the others."""
        for verdicts in turned:
            self._forget(verdicts)
        reached = list(direct)
        for verdicts in reached:
            self._asked.pop(verdicts, None)
        for requirement, places in self._order:
            touched: Touched = {subject: None for name, subject in reached if name == requirement}
            for place in places:
                self._touch(place, turned, touched)
            for subject in sorted(touched):
                verdicts = (requirement, subject)
                old = self._known.remembered(verdicts)
                if old != []:
                    self._forget(verdicts)
                    turned[verdicts] = old, self._again(verdicts, old, touched[subject])

    def _touch(self, place: int, turned: Turned, touched: Touched) -> None:
        tally = self._runners[place].tally
        for verdicts, (old, new) in turned.items():
            if verdicts[0] not in tally.parts:
                continue
            if old is None or not self._counted[place]:
                touched |= dict.fromkeys(self._reach.above(tally, (verdicts[1],)))
            elif not same(old, new):
                for subject, spans in self._counters.turned(place, verdicts, old, new).items():
                    known = touched.setdefault(subject, set())
                    if known is not None:
                        known |= spans

    def _again(self, verdicts: Verdicts, old: list[Known] | None, spans: set[Span] | None) -> list[Known]:
        if old is None or spans is None:
            return self._known.again(verdicts)
        new = [self._told(verdicts, known) if (known.judged.window.first, known.judged.window.last) in spans else known for known in old]
        self._known.put(verdicts, new)
        return new

    def _told(self, verdicts: Verdicts, known: Known) -> Known:
        """A verdict on a window of which only the parts have turned: what can be said without them was said before."""
        runner, window = known.runner, known.judged.window
        assert isinstance(runner, TallyRunner)
        assert window.first is not None
        assert window.last is not None
        kept = self._asked.setdefault(verdicts, {})
        key = (id(runner), (window.first, window.last))
        asked = kept.get(key)
        if asked is None:
            asked = kept[key] = runner.asked(known.judged.subject, window)
        if asked.settled:
            return known
        return self._known.known(runner, runner.told(asked, *runner.finder.found(known.judged.subject, window.first, window.last)))

    def _forget(self, verdicts: Verdicts) -> None:
        """What roll-ups that are not counted keep of verdicts is no longer so."""
        if self._finders:
            self._evaluation.forget(*verdicts)
            for finder in self._finders:
                finder.forget(verdicts)


def _requirements(runners: Sequence[TallyRunner]) -> Iterator[tuple[str, list[int]]]:
    """The roll-ups by requirement, each after all that any of its versions counts."""
    places: dict[str, list[int]] = {}
    for place, runner in enumerate(runners):
        places[runner.header.requirement] = [*places.pop(runner.header.requirement, ()), place]
    yield from places.items()

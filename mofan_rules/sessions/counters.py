"""What the parts of roll-ups add up to, kept from one event to the next and changed by the difference of the parts that came out otherwise (meaning 7.5).

What becomes of the verdicts on one requirement and one organization (meaning 7.2 to 7.4) depends on no others: so where these turn, what they had added is
taken away and what they add now is put in its place, whatever the roll-up makes of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.links import Links
from mofan_rules.executors.interpreter.outcome import Judged
from mofan_rules.executors.interpreter.parts import Counts, Part, PartFinder, Weights, groups_of
from mofan_rules.facts.shelf import Shelf
from mofan_rules.ir.program import Tally
from mofan_rules.ir.rows import Linked
from mofan_rules.sessions.known import Known, KnownVerdicts, same
from mofan_rules.sessions.reach import Reach, Verdicts, opposite
from mofan_rules.sessions.spans import Span
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.table import File


class Tallied:
    """The sums of one window: of the surely and of the possibly linked parts, and how many pending ones are due on each day."""

    __slots__ = ("due", "possible", "some", "sure", "waived")

    def __init__(self) -> None:
        self.sure, self.possible = [0, 0, 0, 0], [0, 0, 0, 0]
        self.some, self.waived = [0, 0], [0, 0]
        self.due: Counter[date] = Counter()

    def add(self, part: Part, groups: Sequence[State], times: int) -> None:
        """Put in a part (`times` 1) or take it away (-1)."""
        side = 0 if part.linked else 1
        if part.state is State.WAIVED:
            self.waived[side] += times
            return
        self.some[side] += times
        (self.possible if side else self.sure)[groups.index(part.state)] += times * part.weight
        if not side and part.state is State.PENDING and part.due_on is not None:
            self.due[part.due_on] += times
            if not self.due[part.due_on]:
                del self.due[part.due_on]

    def counts(self) -> Counts:
        """The sums as a roll-up takes them."""
        (some, some_possible), (waived, waived_possible) = self.some, self.waived
        return Counts(Weights(*self.sure), Weights(*self.possible), some, some_possible, waived, waived_possible, min(self.due, default=None))


class Sums:
    """The sums in an executor's files, by organization."""

    COLUMNS = (
        'who::USMALLINT, window_first, window_last, c, o, u, p, c_maybe, o_maybe, u_maybe, p_maybe, "some", some_maybe, waived, waived_maybe,'
        " coalesce(due_days, '')"
    )

    def __init__(self, connection: Any, files: Iterable[File], first: int) -> None:
        shelves: dict[str, Shelf] = {}
        self._of: dict[int, tuple[Shelf, int]] = {}
        for file in files:
            if file.sums is not None:
                if file.sums not in shelves:
                    shelves[file.sums] = Shelf(connection.cursor(), f"SELECT subject, {self.COLUMNS} FROM {file.sums} ORDER BY subject")
                self._of[file.place - first] = shelves[file.sums], file.who

    def of(self, place: int, subject: int) -> dict[Span, Tallied]:
        """The sums of all windows of a roll-up that have parts."""
        shelf, who = self._of[place]
        rows: list[tuple[Any, ...]] = shelf.rows(subject)
        return {(row[1], row[2]): self._tallied(row) for row in rows if row[0] == who}

    def _tallied(self, row: tuple[Any, ...]) -> Tallied:
        found = Tallied()
        found.sure, found.possible = list(row[3:7]), list(row[7:11])
        found.some, found.waived = [row[11], row[12]], [row[13], row[14]]
        for entry in str(row[15]).split():
            day, number = entry.split("*")
            found.due[date.fromisoformat(day)] = int(number)
        return found


class CountingFinder(PartFinder):
    """Knows of the parts of a roll-up only what they add up to."""

    def __init__(self, counters: "Counters", place: int, evaluation: Evaluation, tally: Tally, known: KnownVerdicts) -> None:
        super().__init__(evaluation.engine, tally, known.parts)
        self._counters = counters
        self._place = place

    def found(self, subject: int, first: date, last: date) -> tuple[tuple[Part, ...], Counts]:
        return (), self._counters.of(self._place, subject, (first, last)).counts()

    def of(self, subject: int, verdicts: Iterable[Judged]) -> list[Part]:
        """The parts that the verdicts on one requirement and one organization become."""
        return list(self.merged(list(self.linked(subject, verdicts))))

    def _reached(self, subject: int, over: Linked, part: Judged) -> Truth:
        """Asked from below: upwards there are few organizations."""
        return link_on(self.engine.links, part.subject, opposite(over), subject, part.day)


def link_on(links: Links, organization: int, linked: Linked, target: int, day: date) -> Truth:
    """As `Links.link`; days between which nothing begins or ends are one."""
    turns = links.turns(organization, linked)
    seen = min(day, links.as_of)
    return links.link(organization, linked, target, max((turn for turn in turns if turn <= seen), default=date.min))


class Counters:
    """The sums of the roll-ups of a program whose windows are the same for all organizations.

    Parameters
    ----------
    windows: the windows of each roll-up, by its place; of those that are not counted here, `None`.
    sums: where they are in the beginning; without them, they are made from all parts when they are first asked for.
    """

    def __init__(self, evaluation: Evaluation, known: KnownVerdicts, reach: Reach, windows: Sequence[frozenset[Span] | None], sums: Sums | None) -> None:
        self._known = known
        self._reach = reach
        self._windows = windows
        self._sums = sums
        self._tallied: dict[tuple[int, int], dict[Span, Tallied]] = {}
        self._runners = evaluation.tallies
        self._groups = [groups_of(runner.tally) for runner in self._runners]
        self._finders = [CountingFinder(self, place, evaluation, runner.tally, known) for place, runner in enumerate(self._runners)]
        for place, runner in enumerate(self._runners):
            if windows[place] is not None:
                runner.finder = self._finders[place]

    def of(self, place: int, subject: int, span: Span) -> Tallied:
        """The sums of one window."""
        if self._sums is not None:
            return self._loaded(self._sums, place, subject, span)
        made = self._tallied.setdefault((place, subject), {})
        if span not in made:
            found = made[span] = Tallied()
            for part in self._finders[place].parts(subject, *span):
                found.add(part, self._groups[place], 1)
        return made[span]

    def _loaded(self, sums: Sums, place: int, subject: int, span: Span) -> Tallied:
        loaded = self._tallied.get((place, subject))
        if loaded is None:
            loaded = self._tallied[place, subject] = sums.of(place, subject)
        return loaded.setdefault(span, Tallied())

    def turned(self, place: int, verdicts: Verdicts, old: list[Known], new: list[Known]) -> dict[int, set[Span]]:
        """Verdicts came out otherwise: the windows of each organization whose sums change by that."""
        windows = self._windows[place]
        assert windows is not None
        found: dict[int, set[Span]] = {}
        runner = self._runners[place]
        for span in windows:
            before, after = ([known for known in some if known.selected(span)] for some in (old, new))
            if not same(before, after):
                for subject in self._reach.above(runner.tally, (verdicts[1],)):
                    if self._exchanged(place, subject, span, before, after):
                        found.setdefault(subject, set()).add(span)
        return found

    def _exchanged(self, place: int, subject: int, span: Span, before: list[Known], after: list[Known]) -> bool:
        finder = self._finders[place]
        gone, come = (finder.of(subject, [known.judged for known in some]) for some in (before, after))
        if list(map(_said, gone)) == list(map(_said, come)):
            return False
        if self._sums is not None or span in self._tallied.get((place, subject), ()):
            tallied = self.of(place, subject, span)
            for parts, times in ((gone, -1), (come, 1)):
                for part in parts:
                    tallied.add(part, self._groups[place], times)
        return True


def _said(part: Part) -> tuple[State, int, Truth, date | None]:
    return part.state, part.weight, part.linked, part.due_on

"""A session: facts come one by one, and each call says which verdicts it changed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mofan_rules.diagnostics import Language, QuestionError, make
from mofan_rules.evaluation.derived import Derived, named
from mofan_rules.evaluation.question import DateLike, Period, read_context, read_date
from mofan_rules.facts import Facts
from mofan_rules.facts.reading import normal
from mofan_rules.ir.derivations import Changed
from mofan_rules.ir.program import Context
from mofan_rules.ruleset import Ruleset
from mofan_rules.schema import Table
from mofan_rules.sessions.changes import Changes, Refusal, differences
from mofan_rules.sessions.following import Following
from mofan_rules.sessions.forecast import Due, forecast, read_until
from mofan_rules.sessions.independent import Entry, independent
from mofan_rules.sessions.journal import Journal, Synchronous
from mofan_rules.sessions.recorded import Columns, Recorded, Texts
from mofan_rules.sessions.records import Fact, cells_of
from mofan_rules.sessions.standing import Question, Replaced, Standing
from mofan_rules.sessions.subscribers import Callback, Subscribers
from mofan_rules.sessions.withdrawal import found_in, withdrawal
from mofan_rules.verdicts.frame import Verdicts

if TYPE_CHECKING:
    from mofan_rules.evaluation.explained import Explained


def open_session(
    ruleset: Ruleset,
    facts: Facts,
    as_of: DateLike,
    period: Period | None = None,
    journal: str | Path | None = None,
    synchronous: Synchronous = "NORMAL",
    executor: str = "duckdb",
    derive: bool = False,
) -> "Session":
    """A live evaluation.

    Parameters
    ----------
    facts: what is known at the beginning. They are read again whenever a fact changes more than its own organization's verdicts: files must stay as they are.
    as_of: the day the question is asked about; `Session.advance` moves it.
    period: the windows to report; default: the calendar year of the as-of date, also after it has moved.
    journal: a file in which every fact is kept before it is acknowledged; what an earlier session recorded there belongs to the facts.
    synchronous: `NORMAL` survives the death of the process, `FULL` a loss of power too, and takes longer.
    executor: what computes the whole table at the beginning.
    derive: keep the facts that follow from the verdicts up to date, and say with each call which came and which went.

    Raises
    ------
    QuestionError: if a date, the period or the executor is none, or the journal cannot be used.
    FactsError: if the facts do not go with the ruleset's vocabulary at all.
    """
    return Session.opened(ruleset, facts, as_of, period, journal, synchronous, executor, derive)


class Session:
    """A live evaluation; `open_session` makes one. Several threads may call it. It is a context manager that closes itself."""

    def __init__(
        self,
        ruleset: Ruleset,
        facts: Facts,
        as_of: DateLike,
        period: Period | None,
        journal: Journal | None,
        executor: str,
        standing: Standing | None = None,
        derive: bool = False,
    ) -> None:
        self.ruleset = ruleset
        self._base = facts
        self._period = period
        self._journal = journal
        self._executor = executor
        self._lock = RLock()
        self._subscribers = Subscribers()
        self._columns = Columns(ruleset.program.vocabulary)
        self._recorded = Recorded(self._columns)
        for table, row in journal.entries() if journal is not None else ():
            self._recorded.add(table, row)
        self._as_of = read_date("as_of", as_of)
        self._closed = False
        self._standing: Standing | None = standing or Standing.on(self._question(), self.facts())
        self._derive = derive
        self._following = Following(ruleset.program, self._standing) if derive else None

    @classmethod
    def opened(
        cls,
        ruleset: Ruleset,
        facts: Facts,
        as_of: DateLike,
        period: Period | None = None,
        journal: str | Path | None = None,
        synchronous: Synchronous = "NORMAL",
        executor: str = "duckdb",
        derive: bool = False,
    ) -> Self:
        """What `open_session` does."""
        kept = None if journal is None else Journal(Path(journal), synchronous, ruleset.program.ruleset)
        try:
            return cls(ruleset, facts, as_of, period, kept, executor, derive=derive)
        except BaseException:
            if kept is not None:
                kept.close()
            raise

    # what stands

    @property
    def as_of(self) -> date:
        """The day that the verdicts are about."""
        return self._as_of

    @property
    def context(self) -> Context:
        """The day and the period."""
        return read_context(self._as_of, self._period)

    @property
    def recorded(self) -> int:
        """How many rows were recorded, in this session and those before it on its journal; corrections and withdrawals are rows too."""
        with self._lock:
            return len(self._recorded)

    def facts(self) -> Facts:
        """All facts: those at the beginning, and those recorded. `evaluate` on them gives the session's verdicts."""
        with self._lock:
            return self._recorded.facts(self._base)

    def verdicts(self) -> Verdicts:
        """The verdict table."""
        with self._lock:
            return Verdicts(self._stands().verdicts())

    def derived(self) -> tuple[Derived, ...]:
        """The facts that the ruleset's `derive:` asserts on the verdicts, sorted by kind, organization, date, attributes."""
        with self._lock:
            stands = self._stands()
            if self._following is not None:
                return tuple(named(self._following.derived(), self.ruleset.vocabulary))
            if stands.changed:
                self._renew()
            return self._stands().answer().derived()

    def rejected(self) -> list[Refusal]:
        """The rows of all facts that were not admitted."""
        with self._lock:
            return self._stands().refused()

    def explain(self, subject: str, requirement: str, window: "Period | date | None" = None, key: str | None = None, language: Language = "zh") -> "Explained":
        """Why one verdict is what it is; the arguments are those of `Evaluation.explain`.

        Raises
        ------
        QuestionError: if there is no such organization, requirement or verdict.
        """
        with self._lock:
            if self._stands().changed:
                self._renew()
            return self._stands().answer().explain(subject, requirement, window, key, language)

    def due(self, until: DateLike, on_day: Callable[[date], None] = lambda day: None) -> tuple[Due, ...]:
        """What is pending and will not be on a day up to `until`, if nothing happens: in the order of the days.

        Parameters
        ----------
        on_day: is told each day that is looked at; what it raises ends the forecast.

        Raises
        ------
        QuestionError: if the day is none, or not after the as-of date.
        """
        day = read_until(until, self._as_of)
        with self._lock:
            if self._stands().changed:
                self._renew()
            return forecast(self.ruleset.program, self._stands().admitted, self.context, day, self._executor, on_day)

    # what comes

    def record(self, fact: Fact) -> Changes:
        """Take a fact.

        Returns
        -------
        The verdicts that changed; `ids` has the fact's id.

        Raises
        ------
        QuestionError: if the fact has a column that its table has not, or the journal cannot be written. Then nothing has happened.
        """
        return self.record_many([fact])

    def record_many(self, facts: Iterable[Fact]) -> Changes:
        """Take several facts at once: all of them, or (if one cannot be taken) none."""
        with self._lock:
            return self._take([self._entry(fact) for fact in facts])

    def correct(self, identifier: str, fact: Fact) -> Changes:
        """Take a fact in the place of another, which no longer counts. It is recorded on the as-of date unless it says otherwise.

        Raises
        ------
        QuestionError: as `record`, or if the table of the fact has no row with that id.
        """
        with self._lock:
            table = found_in(identifier, fact.table, self._recorded, self._stands().admitted)
            row = self._entry(fact)[1]
            return self._take([(table, {**row, "supersedes": identifier})])

    def withdraw(self, identifier: str, table: Table | str | None = None) -> Changes:
        """Let a fact count no longer.

        Parameters
        ----------
        table: where several tables have a row with that id, the one that is meant.

        Raises
        ------
        QuestionError: if no row has that id, or rows of several tables do.
        """
        with self._lock:
            asked = None if table is None else Table(table)
            found = found_in(identifier, asked, self._recorded, self._stands().admitted)
            row = withdrawal(identifier, found, self._recorded, self._stands().admitted)
            return self._take([(found, self._completed(found, row))])

    def advance(self, as_of: DateLike) -> Changes:
        """Move the as-of date: the verdicts that change by the passing of time."""
        with self._lock:
            day = read_date("as_of", as_of)
            before = self._stands()
            previous, self._as_of = self._as_of, day
            try:
                return self._told(self._replace(before))
            except BaseException:
                self._as_of = previous
                raise

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Have every change told, in order, by a thread of its own: a slow callback delays nobody, and what it raises is logged.

        Returns
        -------
        What ends it.
        """
        return self._subscribers.add(callback)

    def close(self) -> None:
        """End the session; what was recorded stays in the journal. What subscribers have not been told yet, they are told first."""
        with self._lock:
            if self._standing is not None:
                self._standing.close()
                self._standing = None
            if self._following is not None:
                self._following.close()
            if self._journal is not None and not self._closed:
                self._journal.close()
            self._closed = True
        self._subscribers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # how it is done

    def _stands(self) -> Standing:
        if self._closed:
            raise QuestionError([make("session-closed", None)])
        if self._standing is None:
            self._standing = Standing.on(self._question(), self.facts())
            if self._derive:
                self._following = Following(self.ruleset.program, self._standing)
        return self._standing

    def _question(self) -> Question:
        return Question(self.ruleset, self._executor, self.context)

    def _entry(self, fact: Fact) -> Entry:
        return fact.table, self._completed(fact.table, self._columns.texts(fact.table, cells_of(fact)))

    def _completed(self, table: Table, row: Texts) -> Texts:
        """The row with a day of record; its id is given when its number is known."""
        return {"recorded_on": self._as_of.isoformat(), **row}

    def _take(self, entries: list[Entry]) -> Changes:
        stands = self._stands()
        numbered = list(self._identified(entries, stands))
        if self._journal is not None:
            self._journal.append(numbered)
        for table, row in numbered:
            self._recorded.add(table, row)
        ids = tuple(str(row["id"]) for _, row in numbered)
        try:
            singles = independent(numbered, stands.single)
            changes = self._replace(stands) if singles is None else self._added(stands, stands.add(singles))
        except BaseException:
            # the facts are in the journal: what stands is made anew with them when it is asked for next
            self._standing = None
            if self._following is not None:
                self._following.close()
                self._following = None
            raise
        return self._told(replace(changes, ids=ids))

    def _identified(self, entries: Iterable[Entry], stands: Standing) -> Iterator[Entry]:
        """The rows, those without an id with one that no row of their table bears or names."""
        number = len(self._recorded)
        for table, row in entries:
            number += 1
            if normal(row.get("id") or "") is None:
                while stands.facts.mentions(table, f"session-{number:09}"):
                    number += 1
                row = {**row, "id": f"session-{number:09}"}
            yield table, row

    def _added(self, stands: Standing, replaced: Replaced) -> Changes:
        old, new = (row for before, _ in replaced.values() for row in before), (row for _, after in replaced.values() for row in after)
        changes = Changes(differences(old, new, self.ruleset.catalogue))
        return changes if self._following is None else self._changes(changes, self._following.added(stands, replaced))

    def _changes(self, changes: Changes, follows: Changed) -> Changes:
        """Changes, with what follows from them."""
        derived, withdrawn = (tuple(named(facts, self.ruleset.vocabulary)) for facts in (follows.derived, follows.withdrawn))
        return replace(changes, derived=derived, withdrawn=withdrawn)

    def _replace(self, before: Standing) -> Changes:
        """Let all facts be admitted and judged anew."""
        after = Standing.on(self._question(), self.facts())
        self._standing = after
        known = set(before.refused())
        changed = differences(before.verdicts().rows(), after.verdicts().rows(), self.ruleset.catalogue)
        rejected = tuple(one for one in after.refused() if one not in known)
        before.close()
        changes = Changes(changed, (), rejected)
        return changes if self._following is None else self._changes(changes, self._following.renewed(after))

    def _renew(self) -> None:
        before = self._stands()
        self._standing = Standing.on(self._question(), self.facts())
        before.close()

    def _told(self, changes: Changes) -> Changes:
        if changes or changes.derived or changes.withdrawn:
            self._subscribers.tell(changes)
        return changes

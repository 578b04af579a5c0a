"""How things stand: admitted facts on an as-of date with their verdict table, and what a new row changes in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from mofan_rules import pipeline
from mofan_rules.evaluation import Evaluation as Answer
from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.evaluation import Evaluation, Kept
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.facts import AdmittedFacts, Facts, admit
from mofan_rules.facts.single import SINGLE, SingleReader, SingleRow
from mofan_rules.ir.program import Context
from mofan_rules.ruleset import Ruleset
from mofan_rules.schema import Table
from mofan_rules.sessions.changes import Refusal
from mofan_rules.sessions.kept_parts import KeptPartFinder
from mofan_rules.sessions.live import LiveFacts
from mofan_rules.sessions.reach import Reach, Verdicts
from mofan_rules.sessions.recorded import Texts
from mofan_rules.sessions.spans import spans_asked
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import COLUMNS, QueryableTable, Verdict, VerdictTable


@dataclass(frozen=True, slots=True)
class Question:
    """What a session is about: a ruleset, the executor that computes whole tables, and the day and period asked."""

    ruleset: Ruleset
    executor: str
    context: Context


Replaced = dict[Verdicts, tuple[list[Verdict], list[Verdict]]]
"""The verdicts that came out otherwise than they were, before and after."""


class Standing:
    """The verdicts on facts that were admitted as a whole, and since then grown by rows that stand in no relation to others.

    Verdicts that such rows have reached are judged by the interpreter and kept here; all others stand in the executor's table.
    """

    def __init__(self, question: Question, admitted: AdmittedFacts, table: VerdictTable) -> None:
        program = question.ruleset.program
        self.question = question
        self.admitted = admitted
        self.table = table
        self.facts = LiveFacts(self.admitted)
        self.evaluation = Evaluation(Engine(program, self.facts, question.context))
        self._finders = [KeptPartFinder(self.evaluation.engine, runner.tally, self.evaluation.parts) for runner in self.evaluation.tallies]
        for runner, finder in zip(self.evaluation.tallies, self._finders, strict=True):
            runner.finder = finder
        self.reach = Reach(self.evaluation.engine, self.evaluation.subjects())
        numbers, certain = self._numbers()
        self._readers = {table: SingleReader(table, program.vocabulary, numbers, certain) for table in SINGLE}
        self._attended = bool(self.facts.table(Table.ATTENDANCE))
        self._judged: dict[Verdicts, list[Verdict]] = {}
        self.added: list[Row] = []
        """The rows that were added last."""
        self._tallied = frozenset(tally.header.requirement for tally in program.tallies)
        self._spans = spans_asked(program, question.context)
        self._looked_up: dict[str, dict[str, list[Verdict]]] = {}

    @classmethod
    def on(cls, question: Question, facts: Facts) -> Self:
        """The verdicts on facts, which are admitted and judged as a whole."""
        admitted = admit(facts, question.ruleset.program.vocabulary, keep_keys=True)
        try:
            return cls(question, admitted, pipeline.run(question.executor, question.ruleset.program, admitted, question.context))
        except BaseException:
            admitted.connection.close()
            raise

    def _numbers(self) -> tuple[dict[str, int], frozenset[int]]:
        """The organizations by each of their ids, and those that stand in some row that was not rejected."""
        cursor = self.admitted.connection
        numbers = {str(name): int(number) for name, number in cursor.execute("SELECT id, number FROM facts.ids").fetchall()}
        certain = cursor.execute("SELECT DISTINCT organization FROM facts.organizations WHERE certain AND organization IS NOT NULL").fetchall()
        return numbers, frozenset(int(row[0]) for row in certain)

    @property
    def changed(self) -> bool:
        """Have rows been added since the facts were admitted?"""
        return bool(self._judged)

    def verdicts(self) -> VerdictTable:
        """The whole table."""
        if not self._judged:
            return self.table
        ids = self.facts.subjects
        judged = {(requirement, ids[subject]) for requirement, subject in self._judged}
        kept = [row for row in self.table.rows() if (row.requirement, row.subject) not in judged]
        return RowsTable([*kept, *(row for rows in self._judged.values() for row in rows)])

    def refused(self) -> list[Refusal]:
        """The rows that were rejected."""
        columns = ", ".join(f'"{name}"' for name in Refusal.__slots__)
        found = self.admitted.connection.execute(f'SELECT {columns} FROM facts.rejected ORDER BY "table", file, line, code').fetchall()
        return [Refusal(*row) for row in found]

    # rows that come

    def single(self, table: Table, texts: Texts) -> SingleRow | None:
        """A row that can be added as it is: it bears a new id, and what it says changes no other row."""
        reader = self._readers.get(table)
        row = None if reader is None else reader.row(texts)
        if row is None or self.facts.mentions(table, row.id):
            return None
        return None if table is Table.TENURES and self._meets(row) else row

    def _meets(self, row: SingleRow) -> bool:
        """Does a tenure end or begin on a day on which another of its organization and role begins or ends, or may it count as expected at a meeting?"""
        roster = self.admitted.vocabulary.roster
        if self._attended and roster is not None and row.values["role"] in self.admitted.vocabulary.family(Table.TENURES, roster):
            return True
        organization = row.values["organization"]
        assert isinstance(organization, int)
        for other in self.facts.owned(Table.TENURES, "organization", organization):
            begins, ends = other.day("from_date"), other.day("until_date")
            if row.values["until_date_low"] in (begins.low, begins.high) or row.values["from_date_low"] in (ends.low, ends.high):
                return True
        return False

    def add(self, singles: Sequence[SingleRow]) -> Replaced:
        """Add rows, and judge again what they reach: first what reads them, then the tallies of what has come out otherwise."""
        rows = self.added = [self.facts.row(single) for single in singles]
        direct = self.reach.judged(rows)
        before = {verdicts: self._rows(verdicts) for verdicts in sorted(direct) if verdicts[0] not in self._tallied}
        parts = {verdicts: self.evaluation.kept(*verdicts) for verdicts in direct}
        for row in rows:
            self.facts.add(row)
        after: dict[Verdicts, list[Verdict]] = {}
        turned: set[Verdicts] = set()
        for verdicts in before:
            after[verdicts] = self._again(verdicts, parts[verdicts], turned)
        for tally in self.question.ruleset.program.tallies:
            requirement = tally.header.requirement
            subjects = self.reach.above(tally, {subject for part, subject in turned if part in tally.parts})
            subjects |= {subject for name, subject in direct if name == requirement}
            for subject in sorted(subjects):
                one = (requirement, subject)
                if one not in before:
                    before[one] = self._stood(one)
                    parts[one] = self.evaluation.kept(*one)
                after[one] = self._again(one, parts[one], turned)
        self._judged |= after
        return {verdicts: (old, after[verdicts]) for verdicts, old in before.items() if old != after[verdicts]}

    def _again(self, verdicts: Verdicts, known: Kept, turned: set[Verdicts]) -> list[Verdict]:
        """Judge anew. `turned` takes what tallies have to look at again: verdicts of which something that one may ask was not known, or came out otherwise."""
        self.evaluation.forget(*verdicts)
        for finder in self._finders:
            finder.forget(verdicts)
        found = self._judge(verdicts)
        spans = self._spans.get(verdicts[0], frozenset())
        now = {} if spans is None else {span: self.evaluation.parts(*verdicts, *span) for span in spans}
        if spans is None or any(known.get(span) != parts for span, parts in now.items()):
            turned.add(verdicts)
        return found

    def _stood(self, verdicts: Verdicts) -> list[Verdict]:
        """The rows of a tally as they stood: the facts have changed already, so that they are looked up."""
        known = self._judged.get(verdicts)
        if known is not None:
            return known
        requirement, subject = verdicts
        if requirement not in self._looked_up:
            self._looked_up[requirement] = {}
            for row in self._rows_of(requirement):
                self._looked_up[requirement].setdefault(row.subject, []).append(row)
        return self._looked_up[requirement].get(self.facts.subjects[subject], [])

    def _rows_of(self, requirement: str) -> list[Verdict]:
        """The rows of a requirement in the executor's table."""
        if isinstance(self.table, QueryableTable):
            with self.table.connect(ordered=False) as connection:
                columns = ", ".join(COLUMNS)
                found = connection.execute(
                    f"SELECT {columns} FROM verdicts WHERE requirement = ? ORDER BY window_from NULLS FIRST, window_until NULLS FIRST, key", [requirement]
                ).fetchall()
            return [Verdict._make(row) for row in found]
        return [row for row in self.table.rows() if row.requirement == requirement]

    def _rows(self, verdicts: Verdicts) -> list[Verdict]:
        known = self._judged.get(verdicts)
        return self._judge(verdicts) if known is None else known

    def _judge(self, verdicts: Verdicts) -> list[Verdict]:
        period = self.question.context.period_first, self.question.context.period_last
        tallied = period in (self._spans.get(verdicts[0]) or ())
        judged = (self.evaluation.parts if tallied else self.evaluation.judged)(*verdicts, *period)
        return [self.evaluation.verdict(one) for one in judged]

    def answer(self) -> Answer:
        """The evaluation as `evaluate` gives it; only where no rows were added."""
        return Answer(self.question.ruleset, self.admitted, self.question.context, self.question.executor, self.verdicts())

    def close(self) -> None:
        """Give the memory back."""
        self.admitted.connection.close()

"""How things stand: admitted facts on an as-of date with their verdict table, and what a new row changes in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from mofan_rules import pipeline
from mofan_rules.evaluation import Evaluation as Answer
from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.facts import AdmittedFacts, Facts, admit
from mofan_rules.facts.single import SINGLE, SingleReader, SingleRow
from mofan_rules.ir.program import Context
from mofan_rules.ruleset import Ruleset
from mofan_rules.schema import Table
from mofan_rules.sessions.changes import Refusal
from mofan_rules.sessions.counters import Sums
from mofan_rules.sessions.known import Known, KnownVerdicts, Store
from mofan_rules.sessions.live import LiveFacts
from mofan_rules.sessions.reach import Reach, Verdicts
from mofan_rules.sessions.recorded import Texts
from mofan_rules.sessions.roll_ups import RollUps, Turned
from mofan_rules.sessions.spans import spans_asked
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import FiledTable, Verdict, VerdictTable


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
        self.reach = Reach(self.evaluation.engine, self._subjects())
        files = table.files if isinstance(table, FiledTable) else None
        store = None if files is None else Store(self.evaluation, admitted.connection, files)
        sums = None if files is None else Sums(admitted.connection, files, len(program.judgements))
        self.known = KnownVerdicts(self.evaluation, spans_asked(program, question.context), store)
        self._roll_ups = RollUps(self.evaluation, self.reach, self.known, sums)
        numbers, certain = self._numbers()
        self._readers = {table: SingleReader(table, program.vocabulary, numbers, certain) for table in SINGLE}
        self._attended = bool(self.facts.table(Table.ATTENDANCE))
        self._judged: set[Verdicts] = set()
        self.added: list[Row] = []
        """The rows that were added last."""
        self._tallied = frozenset(tally.header.requirement for tally in program.tallies)
        self._looked_up: dict[str, dict[str, list[Verdict]]] = {}

    @classmethod
    def on(cls, question: Question, facts: Facts) -> Self:
        """The verdicts on facts, which are admitted and judged as a whole."""
        admitted = admit(facts, question.ruleset.program.vocabulary, keep_keys=True)
        try:
            return cls(question, admitted, pipeline.run(question.executor, question.ruleset.program, admitted, question.context, keeps_sums=True))
        except BaseException:
            admitted.connection.close()
            raise

    def _subjects(self) -> list[int]:
        """The organizations that verdicts can be about (meaning 1.6)."""
        seen = "organization IS NOT NULL AND valid_from_low <= ?"
        found = self.admitted.connection.execute(f"SELECT DISTINCT organization FROM facts.organizations WHERE {seen}", [self.question.context.as_of])
        return [int(row[0]) for row in found.fetchall()]

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
        return RowsTable([*kept, *(row for verdicts in self._judged for row in self.known.rows(verdicts))])

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
        judgements = sorted(verdicts for verdicts in direct if verdicts[0] not in self._tallied)
        before = {verdicts: self.known.of(verdicts) for verdicts in judgements}
        for row in rows:
            self.facts.add(row)
        turned: Turned = {verdicts: (old, self.known.again(verdicts)) for verdicts, old in before.items()}
        self._roll_ups.judge_again(turned, direct - set(judgements))
        replaced: Replaced = {}
        for verdicts, (known, new) in turned.items():
            old = self._stood(verdicts) if known is None else self._shown(known)
            if old != (now := self._shown(new)):
                replaced[verdicts] = old, now
        self._judged |= turned.keys()
        return replaced

    def _shown(self, known: Iterable[Known]) -> list[Verdict]:
        return [one.row for one in known if one.selected(self.known.period)]

    def _stood(self, verdicts: Verdicts) -> list[Verdict]:
        """The rows of a roll-up as they stood: the facts have changed already, so that they are looked up."""
        requirement, subject = verdicts
        if requirement not in self._looked_up:
            self._looked_up[requirement] = {}
            for row in self._rows_of(requirement):
                self._looked_up[requirement].setdefault(row.subject, []).append(row)
        return self._looked_up[requirement].get(self.facts.subjects[subject], [])

    def _rows_of(self, requirement: str) -> list[Verdict]:
        """The rows of a requirement in the executor's table."""
        return [row for row in self.table.rows() if row.requirement == requirement]

    def answer(self) -> Answer:
        """The evaluation as `evaluate` gives it; only where no rows were added."""
        return Answer(self.question.ruleset, self.admitted, self.question.context, self.question.executor, self.verdicts())

    def close(self) -> None:
        """Give the memory back."""
        self.admitted.connection.close()

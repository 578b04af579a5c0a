"""The executor: every judgement, then every tally, each into its table of verdict rows, and these into one."""

from collections.abc import Mapping

from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.finds import refused_finds
from mofan_rules.executors.duckdb.fused import families, judge_together
from mofan_rules.executors.duckdb.gathered import judge_states_together
from mofan_rules.executors.duckdb.judging import judge
from mofan_rules.executors.duckdb.periods import Wanted, selected, wanted_periods
from mofan_rules.executors.duckdb.support import refusals
from mofan_rules.executors.duckdb.table import DuckTable
from mofan_rules.executors.duckdb.tallies import tally_table
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Judge, Judgement, Program, Tally


class Executor:
    """Computes programs as SQL over the admitted tables."""

    name = "duckdb"

    def unsupported(self, program: Program) -> list[str]:
        """What of the program cannot be computed in 128 bits or has no meaning here, a sentence each."""
        return [*refusals(program), *refused_finds(program)]

    def run(self, program: Program, facts: AdmittedFacts, context: Context) -> DuckTable:
        """All verdict rows of the context's period.

        Raises
        ------
        UnsupportedProgram: if `unsupported` has anything to say.
        """
        reasons = self.unsupported(program)
        if reasons:
            raise UnsupportedProgram(reasons)
        work = Work(program, facts, context, context)
        periods = wanted_periods(program, context)
        queries: dict[str, list[str]] = {name: [] for name in periods}
        tables: list[tuple[Judgement | Tally, str]] = []

        def keep(judged: Judgement | Tally, table: str) -> None:
            wanted = periods[judged.header.requirement]
            queries[judged.header.requirement].append(_selected(work, judged, table, wanted.counted))
            if wanted.counted:
                tables.append((judged, table))

        for family in families(work, program.judgements, periods):
            wanted = periods[family[0].header.requirement]
            work.look_at(wanted.first, wanted.last, wanted.answered)
            relations = _judged(work, family, periods)
            for judgement, relation in zip(family, relations, strict=True):
                keep(judgement, relation)
        for tally in program.tallies:
            wanted = periods[tally.header.requirement]
            work.look_at(wanted.first, wanted.last, wanted.answered)
            keep(tally, tally_table(work, tally, tables))
        reader = facts.connection.cursor()
        table_of_all = DuckTable(reader, work.store, queries)
        work.cursor.close()
        return table_of_all


def _judged(work: Work, family: list[Judgement], periods: Mapping[str, Wanted]) -> list[str]:
    """A relation of the verdict rows of each member."""
    if len(family) == 1:
        return [judge(work, family[0])]
    if family[0].judge is Judge.WINDOW:
        return judge_together(work, family)
    return judge_states_together(work, family, periods)


def _selected(work: Work, judged: Judgement | Tally, table: str, widened: bool) -> str:
    """The query of the rows of a table that the period asked selects."""
    columns = "subject, key, window_first, window_last, reason, measured, required, due_on, accountable"
    asked = work.asked
    condition = selected(asked, judged, sql.day(asked.period_first), sql.day(asked.period_last))
    return f"SELECT {columns} FROM {table}" + (f" WHERE {condition}" if widened else "")

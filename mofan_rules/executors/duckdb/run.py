"""The executor: every judgement, then every tally, each into its table of verdict rows, and these into one."""

from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.judging import judge
from mofan_rules.executors.duckdb.periods import selected, wanted_periods
from mofan_rules.executors.duckdb.support import refusals
from mofan_rules.executors.duckdb.table import DuckTable
from mofan_rules.executors.duckdb.tallies import tally_table
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Judgement, Program, Tally
from mofan_rules.verdicts.reasons import REASONS


class Executor:
    """Computes programs as SQL over the admitted tables."""

    name = "duckdb"

    def unsupported(self, program: Program) -> list[str]:
        """What of the program cannot be computed in 128 bits or has no meaning here, a sentence each."""
        return refusals(program)

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
        requirements = sorted(periods)
        listed = ", ".join(sql.text(reason) for reason in REASONS)
        columns = (
            f"place INTEGER, subject INTEGER, key VARCHAR, window_first DATE, window_last DATE, reason ENUM({listed}), measured VARCHAR, required VARCHAR,"
            " due_on DATE, accountable INTEGER"
        )
        work.cursor.execute(f"CREATE TEMP TABLE verdicts ({columns})").fetchall()
        tables: list[tuple[Judgement | Tally, str]] = []
        everything: list[Judgement | Tally] = [*program.judgements, *program.tallies]
        for judged in everything:
            wanted = periods[judged.header.requirement]
            work.context = Context(context.as_of, wanted.first, wanted.last)
            work.answered = wanted.answered
            table = judge(work, judged) if isinstance(judged, Judgement) else tally_table(work, judged, tables)
            _add(work, requirements.index(judged.header.requirement), judged, table)
            if wanted.counted:
                tables.append((judged, table))
            else:
                work.drop(table)
        return DuckTable(work.cursor, "verdicts", requirements)


def _add(work: Work, place: int, judged: Judgement | Tally, table: str) -> None:
    """The rows of a table that the period asked selects, into the verdicts."""
    asked = work.asked
    condition = selected(asked, judged, sql.day(asked.period_first), sql.day(asked.period_last))
    query = f"INSERT INTO verdicts SELECT {place}, subject, key, window_first, window_last, reason, measured, required, due_on, accountable FROM {table} WHERE {condition}"
    work.cursor.execute(query).fetchall()

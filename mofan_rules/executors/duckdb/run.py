"""The executor: every judgement, then every tally, each into its table of verdict rows, and these into one."""

from collections.abc import Mapping, Sequence
from functools import partial

from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.desks import desks_for, share_out
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
        together = families(work, program.judgements, periods)
        desks = desks_for(work, len(together))
        relations = share_out(desks, [partial(_judged, family=family, periods=periods) for family in together])
        tables: list[tuple[Judgement | Tally, str]] = [
            pair for family, listed in zip(together, relations, strict=True) for pair in zip(family, listed, strict=True)
        ]
        for level in _levels(program.tallies):
            counts = share_out(desks, [partial(_counted, tally=tally, tables=tables, wanted=periods[tally.header.requirement]) for tally in level])
            tables += zip(level, counts, strict=True)
        queries: dict[str, list[str]] = {name: [] for name in periods}
        for judged, table in tables:
            name = judged.header.requirement
            queries[name].append(_selected(work, judged, table, periods[name].counted))
        table_of_all = DuckTable(facts.connection.cursor(), work.store, queries)
        for desk in desks:
            desk.cursor.close()
        return table_of_all


def _levels(tallies: Sequence[Tally]) -> list[list[Tally]]:
    """The tallies in levels, each above all that it counts."""
    level: dict[str, int] = {}
    for tally in tallies:
        mine = max((level[part] + 1 for part in tally.parts if part in level), default=0)
        level[tally.header.requirement] = max(mine, level.get(tally.header.requirement, 0))
    levels: dict[int, list[Tally]] = {}
    for tally in tallies:
        levels.setdefault(level[tally.header.requirement], []).append(tally)
    return [levels[number] for number in sorted(levels)]


def _counted(work: Work, tally: Tally, tables: list[tuple[Judgement | Tally, str]], wanted: Wanted) -> str:
    """The table of the verdict rows of a tally, from those of all that it counts."""
    work.look_at(wanted.first, wanted.last, wanted.answered)
    return tally_table(work, tally, tables)


def _judged(work: Work, family: list[Judgement], periods: Mapping[str, Wanted]) -> list[str]:
    """A relation of the verdict rows of each member."""
    wanted = periods[family[0].header.requirement]
    work.look_at(wanted.first, wanted.last, wanted.answered)
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

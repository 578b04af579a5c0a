"""The executor: every judgement, then every tally, each into its table of verdict rows, and these into one."""

from collections.abc import Mapping, Sequence
from functools import partial

from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.desks import desks_for, share_out
from mofan_rules.executors.duckdb.families import families
from mofan_rules.executors.duckdb.finds import refused_finds
from mofan_rules.executors.duckdb.fused import count_alike, judge_together
from mofan_rules.executors.duckdb.judging import judge_windows
from mofan_rules.executors.duckdb.periods import Wanted, selected, wanted_periods
from mofan_rules.executors.duckdb.states import judge_states
from mofan_rules.executors.duckdb.support import refusals
from mofan_rules.executors.duckdb.table import DuckTable
from mofan_rules.executors.duckdb.tallies import count_together, tally_families
from mofan_rules.executors.duckdb.verdicts import Filed
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Judge, Judgement, Program, Tally
from mofan_rules.verdicts.table import File


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
        return self._run(program, facts, context, keeps_sums=False)

    def run_keeping(self, program: Program, facts: AdmittedFacts, context: Context) -> DuckTable:
        """The same; what the parts of roll-ups add up to is kept, and the table says where.

        Raises
        ------
        UnsupportedProgram: as `run`.
        """
        return self._run(program, facts, context, keeps_sums=True)

    def _run(self, program: Program, facts: AdmittedFacts, context: Context, keeps_sums: bool) -> DuckTable:
        reasons = self.unsupported(program)
        if reasons:
            raise UnsupportedProgram(reasons)
        work = Work(program, facts, context, context, keeps_sums=keeps_sums)
        periods = wanted_periods(program, context)
        # Judging days takes longest: what is begun last should not keep one desk busy while the others are done.
        together = sorted(families(work, program.judgements, periods), key=lambda family: family[0].judge is Judge.WINDOW)
        desks = desks_for(work, len(together))
        found = share_out(desks, [partial(_judged, family=family, periods=periods) for family in together])
        made: list[tuple[Judgement | Tally, Filed]] = [
            pair for family, listed in zip(together, found, strict=True) for pair in zip(family, listed, strict=True)
        ]
        for level in _levels(program.tallies):
            counting = tally_families(work, level)
            counts = share_out(desks, [partial(_counted, family=family, made=made, periods=periods) for family in counting])
            made += [pair for family, listed in zip(counting, counts, strict=True) for pair in zip(family, listed, strict=True)]
        queries: dict[str, list[str]] = {name: [] for name in periods}
        for judged, place in made:
            name = judged.header.requirement
            queries[name].append(_selected(work, judged, place, periods[name].counted))
        places = {id(node): place for place, node in enumerate((*program.judgements, *program.tallies))}
        files = [File(places[id(node)], place.table, place.who, place.sums) for node, place in made] if keeps_sums else None
        table_of_all = DuckTable(facts.connection.cursor(), work.store, queries, files)
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


def _counted(work: Work, family: list[Tally], made: list[tuple[Judgement | Tally, Filed]], periods: Mapping[str, Wanted]) -> list[Filed]:
    """The verdict rows of tallies, from those of all that they count."""
    wanted = periods[family[0].header.requirement]
    work.look_at(wanted.first, wanted.last, wanted.answered)
    return count_together(work, family, made, periods)


def _judged(work: Work, family: list[Judgement], periods: Mapping[str, Wanted]) -> list[Filed]:
    """The verdict rows of each member."""
    wanted = periods[family[0].header.requirement]
    work.look_at(wanted.first, wanted.last, wanted.answered)
    if family[0].judge is not Judge.WINDOW:
        return judge_states(work, family, periods)
    if len(family) > 1 and count_alike(work, family):
        return judge_together(work, family)
    return judge_windows(work, family, periods)


def _selected(work: Work, judged: Judgement | Tally, found: Filed, widened: bool) -> str:
    """The query of the rows that the period asked selects."""
    columns = "subject, key, window_first, window_last, reason, measured, required, due_on, accountable"
    asked = work.asked
    condition = selected(asked, judged, sql.day(asked.period_first), sql.day(asked.period_last))
    return f"SELECT {columns} FROM {found.rows}" + (f" AND {condition}" if widened else "")

"""Looks at states: the tests of some judgements on days. A look is a cell whose window is that day (`docs/meaning.md` section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from mofan_rules.executors.duckdb.cells import PLAIN
from mofan_rules.executors.duckdb.measures import computed
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.scope import Judging
from mofan_rules.executors.duckdb.verdicts import (
    judged,
    judged_together,
)
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Measure
from mofan_rules.ir.program import Judgement, Snapshot, Windows


@dataclass(frozen=True, slots=True)
class Looks:
    """The tests on some days: a table (cell, truth, reason, measured, required, missing_parameter, undecided, rejected, unfed, given)."""

    table: str


@dataclass(frozen=True, slots=True)
class States:
    """Judgements on states that are judged as one: they agree in `judge`, `grace`, `partial` and who is accountable.

    Parameters
    ----------
    members: the judgements; where there are several, every table of cells has the column `who`.
    measures: the measures of all of them, shared ones once.
    used: for each member the places of its measures in `measures`.
    choices: the columns of the parameters in `when`.
    tested: all expressions of tests and measures.
    """

    members: Sequence[Judgement]
    measures: Sequence[Measure]
    used: Sequence[Sequence[int]]
    choices: dict[str, str]
    tested: list[Expression | None]

    @property
    def one(self) -> Judgement:
        """The one judgement, or one of those that agree."""
        return self.members[0]

    @property
    def who(self) -> str:
        """The column that tells cells of several members apart, for a list of columns."""
        return ", who" if len(self.members) > 1 else ""

    @property
    def windows(self) -> Windows:
        """The windows of the one judgement. Measures of several look at none."""
        return Snapshot() if self.who else self.one.windows


def look(work: Work, states: States, days: str) -> str:
    """The tests on the days of a relation (cell, subject, day, row_first, and who if there are several members)."""
    choices = choice_columns(work, named_parameters(states.tested))
    plain = PLAIN.replace("NULL::INTEGER AS preset, ", "")
    cells = (
        f"(SELECT cell, subject, day, row_first, day AS window_first, day AS window_last, day AS due, day AS law, {plain}, FALSE AS is_open, FALSE AS may_open,"
        f" FALSE AS extended, NULL::DATE AS answered_on{states.who} FROM ({days}))"
    )
    table = work.table("cells", f"SELECT * FROM {with_choices(work, cells, choices)}")
    judging = Judging(work, table, states.windows, True, choices)
    measures = [computed(judging, measure, number, None) for number, measure in enumerate(states.measures)]
    result = judged_together(judging, states.members, measures, states.used) if states.who else judged(judging, states.one, measures)
    frame = result.frame
    cell = frame.need("c.cell")
    truth = frame.keep(f"({result.truth})")
    columns = {
        "cell": cell,
        "truth": truth,
        "reason": result.reason,
        "measured": result.measured,
        "required": result.required,
        "missing_parameter": result.missing_parameter,
        "undecided": result.undecided,
        "rejected": result.rejected,
        "unfed": result.unfed,
    }
    if states.one.given is not None:
        columns["given"] = result.given
    listed = ", ".join(f"{column} AS {name}" for name, column in columns.items())
    looks = work.table("looks", f"SELECT {listed} FROM {frame.relation(result.source)}")
    work.drop(table, *(made for measure in measures for made in measure.tables))
    return looks

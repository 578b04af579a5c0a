"""The interpreter: the whole program, requirement by requirement and subject by subject."""

from mofan_rules.executors.interpreter.engine import Engine
from mofan_rules.executors.interpreter.evaluation import Evaluation
from mofan_rules.executors.interpreter.explain import Asked, WindowName, explain
from mofan_rules.executors.interpreter.facts import Facts
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.verdicts.explanation import Explanation
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import Verdict, VerdictTable


def verdicts(program: Program, facts: Facts, context: Context) -> list[Verdict]:
    """All verdict rows, requirement by requirement, from facts that have been read; those that tallies read too are judged once."""
    evaluation = Evaluation(Engine(program, facts, context))
    parts = {part for tally in program.tallies for part in tally.parts}
    subjects = evaluation.subjects()
    return [
        evaluation.verdict(judged)
        for requirement in dict.fromkeys(runner.header.requirement for runner in evaluation.runners)
        for subject in subjects
        for judged in (evaluation.parts if requirement in parts else evaluation.judged)(requirement, subject, context.period_first, context.period_last)
    ]


class Executor:
    """The reference executor: what it says is what a program means."""

    name = "interpreter"

    def unsupported(self, program: Program) -> list[str]:
        """Nothing: the interpreter computes every node."""
        return []

    def run(self, program: Program, facts: AdmittedFacts, context: Context) -> VerdictTable:
        """All verdict rows of the context's period, those of requirements in stage `shadow` included."""
        return RowsTable(verdicts(program, Facts(facts, whole=True), context))

    def explain(
        self,
        program: Program,
        facts: AdmittedFacts,
        context: Context,
        requirement: str,
        subject: str,
        window: WindowName = None,
        key: str | None = None,
    ) -> Explanation:
        """Why one verdict is what it is.

        Parameters
        ----------
        requirement, subject: their ids.
        window: a day in the window, its span, or its name (`2024Q3`, `2024-05`, `2024`); without one, the latest that is violated, else unknown, else
            pending, else the latest of the context's period.
        key: tells verdicts of one window apart.

        Raises
        ------
        NoSuchVerdict: if there is none; it carries those of the same requirement and subject.
        ValueError: if the window's name cannot be read.
        """
        return explain(program, facts, context, Asked(requirement, subject, window, key))

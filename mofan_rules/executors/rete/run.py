"""The executor: derivations, whichever they are; of judgements and tallies none."""

from collections.abc import Iterator

from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import VerdictTable


class Executor:
    """Computes derivations on the network (`executors.rete.derive`), from the verdicts of whichever executor. It judges nothing."""

    name = "rete"

    def unsupported(self, program: Program) -> list[str]:
        """Each judgement and each tally: the network holds no measures."""
        return list(dict.fromkeys(_refusals(program)))

    def run(self, program: Program, facts: AdmittedFacts, context: Context) -> VerdictTable:
        """The empty table of a program without requirements.

        Raises
        ------
        UnsupportedProgram: if `unsupported` has anything to say.
        """
        reasons = self.unsupported(program)
        if reasons:
            raise UnsupportedProgram(reasons)
        return RowsTable([])


def _refusals(program: Program) -> Iterator[str]:
    for judgement in program.judgements:
        yield f"{judgement.header.requirement}: Judgement: the network holds no measures"
    for tally in program.tallies:
        yield f"{tally.header.requirement}: Tally: the network holds no verdicts but those that derivations read"

"""The executor: derivations, whichever they are; of judgements those of the fragment; of tallies none."""

from collections.abc import Iterator

from mofan_rules.executors.base import UnsupportedProgram
from mofan_rules.executors.rete.fragment import refused_facts, refused_nodes
from mofan_rules.executors.rete.judging import judged
from mofan_rules.executors.rete.missing import missing
from mofan_rules.executors.rete.network import NetworkFull
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.table import VerdictTable


class Executor:
    """Computes derivations on the network (`executors.rete.derive`), from the verdicts of whichever executor, and judges counts of events (`fragment`)."""

    name = "rete"

    def unsupported(self, program: Program) -> list[str]:
        """What of the program the network does not compute, a sentence each; if there is no network, why."""
        reason = missing()
        return [reason] if reason else list(dict.fromkeys(_refusals(program)))

    def run(self, program: Program, facts: AdmittedFacts, context: Context) -> VerdictTable:
        """All verdict rows of the context's period.

        Raises
        ------
        UnsupportedProgram: if `unsupported` has anything to say, the facts leave in doubt what the program reads, or are more than a network holds.
        NetworkError: if there is no network, or it fails.
        """
        reasons = self.unsupported(program) or list(refused_facts(program, facts))
        if reasons:
            raise UnsupportedProgram(reasons)
        try:
            return RowsTable(judged(program, facts, context))
        except NetworkFull as error:
            raise UnsupportedProgram([str(error)]) from error


def _refusals(program: Program) -> Iterator[str]:
    for judgement in program.judgements:
        yield from (f"{judgement.header.requirement}: {node}" for node in refused_nodes(judgement))
    for tally in program.tallies:
        yield f"{tally.header.requirement}: Tally: the network holds no verdicts but those that derivations read"

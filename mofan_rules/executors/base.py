"""What every executor is: one way of computing a program."""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from mofan_rules.facts.admitted import AdmittedFacts
    from mofan_rules.ir.program import Context, Program
    from mofan_rules.verdicts.table import VerdictTable


class Executor(Protocol):
    """Takes a program, admitted facts and a question, and gives the verdict table: the same one, whichever executor it is."""

    name: str

    def unsupported(self, program: "Program") -> list[str]:
        """What of the program this executor cannot compute, a sentence each that names the requirement and the node; asked before a run."""
        ...

    def run(self, program: "Program", facts: "AdmittedFacts", context: "Context") -> "VerdictTable":
        """All verdict rows of the context's period, those of requirements in stage `shadow` included.

        Raises
        ------
        UnsupportedProgram: if `unsupported` has anything to say.
        """
        ...


@runtime_checkable
class KeepingExecutor(Executor, Protocol):
    """An executor that can keep what the parts of roll-ups add up to."""

    def run_keeping(self, program: "Program", facts: "AdmittedFacts", context: "Context") -> "VerdictTable":
        """As `run`; the table is a `FiledTable` that has files."""
        ...


class UnsupportedProgram(Exception):
    """A program has nodes that the chosen executor does not compute; `.reasons` lists them."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons

"""Running cases: each is admitted once and judged by every executor chosen, which computes only the requirements that the case names."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

from mofan_rules.diagnostics import Bilingual, FactsError
from mofan_rules.evaluation.derived import named
from mofan_rules.evaluation.deriving import derived_by
from mofan_rules.facts import AdmittedFacts, Facts, admit
from mofan_rules.ruleset import Ruleset
from mofan_rules.schema import Vocabulary
from mofan_rules.verdicts.table import VerdictTable
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.comparison import Difference, differences
from mofan_rules.workbench.derived_facts import fact_differences, requirements_read
from mofan_rules.workbench.narrowing import narrowed


class Status(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    """It fails, as its `todo` says it would."""
    TODO_PASSED = "todo passed"
    """It is marked `todo` and holds: the mark can go."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case: the differences of each executor, none if all is as wanted.

    `rejected` are the rows of facts that admission refused, a sentence each; `facts` is kept where there are differences, so that they can be explained.
    """

    case: Case
    found: dict[str, tuple[Difference, ...]]
    rejected: tuple[Bilingual, ...]
    facts: AdmittedFacts | None
    seconds: float

    @property
    def status(self) -> Status:
        fails = any(self.found.values())
        if self.case.todo:
            return Status.TODO if fails else Status.TODO_PASSED
        return Status.FAILED if fails else Status.PASSED


def admitted(case: Case, vocabulary: Vocabulary) -> AdmittedFacts:
    """The facts of a case, as they count on its known-at date.

    Raises
    ------
    FactsError: if a table lacks what it cannot do without.
    """
    return admit(Facts(**dict(case.facts), complete=case.complete), vocabulary, known_at=case.known_at)


OnFacts = Callable[[Case, AdmittedFacts], None]
"""Is handed the admitted facts of a case after it has been judged."""


def run_cases(ruleset: Ruleset, cases: Sequence[Case], executors: Sequence[str], on_facts: OnFacts = lambda case, facts: None) -> Iterator[Result]:
    """Runs cases, one after the other."""
    for case in cases:
        yield run_case(ruleset, case, executors, on_facts)


def run_case(ruleset: Ruleset, case: Case, executors: Sequence[str], on_facts: OnFacts = lambda case, facts: None) -> Result:
    """Runs one case on some executors."""
    started = perf_counter()
    try:
        facts = admitted(case, ruleset.vocabulary)
    except FactsError as error:
        unusable = tuple(Difference(diagnostic.message) for diagnostic in error.diagnostics)
        return Result(case, dict.fromkeys(executors, unusable), (), None, perf_counter() - started)
    rejected = _rejected(facts)
    counted = () if case.rejected in (None, len(rejected)) else (_miscounted(case, len(rejected)),)
    found = {executor: (*counted, *_differences(ruleset, case, facts, executor)) for executor in executors}
    on_facts(case, facts)
    return Result(case, found, rejected, facts if any(found.values()) else None, perf_counter() - started)


def verdicts(ruleset: Ruleset, case: Case, facts: AdmittedFacts, executor: str) -> VerdictTable:
    """The verdicts of the requirements that a case names, and of those that derivations read if it wants derived facts."""
    from mofan_rules import pipeline

    read = frozenset() if case.derived is None else requirements_read(ruleset.program)
    return pipeline.run(executor, narrowed(ruleset.program, case.requirements | read), facts, case.context)


def _differences(ruleset: Ruleset, case: Case, facts: AdmittedFacts, executor: str) -> Iterator[Difference]:
    table = verdicts(ruleset, case, facts, executor)
    yield from differences(case, table.rows(), ruleset.catalogue)
    if case.derived is not None:
        derived = derived_by(executor, ruleset.program, facts, case.context, table)
        yield from fact_differences(case.derived, named(derived, ruleset.vocabulary))


def _rejected(facts: AdmittedFacts) -> tuple[Bilingual, ...]:
    rows = facts.connection.execute('SELECT "table", line, "column", value, reason, reason_en FROM facts.rejected ORDER BY ALL').fetchall()
    found = []
    for table, line, column, value, zh, en in rows:
        place = " ".join(str(part) for part in (table, line, column, value) if part is not None)
        found.append(Bilingual(f"{place}：{zh}", f"{place}: {en}"))
    return tuple(found)


def _miscounted(case: Case, number: int) -> Difference:
    return Difference(Bilingual(f"拒收了 {number} 行，想要 {case.rejected} 行", f"{number} rows are rejected, wanted {case.rejected}"))

"""`mofan test` as a function: reading, choosing and running the cases of a ruleset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mofan_rules.diagnostics import Diagnostics, QuestionError, RulesetError, closest, make
from mofan_rules.executors import COMPLETE, EXECUTORS
from mofan_rules.facts import AdmittedFacts
from mofan_rules.ruleset import Ruleset, load_ruleset
from mofan_rules.workbench.case import Case
from mofan_rules.workbench.coverage import Coverage
from mofan_rules.workbench.narrowing import own_requirements
from mofan_rules.workbench.reading import FOLDER, read_cases
from mofan_rules.workbench.running import OnFacts, Result, Status, run_cases


@dataclass(frozen=True, slots=True)
class Outcomes:
    """A ruleset and what became of its cases."""

    ruleset: Ruleset
    results: tuple[Result, ...]
    coverage: Coverage | None = None

    def count(self, status: Status) -> int:
        """How many cases ended so."""
        return sum(result.status is status for result in self.results)


def cases_of(path: Path, ruleset: Ruleset, filters: Sequence[str] = ()) -> list[Case]:
    """The cases beside a ruleset that one of the filters chooses; without filters, all.

    Parameters
    ----------
    filters: texts, of which a case has one in its name, its note or the ids of its requirements, in small or large letters.

    Raises
    ------
    RulesetError: if something is wrong in a case file; it has all that is.
    QuestionError: if there are no cases, or a filter chooses none.
    """
    problems = Diagnostics()
    cases = read_cases(path, ruleset.catalogue.requirements(), problems)
    if problems.has_errors:
        raise RulesetError(problems, problems.sources)
    if not cases:
        raise QuestionError([make("no-cases", None, path=str(path / FOLDER))])
    chosen: dict[str, Case] = {}
    unused = []
    for text in filters:
        found = {case.name: case for case in cases if _has(case, text)}
        chosen |= found
        if not found:
            unused.append(text)
    if unused:
        names = [case.name for case in cases] + list(ruleset.catalogue.requirements())
        raise QuestionError(make("no-such-case", None, suggestions=closest(text, names), text=text) for text in unused)
    return [case for case in cases if not filters or case.name in chosen]


def _has(case: Case, text: str) -> bool:
    return any(text.casefold() in words.casefold() for words in (case.name, case.note, *case.requirements))


def run_tests(
    path: Path,
    executors: Sequence[str] = (),
    filters: Sequence[str] = (),
    on_result: Callable[[Ruleset, Result], None] = lambda ruleset, result: None,
    with_coverage: bool = False,
    on_facts: OnFacts = lambda case, facts: None,
) -> Outcomes:
    """Run the cases of a ruleset.

    Parameters
    ----------
    path: the ruleset's folder.
    executors: which ones; default: all.
    filters: as in `cases_of`.
    on_result: is told each result as it comes.
    with_coverage: find out what the cases reach.
    on_facts: is handed the admitted facts of each case after it has been judged.

    Raises
    ------
    RulesetError: if something is wrong in the ruleset or in a case file.
    QuestionError: if there is no such executor or case.
    """
    for name in executors:
        if name not in EXECUTORS:
            raise QuestionError([make("unknown-executor", None, name=name, suggestions=closest(name, EXECUTORS) or tuple(EXECUTORS))])
    ruleset = load_ruleset(path)
    coverage = Coverage(ruleset.program, own_requirements(ruleset, path)) if with_coverage else None
    results = []
    chosen = list(dict.fromkeys(executors)) or list(COMPLETE)

    def watch(case: Case, facts: AdmittedFacts) -> None:
        if coverage is not None:
            coverage.watch(case, facts)
        on_facts(case, facts)

    for result in run_cases(ruleset, cases_of(path, ruleset, filters), chosen, watch):
        on_result(ruleset, result)
        results.append(result)
    return Outcomes(ruleset, tuple(results), coverage)

"""The parts of `mofan test` that judge the cases themselves: what they reach, and which changes of the ruleset they would not notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mofan_rules.diagnostics import Bilingual, Language, QuestionError, make
from mofan_rules.evaluation.files import write_whole

if TYPE_CHECKING:
    from mofan_rules.executors.interpreter.facts import Facts
    from mofan_rules.workbench.testing import Outcomes


@dataclass(frozen=True, slots=True)
class Threshold:
    """The least percentages of states and of values of conditions that must be reached, and of changes that must be noticed."""

    states: float
    conditions: float
    changes: float


def threshold(text: str | None) -> Threshold | None:
    """`95`, or `100,95,95` for states, conditions and changes; a part that is left out is like the one before.

    Raises
    ------
    QuestionError: if it is no such text.
    """
    if text is None:
        return None
    try:
        numbers = [float(part.removesuffix("%")) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= 3 or not all(0 <= number <= 100 for number in numbers):
        raise QuestionError([make("bad-threshold", None, value=text)])
    return Threshold(numbers[0], numbers[min(1, len(numbers) - 1)], numbers[-1])


def show_coverage(tested: "Outcomes", language: Language, html: Path | None, least: Threshold | None) -> bool:
    """Print what no case reaches, and write the page; true if as much is reached as asked for."""
    from mofan_rules.workbench.coverage_text import missing, summary_line, write_html

    coverage = tested.coverage
    if coverage is None:
        return True
    lines = missing(coverage, language)
    if lines:
        print("\n".join([Bilingual("用例没有到过的：", "what no case reaches:").of(language), *lines]))
    print(summary_line(coverage, language))
    if html is not None:
        title = f"{tested.ruleset.title.of(language)} {tested.ruleset.version}"
        write_whole(html, lambda path: write_html(coverage, title, language, path))
    if least is None or (coverage.states().percent >= least.states and coverage.conditions().percent >= least.conditions):
        return True
    words = f"{least.states:g}%, {least.conditions:g}%"
    print(Bilingual(f"没有达到 {words}", f"less than the {words} asked for").of(language))
    return False


def show_mutation(tested: "Outcomes", rows: "Mapping[str, Facts]", ruleset: Path, cases_chosen: bool, language: Language, least: Threshold | None) -> bool:
    """Print the changes that no case notices; true if as many are noticed as asked for."""
    from mofan_rules.diagnostics.render import place
    from mofan_rules.workbench.mutation import mutate
    from mofan_rules.workbench.narrowing import own_derivations, own_requirements
    from mofan_rules.workbench.running import Status

    cases = [result.case for result in tested.results if result.status in (Status.PASSED, Status.TODO_PASSED)]
    requirements, derivations = own_requirements(tested.ruleset, ruleset), own_derivations(tested.ruleset, ruleset)
    if cases_chosen:
        kinds = {fact.kind for case in cases for fact in case.derived or ()}
        requirements &= frozenset(name for case in cases for name in case.requirements)
        derivations &= frozenset(rule.name for rule in tested.ruleset.program.derivations if rule.head.kind in kinds)
    found = mutate(tested.ruleset, cases, rows, requirements, derivations)
    if found.survivors:
        print(Bilingual("没有用例发现的改动：", "changes that no case notices:").of(language))
    for mutant in found.survivors:
        where = "" if mutant.place is None else place(mutant.place) + ": "
        print(f"{where}{mutant.about}  {mutant.change.field}: {mutant.change.before} → {mutant.change.after}")
    noticed = found.number - len(found.survivors)
    cut = int(found.percent * 10) / 10
    zh, en = f"改动 {found.number} 处，用例发现 {noticed} 处（{cut:g}%）", f"{found.number} changes, {noticed} noticed by the cases ({cut:g}%)"
    print(Bilingual(zh, en).of(language))
    return least is None or found.percent >= least.changes

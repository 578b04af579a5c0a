"""`mofan test`: the cases of a ruleset, each as wanted or with the reason why not."""

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from mofan_rules.cli.arguments import Arguments
from mofan_rules.cli.coverage import show_coverage, show_mutation, threshold
from mofan_rules.cli.outcome import ExitCode
from mofan_rules.cli.output import check_writable
from mofan_rules.diagnostics import Bilingual
from mofan_rules.evaluation.files import write_whole

if TYPE_CHECKING:
    from mofan_rules.executors.interpreter.facts import Facts
    from mofan_rules.facts import AdmittedFacts
    from mofan_rules.ruleset import Ruleset
    from mofan_rules.workbench.case import Case
    from mofan_rules.workbench.running import Result
    from mofan_rules.workbench.testing import Outcomes


def run(arguments: Arguments) -> ExitCode:
    """Run the cases; 1 if one fails that is not marked `todo`."""
    from mofan_rules.workbench.junit import write_junit
    from mofan_rules.workbench.mutation import rows_of
    from mofan_rules.workbench.running import Status
    from mofan_rules.workbench.testing import run_tests

    started = perf_counter()
    junit, html = (None if name is None else Path(name) for name in (arguments.junit, arguments.html))
    for path in (junit, html):
        if path is not None:
            check_writable(path)
    least = threshold(arguments.threshold)
    with_coverage = arguments.coverage or html is not None or (least is not None and not arguments.mutate)
    rows: dict[str, Facts] = {}

    def keep(case: "Case", facts: "AdmittedFacts") -> None:
        if arguments.mutate:
            rows[case.name] = rows_of(facts)

    tested = run_tests(Path(arguments.ruleset), arguments.executors, arguments.filters, _Shown(arguments), with_coverage, keep)
    if junit is not None:
        write_whole(junit, lambda file: write_junit(tested.ruleset, tested.results, arguments.language, file))
    enough = show_coverage(tested, arguments.language, html, least)
    if arguments.mutate:
        enough = show_mutation(tested, rows, Path(arguments.ruleset), bool(arguments.filters), arguments.language, least) and enough
    _sum_up(tested, arguments, perf_counter() - started)
    return ExitCode.FAILED if tested.count(Status.FAILED) or not enough else ExitCode.FINE


class _Shown:
    """Prints what is not as wanted as it comes, and how far the work is on a terminal."""

    def __init__(self, arguments: Arguments) -> None:
        self._language = arguments.language
        self._live = sys.stderr.isatty()
        self._number = 0

    def __call__(self, ruleset: "Ruleset", result: "Result") -> None:
        from mofan_rules.workbench.running import Status
        from mofan_rules.workbench.telling import failure

        self._number += 1
        if self._live:
            print(f"\r{self._number} ", end="", file=sys.stderr, flush=True)
        if result.status is Status.FAILED:
            print(failure(ruleset, result, self._language) + "\n", flush=True)
        elif result.status is Status.TODO_PASSED:
            words = Bilingual("标为 todo，但已经通过，可以去掉标记", "is marked `todo` but holds: the mark can go")
            print(f"{result.case.path}: {words.of(self._language)}", flush=True)


def _sum_up(tested: "Outcomes", arguments: Arguments, seconds: float) -> None:
    from mofan_rules.workbench.running import Status

    passed, failed = tested.count(Status.PASSED) + tested.count(Status.TODO_PASSED), tested.count(Status.FAILED)
    todo = [result.case for result in tested.results if result.status is Status.TODO]
    for case in todo:
        print(f"todo {case.name}: {case.todo}")
    zh = f"共 {len(tested.results)} 个用例：通过 {passed}，不通过 {failed}" + (f"，待做 {len(todo)}" if todo else "")
    en = f"{len(tested.results)} cases: {passed} passed, {failed} failed" + (f", {len(todo)} to do" if todo else "")
    print(Bilingual(f"{zh}（{seconds:.1f} 秒）", f"{en} ({seconds:.1f} s)").of(arguments.language))

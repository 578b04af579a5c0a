"""Runs a scenario on every executor and compares the verdict tables, row by row and byte by byte."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from mofan_rules.diagnostics import FactsError, RulesetError
from mofan_rules.executors import APART, COMPLETE, EXECUTORS, UnsupportedProgram, load_executor
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.verdicts.table import Verdict
from tests.cases import admitted, ruleset_of
from tests.differential.scenarios import Scenario

REFERENCE = "interpreter"
OTHERS = tuple(sorted(set(EXECUTORS) - APART - {REFERENCE}))

Triple = tuple[str, str, str]


@dataclass
class Report:
    """What a run of many scenarios has shown: distinct programs on facts, cells, how often each (kind, state, reason) turned up, and how many programs
    each executor refused beforehand."""

    programs: int = 0
    cells: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    triples: Counter[Triple] = field(default_factory=Counter)

    def count(self, program: Program, rows: list[Verdict]) -> None:
        """Enter the verdicts of one run."""
        headers = [*(judgement.header for judgement in program.judgements), *(tally.header for tally in program.tallies)]
        kinds = {header.requirement: header.kind for header in headers}
        self.cells += len(rows)
        self.triples.update((kinds[row.requirement], row.state, row.reason) for row in rows)

    def as_json(self) -> str:
        """The report as text, for another process."""
        return json.dumps([self.programs, self.cells, dict(self.refused), [[*triple, count] for triple, count in self.triples.items()]])

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """The report that `as_json` wrote."""
        programs, cells, refused, triples = json.loads(text)
        return cls(programs, cells, Counter(refused), Counter({(kind, state, reason): count for kind, state, reason, count in triples}))

    def __add__(self, other: "Report") -> "Report":
        return Report(self.programs + other.programs, self.cells + other.cells, self.refused + other.refused, self.triples + other.triples)

    def table(self) -> str:
        """The triples with their counts, for people."""
        lines = [f"{kind:12} {state:15} {reason:20} {count:8}" for (kind, state, reason), count in sorted(self.triples.items())]
        refused = [f"{name} refused {count} questions" for name, count in sorted(self.refused.items())]
        return "\n".join((f"{self.programs} programs on facts, {self.cells} cells", *refused, *lines))


@dataclass(frozen=True)
class Difference:
    """Where an executor disagrees with the interpreter: the rows that only one of them has, or the error that it raised."""

    scenario: Scenario
    executor: str
    expected: list[Verdict]
    found: list[Verdict]
    error: str = ""

    @property
    def first(self) -> Verdict | None:
        """The first row that differs."""
        return min((*self.expected, *self.found), default=None, key=lambda row: (row.requirement, row.subject, str(row.window_from), row.key))

    def describe(self, most: int = 5) -> str:
        """The difference for people."""
        lines = [f"seed {self.scenario.seed}, {self.executor}: {len(self.expected)} rows expected, {len(self.found)} others found {self.error}"]
        rows = sorted(
            [(*row[:5], "expected", row) for row in self.expected] + [(*row[:5], "found", row) for row in self.found], key=lambda line: tuple(map(str, line))
        )
        lines += [f"  {line[5]:8} {tuple(map(str, line[6]))}" for line in rows[: 2 * most]]
        return "\n".join(lines)


def run(name: str, program: Program, facts: AdmittedFacts, context: Context) -> list[Verdict]:
    """The verdict table of one executor."""
    return list(load_executor(name).run(program, facts, context).rows())


def differences(scenarios: Iterable[Scenario], report: Report | None = None) -> Iterator[Difference]:
    """Where the executors disagree. Scenarios with the same facts that follow each other share their admission, those with the same ruleset its loading.

    Raises
    ------
    RulesetError: if a ruleset is refused.
    """
    for _, alike in groupby(scenarios, key=lambda scenario: id(scenario.facts)):
        facts: AdmittedFacts | None = None
        for _, asked in groupby(alike, key=lambda scenario: id(scenario.ruleset)):
            questions = list(asked)
            case = questions[0].case()
            program = ruleset_of(case).program
            if facts is None:
                facts = admitted(case, program.vocabulary)
            if report is not None:
                report.programs += 1
            for question in questions:
                yield from _compare(question, program, facts, report)
        if facts is not None:
            facts.connection.close()


def _compare(scenario: Scenario, program: Program, facts: AdmittedFacts, report: Report | None) -> Iterator[Difference]:
    context = scenario.case().context
    expected = run(REFERENCE, program, facts, context)
    if report is not None:
        report.count(program, expected)
    for name in OTHERS:
        if load_executor(name).unsupported(program):
            if report is not None:
                report.refused[name] += 1
            continue
        try:
            found = run(name, program, facts, context)
        except UnsupportedProgram as refused:
            if name in COMPLETE:
                yield Difference(scenario, name, [], [], str(refused))
            elif report is not None:
                report.refused[name] += 1
            continue
        except Exception as error:  # whatever an executor raises is a difference to report
            yield Difference(scenario, name, [], [], f"{type(error).__name__}: {error}"[:2000])
            continue
        if found != expected:
            mine, theirs = Counter(expected), Counter(found)
            yield Difference(scenario, name, list((mine - theirs).elements()), list((theirs - mine).elements()))


def fails(scenario: Scenario, executor: str) -> Difference | None:
    """The difference of one executor on a scenario, if there is one; a scenario that cannot be run at all has none."""
    try:
        return next((difference for difference in differences([scenario]) if difference.executor == executor), None)
    except (RulesetError, FactsError):
        return None

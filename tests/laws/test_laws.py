"""The laws of SEMANTICS section 7 as properties of every executor, on random programs and facts."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from mofan_rules.executors import COMPLETE, load_executor
from mofan_rules.executors.interpreter import Executor as Interpreter
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Context, Judge, Program, Tally
from mofan_rules.verdicts.table import Verdict
from tests.cases import admitted, ruleset_of
from tests.differential.scenarios import Scenario, scenarios
from tests.laws.effects import effective_days
from tests.laws.histories import final_facts, journal, journalled
from tests.laws.knowledge import CHANGES

SEEDS = range(5000, 5008)
Identity = tuple[str, str, str, date | None, date | None]


def prepared(scenario: Scenario) -> tuple[Program, AdmittedFacts, Context]:
    """What an executor needs to answer a scenario."""
    case = scenario.case()
    program = ruleset_of(case).program
    return program, admitted(case, program.vocabulary), case.context


Tables = dict[str, list[Verdict]]
"""The table of each executor, by its name."""


def run_all(program: Program, facts: AdmittedFacts, context: Context) -> Tables:
    """The tables that all executors make of the same admitted facts."""
    return {executor: list(load_executor(executor).run(program, facts, context).rows()) for executor in COMPLETE}


def verdicts(scenario: Scenario) -> Tables:
    """The table of each executor."""
    return run_all(*prepared(scenario))


each_seed = pytest.mark.parametrize("seed", SEEDS)


def first_scenario(seed: int) -> Scenario:
    """One scenario of a seed."""
    return next(scenarios(seed))


def by_identity(rows: list[Verdict]) -> dict[Identity, Verdict]:
    """The rows by what they are about."""
    return {(row.requirement, row.subject, row.key, row.window_from, row.window_until): row for row in rows}


def may_become(before: str, after: str) -> bool:
    """Law 1: what is settled stays; what is waived may turn out to be satisfied."""
    if before in ("satisfied", "violated", "not_applicable"):
        return after == before
    return before != "waived" or after in ("waived", "satisfied")


@each_seed
def test_more_knowledge_settles_and_never_unsettles(seed: int) -> None:
    """Law 1. (A condition that asks whether a cell is missing asks for the absence itself, so that these programs have none.)"""
    scenario = next(scenarios(seed, presence=False))
    program, facts, context = prepared(scenario)
    before = {executor: by_identity(rows) for executor, rows in run_all(program, facts, context).items()}
    for change in CHANGES:
        more = change(Random(seed), scenario, facts)
        if more is None:
            continue
        for executor, rows in verdicts(more).items():
            earlier, after = before[executor], by_identity(rows)
            broken = [(earlier[key], after[key]) for key in earlier.keys() & after.keys() if not may_become(earlier[key].state, after[key].state)]
            assert not broken, f"seed {seed}, {executor}, {change.__name__}: {broken[:3]}\n{more.text([])}"


@each_seed
def test_order_of_rows_changes_nothing(seed: int) -> None:
    """Law 2."""
    scenario, random = first_scenario(seed), Random(seed)
    shuffled = {table: random.sample(rows, len(rows)) for table, rows in scenario.facts.items()}
    order = random.sample(sorted(shuffled), len(shuffled))
    assert verdicts(replace(scenario, facts={table: shuffled[table] for table in order})) == verdicts(scenario)


@each_seed
def test_parts_that_do_not_apply_change_nothing(seed: int) -> None:
    """Law 3: a part that binds nobody is added to each roll-up."""
    scenario = first_scenario(seed)
    requirements = scenario.ruleset["requirements"]
    tallies = [requirement for requirement in requirements if requirement["kind"] == "rollup"]
    part = next(requirement for requirement in requirements if requirement["id"] == tallies[0]["of"][0])
    never = part | {"id": "never", "when": "1 = 2"}
    more = [tally | {"of": [*tally["of"], "never"]} if part["id"] in tally["of"] else tally for tally in requirements if tally["kind"] == "rollup"]
    others = [requirement for requirement in requirements if requirement["kind"] != "rollup"]
    with_part = replace(scenario, ruleset=scenario.ruleset | {"requirements": [*others, never, *more]})
    ids = {tally["id"] for tally in tallies}
    program, facts, context = prepared(scenario)
    before, after = run_all(program, facts, context), run_all(ruleset_of(with_part.case()).program, facts, context)
    for executor in COMPLETE:
        assert [row for row in before[executor] if row.requirement in ids] == [row for row in after[executor] if row.requirement in ids], executor


@each_seed
def test_time_passes(seed: int) -> None:
    """Law 4: while no fact takes effect, only what is pending changes, and what was waived while it was open, and only after its due date."""
    scenario = first_scenario(seed)
    first, last = _quiet(Random(seed), scenario)
    program, facts, _ = prepared(scenario)
    before = run_all(program, facts, replace(scenario, as_of=first).case().context)
    after = run_all(program, facts, replace(scenario, as_of=last).case().context)
    watched, tallies = _judged_in_windows(program), {tally.header.requirement for tally in program.tallies}
    for executor in COMPLETE:
        later = by_identity(after[executor])
        for key, old in by_identity(before[executor]).items():
            new = later.get(key, old)
            if old.requirement not in watched or old.window_from is None or old.state == new.state:
                continue
            assert new.state in AFTER.get(old.state, ()), f"{executor}: {old} became {new} between {first} and {last}"
            assert old.due_on is not None and old.due_on < date.fromisoformat(last), f"{executor}: {old} became {new} before it was due"
            was_open = old.due_on >= date.fromisoformat(first) or old.requirement in tallies
            assert old.state == "pending" or was_open, f"{executor}: {old} became {new} although nothing was open"


AFTER = {"pending": ("satisfied", "violated", "unknown"), "waived": ("satisfied",)}
"""What the end of a window makes of a state: it decides what is pending, and shows that a test which a waiver made needless was met."""


def _quiet(random: Random, scenario: Scenario) -> tuple[str, str]:
    """Two days between which no fact takes effect."""
    days = effective_days(scenario)
    gaps = [(one, two - timedelta(days=1)) for one, two in pairwise(days) if (two - one).days > 2]
    one, two = random.choice(gaps or [(days[-1], days[-1] + timedelta(days=200))])
    first = one + timedelta(days=random.randrange((two - one).days))
    return first.isoformat(), (first + timedelta(days=random.randrange(1, (two - first).days + 1))).isoformat()


def _judged_in_windows(program: Program) -> set[str]:
    """The requirements whose verdicts are about a period or a trigger, and the roll-ups over only such."""
    nodes: dict[str, list[bool]] = {}
    for judgement in program.judgements:
        nodes.setdefault(judgement.header.requirement, []).append(judgement.judge is Judge.WINDOW)
    for tally in program.tallies:
        nodes.setdefault(tally.header.requirement, []).append(_only(tally, nodes))
    return {requirement for requirement, found in nodes.items() if all(found)}


def _only(tally: Tally, nodes: dict[str, list[bool]]) -> bool:
    return all(all(nodes.get(part, [])) for part in tally.parts)


@each_seed
def test_explaining_changes_nothing(seed: int) -> None:
    """Law 5, its second half: the table is the same before and after explanations were asked for. (Its first half is the differential test.)"""
    program, facts, context = prepared(first_scenario(seed))
    executor = Interpreter()
    before = list(executor.run(program, facts, context).rows())
    for row in Random(seed).sample(before, min(3, len(before))):
        window = None if row.window_from is None or row.window_until is None else (row.window_from, row.window_until)
        executor.explain(program, facts, context, row.requirement, row.subject, window, row.key)
    assert list(executor.run(program, facts, context).rows()) == before


@each_seed
def test_corrections_in_any_order(seed: int) -> None:
    """Law 6, as far as batches go: a journal of rows and corrections, in any order, means what the final rows mean."""
    scenario, random = first_scenario(seed), Random(seed)
    histories = journal(random, scenario, prepared(scenario)[1])
    final = verdicts(final_facts(scenario, histories))
    for _ in range(2):
        assert verdicts(journalled(random, scenario, histories)) == final

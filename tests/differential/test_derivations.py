"""Random derivations over the verdicts of random rulesets: the interpreter, DuckDB and the network derive the same facts."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from mofan_rules.diagnostics import RulesetError
from mofan_rules.evaluation.deriving import DERIVERS, derived_by
from mofan_rules.executors import load_executor
from mofan_rules.executors.rete.missing import missing
from mofan_rules.ir.program import Program
from tests.cases import admitted, ruleset_of
from tests.differential.derivations import Derivations
from tests.differential.populations import hot_days
from tests.differential.scenarios import Scenario, scenarios

SEEDS = 12
SHARDS = 4
DRAWN = 9
"""How many lists of derivations are tried on each table of verdicts."""


def derived_kinds(scenario: Scenario, random: Random) -> Program | None:
    """A ruleset with derivations, if what was drawn is well formed."""
    requirements = [fields["id"] for fields in scenario.ruleset["requirements"]]
    derive = Derivations(random, hot_days(random), requirements).document()
    try:
        return ruleset_of(replace(scenario, ruleset=scenario.ruleset | {"derive": derive}).case()).program
    except RulesetError:
        return None


@pytest.mark.live
@pytest.mark.parametrize("shard", range(SHARDS))
def test_executors_derive_the_same(shard: int, request: pytest.FixtureRequest) -> None:
    if reason := missing():
        pytest.skip(reason)
    wanted = request.config.getoption("--differential") or SEEDS
    start = request.config.getoption("--differential-seed")
    count: Counter[str] = Counter()
    for seed in range(start + shard, start + wanted, SHARDS):
        scenario = next(scenarios(seed))
        program = ruleset_of(scenario.case()).program
        facts = admitted(scenario.case(), program.vocabulary)
        context = scenario.case().context
        verdicts = load_executor("interpreter").run(program, facts, context)
        for number in range(DRAWN):
            deriving = derived_kinds(scenario, Random(f"{seed}-{number}"))
            if deriving is None:
                count["malformed"] += 1
                continue
            if load_executor("duckdb").unsupported(deriving):
                count["refused"] += 1
                continue
            expected = derived_by("interpreter", deriving, facts, context, verdicts)
            for name in sorted(DERIVERS):
                assert derived_by(name, deriving, facts, context, verdicts) == expected, (seed, number, name)
            count["programs"] += 1
            count["facts"] += len(expected)
            count["some"] += bool(expected)
        facts.connection.close()
    print(dict(count))
    assert count["programs"] > 2 * count["malformed"]
    assert count["refused"] * 5 < count["programs"]
    assert count["some"] * 12 > count["programs"]

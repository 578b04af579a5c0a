"""Random programs on random facts: what is compiled says what the interpreter says.

`--compiled all` draws many seeds, on every database.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

import pytest

from mofan_rules.executors.interpreter import Executor
from tests.cases import admitted, ruleset_of
from tests.compiler.engines import DuckDb, Engine, Postgres, Spark, compiled, refused
from tests.differential.scenarios import Scenario, scenarios

SEEDS = 2
MANY = 200


@dataclass
class Found:
    """What a run of many scenarios has shown. `wrong` is what differs, a line each; `refused` the nodes that were refused, with how often."""

    programs: int = 0
    requirements: int = 0
    compiled: int = 0
    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        lines = [f"{self.programs} programs, {self.compiled} of {self.requirements} requirements compiled, {self.cells} cells"]
        return "\n".join(lines + [f"  {count:5} {node}" for node, count in self.refused.most_common(12)])


def compare(engine: Engine, drawn: Iterable[Scenario]) -> Found:
    """Runs scenarios on the interpreter and in a database."""
    found = Found()
    for _, alike in groupby(drawn, key=lambda scenario: id(scenario.facts)):
        facts = None
        for scenario in alike:
            case = scenario.case()
            program = ruleset_of(case).program
            facts = facts or admitted(case, program.vocabulary)
            result = compiled(program, engine)
            gone = refused(result)
            found.programs += 1
            found.compiled += len(result.requirements)
            found.requirements += len(result.requirements) + len(gone)
            found.refused.update(refusal.split(": ", 1)[1] for refusal in result.refusals)
            rows = engine.answer(result, facts, case.context)
            expected = [row for row in Executor().run(program, facts, case.context).rows() if row.requirement not in gone]
            found.cells += len(expected)
            if rows != expected:
                found.wrong += [f"seed {scenario.seed}: lacks {tuple(map(str, row))}" for row in expected if row not in rows][:2]
                found.wrong += [f"seed {scenario.seed}: has {tuple(map(str, row))}" for row in rows if row not in expected][:2]
        if facts is not None:
            facts.connection.close()
    return found


def test_duckdb(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> None:
    seeds = range(MANY if request.config.getoption("--compiled") == "all" else SEEDS)
    found = compare(DuckDb(), (scenario for seed in seeds for scenario in scenarios(seed)))
    print(found.summary())
    assert not found.wrong, "\n".join(found.wrong)
    assert found.cells > 100


@pytest.mark.postgres
def test_postgres(request: pytest.FixtureRequest, postgres: str) -> None:
    seeds = range(MANY if request.config.getoption("--compiled") == "all" else 1)
    found = compare(Postgres(postgres), (scenario for seed in seeds for scenario in scenarios(seed)))
    print(found.summary())
    assert not found.wrong, "\n".join(found.wrong)


@pytest.mark.spark
def test_spark(request: pytest.FixtureRequest, spark: object) -> None:
    if request.config.getoption("--compiled") != "all":
        pytest.skip("takes minutes: --compiled all")
    found = compare(Spark(spark), (scenario for seed in range(20) for scenario in scenarios(seed)))
    print(found.summary())
    assert not found.wrong, "\n".join(found.wrong)

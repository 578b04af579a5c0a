"""The conformance corpus on compiled programs: what is not refused is what the interpreter says.

`--compiled all` runs every case on every database; by default some run on DuckDB.
"""

from pathlib import Path

import pytest

from mofan_rules.executors.interpreter import Executor
from tests.cases import Prepared, find_cases
from tests.compiler.engines import DuckDb, Engine, Postgres, Spark, compiled, refused

FOLDER = Path(__file__).parents[1] / "conformance"
CASES = find_cases(FOLDER)

EACH = 4
"""Of so many cases that follow each other one is run by default."""


def chosen(everything: bool, each: int = EACH) -> list[Path]:
    """The cases of a run."""
    return CASES if everything else CASES[::each]


def differences(engine: Engine, paths: list[Path]) -> tuple[list[str], dict[str, int]]:
    """What is wrong, a line each, and how many cases were run whole, in part and not at all."""
    wrong: list[str] = []
    counts = {"whole": 0, "part": 0, "refused": 0}
    for path in paths:
        case = Prepared.read(path)
        found = compiled(case.program, engine)
        gone = refused(found)
        counts["whole" if not gone else "part" if found.requirements else "refused"] += 1
        rows = engine.answer(found, case.facts, case.case.context) if found.requirements else []
        expected = [row for row in Executor().run(case.program, case.facts, case.case.context).rows() if row.requirement not in gone]
        if rows != expected:
            name = path.relative_to(FOLDER)
            wrong += [f"{name}: lacks {tuple(map(str, row))}" for row in expected if row not in rows][:3]
            wrong += [f"{name}: has {tuple(map(str, row))}" for row in rows if row not in expected][:3]
            wrong += [f"{name}: rows twice or in another order"] if set(rows) == set(expected) else []
        case.facts.connection.close()
    return wrong, counts


def test_duckdb(request: pytest.FixtureRequest) -> None:
    wrong, counts = differences(DuckDb(), chosen(request.config.getoption("--compiled") == "all"))
    print(counts)
    assert not wrong, "\n".join(wrong)
    assert counts["whole"] > counts["refused"]


@pytest.mark.postgres
def test_postgres(request: pytest.FixtureRequest, postgres: str) -> None:
    wrong, counts = differences(Postgres(postgres), chosen(request.config.getoption("--compiled") == "all", 48))
    print(counts)
    assert not wrong, "\n".join(wrong)


@pytest.mark.spark
def test_spark(request: pytest.FixtureRequest, spark: object) -> None:
    """Each case takes Spark seconds, nearly all of them for planning."""
    wrong, counts = differences(Spark(spark), chosen(request.config.getoption("--compiled") == "all", 240))
    print(counts)
    assert not wrong, "\n".join(wrong)

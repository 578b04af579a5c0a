"""How long does the DuckDB executor take for twelve requirements, on a thousand branches and on a hundred thousand?

    pytest --benchmark-enable benchmarks/bench_executor.py

The hundred thousand have 3.8 million events. `extra_info` holds the rows and, on Linux, by how much the peak of memory grew in the run.
"""

import gc
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.population import admitted_population
from benchmarks.program import CONTEXT, program
from mofan_rules.executors.duckdb import Executor


def peak_megabytes() -> int:
    """The most memory that this process has held, in megabytes; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


@pytest.mark.parametrize("branches", [1_000, 100_000])
def test_twelve_requirements(benchmark: BenchmarkFixture, branches: int) -> None:
    facts, asked = admitted_population(branches), program()
    facts.connection.execute("SET threads = 2").fetchall()
    before = peak_megabytes()
    table = benchmark.pedantic(lambda: Executor().run(asked, facts, CONTEXT), rounds=3 if branches > 1_000 else 10, warmup_rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(rows=len(table), peak_growth_megabytes=peak_megabytes() - before)
    assert len(table) > 40 * branches
    facts.connection.close()
    gc.collect()


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))

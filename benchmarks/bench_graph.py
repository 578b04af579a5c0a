"""What does the hierarchy cost in admission: a forest, a circle of two, a circle of a hundred thousand?

    pytest --benchmark-enable -s benchmarks/bench_graph.py
    NODES=5250000 python -m benchmarks.bench_graph

Organizations with a parent each: branches under committees under organs. Each case runs in a process of its own; the table says its processor seconds,
the peak of its memory and how many edges were refused as parts of a circle.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.bench_executor import peak_megabytes

ROOT = Path(__file__).parents[1]
RULESET = ROOT / "rulesets" / "mofan-minimal"
NODES = int(os.environ.get("NODES", "500000"))
CASES = {
    "a forest": (0, False),
    "with a circle of 2": (2, False),
    "with a circle of 100,000": (100_000, False),
    "the same, each younger than the next": (100_000, True),
}


def write_hierarchy(folder: Path, circle: int, falling: bool) -> None:
    """Write `organizations.parquet`: of the first `circle` ones, each is part of the next and the last of the first, from days of their own; with `falling`
    each is younger than the next, so that long chains are in force before the circle closes."""
    branches, committees = NODES * 9 // 10, NODES // 11
    youngest = f"(({branches} - i) * 3000 // {branches})" if falling else "(hash(i) % 3000)"
    ring = f"CASE WHEN i < {circle} THEN 'b' || (i + 1) % {max(circle, 1)} ELSE 'c' || i // 10 END"
    with duckdb.connect() as connection:
        connection.execute(f"""COPY (
            SELECT 'b' || i AS id, '党支部' AS kind, {ring} AS parent, (DATE '2010-01-01' + {youngest}::INTEGER) AS founded_on FROM range({branches}) t(i)
            UNION ALL SELECT 'c' || i, '机关党委', 'u' || i // 10, DATE '2005-01-01' FROM range({committees}) t(i)
            UNION ALL SELECT 'u' || i, '机关单位', NULL, DATE '2000-01-01' FROM range({committees // 10 + 1}) t(i)
            ) TO '{folder}/organizations.parquet' (FORMAT parquet)""")


def admit(folder: str) -> dict[str, float]:
    """Admit the organizations of a folder in this process, and say what it took."""
    from mofan_rules import pipeline

    ruleset = pipeline.load_ruleset(RULESET)
    began = time.process_time()
    admitted = pipeline.admit(ruleset, pipeline.load_facts(folder))
    seconds = time.process_time() - began
    [(named,)] = admitted.connection.execute("SELECT count(*) FROM facts.rejected WHERE code = 'part_of_cycle' AND value IS NOT NULL").fetchall()
    return {"seconds": seconds, "megabytes": peak_megabytes(), "named": named}


def table() -> str:
    """All cases, as Markdown."""
    lines = [f"{NODES:,} organizations", "", "| hierarchy | processor s | peak MB | edges named |", "|---|---|---|---|"]
    for name, (circle, falling) in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            write_hierarchy(Path(folder), circle, falling)
            done = subprocess.run([sys.executable, "-m", "benchmarks.bench_graph", folder], cwd=ROOT, check=True, capture_output=True)
        found = json.loads(done.stdout)
        assert found["named"] == circle, "every edge of the circle is named, and no other"
        lines.append(f"| {name} | {found['seconds']:.2f} | {found['megabytes']} | {found['named']:,} |")
    return "\n".join(lines)


def test_graph(benchmark: BenchmarkFixture) -> None:
    print("\n" + benchmark.pedantic(table, rounds=1))  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    print(json.dumps(admit(sys.argv[1])) if len(sys.argv) > 1 else table())

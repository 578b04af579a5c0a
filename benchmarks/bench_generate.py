"""What does generating a population cost, and does it grow with the population?

    pytest --benchmark-enable -s benchmarks/bench_generate.py
    BRANCHES=10000,100000,1000000 python -m benchmarks.bench_generate

Each size is generated in a process of its own, as Parquet, by the profile of `rulesets/mofan`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.bench_executor import peak_megabytes

ROOT = Path(__file__).parents[1]
SIZES = [int(size) for size in os.environ.get("BRANCHES", "10000,40000").split(",")]


def made(branches: int) -> dict[str, float]:
    """Generate in this process, and say what it took."""
    from mofan_rules.population import generate

    with tempfile.TemporaryDirectory() as folder:
        began, seconds = time.perf_counter(), time.process_time()
        manifest = generate(ROOT / "rulesets" / "mofan" / "population.yaml", branches, 1, folder, format="parquet")
        return {
            "organizations": sum(manifest["organizations"].values()),
            "events": manifest["rows"]["events"],
            "rows": sum(manifest["rows"].values()),
            "seconds": time.process_time() - seconds,
            "wall": time.perf_counter() - began,
            "megabytes": peak_megabytes(),
            "disk": sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6,
        }


def table() -> str:
    """All sizes, as Markdown."""
    lines = ["| branches | organizations | events | all rows | processor s | µs a row | peak MB | files MB |", "|---|---|---|---|---|---|---|---|"]
    for branches in SIZES:
        done = subprocess.run([sys.executable, "-m", "benchmarks.bench_generate", str(branches)], cwd=ROOT, check=True, capture_output=True)
        found = json.loads(done.stdout)
        each = found["seconds"] / found["rows"] * 1e6
        counts = " | ".join(f"{found[name]:,}" for name in ("organizations", "events", "rows"))
        lines.append(f"| {branches:,} | {counts} | {found['seconds']:.1f} | {each:.2f} | {found['megabytes']} | {found['disk']:.0f} |")
    return "\n".join(lines)


def test_generate(benchmark: BenchmarkFixture) -> None:
    print("\n" + benchmark.pedantic(table, rounds=1))  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    print(json.dumps(made(int(sys.argv[1]))) if len(sys.argv) > 1 else table())

"""What does admission cost: by the form of the ids, by the types of the columns, and with a quarter of the rows bad?

    pytest --benchmark-enable -s benchmarks/bench_admission.py
    BRANCHES=100000 python -m benchmarks.bench_admission

A hundred thousand branches have four million events. Each case runs in a process of its own, which tells its processor seconds and the peak of its
memory; the table says both, and each case as a ratio to the first.
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
from benchmarks.register import Register, write_register

ROOT = Path(__file__).parents[1]
RULESET = ROOT / "rulesets" / "mofan-minimal"
BRANCHES = int(os.environ.get("BRANCHES", "20000"))

CASES = {
    "text ids of 18 characters, in no order; every cell a text": Register(BRANCHES),
    "typed columns": Register(BRANCHES, typed=True),
    "dense ids in order, typed columns": Register(BRANCHES, typed=True, dense=True),
    "a quarter of the events bad": Register(BRANCHES, bad=0.25),
}


def admit(folder: str) -> dict[str, float]:
    """Admit the facts of a folder in this process, and say what it took."""
    from mofan_rules import pipeline

    ruleset = pipeline.load_ruleset(RULESET)
    began = time.process_time()
    admitted = pipeline.admit(ruleset, pipeline.load_facts(folder))
    seconds = time.process_time() - began
    assert admitted.summary is not None
    summary = admitted.summary
    assert summary.read == summary.admitted + summary.rejected
    [(listed,)] = admitted.connection.execute("SELECT count(*) FROM facts.rejected WHERE reason IS NOT NULL").fetchall()
    assert listed == summary.rejected, "every bad row is listed with its reason"
    return {"seconds": seconds, "megabytes": peak_megabytes(), "read": summary.read, "rejected": summary.rejected}


def measured(asked: Register) -> dict[str, float]:
    """What admission takes in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        write_register(Path(folder), asked)
        done = subprocess.run([sys.executable, "-m", "benchmarks.bench_admission", folder], cwd=ROOT, check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def table() -> str:
    """All cases, as Markdown."""
    lines = [f"{BRANCHES:,} branches", "", "| facts | rows | rejected | processor s | ratio | peak MB |", "|---|---|---|---|---|---|"]
    first = 0.0
    for name, asked in CASES.items():
        found = measured(asked)
        first = first or found["seconds"]
        ratio = found["seconds"] / first
        lines.append(f"| {name} | {found['read']:,} | {found['rejected']:,} | {found['seconds']:.2f} | {ratio:.2f} | {found['megabytes']:.0f} |")
    return "\n".join(lines)


def test_admission(benchmark: BenchmarkFixture) -> None:
    print("\n" + benchmark.pedantic(table, rounds=1))  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    print(json.dumps(admit(sys.argv[1])) if len(sys.argv) > 1 else table())

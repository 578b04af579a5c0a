"""How much more does the executor cost than SQL that is written by hand for the same counts?

    pytest --benchmark-enable -s benchmarks/bench_plain_sql.py

Both run in turn, in one process, on the same tables, and must agree on how many windows are met and missed. The plain query knows that no row is uncertain, no
date known in part, no feed incomplete and no organization ever changes; the executor has to find that out.
"""

from collections import Counter
from time import process_time
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.population import admitted_population
from benchmarks.program import CONTEXT, program
from mofan_rules.executors.duckdb import Executor
from mofan_rules.executors.duckdb.table import DuckTable
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Program

COUNTS = {"r01-assembly": ("assembly", 3), "r03-group": ("group", 3), "r04-lecture": ("lecture", 3), "r05-day": ("day", 1)}
"""The requirements that a plain query counts: the kind of event, and the months of a window."""

ROUNDS = 3


def plain(kind: str, months: int) -> str:
    """A verdict row for each branch and window of 2024, as one would write it by hand."""
    return (
        f"WITH n AS (SELECT organization, (month(date_low) - 1) // {months} AS w, count(*) AS n FROM facts.events WHERE kind = '{kind}'"
        " AND date_low BETWEEN DATE '2024-01-01' AND DATE '2024-12-31' GROUP BY ALL)"
        f" SELECT o.id, make_date(2024, (1 + w.w * {months})::INTEGER, 1) AS window_from, CASE WHEN n.n >= 1 THEN 'met' ELSE 'too_few' END AS reason,"
        " CASE WHEN n.n >= 1 THEN '1+' ELSE '0' END AS measured"
        f" FROM facts.organizations o CROSS JOIN range(12 // {months}) w(w) LEFT JOIN n ON n.organization = o.organization"
        " AND n.w = w.w WHERE o.kind = 'branch'"
    )


def by_hand(facts: AdmittedFacts) -> dict[str, Counter[str]]:
    """The reasons of each requirement, from the plain queries; their rows are kept in tables, as the executor keeps its own."""
    cursor = facts.connection.cursor()
    found = {}
    for name, (kind, months) in COUNTS.items():
        cursor.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {plain(kind, months)}').fetchall()
        found[name] = Counter(dict(cursor.execute(f'SELECT reason, count(*) FROM "{name}" GROUP BY ALL').fetchall()))
    return found


def compiled(asked: Program, facts: AdmittedFacts) -> DuckTable:
    return Executor().run(asked, facts, CONTEXT)


def reasons(table: DuckTable) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row in table.rows():
        found.setdefault(row.requirement, Counter())[row.reason] += 1
    return found


def cpu(action: Any) -> float:
    """The processor seconds of an action."""
    start = process_time()
    action()
    return process_time() - start


@pytest.mark.parametrize("branches", [1_000, 100_000])
def test_against_plain_sql(benchmark: BenchmarkFixture, branches: int) -> None:
    facts = admitted_population(branches)
    facts.connection.execute("SET threads = 2").fetchall()
    whole = program()
    asked = Program("benchmark", "1", whole.vocabulary, (), tuple(each for each in whole.judgements if each.header.requirement in COUNTS), ())
    if branches <= 1_000:
        assert reasons(compiled(asked, facts)) == by_hand(facts)
    times = [(cpu(lambda: by_hand(facts)), cpu(lambda: compiled(asked, facts))) for _ in range(ROUNDS)]
    benchmark.pedantic(lambda: compiled(asked, facts), rounds=ROUNDS)  # type: ignore[no-untyped-call]
    best = [min(column) for column in zip(*times, strict=True)]
    benchmark.extra_info.update(plain_cpu_seconds=round(best[0], 3), executor_cpu_seconds=round(best[1], 3), ratio=round(best[1] / best[0], 2))
    print(f"\n{branches} branches: plain {best[0]:.3f} s, executor {best[1]:.3f} s of processor time, ratio {best[1] / best[0]:.2f}")
    facts.connection.close()

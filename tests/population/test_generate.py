"""Populations: reproducible to the byte, of any size, and their manifest says exactly what a check finds."""

import hashlib
import importlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

import mofan_rules as mr
from mofan_rules.population import copies, generate
from mofan_rules.population.streams import Stream, Turns

ROOT = Path(__file__).parents[2]
RULESET = ROOT / "rulesets" / "mofan"
PROFILE = RULESET / "population.yaml"


def digest(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def texts(path: Path) -> list[tuple[Any, ...]]:
    """The cells of a file as texts."""
    read = "read_csv(?, all_varchar = true, header = true)" if path.suffix == ".csv" else "read_parquet(?)"
    return duckdb.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {read}", [str(path)]).fetchall()


def found(folder: Path, manifest: dict[str, Any], executor: str = "duckdb") -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """The states by requirement and the codes by table that an evaluation of a folder finds."""
    evaluation = mr.evaluate(mr.load_ruleset(RULESET), mr.load_facts(folder), as_of=manifest["as_of"], period=manifest["period"], executor=executor)
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in evaluation.verdicts.rows():
        if verdict.requirement in manifest["verdicts"]:
            states[verdict.requirement][verdict.state] += 1
    rows = evaluation.facts.connection.execute('SELECT "table", code, count(*) FROM facts.rejected GROUP BY ALL').fetchall()
    rejected: dict[str, dict[str, int]] = defaultdict(dict)
    for table, code, number in rows:
        rejected[str(table)][str(code)] = int(number)
    return {name: dict(counter) for name, counter in states.items()}, dict(rejected)


@pytest.mark.parametrize(
    ("branches", "seed", "format", "question"),
    [
        (60, 1, "csv", {}),
        (60, 2, "csv", {"as_of": date(2025, 4, 1), "period": 2024}),
        (400, 3, "parquet", {}),
        (400, 4, "csv", {"as_of": date(2024, 8, 15), "period": 2024}),
        (1500, 5, "parquet", {"as_of": date(2025, 5, 1), "period": 2024}),
    ],
)
def test_a_check_finds_what_the_manifest_says(tmp_path: Path, branches: int, seed: int, format: Any, question: dict[str, Any]) -> None:
    manifest = generate(PROFILE, branches, seed, tmp_path, format=format, **question)
    states, rejected = found(tmp_path, manifest)
    assert rejected == manifest["rejected"]
    assert states == manifest["verdicts"]


def test_a_check_of_copies_finds_what_the_manifest_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "PATTERN", 45)
    manifest = generate(PROFILE, 182, 12, tmp_path, format="parquet")
    assert copies.Plan.of(182) == copies.Plan(36, 5, 2), "five copies and a rest"
    states, rejected = found(tmp_path, manifest)
    assert rejected == manifest["rejected"]
    assert states == manifest["verdicts"]
    kinds = ("党支部", "联合党支部", "离退休党支部", "临时党支部")
    assert sum(manifest["organizations"].get(kind, 0) for kind in kinds) == 182
    for name, rows in manifest["rows"].items():
        own = "id" if name != "feeds" else "organization"
        [(counted, ids)] = duckdb.execute(f"SELECT count(*), count(DISTINCT {own}) FROM '{tmp_path / name}.parquet'").fetchall()
        assert counted == rows
        assert ids > rows * 0.6, "each copy has ids of its own"


def test_copies_as_csv_are_those_as_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "PATTERN", 10)
    csv = generate(PROFILE, 31, 3, tmp_path / "csv")
    parquet = generate(PROFILE, 31, 3, tmp_path / "parquet", format="parquet")
    assert csv == parquet
    for name in csv["rows"]:
        assert texts(tmp_path / "csv" / f"{name}.csv") == texts(tmp_path / "parquet" / f"{name}.parquet")


def test_clean_columns_of_parquet_are_typed(tmp_path: Path) -> None:
    generate(PROFILE, 30, 11, tmp_path, format="parquet", dirt=False)
    types = {str(row[0]): str(row[1]) for row in duckdb.execute(f"DESCRIBE FROM '{tmp_path}/events.parquet'").fetchall()}
    assert (types["id"], types["date"], types["expected"]) == ("VARCHAR", "DATE", "BIGINT")


def test_nothing_is_left_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module("mofan_rules.population.generate"), "lay_out", interrupted)
    with pytest.raises(KeyboardInterrupt):
        generate(PROFILE, 5, 1, tmp_path, format="parquet")
    assert list(tmp_path.iterdir()) == []


def test_the_interpreter_finds_it_too(tmp_path: Path) -> None:
    manifest = generate(PROFILE, 40, 6, tmp_path)
    states, rejected = found(tmp_path, manifest, "interpreter")
    assert rejected == manifest["rejected"]
    assert states == manifest["verdicts"]


def test_without_dirt_nothing_is_wrong(tmp_path: Path) -> None:
    manifest = generate(PROFILE, 80, 7, tmp_path, dirt=False)
    states, rejected = found(tmp_path, manifest)
    assert rejected == {} == manifest["rejected"] == manifest["faults"]
    assert states == manifest["verdicts"]
    assert {state for counts in states.values() for state in counts} <= {"satisfied", "pending", "not_applicable"}


def test_the_example_is_what_the_generator_makes(tmp_path: Path) -> None:
    example = RULESET / "example"
    recorded = json.loads((example / "manifest.json").read_text(encoding="utf-8"))
    generate(PROFILE, recorded["branches"], recorded["seed"], tmp_path, as_of=date.fromisoformat(recorded["as_of"]), period=int(recorded["period"]))
    assert digest(tmp_path) == digest(example)


def test_the_example_is_small_and_shows_every_state() -> None:
    example = RULESET / "example"
    assert sum(path.stat().st_size for path in example.iterdir()) < 1_100_000
    manifest = json.loads((example / "manifest.json").read_text(encoding="utf-8"))
    shown = {state for counts in manifest["verdicts"].values() for state in counts}
    assert shown == {"satisfied", "violated", "pending", "unknown", "waived", "not_applicable"}
    states, rejected = found(example, manifest)
    assert rejected == manifest["rejected"]
    assert states == manifest["verdicts"]


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    script = "import sys; from mofan_rules.population import generate; generate(sys.argv[1], 50, 9, sys.argv[2])"
    for hash_seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", script, str(PROFILE), str(tmp_path / hash_seed)], check=True, env=environment)
    assert digest(tmp_path / "0") == digest(tmp_path / "4242")
    generate(PROFILE, 50, 10, tmp_path / "other")
    assert digest(tmp_path / "other") != digest(tmp_path / "0")


@pytest.mark.parametrize("branches", [1, 2, 7, 61])
def test_exactly_so_many_branches(tmp_path: Path, branches: int) -> None:
    manifest = generate(PROFILE, branches, 1, tmp_path)
    kinds = ("党支部", "联合党支部", "离退休党支部", "临时党支部")
    assert sum(manifest["organizations"].get(kind, 0) for kind in kinds) == branches
    assert manifest["branches"] == branches


def test_parquet_holds_the_same_cells(tmp_path: Path) -> None:
    generate(PROFILE, 30, 11, tmp_path / "csv")
    generate(PROFILE, 30, 11, tmp_path / "parquet", format="parquet")
    for path in (tmp_path / "csv").glob("*.csv"):
        assert texts(path) == texts(tmp_path / "parquet" / f"{path.stem}.parquet")


def test_random_numbers_are_those_that_python_guarantees() -> None:
    stream = Stream(7, 3)
    assert [stream.between(1, 100) for _ in range(8)] == [82, 79, 71, 12, 29, 20, 50, 30]
    assert [stream.weighted([1, 0.0001, 3]) for _ in range(4)] == [0, 2, 2, 2]


def test_turns_come_evenly_and_early() -> None:
    turns = Turns(0.01, Stream(1, 1), expected=30)
    taken = []
    for place in range(1000):
        if turns.pass_by():
            turns.take()
            taken.append(place)
    assert taken[0] <= 12 + 1
    assert 9 <= len(taken) <= 11
    assert {later - earlier for earlier, later in pairwise(taken)} <= {99, 100, 101}
    never = Turns(0.0, Stream(1, 1), expected=30)
    assert not any(never.pass_by() for _ in range(1000))


@pytest.mark.parametrize(("branches", "seed"), [(0, 1), (-1, 1), (10, -1)])
def test_sizes_and_seeds_out_of_range(tmp_path: Path, branches: int, seed: int) -> None:
    with pytest.raises(ValueError, match="must lie"):
        generate(PROFILE, branches, seed, tmp_path)


def test_an_as_of_date_before_the_period(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="after the beginning"):
        generate(PROFILE, 5, 1, tmp_path, as_of=date(2023, 1, 1), period=2024)

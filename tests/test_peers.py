"""The benchmark of peers: those that need nothing but what the tests need give the interpreter's verdicts, and a wrong one would be noticed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.peers.facts import write_facts
from benchmarks.peers.lines import lines_of_code
from benchmarks.peers.measure import measured, watched_children
from benchmarks.peers.page import BEGIN, END, Figure, Result, chart, replaced, tables
from benchmarks.peers.table import PEERS, Peer
from benchmarks.peers.verdicts import Verdicts, differences, mapping
from mofan_rules.verdicts.state import State

NAMED = {peer.name: peer for peer in PEERS}
LIGHT = ("this library, duckdb", "DuckDB, SQL by hand", "polars", "pandas", "plain Python")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("facts")
    write_facts(place, 40)
    return place


@pytest.fixture(scope="module")
def expected(facts: Path) -> Verdicts:
    return mapping(NAMED["this library, interpreter"].judge(facts))


@pytest.mark.parametrize("name", LIGHT)
def test_a_peer_gives_the_verdicts_of_the_interpreter(name: str, facts: Path, expected: Verdicts) -> None:
    assert differences(mapping(NAMED[name].judge(facts)), expected) == []


def test_the_facts_bring_about_every_state_that_the_peers_know(expected: Verdicts) -> None:
    assert set(expected.values()) == {State.SATISFIED, State.VIOLATED, State.UNKNOWN, State.NOT_APPLICABLE}
    assert {state for (requirement, _, _), state in expected.items() if requirement == "whole"} == {State.SATISFIED, State.VIOLATED, State.UNKNOWN}
    assert len({state for (requirement, _, _), state in expected.items() if requirement == "share"}) > 1


def test_one_other_verdict_is_noticed(expected: Verdicts) -> None:
    for state in {*expected.values()}:
        key = next(key for key, found in expected.items() if found == state)
        [said] = differences(expected, expected | {key: "else"})
        assert said == f"{' '.join(key)}: {state}, expected else"
        assert len(differences({other: found for other, found in expected.items() if other != key}, expected)) == 1
        assert differences(expected, {other: found for other, found in expected.items() if other != key}) == [f"{' '.join(key)}: {state}, expected None"]


def test_verdicts_of_other_requirements_are_not_asked_of_a_peer_that_judges_some(expected: Verdicts) -> None:
    some = {key: state for key, state in expected.items() if key[0] == "group"}
    assert differences(some, expected, ["group"]) == []
    assert differences(expected, expected, ["group"]) != []


def test_two_verdicts_about_the_same_are_refused() -> None:
    row = ("group", "b1", "2024-01-01", "satisfied")
    with pytest.raises(ValueError, match="1 verdicts are there twice"):
        mapping([row, row])


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: str(peer.name))
def test_what_a_user_writes_is_there(peer: Peer) -> None:
    assert all(lines_of_code(file) > 0 for file in peer.written())


def test_lines_of_code(tmp_path: Path) -> None:
    python, yaml = tmp_path / "a.py", tmp_path / "a.yaml"
    python.write_text('"""What it is for,\n\nat length."""\n\n# why\nSQL = """\nSELECT 1\n\nFROM x"""\n\ndef f() -> int:\n    "Says."\n    return 1  # one\n')
    yaml.write_text("# why\na: 1\n\nb: 2\n")
    assert (lines_of_code(python), lines_of_code(yaml)) == (5, 2)


def test_a_peer_that_is_not_installed_says_so() -> None:
    assert Peer("x", "library", "", needs=("no_such_module",)).missing() == "not installed: no_such_module"
    assert Peer("x", "library", "").missing() is None


def test_what_is_measured_is_the_job_whose_verdicts_are_compared(facts: Path, expected: Verdicts, tmp_path: Path) -> None:
    (facts / "warm").mkdir()
    write_facts(facts / "warm", 10)
    figures = measured("plain Python", facts, tmp_path / "verdicts.json")
    assert figures["verdicts"] == len(expected)
    assert {tuple(key): state for *key, state in json.loads((tmp_path / "verdicts.json").read_text())} == expected
    assert figures["wall"] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are read from /proc")
def test_the_memory_of_children_is_seen() -> None:
    with watched_children() as peaks:
        subprocess.run([sys.executable, "-c", "import time; b = b'x' * 60_000_000; time.sleep(0.5)"], check=True)
    assert sum(peaks.values()) > 60_000_000 / 1024


RESULTS = [
    Result("a", 10, "Nothing.", {100: Figure(1.0, 2.0, 50, 1000, 3)}),
    Result("b", 20, "Much.", {100: Figure(0.5, 1.0, 40, 100, 3)}),
    Result("c", 30, "All.", {}, "not installed: c"),
    Result("d", 40, "Some.", {}),
]


def test_the_page_keeps_what_is_not_of_the_run() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replaced(page, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    with pytest.raises(ValueError, match="no place"):
        replaced("before\nafter\n", "new")


def test_the_tables_say_ratios_and_who_is_left_out() -> None:
    text = tables(RESULTS, [100])
    assert "| a | 1 | 2 | 1 | 1,000 | 50 | 10 |" in text
    assert "| b (100 verdicts) | 0.5 | 1 | 5 | 200 | 40 | 20 |" in text
    assert "Left out: c (not installed: c)." in text
    assert "Not asked for so many: d." in text


def test_the_chart_has_a_bar_for_each_figure() -> None:
    drawn = chart(RESULTS, [100])
    assert drawn.count("<rect") == 1 + 1 + 2
    assert ">1,000</text>" in drawn

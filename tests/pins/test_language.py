"""What conditions mean where other languages mean something else, on every executor."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mofan_rules.diagnostics import RulesetError
from mofan_rules.executors import COMPLETE, load_executor
from mofan_rules.ruleset import load_texts
from mofan_rules.verdicts.table import Verdict
from tests.cases import Case, admitted, ruleset_of, ruleset_texts
from tests.pins.language import CELLS, CONDITIONS, REFUSED

everywhere = pytest.mark.parametrize("executor", COMPLETE)
VOCABULARY = {"organizations": {"unit": {}}, "attributes": {name: {"of": "unit", "type": type_} for name, (type_, _) in CELLS.items()}}


def requirement(number: int, condition: str) -> dict[str, str]:
    return {"id": f"r{number:03}", "kind": "attribute", "subject": "unit", "condition": condition}


def verdicts(executor: str, ruleset: dict[str, Any], period: str = "2024Q1", **tables: Any) -> list[Verdict]:
    """What an executor makes of rows as people write them."""
    case = Case(Path("pins"), "", date(2024, 7, 15), tables, (), ruleset, period, complete=("waivers",))
    program = ruleset_of(case).program
    facts = admitted(case, program.vocabulary)
    try:
        return list(load_executor(executor).run(program, facts, case.context).rows())
    finally:
        facts.connection.close()


def units(*ids: str) -> list[dict[str, str]]:
    return [{"id": unit, "kind": "unit"} for unit in ids]


def written() -> Iterator[tuple[str, str]]:
    for conditions in CONDITIONS.values():
        yield from conditions


@cache
def answers(executor: str) -> dict[str, str]:
    """The state of each condition, from one run."""
    conditions = [condition for condition, _ in written()]
    ruleset = {"vocabulary": VOCABULARY, "requirements": [requirement(number, condition) for number, condition in enumerate(conditions)]}
    unit = {"id": "u", "kind": "unit"} | {name: cell for name, (_, cell) in CELLS.items() if cell}
    found = {row.requirement: row.state for row in verdicts(executor, ruleset, organizations=[unit])}
    return {condition: found[f"r{number:03}"] for number, condition in enumerate(conditions)}


@everywhere
@pytest.mark.parametrize("topic", CONDITIONS)
def test_condition(topic: str, executor: str) -> None:
    assert {condition: answers(executor)[condition] for condition, _ in CONDITIONS[topic]} == dict(CONDITIONS[topic])


@pytest.mark.parametrize(("condition", "code"), [refused for conditions in REFUSED.values() for refused in conditions])
def test_refused(condition: str, code: str) -> None:
    """It does not load, so that no executor can answer it in its own way."""
    with pytest.raises(RulesetError) as raised:
        load_texts(ruleset_texts({"vocabulary": VOCABULARY, "requirements": [requirement(0, condition)]}))
    assert code in {diagnostic.code for diagnostic in raised.value.diagnostics}


@everywhere
def test_every_exact_percentage(executor: str) -> None:
    """All a / b that are exactly k percent, up to b = 300, in the three ways in which people write a limit: floating point decides hundreds wrongly."""
    shares = [(a, b, 100 * a // b) for b in range(1, 301) for a in range(1, b + 1) if 100 * a % b == 0]
    assert len(shares) >= 1500
    ways = ("a / b >= k / 100", "a / b * 100 >= k", "1 - a / b <= 1 - k / 100", "a / b > k / 100", "1 - a / b < 1 - k / 100")
    vocabulary = {"organizations": {"unit": {}}, "attributes": {name: {"of": "unit", "type": "integer"} for name in "abk"}}
    ruleset = {"vocabulary": vocabulary, "requirements": [requirement(number, way) for number, way in enumerate(ways)]}
    rows = [{"id": f"u{number}", "kind": "unit", "a": str(a), "b": str(b), "k": str(k)} for number, (a, b, k) in enumerate(shares)]
    found = verdicts(executor, ruleset, organizations=rows)
    wanted = {f"r{number:03}": "violated" if " > " in way or " < " in way else "satisfied" for number, way in enumerate(ways)}
    assert not [(row, shares[int(row.subject[1:])]) for row in found if row.state != wanted[row.requirement]]
    assert len(found) == len(ways) * len(shares)


CHILDREN = {"none": "", "true": "9", "false": "1", "unknown": "?", "true-unknown": "9?", "false-unknown": "1?", "true-false": "91", "all": "91?"}
SOME = {"none": "violated", "true": "satisfied", "false": "violated", "unknown": "unknown"} | {
    "true-unknown": "satisfied",
    "false-unknown": "unknown",
    "true-false": "satisfied",
    "all": "satisfied",
}
EVERY = {"none": "satisfied", "true": "satisfied", "false": "violated", "unknown": "unknown"} | {
    "true-unknown": "unknown",
    "false-unknown": "violated",
    "true-false": "violated",
    "all": "violated",
}


@everywhere
def test_some_and_every_row(executor: str) -> None:
    """There are no quantifiers: rows are counted. Over all eight ways in which rows may be true, false and unknown: SQL's EXISTS gets three of them wrong."""
    vocabulary = {"organizations": {"unit": {}}, "events": {"test": {}}, "attributes": {"score": {"of": "test", "type": "integer"}}}
    common = {"kind": "occurrence", "subject": "unit", "event": "test", "every": "quarter", "partial": "require"}
    some = common | {"id": "some", "where": "score >= 5", "at_least": "1"}
    every = common | {"id": "every", "where": "not (score >= 5)", "at_most": "0"}
    events = [
        {"id": f"{unit}{number}", "organization": unit, "kind": "test", "date": "2024-02-01", "score": score.strip("?")}
        for unit, scores in CHILDREN.items()
        for number, score in enumerate(scores)
    ]
    rows = verdicts(executor, {"vocabulary": vocabulary, "requirements": [some, every]}, organizations=units(*CHILDREN), events=events)
    assert {row.subject: row.state for row in rows if row.requirement == "some"} == SOME
    assert {row.subject: row.state for row in rows if row.requirement == "every"} == EVERY


@everywhere
def test_nothing_is_counted_more_than_once(executor: str) -> None:
    """A join would multiply: a meeting has several rows of attendance, a branch is reached on two paths, an event is of two of the kinds named."""
    vocabulary = {
        "organizations": {"unit": {}, "branch": {}},
        "relations": {"guides": {}},
        "events": {"meeting": {}, "class": {}},
        "roles": {"member": {}},
        "documents": {},
    }
    counted = {"kind": "occurrence", "subject": "unit", "event": ["meeting", "class"], "every": "quarter", "at_least": "1", "at_most": "1"}
    reached = {"kind": "coverage", "subject": "unit", "relation": "guides", "depth": "all", "of": "branch", "at_least": "1", "at_most": "1"}
    ruleset = {"vocabulary": vocabulary, "roster": "member", "requirements": [counted | {"id": "counted", "at_least": "1"}, reached | {"id": "reached"}]}
    tables: dict[str, Any] = {
        "organizations": [{"id": "u", "kind": "unit"}, {"id": "v", "kind": "unit"}, {"id": "b", "kind": "branch"}],
        "relations": [{"source": source, "target": target, "kind": "guides"} for source, target in (("u", "b"), ("u", "v"), ("v", "b"))],
        "events": [{"id": "e", "organization": "u", "kind": kind, "date": "2024-02-01"} for kind in ("meeting", "class")],
        "attendance": [{"event": "e", "person": person, "present": "yes"} for person in "abc"],
        "tenures": [{"id": person, "organization": "u", "role": "member", "person": person, "from_date": "2020-01-01"} for person in "abc"],
    }
    rows = verdicts(executor, ruleset, **tables)
    assert {(row.requirement, row.measured, row.state) for row in rows if row.subject == "u"} == {("counted", "1", "satisfied"), ("reached", "1", "satisfied")}


@everywhere
def test_totals_of_nothing_and_of_something_missing(executor: str) -> None:
    """The sum of no row is 0; of rows of which a cell is missing it is not known, where SQL passes over it."""
    vocabulary = {"organizations": {"unit": {}}, "events": {"test": {}}, "attributes": {"score": {"of": "test", "type": "integer", "min": "0"}}}
    measures = {
        "total": {"sum": "score", "of": {"event": "test"}},
        "many": {"distinct": "score", "of": {"event": "test"}},
        "last": {"latest": "score", "of": {"event": "test"}},
    }
    conditions = ("total = 0", "total >= 4", "total <= 4", "many = 0", "last = 4", "missing(last)")
    requirements = [requirement(number, condition) | {"every": "quarter"} for number, condition in enumerate(conditions)]
    ruleset = {"vocabulary": vocabulary, "measures": measures, "requirements": requirements}
    events = [
        {"id": "e1", "organization": "some", "kind": "test", "date": "2024-02-01", "score": "4"},
        {"id": "e2", "organization": "some", "kind": "test", "date": "2024-02-02"},
    ]
    rows = verdicts(executor, ruleset, organizations=units("some", "none"), events=events)
    found = {(conditions[int(row.requirement[1:])], row.subject): row.state for row in rows}
    assert {condition: found[condition, "none"] for condition in conditions} == {
        "total = 0": "satisfied",
        "total >= 4": "violated",
        "total <= 4": "satisfied",
        "many = 0": "satisfied",
        "last = 4": "unknown",
        "missing(last)": "satisfied",
    }
    assert {condition: found[condition, "some"] for condition in conditions} == {
        "total = 0": "violated",
        "total >= 4": "satisfied",
        "total <= 4": "unknown",
        "many = 0": "violated",
        "last = 4": "unknown",
        "missing(last)": "violated",
    }


@everywhere
def test_a_bad_date_stops_no_query(executor: str) -> None:
    """It is a row that is rejected, and may be any date; the verdicts of others do not depend on it."""
    vocabulary = {"organizations": {"unit": {}}, "events": {"test": {}}}
    ruleset = {
        "vocabulary": vocabulary,
        "requirements": [{"id": "r", "kind": "occurrence", "subject": "unit", "event": "test", "every": "quarter", "partial": "require"}],
    }
    dated = {"u": "2024-02-30", "v": "2024-02-29", "w": "someday"}
    events = [{"id": unit, "organization": unit, "kind": "test", "date": day} for unit, day in dated.items()]
    rows = verdicts(executor, ruleset, organizations=units(*dated), events=events)
    assert {row.subject: row.state for row in rows} == {"u": "unknown", "v": "satisfied", "w": "unknown"}


def test_no_function_is_known_that_means_different_things_in_different_places() -> None:
    """The functions whose meanings part: `CANNOT_ARISE` of the tests of DuckDB names them."""
    names = {condition for conditions in REFUSED.values() for condition, code in conditions if code == "unknown-function"}
    assert {match[1] for name in names if (match := re.match(r"(\w+)\(", name))} == {"upper", "round", "matches", "some", "every"}

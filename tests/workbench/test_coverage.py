"""`mofan test --coverage`: which states and values of conditions cases reach, and which ones there can be."""

import re
from pathlib import Path

import pytest

from mofan_rules.cli import main
from mofan_rules.ruleset import load_texts
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.state import State
from mofan_rules.workbench.coverage import Coverage
from mofan_rules.workbench.possible import atoms, states_of
from mofan_rules.workbench.testing import run_tests
from tests.workbench.sample import EMPTY, HELD, write_sample

ENOUGH = "members >= 5"
HALF = "attended * 2 >= expected"


def coverage(folder: Path, **cases: str) -> Coverage:
    found = run_tests(write_sample(folder, **cases), ["interpreter"], with_coverage=True).coverage
    assert found is not None
    return found


def reached(found: Coverage, text: str, requirement: str = "meet") -> set[Truth]:
    return next(one.reached for name, one in found.requirements[requirement].conditions.items() if name.replace("≥", ">=").endswith(text))


def test_states_and_conditions_are_those_that_the_cases_reach(tmp_path: Path) -> None:
    held = coverage(tmp_path / "1", held=HELD)
    assert held.requirements["meet"].states == {State.SATISFIED}
    assert held.requirements["meet"].cases == ["held"]
    assert (reached(held, ENOUGH), reached(held, HALF)) == ({True}, {True})
    assert held.requirements["all_meet"].states == set()
    both = coverage(tmp_path / "2", held=HELD, empty=EMPTY)
    assert both.requirements["meet"].states == {State.SATISFIED, State.VIOLATED}
    assert reached(both, HALF) == {True, False}
    assert both.requirements["all_meet"].states == {State.VIOLATED}


def test_unknown_is_a_value_of_its_own(tmp_path: Path) -> None:
    unclear = HELD.replace(", attended: 3", "").replace("state: satisfied, reason: met, measured: 1", "state: unknown")
    assert reached(coverage(tmp_path, unclear=unclear), HALF) == {None}


def test_a_state_that_is_wanted_but_not_given_is_not_reached(tmp_path: Path) -> None:
    assert coverage(tmp_path, wrong=HELD.replace("state: satisfied", "state: waived")).requirements["meet"].states == set()


def test_bounds_are_reached_by_the_verdicts_they_decide(tmp_path: Path) -> None:
    found = coverage(tmp_path, held=HELD, empty=EMPTY)
    assert reached(found, ">= 1") == {True, False}
    (most,) = (one for name, one in found.requirements["meet"].conditions.items() if "≤" in name)
    assert most.reached == {True}
    four = "".join(f"{{id: e{day}, organization: a, kind: meeting, date: 2024-02-0{day}, expected: 6, attended: 6}}, " for day in range(1, 5))
    many = re.sub(r"events: \[.*\]", f"events: [{four}]", HELD).replace("state: satisfied, reason: met, measured: 1", "state: violated, reason: too_many")
    (most,) = (one for name, one in coverage(tmp_path / "2", many=many).requirements["meet"].conditions.items() if "≤" in name)
    assert most.reached == {False}


def rules(requirement: str) -> Coverage:
    head = """
ruleset: x
version: "1"
vocabulary:
  organizations: {club: {kinds: [new_club]}}
  events: {meeting: {}}
  documents: {plan: {}}
  attributes: {open: {of: club, type: boolean}, members: {of: club, type: integer}}
parameters: {size: [{value: 5, local: true}]}
requirements:
"""
    ruleset = load_texts({"ruleset.yaml": head + "  - " + requirement})
    return Coverage(ruleset.program)


@pytest.mark.parametrize(
    ("requirement", "impossible"),
    [
        ("{id: r, kind: occurrence, subject: club, event: meeting, every: month, modality: should}", set()),
        ("{id: r, kind: occurrence, subject: club, event: meeting, every: month, modality: must}", {State.WAIVED}),
        ("{id: r, kind: occurrence, subject: club, event: meeting, every: month, modality: must, waivable: true}", set()),
        ("{id: r, kind: evidence, subject: club, document: plan, modality: should}", {State.PENDING, State.NOT_APPLICABLE}),
        ("{id: r, kind: evidence, subject: club, document: plan, when: open, modality: should}", {State.PENDING}),
        ("{id: r, kind: evidence, subject: club, document: plan, grace: 30天, modality: should}", {State.NOT_APPLICABLE}),
        ("{id: r, kind: evidence, subject: club, document: plan, every: year, modality: should}", set()),
        ("{id: r, kind: occurrence, subject: club, event: meeting, every: month, partial: require, modality: should}", {State.NOT_APPLICABLE}),
        ("{id: r, kind: deadline, subject: club, trigger: founding, response: {event: meeting}, within: 30天, modality: should}", {State.WAIVED}),
        ("{id: r, kind: attribute, subject: club, each: {event: meeting}, condition: attended > 2, modality: should}", {State.PENDING, State.NOT_APPLICABLE}),
    ],
)
def test_what_a_requirement_cannot_be_is_not_asked_for(requirement: str, impossible: set[State]) -> None:
    assert set(State) - states_of(rules(requirement).program, "r") == impossible


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("open and members > 3", {"open": {True, False, None}, "members > 3": {True, False, None}}),
        ("not (members > 3) or missing(members)", {"members > 3": {True, False, None}, "missing(members)": {True, False}}),
        ('kind = "new_club"', {"kind": {True, False}}),
        ("size > 3 and open", {"open": {True, False, None}}),
        ("(if open then members else 3) > 2", {"open": {True, False, None}, "if open then members else 3 > 2": {True, False, None}}),
    ],
)
def test_atomic_conditions_and_the_values_they_can_have(condition: str, wanted: dict[str, set[Truth]]) -> None:
    found = rules(f"{{id: r, kind: attribute, subject: club, condition: '{condition}', modality: should}}").requirements["r"].conditions
    assert sorted((set(one.possible) for one in found.values()), key=len) == sorted(wanted.values(), key=len)
    assert len(found) == len(wanted)


def test_an_atom_is_found_once() -> None:
    assert list(atoms([])) == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset, page = str(write_sample(tmp_path, held=HELD, empty=EMPTY)), tmp_path / "page.html"
    command = ["test", ruleset, "--lang", "en", "--executor", "interpreter"]
    assert main([*command, "--coverage", "--html", str(page)]) == 0
    out = capsys.readouterr().out
    assert "what no case reaches:" in out
    assert f"{ruleset}/requirements.yaml:3:9: meet  states: pending, unknown, waived, not applicable" in out
    assert "reached: states 3/12 (25%), values of conditions" in out
    assert 'class="no">unknown</i>' in page.read_text(encoding="utf-8")
    assert main([*command, "--threshold", "20,10"]) == 0
    assert main([*command, "--threshold", "20,99"]) == 1
    assert main([*command, "--threshold", "30,10"]) == 1
    assert main([*command, "--threshold", "many"]) == 2
    assert main([*command, "--threshold", "101"]) == 2


def test_of_a_ruleset_that_imports_only_its_own_requirements_count(tmp_path: Path) -> None:
    base = write_sample(tmp_path, held=HELD)
    local = tmp_path / "local"
    (local / "cases").mkdir(parents=True)
    (local / "cases" / "held.yaml").write_text(HELD, encoding="utf-8")
    own = "requirements: [{id: own, kind: occurrence, subject: club, event: meeting, every: year, modality: must}]"
    (local / "ruleset.yaml").write_text(f'ruleset: local\nversion: "1"\nimport: [../{base.name}]\n{own}\n', encoding="utf-8")
    found = run_tests(local, ["interpreter"], with_coverage=True)
    assert found.coverage is not None
    assert set(found.coverage.requirements) == {"own"}
    assert [result.status for result in found.results] == ["passed"]

"""`mofan test --mutate`: every number, comparison, window and modality is changed, and what no case notices is told."""

from pathlib import Path

import pytest

from mofan_rules.cli import main
from mofan_rules.ruleset import load_ruleset, load_texts
from mofan_rules.workbench.changes import What
from mofan_rules.workbench.mutation import Mutation, mutants, mutate, rows_of
from mofan_rules.workbench.running import admitted
from mofan_rules.workbench.testing import cases_of
from tests.workbench.sample import EMPTY, HELD, write_sample

CHAIN = "{id: r, kind: deadline, since: last, subject: club, response: {event: election, where: attended >= expected * share}, within: term}"

HEAD = """
ruleset: x
version: "1"
vocabulary:
  organizations: {club: {}, league: {}}
  events: {meeting: {}, election: {}}
  attributes: {open: {of: club, type: boolean}, members: {of: club, type: integer}, topic: {of: meeting, type: text}}
parameters:
  size: [{value: 5, until: 2020-12-31, local: true}, {value: 6, from: 2021-01-01, local: true}]
  term: 3年
  share: 80%
requirements:
"""


def changes(requirement: str) -> set[tuple[str, str, str]]:
    """The changes of one requirement and of the parameters it reads: field, before, after."""
    ruleset = load_texts({"ruleset.yaml": HEAD + "  - " + requirement})
    return {(mutant.change.field, mutant.change.before, mutant.change.after) for mutant in mutants(ruleset)}


def test_an_occurrence() -> None:
    assert changes(
        "{id: r, kind: occurrence, subject: club, event: meeting, every: quarter, at_least: 2, where: 'topic != \"fun\"', grace: 03-31, modality: must}"
    ) == {
        ("modality", "must", "should"),
        ("every", "3 months", "2 months"),
        ("every", "3 months", "4 months"),
        ("at_least", "2", "1"),
        ("at_least", "2", "3"),
        ("where", 'topic ≠ "fun"', 'topic = "fun"'),
        ("grace", "03-31", "03-30"),
        ("grace", "03-31", "04-01"),
    }


def test_a_chain_changes_its_condition_in_both_places_at_once() -> None:
    ruleset = load_texts(
        {
            "ruleset.yaml": HEAD
            + "  - {id: r, kind: deadline, since: last, subject: club, response: {event: election, where: attended >= expected * share}, within: term}"
        }
    )
    found = [mutant for mutant in mutants(ruleset) if mutant.change.field == "where"]
    assert [mutant.change.after for mutant in found] == ["attended > expected * share"]
    (judgement,) = found[0].program.judgements
    assert ">=" not in str(judgement.windows) and ">=" not in str(judgement.measures)


def test_parameters_are_changed_value_by_value() -> None:
    found = changes("{id: r, kind: attribute, subject: club, condition: members > size and members > 3, modality: should}")
    assert {change for change in found if change[0].endswith("..")} == {
        ("0001-01-01..", "5", "4"),
        ("0001-01-01..", "5", "6"),
        ("2021-01-01..", "6", "5"),
        ("2021-01-01..", "6", "7"),
    }
    assert ("expression", "members > size 且 members > 3", "members > size 且 members ≥ 3") in found
    assert not any("term" in change or "80%" in change[1] for change in found)


def test_a_share_goes_by_hundredths_and_a_duration_by_its_unit() -> None:
    found = changes(CHAIN)
    assert {change[1:] for change in found if change[0] == "value"} == {("0.8", "0.79"), ("0.8", "0.81"), ("3年", "35个月"), ("3年", "37个月")}


def test_a_change_touches_the_roll_ups_above(tmp_path: Path) -> None:
    ruleset = load_ruleset(write_sample(tmp_path, held=HELD))
    touched = {mutant.about: mutant.touched for mutant in mutants(ruleset)}
    assert touched == {"meet": {"meet", "all_meet"}, "all_meet": {"all_meet"}, "most": {"meet", "all_meet"}}
    assert {mutant.about for mutant in mutants(ruleset, frozenset({"all_meet"}))} == {"all_meet"}


def found_by(folder: Path, **cases: str) -> Mutation:
    path = write_sample(folder, **cases)
    ruleset = load_ruleset(path)
    found = cases_of(path, ruleset)
    return mutate(ruleset, found, {case.name: rows_of(admitted(case, ruleset.vocabulary)) for case in found})


def test_what_no_case_notices_survives_and_what_one_notices_does_not(tmp_path: Path) -> None:
    before = found_by(tmp_path / "1", held=HELD)
    assert "members > 5" in {mutant.change.after for mutant in before.survivors}
    five = HELD.replace("members: 6", "members: 5")
    after = found_by(tmp_path / "2", held=HELD, five=five)
    assert "members > 5" not in {mutant.change.after for mutant in after.survivors}
    assert (before.number, len(before.survivors)) > (after.number, len(after.survivors))


@pytest.mark.parametrize("case", [HELD.replace("reason: met", "modality: should"), HELD + "  # a reason is enough to waive what is only advised\n"])
def test_a_modality_is_noticed_where_a_case_names_it(tmp_path: Path, case: str) -> None:
    survivors = found_by(tmp_path, case=case).survivors
    named = "modality: should" in case
    assert any(mutant.change.what is What.MODALITY and mutant.about == "meet" for mutant in survivors) is not named


def test_a_modality_is_noticed_by_a_waiver(tmp_path: Path) -> None:
    waived = EMPTY.replace(
        "complete: all", "  waivers: [{id: w, organization: a, requirement: meet, from_date: 2024-01-01, until_date: 2024-12-31, reason: flood}]\ncomplete: all"
    )
    waived = waived.replace("state: violated, reason: too_few", "state: waived").replace("window: 2024Q1, state: violated", "window: 2024Q1, state: waived")
    survivors = found_by(tmp_path, waived=waived).survivors
    assert not any(mutant.change.what is What.MODALITY and mutant.about == "meet" for mutant in survivors)


def test_survivors_are_told_with_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset = str(write_sample(tmp_path, held=HELD, empty=EMPTY))
    command = ["test", ruleset, "--lang", "en", "--executor", "interpreter", "--mutate"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "changes that no case notices:" in out
    assert f"{ruleset}/requirements.yaml:7:5: meet  when: members ≥ 5 → members > 5" in out
    assert "18 changes, 10 noticed by the cases (55.5%)" in out
    assert main([*command, "--threshold", "99"]) == 1
    assert main([*command, "--threshold", "1"]) == 0


def test_of_every_place_the_line_is_that_of_the_field(tmp_path: Path) -> None:
    path = write_sample(tmp_path, held=HELD)
    lines = (path / "requirements.yaml").read_text(encoding="utf-8").splitlines()
    for mutant in mutants(load_ruleset(path)):
        assert mutant.place is not None
        if mutant.place.file.endswith("requirements.yaml") and mutant.about == "meet":
            assert lines[mutant.place.line - 1].strip().startswith(mutant.change.field + ":")


DERIVING = """
ruleset: x
version: "1"
vocabulary:
  organizations: {club: {}, league: {}}
  relations: {plays_in: {}}
  events: {meeting: {}, fair: {}, warning: {}, fine: {}}
  attributes: {size: {of: fair, type: integer}, level: {of: [warning, fine], type: integer}, open: {of: [fair, warning], type: boolean}}
requirements:
  - {id: meet, kind: occurrence, subject: club, event: meeting, every: quarter, modality: must}
derive:
  - id: warned
    if:
      - {verdict: meet, match: {subject: $club}}
      - {relation: part_of, match: {source: $club, target: $league}}
      - {event: fair, match: {organization: $club, open: true}, where: size >= 10}
    not: {derived: fine, match: {organization: $league}}
    then: {event: warning, organization: $league, attributes: {level: 1}}
  - id: fined
    count:
      of: $club
      at_least: 2
      in:
        - {verdict: meet, state: [violated, unknown], match: {subject: $club}}
        - {relation: part_of, match: {source: $club, target: $league}}
    then: {event: fine, organization: $league}
    after: 10天
"""


def derivation_changes(name: str) -> list[tuple[str, str, str]]:
    ruleset = load_texts({"ruleset.yaml": DERIVING})
    found = [mutant for mutant in mutants(ruleset) if mutant.about == name]
    assert not any(mutant.touched for mutant in found)
    assert all(mutant.program.derivations != ruleset.program.derivations for mutant in found)
    return [(mutant.change.field, mutant.change.before, mutant.change.after) for mutant in found]


def test_a_derivation_changes_numbers_comparisons_states_relations_and_days() -> None:
    assert derivation_changes("warned") == [
        ("state", "violated", "satisfied, violated"),
        ("state", "violated", "violated, unknown"),
        ("state", "violated", "violated, not_applicable"),
        ("relation", "part_of", "continues"),
        ("relation", "part_of", "plays_in"),
        ("relation", "part_of", "part_of (turned)"),
        ("where", "size ≥ 10", "size > 10"),
        ("where", "size ≥ 10", "size ≥ 9"),
        ("where", "size ≥ 10", "size ≥ 11"),
        ("match", "open: true", "open: false"),
        ("at_most", "0", "1"),
        ("after", "0天", "1天"),
        ("attributes", "level: 1", "level: 0"),
        ("attributes", "level: 1", "level: 2"),
    ]
    assert derivation_changes("fined") == [
        ("at_least", "2", "1"),
        ("at_least", "2", "3"),
        ("state", "violated, unknown", "satisfied, violated, unknown"),
        ("state", "violated, unknown", "unknown"),
        ("state", "violated, unknown", "violated"),
        ("state", "violated, unknown", "violated, unknown, not_applicable"),
        ("relation", "part_of", "continues"),
        ("relation", "part_of", "plays_in"),
        ("relation", "part_of", "part_of (turned)"),
        ("after", "10天", "9天"),
        ("after", "10天", "11天"),
    ]


FINED = """
  - id: fined
    if: [{verdict: meet, match: {subject: $club}}, {relation: part_of, match: {source: $club, target: $league}}]
    then: {event: fine, organization: $league}
"""


def test_a_change_of_a_derivation_shows_in_the_facts_that_a_case_wants(tmp_path: Path) -> None:
    case = EMPTY + "derived: [{kind: fine, organization: l, date: 2024-04-01}]\n"
    path = write_sample(tmp_path, empty=case)
    file = path / "ruleset.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("{meeting: {}}", "{meeting: {}, fine: {}}"), encoding="utf-8")
    with (path / "requirements.yaml").open("a", encoding="utf-8") as requirements:
        requirements.write("derive:" + FINED)
    ruleset = load_ruleset(path)
    cases = cases_of(path, ruleset)
    found = mutate(ruleset, cases, {one.name: rows_of(admitted(one, ruleset.vocabulary)) for one in cases}, frozenset())
    assert found.number == 7, "two other relations and another day are noticed"
    assert [mutant.change.after for mutant in found.survivors] == [
        "satisfied, violated",
        "violated, unknown",
        "violated, waived",
        "violated, not_applicable",
    ]
    assert all(mutant.place is not None and mutant.place.file.endswith("requirements.yaml") for mutant in found.survivors)

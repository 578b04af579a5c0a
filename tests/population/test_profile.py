"""Profiles: what is wrong in one is said, whatever it is; and the engine knows no domain."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from mofan_rules.population import ProfileError, generate, read_profile

MINIMAL = """
population: teams
as_of: 2025-01-01
period: 2024
count: team
repeat: department
nodes:
  department: {prefix: d, kinds: {department: 1}, names: ["Department, {n}"], founded: 2000-01-01..2005-01-01}
  team:
    under: department
    prefix: t
    each: 1..3
    kinds: {team: 3, guild: 1}
    names: ['{department} "team" {n}']
    attributes: [{name: size, steps: [[1, 2, 5], [1, 6, 9]]}]
    meetings:
      - event: meeting
        requirement: team.meeting
        every: month
        expected: size
        faults: [{fault: missed, rate: 0.2, state: violated}]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "population.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_another_domain(tmp_path: Path) -> None:
    manifest = generate(written(tmp_path, MINIMAL), 20, 1, tmp_path / "out")
    counts = manifest["verdicts"]["team.meeting"]
    assert counts["satisfied"] + counts["violated"] == 20 * 12
    assert counts["violated"] == manifest["faults"]["team.meeting"]["missed"] > 2
    rows = (tmp_path / "out" / "organizations.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].endswith(",size")
    assert '"Department, 1"' in rows[1]
    assert any('""team""' in row for row in rows)


MORE = """
    meetings:
      - event: meeting
        requirement: team.meeting
        every: quarter
        days: 0..80
        times: size
        columns: {by: '{id}-{k}'}
        some:
          requirement: team.vote
          rate: 0.5
          columns: {vote: 'yes', members: '{size}', in_favour: 51..100% size}
          otherwise: {vote: 'no'}
          faults: [{fault: spoiled, rate: 0.2, state: violated, set: {in_favour: '0'}}]
        faults: [{fault: short, rate: 0.2, state: violated}]
      - {event: report, every: year, ago: 2, days: 3}
    relations:
      - relation: sister
        requirement: team.sister
        to: [guild, team, department]
        times: size
        columns: {number: '{k}'}
        faults: [{fault: short, rate: 0.2, state: violated}]
"""
"""Meetings of which some have a vote, reports of the two years before, and relations to the teams of the department."""


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_votes_what_was_before_and_relations(tmp_path: Path) -> None:
    guild = "  guild: {under: department, prefix: g, kinds: {guild: 1}, names: [guild], each: 0}\n"
    text = MINIMAL[: MINIMAL.index("    meetings:")].replace("  team:\n", guild + "  team:\n") + MORE
    manifest = generate(written(tmp_path, text), 20, 1, tmp_path / "out")
    size = {row["id"]: int(row["size"]) for row in table(tmp_path / "out", "organizations") if row["size"]}
    events = table(tmp_path / "out", "events")
    meetings = Counter((row["organization"], row["date"]) for row in events if row["kind"] == "meeting")
    assert len(meetings) == 20 * 4
    assert Counter(size[team] - number for (team, _), number in meetings.items()) == {0: 80 - manifest["faults"]["team.meeting"]["short"], 1: 4}
    votes = [row for row in events if row["vote"] == "yes"]
    good = [row for row in votes if 2 * int(row["in_favour"]) > int(row["members"]) == size[row["organization"]] >= int(row["in_favour"])]
    assert manifest["verdicts"]["team.vote"] == {"satisfied": len(good), "violated": len(votes) - len(good)}
    assert len(votes) - len(good) == manifest["faults"]["team.vote"]["spoiled"] > 2
    assert {row["vote"] for row in events if row["kind"] == "meeting"} == {"yes", "no"}
    assert {row["date"] for row in events if row["kind"] == "report"} == {"2022-01-04", "2023-01-04"}
    relations = table(tmp_path / "out", "relations")
    sisters = Counter(row["source"] for row in relations)
    assert Counter(size[team] - number for team, number in sisters.items()) == {0: 16, 1: 4}
    assert all(row["source"][1:6] == row["target"][1:6] and row["source"] != row["target"] for row in relations)
    assert manifest["verdicts"]["team.sister"] == {"satisfied": 16, "violated": 4}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("count: team", "count: crew"), "crew"),
        (("under: department", "under: company"), "company"),
        (("every: month", "every: fortnight"), "every"),
        (("rate: 0.2", "rate: 2"), "rate"),
        (("prefix: t", "prefix: Team"), "prefix"),
        (("each: 1..3", "each: many"), "each"),
        (("as_of: 2025-01-01", "as_of: tomorrow"), "as_of"),
        (("population: teams", "population: teams\ncolour: red"), "colour"),
        (("steps: [[1, 2, 5], [1, 6, 9]]", "steps: [[0, 2, 5]]"), "steps"),
        (("name: size, steps: [[1, 2, 5], [1, 6, 9]]", "name: size"), "size"),
        (("nodes:", "nodes: ["), "population.yaml"),
        (("every: month", "every: month\n        grace: 13-45"), "grace"),
        (("each: 1..3", "each: 1..1000000"), "each"),
        (("each: 1..3", "when: {size: many}"), "when"),
        (("under: department", "under: department\n    parent: team"), "parent|above"),
        (("every: month", "every: month\n        ago: 1"), "ago"),
        (("meetings:", "relations: [{relation: sister, to: [club]}]\n    meetings:"), "club"),
        (("meetings:", "relations: [{relation: sister, to: []}]\n    meetings:"), "to"),
        (("population: teams", "population: &a [x]\ncount2: *a"), "aliases"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    assert change[0] in MINIMAL
    with pytest.raises(ProfileError, match=says):
        read_profile(written(tmp_path, MINIMAL.replace(*change)))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("fault: missed", "fault: mised"), "mised"),
        (("each: 1..3", "each: 0"), "team"),
        (("each: 1..3", "each: 1\n    relations: [{relation: sister, to: [team]}]"), "sister"),
    ],
)
def test_what_only_shows_when_it_is_used(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        generate(written(tmp_path, MINIMAL.replace(*change)), 5, 1, tmp_path / "out")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"- a\n- b\n", b"[" * 100_000, b"a: b: c", b"x" * 2_000_000, b"!!python/object:os.system {}"])
def test_no_bytes_raise_anything_else(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "population.yaml"
    path.write_bytes(data)
    with pytest.raises(ProfileError):
        read_profile(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="nowhere"):
        read_profile(tmp_path / "nowhere.yaml")

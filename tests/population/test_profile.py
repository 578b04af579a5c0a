"""Profiles: what is wrong in one is said, whatever it is; and the engine knows no domain."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mofan_rules.population import ProfileError, cut, generate, read_profile
from mofan_rules.ruleset import load_texts
from mofan_rules.schema import Vocabulary

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


CALLED = """
population: teams
as_of: 2025-01-01
period: 2024
count: team
repeat: department
nodes:
  department:
    prefix: d
    kinds: {department: 1}
    names: ['Department {n}']
    founded: 2000-01-01..2005-01-01
    attributes:
      - {name: budget, value: '7'}
      - {name: members, sum: {of: size, node: team, when: {kind: [team]}}}
      - {name: many, at_least: {of: members, value: 20}}
    standing:
      - requirement: department.counted
        faults:
          - {fault: standing, value: wrong, rate: 0.2, state: violated, add: {members: 2}}
          - {fault: standing, value: empty, state: unknown, follows: {node: team, blank: size}}
    documents:
      - document: plan
        dated: 2022-01-01..2023-01-01
        some:
          requirement: plan.studied
          rate: 1
          columns: {studied: -9..0 days}
          faults: [{fault: spoiled, rate: 0.3, state: violated, set: {studied: 1..5 days}}]
  board:
    under: department
    prefix: b
    kinds: {large: 1, small: 1}
    kind_by: [{kind: large, when: {members: 20..}}, {kind: small}]
    names: [Board]
    attributes: [{name: members, sum: {of: size, node: team}}, {name: title, when: {kind: [large]}, value: council}]
  team:
    under: board
    prefix: t
    each: 1..5
    kinds: {team: 9, guild: 1}
    names: ['Team {n}']
    attributes: [{name: size, steps: 3..9}]
    standing:
      - requirement: team.size
        faults:
          - {fault: standing, value: huge, rate: 0.1, state: violated, set: {size: '50'}}
          - {fault: standing, value: empty, rate: 0.1, state: unknown, set: {size: ''}}
    posts:
      - role: lead
        requirement: team.lead
        columns: {joined: -900..-500 days}
        faults: [{fault: vacant, rate: 0.1, state: violated}]
        holder:
          - requirement: lead.is_head
            faults: [{fault: other_person, rate: 0.1, state: violated}, {fault: unlinked, state: violated, follows: {node: office, unlinked: true}}]
        began:
          {event: training, requirement: lead.trained, days: 5..80, within: 90 days, since: 2010-01-01, faults: [{fault: late, rate: 0.2, state: violated}]}
        ended:
          rate: 0.5
          columns: {left: moved}
          otherwise: {left: retired}
          answer: {event: consent, requirement: lead.moved, before: true, days: 1..20, within: 1 months, faults: [{fault: missed, rate: 0.2, state: violated}]}
      - {role: [clerk, cook], requirement: team.staffed, judged: year, faults: [{fault: vacant, rate: 0.1, state: violated}]}
    meetings:
      - event: report
        every: year
        days: 3..90
        answer:
          event: reply
          requirement: report.replied
          days: 1..9
          within: 10 days
          columns: {to: '{trigger}'}
          faults: [{fault: missed, rate: 0.2, state: violated}]
  office:
    under: team
    prefix: o
    kinds: {office: 1}
    names: ['Office {n}']
    links: [{relation: home, source: team}]
    standing: [{requirement: office.home, faults: [{fault: standing, value: homeless, rate: 0.1, state: violated, unlink: true}]}]
    posts: [{role: head, same_as: {node: team, role: lead}}]
"""
"""Departments that have the members of their teams, and rows that call for events."""


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("called")
    return folder / "out", generate(written(folder, CALLED), 90, 4, folder / "out")


def test_sums_are_right_but_for_what_went_wrong(called: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = called
    rows = table(folder, "organizations")
    found: Counter[str] = Counter()
    for department, board in zip(*([row for row in rows if row["id"].startswith(prefix)] for prefix in "db"), strict=True):
        assert board["parent"] == department["id"]
        teams = [row for row in rows if row["parent"] == board["id"]]
        empty = any(row["size"] == "" for row in teams)
        too_many = int(department["members"]) - sum(int(row["size"] or 0) for row in teams if row["kind"] == "team")
        found["unknown" if empty else "violated" if too_many else "satisfied"] += 1
        if not empty:
            assert too_many in (0, 2)
            assert int(board["members"]) == sum(int(row["size"]) for row in teams)
        if not empty and all(row["size"] != "50" for row in teams):  # what a fault makes larger keeps its kind
            large = int(department["members"]) - too_many >= 20
            assert (board["kind"], board["title"], department["many"]) == (("large", "council", "true") if large else ("small", "", "false"))
    assert found == manifest["verdicts"]["department.counted"]
    assert len(found) == 3
    assert manifest["faults"]["department.counted"] == {"empty": found["unknown"], "wrong": found["violated"]}
    assert manifest["faults"]["team.size"]["huge"] > 0


def test_posts_their_holders_and_those_who_hold_two(called: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = called
    tenures = table(folder, "tenures")
    homes = {row["target"]: row["source"] for row in table(folder, "relations")}
    heads = {homes[row["organization"]]: row["person"] for row in tenures if row["role"] == "head" and row["organization"] in homes}
    now = {row["organization"]: row["person"] for row in tenures if row["role"] == "lead" and not row["until_date"]}
    teams = [row["id"] for row in table(folder, "organizations") if row["id"].startswith("t")]
    good = sum(1 for team in teams if team in now and heads.get(team) == now[team])
    assert manifest["verdicts"]["lead.is_head"] == {"satisfied": good, "violated": len(teams) - good}
    assert set(manifest["faults"]["lead.is_head"]) == {"other_person", "unlinked", "vacant"}
    staffed = Counter(
        row["organization"] for row in tenures if row["role"] in ("clerk", "cook") and (not row["until_date"] or row["until_date"] > "2024-12-31")
    )
    assert manifest["verdicts"]["team.staffed"]["satisfied"] == sum(1 for number in staffed.values() if number == 2)
    people = Counter((row["organization"], row["person"]) for row in tenures if row["role"] != "head")
    assert set(people.values()) == {1}, "each holder of each post is another person"
    assert all(500 <= day(row["from_date"]) - day(row["joined"]) <= 900 for row in tenures if row["role"] == "lead")


def test_rows_call_for_events(called: tuple[Path, dict[str, Any]]) -> None:
    folder, manifest = called
    events, tenures, plans = (table(folder, name) for name in ("events", "tenures", "evidence"))
    replies = {row["to"]: row["date"] for row in events if row["kind"] == "reply"}
    reports = [row for row in events if row["kind"] == "report"]
    assert all(1 <= day(replies[row["id"]]) - day(row["date"]) <= 9 for row in reports if row["id"] in replies)
    assert manifest["verdicts"]["report.replied"] == {"satisfied": len(replies), "violated": len(reports) - len(replies)}
    trained = {(row["organization"], row["date"]) for row in events if row["kind"] == "training"}
    late = 0
    for row in (row for row in tenures if row["role"] == "lead" and row["from_date"] < "2024-09-01"):
        after = [day(held) - day(row["from_date"]) for team, held in trained if team == row["organization"] and held >= row["from_date"]]
        assert after
        late += min(after) > 90
    assert late == manifest["verdicts"]["lead.trained"]["violated"] == manifest["faults"]["lead.trained"]["late"] > 0
    assert {row["left"] for row in tenures if row["role"] == "lead" and row["until_date"]} == {"moved", "retired"}
    moved = [row for row in tenures if row["left"] == "moved"]
    consents = {(row["organization"], row["date"]) for row in events if row["kind"] == "consent"}
    assert len(moved) - len(consents) == manifest["verdicts"]["lead.moved"]["violated"] > 0
    assert all(any(team == row["organization"] and 1 <= day(row["until_date"]) - day(held) <= 20 for row in moved) for team, held in consents)
    too_late = Counter(day(row["studied"]) > day(row["date"]) for row in plans)
    assert manifest["verdicts"]["plan.studied"] == {"satisfied": too_late[False], "violated": too_late[True]}
    assert too_late[True] > 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("node: team, when", "node: crew, when"), "crew"),
        (("follows: {node: office, unlinked", "follows: {node: department, unlinked"), "department"),
        (("same_as: {node: team", "same_as: {node: guild"), "guild"),
        (("days: 1..9\n", "days: 1..11\n"), "reply"),
        (("within: 90 days", "within: a while"), "within"),
        (("        days: 3..90\n", "        days: 3..90\n        faults: [{fault: inquorate, rate: 0.1, state: violated}]\n"), "answer"),
        (("role: [clerk, cook]", "role: []"), "role"),
        (("  office:\n    under: team", "  office:\n    under: team\n    when: {kind: [team]}"), ""),
        (
            ("  team:\n    under", "  hall: {under: department, prefix: h, kinds: {hall: 1}, names: [hall], when: {kind: [large]}}\n  team:\n    under"),
            "hall must come after team",
        ),
    ],
)
def test_what_is_wrong_with_sums_and_answers_is_said(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    assert change[0] in CALLED
    path = written(tmp_path, CALLED.replace(*change))
    if not says:  # it may ask for what no sum decides
        read_profile(path)
        return
    with pytest.raises(ProfileError, match=says):
        read_profile(path)


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


HERE = """
population: clubs
from: ../base
change:
  team.meeting: {every: quarter, faults: []}
  team.vote: {rate: 1}
add:
  team:
    meetings: [{event: party, requirement: team.party, every: year}]
"""


def beside(tmp_path: Path, own: str, base: str = MINIMAL) -> Path:
    """The profile of a ruleset beside that of `base`."""
    for name, text in (("base", base), ("here", own)):
        (tmp_path / name).mkdir()
        written(tmp_path / name, text)
    return tmp_path / "here" / "population.yaml"


def test_a_profile_takes_over_another_changes_it_and_adds_to_it(tmp_path: Path) -> None:
    base = MINIMAL[: MINIMAL.index("    meetings:")] + MORE.replace("[guild, team, department]", "[team, department]")
    profile = read_profile(beside(tmp_path, HERE, base))
    assert (profile.population, profile.taken_from, profile.count) == ("clubs", "../base", "team")
    meeting, report, party = profile.nodes["team"].meetings
    assert (meeting.every, meeting.faults, report.event, party.requirement) == ("quarter", [], "report", "team.party")
    assert meeting.some is not None
    assert meeting.some.rate == 1
    assert read_profile(tmp_path / "base" / "population.yaml").nodes["team"].meetings[0].faults != []


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("from: ../base\nchange: {team.metting: {every: year}}", "team.metting"),
        ("from: ../base\nchange: [team.meeting]", "change"),
        ("from: ../base\nadd: {club: {meetings: []}}", "club"),
        ("from: ../base\nadd: {team: {meeting: []}}", "meetings, terms"),
        ("from: ../base\nadd: {team: {meetings: {event: party}}}", "meetings"),
        ("from: ../base\nas_of: tomorrow", "as_of"),
        ("from: ../here", "itself"),
        ("from: ../elsewhere", "elsewhere"),
        ("from: /base", "folder"),
        ("from: [base]", "folder"),
        ("change: {}", "change"),
    ],
)
def test_what_cannot_be_taken_over_is_said(tmp_path: Path, own: str, says: str) -> None:
    path = beside(tmp_path, own)
    with pytest.raises(ProfileError, match=says):
        read_profile(path)


def test_two_profiles_cannot_take_over_each_other(tmp_path: Path) -> None:
    path = beside(tmp_path, "from: ../base", "from: ../here")
    with pytest.raises(ProfileError, match="itself"):
        read_profile(path)


WORDS = """
ruleset: words
version: "1"
vocabulary:
  organizations: {department: {}, team: {}, guild: {}}
  relations: {sister: {}}
  events: {meeting: {}}
  attributes: {by: {of: meeting, type: text}}
requirements:
  - {id: team.meeting, kind: occurrence, subject: [team, guild], event: meeting, every: quarter, at_least: 2, modality: must}
"""


def words(text: str = WORDS) -> Vocabulary:
    return load_texts({"ruleset.yaml": text}).vocabulary


def test_what_a_ruleset_does_not_know_is_not_made(tmp_path: Path) -> None:
    base = MINIMAL[: MINIMAL.index("    meetings:")] + MORE.replace("[guild, team, department]", "[team, department]")
    profile = cut(read_profile(written(tmp_path, base)), words())
    manifest = generate(profile, 20, 1, tmp_path / "out")
    assert set(manifest["verdicts"]) == set(manifest["faults"]) == {"team.meeting"}
    events, organizations, relations = (table(tmp_path / "out", name) for name in ("events", "organizations", "relations"))
    assert {row["kind"] for row in events} == {"meeting"}
    assert "by" in events[0]
    assert not {"vote", "members", "in_favour"} & set(events[0])
    assert "size" not in organizations[0]
    assert relations, "nothing is said of them, but the relation is known"
    assert "number" not in relations[0]
    assert manifest["verdicts"]["team.meeting"]["violated"] == manifest["faults"]["team.meeting"]["short"]


def test_a_profile_of_which_too_little_is_known_cannot_be_used(tmp_path: Path) -> None:
    profile = read_profile(written(tmp_path, MINIMAL))
    with pytest.raises(ProfileError, match="team needs department"):
        cut(profile, words(WORDS.replace("department: {}, ", "")))
    with pytest.raises(ProfileError, match="no kind of team"):
        cut(profile, words(WORDS.replace("team: {}, guild: {}", "crew: {}").replace("[team, guild]", "crew")))

"""Profiles: what is wrong in one is said, whatever it is; and the engine knows no domain."""

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
        (("population: teams", "population: &a [x]\ncount2: *a"), "aliases"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    assert change[0] in MINIMAL
    with pytest.raises(ProfileError, match=says):
        read_profile(written(tmp_path, MINIMAL.replace(*change)))


@pytest.mark.parametrize(("change", "says"), [(("fault: missed", "fault: mised"), "mised"), (("each: 1..3", "each: 0"), "team")])
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

"""No report on `rulesets/mofan` names a person: neither an id of a tenure or an attendance nor one in an attribute (who lectured, with whom a talk was)."""

from pathlib import Path

import pytest

import mofan_rules as mr
from mofan_rules.reports import FORMATS

RULESET = mr.load_ruleset(Path(__file__).parents[2] / "rulesets" / "mofan")
PERSON = "甲同志-110101"

FACTS = {
    "organizations": [
        {"id": "p1", "kind": "党组", "founded_on": "2015-03-01", "班子成员数": "2"},
        {"id": "j1", "kind": "机关党委", "founded_on": "2015-03-01"},
        {"id": "i1", "kind": "机关纪委", "founded_on": "2015-03-01", "parent": "j1"},
        {"id": "z1", "kind": "党支部", "founded_on": "2015-03-01", "parent": "j1", "党员数": "2", "支委人数": "2", "应参训党员数": "2"},
    ],
    "tenures": [
        {"id": "t1", "organization": "i1", "role": "书记", "person": PERSON, "from_date": "2020-01-01"},
        {"id": "t2", "organization": "z1", "role": "书记", "person": PERSON, "from_date": "2024-01-01", "转正日期": "2023-06-01"},
        {"id": "t3", "organization": "p1", "role": "班子成员", "person": PERSON, "from_date": "2020-01-01"},
    ],
    "events": [
        {"id": "e1", "organization": "p1", "kind": "领导讲党课", "date": "2024-03-05", "授课人": PERSON, "授课人职务": "班子成员"},
        {"id": "e2", "organization": "p1", "kind": "接待群众", "date": "2024-03-05", "领导编号": PERSON},
        {"id": "e3", "organization": "z1", "kind": "谈心谈话", "date": "2024-03-05", "谈话类别": "委员与党员", "谈话双方": PERSON},
        {"id": "e4", "organization": "z1", "kind": "政治生日", "date": "2024-03-05", "过生日党员": PERSON, "入党日期": "2001-03-05"},
        {"id": "e5", "organization": "z1", "kind": "学时登记", "date": "2024-03-05", "培训对象": "党员", "学时": "8"},
    ],
    "attendance": [{"event": "e3", "person": PERSON, "present": "yes"}],
    "relations": [],
    "evidence": [],
    "waivers": [],
    "feeds": [],
}


@pytest.fixture(scope="module")
def evaluation() -> mr.Evaluation:
    return mr.evaluate(RULESET, mr.Facts(**FACTS), as_of="2025-04-01", period="2024")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_report_names_a_person(name: str, evaluation: mr.Evaluation, tmp_path: Path) -> None:
    path = tmp_path / f"report.{name}"
    evaluation.write(path, format=name)
    assert path.stat().st_size > 1_000
    assert PERSON.encode() not in path.read_bytes()
    assert "甲同志".encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("organization", "requirement"),
    [
        ("i1", "shezhi.discipline_secretary"),
        ("z1", "zuzhi.secretary"),
        ("z1", "zuzhi.secretary_standing"),
        ("p1", "dangke.leaders"),
        ("p1", "zuofeng.reception_city"),
        ("z1", "xuexi.talks_members"),
        ("z1", "yishi.birthday"),
        ("z1", "xuexi.member_hours"),
    ],
)
def test_no_explanation_names_a_person(organization: str, requirement: str, evaluation: mr.Evaluation) -> None:
    text = str(evaluation.explain(organization, requirement))
    assert requirement in text
    assert "甲同志" not in text

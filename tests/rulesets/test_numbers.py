"""The numbers of `rulesets/mofan` against a list written by hand: value, source, article, strength, since when, and whether they were compared with it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from mofan_rules.ruleset import load_ruleset
from mofan_rules.verdicts.catalogue import Entry

FOLDER = Path(__file__).parents[2] / "rulesets" / "mofan"
RULESET = load_ruleset(FOLDER)
WRITTEN = {
    path.name: yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    for path in FOLDER.glob("*.yaml")
    if path.name not in {"population.yaml", "document.yaml"}
}
REQUIREMENTS = [requirement for document in WRITTEN.values() for requirement in document.get("requirements") or []]
PARAMETERS = WRITTEN["ruleset.yaml"]["parameters"]
SOURCES = WRITTEN["ruleset.yaml"]["sources"]

WHOLE = {"机关组织条例", "教育管理条例", "党章", "任期意见", "创建研究", "接待群众意见"}
"""Sources of which article and wording were read in a whole text (the last: in an excerpt that holds both)."""

READ = {
    "支部工作条例": {"第四条", "第七条", "第八条", "第十一条", "第十二条", "第十三条", "第十六条", "第十七条", "第二十一条", "第二十三条"},
    "选举条例": {"第三条"},
}
"""Articles that were read together with their number; all other articles of these sources were not."""

NOT_READ = {("支部工作条例", "第十六条", "2.2.2-h"), ("支部工作条例", "第十六条", "2.2.2-i")}
"""Of article 16 what it says of meetings and the theme day was read with its number; what it says of lectures by themselves was not."""

NUMBERS = {
    # parameter: (value, source, article, verified), as in force last
    "党委任期": ("5年", "任期意见", "一", "true"),
    "支部任期": ("3年", "任期意见", "一", "true"),
    "换届提醒提前": ("6个月", "支部工作条例", "第二十二条", "false"),
    "提前换届上限": ("1年", "选举条例", "第三条", "true"),
    "选举到会比例": ("80%", "选举条例", "条号待核", "false"),
    "单独建支部人数": ("3", "支部工作条例", "第四条", "true"),
    "支部人数上限": ("50", "支部工作条例", "第四条", "true"),
    "设党委人数": ("100", "机关组织条例", "第五条", "true"),
    "设总支人数": ("50", "机关组织条例", "第六条", "true"),
    "设支委会人数": ("7", "机关组织条例", "第七条", "true"),
    "支委会最少人数": ("3", "支部工作条例", "第二十条", "false"),
    "支委会最多人数": ("7", "支部工作条例", "第二十条", "false"),
    "联合支部单位上限": ("5", "支部工作条例", "第五条", "false"),
    "表决到会比例": ("50%", "支部工作条例", "第十一条", "true"),
    "党员年度学时": ("32", "教育管理条例", "第二十条", "true"),
    "新任书记培训期限": ("6个月", "培训规划", "新任基层党组织书记", "false"),
    "书记最低党龄": ("1年", "支部工作条例", "第二十三条", "true"),
    "转移组织关系月数": ("6", "教育管理条例", "第二十五条", "true"),
    "专职党务人员比例": ("1%", "机关组织条例", "第三十条", "true"),
}

STRENGTH = {
    "must": """
        shezhi.party_committee shezhi.general_branch shezhi.branch shezhi.joint shezhi.committee shezhi.small_committee shezhi.discipline_commission
        shezhi.discipline_secretary shezhi.discipline_member shezhi.group_leader shezhi.appointment_approved huanjie.election huanjie.advance_approved
        sanhui.vote dangke.secretary zhuti.theme_day shenghuo.annual_meeting shenghuo.democratic_meeting dangfei.paid zhize.cadre_assembly
        zeren.secretary_report zeren.group_report xuexi.rotation_training xuexi.centre_group xuexi.early_signs zuzhi.division_covered zuzhi.secretary
        zuzhi.secretary_leader zuzhi.secretary_refilled zuzhi.change_consent zuzhi.members_covered
        zuzhi.member_transferred zhibu.staff_designated zhibu.still_fit
    """,
    "should": """
        sanhui.assembly sanhui.committee sanhui.group sanhui.lecture huanjie.reminder huanjie.advance_limit zuzhi.branch_size zuzhi.branch_head
        zuzhi.secretary_standing zuzhi.secretary_portfolio zuzhi.temporary_branch shezhi.committee_most shezhi.joint_width shezhi.groups shezhi.group_size
        shenghuo.appraisal xuexi.member_hours xuexi.officer_hours xuexi.talks_committee xuexi.talks_members xuexi.talks_peers zhibu.staff_ratio
        zuofeng.reception_city zuofeng.reception_county
    """,
}
"""应当, 必须, 不得 and the indicative of a regulation; 一般 and 原则上."""

SINCE = {
    "sanhui.assembly": "2018-10-28",
    "huanjie.advance_approved": "2018-07-12",
    "shenghuo.democratic_meeting": "2016-12-23",
    "xuexi.centre_group": "2017-01-30",
    "xuexi.member_hours": "2019-05-06",
    "shezhi.party_committee": "2019-11-29",
    "zhize.cadre_assembly": "2019-11-29",
    "jizhi.party_building_agenda": "2020-03-09",
    "zuofeng.reception_city": "2009-04-15",
}

WITHOUT_SOURCE_DAY = {"huanjie.reminder": "2016-04-28"}
"""The deadline of an earlier election falls on the day on which the regulation came into force: 2016-04-28 and thirty months."""


def citations() -> Iterator[tuple[str, dict[str, str]]]:
    for requirement in REQUIREMENTS:
        for cite in requirement["cite"]:
            yield requirement["id"], cite
    for name, values in PARAMETERS.items():
        for value in values:
            if "cite" in value:
                yield name, value["cite"]


def entry(requirement: str) -> Entry:
    return next(entry for entry in RULESET.catalogue.entries if entry.requirement == requirement)


def test_verified_is_said_only_of_what_was_read_with_its_article() -> None:
    wrong = [
        (about, cite)
        for about, cite in citations()
        if (cite.get("verified") == "true") is not (cite["source"] in WHOLE or cite.get("clause") in READ.get(cite["source"], set()))
        and not ((cite["source"], cite.get("clause"), cite.get("row")) in NOT_READ and cite.get("verified") == "false")
    ]
    assert wrong == []
    assert [about for about, cite in citations() if (cite["source"], cite.get("clause"), cite.get("row")) in NOT_READ and cite["verified"] == "true"] == []


def test_every_number_of_a_parameter_is_cited_or_local_and_those_of_regulations_are_as_written_here() -> None:
    assert [name for name, values in PARAMETERS.items() for value in values if ("cite" in value) is (value.get("local") == "true")] == []
    cited = {name: values[0] for name, values in PARAMETERS.items() if "cite" in values[0]}
    found = {name: (value["value"], value["cite"]["source"], value["cite"]["clause"], value["cite"]["verified"]) for name, value in cited.items()}
    assert found == NUMBERS | {"书记委员年度学时": ("56", "培训规划", "基层党组织书记和委员", "false")}


def test_terms_before_the_opinions_of_2018_are_the_old_ones() -> None:
    old = {name: [value for value in PARAMETERS[name] if value.get("until") == "2018-07-11"] for name in ("党委任期", "支部任期")}
    assert {name: value[0]["value"] for name, value in old.items()} == {"党委任期": "4年", "支部任期": "3年"}
    assert all(PARAMETERS[name][0]["from"] == "2018-07-12" for name in old)


@pytest.mark.parametrize(("strength", "requirement"), [(strength, name) for strength, names in STRENGTH.items() for name in names.split()])
def test_the_strength_is_that_of_the_regulation(strength: str, requirement: str) -> None:
    assert {one.modality for one in RULESET.catalogue.entries if one.requirement == requirement} == {strength}


def test_a_requirement_begins_with_one_of_its_sources() -> None:
    for requirement in REQUIREMENTS:
        since = requirement.get("effective", {}).get("from")
        if since is None:
            assert requirement["id"] in {"huanjie.election", "xuexi.plenum_briefing"}
            continue
        days = {SOURCES[cite["source"]].get("in_force") for cite in requirement["cite"]}
        if days == {None}:
            assert requirement["id"] in {"shezhi.group_size", "shezhi.group_formal"}, "a default taken from rules of which the day is not known"
        elif requirement["id"] in WITHOUT_SOURCE_DAY:
            assert since == WITHOUT_SOURCE_DAY[requirement["id"]]
        else:
            assert since in days, requirement["id"]
    assert {name: entry(name).first.isoformat() for name in SINCE} == SINCE


def test_no_local_number_hides_in_a_requirement() -> None:
    """Durations that no regulation gives are parameters; the 31 March is a civil date, which no parameter can be, and is told in a comment."""
    hidden = [
        (requirement["id"], field, requirement[field])
        for requirement in REQUIREMENTS
        for field in ("at_least", "at_most", "within", "after", "grace")
        if any(sign in str(requirement.get(field, "")) for sign in "天月年") and any(character.isdigit() for character in str(requirement[field]))
    ]
    assert [one for one in hidden if one[2] not in {"0个月 - 同意最早", "0天"}] == []
    assert {requirement["grace"] for requirement in REQUIREMENTS if requirement.get("grace", "-")[0].isdigit()} == {"03-31", "01-31"}


def test_the_traps() -> None:
    by_id = {requirement["id"]: requirement for requirement in REQUIREMENTS}
    assert PARAMETERS["每季度党课次数"] == [{"value": "1", "local": "true"}], "how often a branch lectures is practice"
    reminder = by_id["huanjie.reminder"]
    assert ([cite["source"] for cite in reminder["cite"]], reminder["subject"], reminder["modality"], reminder["accountable"]) == (
        ["支部工作条例"],
        "党支部",
        "should",
        "part_of",
    )
    assert by_id["zhibu.staff_ratio"]["condition"] == "专职党务人员数 ≥ 机关人员数 * 专职党务人员比例", "of the staff, not of the members"
    assert "到会" not in str(by_id["shenghuo.annual_meeting"].get("where", "")), "an organisational-life meeting has no quorum of its own"
    assert by_id["sanhui.vote"]["condition"] == "实到表决权人数 ≥ 应到表决权人数 * 表决到会比例 且 (非 表决通过 或 赞成人数 * 2 > 应到表决权人数)"
    assert by_id["sanhui.committee"]["where"] == "实到人数 * 2 ≥ 应到人数"
    assert by_id["shenghuo.democratic_meeting"]["where"].startswith("实到人数 * 3 ≥ 应到人数 * 2 ")
    theme = {requirement["effective"]["from"]: requirement["cite"][0]["source"] for requirement in REQUIREMENTS if requirement["id"] == "zhuti.theme_day"}
    assert theme == {"2018-10-28": "支部工作条例", "2019-05-06": "教育管理条例"}
    assert date(2020, 7, 12).isoformat() == SOURCES["选举暂行条例"]["until"]

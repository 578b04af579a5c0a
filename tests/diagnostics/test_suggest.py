"""*Did you mean* finds the right name after one edit, among some hundred candidates."""

import random
from collections.abc import Callable

import pytest

from mofan_rules.diagnostics import closest
from mofan_rules.diagnostics.suggest import edits

IDS = [
    f"{group}.{part}"
    for group in ("sanhui", "election", "lecture", "leadership", "coverage", "evidence", "rollup", "steering", "reports", "training", "waivers", "people")
    for part in ("assembly", "committee", "group_meeting", "annual_report", "vacancy", "secretary", "notice", "plan")
]
LINES = (
    "党支部 联合党支部 临时党支部 机关党委 机关纪委 党总支 党小组 党员大会 支部党员大会 支委会 党小组会 党课 主题党日 组织生活会",
    "民主评议 换届选举 书记 副书记 组织委员 宣传委员 纪检委员 青年委员 正式党员 正式党员数 预备党员数 党员数 实到人数 应到人数",
    "届满日期 成立日期 任期 书记空缺上限 延期审批 提醒函 创建方案 创建台账 评定等次 评定人 有效期至 开始日期 结束日期 所属期 编号",
    "名称 类型 日期 人员 职务 内容 议题 学时 学时合计 最低学时 是否公示 上级组织 被检查单位 联系领导 分管领导 谈心谈话 请示报告",
    "年度计划 述职评议 党费收缴 发展对象 入党积极分子 业务处室 内设机构 直属单位 派驻机构 编制人数 在职人数 退休党员数 流动党员数",
    "女党员数 青年党员数 双重组织生活 政治理论学习 中心组学习 警示教育 红色教育 志愿服务 结对共建 工作总结 整改清单 问题清单 任务清单",
)
CHINESE = [name for line in LINES for name in line.split()]
ASCII = "abcdefghijklmnopqrstuvwxyz_."
HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"


def inserted(name: str, letters: str, choice: random.Random) -> str:
    place = choice.randrange(len(name) + 1)
    return name[:place] + choice.choice(letters) + name[place:]


def left_out(name: str, letters: str, choice: random.Random) -> str:
    place = choice.randrange(len(name))
    return name[:place] + name[place + 1 :]


def replaced(name: str, letters: str, choice: random.Random) -> str:
    place = choice.randrange(len(name))
    return name[:place] + choice.choice(letters) + name[place + 1 :]


def swapped(name: str, letters: str, choice: random.Random) -> str:
    place = choice.randrange(len(name) - 1)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


@pytest.mark.parametrize("names", [IDS, CHINESE], ids=["ascii", "chinese"])
@pytest.mark.parametrize("edit", [inserted, left_out, replaced, swapped])
def test_one_edit_is_found(names: list[str], edit: Callable[[str, str, random.Random], str]) -> None:
    letters = ASCII if names is IDS else HAN
    known = [*IDS, *CHINESE]
    assert len(known) > 150
    choice = random.Random(7)
    tried = found = 0
    for name in names:
        for _ in range(6):
            wrong = edit(name, letters, choice)
            if len(name) < 2 or wrong in known or not wrong:
                continue
            tried += 1
            found += name in closest(wrong, known)
    assert tried > 300
    assert found / tried >= 0.9


def test_the_nearest_comes_first() -> None:
    assert closest("正式党员树", CHINESE) == ("正式党员数", "正式党员")
    assert closest("组织生活会议", CHINESE) == ("组织生活会",)
    assert closest("sanhui.asembly", IDS) == ("sanhui.assembly",)
    assert closest("nahui.assembly", IDS)[0] == "sanhui.assembly"


def test_two_characters_with_one_replaced() -> None:
    assert closest("书级", CHINESE) == ("书记",)
    assert closest("书", CHINESE) == ("书记",)
    assert closest("舒记", ["书记", "党课", "任期"]) == ("书记",)


def test_nothing_near() -> None:
    assert closest("银河系", CHINESE) == ()
    assert closest("", CHINESE) == ()
    assert closest("x" * 1000, CHINESE) == ()
    assert closest("党课", []) == ()


def test_at_most_three_and_each_once() -> None:
    many = [f"item{letter}" for letter in "abcdefgh"]
    assert len(closest("itemx", many)) == 3
    assert closest("itemx", ["itema", "itema"]) == ("itema",)


def test_forms_of_letters_do_not_matter() -> None:
    assert closest("ＡＢＣＤ", ["abcd"]) == ("abcd",)
    assert closest("Members", ["members"]) == ("members",)


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1), ("abc", "ab", 1), ("abc", "xabc", 1), ("ca", "abc", 3), ("", "ab", 2)],
)
def test_edits(first: str, second: str, distance: int) -> None:
    assert edits(first, second, 9) == edits(second, first, 9) == distance
    assert edits("aaaaaaaa", "bbbbbbbb", 2) > 2

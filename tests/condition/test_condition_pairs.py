"""Chinese and English, full-width and plain, with and without blanks: one meaning, one tree."""

import pytest

from tests.condition.condition_names import sound

PAIRS = [
    ("正式党员数 ≥ 7", "formal_members >= 7"),
    ("正式党员数≥７", "正式党员数 >= 7"),
    ("（党员数＞＝７）", "(members >= 7)"),
    ("党员数≧7且党员数≦50", "members >= 7 and members <= 50"),
    ("正式党员数 ≥ 7 且 类型 属于 （“党支部”，“机关党委”）", 'formal_members >= 7 and kind in ("党支部", "机关党委")'),
    ("类型属于（“党支部”、“机关党委”）并且已公示", 'kind in ("党支部", "机关党委") AND published'),
    ("类型 不属于 （“党支部”）", 'kind not in ("党支部")'),
    ("非 已公示 或者 党员数 ≠ 3", "not published or members <> 3"),
    ("非（已公示 或 党员数＝3）", "NOT(OR(published, members = 3))"),
    ("党员数介于7到50之间", "members between 7 and 50"),
    ("党员数 在 7 到 50 之间", "members >= 7 and members <= 50"),
    ("党员数 属于 【7..50】", "members in [7..50]"),
    ("党员数 属于 （7..空】", "members in (7..null]"),
    ("实到人数 × 2 ÷ 应到人数 ≥ 80％", "attended * 2 / expected >= 80%"),
    ("（如果 已公示 则 1 否则 2）＋1 = 党员数", "IF(published, 1, 2) + 1 = members"),
    ("如果 已公示 那么 党员数 否则 占比", "if published then members else share"),
    ("日期 ＋ 3年 6个月 ＞ 触发.日期", 'date + duration("P3Y6M") > trigger.date'),
    ("日期 － 2周 ＜ 窗口.首日", "date - 14 days < window.first"),
    ("日期 ＞ 2024年3月5日", "date > @2024-03-05"),
    ("日期 = ２０２４－０３－０５", 'date = date("2024-03-05")'),
    ("日期 + 个月(最低人数) > 成立日期", "EDATE(date, 最低人数) > founded_on"),
    ("缺失（日期）", "date = null"),
    ("日期 != 空", "not missing(date)"),
    ("年(日期) = 2024 且 月(日期) = 3 且 日(日期) = 5", "YEAR(date) = 2024 and month(date) = 3 and DAY(date) = 5"),
    ("星期(日期) = 1", "weekday(date) = 1"),
    ("相隔天数(日期, 成立日期) > 30", "date - founded_on > 30"),
    ("相隔月数(日期, 成立日期) > 3", "months_between(date, founded_on) > 3"),
    ("最小(党员数, 3) + 最大(党员数, 4, 5) = 绝对值(占比)", "MIN(members, 3) + max(members, 4, 5) = ABS(share)"),
    ("向下取整(占比) = 向上取整(占比) 且 取余(党员数, 3) = 0", "floor(share) = ceiling(share) and modulo(members, 3) = 0"),
    ("包含(内容, “党建”)", 'contains(items, "党建")'),
    ("“党建” 属于 内容", 'contains(items, "党建")'),
    ("任职(书记, 在: 指导)", "holds(书记, in: 指导)"),
    ("任职（“书记”，在：“指导”）", "holds(书记, in: 指导)"),
    ("日期 > 成立日期 + 年数(3)", "date > founded_on + 3 years"),
    ("已公示 = 真", "published"),
    ("已公示 = 假", "not published"),
    ("类型 = “支部”", 'kind in ("党支部")'),
    ("１＋２＊３ ＝ 7", "1 + 2 * 3 = 7"),
]


@pytest.mark.parametrize(("chinese", "english"), PAIRS)
def test_two_spellings_are_one_tree(chinese: str, english: str) -> None:
    assert sound(chinese) == sound(english)


@pytest.mark.parametrize(
    ("together", "apart"),
    [
        ("正式党员数≥7且类型属于（“党支部”）", '正式党员数 ≥ 7 且 类型 属于 ("党支部")'),
        ("党员数介于7到50之间且已公示", "党员数 介于 7 到 50 之间 且 已公示"),
        ("非公党组织数>3且换届且公示", "非公党组织数 > 3 and 换届且公示"),
        ("已公示且缺失(日期)", "已公示 且 缺失(日期)"),
        ("如果已公示则党员数否则非公党组织数", "如果 已公示 则 党员数 否则 非公党组织数"),
        ("已公示且非换届且公示", "已公示 且 非 换届且公示"),
        ("触发.日期>窗口.首日或触发.日期<成立日期", "触发.日期 > 窗口.首日 或 触发.日期 < 成立日期"),
    ],
)
def test_words_without_blanks_are_told_apart(together: str, apart: str) -> None:
    assert sound(together) == sound(apart)


def test_brackets_of_one_kind_of_joint_do_not_matter() -> None:
    assert sound("已公示 且 (党员数 > 1 且 党员数 < 9)") == sound("已公示 and 党员数 > 1 and 党员数 < 9")

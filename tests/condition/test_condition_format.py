"""The one spelling: what the formatter writes, and that it says the same."""

import pytest

from mofan_rules.condition import format_expression, print_expression
from tests.condition.condition_mistakes import MISTAKES
from tests.condition.condition_names import NAMES, compiled, sound
from tests.condition.test_condition_pairs import PAIRS

SPELLINGS = [
    ("正式党员数≥７且类型属于（“党支部”，“机关党委”）", '正式党员数 ≥ 7 且 类型 属于 ("党支部", "机关党委")'),
    ('formal_members>=7 AND kind in [ "党支部" ]', 'formal_members >= 7 and kind in ("党支部")'),
    ("党员数 在 7 到 50 之间", "党员数 介于 7 到 50 之间"),
    ("IF(已公示, 1, 2)=AND(已公示,已公示)", "(if 已公示 then 1 else 2) = (已公示 and 已公示)"),
    ("非已公示", "非 已公示"),
    ("not(members = 3)", "not (members = 3)"),
    ("((党员数))>((1+2))*3", "党员数 > (1 + 2) * 3"),
    ("党员数-(1-2)-3>0", "党员数 - (1 - 2) - 3 > 0"),
    ("日期+2周>@2024-03-05", "日期 + 14天 > 2024-03-05"),
    ("date + P > 1", "date + P > 1"),
    ("date + 18 months < founded_on", "date + 18 months < founded_on"),
    ("EDATE(date, members) < founded_on", "date + months(members) < founded_on"),
    ("缺失（日期）或 党员数属于【1..空】", "缺失(日期) 或 党员数 属于 [1..空]"),
    ("holds(书记,in:指导)", "holds(书记, in: 指导)"),
    ("占比>=80.0%", "占比 ≥ 80%"),
    ("已公示 and (换届且公示 and 已公示) or 3", "已公示 and (换届且公示 and 已公示) or 3"),
    ("(已公示 and 换届且公示) or 已公示", "(已公示 and 换届且公示) or 已公示"),
]


@pytest.mark.parametrize(("written", "spelling"), SPELLINGS)
def test_spellings(written: str, spelling: str) -> None:
    assert format_expression(written, NAMES) == spelling


@pytest.mark.parametrize("text", [text for pair in PAIRS for text in pair])
def test_formatting_is_stable_and_keeps_the_meaning(text: str) -> None:
    for language in (None, "zh", "en"):
        formatted = format_expression(text, NAMES, language)
        assert format_expression(formatted, NAMES, language) == formatted
        assert sound(formatted) == sound(text)


def test_two_spellings_of_a_pair_format_to_one() -> None:
    for language in ("zh", "en"):
        assert format_expression("正式党员数≥7且非已公示", NAMES, language) == format_expression("正式党员数 >= 7 and not 已公示", NAMES, language)


@pytest.mark.parametrize("text", MISTAKES)
def test_a_text_with_errors_stays_or_keeps_its_errors(text: str) -> None:
    formatted = format_expression(text, NAMES)
    assert [one.code for one in compiled(formatted)[1]] == [one.code for one in compiled(text)[1]]
    assert format_expression(formatted, NAMES) == formatted


PRINTED = [
    ("正式党员数 >= 7 and published", "a_0 ≥ 7 且 a_4", "a_0 >= 7 and a_4"),
    ("类型 != “联合党支部”", 'kind 不属于 ("联合党支部")', 'kind not in ("联合党支部")'),
    ("日期 + 3年 - 30天 > 窗口.末日", "date + 3年 - 30天 > 窗口.末日", "date + 3 years - 30 days > window.last"),
    ("日期 - 任期 > 成立日期", "date - 任期 > founded_on", "date - 任期 > founded_on"),
    ("日期 - 成立日期 > 30", "相隔天数(date, founded_on) > 30", "days_between(date, founded_on) > 30"),
    ("占比 >= 1 / 3", "a_3 ≥ 1 / 3", "a_3 >= 1 / 3"),
    ("占比 * (1 / 3) >= 1", "a_3 * (1 / 3) ≥ 1", "a_3 * (1 / 3) >= 1"),
    ("holds(书记, in: 指导) 且 非 缺失(日期)", "任职(书记, 在: 指导) 且 非 缺失(date)", "holds(书记, in: 指导) and not missing(date)"),
    ("(if 已公示 then 1 else 2) = 1 或 最大(党员数, 3) > 4", "(如果 a_4 则 1 否则 2) = 1 或 最大(a_1, 3) > 4", "(if a_4 then 1 else 2) = 1 or max(a_1, 3) > 4"),
    ("-占比 > 学时合计", "-a_3 > 学时合计", "-a_3 > 学时合计"),
]


@pytest.mark.parametrize(("text", "chinese", "english"), PRINTED)
def test_expressions_are_printed(text: str, chinese: str, english: str) -> None:
    assert print_expression(sound(text)) == chinese
    assert print_expression(sound(text), "en") == english

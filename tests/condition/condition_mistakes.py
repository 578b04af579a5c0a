"""What authors get wrong, and what they are told: `mistakes.golden` holds the messages in both languages.

`python -m tests.condition.condition_mistakes` writes it anew; read the difference before you keep it.
"""

from pathlib import Path

from mofan_rules.diagnostics import render
from mofan_rules.schema import Type
from tests.condition.condition_names import compiled

GOLDEN = Path(__file__).parent / "mistakes.golden"

MISTAKES = [
    # signs and words of other languages
    "党员数 => 7",
    "党员数 =< 7 && 已公示 || 已公示",
    "党员数 == 7",
    "!已公示 & 已公示",
    "党员数 % 3 = 0",
    "党员数 大于 7",
    "党员数大于等于7且党员数不超过50",
    "类型是“党支部”",
    "日期 为空",
    "=AND(党员数 > 7, 已公示)",
    "党员数 > 7；已公示",
    "党员数 > 7 adn 已公示",
    "党员数 > 7 已公示",
    "内容 包含 “党建”",
    # brackets, quotes, structure
    "",
    "   ",
    "(党员数 > 7 且 已公示",
    "党员数 in [1..7",
    "类型 属于 （“党支部”，“机关党委”",
    "党员数 > 7)",
    "类型 = “党支部",
    "类型 = '党支部",
    "党员数 >",
    "且 已公示",
    "党员数 between 7",
    "如果 已公示 则 1",
    "1 < 党员数 < 7",
    "党员数 > 1 且 已公示 或 换届且公示",
    "党员数 = [1..7]",
    "(" * 10_000,
    "党员数" + " + 1" * 100 + " > 7",
    "x" * 10_001,
    # names
    "正式党员树 ≥ 7",
    "正式党员数 ≥ ７ 且 窗口.首曰 > 届满日其",
    "meembers >= 7",
    "银河系 > 3",
    "年 = 2024",
    "党员树且已公示",
    "类型在 != “党支部”",
    "maxx(1, 2) = 2",
    "TODAY() > 日期",
    "WEEKDAY(日期) = 1",
    "任职(书级, 在: 知导)",
    "任职(在: 指导)",
    "任职(1)",
    "类型 = “党支不”",
    "类型 in (“党支部”, “机关党伟”)",
    "记录.类型 = “党员大回”",
    "议题 = “选取”",
    "议题 属于 (“选举”, “讨论决定”)",
    # numbers, dates, durations
    "党员数 > 1234567890123456789",
    "占比 > 1.23456789",
    "日期 > 2024-02-30",
    "日期 > @2024-3",
    "日期 > 2024/3/5",
    "日期 > 2024-3-5",
    "日期 + 3月 > 成立日期",
    "日期 = 2024年",
    "日期 + 1年15天 > 成立日期",
    "日期 + 0.5天 > 成立日期",
    '日期 > date("三月五日")',
    '日期 + duration("P1Y2D") > 成立日期',
    "日期 + duration(名称) > 成立日期",
    "日期 + 半年 > 成立日期",
    "占比 >= 三分之二",
    "日期 + 天(400000) > 成立日期",
    # types
    "党员数",
    "党员数 > “7”",
    "日期 > “2024-03-05”",
    "类型 < “党支部”",
    "上级 >= 被检查单位",
    "上级 = “unit-1”",
    "内容 = 内容",
    "已公示 > 换届且公示",
    "任期 > 30天",
    "空缺上限 = 3年",
    "日期 - 成立日期 <= 30天",
    "相隔月数(日期, 成立日期) >= 3年",
    "日期 + 30 > 成立日期",
    "日期 + 成立日期 > 成立日期",
    "类型 + 1 = 2",
    "任期 + 30天 = 任期",
    "-类型 = 1",
    "党员数 且 已公示",
    "类型 = “党支部” 或 “机关党委”",
    "非 党员数",
    "如果 已公示 则 已公示 否则 换届且公示",
    "(如果 已公示 则 1 否则 类型) = 1",
    "党员数 > 空",
    "空 = 空",
    "党员数 in [空..空]",
    "缺失(党员数 + 1)",
    "缺失(任期)",
    "年(党员数) = 2024",
    "天(占比) = 空缺上限",
    "取余(党员数) = 0",
    "最小() = 0",
    "IF(已公示, 1) = 1",
    "党员数 介于 50 到 7",
    "党员数 in [7..1]",
    "党员数 / 0 > 1",
    "AND() 且 已公示",
    "已公示且党员树大于7",
]


def told(text: str) -> str:
    """What an author of a condition is told, in Chinese and in English."""
    found = compiled(text, Type.BOOLEAN)[1]
    sources = {"a.yaml": text}
    return f"{render(found, sources, 'zh')}\n{render(found, sources, 'en')}"


def golden() -> str:
    """The whole file."""
    return "\n\n".join(f"#### {text if len(text) < 80 else text[:40] + ' …'}\n{told(text)}" for text in MISTAKES) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")

"""One wrong character in a name of a condition: the place is right, and the right name is suggested."""

import random

from tests.condition.condition_names import NAMES, compiled, sound
from tests.diagnostics.test_suggest import ASCII, HAN, inserted, left_out, replaced, swapped

CONDITIONS = [
    ("正式党员数 ≥ 7 且 {} > 3", "党员数"),
    ("{} ≥ 7 且 类型 属于 (“党支部”)", "正式党员数"),
    ("{} > 成立日期 + 3年", "届满日期"),
    ("{}>7且已公示", "非公党组织数"),
    ("已公示且{}≥50%", "占比"),
    ("如果 {} 则 1 否则 2", "换届且公示"),
    ("日期 <= {}", "窗口.末日"),
    ("日期 <= 成立日期 + {}", "空缺上限"),
    ("{} >= 7", "formal_members"),
    ("{} >= founded_on", "trigger.date"),
    ("最大({}, 3) > 1", "学时合计"),
    ("类型 = “{}”", "联合党支部"),
    ("类型 in (“机关党委”, “{}”)", "临时党支部"),
    ("任职({})", "组织委员"),
    ("holds(书记, in: {})", "part_of"),
]


def test_one_wrong_character_in_a_name() -> None:
    choice = random.Random(11)
    tried = placed = suggested = 0
    for template, name in CONDITIONS:
        sound(template.format(name))
        for edit in (inserted, left_out, replaced, swapped):
            for _ in range(10):
                wrong = edit(name, ASCII if name.isascii() else HAN, choice)
                if wrong in NAMES.fields or wrong == name or wrong.startswith(".") or wrong.endswith("."):
                    continue
                tried += 1
                found = compiled(template.format(wrong))[1]
                start = template.index("{}") + 1
                near = [one for one in found if one.span is not None and start - 1 <= one.span.column <= start + len(wrong)]
                placed += bool(near)
                suggested += any(one.hint is not None and name in one.hint.zh for one in near)
    assert tried > 450
    assert placed == tried
    assert suggested / tried >= 0.9

"""What expressions become: types, sugar, families of kinds, literals that are calculated at once."""

from datetime import date
from fractions import Fraction

import pytest

from mofan_rules.ir.expressions import Const, Holds, Op, Operator
from mofan_rules.schema import Type
from mofan_rules.values.dates import Duration, DurationUnit
from tests.condition.condition_names import NAMES, compiled, sound


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("党员数 + 1", Type.INTEGER),
        ("党员数 + 1.5", Type.NUMBER),
        ("党员数 / 2", Type.NUMBER),
        ("党员数 * 80%", Type.NUMBER),
        ("日期 - 成立日期", Type.INTEGER),
        ("日期 + 3年", Type.DATE),
        ("3年 + 日期", Type.DATE),
        ("日期 - 空缺上限", Type.DATE),
        ("窗口.首日", Type.DATE),
        ("-任期", Type.MONTHS),
        ("天(党员数)", Type.DAYS),
        ("年数(党员数)", Type.MONTHS),
        ("floor(占比)", Type.INTEGER),
        ("max(党员数, 占比)", Type.NUMBER),
        ("max(党员数, 3)", Type.INTEGER),
        ("取余(党员数, 3)", Type.INTEGER),
        ("abs(占比)", Type.NUMBER),
        ("if 已公示 then 1 else 1.5", Type.NUMBER),
        ("if 已公示 then 任期 else 3年", Type.MONTHS),
        ("if 已公示 then 名称 else 类型", Type.TEXT),
        ("学时合计 >= 32", Type.BOOLEAN),
        ("上级 = 被检查单位", Type.BOOLEAN),
        ("已公示 = 换届且公示", Type.BOOLEAN),
    ],
)
def test_types(text: str, type: Type) -> None:
    assert sound(text).type is type


def test_each_operator_keeps_its_operands() -> None:
    members, share = NAMES.fields["党员数"], NAMES.fields["占比"]
    for sign, operator in {"+": Operator.ADD, "-": Operator.SUBTRACT, "*": Operator.MULTIPLY, "/": Operator.DIVIDE}.items():
        assert sound(f"党员数 {sign} 占比") == Op(operator, (members, share), Type.NUMBER)
    for sign, operator in {
        "=": Operator.EQUAL, "!=": Operator.UNEQUAL, "<": Operator.LESS, "<=": Operator.AT_MOST, ">": Operator.GREATER, ">=": Operator.AT_LEAST
    }.items():  # fmt: skip
        assert sound(f"党员数 {sign} 占比") == Op(operator, (members, share), Type.BOOLEAN)


def test_precedence_and_grouping() -> None:
    assert sound("1 + 2 * 3 - 4 / 2") == Const(Fraction(5), Type.NUMBER)
    assert sound("(1 + 2) * 3") == Const(Fraction(9), Type.INTEGER)
    assert sound("党员数 - 占比 - 1") == sound("(党员数 - 占比) - 1") != sound("党员数 - (占比 - 1)")
    assert sound("党员数 / 占比 / 2") == sound("(党员数 / 占比) / 2")
    assert sound("非 已公示 且 换届且公示") == sound("(非 已公示) 且 换届且公示")
    assert sound("非 党员数 > 7") == sound("非 (党员数 > 7)")
    assert sound("党员数 between 1 and 7 and 已公示") == sound("(党员数 between 1 and 7) and 已公示")


def test_numbers_are_exact() -> None:
    assert sound("0.1 + 0.2") == Const(Fraction(3, 10), Type.NUMBER)
    assert sound("58%") == Const(Fraction(58, 100), Type.NUMBER)
    assert sound("1 / 3 + 1 / 3 + 1 / 3") == Const(Fraction(1), Type.NUMBER)
    assert sound("999999999999999999") == Const(Fraction(10**18 - 1), Type.INTEGER)


def test_huge_products_of_literals_are_not_calculated() -> None:
    product = sound("999999999999999999 * 999999999999999999")
    assert isinstance(product, Op) and product.operator is Operator.MULTIPLY


def test_durations() -> None:
    assert sound("3年6个月") == Const(Duration(42, DurationUnit.MONTHS), Type.MONTHS)
    assert sound("2周") == sound("14 days") == Const(Duration(14, DurationUnit.DAYS), Type.DAYS)
    assert sound("-30天") == Const(Duration(-30, DurationUnit.DAYS), Type.DAYS)
    assert sound("duration(“-P1Y”)") == Const(Duration(-12, DurationUnit.MONTHS), Type.MONTHS)
    assert sound("1年 + 6个月") == sound("1.5年") == sound("3 * 6个月") == Const(Duration(18, DurationUnit.MONTHS), Type.MONTHS)
    assert sound("0天") == Const(Duration(0, DurationUnit.DAYS), Type.DAYS)
    assert sound("2024-01-31 + 1个月") == Const(date(2024, 2, 29), Type.DATE)
    assert sound("日期 - 30天") == Op(Operator.ADD_DURATION, (NAMES.fields["日期"], Const(Duration(-30, DurationUnit.DAYS), Type.DAYS)), Type.DATE)
    twelve = Const(Fraction(12), Type.INTEGER)
    years = Op(Operator.MULTIPLY, (NAMES.fields["党员数"], twelve), Type.INTEGER)
    assert sound("年数(党员数)") == Op(Operator.TO_MONTHS, (years,), Type.MONTHS)
    assert sound("天(7)") == sound("7天")


def test_order_of_the_days_between() -> None:
    expected = Op(Operator.DAYS_BETWEEN, (NAMES.fields["日期"], NAMES.fields["成立日期"]), Type.INTEGER)
    assert sound("日期 - 成立日期") == sound("days_between(日期, 成立日期)") == expected


def test_kinds_mean_their_families() -> None:
    kind = NAMES.fields["类型"]
    branches = [Const(name, Type.TEXT) for name in sorted(["党支部", "联合党支部", "临时党支部"])]
    family = Op(Operator.AMONG, (kind, *branches), Type.BOOLEAN)
    assert sound("类型 = “党支部”") == sound("“支部” = 类型") == sound("类型 in (“党支部”, “联合党支部”)") == family
    assert sound("类型 != “党支部”") == sound("非 类型 = “支部”") == Op(Operator.NOT, (family,), Type.BOOLEAN)
    meeting = Op(Operator.AMONG, (NAMES.fields["记录.类型"], Const("党员大会", Type.TEXT)), Type.BOOLEAN)
    assert sound("记录.类型 = “党员大会”") == meeting


def test_presence() -> None:
    missing = Op(Operator.MISSING, (NAMES.fields["日期"],), Type.BOOLEAN)
    assert sound("日期 = 空") == sound("null = 日期") == sound("缺失(日期)") == missing
    assert sound("日期 != 空") == Op(Operator.NOT, (missing,), Type.BOOLEAN)
    assert sound("缺失(最近会议)") == Op(Operator.MISSING, (NAMES.fields["最近会议"],), Type.BOOLEAN)


def test_lists_and_ranges() -> None:
    assert sound("党员数 in (1, 2)") == sound("党员数 = 1 或 党员数 = 2")
    assert sound("党员数 in (1..5]") == sound("党员数 > 1 且 党员数 <= 5")
    assert sound("党员数 in [1..5)") == sound("党员数 >= 1 且 党员数 < 5")
    assert sound("党员数 in (1, [5..最低人数])") == sound("党员数 = 1 或 (党员数 >= 5 且 党员数 <= 最低人数)")
    assert sound("党员数 in [空..5]") == sound("党员数 <= 5")
    assert sound("党员数 in ((1 + 最低人数) * 2, (7..9))") == sound("党员数 = (1 + 最低人数) * 2 或 (党员数 > 7 且 党员数 < 9)")
    assert sound("日期 in [2024-01-01..2024-12-31]") == sound("日期 >= 2024-01-01 且 日期 <= 2024-12-31")
    topic = NAMES.fields["议题"]
    assert sound("议题 in (“选举”)") == Op(Operator.EQUAL, (topic, Const("选举", Type.TEXT)), Type.BOOLEAN)
    assert sound("议题 in (“选举”, 名称)") == sound("议题 = “选举” 或 议题 = 名称")


def test_roles_mean_their_families() -> None:
    assert sound("holds(委员, 书记)") == Holds(frozenset({"委员", "组织委员", "书记"}), None)


def test_conditions_compared_with_true_are_themselves() -> None:
    assert sound("已公示 = true") == sound("假 != 已公示") == NAMES.fields["已公示"]


def test_expected_types() -> None:
    assert sound("党员数", Type.NUMBER) == NAMES.fields["党员数"]
    assert compiled("占比", Type.INTEGER)[0] is None
    assert compiled("已公示", Type.NUMBER, Type.DATE)[1][0].message.zh == "这里应是数或日期，却是条件"
    assert compiled("已公示", Type.DAYS, Type.MONTHS)[1][0].message.en == "a duration is expected here, not a condition"


def test_texts_keep_what_stands_between_their_quotes() -> None:
    assert sound("“（甲）≥７”") == Const("（甲）≥７", Type.TEXT)
    assert sound(r'"a\"b\\"') == Const('a"b\\', Type.TEXT)
    assert sound("'it'") == sound("「it」") == Const("it", Type.TEXT)
    assert sound("“e\u0301”") == Const("é", Type.TEXT)

"""Single literals, as parameters hold them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mofan_rules.condition import parse_literal
from mofan_rules.schema import Type
from mofan_rules.values.dates import Duration, DurationUnit

MONTHS, DAYS = DurationUnit.MONTHS, DurationUnit.DAYS


@pytest.mark.parametrize(
    ("text", "value", "type"),
    [
        ("7", Fraction(7), Type.INTEGER),
        ("-7", Fraction(-7), Type.INTEGER),
        ("７", Fraction(7), Type.INTEGER),
        ("1.5", Fraction(3, 2), Type.NUMBER),
        ("80%", Fraction(4, 5), Type.NUMBER),
        ("３３.３％", Fraction(333, 1000), Type.NUMBER),
        ("3年", Duration(36, MONTHS), Type.MONTHS),
        ("6 个月", Duration(6, MONTHS), Type.MONTHS),
        ("3年6个月", Duration(42, MONTHS), Type.MONTHS),
        ("90天", Duration(90, DAYS), Type.DAYS),
        ("2周", Duration(14, DAYS), Type.DAYS),
        ("4 weeks", Duration(28, DAYS), Type.DAYS),
        ("1 year", Duration(12, MONTHS), Type.MONTHS),
        ("-30 days", Duration(-30, DAYS), Type.DAYS),
        ("P3Y", Duration(36, MONTHS), Type.MONTHS),
        ("P90D", Duration(90, DAYS), Type.DAYS),
        ('duration("P2W")', Duration(14, DAYS), Type.DAYS),
        ("2024-03-05", date(2024, 3, 5), Type.DATE),
        ("@2024-03-05", date(2024, 3, 5), Type.DATE),
        ("2024年3月5日", date(2024, 3, 5), Type.DATE),
        ("2024/3/5", date(2024, 3, 5), Type.DATE),
        ("true", True, Type.BOOLEAN),
        ("假", False, Type.BOOLEAN),
        ("“3年”", "3年", Type.TEXT),
        ("党支部", "党支部", Type.TEXT),
        ("a and b", "a and b", Type.TEXT),
    ],
)
def test_literals(text: str, value: object, type: Type) -> None:
    assert parse_literal(text) == (value, type)
    assert parse_literal(f" {text} ", type) == (value, type)


@pytest.mark.parametrize(
    "text", ["", "  ", "2024-13-01", "2024-02-30", "3 yeears", "3月", "1年3天", "半年", "三分之二", "1e5", "1,000", "--7", "0.1234567", "9" * 19]
)
def test_what_looks_like_a_number_but_is_none_is_refused(text: str) -> None:
    assert parse_literal(text) is None


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("7", Type.BOOLEAN),
        ("1.5", Type.INTEGER),
        ("3年", Type.DAYS),
        ("2024", Type.DATE),
        ("党支部", Type.INTEGER),
        ("7 + 1", Type.INTEGER),
        ("“7”", Type.INTEGER),
    ],
)
def test_the_type_that_is_asked_for(text: str, type: Type) -> None:
    assert parse_literal(text, type) is None


def test_texts_need_no_quotes() -> None:
    assert parse_literal("3年", Type.TEXT) == ("3年", Type.TEXT)
    assert parse_literal("unit-7", Type.ORGANIZATION) == ("unit-7", Type.ORGANIZATION)
    assert parse_literal("“甲”", Type.ITEMS) == (("甲",), Type.ITEMS)
    assert parse_literal("7", Type.NUMBER) == (Fraction(7), Type.NUMBER)


@given(st.text(max_size=40) | st.text("0123456789年月日天.-%P“”\"'@/ YMDW", max_size=20), st.sampled_from([None, *Type]))
def test_no_text_raises(text: str, type: Type | None) -> None:
    found = parse_literal(text, type)
    assert found is None or type in (None, found.type)

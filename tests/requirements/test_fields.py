"""Values of fields: what is read, and what is not."""

import copy
import pickle
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mofan_rules.diagnostics import Span
from mofan_rules.documents.text import Text
from mofan_rules.requirements import fields
from mofan_rules.requirements.periods import PERIODS, parse_duration, parse_every, parse_grace
from mofan_rules.values.dates import CivilDate, Duration, DurationUnit
from mofan_rules.values.windows import Every, Unit

MONTHS, DAYS = DurationUnit.MONTHS, DurationUnit.DAYS


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("week", Every(Unit.WEEK, 1)),
        ("Quarter", Every(Unit.MONTH, 3)),
        ("半年", Every(Unit.MONTH, 6)),
        ("half-year", Every(Unit.MONTH, 6)),
        ("2 weeks", Every(Unit.WEEK, 2)),
        ("２周", Every(Unit.WEEK, 2)),
        ("52 weeks", Every(Unit.WEEK, 52)),
        ("4个月", Every(Unit.MONTH, 4)),
        ("12 months", Every(Unit.MONTH, 12)),
        ("1 month", Every(Unit.MONTH, 1)),
    ],
)
def test_periods(text: str, every: Every) -> None:
    assert parse_every(text) == every


@pytest.mark.parametrize("text", ["", "5 months", "0 weeks", "53 weeks", "24 months", "day", "3 days", "-1 month", "1.5 months", "quarterly", "two weeks"])
def test_no_periods(text: str) -> None:
    assert parse_every(text) is None


def test_every_named_period_is_one() -> None:
    assert all(parse_every(name) is not None for name in PERIODS)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30天", Duration(30, DAYS)),
        ("3年6个月", Duration(42, MONTHS)),
        ("2 weeks", Duration(14, DAYS)),
        ("1 year", Duration(12, MONTHS)),
        ("P1Y6M", Duration(18, MONTHS)),
        ("P30D", Duration(30, DAYS)),
        ("0 days", Duration(0, DAYS)),
    ],
)
def test_durations(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration
    assert parse_grace(text) == duration


@pytest.mark.parametrize("text", ["", "30", "-3 days", "1 year 3 days", "P", "P1Y3D", "9999999 days", "long", "3 days!", "1.5 days"])
def test_no_durations(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(("text", "date"), [("03-31", (3, 31)), ("2-29", (2, 29)), ("3月1日", (3, 1)), ("１２-３１", (12, 31))])
def test_civil_dates(text: str, date: tuple[int, int]) -> None:
    assert parse_grace(text) == CivilDate(*date)


@pytest.mark.parametrize("text", ["02-30", "13-01", "00-10", "1-0", "04-31", "2024-03-31", "03-31 "])
def test_no_civil_dates(text: str) -> None:
    assert parse_grace(text) is None


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        (fields.Day, ["2024-02-29", "1000-01-01"], ["2023-02-29", "2024-2-1", "0999-01-01", "3000-01-01", "２０２４-01-01", "", "x"]),
        (fields.Whole, ["0", "7", "1000000000"], ["-1", "1.0", "1e3", "１", "1000000001", "9" * 500]),
        (fields.Flag, ["true", "False", "yes", "否"], ["1", "on", "maybe", ""]),
        (fields.Identifier, ["a", "sanhui.assembly", "A-1_b"], ["", ".a", "a b", "三会", "a" * 101, "a/b", "-a"]),
        (fields.Depth, ["1", "all", "全部"], ["0", "-1", "any"]),
    ],
)
def test_scalars(annotation: Any, good: list[str], bad: list[str]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    for text in good:
        adapter.validate_python(Text(text))
    for text in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(Text(text))


@pytest.mark.parametrize("value", [["a"], {"a": "b"}])
def test_a_single_value_is_no_list_and_no_mapping(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(fields.Word).validate_python(value)


def test_text_keeps_its_place_through_copies() -> None:
    text = Text("a", Span("f.yaml", 1, 2, 1, 3))
    for copied in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert copied == text
        assert copied.span == text.span

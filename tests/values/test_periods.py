"""How people name periods, both ways."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mofan_rules.values.periods import FORMS, parse_period, period_name

NOT_PERIODS = (
    *("", "..", "2024..", "..2024", "2024Q5", "2024Q0", "2024H3", "2024-13", "2024-00", "2024-W54", "2023-W53", "2024-02-30", "24", "20240"),
    *("0999", "3000", "9999", "2024..2023", "2024..2025..2026", "last year", "2024 Q 3", "²⁰24Q", "2024Q1..", "2024\n..\n", "x" * 10_000),
)
DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024年", "2024-01-01", "2024-12-31"),
        ("２０２４", "2024-01-01", "2024-12-31"),
        (" 2024 ", "2024-01-01", "2024-12-31"),
        ("2024H1", "2024-01-01", "2024-06-30"),
        ("2024h2", "2024-07-01", "2024-12-31"),
        ("2024年上半年", "2024-01-01", "2024-06-30"),
        ("2024年下半年", "2024-07-01", "2024-12-31"),
        ("2024Q3", "2024-07-01", "2024-09-30"),
        ("2024-q1", "2024-01-01", "2024-03-31"),
        ("2024年第三季度", "2024-07-01", "2024-09-30"),
        ("2024年4季度", "2024-10-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023/2", "2023-02-01", "2023-02-28"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2020W53", "2020-12-28", "2021-01-03"),
        ("2024-05-17", "2024-05-17", "2024-05-17"),
        ("2024年5月17日", "2024-05-17", "2024-05-17"),
        ("2023..2024", "2023-01-01", "2024-12-31"),
        ("2024Q1..2024Q3", "2024-01-01", "2024-09-30"),
        ("2024-05-17 .. 2024-06", "2024-05-17", "2024-06-30"),
        ("2024年1月至2024年3月", "2024-01-01", "2024-03-31"),
    ],
)
def test_what_is_read(text: str, first: str, last: str) -> None:
    assert parse_period(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", FORMS.split(", "))
def test_every_form_that_messages_name(text: str) -> None:
    assert parse_period(text)


@pytest.mark.parametrize("text", NOT_PERIODS)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_period(text)


@given(st.text())
def test_any_text_is_a_period_or_a_value_error(text: str) -> None:
    try:
        first, last = parse_period(text)
    except ValueError:
        return
    assert first <= last


@given(DAYS, st.integers(0, 800))
def test_names_are_read_back(first: date, days: int) -> None:
    last = min(first + timedelta(days), date(2999, 12, 31))
    assert parse_period(period_name(first, last)) == (first, last)


@given(st.integers(1000, 2999), st.integers(1, 12), st.sampled_from([1, 3, 6, 12]))
def test_calendar_windows_have_short_names(year: int, number: int, months: int) -> None:
    from mofan_rules.values.windows import Every, Unit

    every = Every(Unit.MONTH, months)
    window = every.number(date(year, number, 1))
    name = period_name(every.first(window), every.last(window))
    assert ".." not in name
    assert parse_period(name) == (every.first(window), every.last(window))

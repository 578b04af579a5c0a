"""Dates, periods, numbers and truth values in the spellings that people use."""

from datetime import date
from typing import Any

import pytest

from mofan_rules.schema import Table
from tests.facts.admitting import admitted, rejected, shown

D = date(2024, 3, 5)

EXACT = [
    "2024-03-05",
    "2024-3-5",
    "2024/3/5",
    "2024/03/05",
    "2024.3.5",
    "2024年3月5日",
    "2024年03月05日",
    "2024 年 3 月 5 日",
    "２０２４年３月５日",
    "２０２４－０３－０５",
    "20240305",
    "45356",
    "45356.75",
    "2024-03-05 00:00:00",
    "2024-03-05T10:30:00Z",
    "2024-03-05 10:30:00.123+08:00",
    "2024/3/5 0:00",
    "2024/3/5 9:05:00",
    " 2024-03-05\u3000",
    "\ufeff2024-03-05",
]
PARTS = [
    ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
    ("2024-2", date(2024, 2, 1), date(2024, 2, 29)),
    ("2024/02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2025年2月", date(2025, 2, 1), date(2025, 2, 28)),
    ("2025.12", date(2025, 12, 1), date(2025, 12, 31)),
    ("202502", date(2025, 2, 1), date(2025, 2, 28)),
    ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ("2025年", date(2025, 1, 1), date(2025, 12, 31)),
    ("1000", date(1000, 1, 1), date(1000, 12, 31)),
]
NO_DATES = [
    "2024-02-30",
    "2023-02-29",
    "2024-13-01",
    "2024-00-10",
    "03/05/2024",
    "5.3.24",
    "2024.1",
    "0",
    "1",
    "123456",
    "2024-03-05-01",
    "2024-03-05 25",
    "infinity",
    "epoch",
    "nan",
    "今天",
    "2024-03-",
    "99999999999999999999",
    "10000-01-01",
    "-2024-01-01",
    "2024-03-05; DROP TABLE",
    "=2024",
    "Q1",
]
OUT_OF_RANGE = ["0000", "0001-01-01", "0999-12-31", "3000-01-01", "9999-12-31", "3000", "0123-05"]


def day(written: Any) -> list[tuple[Any, ...]]:
    facts = admitted(events=[{"id": "e", "organization": "a", "kind": "党课", "date": written}])
    return shown(facts, Table.EVENTS, "certain", "date_low", "date_high")


def test_exact_days() -> None:
    facts = admitted(events=[{"id": f"{n:02}", "organization": "a", "kind": "党课", "date": one} for n, one in enumerate(EXACT)])
    assert shown(facts, Table.EVENTS, "date_low", "date_high", "certain") == [(D, D, True)] * len(EXACT)


def test_dates_known_in_part() -> None:
    facts = admitted(events=[{"id": f"{n:02}", "organization": "a", "kind": "党课", "date": one[0]} for n, one in enumerate(PARTS)])
    assert shown(facts, Table.EVENTS, "date_low", "date_high", "certain") == [(first, last, True) for _, first, last in PARTS]


def test_what_has_no_single_meaning_is_no_date() -> None:
    """2024.1 may be January, or October as a spreadsheet shows 2024.10; 03/05/2024 may be March or May."""
    facts = admitted(events=[{"id": f"{n:02}", "organization": "a", "kind": "党课", "date": one} for n, one in enumerate(NO_DATES + OUT_OF_RANGE)])
    assert rejected(facts, "code", "value") == [("bad_date", one) for one in NO_DATES] + [("date_out_of_range", one) for one in OUT_OF_RANGE]


def test_a_missing_date_is_unknown_and_admitted() -> None:
    assert day(None) == day("  ") == [(True, date(1, 1, 1), date(9999, 12, 31))]


def test_python_dates() -> None:
    assert day(D) == [(True, D, D)]


PERIODS = [
    ("2024", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024Q3", date(2024, 7, 1), date(2024, 9, 30)),
    ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
    ("2024年第三季度", date(2024, 7, 1), date(2024, 9, 30)),
    ("2024年3季度", date(2024, 7, 1), date(2024, 9, 30)),
    ("2024年一季度", date(2024, 1, 1), date(2024, 3, 31)),
    ("2024H1", date(2024, 1, 1), date(2024, 6, 30)),
    ("2024年下半年", date(2024, 7, 1), date(2024, 12, 31)),
    ("2024-09", date(2024, 9, 1), date(2024, 9, 30)),
    ("2024年9月", date(2024, 9, 1), date(2024, 9, 30)),
    ("2024-W05", date(2024, 1, 29), date(2024, 2, 4)),
    ("2024W5", date(2024, 1, 29), date(2024, 2, 4)),
    ("2024年第5周", date(2024, 1, 29), date(2024, 2, 4)),
    ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
    ("2024-09-01", date(2024, 9, 1), date(2024, 9, 1)),
    ("2024-09-01..2024-09-30", date(2024, 9, 1), date(2024, 9, 30)),
    ("2024-09-01 .. 2024-09-30", date(2024, 9, 1), date(2024, 9, 30)),
    ("2024年9月1日至2024年9月30日", date(2024, 9, 1), date(2024, 9, 30)),
    ("2024-07～2024-09", date(2024, 7, 1), date(2024, 9, 30)),
    ("2024Q1..2024Q2", date(2024, 1, 1), date(2024, 6, 30)),
]
NO_PERIODS = [
    "2024Q5",
    "2024Q0",
    "2024H3",
    "2024-W54",
    "2021-W53",
    "2024-W00",
    "2024年第五季度",
    "2024-09-30..2024-09-01",
    "去年",
    "2024-13",
    "..",
    "2024..",
    "3季度",
]


def event(number: int, period: str) -> dict[str, str]:
    return {"id": f"{number:02}", "organization": "a", "kind": "党课", "date": "2029-01-01", "belongs_to": period}


def test_periods() -> None:
    facts = admitted(events=[event(number, one[0]) for number, one in enumerate(PERIODS)])
    assert shown(facts, Table.EVENTS, "belongs_to_low", "belongs_to_high", "certain") == [(first, last, True) for _, first, last in PERIODS]


def test_what_is_no_period() -> None:
    facts = admitted(events=[event(number, one) for number, one in enumerate(NO_PERIODS)])
    assert rejected(facts, "code", "value") == [("bad_period", one) for one in NO_PERIODS]


@pytest.mark.parametrize(
    ("column", "kind", "spellings", "value"),
    [
        ("公开", "a_2", ["是", "true", "TRUE", "1", "√", "Yes", "１", True, 1.0], True),
        ("公开", "a_2", ["否", "false", "0", "×", "no", False], False),
        ("attended", "attended", ["1234", "1,234", "１２３４", "１，２３４", "1234.0", "1234.00", 1234, 1234.0, "+1234", " 1234 "], 1234),
        ("学时", "a_1", ["1.5", "１．５", "1.500000", "1.5000000", 1.5, "15e-1", "1.5E0"], "1.500000"),
        ("学时", "a_1", ["1234567.000001", "1,234,567.000001"], "1234567.000001"),
        ("held", "held", ["yes", "是", "已召开", "", None, " "], "yes"),
        ("held", "held", ["no", "否", "未召开"], "no"),
        ("held", "held", ["unclear", "不明"], "unclear"),
        ("要点", "a_6", ["甲;乙", "甲；乙；", "甲、乙", " 甲 , 乙 ,甲", '["甲", "乙"]', ["甲", "乙"], ("甲", "乙")], ["乙", "甲"]),
        ("对方", "a_5", ["b", " b ", "\u3000b"], 1),
    ],
)
def test_spellings(column: str, kind: str, spellings: list[Any], value: object) -> None:
    facts = admitted(events=[{"id": f"{n:02}", "organization": "a", "kind": "党课", "date": "2024", column: one} for n, one in enumerate(spellings)])
    assert rejected(facts) == []
    found = [row[0] for row in shown(facts, Table.EVENTS, kind)]
    assert [str(one) if isinstance(value, str) else one for one in found] == [value] * len(spellings)


@pytest.mark.parametrize(
    ("column", "code", "spellings"),
    [
        ("attended", "bad_integer", ["1.5", "1,23", "12,34", "1e3", "0x10", "1_000", "一", "1 234", "nan", "1.2.3", "9" * 50]),
        ("attended", "out_of_range", ["-1", "1000000000000000", "-5"]),
        ("学时", "bad_number", ["0.1234567", "nan", "inf", "-inf", "Infinity", "1/2", "1e-7", "1e400", "1.5.5", "五", "50%"]),
        ("学时", "out_of_range", ["-0.000001", "1000000000000", "99999999999999"]),
    ],
)
def test_what_is_no_number(column: str, code: str, spellings: list[str]) -> None:
    facts = admitted(events=[{"id": f"{n:02}", "organization": "a", "kind": "党课", "date": "2024", column: one} for n, one in enumerate(spellings)])
    assert rejected(facts, "code", "value") == [(code, one) for one in spellings]


def test_texts_are_trimmed_and_composed_and_never_executed() -> None:
    rows = [
        {"organization": "a", "role": "书记", "person": one}
        for one in ("e\u0301", "\u00e9", "=cmd|' /C calc'!A0", "x'; DROP TABLE facts.tenures; --", "\u3000p ")
    ]
    facts = admitted(tenures=rows)
    assert sorted(row[0] for row in shown(facts, Table.TENURES, "person")) == sorted(["\u00e9", "=cmd|' /C calc'!A0", "x'; DROP TABLE facts.tenures; --", "p"])
    assert rejected(facts, "code") == [("duplicate",)]


def test_what_was_assumed_of_dates_is_said() -> None:
    rows = [
        {"organization": "a", "kind": "党课", "date": one}
        for one in ("45356", "2024年3月6日", "2024-03", "20240308", "2024/3/9", "2024-03-10 10:00:00", "2024-03-11")
    ]
    summary = admitted(events=rows).summary
    assert summary is not None
    assert [one.en for one in summary.assumptions] == [
        "events.date: dates were read as 年月日 (such as 2024年3月6日)",
        "events.date: eight digits were read as year, month and day (such as 20240308)",
        "events.date: dates were read in the order year, month, day (such as 2024/3/9)",
        "events.date: known by year or month only (such as 2024-03): the day is unknown",
        "events.date: five-digit numbers were read as Excel day numbers (such as 45356)",
        "events.date: times of day were dropped (such as 2024-03-10 10:00:00)",
    ]

"""How people name a stretch of time: `2024`, `2024H1`, `2024Q3`, `2024-05`, `2024-W07`, `2024-05-17`, `a..b`, and the same in Chinese."""

import calendar
import re
import unicodedata
from datetime import date, timedelta

from mofan_rules.values.dates import EARLIEST_ADMITTED, LATEST_ADMITTED

FORMS = "2024, 2024H1, 2024Q3, 2024-05, 2024-W07, 2024-05-17, 2024Q1..2024Q3, 2024年, 2024年上半年, 2024年第三季度, 2024年5月"
"""Examples of all that `parse_period` reads, for messages."""

_YEAR = re.compile(r"(\d{4})年?")
_HALF = re.compile(r"(\d{4})-?[Hh]([12])|(\d{4})年([上下])半年")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])|(\d{4})年第?([一二三四1-4])季度?")
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{4})年(\d{1,2})月")
_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日")
_ORDINALS = {"上": 1, "下": 2, "一": 1, "二": 2, "三": 3, "四": 4}


def parse_period(text: str) -> tuple[date, date]:
    """The first and the last day of a named period, both included.

    Parameters
    ----------
    text: one of `FORMS`; full-width digits and blanks around are allowed. `a..b` runs from the first day of `a` to the last of `b`.

    Raises
    ------
    ValueError: if the text names no period, or one outside the years 1000 to 2999.
    """
    parts = re.split(r"\.\.|至|~", unicodedata.normalize("NFKC", text).strip())
    spans = [_single(part.strip()) for part in parts]
    first, last = spans[0][0], spans[-1][1]
    if len(spans) > 2 or first > last or first < EARLIEST_ADMITTED or last > LATEST_ADMITTED:
        raise ValueError(text)
    return first, last


def period_name(first: date, last: date) -> str:
    """The shortest name that `parse_period` reads back: a year, half-year, quarter, month, week, day, else `first..last`."""
    if first == last:
        return first.isoformat()
    if first.day == 1 and last.day == _days(last.year, last.month) and first.year == last.year:
        months = last.month - first.month + 1
        if months == 12:
            return f"{first.year:04}"
        if months in (1, 3, 6) and (first.month - 1) % months == 0:
            number = (first.month - 1) // months + 1
            return f"{first.year:04}" + {1: f"-{number:02}", 3: f"Q{number}", 6: f"H{number}"}[months]
    if first.weekday() == 0 and (last - first).days == 6:
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{first.isoformat()}..{last.isoformat()}"


def _single(text: str) -> tuple[date, date]:
    if found := _YEAR.fullmatch(text):
        return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    if found := _HALF.fullmatch(text):
        return _months(found, 6)
    if found := _QUARTER.fullmatch(text):
        return _months(found, 3)
    if found := _MONTH.fullmatch(text):
        return _months(found, 1)
    if found := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + timedelta(days=6)
    if found := _DAY.fullmatch(text):
        year, month, day = (int(group) for group in found.groups() if group)
        return date(year, month, day), date(year, month, day)
    raise ValueError(text)


def _months(found: re.Match[str], size: int) -> tuple[date, date]:
    """The span of the `number`-th stretch of `size` months of a year."""
    year, number = (group for group in found.groups() if group)
    last = _ORDINALS.get(number, 0) or int(number)
    month = last * size
    if not 1 <= month <= 12:
        raise ValueError(found[0])
    return date(int(year), month - size + 1, 1), date(int(year), month, _days(int(year), month))


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]

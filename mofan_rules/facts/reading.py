"""What the text of one cell means (SEMANTICS section 1): nothing is guessed; what has no single meaning is no date and no number.

Each function takes a text as it stands in a cell. A column has few different texts, so each is read once, however many rows bear it.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from mofan_rules.facts.sql import HELD_NO, HELD_UNCLEAR, HELD_YES, NARROW, NO, SPACES, WIDE, YES

FIRST_YEAR, LAST_YEAR = 1000, 2999
LONGEST_TEXT = 1_000_000

_WIDE = str.maketrans(WIDE, NARROW)
_TIME = r"(?:(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?"
_FULL = re.compile(rf"(\d{{4}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})\s?日?{_TIME}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:\s?[-/]\s?(\d{1,2})|\s?年\s?(\d{1,2})\s?月|\.(\d{2}|[2-9])|(\d{2}))", re.ASCII)
_YEAR = re.compile(r"(\d{4})\s?年?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_QUARTER = re.compile(r"(\d{4})\s?[-年]?\s?(?:[Qq]([1-4])|第?([一二三四1-4])季度?)", re.ASCII)
_HALF = re.compile(r"(\d{4})\s?[-年]?\s?(?:[Hh]([12])|([上下])半年)", re.ASCII)
_WEEK = re.compile(r"(\d{4})\s?(?:-?[Ww](\d{1,2})|年\s?第?(\d{1,2})周)", re.ASCII)
_SPAN = re.compile(r"(\S+?)\s*(?:\.\.|~|至|到|—|–)\s*(\S+)", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?)", re.ASCII)
_SCIENCE = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}", re.ASCII)
_BETWEEN = re.compile("[;；、,，|\n\r]+")
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_TRUTH = dict.fromkeys((*YES, "1.0"), True) | dict.fromkeys((*NO, "0.0"), False)
_HELD = dict.fromkeys(HELD_YES, "yes") | dict.fromkeys(HELD_NO, "no") | dict.fromkeys(HELD_UNCLEAR, "unclear")
_SERIAL_START = date(1899, 12, 30)


def normal(text: str) -> str | None:
    """A text composed and trimmed; `None` if nothing is left."""
    return unicodedata.normalize("NFC", text).strip(SPACES) or None


def plain(text: str) -> str | None:
    """A normal text with full-width digits and signs made plain."""
    found = normal(text)
    return found.translate(_WIDE).strip(" ") or None if found else None


@dataclass(frozen=True, slots=True)
class Days:
    """A day, or the days that a date known in part may mean. `style`: how it was written; `None` for `2024-03-05`. Days outside of `FIRST_YEAR` to
    `LAST_YEAR` are none that facts may have: `in_range` is false."""

    low: date
    high: date
    style: str | None = None
    in_range: bool = True


def _days(low: date, high: date, style: str | None, year: int) -> Days:
    return Days(low, high, style, year >= FIRST_YEAR and high.year <= LAST_YEAR)


def _civil(year: int, month: int, day: int) -> date | None:
    """A day; of the year 0, which the calendar of Python lacks, that of the year 4, since both are out of range."""
    try:
        return date(year or 4, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year or 4, 12, 31) if month == 12 else date(year or 4, month + 1, 1) - timedelta(1)


def day(text: str) -> Days | None:
    """A date of plain text, known to the day, the month or the year."""
    if found := _FULL.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
        whole = _civil(year, month, number)
        return _days(whole, whole, _style(text), year) if whole else None
    if (found := _COMPACT.fullmatch(text)) and (whole := _civil(*(int(part) for part in found.groups()))):
        return _days(whole, whole, "compact", int(found[1]))
    if _SERIAL.fullmatch(text):
        whole = _SERIAL_START + timedelta(int(text.partition(".")[0]))
        return _days(whole, whole, "serial", whole.year)
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(next(part for part in found.groups()[1:] if part))
        first = _civil(year, month, 1)
        return _days(first, _month_end(year, month), "part", year) if first else None
    if found := _YEAR.fullmatch(text):
        year = int(found[1])
        return _days(date(year or 4, 1, 1), date(year or 4, 12, 31), "part", year)
    return None


def _style(text: str) -> str | None:
    if _ISO.fullmatch(text):
        return None
    return "time" if ":" in text else "chinese" if "年" in text else "other"


def period(text: str) -> Days | None:
    """A period of plain text: a year, half-year, quarter, month, week or day, or a span of these."""
    if single := _period(text):
        return single
    if not (found := _SPAN.fullmatch(text)):
        return None
    first, last = _period(found[1]), _period(found[2])
    if first is None or last is None or last.high < first.low:
        return None
    return Days(first.low, last.high, None, first.in_range and last.in_range)


def _period(text: str) -> Days | None:
    if single := day(text):
        return single
    if found := _QUARTER.fullmatch(text):
        return _months(int(found[1]), 3, _ordinal(found[2] or found[3]))
    if found := _HALF.fullmatch(text):
        return _months(int(found[1]), 6, _ordinal(found[2] or found[3]))
    if found := _WEEK.fullmatch(text):
        try:
            first = date.fromisocalendar(int(found[1]), int(found[2] or found[3]), 1)
            return _days(first, first + timedelta(6), None, first.year)
        except (ValueError, OverflowError):
            return None
    return None


def _ordinal(written: str) -> int:
    return _NUMERALS.get(written) or int(written)


def _months(year: int, length: int, number: int) -> Days:
    last = length * number
    return _days(date(year or 4, last - length + 1, 1), _month_end(year, last), None, year)


def truth(text: str) -> bool | None:
    """A truth value of plain text."""
    return _TRUTH.get(text.lower())


def held(text: str) -> str | None:
    """`yes`, `no` or `unclear`."""
    return _HELD.get(text.lower())


def whole(text: str) -> int | None:
    """A whole number of plain text; decimals that are all zero do not matter."""
    if len(text) >= 40 or not _NUMBER.fullmatch(text):
        return None
    digits, _, decimals = text.replace(",", "").partition(".")
    if decimals.strip("0") or not digits.strip("+-"):
        return None
    found = int(digits)
    return found if abs(found) < 2**63 else None


def exact(text: str) -> Decimal | None:
    """A number of plain text with at most six decimals, and at most eighteen digits before them."""
    if len(text) >= 60 or not (_NUMBER.fullmatch(text) or _SCIENCE.fullmatch(text)):
        return None
    found = Decimal(text.replace(",", ""))
    if abs(found) >= 10**18 or found != round(found, 6):
        return None
    return found


def listed(text: str) -> list[str]:
    """The different parts of a normal text, in code-point order: a JSON list, or parts with one of the usual signs between them."""
    parts = _json(text) if text.startswith("[") else None
    if parts is None:
        parts = _BETWEEN.split(text)
    kept = sorted(found for part in parts if (found := normal(part)) is not None)
    return [*kept[:1], *(after for before, after in pairwise(kept) if after != before)]


def _json(text: str) -> list[str] | None:
    try:
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    return [part if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in found if part is not None]

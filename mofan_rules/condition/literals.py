"""Numbers, dates and durations: from digits and units to exact values."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mofan_rules.condition.words import UNITS
from mofan_rules.schema import Type
from mofan_rules.values.dates import EARLIEST_ADMITTED, LATEST_ADMITTED, Duration, DurationUnit

MOST_DIGITS = 18
MOST_DECIMALS = 6
LONGEST_DAYS = 365_000
LONGEST_MONTHS = 12_000
"""Durations are at most a thousand years, either way."""

NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
CHINESE_DATE = re.compile(r"([0-9]{1,4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]")
LOOSE_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|-(0[0-9]|1[0-2]))(?![0-9])")
MONTH_OR_MONTHS = re.compile(r"([0-9]+)\s*月")
_UNIT = "|".join(sorted((unit for unit in UNITS if not unit.isascii()), key=len, reverse=True))
_ENGLISH_UNIT = "|".join(sorted((unit for unit in UNITS if unit.isascii()), key=len, reverse=True))
DURATION_PART = re.compile(rf"\s*([0-9]+)(?:\.([0-9]+))?\s*(?:({_UNIT})|({_ENGLISH_UNIT})(?![A-Za-z0-9_]))")
_DIGIT_WORDS = "零一二两三四五六七八九十百"
NUMBER_IN_WORDS = re.compile(rf"[{_DIGIT_WORDS}千半]+(?:分之[{_DIGIT_WORDS}]+|多?(?:年|个月|月|天|日|周|个星期|星期|个|人|名|次))?|过半|一半|半数")
"""Numbers in Chinese words: `三分之二`, `半年`."""
ISO_DURATION = re.compile(r"(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?")


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why digits and units are no value: a code of the table and the arguments of its message."""

    code: str
    arguments: tuple[tuple[str, str], ...] = ()


def exact_number(whole: str, decimals: str | None) -> Fraction | None:
    """The exact value of a written number; `None` if it has too many digits."""
    if len(whole.lstrip("0")) > MOST_DIGITS or len((decimals or "").rstrip("0")) > MOST_DECIMALS or len(whole) + len(decimals or "") > 60:
        return None
    return Fraction(int(whole)) + (Fraction(int(decimals), 10 ** len(decimals)) if decimals else 0)


def civil_date(year: str, month: str, day: str) -> date | None:
    """The day, if the calendar has it and facts may hold it."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if EARLIEST_ADMITTED <= found <= LATEST_ADMITTED else None


def read_date(text: str) -> date | None:
    """A date written `2024-03-05` or `2024年3月5日`, and nothing else."""
    match = ISO_DATE.fullmatch(text) or CHINESE_DATE.fullmatch(text)
    return civil_date(*match.groups()) if match else None


def duration_of(months: Fraction, days: Fraction) -> Duration | None:
    """A duration of so many months, or of so many days; `None` if it is both, no whole number, or too long."""
    if months and days:
        return None
    amount, longest, unit = (months, LONGEST_MONTHS, DurationUnit.MONTHS) if months else (days, LONGEST_DAYS, DurationUnit.DAYS)
    if amount.denominator != 1 or abs(amount) > longest:
        return None
    return Duration(int(amount), unit)


def read_duration(text: str, start: int) -> tuple[Duration | Invalid, int] | None:
    """The duration that begins at `start` (`3年6个月`, `30 days`), and where it ends; `None` if there is none."""
    months = days = Fraction(0)
    position = start
    in_months = False
    while match := DURATION_PART.match(text, position):
        whole, decimals, chinese, english = match.groups()
        amount = exact_number(whole, decimals)
        unit = UNITS[chinese or english]
        in_months = in_months or unit.months > 0
        if amount is None:
            return Invalid("invalid-duration"), match.end()
        if unit.months == 12 and 1000 <= amount <= 2999 and position == start:
            return Invalid("year-or-years", (("number", whole),)), match.end()
        months += amount * unit.months
        days += amount * unit.days
        position = match.end()
    if position == start:
        return None
    if months and days:
        return Invalid("mixed-duration"), position
    found = duration_of(months, days)
    if found is not None and found.amount == 0:
        found = Duration(0, DurationUnit.MONTHS if in_months else DurationUnit.DAYS)
    return found or Invalid("invalid-duration"), position


def read_iso_duration(text: str) -> Duration | Invalid:
    """A duration written `P3Y`, `P1Y6M`, `P30D`, `P2W`, with an optional minus before it."""
    match = ISO_DURATION.fullmatch(text)
    if match is None or not any(match.groups()[1:]) or any(len(part or "") > MOST_DIGITS for part in match.groups()):
        return Invalid("invalid-duration")
    sign = -1 if match.group(1) else 1
    years, months, weeks, days = (sign * int(part or 0) for part in match.groups()[1:])
    if (match.group(2) or match.group(3)) and (match.group(4) or match.group(5)):
        return Invalid("mixed-duration")
    if match.group(2) or match.group(3):
        total = years * 12 + months
        return Duration(total, DurationUnit.MONTHS) if abs(total) <= LONGEST_MONTHS else Invalid("invalid-duration")
    return duration_of(Fraction(0), Fraction(weeks * 7 + days)) or Invalid("invalid-duration")


def duration_type(duration: Duration) -> Type:
    """The type of a duration: in days or in months."""
    return Type.DAYS if duration.unit is DurationUnit.DAYS else Type.MONTHS

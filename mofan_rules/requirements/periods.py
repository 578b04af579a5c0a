"""Periods, durations and civil dates as authors write them in a field of their own (in conditions: `mofan_rules.condition`)."""

import re

from mofan_rules.condition.literals import read_duration, read_iso_duration
from mofan_rules.values.dates import CivilDate, Duration
from mofan_rules.values.windows import Every, Unit

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")

_NAMED = {
    "week": Every(Unit.WEEK, 1),
    "month": Every(Unit.MONTH, 1),
    "quarter": Every(Unit.MONTH, 3),
    "half-year": Every(Unit.MONTH, 6),
    "year": Every(Unit.MONTH, 12),
    "周": Every(Unit.WEEK, 1),
    "月": Every(Unit.MONTH, 1),
    "季度": Every(Unit.MONTH, 3),
    "季": Every(Unit.MONTH, 3),
    "半年": Every(Unit.MONTH, 6),
    "年": Every(Unit.MONTH, 12),
}

PERIODS = tuple(_NAMED)
"""The periods that have a name."""


def parse_every(text: str) -> Every | None:
    """The period that a text names: `quarter`, `2 weeks`, `4个月` (months that divide 12, weeks from 1 to 52); else nothing."""
    if (named := _NAMED.get(text.lower())) is not None:
        return named
    found = re.fullmatch(r"(\d{1,3})\s*(weeks?|周|months?|个月|月)", text.translate(_WIDE).lower(), re.ASCII)
    if found is None:
        return None
    count = int(found[1])
    if found[2] in ("week", "weeks", "周"):
        return Every(Unit.WEEK, count) if 1 <= count <= 52 else None
    return Every(Unit.MONTH, count) if count and 12 % count == 0 else None


def parse_duration(text: str) -> Duration | None:
    """The duration that a text names, not negative: `30天`, `3年6个月`, `3 years`, `P30D`; else nothing. Weeks are days, years are months."""
    text = text.translate(_WIDE)
    if text.startswith("P"):
        found = read_iso_duration(text)
    elif (read := read_duration(text, 0)) is not None and read[1] == len(text):
        found = read[0]
    else:
        return None
    return found if isinstance(found, Duration) and found.amount >= 0 else None


def parse_grace(text: str) -> Duration | CivilDate | None:
    """A duration, or the month and day (`03-31`, `3月31日`) up to which judgement waits; else nothing."""
    text = text.translate(_WIDE)
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})|(\d{1,2})月(\d{1,2})日", text, re.ASCII)
    if found is None:
        return parse_duration(text)
    month, day = int(found[1] or found[3]), int(found[2] or found[4])
    longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return CivilDate(month, day) if 1 <= month <= 12 and 1 <= day <= longest[month - 1] else None

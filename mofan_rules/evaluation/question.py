"""The question that an evaluation answers: its dates and its period, read from what people write."""

import datetime
import re
import unicodedata
from datetime import date

from mofan_rules.diagnostics import QuestionError, make
from mofan_rules.ir.program import Context
from mofan_rules.values.dates import EARLIEST_ADMITTED, LATEST_ADMITTED
from mofan_rules.values.periods import FORMS, parse_period

DateLike = date | str
"""A day: a `date`, or a text such as `2025-01-31`, `2025/1/31`, `2025年1月31日`."""

Period = str | tuple[DateLike, DateLike]
"""A period: a text such as `2024Q3` (see `values.periods`), or its first and its last day."""

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})(\d{2})(\d{2})")


def read_context(as_of: DateLike, period: Period | None) -> Context:
    """The question as executors take it.

    Parameters
    ----------
    as_of: the day the question is asked about.
    period: the windows to report (SEMANTICS section 2.3); default: the as-of date's calendar year.

    Raises
    ------
    QuestionError: if one of them cannot be read.
    """
    day = read_date("as_of", as_of)
    first, last = _period(period) if period is not None else (date(day.year, 1, 1), date(day.year, 12, 31))
    return Context(day, first, last)


def read_date(name: str, value: DateLike) -> date:
    """A day of the years 1000 to 2999; `name` is what errors call it.

    Raises
    ------
    QuestionError: if it is none.
    """
    day = value.date() if isinstance(value, datetime.datetime) else value
    if not isinstance(day, date):
        day = _parsed(str(value)) or date.max
    if not EARLIEST_ADMITTED <= day <= LATEST_ADMITTED:
        raise QuestionError([make("bad-date", None, name=name, value=str(value))])
    return day


def read_window(window: Period) -> tuple[date, date]:
    """The first and last day of a named window.

    Raises
    ------
    QuestionError: if it is none.
    """
    return _period(window)


def _period(period: Period) -> tuple[date, date]:
    if isinstance(period, str):
        try:
            return parse_period(period)
        except ValueError:
            raise QuestionError([make("bad-period", None, value=period, forms=FORMS)]) from None
    first, last = (read_date("period", day) for day in period)
    if first > last:
        raise QuestionError([make("bad-period", None, value=f"{first}..{last}", forms=FORMS)])
    return first, last


def _parsed(text: str) -> date | None:
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year, month, day = (int(group) for group in found.groups() if group)
    try:
        return date(year, month, day)
    except ValueError:
        return None

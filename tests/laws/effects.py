"""The days on which a fact takes effect, or ceases to."""

import calendar
import re
from datetime import date, timedelta

from tests.differential.scenarios import Scenario

PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
QUARTER = re.compile(r"(\d{4})[QH](\d)")


def effective_days(scenario: Scenario) -> list[date]:
    """Every first and every last possible day that a cell names, and the days after, in order: between two that are neighbours nothing happens."""
    days = set()
    for rows in scenario.facts.values():
        for row in rows:
            for cell in row.values():
                for day in _ends(cell):
                    days |= {day, day + timedelta(days=1)}
    return sorted(days)


def _ends(cell: str) -> tuple[date, ...]:
    if found := QUARTER.fullmatch(cell):
        return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)
    found = PARTIAL.fullmatch(cell)
    if found is None or not 1000 <= int(found[1]) <= 2999:
        return ()
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if month > 12 or (month and day > calendar.monthrange(year, month)[1]):
        return ()
    if day:
        return (date(year, month, day),)
    if month:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)

"""The question that a population is made for, as days counted from the beginning of the calendar."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from mofan_rules.population.bodies import Body, befallen
from mofan_rules.population.duties import Duty, Fault, FollowingFault, Follows
from mofan_rules.population.ledger import Ledger
from mofan_rules.population.profile import ProfileError
from mofan_rules.population.streams import Stream, Turns
from mofan_rules.population.tables import DAY, Tables

SHARE = re.compile(r"(\d{1,3})\.\.(\d{1,3})% (\w+)")
NAMED = re.compile(r"\{(\w+)\}")
DAYS = re.compile(r"(-?\d{1,5})\.\.(-?\d{1,5}) days")


@dataclass(frozen=True, slots=True)
class Question:
    """The as-of day, and the first and last day of the period: ordinals."""

    as_of: int
    first: int
    last: int

    @property
    def horizon(self) -> int:
        """The last day on which a window may begin and still be asked about."""
        return min(self.as_of, self.last)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every maker of facts needs: the question, the files, the ledger, and whether there is to be dirt."""

    question: Question
    tables: Tables
    ledger: Ledger
    reasons: tuple[str, ...]
    dirt: bool


class Faults:
    """The faults of one duty and whose turn it is; one organization takes at most one of them."""

    def __init__(self, duty: Duty, known: frozenset[str], shop: Workshop, stream: Stream, expected: float) -> None:
        for fault in duty.faults:
            if fault.fault not in known:
                raise ProfileError([f"{duty.requirement}: there is no fault {fault.fault!r} here, only {', '.join(sorted(known))}"])
        self._turns = [(fault, Turns(fault.rate, stream, expected)) for fault in duty.faults if _follows(fault) is None] if shop.dirt else []
        self._following = [(fault, follows) for fault in duty.faults if (follows := _follows(fault)) is not None]

    def following(self, body: Body) -> Fault | None:
        """The fault that befalls an organization because of another one."""
        return next((fault for fault, follows in self._following if befallen(follows, body)), None)

    def next(self, fits: Callable[[Fault], bool] | None = None) -> tuple[Fault, Turns] | None:
        """The first fault whose turn has come and which `fits`; the caller takes the turn if the fault finds a place."""
        chosen: tuple[Fault, Turns] | None = None
        for fault, turns in self._turns:
            if (fits is None or fits(fault)) and turns.pass_by() and chosen is None:
                chosen = (fault, turns)
        return chosen


def _follows(fault: Fault) -> Follows | None:
    return fault.follows if isinstance(fault, FollowingFault) else None


def span_or_value(text: str) -> tuple[int, int] | None:
    """`3..7` or `3` as a pair of numbers; nothing where the text is the name of an attribute."""
    low, _, high = text.partition("..")
    if low.isdecimal() and (high or low).isdecimal():
        return int(low), int(high or low)
    return None


def present(expected: str, percent: tuple[int, int], stream: Stream) -> str:
    """How many of those expected came: between two percentages of them, rounded up; empty where the number is not known."""
    if not expected:
        return ""
    whole = int(expected)
    low, high = -(-whole * percent[0] // 100), whole * percent[1] // 100
    return str(stream.between(min(low, whole), min(high, whole)))


def filled(columns: Mapping[str, str], body: Body, stream: Stream, day: str = "", number: int = 1) -> dict[str, str]:
    """The cells of `columns` for one row of a day: spans of numbers, of shares and of days near the row's are drawn, what stands in braces is filled in."""
    cells = {}
    for name, text in columns.items():
        if (days := DAYS.fullmatch(text) if text.endswith(" days") else None) is not None:
            cells[name] = DAY[date.fromisoformat(day).toordinal() + stream.between(int(days[1]), int(days[2]))]
            continue
        if (share := SHARE.fullmatch(text) if "%" in text else None) is not None:
            cells[name] = present(body.values.get(share[3], ""), (int(share[1]), int(share[2])), stream)
            continue
        span = span_or_value(text) if ".." in text else None
        known = {"{id}": body.id, "{parent}": body.parent, "{k}": str(number), "{day}": day[5:]}
        for word, value in known.items():
            text = text.replace(word, value)
        if "{" in text:
            text = NAMED.sub(lambda named: body.values.get(named[1], named[0]), text)
        cells[name] = text if span is None else str(stream.between(*span))
    return cells


def judged_at(when: str, body: Body, bound: bool, question: Question) -> str:
    """What the verdict on a day is if nothing goes wrong, `when` being the as-of date or the end of the year; nothing where there is none."""
    if when == "as_of":
        return "" if body.last is not None else "satisfied" if bound else "not_applicable"
    whole = body.first <= question.first and (body.last is None or body.last >= question.last)
    if not (whole and bound):
        return "not_applicable"
    return "satisfied" if question.last < question.as_of else "pending"


def ordinal(day: date) -> int:
    """A day as its number in the calendar."""
    return day.toordinal()

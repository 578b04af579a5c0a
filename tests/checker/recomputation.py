"""Recomputes the state of a verdict from the rows that its explanation names, as people wrote them.

This shares no code with the library: dates, three-valued logic, matching and the order of states are written again, for the plain requirements of `questions`.
A row that the explanation does not name is not looked at; of the subject, its own row of `organizations` is.
"""

import calendar
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.checker.questions import AS_OF, Row

NOW = date.fromisoformat(AS_OF)
ALWAYS, NEVER = date.min, date.max
Maybe = bool | None


class Wrong(AssertionError):
    """The explanation names a row that does not do what it is said to do."""


@dataclass(frozen=True)
class Named:
    """A row that an explanation names, and what it says of it."""

    role: str
    table: str
    row: Row


@dataclass(frozen=True)
class Claim:
    """A verdict to be recomputed: its requirement as written, its window and key, the subject's own row, and the rows named."""

    requirement: Mapping[str, Any]
    subject: Row
    first: date | None
    last: date | None
    key: str
    named: tuple[Named, ...]
    organizations: Mapping[str, Row]
    edges: tuple[Row, ...] = ()


# ---- what is known of a cell


def days(text: str) -> tuple[date, date] | None:
    """The earliest and latest day that a text may mean; nothing if it is no date."""
    try:
        match len(text):
            case 0:
                return ALWAYS, NEVER
            case 4:
                return date(int(text), 1, 1), date(int(text), 12, 31)
            case 7:
                year, month = int(text[:4]), int(text[5:])
                return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
            case _:
                return date.fromisoformat(text), date.fromisoformat(text)
    except ValueError:
        return None


def all_of(*values: Maybe) -> Maybe:
    """False if one is, else unknown if one is."""
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def number_at_least(text: str, least: int) -> Maybe:
    return None if not text else int(text) >= least


def within(text: str, first: date, last: date) -> Maybe:
    """Does the date lie in the span, and not after the as-of date?"""
    found = days(text) or (ALWAYS, NEVER)
    low, high = found
    if first <= low and high <= min(last, NOW):
        return True
    return False if high < first or low > min(last, NOW) else None


def covers(begin: str, end: str, day: date) -> Maybe:
    """Is a span in force on a day? An empty beginning means always; an empty end, or one after the as-of date, is open."""
    low, high = (days(begin) if begin else (ALWAYS, ALWAYS)) or (ALWAYS, NEVER)
    until_low, until_high = days(end) or (ALWAYS, NEVER)
    if not end or until_low > NOW:
        until_low = NEVER
    if not end or until_high > NOW:
        until_high = NEVER
    if low > NOW:
        return False
    if high <= day <= until_low:
        return True
    return None if low <= day <= until_high else False


def held(row: Row) -> Maybe:
    return {"no": False, "unclear": None}.get(row.get("held", ""), True)


def legible(row: Row) -> bool:
    """Would the row be admitted? Dates must be dates and scores lie between 0 and 10."""
    dated = all(days(row.get(name, "")) is not None for name in ("date", "from_date", "until_date", "valid_until", "valid_from"))
    return dated and (not row.get("score") or 0 <= int(row["score"]) <= 10)


# ---- counting what is named


def counted(claim: Claim, table: str, matches: Callable[[Row], Maybe]) -> tuple[int, int, bool]:
    """How many named rows of a table surely match, how many may, and whether a named feed leaves more open.

    Raises
    ------
    Wrong: if a row is said to be counted, undecided or rejected and is not.
    """
    sure: set[str] = set()
    possible: set[str] = set()
    incomplete = False
    for named in claim.named:
        if named.role == "feed" and named.row["table"] == table:
            if named.row["complete"] != "no":
                raise Wrong(f"{named} is complete")
            incomplete = True
        if named.table != table or named.role not in ("counted", "undecided", "rejected"):
            continue
        found = matches(named.row) if legible(named.row) else None
        expected = {"counted": found is True, "undecided": found is None and legible(named.row), "rejected": not legible(named.row)}[named.role]
        if not expected:
            raise Wrong(f"{named} does not do that")
        possible.add(named.row["id"])
        if named.role == "counted":
            sure.add(named.row["id"])
    return len(sure), len(possible), incomplete


def bounded(low: int, high: float, fields: Mapping[str, Any]) -> Maybe:
    """Does a number between two ends lie between the bounds of a requirement?"""
    least = int(fields["at_least"]) if "at_least" in fields else (0 if "at_most" in fields else 1)
    most = int(fields["at_most"]) if "at_most" in fields else None
    above = True if low >= least else (False if high < least else None)
    below = True if most is None or high <= most else (False if low > most else None)
    return all_of(above, below)


def binding(claim: Claim, until: date) -> str | None:
    """`not_applicable` or `unknown`, if the requirement does not surely bind on every day from the first to `until`."""
    assert claim.first is not None
    known = number_at_least(claim.subject.get("size", ""), 3) if "when" in claim.requirement else True
    founded = date.fromisoformat(claim.subject.get("founded_on", "") or "0001-01-01")
    if founded > until or known is False:
        return "not_applicable"
    if founded > claim.first:
        return "not_applicable"
    return "unknown" if known is None else None


def waivers(claim: Claim) -> tuple[Maybe, date | None]:
    """Does a named waiver cover the last day (unknown: perhaps), and until when at the latest?"""
    last = claim.last or NOW
    sure, maybe, latest = False, False, None
    for named in claim.named:
        if named.role == "feed" and named.row["table"] == "waivers":
            maybe = True
        if named.role != "waiver":
            continue
        until = days(named.row["until_date"]) or (ALWAYS, NEVER)
        begins = date.fromisoformat(named.row["from_date"])
        if begins <= min(last, NOW) and last <= until[0]:
            sure, latest = True, max(latest or until[0], until[0])
        if until[0] != until[1]:
            maybe = maybe or (begins <= min(last, NOW) and last <= until[1])
    return (True if sure else None if maybe else False), latest


def settle(test: Maybe, waived: Maybe, pending: bool) -> str:
    """The first state of the list that applies, once binding is sure."""
    if test is True:
        return "satisfied"
    if waived is True:
        return "waived"
    if test is False:
        return "unknown" if waived is None else "violated"
    return "pending" if pending else "unknown"


# ---- the kinds


def occurrence(claim: Claim) -> str:
    fields = claim.requirement
    assert claim.first is not None and claim.last is not None
    due = claim.last + timedelta(days=20) if "grace" in fields else claim.last
    if (found := binding(claim, due)) is not None:
        return found
    first, last = claim.first, claim.last

    def matches(row: Row) -> Maybe:
        score = number_at_least(row.get("score", ""), 5) if "where" in fields else True
        existed = within(row["date"], date.fromisoformat(claim.subject["founded_on"]), NEVER)
        return all_of(within(row["date"], first, last), existed, held(row), score)

    low, high, incomplete = counted(claim, "events", matches)
    opened = due >= NOW
    test = bounded(low, float("inf") if opened or incomplete else high, fields)
    return settle(test, waivers(claim)[0], opened)


def deadline(claim: Claim) -> str:
    trigger = next((named.row for named in claim.named if named.role == "trigger"), None)
    if trigger is None or trigger["id"] != claim.key:
        raise Wrong("the trigger is not named")
    dated = days(trigger["date"])
    if not legible(trigger) or dated is None or dated[0] != dated[1]:
        return "unknown"
    first, last = dated[0], dated[0] + timedelta(days=30)
    if (claim.first, claim.last) != (first, last):
        raise Wrong(f"the window of {trigger} is {first}..{last}")
    if (found := binding(claim, last)) is not None:
        return found
    if held(trigger) is None:
        return "unknown"
    covered, until = waivers(claim)
    due = max(last, until) if covered is True and until is not None else last
    low, high, incomplete = counted(claim, "events", lambda row: all_of(within(row["date"], first, due), held(row)))
    opened = due >= NOW
    test = bounded(low, float("inf") if opened or incomplete else high, {})
    return settle(test, None if covered is None else False, opened)


def lasting(claim: Claim, test: Callable[[date], Maybe]) -> str:
    """A state on the reference day; in an open month nothing is settled but a waiver waives."""
    assert claim.last is not None
    if (found := binding(claim, claim.last)) is not None:
        return found
    snapshot = claim.first == claim.last == NOW and "every" not in claim.requirement
    opened = claim.last >= NOW and not snapshot
    return settle(None if opened else test(min(claim.last, NOW)), waivers(claim)[0], opened)


def occupancy(claim: Claim) -> str:
    def test(day: date) -> Maybe:
        def matches(row: Row) -> Maybe:
            fit = {"yes": True, "no": False}.get(row.get("full_time", "")) if "where" in claim.requirement else True
            return all_of(covers(row["from_date"], row["until_date"], day), fit)

        low, high, incomplete = counted(claim, "tenures", matches)
        return bounded(low, float("inf") if incomplete else high, claim.requirement)

    return lasting(claim, test)


def coverage(claim: Claim) -> str:
    def test(day: date) -> Maybe:
        def matches(row: Row) -> Maybe:
            linked = [covers(edge["valid_from"], "", day) for edge in claim.edges if edge["source"] == row["id"]]
            reached = True if True in linked else None if None in linked else False
            return all_of(reached, number_at_least(row.get("staff", ""), 3) if "where" in claim.requirement else True)

        low, high, incomplete = counted(claim, "organizations", matches)
        return bounded(low, float("inf") if incomplete else high, claim.requirement)

    return lasting(claim, test)


def evidence(claim: Claim) -> str:
    wanted = claim.requirement.get("items", [])

    def test(day: date) -> Maybe:
        low, high, incomplete = counted(claim, "evidence", lambda row: covers(row["date"], row["valid_until"], day))
        there = bounded(low, float("inf") if incomplete else high, {})
        if not wanted or there is False:
            return there
        return all_of(there, None if _later_missing(claim) else _latest_complete(claim, wanted))

    return lasting(claim, test)


def _later_missing(claim: Claim) -> bool:
    """May a document be missing that is later than the latest that is surely there?"""
    latest = max(((days(named.row["date"]) or (ALWAYS, NEVER))[0] for named in claim.named if named.role == "counted"), default=ALWAYS)
    gaps = [named.row for named in claim.named if named.role == "feed" and named.row["table"] == "evidence"]
    return any((date.fromisoformat(gap["until_date"]) if gap.get("until_date") else NEVER) > latest for gap in gaps)


def _latest_complete(claim: Claim, wanted: Iterable[str]) -> Maybe:
    """Are the items there in whichever document may be the latest?"""
    rows = [(named.row, days(named.row["date"]) or (ALWAYS, NEVER), named.role == "counted") for named in claim.named if named.table == "evidence"]
    outcomes: set[Maybe] = set()
    for row, (_, high), _ in rows:
        beaten = any(sure and (low > high or (low == high == other_high and other["id"] > row["id"])) for other, (low, other_high), sure in rows)
        if not beaten:
            items = row.get("items", "")
            outcomes.add(None if not items or not legible(row) else set(wanted) <= set(items.split(";")))
    if not any(sure for _, _, sure in rows):
        outcomes.add(False)
    return outcomes.pop() if len(outcomes) == 1 else None


def attribute(claim: Claim) -> str:
    if "each" not in claim.requirement:
        return lasting(claim, lambda day: number_at_least(claim.subject.get("size", ""), 3))
    trigger = next((named.row for named in claim.named if named.role == "trigger"), None)
    if trigger is None or trigger["id"] != claim.key:
        raise Wrong("the row is not named")
    if claim.first is not None:
        assert claim.last is not None
        if (found := binding(claim, claim.last)) is not None:
            return found
    if not legible(trigger) or held(trigger) is None:
        return "unknown"
    return settle(number_at_least(trigger.get("score", ""), 5), waivers(claim)[0], False)


def rollup(claim: Claim, parts: Sequence[str]) -> str:
    """From the states of its parts."""
    assert claim.last is not None
    left = [state for state in parts if state not in ("not_applicable", "waived")]
    opened = claim.last >= NOW
    if not left:
        return "pending" if opened else "waived" if "waived" in parts else "not_applicable"
    good, bad = left.count("satisfied"), left.count("violated")
    low, high = Fraction(good, len(left)), Fraction(len(left) - bad, len(left))
    least = Fraction(int(claim.requirement["at_least"].rstrip("%")), 100)
    test = True if low >= least else False if high < least else None
    if opened:
        # more parts may come: the share is above 0 if one is satisfied, below 1 if one is violated
        test = False if least == 1 and bad else None
    return settle(test, waivers(claim)[0], opened or "unknown" not in left)


KINDS: dict[str, Callable[[Claim], str]] = {
    "occurrence": occurrence,
    "deadline": deadline,
    "occupancy": occupancy,
    "coverage": coverage,
    "attribute": attribute,
    "evidence": evidence,
}

"""Judgements on the network: a fact for each cell (subject and window) and for each event in it; what fires is counted, and the count meets two patterns.

A count and whether its window is still open are one key; the patterns *satisfied* and *violated* are the keys that are so, and what neither fires for is not
settled. Counting stops where it can change nothing, so that these keys are few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from mofan_rules.executors.rete.fragment import MOST_FACTS, bounds_of, rows_of
from mofan_rules.executors.rete.network import Network, NetworkFull, Side
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.program import Bounds, Context, Judgement, Once, Partial, Program
from mofan_rules.values.dates import END
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.table import Verdict

COUNTING, SATISFIED, VIOLATED = range(3)
"""The rules: a cell and an event in it; a count and the pattern that it satisfies, or violates."""

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an organization as it is seen: one that lasts to the as-of date lasts on."""

    first: date
    last: date
    kind: str


@dataclass(slots=True)
class Cell:
    """One verdict in the making."""

    judgement: Judgement
    subject: int
    window: Span
    bound: int
    found: int = 0
    events: set[str] = field(default_factory=set)


def judged(program: Program, facts: AdmittedFacts, context: Context) -> list[Verdict]:
    """The verdicts of a program of the fragment.

    Raises
    ------
    NetworkFull: if there are more cells and events than `MOST_FACTS`.
    NetworkError: if there is no network, or it fails.
    """
    versions = _versions(facts, context.as_of)
    ids = facts.subjects()
    verdicts = []
    for judgement in program.judgements:
        with Network([2, 2, 2]) as network:
            cells = list(_cells(judgement, versions, context))
            _count(network, judgement, cells, versions, facts, context.as_of)
            states = _judge(network, judgement, cells, context.as_of)
            verdicts += [_verdict(cell, state, ids[cell.subject], context.as_of) for cell, state in zip(cells, states, strict=True)]
    return verdicts


def _versions(facts: AdmittedFacts, as_of: date) -> dict[int, list[Version]]:
    found: dict[int, list[Version]] = {}
    query = "SELECT organization, valid_from_low, valid_until_low, kind FROM facts.organizations WHERE valid_from_low <= ? ORDER BY organization, 2"
    for number, first, last, kind in facts.connection.execute(query, [as_of]).fetchall():
        found.setdefault(number, []).append(Version(first, END if last >= as_of else last, kind))
    return found


def _cells(judgement: Judgement, versions: dict[int, list[Version]], context: Context) -> Iterator[Cell]:
    header = judgement.header
    for subject, lived in versions.items():
        for first, last in _windows(judgement, context):
            bound = sum(_days((max(first, one.first), min(last, one.last))) for one in lived if one.kind in header.subjects)
            if header.first <= first <= header.last and bound:
                yield Cell(judgement, subject, (first, last), bound)


def _windows(judgement: Judgement, context: Context) -> Iterator[Span]:
    end = min(context.as_of, context.period_last)
    windows = judgement.windows
    if isinstance(windows, Once):
        spans: Iterator[Span] = iter([(windows.first, windows.last)])
    else:
        spans = windows.every.between(context.period_first, end)  # type: ignore[union-attr]  # a calendar, by the fragment
    return (span for span in spans if span[0] <= end and span[1] >= context.period_first)


def _days(span: Span) -> int:
    return max(0, (span[1] - span[0]).days + 1)


def _count(network: Network, judgement: Judgement, cells: Sequence[Cell], versions: dict[int, list[Version]], facts: AdmittedFacts, as_of: date) -> None:
    """Put the cells and the events into the network, and count for each cell how often they fire together."""
    holding = {network.add(COUNTING, Side.LEFT, number)[0]: cell for number, cell in enumerate(cells)}
    places: dict[int, list[tuple[Span, int]]] = {}
    for number, cell in enumerate(cells):
        places.setdefault(cell.subject, []).append((cell.window, number))
    query = "SELECT id, organization, date_low FROM facts.events WHERE list_contains(?, kind) AND held = 'yes' AND date_low <= ? ORDER BY \"row\""
    rows = facts.connection.execute(query, [sorted(rows_of(judgement).kinds or ()), as_of]).fetchall()
    if len(cells) + len(rows) > MOST_FACTS:
        raise NetworkFull(f"{judgement.header.requirement}: more than {MOST_FACTS} cells and events")
    for identifier, organization, day in rows:
        if any(one.first <= day <= one.last for one in versions.get(organization, ())):
            for (first, last), number in places.get(organization, ()):
                if first <= day <= last and identifier not in cells[number].events:
                    cells[number].events.add(identifier)
                    for fired in network.add(COUNTING, Side.RIGHT, number)[1]:
                        holding[fired.left].found += 1


def _judge(network: Network, judgement: Judgement, cells: Sequence[Cell], as_of: date) -> list[State | None]:
    """What each count means: satisfied, violated, or neither."""
    least, most = _bounds(judgement)
    keys = count()
    enough = (most + 1) if most is not None else (least or 0)
    numbered = {(found, is_open): next(keys) for found in range(enough + 1) for is_open in (False, True)}
    for (found, is_open), key in numbered.items():
        if found >= (least or 0) and (most is None or (found <= most and not is_open)):
            network.add(SATISFIED, Side.LEFT, key)
        if (most is not None and found > most) or (found < (least or 0) and not is_open):
            network.add(VIOLATED, Side.LEFT, key)
    states: list[State | None] = []
    for cell in cells:
        key = numbered[min(cell.found, enough), cell.window[1] >= as_of]
        fires = [bool(network.add(rule, Side.RIGHT, key)[1]) for rule in (SATISFIED, VIOLATED)]
        states.append(State.SATISFIED if fires[0] else State.VIOLATED if fires[1] else None)
    return states


def _bounds(judgement: Judgement) -> tuple[int | None, int | None]:
    [test] = judgement.tests
    assert isinstance(test, Bounds)
    bounds = bounds_of(test)
    assert bounds is not None
    return bounds


def _verdict(cell: Cell, state: State | None, subject: str, as_of: date) -> Verdict:
    header, (first, last) = cell.judgement.header, cell.window
    [test] = cell.judgement.tests
    assert isinstance(test, Bounds)
    least, most = _bounds(cell.judgement)
    if header.partial is Partial.SKIP and cell.bound < _days(cell.window):
        return Verdict(header.requirement, subject, "", first, last, State.NOT_APPLICABLE, "partial_window", "", "", last, subject)
    short = least is not None and cell.found < least
    reason = "met" if state is State.SATISFIED else "open" if state is None else test.few if short else test.many
    return Verdict(
        header.requirement, subject, "", first, last, state or State.PENDING, reason, _measured(cell.found, least, most), _required(least, most), last, subject
    )


def _measured(found: int, least: int | None, most: int | None) -> str:
    """Counting stops at what the test needs."""
    cap = most + 1 if most is not None else least
    return f"{cap}+" if cap is not None and found >= cap else str(found)


def _required(least: int | None, most: int | None) -> str:
    if least == most:
        return "" if least is None else str(least)
    return f"{'' if least is None else least}..{'' if most is None else most}"

"""For which period each requirement has to be judged: the one asked, widened by the windows of the tallies that count it (`docs/meaning.md` 2.6)."""

from dataclasses import dataclass
from datetime import date

from mofan_rules.executors.duckdb import sql
from mofan_rules.ir.program import Calendar, Context, Each, Judgement, Measured, Program, Snapshot, Tally
from mofan_rules.values.dates import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Wanted:
    """The hull of the periods for which a requirement is asked.

    `answered`: deadlines answered by this day are not asked for unless their window reaches into the period.
    """

    first: date
    last: date
    answered: date
    counted: bool
    """Some tally counts its verdicts."""


def wanted_periods(program: Program, context: Context) -> dict[str, Wanted]:
    """The period of each requirement id."""
    ids = [each.header.requirement for each in program.judgements] + [each.header.requirement for each in program.tallies]
    asked = {name: Wanted(context.period_first, context.period_last, context.period_last, False) for name in ids}
    for tally in reversed(program.tallies):
        own = asked[tally.header.requirement]
        first, last, least = _hull(tally, own, context)
        for part in tally.parts:
            if part in asked:
                known = asked[part]
                asked[part] = Wanted(min(known.first, first), max(known.last, last), min(known.answered, least), True)
    return asked


def _hull(tally: Tally, own: Wanted, context: Context) -> tuple[date, date, date]:
    """The first and the last day of the windows of a tally, and the last day of the first of them."""
    if tally.windows is None:
        return context.period_first, context.period_last, context.period_last
    if isinstance(tally.windows.starting, str):
        return BEGINNING, END, BEGINNING
    end = min(context.as_of, own.last)
    windows = list(tally.windows.every.between(own.first, end, tally.windows.starting))
    if not windows:
        return own.first, own.last, own.last
    return windows[0][0], windows[-1][1], windows[0][1]


def selected(context: Context, judged: Judgement | Tally, first: str, last: str) -> str:
    """The condition that a verdict row `v` is selected for a period, whose ends are SQL dates."""
    if isinstance(judged, Judgement) and isinstance(judged.windows, Snapshot):
        return sql.TRUE
    return selects(context, first, last, sql.TRUE if isinstance(judged, Judgement) and asks_when(judged) else sql.FALSE)


def selects(context: Context, first: str, last: str, asks: str) -> str:
    """The same of a row that is of no snapshot; `asks`: the condition that it is one of a deadline that asks when there was an answer."""
    begun = f"v.window_first <= least({sql.day(context.as_of)}, {last})"
    reaches = f"v.window_last >= {first}"
    if asks != sql.FALSE:
        waits = f"(v.answered_on IS NULL OR v.answered_on > {last})"
        reaches = f"({reaches} OR {waits if asks == sql.TRUE else f'({asks} AND {waits})'})"
    return f"(v.window_first IS NULL OR ({begun} AND {reaches}))"


def asks_when(judgement: Judgement) -> bool:
    """Is it a deadline that asks whether and when there is an answer? One that counts its answers waits for none (2.6)."""
    windows = judgement.windows
    return judgement.measured is Measured.DATE and isinstance(windows, Each) and (windows.within is not None or windows.by is not None)


def begins_later(program: Program, tally: Tally) -> bool:
    """Has some part requirement windows yet to begin while the tally's window is open?"""
    for judgement in program.judgements:
        if judgement.header.requirement in tally.parts and not isinstance(judgement.windows, Snapshot):
            return True
    for part in program.tallies:
        if part.header.requirement in tally.parts and part is not tally and (isinstance(part.windows, Calendar) or begins_later(program, part)):
            return True
    return False

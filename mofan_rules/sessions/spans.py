"""For which periods the roll-ups of a program ask for the verdicts of each requirement."""

from collections.abc import Iterator
from datetime import date

from mofan_rules.ir.program import Context, Program, Tally

Span = tuple[date, date]
Spans = frozenset[Span] | None
"""`None`: for periods that differ from organization to organization."""


def spans_asked(program: Program, context: Context) -> dict[str, Spans]:
    """The windows of the roll-ups that count a requirement; of those that count roll-ups first."""
    period = _period(context)
    found: dict[str, Spans] = {}
    for tally in reversed(program.tallies):
        above = found.get(tally.header.requirement, frozenset())
        windows = None if above is None else _windows(tally, period | above, context)
        for part in tally.parts:
            known = found.get(part, frozenset())
            found[part] = None if known is None or windows is None else known | windows
    return found


def windows_asked(program: Program, context: Context) -> tuple[Spans, ...]:
    """The windows of each roll-up for which there are verdicts, shown or counted."""
    found = spans_asked(program, context)
    windows: list[Spans] = []
    for tally in program.tallies:
        above = found.get(tally.header.requirement, frozenset())
        windows.append(None if above is None else _windows(tally, _period(context) | above, context))
    return tuple(windows)


def _period(context: Context) -> frozenset[Span]:
    return frozenset({(context.period_first, context.period_last)})


def _windows(tally: Tally, asked: frozenset[Span], context: Context) -> Spans:
    if tally.windows is None:
        return frozenset({(context.period_first, context.period_last)})
    anchor = tally.windows.starting
    if isinstance(anchor, str):
        return None
    return frozenset(span for first, last in asked for span in _between(tally, first, min(last, context.as_of), anchor))


def _between(tally: Tally, first: date, end: date, anchor: date | None) -> Iterator[Span]:
    assert tally.windows is not None
    if first <= end:
        yield from tally.windows.every.between(first, end, anchor)

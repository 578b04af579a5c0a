"""What falls due: for every verdict that is pending, the day on which it changes if nothing happens, and what it becomes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from mofan_rules import pipeline
from mofan_rules.diagnostics import QuestionError, make
from mofan_rules.evaluation.question import DateLike, read_date
from mofan_rules.facts import AdmittedFacts
from mofan_rules.ir.program import Context, Program
from mofan_rules.sessions.quiet import days_of_facts, restless, snapshots, widened
from mofan_rules.values.dates import add_days
from mofan_rules.verdicts.rows_table import order
from mofan_rules.verdicts.table import Verdict

Open = tuple[str, str, date | None, date | None, str]
"""Which obligation it is: its requirement, subject, window and key; of a state of the as-of date without the window, which moves with it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A pending verdict that will have changed on the day `on`, and what it is then: `None` if it is asked no more. `identity` says which it is on any day."""

    identity: Open
    verdict: Verdict
    on: date
    becomes: Verdict | None


def forecast(
    program: Program, facts: AdmittedFacts, context: Context, until: date, executor: str = "duckdb", on_day: Callable[[date], None] = lambda day: None
) -> tuple[Due, ...]:
    """What changes from the day after the as-of date to `until`, in the order of the days, then of verdict tables.

    The verdicts are those of `evaluate` on the later day, for the same period. Days on which nothing can change are not looked at.

    Parameters
    ----------
    executor: what computes the verdicts of each day.
    on_day: is told each day that is looked at.
    """
    moving = snapshots(program)

    def rows(day: date, asked: Context) -> Iterator[tuple[Open, Verdict]]:
        for verdict in pipeline.run(executor, program, facts, replace(asked, as_of=day)).rows():
            window = (None, None) if verdict.requirement in moving else (verdict.window_from, verdict.window_until)
            yield (verdict.requirement, verdict.subject, *window, verdict.key), verdict

    wider = widened(program, context)
    waiting = {key: verdict for key, verdict in rows(context.as_of, context) if verdict.state == "pending"}
    unforeseen = restless(program)
    foreseen = days_of_facts(facts, program, context.as_of, until)
    foreseen |= _dues(dict(rows(context.as_of, wider)) if wider != context else waiting)
    found: list[Due] = []
    day = context.as_of
    while waiting and day < until:
        later = [one for one in foreseen if one > day]
        day = add_days(day, 1) if any(key[0] in unforeseen for key in waiting) else min(later, default=add_days(until, 1))
        if day > until:
            break
        on_day(day)
        table = dict(rows(day, wider))
        foreseen |= _dues(table)
        if wider != context:
            table = dict(rows(day, context))
        for key, verdict in list(waiting.items()):
            now = table.get(key)
            if now is None or now.state != "pending":
                found.append(Due(key, verdict, day, now))
                del waiting[key]
    return tuple(sorted(found, key=lambda due: (due.on, order(due.verdict))))


def read_until(until: DateLike, as_of: date) -> date:
    """The last day of a forecast.

    Raises
    ------
    QuestionError: if it is no day, or not after the as-of date.
    """
    day = read_date("until", until)
    if day <= as_of:
        raise QuestionError([make("until-not-after", None, until=day.isoformat(), as_of=as_of.isoformat())])
    return day


def _dues(table: dict[Open, Verdict]) -> set[date]:
    """The days after the due days and the last days of the windows of what is pending, and of what is waived, which may turn out to be satisfied."""
    ends = [day for verdict in table.values() if verdict.state in ("pending", "waived") for day in (verdict.due_on, verdict.window_until)]
    return {add_days(day, 1) for day in ends if day is not None}

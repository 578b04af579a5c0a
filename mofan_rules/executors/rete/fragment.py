"""What of judgements the network computes: how many events of some kinds were held in each window of a calendar, where nothing about them is in doubt.

What a program asks beyond this is refused by the requirement's name before the run; what the facts hold beyond it, when they are read.
"""

from collections.abc import Iterator
from fractions import Fraction

from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.expressions import Const, Expression
from mofan_rules.ir.measures import Count, WindowOf
from mofan_rules.ir.program import Bounds, Calendar, Judge, Judgement, Measured, Once, Partial, Program
from mofan_rules.ir.rows import Own, Place, Rows
from mofan_rules.schema import Table

MOST_FACTS = 50_000
"""So many cells and events together are put into a network."""


def refused_nodes(judgement: Judgement) -> Iterator[str]:
    """What of a judgement lies beyond, a node each."""
    header, windows = judgement.header, judgement.windows
    if judgement.judge is not Judge.WINDOW or judgement.given is not None:
        yield "Judgement: a state"
    if not isinstance(windows, Once) and not (isinstance(windows, Calendar) and windows.starting is None):
        yield "Windows: not those of one calendar"
    if header.when is not None:
        yield "Header.when"
    if header.grace is not None:
        yield "Header.grace"
    if header.accountable is not None:
        yield "Header.accountable"
    if header.partial is Partial.PRORATE:
        yield "Header.partial: prorate"
    tests = judgement.tests
    if len(judgement.measures) != 1 or len(tests) != 1 or judgement.measured is not Measured.NUMBER:
        yield "Judgement: not one count and one test"
        return
    [measure], [test] = judgement.measures, tests
    if not isinstance(measure.quantity, Count) or measure.per is not None or measure.window is not WindowOf.THIS:
        yield "Measure: not a count in the window"
    elif measure.quantity.distinct is not None or not _plain(measure.quantity.rows):
        yield "Rows: not all events of some kinds that belong to the subject"
    if not isinstance(test, Bounds) or test.measure != measure.name or bounds_of(test) is None:
        yield "Test: not between whole numbers"


def _plain(rows: Rows) -> bool:
    return (
        rows.table is Table.EVENTS
        and rows.kinds is not None
        and rows.owner == Own()
        and rows.place is Place.DATED
        and rows.date == "date"
        and rows.where is None
    )


def rows_of(judgement: Judgement) -> Rows:
    """The rows that a judgement of the fragment counts."""
    quantity = judgement.measures[0].quantity
    assert isinstance(quantity, Count)
    return quantity.rows


def bounds_of(test: Bounds) -> tuple[int | None, int | None] | None:
    """The two bounds, `None` for one that is not there; nothing if they are not whole numbers, or leave none between them."""
    least, most = _whole(test.at_least), _whole(test.at_most)
    if (test.at_least is not None and least is None) or (test.at_most is not None and most is None):
        return None
    return None if least is not None and most is not None and least > most else (least, most)


def _whole(bound: Expression | None) -> int | None:
    value = bound.value if isinstance(bound, Const) else None
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else None


def refused_facts(program: Program, facts: AdmittedFacts) -> Iterator[str]:
    """What of the facts is in doubt that a program of the fragment reads, a sentence for each requirement."""
    for judgement in program.judgements:
        name = judgement.header.requirement
        for what, query, values in _doubts(program, judgement):
            if facts.connection.execute(f"SELECT 1 FROM {query} LIMIT 1", values).fetchall():
                yield f"{name}: facts: {what}"


def _doubts(program: Program, judgement: Judgement) -> Iterator[tuple[str, str, list[object]]]:
    rows, name = rows_of(judgement), judgement.header.requirement
    kinds = sorted(rows.kinds or ())
    yield (
        "an organization known in part",
        "facts.organizations WHERE NOT certain OR valid_from_low <> valid_from_high OR valid_until_low <> valid_until_high OR kind IS NULL",
        [],
    )
    doubtful = "NOT certain OR date_low <> date_high OR coalesce(held, '') NOT IN ('yes', 'no') OR id IS NULL OR organization IS NULL"
    if rows.by_period:
        doubtful += " OR belongs_to_low IS NOT NULL"
    yield "an event known in part, or of a period", f"facts.events WHERE (kind IS NULL OR list_contains(?, kind)) AND ({doubtful})", [kinds]
    yield "an incomplete feed of events", "facts.feeds WHERE \"table\" = 'events' AND NOT complete", []
    policy = program.vocabulary.waivers.get(name)
    if policy is not None and (not policy.must or policy.waivable):
        yield "waivers, or an incomplete feed of them", "facts.feeds WHERE \"table\" = 'waivers' AND NOT complete", []
        yield "waivers", "facts.waivers WHERE requirement IS NULL OR requirement = ?", [name]

"""What of a program this executor refuses, found before anything runs: it never answers approximately, and never in silence."""

from collections.abc import Callable, Iterator

from mofan_rules.executors.duckdb.counts import ROW_LIMIT
from mofan_rules.executors.duckdb.expressions import compile_expression
from mofan_rules.executors.duckdb.frame import Frame, MeasureColumns
from mofan_rules.executors.duckdb.measures import number_type
from mofan_rules.executors.duckdb.parameters import choice_columns_of
from mofan_rules.executors.duckdb.tests import bound, measured_text, required_text, tested
from mofan_rules.executors.duckdb.values import Number, Ratio, TooLarge, Value, checked
from mofan_rules.ir.expressions import Const, Expression, Scope
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total, WindowOf
from mofan_rules.ir.program import Bounds, Calendar, Each, Judge, Judgement, Partial, Program, Tally
from mofan_rules.ir.rows import Own
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import CivilDate

UNREADABLE = (Table.ATTENDANCE, Table.FEEDS)
"""Tables whose rows belong to no organization of their own."""

OVERFLOW = "a number could outgrow 128 bits"


def refusals(program: Program) -> list[str]:
    """A sentence for each requirement and node that cannot be computed, in the order of the program."""
    found: list[str] = []
    for judgement in program.judgements:
        found += [f"{judgement.header.requirement}: {why}" for why in _of_judgement(program, judgement)]
    for tally in program.tallies:
        found += [f"{tally.header.requirement}: {why}" for why in _of_tally(program, tally)]
    return list(dict.fromkeys(found))


def _of_judgement(program: Program, judgement: Judgement) -> Iterator[str]:
    header, windows = judgement.header, judgement.windows
    state = judgement.judge is not Judge.WINDOW
    if state and isinstance(windows, Each):
        yield "Each: a state is judged on calendar windows or on the as-of date"
    if state and isinstance(header.grace, CivilDate):
        yield "Header.grace: of a state it is a duration"
    if isinstance(windows, Each):
        yield from _of_each(windows, judgement)
    frame = _dry_frame(program)
    yield from _fits("Header.when", lambda: _compiled(header.when, frame))
    for measure in judgement.measures:
        yield from _of_measure(measure, judgement, frame)
    frame.measures = {measure.name: _shape(measure, program) for measure in judgement.measures}
    yield from _fits("given", lambda: _compiled(judgement.given, frame))
    factor = _factor() if header.partial is Partial.PRORATE and not state else None
    for number, test in enumerate(judgement.tests, 1):
        whole = isinstance(test, Bounds) and any(number_type(measure) for measure in judgement.measures if measure.name == test.measure)
        yield from _fits(f"test {number}", lambda test=test, whole=whole: tested(test, frame, factor, whole))  # type: ignore[misc]
        if isinstance(test, Bounds):
            yield from _fits(f"test {number}", lambda test=test: _shown(test, frame, factor))  # type: ignore[misc]


def _of_each(windows: Each, judgement: Judgement) -> Iterator[str]:
    if windows.chain is not None:
        rows = judgement.measures[0].quantity.rows if judgement.measures else None
        if rows is None or not isinstance(rows.owner, Own) or (windows.chain.first is not None and not isinstance(windows.chain.first.owner, Own)):
            yield "Chain: the answers of a chain are rows of the subject's own"
    elif windows.trigger is not None and not isinstance(windows.trigger.owner, Own):
        yield "Each: triggers are rows of the subject's own"
    if windows.not_counting and windows.within is not None and windows.within.type is not Type.DAYS:
        yield "Each.not_counting: goes with a number of days only"
    if len(windows.not_counting) >= 12:
        yield "Each.not_counting: some month must count"
    for rows in (windows.trigger, windows.chain.first if windows.chain else None):
        if rows is not None and rows.table in UNREADABLE:
            yield f"Each: rows of {rows.table.value} open no windows"


def _of_measure(measure: Measure, judgement: Judgement, frame: Frame) -> Iterator[str]:
    quantity, where = measure.quantity, f"measure {measure.name}"
    if quantity.rows.table in UNREADABLE:
        yield f"{where}: rows of {quantity.rows.table.value} belong to no organization"
    if measure.window is WindowOf.PREVIOUS and measure.per is None and not isinstance(judgement.windows, Calendar):
        yield f"{where}: the window before is that of a calendar"
    yield from _fits(f"{where}, where", lambda: _compiled(quantity.rows.where, frame))
    match quantity:
        case Count(_, distinct):
            yield from _fits(f"{where}, distinct", lambda: _compiled(distinct, frame))
        case Total(_, value):
            yield from _fits(f"{where}, value", lambda: _summable(value, frame))
        case Extreme(_, value, _, default):
            yield from _fits(f"{where}, value", lambda: _compiled(value, frame))
            if default is not None and not isinstance(default, Const):
                yield f"{where}, default: must be a literal"
        case LargestGroup(_, by, distinct):
            yield from _fits(f"{where}, by", lambda: _compiled(by, frame))
            yield from _fits(f"{where}, distinct", lambda: _compiled(distinct, frame))


def _of_tally(program: Program, tally: Tally) -> Iterator[str]:
    frame = _dry_frame(program)
    yield from _fits("Header.when", lambda: _compiled(tally.header.when, frame))
    factor = _factor() if tally.header.partial is Partial.PRORATE else None
    total = Ratio("x", 1 if not tally.share else "y", 10**14, 10**14)
    frame.measures = {"": MeasureColumns(Number(total, Ratio("z", total.d, total.top, total.bottom)), "FALSE")}
    yield from _fits("bounds", lambda: tested(Bounds("", tally.at_least, tally.at_most), frame, factor, not tally.share))


def _fits(node: str, make: Callable[[], object]) -> Iterator[str]:
    """Nothing if the node can be compiled, else why it cannot."""
    try:
        make()
    except TooLarge:
        yield f"{node}: {OVERFLOW}"


def _dry_frame(program: Program) -> Frame:
    """A frame over no tables, in which expressions are compiled to see whether they fit."""
    parameters = {parameter.name: parameter for parameter in program.parameters}
    scopes = {Scope.SUBJECT: "s", Scope.ROW: "r", Scope.TRIGGER: "t"}
    frame = Frame(scopes, {}, parameters, choice_columns_of(parameters, list(parameters)))
    frame.holds = lambda asked, node: asked.need("holds")
    return frame


def _compiled(expression: Expression | None, frame: Frame) -> Value | None:
    return compile_expression(expression, frame) if expression is not None else None


def _summable(value: Expression, frame: Frame) -> Number:
    number = compile_expression(value, frame)
    assert isinstance(number, Number)
    if not isinstance(number.low.d, int) or not isinstance(number.high.d, int):
        raise TooLarge
    checked(Ratio("", 1, max(number.low.top, number.high.top) * ROW_LIMIT, 1))
    return number


def _factor() -> Number:
    return Number(Ratio("a", "d", 4 * 10**6, 4 * 10**6), Ratio("b", "d", 4 * 10**6, 4 * 10**6))


def _shown(test: Bounds, frame: Frame, factor: Number | None) -> None:
    value = frame.measures[test.measure].value
    assert isinstance(value, Number)
    least, most = bound(test.at_least, frame, factor), bound(test.at_most, frame, factor)
    measured_text(value, least, most, frame)
    required_text(least, most, frame)


def _shape(measure: Measure, program: Program) -> MeasureColumns:
    """A measure as tests see it, without any table behind it."""
    match measure.quantity:
        case Count() | LargestGroup():
            return MeasureColumns(Number(Ratio("a", 1, ROW_LIMIT, 1), Ratio("b", 1, ROW_LIMIT, 1)), "FALSE")
        case Total(_, value):
            ends = []
            try:
                number = _summable(value, _dry_frame(program))
                ends = [Ratio(name, end.d, end.top * ROW_LIMIT, end.bottom) for name, end in (("a", number.low), ("b", number.high))]
            except TooLarge:
                ends = [Ratio("a", 1, 1, 1), Ratio("b", 1, 1, 1)]
            return MeasureColumns(Number(ends[0], ends[1]), "FALSE")
        case Extreme(_, value):
            try:
                compiled = compile_expression(value, _dry_frame(program))
            except TooLarge:
                return MeasureColumns(Number(Ratio("a", 1, 1, 1), Ratio("b", 1, 1, 1)), "absent")
            if isinstance(compiled, Number):
                low, high = compiled.low, compiled.high
                compiled = Number(Ratio("a", low.d, low.top, low.bottom), Ratio("b", high.d, high.top, high.bottom))
            return MeasureColumns(compiled, "absent")

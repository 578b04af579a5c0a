"""From cells with measures to verdict rows: the first state of `docs/meaning.md` section 5 that applies, and the columns of section 6."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.accountable import with_accountable
from mofan_rules.executors.duckdb.codes import code, codes
from mofan_rules.executors.duckdb.days import subject_versions
from mofan_rules.executors.duckdb.expressions import truth as truth_of
from mofan_rules.executors.duckdb.frame import Frame, MeasureColumns
from mofan_rules.executors.duckdb.measures import Computed, number_type
from mofan_rules.executors.duckdb.members import same_or_by_who
from mofan_rules.executors.duckdb.periods import asks_when
from mofan_rules.executors.duckdb.scope import Judging
from mofan_rules.executors.duckdb.tests import Tested, bound, measured_text, parameter_missing, required_text, tested
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Ratio, Span, Truth, Value
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.program import Bounds, Condition, Each, Header, Judgement, Measured, Partial

NOTHING = "NULL::INTEGER"
"""The preset of a cell where no trigger can be wanting."""

CALENDAR_CONSTANTS = {"c.preset": NOTHING, "c.answered_on": "NULL::DATE", "c.key": "''"}
"""What is the same in all cells of a calendar that has its dates."""

PRESETS = ("start_unknown", "no_trigger", "trigger_undated", "trigger_undecided")


@dataclass(frozen=True, slots=True)
class Filed:
    """Where the verdict rows of one judgement or tally are: a table, and the place of theirs in its column `who`.

    `sums`: a table of what the parts of tallies add up to, with the same column; of judgements, and where it was not kept, there is none.
    """

    table: str
    who: int
    sums: str | None = None

    @property
    def rows(self) -> str:
        """The FROM clause of these rows alone, alias `v`."""
        return f"{self.table} v WHERE v.who = {self.who}"


def filed(table: str, members: Sequence[object], sums: str | None = None) -> list[Filed]:
    """Where the rows of each member of a family are."""
    return [Filed(table, who, sums) for who in range(len(members))]


VERDICT_COLUMNS = ("who", "subject", "key", "window_first", "window_last", "reason", "measured", "required", "due_on", "accountable", "day", "answered_on")


@dataclass(frozen=True, slots=True)
class Judged:
    """The tests over the cells `c`: a FROM clause, a frame over it, and what the state is made of (flat names and SQL over the frame)."""

    frame: Frame
    source: str
    truth: str
    reason: str
    failed: str
    few: str
    measured: str
    required: str
    missing_parameter: str
    undecided: str
    rejected: str
    unfed: str
    given: str = sql.TRUE
    """The truth of the premise."""


def cell_frame(judging: Judging) -> Frame:
    """Where tests are evaluated: over cells `c`, the subject's version `s` on their day and the trigger `t`."""
    return Frame(
        {Scope.SUBJECT: "s", Scope.TRIGGER: "t"},
        {Scope.SUBJECT: "s.certain", Scope.TRIGGER: "t.certain"},
        judging.work.parameters,
        judging.choices,
        constants=judging.constants,
    )


def cell_source(judging: Judging, frame: Frame, computed: list[Computed]) -> str:
    """The FROM clause that the frame needs."""
    parts = [f"{judging.cells} c", *(measure.joins for measure in computed)]
    if Scope.SUBJECT in frame.used:
        parts.append(f"LEFT JOIN {subject_versions(judging.work)} s ON s.subject_number = c.subject AND c.day BETWEEN s.span_first AND s.span_last")
    if Scope.TRIGGER in frame.used and judging.trigger_table is not None:
        parts.append(f'LEFT JOIN facts.{judging.trigger_table.value} t ON t."row" = c.trigger')
    return " ".join(parts)


def judged(judging: Judging, judgement: Judgement, computed: list[Computed]) -> Judged:
    """All tests over the cells."""
    frame = cell_frame(judging)
    return replace(_tested_all(judging, judgement, computed, frame), source=cell_source(judging, frame, computed))


def judged_together(judging: Judging, members: Sequence[Judgement], computed: list[Computed], used: Sequence[Sequence[int]]) -> Judged:
    """The tests of all members over their cells; `used` gives for each member the places, in `computed`, of its measures."""
    frame = cell_frame(judging)
    parts = [_tested_all(judging, member, [computed[place] for place in places], frame) for member, places in zip(members, used, strict=True)]

    def one(part: str) -> str:
        return same_or_by_who(frame, {who: getattr(each, part) for who, each in enumerate(parts)})

    truth = frame.keep(one("truth"))
    texts = {part: one(part) for part in ("reason", "few", "measured", "required", "missing_parameter", "undecided", "rejected", "unfed", "given")}
    failed = f"{truth} IS FALSE" if any(each.failed != sql.FALSE for each in parts) else sql.FALSE
    return Judged(frame, cell_source(judging, frame, computed), truth, failed=failed, **texts)


def _tested_all(judging: Judging, judgement: Judgement, computed: list[Computed], frame: Frame) -> Judged:
    """The tests of one judgement over a frame, whose FROM clause is still to come."""
    names = [measure.name for measure in judgement.measures]
    frame.measures = {
        name: MeasureColumns(_flattened(each.extended.value, frame), frame.need(each.extended.absent)) for name, each in zip(names, computed, strict=True)
    }
    wholes = {measure.name: number_type(measure) for measure in judgement.measures}
    factor = None
    if judgement.header.partial is Partial.PRORATE and not judging.state:
        ends = (Ratio(frame.need(f"c.{name}_days_in"), frame.need("c.days_in"), 4 * 10**6, 4 * 10**6) for name in ("sure", "possible"))
        factor = Number(*ends)
    results = [tested(test, frame, factor, isinstance(test, Bounds) and wholes[test.measure]) for test in judgement.tests]
    first = next((test for test in judgement.tests if isinstance(test, Bounds)), None)
    measured = required = "''"
    if first is not None and judgement.measured is Measured.NUMBER:
        known = computed[names.index(first.measure)].known.value
        least, most = bound(first.at_least, frame, factor), bound(first.at_most, frame, factor)
        measured, required = measured_text(cast(Number, _flattened(known, frame)), least, most, frame), required_text(least, most, frame)
    elif judgement.measured is Measured.DATE:
        measured = f"COALESCE({frame.need('c.answered_on')}::VARCHAR, '')"
        required = f"COALESCE({frame.need('CASE WHEN c.extended THEN c.due ELSE c.window_last END')}::VARCHAR, '')"
    premise = () if judgement.given is None else (Condition(judgement.given),)
    given = sql.TRUE if judgement.given is None else frame.keep(truth_of(judgement.given, frame))
    missing = parameter_missing((*judgement.tests, *premise), frame)
    flags = [sql.disjunction(frame.need(getattr(each, flag)) for each in computed) for flag in ("undecided", "rejected", "unfed")]
    truth, reason, failed, few = _first_false(results, frame)
    return Judged(frame, "", truth, reason, failed, few, measured, required, missing, flags[0], flags[1], flags[2], given)


def _flat(ratio: Ratio, frame: Frame) -> Ratio:
    """A ratio over the FROM clause as one over the frame."""
    return Ratio(frame.need(ratio.n), ratio.d if isinstance(ratio.d, int) else frame.need(ratio.d), ratio.top, ratio.bottom)


def _flattened(value: Value, frame: Frame) -> Value:
    """A value over the FROM clause as one over the frame."""
    match value:
        case Number(low, high):
            return Number(_flat(low, frame), _flat(high, frame))
        case Dates(first, last):
            return Dates(frame.need(first), frame.need(last))
        case Truth(known):
            return Truth(frame.need(known))
        case Plain(known):
            return Plain(frame.need(known))
        case Span(amount, unit):
            return Span(frame.need(amount), unit)


def _first_false(results: list[Tested], frame: Frame) -> tuple[str, str, str, str]:
    """The truth of all tests, the reason of the first that is false, whether one is, and whether that one is too few."""
    truth = frame.keep(sql.conjunction(result.truth for result in results)) if len(results) > 1 else results[0].truth if results else sql.TRUE
    reasons = " ".join(f"WHEN {result.truth} IS FALSE THEN {result.reason}" for result in results)
    few = " ".join(f"WHEN {result.truth} IS FALSE THEN {result.few}" for result in results)
    if not results:
        return truth, "NULL::INTEGER", sql.FALSE, sql.FALSE
    return truth, f"CASE {reasons} END", f"{truth} IS FALSE", f"CASE {few} ELSE FALSE END"


def window_reasons(work: Work, members: Sequence[Judgement], result: Judged) -> str:
    """The CASE that gives the reason of a verdict on what happened in a window; several judgements all ask when there was an answer, or none does."""
    need = result.frame.need
    violated = result.reason
    if asks_when(members[0]):
        violated = f"CASE WHEN {result.few} AND {need('c.answered_on')} IS NOT NULL THEN {code('late')} ELSE {result.reason} END"
    opened, last = need("c.is_open"), need("c.window_last")
    pending = f"CASE WHEN {need('c.extended')} THEN {code('extended')} WHEN {last} < {work.as_of} THEN {code('grace')} ELSE {code('open')} END"
    branches = [
        *binding_branches([member.header for member in members], result.frame),
        (result.truth, code("met")),
        (need("c.covered"), code("waived")),
        (both(result.failed, need("c.waiver_doubt")), code("waiver_unknown")),
        (result.failed, violated),
        (opened, pending),
    ]
    return reason_case(branches, unknown_reasons(result))


def both(condition: str, other: str) -> str:
    """Two conditions, of which the second may be known to be false."""
    return sql.FALSE if other == sql.FALSE else f"{condition} AND {other}"


def binding_branches(headers: Sequence[Header], frame: Frame) -> list[tuple[str, str]]:
    """The reasons that have to do with binding and with the window, in order; cells of several requirements have the column `who`."""
    need = frame.need
    days, sure, possible = need("c.days"), need("c.sure_days"), need("c.possible_days")
    preset = need("c.preset")
    partly, whole, any_day = f"{possible} < {days}", f"{sure} < {days}", f"{sure} = 0"
    skips = [header.partial is Partial.SKIP for header in headers]
    if all(skips):
        partial, undecided = partly, whole
    elif not any(skips):
        partial, undecided = sql.FALSE, any_day
    else:
        skipped = f"{need('c.who')} IN ({', '.join(str(who) for who, skip in enumerate(skips) if skip)})"
        partial, undecided = f"{skipped} AND {partly}", f"CASE WHEN {skipped} THEN {whole} ELSE {any_day} END"
    return [
        (f"{possible} = 0", code("not_bound")),
        (partial, code("partial_window")),
        (f"{preset} IS NOT NULL" if preset != NOTHING else sql.FALSE, preset),
        (undecided, code("binding_unknown")),
    ]


def unknown_reasons(result: Judged) -> str:
    """Why a verdict is unknown, by what is wanting."""
    branches = [
        (result.missing_parameter, code("parameter_missing")),
        (result.undecided, code("undecided_rows")),
        (result.rejected, code("rejected_rows")),
        (result.unfed, code("feed_incomplete")),
    ]
    return reason_case(branches, code("value_missing"))


def reason_case(branches: list[tuple[str, str]], otherwise: str) -> str:
    """A CASE of those branches that can be taken."""
    kept = [(condition, reason) for condition, reason in branches if condition != sql.FALSE]
    cases = " ".join(f"WHEN {condition} THEN {reason}" for condition, reason in kept)
    return f"CASE {cases} ELSE {otherwise} END" if kept else otherwise


def is_deadline(judgement: Judgement) -> bool:
    """Are its windows opened by triggers, with an end that an answer must keep?"""
    windows = judgement.windows
    return isinstance(windows, Each) and (windows.within is not None or windows.by is not None)


def verdict_query(work: Work, members: Sequence[Judgement], result: Judged, reason: str, due: str, cells: str) -> str:
    """The SELECT of the verdict rows of some judgements; the cells of several have the column `who`."""
    frame = result.frame
    join, accountable = with_accountable(work, [member.header for member in members], cells)
    columns = {
        "subject": "c.subject",
        "key": "c.key",
        "window_first": "c.window_first",
        "window_last": "c.window_last",
        "due_on": due,
        "accountable": accountable,
        "day": "c.day",
        "answered_on": "c.answered_on",
    }
    flat = {name: frame.need(column) for name, column in columns.items()}
    why = frame.keep(reason)
    blank = f"{why} IN {codes((*PRESETS, 'not_bound', 'partial_window', 'no_parts'))}"
    flat |= {"reason": f"{why}::UTINYINT", "who": frame.need("c.who") if len(members) > 1 else "0"}
    for name, written in (("measured", result.measured), ("required", result.required)):
        flat[name] = "''" if written == "''" else f"CASE WHEN {blank} THEN '' ELSE {written} END"
    listed = ", ".join(f"{flat[name]} AS {name}" for name in VERDICT_COLUMNS)
    return f"SELECT {listed} FROM {frame.relation(f'{result.source} {join}')}"

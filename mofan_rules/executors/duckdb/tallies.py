"""Tallies: verdicts counted, and the verdicts on these counts (`docs/meaning.md` section 7)."""

from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.cells import always_dated, calendar_windows, in_force, with_binding, with_day
from mofan_rules.executors.duckdb.codes import code, codes
from mofan_rules.executors.duckdb.feeds import Gap, gaps, wanting
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.parts import SUMS, counted_parts, part_rows
from mofan_rules.executors.duckdb.periods import begins_later
from mofan_rules.executors.duckdb.scope import Judging
from mofan_rules.executors.duckdb.shapes import kept
from mofan_rules.executors.duckdb.tests import Bound, bound, parameter_missing, required_text, within
from mofan_rules.executors.duckdb.values import Number, Ratio, compare, constant, times
from mofan_rules.executors.duckdb.verdicts import VERDICT_COLUMNS, binding_branches, both, cell_frame, cell_source, reason_case, with_accountable
from mofan_rules.executors.duckdb.waivers import with_waivers
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Bounds, ByAccountable, Judge, Judgement, Once, Partial, Tally
from mofan_rules.schema import Table

TOP = 10**14
"""No sum of weights exceeds this."""


def tally_table(work: Work, tally: Tally, tables: list[tuple[Judgement | Tally, str]]) -> str:
    """A table of the verdict rows of a tally; `tables` are those of the judgements and tallies before it."""
    header = tally.header
    asked = Once(work.asked.period_first, work.asked.period_last)
    relation, _ = calendar_windows(work, header, tally.windows or asked, Judge.WINDOW, delays=False)
    choices = choice_columns(work, named_parameters([header.when, tally.at_least, tally.at_most]))
    relation = with_choices(work, in_force(work, with_day(work, relation, always_dated(tally.windows or asked)), header), choices)
    relation = with_waivers(work, with_binding(work, relation, header, choices, False, always_dated(tally.windows or asked)), [header], False)
    cells = work.table("cells", f"SELECT *, NULL::DATE AS answered_on FROM {relation}")
    parts = part_rows(work, tally, tables, cells)
    sums = work.table("sums", counted_parts(work, tally, parts, cells))
    return work.verdicts(_verdicts(work, tally, cells, sums, choices))


def _feed_gap(work: Work, tally: Tally, cells: str) -> Gap | None:
    """Whether the links of the tally may be incomplete for the subject of a cell."""
    if tally.over is None:
        return None
    vocabulary = work.program.vocabulary
    if isinstance(tally.over, ByAccountable):
        headers = [each.header for each in work.program.judgements] + [each.header for each in work.program.tallies]
        named = {header.accountable for header in headers if header.requirement in tally.parts}
        relations = {relation for relation in named if relation is not None}
    else:
        relations = {tally.over.relation}
    family = frozenset(kind for relation in relations for kind in vocabulary.family(Table.RELATIONS, relation))
    sources = [(wanting(work, Table.RELATIONS, family), "")] if family else []
    sources.append((wanting(work, Table.ORGANIZATIONS, None), ""))
    return gaps(work, sources, cells, "c.day", "c.day", "f")


def _sums(frame: Frame) -> dict[str, str]:
    return {name: frame.need(f"COALESCE(x.{name}, 0)") for name in (*SUMS, "some", "some_maybe", "waived", "waived_maybe")}


def _verdicts(work: Work, tally: Tally, cells: str, sums: str, choices: dict[str, str]) -> str:
    header = tally.header
    judging = Judging(work, cells, tally.windows or Once(work.asked.period_first, work.asked.period_last), False, choices)
    frame = cell_frame(judging)
    gap = _feed_gap(work, tally, cells)
    joins = f"LEFT JOIN {sums} x ON x.cell = c.cell"
    wanting_feed = sql.FALSE
    if gap is not None:
        joins += f" {gap.joins}"
        wanting_feed = frame.need(f"({gap.first}) IS NOT NULL")
    opened = sql.FALSE
    if begins_later(work.program, tally):
        opened = frame.need(f"COALESCE(c.window_last >= {work.as_of}, FALSE)")
    loose = sql.disjunction([opened, wanting_feed])
    factor = None
    if header.partial is Partial.PRORATE:
        ends = [Ratio(frame.need(f"c.{name}_days_in"), frame.need("c.days_in"), 4 * 10**6, 4 * 10**6) for name in ("sure", "possible")]
        factor = Number(ends[0], ends[1])
    least, most = bound(tally.at_least, frame, factor), bound(tally.at_most, frame, factor)
    total = _sums(frame)
    if tally.share:
        truth, above = _share_truth(total, least, most, loose, frame)
    else:
        truth, above = _count_truth(total, least, most, loose, frame)
    truth, few = frame.keep(truth), frame.keep(f"({above}) IS FALSE")
    measured = _measured(tally, total, wanting_feed)
    required = _share_required(least, most, frame) if tally.share else required_text(least, most, frame)
    missing = parameter_missing((Bounds("", tally.at_least, tally.at_most),), frame)
    nothing = f"{total['some']} = 0 AND {total['some_maybe']} = 0"
    unsure = " + ".join(total[name] for name in ("u", "c_maybe", "o_maybe", "u_maybe", "p_maybe")) + " > 0"
    complete = f"NOT ({wanting_feed})"
    branches = [
        *binding_branches(header, frame),
        (f"{total['some']} = 0 AND {opened}" if opened != sql.FALSE else sql.FALSE, code("open")),
        (f"{nothing} AND ({total['waived_maybe']} > 0 OR NOT ({complete}))", code("undecided_parts")),
        (f"{nothing} AND {total['waived']} > 0", code("waived")),
        (nothing, code("no_parts")),
        (f"{total['some']} = 0", code("undecided_parts")),
        (truth, code("met")),
        (frame.need("c.covered"), code("waived")),
        (both(f"{truth} IS FALSE", frame.need("c.waiver_doubt")), code("waiver_unknown")),
        (f"{truth} IS FALSE", f"CASE WHEN {few} THEN {code('too_few')} ELSE {code('too_many')} END"),
        (opened, code("open")),
        (f"{total['p']} > 0 AND NOT ({unsure}) AND {complete}", code("open")),
        (missing, code("parameter_missing")),
        (f"{unsure} OR NOT ({complete})", code("undecided_parts")),
    ]
    why = frame.keep(reason_case(branches, code("value_missing")))
    unbound = f"{why} IN {codes(('not_bound', 'partial_window'))}"
    blank = f"{why} IN {codes(('not_bound', 'partial_window', 'no_parts', 'start_unknown'))}"
    join, accountable = with_accountable(work, header, cells)
    columns = {name: frame.need(f"c.{name}") for name in ("subject", "key", "window_first", "window_last", "day", "answered_on")}
    columns |= {
        "reason": f"{why}::UTINYINT",
        "measured": f"CASE WHEN {blank} THEN '' ELSE {measured} END",
        "required": f"CASE WHEN {blank} THEN '' ELSE {required} END",
        "due_on": f"CASE WHEN {unbound} THEN {frame.need('c.window_last')} ELSE {frame.need('COALESCE(x.due, c.window_last)')} END",
        "accountable": frame.need(accountable),
    }
    listed = ", ".join(f"{columns[name]} AS {name}" for name in VERDICT_COLUMNS.split(", "))
    return f"SELECT {listed} FROM {frame.relation(f'{cell_source(judging, frame, [])} {joins} {join}')}"


def _count_truth(total: dict[str, str], least: Bound | None, most: Bound | None, loose: str, frame: Frame) -> tuple[str, str]:
    """The truth of the bounds on a count, and of the lower one."""
    high = " + ".join(total[name] for name in ("c", "u", "p", "c_maybe", "u_maybe", "p_maybe"))
    value = Number(Ratio(total["c"], 1, TOP, 1), Ratio(frame.keep(f"CASE WHEN NOT ({loose}) THEN {high} END"), 1, TOP, 1))
    return within(value, least, most, True, frame)


def _share_truth(total: dict[str, str], least: Bound | None, most: Bound | None, loose: str, frame: Frame) -> tuple[str, str]:
    """The truth of the bounds on a share. In an open window the share lies above 0 if something counts, below 1 if something does not."""
    sure = [total[name] for name in ("c", "o", "u", "p")]
    c, o, u, p = sure
    maybe = {name: total[f"{name}_maybe"] for name in ("c", "o", "u", "p")}
    low_under = frame.keep(" + ".join([*sure, maybe["o"], maybe["u"], maybe["p"]]))
    high_over = frame.keep(" + ".join([c, u, p, maybe["c"], maybe["u"], maybe["p"]]))
    high_under = frame.keep(" + ".join([*sure, maybe["c"], maybe["u"], maybe["p"]]))
    low_loose, high_loose = (frame.keep(f"({loose}) OR {under} = 0") for under in (low_under, high_under))
    low = Ratio(frame.keep(f"CASE WHEN {low_loose} THEN 0 ELSE {c} END"), frame.keep(f"CASE WHEN {low_loose} THEN 1 ELSE {low_under} END"), TOP, TOP)
    high = Ratio(
        frame.keep(f"CASE WHEN {high_loose} THEN 1 ELSE {high_over} END"), frame.keep(f"CASE WHEN {high_loose} THEN 1 ELSE {high_under} END"), TOP, TOP
    )
    value = Number(low, high)
    above_nothing, below_all = f"({loose}) AND {c} > 0", f"({loose}) AND {o} > 0"
    truth, above = within(value, least, most, False, frame)
    strict = []
    if least is not None:
        beyond = compare(least.number.low, ">=", constant(1))
        strict.append((f"NOT ({least.missing}) AND {below_all} AND {beyond}", "few"))
    if most is not None:
        under = compare(most.number.high, "<=", constant(0))
        strict.append((f"NOT ({most.missing}) AND {above_nothing} AND {under}", "many"))
    for condition, which in strict:
        truth = f"CASE WHEN {condition} THEN FALSE ELSE {truth} END"
        if which == "few":
            above = f"CASE WHEN {condition} THEN FALSE ELSE {above} END"
    return truth, above


def _measured(tally: Tally, total: dict[str, str], wanting_feed: str) -> str:
    possible = " + ".join(total[name] for name in ("u", "p", "c_maybe", "u_maybe", "p_maybe"))
    low, high = f"({total['c']})", f"({total['c']} + {possible})"
    if tally.share:
        under = " + ".join(total[name] for name in SUMS)
        return f"CASE WHEN {low} = {high} THEN {low}::VARCHAR ELSE {low}::VARCHAR || '..' || {high}::VARCHAR END || '/' || ({under})::VARCHAR"
    open_end = f"WHEN {wanting_feed} THEN {low}::VARCHAR || '..' " if wanting_feed != sql.FALSE else ""
    return f"CASE {open_end}WHEN {low} = {high} THEN {low}::VARCHAR ELSE {low}::VARCHAR || '..' || {high}::VARCHAR END"


def _share_required(least: Bound | None, most: Bound | None, frame: Frame) -> str:
    """The bounds of a share: in hundredths, else as fractions."""
    ends = [limit for limit in (least, most) if limit is not None]
    if not ends:
        return "''"
    numbers = [cast(Number, kept(limit.number, frame)) for limit in ends]
    exact = []
    for number in numbers:
        exact.append(f"({number.low.n}) IS NOT NULL" + ("" if number.exact else f" AND COALESCE({compare(number.low, '=', number.high)}, FALSE)"))
    hundreds = [times(number.low, constant(100)) for number in numbers]
    whole = [f"({hundred.n}) % ({hundred.denominator}) = 0" for hundred in hundreds]
    cents = [f"(({hundred.n}) // ({hundred.denominator}))::VARCHAR" for hundred in hundreds]
    fractions = [_fraction(number.low) for number in numbers]
    one = [f"CASE WHEN {is_whole} THEN {cent} || '/100' ELSE {fraction} END" for is_whole, cent, fraction in zip(whole, cents, fractions, strict=True)]
    if len(ends) == 1:
        return f"CASE WHEN {ends[0].missing} OR NOT ({exact[0]}) THEN '' ELSE {one[0]} END"
    equal = compare(numbers[0].low, "=", numbers[1].low)
    both = f"CASE WHEN {whole[0]} AND {whole[1]} THEN {cents[0]} || '..' || {cents[1]} || '/100' ELSE {fractions[0]} || '..' || {fractions[1]} END"
    gone = [limit.missing for limit in ends]
    return (
        f"CASE WHEN NOT (({gone[0]} OR ({exact[0]})) AND ({gone[1]} OR ({exact[1]}))) OR ({gone[0]} AND {gone[1]}) THEN ''"
        f" WHEN {gone[0]} THEN {one[1]} WHEN {gone[1]} OR {equal} THEN {one[0]} ELSE {both} END"
    )


def _fraction(ratio: Ratio) -> str:
    """As `p/q` in lowest terms."""
    if ratio.d == 1:
        return f"({ratio.n})::VARCHAR || '/1'"
    common = f"gcd(abs({ratio.n})::HUGEINT, ({ratio.denominator})::HUGEINT)"
    return f"(({ratio.n})::HUGEINT // {common})::VARCHAR || '/' || (({ratio.denominator})::HUGEINT // {common})::VARCHAR"

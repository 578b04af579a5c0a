"""Tallies: verdicts counted, and the verdicts on these counts (`docs/meaning.md` section 7). Those of one level are counted together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.accountable import with_accountable
from mofan_rules.executors.duckdb.codes import code, codes
from mofan_rules.executors.duckdb.days import depends_on_window
from mofan_rules.executors.duckdb.feeds import gaps, wanting
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.members import by_who, same_or_by_who
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters
from mofan_rules.executors.duckdb.parts import SUMS, sums
from mofan_rules.executors.duckdb.periods import Wanted, begins_later
from mofan_rules.executors.duckdb.scope import Judging
from mofan_rules.executors.duckdb.shares import count_truth, share_required, share_truth, sums_text
from mofan_rules.executors.duckdb.tests import bound, parameter_missing, required_text
from mofan_rules.executors.duckdb.together import Asked, begins_apart, cells_together, most_members, waiver_feed
from mofan_rules.executors.duckdb.values import Number, Ratio
from mofan_rules.executors.duckdb.verdicts import VERDICT_COLUMNS, Filed, binding_branches, both, cell_frame, cell_source, filed, reason_case
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.program import Bounds, ByAccountable, Calendar, Judgement, Once, Partial, Tally
from mofan_rules.schema import Table


def tally_families(work: Work, tallies: Sequence[Tally]) -> list[list[Tally]]:
    """Tallies of one level in groups that can be counted together."""
    groups: dict[object, list[Tally]] = {}
    for place, tally in enumerate(tallies):
        shape = place if _alone(work, tally) else (tally.header.partial is Partial.PRORATE, waiver_feed(work, tally.header), place // most_members(work))
        groups.setdefault(shape, []).append(tally)
    return list(groups.values())


def _alone(work: Work, tally: Tally) -> bool:
    """Are the windows of the tally, or its binding, not known beforehand?"""
    return (tally.windows is not None and begins_apart(tally.windows)) or depends_on_window(tally.header.when, work)


def count_together(work: Work, members: Sequence[Tally], made: Sequence[tuple[Judgement | Tally, Filed]], periods: Mapping[str, Wanted]) -> list[Filed]:
    """The verdict rows of each member of a family of tallies; `made` are those of the judgements and tallies before them."""
    choices = choice_columns(work, named_parameters([part for tally in members for part in (tally.header.when, tally.at_least, tally.at_most)]))
    relation = cells_together(work, [Asked(tally.header, _asked(work, tally), periods[tally.header.requirement]) for tally in members], choices)
    cells = work.table("cells", f"SELECT *, NULL::DATE AS answered_on FROM {relation}")
    totals = sums(work, members, made, cells)
    table = work.verdicts(_verdicts(work, members, cells, totals, choices))
    kept = None
    if work.keeps_sums:
        of_cells = f"{totals} x JOIN {cells} c ON c.cell = x.cell"
        kept = work.verdicts(f"SELECT c.who, c.subject, c.window_first, c.window_last, x.* EXCLUDE (cell) FROM {of_cells}")
    work.drop(cells, totals)
    return filed(table, members, kept)


def _asked(work: Work, tally: Tally) -> Calendar | Once:
    return tally.windows or Once(work.asked.period_first, work.asked.period_last)


def _unfed(work: Work, members: Sequence[Tally], cells: str) -> tuple[str, str]:
    """Joins over cells `c`, and the condition that the links of their tally may be incomplete for their subject."""
    alike: dict[frozenset[str], list[int]] = {}
    for who, tally in enumerate(members):
        if tally.over is not None:
            alike.setdefault(_relations(work, tally), []).append(who)
    joins: list[str] = []
    texts: dict[int, str] = {}
    for number, (family, places) in enumerate(alike.items()):
        sources = [(wanting(work, Table.RELATIONS, family), "")] if family else []
        sources.append((wanting(work, Table.ORGANIZATIONS, None), ""))
        gap = gaps(work, sources, cells, "c.day", "c.day", f"f{number}_")
        if gap is not None:
            joins.append(gap.joins)
            texts |= dict.fromkeys(places, f"({gap.first}) IS NOT NULL")
    return " ".join(joins), by_who("c.who", texts, sql.FALSE)


def _relations(work: Work, tally: Tally) -> frozenset[str]:
    """The kinds of relation that lead from the subject of a tally to its parts."""
    vocabulary = work.program.vocabulary
    if isinstance(tally.over, ByAccountable):
        headers = [each.header for each in work.program.judgements] + [each.header for each in work.program.tallies]
        named = {header.accountable for header in headers if header.requirement in tally.parts}
        relations = {relation for relation in named if relation is not None}
    else:
        assert tally.over is not None
        relations = {tally.over.relation}
    return frozenset(kind for relation in relations for kind in vocabulary.family(Table.RELATIONS, relation))


@dataclass(frozen=True, slots=True)
class _Told:
    """What a tally says of its sums: SQL over the frame."""

    truth: str
    few: str
    measured: str
    required: str
    missing: str


def _told(tally: Tally, total: dict[str, str], loose: str, wanting_feed: str, frame: Frame) -> _Told:
    factor = None
    if tally.header.partial is Partial.PRORATE:
        ends = [Ratio(frame.need(f"c.{name}_days_in"), frame.need("c.days_in"), 4 * 10**6, 4 * 10**6) for name in ("sure", "possible")]
        factor = Number(ends[0], ends[1])
    least, most = bound(tally.at_least, frame, factor), bound(tally.at_most, frame, factor)
    truth, above = (share_truth if tally.share else count_truth)(total, least, most, loose, frame)
    return _Told(
        frame.keep(truth),
        frame.keep(f"({above}) IS FALSE"),
        sums_text(tally, total, wanting_feed),
        share_required(least, most, frame) if tally.share else required_text(least, most, frame),
        parameter_missing((Bounds("", tally.at_least, tally.at_most),), frame),
    )


def _verdicts(work: Work, members: Sequence[Tally], cells: str, totals: str, choices: dict[str, str]) -> str:
    """The SELECT of the verdict rows of tallies from what their parts add up to."""
    headers = [tally.header for tally in members]
    judging = Judging(work, cells, _asked(work, members[0]), False, choices)
    frame = cell_frame(judging)
    joins, unfed = _unfed(work, members, cells)
    wanting_feed = frame.need(unfed)
    later = {who: f"COALESCE(c.window_last >= {work.as_of}, FALSE)" for who, tally in enumerate(members) if begins_later(work.program, tally)}
    opened = frame.need(by_who("c.who", later, sql.FALSE))
    total = {name: frame.need(f"COALESCE(x.{name}, 0)") for name in (*SUMS, "some", "some_maybe", "waived", "waived_maybe")}
    told = [_told(tally, total, sql.disjunction([opened, wanting_feed]), wanting_feed, frame) for tally in members]

    def one(part: str) -> str:
        return same_or_by_who(frame, {who: getattr(each, part) for who, each in enumerate(told)})

    truth, missing = frame.keep(one("truth")), one("missing")
    nothing = f"{total['some']} = 0 AND {total['some_maybe']} = 0"
    unsure = " + ".join(total[name] for name in ("u", "c_maybe", "o_maybe", "u_maybe", "p_maybe")) + " > 0"
    complete = f"NOT ({wanting_feed})"
    branches = [
        *binding_branches(headers, frame),
        (f"{total['some']} = 0 AND {opened}" if opened != sql.FALSE else sql.FALSE, code("open")),
        (f"{nothing} AND ({total['waived_maybe']} > 0 OR NOT ({complete}))", code("undecided_parts")),
        (f"{nothing} AND {total['waived']} > 0", code("waived")),
        (nothing, code("no_parts")),
        (f"{total['some']} = 0", code("undecided_parts")),
        (truth, code("met")),
        (frame.need("c.covered"), code("waived")),
        (both(f"{truth} IS FALSE", frame.need("c.waiver_doubt")), code("waiver_unknown")),
        (f"{truth} IS FALSE", f"CASE WHEN {one('few')} THEN {code('too_few')} ELSE {code('too_many')} END"),
        (opened, code("open")),
        (f"{total['p']} > 0 AND NOT ({unsure}) AND {complete}", code("open")),
        (missing, code("parameter_missing")),
        (f"{unsure} OR NOT ({complete})", code("undecided_parts")),
    ]
    why = frame.keep(reason_case(branches, code("value_missing")))
    unbound = f"{why} IN {codes(('not_bound', 'partial_window'))}"
    blank = f"{why} IN {codes(('not_bound', 'partial_window', 'no_parts', 'start_unknown'))}"
    join, accountable = with_accountable(work, headers, cells)
    columns = {name: frame.need(f"c.{name}") for name in ("who", "subject", "key", "window_first", "window_last", "day", "answered_on")}
    columns |= {
        "reason": f"{why}::UTINYINT",
        "measured": f"CASE WHEN {blank} THEN '' ELSE {one('measured')} END",
        "required": f"CASE WHEN {blank} THEN '' ELSE {one('required')} END",
        "due_on": f"CASE WHEN {unbound} THEN {frame.need('c.window_last')} ELSE {frame.need('COALESCE(x.due, c.window_last)')} END",
        "accountable": frame.need(accountable),
    }
    listed = ", ".join(f"{columns[name]} AS {name}" for name in VERDICT_COLUMNS)
    source = f"{cell_source(judging, frame, [])} LEFT JOIN {totals} x ON x.cell = c.cell {joins} {join}"
    return f"SELECT {listed} FROM {frame.relation(source)}"

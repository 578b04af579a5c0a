"""States over stretches of days: each day that matters is looked at, and runs of failing days are held against the grace (`docs/meaning.md` section 4)."""

from dataclasses import dataclass

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.binding import frame_of
from mofan_rules.compiler.bounds import tested
from mofan_rules.compiler.calendar import FIRST_DAY, add_duration, delayed
from mofan_rules.compiler.cells import ASKED, KEY, same_cell
from mofan_rules.compiler.frame import MeasureColumns, Refused
from mofan_rules.compiler.matching import Sight, Stretch
from mofan_rules.compiler.measures import Computed, computed, flat
from mofan_rules.compiler.organizations import Aliased, versions
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import BIGINT, BOOLEAN, DATE, FALSE, TRUE, Tree, both, case, cast, column, eq, ge, is_known, le, no, null, whole
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.measures import Count, LargestGroup
from mofan_rules.ir.program import Bounds, Judge, Judgement
from mofan_rules.schema import Table
from mofan_rules.values.dates import CivilDate, Duration

DAYS = 4_000_000
"""More days than the calendar has."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What the days of a cell come to, over a FROM clause with `joins`: the truth of the state, whether only grace makes it true, and the first day of the
    run of failing days that grace still bears with."""

    joins: list[exp.Join]
    truth: Tree
    forgiven: Tree
    running: Tree


def runs(plan: Plan, judgement: Judgement, cells: Aliased, stretches: Aliased) -> Runs:
    """The runs of failing days of each cell.

    Raises
    ------
    Refused: if the grace is a civil date.
    """
    grace = judgement.header.grace
    if isinstance(grace, CivilDate):
        raise Refused("Header.grace: of a state it is a duration")
    days = _days(plan, judgement, cells, grace)
    looked = plan.step("looked", _truths(plan, judgement, days, stretches))
    found = plan.step("runs", sql.union(*(_islands(plan, looked, kind, grace) for kind in ("possibly", "surely"))))
    throughout = judgement.judge is Judge.THROUGHOUT
    first, last = (column("c.window_first"), sql.lesser(column("c.window_last"), column("c.as_of"))) if throughout else (column("c.day"), column("c.day"))
    shares = both(eq(column("r.subject"), column("c.subject")), eq(column("r.w"), column("c.w")), le(column("r.first"), last), ge(column("r.last"), first))
    possible, sure = eq(column("r.sure"), whole(0)), eq(column("r.sure"), whole(1))
    at_end = both(possible, eq(column("r.last"), column("c.as_of")))
    columns = {name: column(f"c.{name}") for name in KEY} | {
        "fails": sql.any_of(possible),
        "exceeds": sql.any_of(both(possible, column("r.exceeds"))),
        "surely": sql.any_of(both(sure, column("r.exceeds"))),
        "running": sql.largest(case((at_end, column("r.first")), otherwise=null(DATE))),
    }
    summary = plan.step("of_runs", sql.select(columns, cells("c"), [sql.left(found("r"), shares)], group=[column(f"c.{name}") for name in KEY]))
    ref = both(eq(column("d.subject"), column("c.subject")), eq(column("d.cell_w"), column("c.w")), eq(column("d.day"), column("c.day")))
    joins = [sql.left(summary("u"), same_cell("u", "c")), sql.left(looked("d"), ref)]
    fails, exceeds = sql.surely(column("u.fails")), sql.surely(column("u.exceeds"))
    there = column("d.truth")
    borne = both(fails, no(exceeds))
    runs_on = both(borne, is_known(column("u.running")))
    undecided = case((sql.surely(column("u.surely")), FALSE), otherwise=null(BOOLEAN))
    alone = TRUE if throughout else there
    truth = case((no(fails), alone), (exceeds, undecided), (runs_on, null(BOOLEAN)), otherwise=TRUE)
    return Runs(joins, truth, both(borne, no(runs_on)), case((runs_on, column("u.running")), otherwise=null(DATE)))


def _days(plan: Plan, judgement: Judgement, cells: Aliased, grace: Duration | None) -> Aliased:
    """A cell a day: those judged and, with a grace, those before and after on which it matters whether a run goes on."""
    dialect = plan.dialect
    if judgement.judge is Judge.THROUGHOUT:
        first, last = column("c.window_first"), sql.lesser(column("c.window_last"), column("c.as_of"))
    else:
        first = last = column("c.day")
    if grace is not None:
        back = Duration(-grace.amount, grace.unit)
        first = sql.greater(dialect.days_after(add_duration(dialect, first, back), whole(-4)), FIRST_DAY)
        last = sql.lesser(dialect.days_after(add_duration(dialect, last, grace), whole(4)), column("c.as_of"))
    carried = ("subject", "w", "key", "preset", "window_first", "window_last", "due", *ASKED)
    kept = {name: column(f"c.{name}") for name in carried}
    ends = sql.select(kept | {"from_day": first, "to_day": last}, cells("c"), where=is_known(column("c.window_first")))
    kept = {name: column(f"e.{name}") for name in (*carried, "from_day")}
    offsets = dialect.numbers(cast(whole(0), BIGINT), dialect.days_between(column("e.to_day"), column("e.from_day")))
    listed = sql.select({"offset": offsets} | kept, sql.nested(ends, "e"))
    day = dialect.days_after(column("l.from_day"), column("l.offset"))
    kept = {name: column(f"l.{name}") for name in carried if name != "w"} | {"cell_w": column("l.w"), "day": day, "law": day}
    number = dialect.days_between(day, FIRST_DAY)
    found = {"w": sql.plus(sql.times(cast(column("l.w"), BIGINT), whole(DAYS)), number)}
    query = sql.select(found | kept, sql.nested(listed, "l"))
    return plan.step("days", query)


def _truths(plan: Plan, judgement: Judgement, days: Aliased, stretches: Aliased) -> Tree:
    """(subject, cell_w, day, truth, possibly, surely): the test on each day, and whether it possibly and surely fails there."""
    header = judgement.header
    day = column("c.day")
    frame = frame_of(plan, {Scope.SUBJECT: "s"})
    frame.window, frame.law = (day, day), day
    sight = Sight(plan, days, True, Stretch(FIRST_DAY, day, day), None, day, (day, day), "day_")
    measures: list[Computed] = [computed(sight, measure, number, None, False) for number, measure in enumerate(judgement.measures, 1)]
    frame.measures = {
        measure.name: MeasureColumns(flat(each.known.value, frame), frame.need(each.known.absent))
        for measure, each in zip(judgement.measures, measures, strict=True)
    }
    wholes = {measure.name: isinstance(measure.quantity, Count | LargestGroup) for measure in judgement.measures}
    results = [tested(test, frame, None, isinstance(test, Bounds) and wholes[test.measure]) for test in judgement.tests]
    truth = frame.keep(both(*(result.truth for result in results)))
    effective = both(ge(day, sql.day(header.first)), le(day, sql.day(header.last)))
    joins: list[exp.Join] = [join for each in measures for join in each.joins]
    bound: list[Tree] = []
    for alias, sure in (("bp", 0), ("bs", 1)):
        on = both(
            eq(column(f"{alias}.subject"), column("c.subject")),
            eq(column(f"{alias}.w"), column("c.cell_w")),
            eq(column(f"{alias}.sure"), whole(sure)),
            sql.within(day, column(f"{alias}.first"), column(f"{alias}.last")),
        )
        joins.append(sql.left(stretches(alias), on))
        bound.append(frame.need(both(is_known(column(f"{alias}.subject")), effective)))
    if Scope.SUBJECT in frame.used:
        covering = both(eq(column("sv.organization"), column("c.subject")), sql.within(day, column("sv.sure_first"), column("sv.sure_last")))
        joins += [sql.left(versions(plan)("sv"), covering), sql.left(plan.fact(Table.ORGANIZATIONS, "s"), eq(column("s.row"), column("sv.version")))]
    columns = {name: frame.need(column(f"c.{name}")) for name in ("subject", "cell_w", "day", "as_of")}
    columns |= {"truth": truth, "possibly": both(bound[0], no(sql.surely(truth))), "surely": both(bound[1], sql.surely_not(truth))}
    return frame.query(days("c"), joins, TRUE, columns)


def _islands(plan: Plan, looked: Aliased, kind: str, grace: Duration | None) -> Tree:
    """(subject, w, sure, first, last, exceeds): the runs of days that possibly or surely fail."""
    by = [column("d.subject"), column("d.cell_w")]
    place = sql.windowed(sql.call("ROW_NUMBER"), by, [column("d.day")])
    number = plan.dialect.days_between(column("d.day"), FIRST_DAY)
    kept = {name: column(f"d.{name}") for name in ("subject", "cell_w", "day", "as_of")}
    numbered = sql.select(kept | {"island": sql.minus(number, place)}, looked("d"), where=column(f"d.{kind}"))
    group = [column(f"d.{name}") for name in ("subject", "cell_w", "as_of", "island")]
    ends = {"first": sql.smallest(column("d.day")), "last": sql.largest(column("d.day"))}
    islands = sql.select({"subject": group[0], "w": group[1], "as_of": group[2], **ends}, sql.nested(numbered, "d"), group=group)
    until = sql.lesser(plan.dialect.days_after(column("i.last"), whole(1)), column("i.as_of"))
    exceeds = TRUE if grace is None else sql.gt(until, delayed(plan.dialect, column("i.first"), grace))
    columns = {name: column(f"i.{name}") for name in ("subject", "w")} | {"sure": whole(1 if kind == "surely" else 0)}
    columns |= {"first": column("i.first"), "last": column("i.last"), "exceeds": exceeds}
    return sql.select(columns, sql.nested(islands, "i"))

"""Windows that triggers open: deadlines, spans of rows, and chains of answers (`docs/meaning.md` 2.8 and 2.9).

Beside the columns of all windows they have `law_day`, `bind_first` (the first day for the binding), `counts_first` (the first on which an answer counts),
`trigger` and `trigger_id`.
"""

from collections.abc import Callable, Mapping

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY, add_amount
from mofan_rules.compiler.cells import ASKED, possible_subjects
from mofan_rules.compiler.expressions import compiled, truth
from mofan_rules.compiler.frame import Frame, Refused
from mofan_rules.compiler.matching import SPANS, Sight, Stretch, candidates, owner_column, prefilter, row_truths
from mofan_rules.compiler.organizations import Aliased, current, owned_rows, versions
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import (
    BIGINT,
    DATE,
    INT,
    TEXT,
    Tree,
    both,
    case,
    cast,
    column,
    either,
    eq,
    ge,
    is_known,
    is_null,
    le,
    maybe,
    no,
    null,
    text,
    whole,
)
from mofan_rules.compiler.values import Span
from mofan_rules.ir.expressions import Expression, Scope
from mofan_rules.ir.program import Each, Header
from mofan_rules.ir.rows import Own, Place, Rows
from mofan_rules.schema import Table

COLUMNS = ("subject", "w", "key", "preset", "window_first", "window_last", "law_day", "bind_first", "counts_first", "trigger", "trigger_id")

HIDDEN = ("date", "from_date", "valid_from")
"""Dates of triggers that are not seen before their day."""

NO_WINDOW = (null(DATE), null(DATE))


def trigger_windows(plan: Plan, each: Each, header: Header, answers: Rows | None, question: Aliased) -> Tree:
    """The windows that have begun by the as-of date and the end of the period."""
    if each.not_counting:
        raise Refused("Each.not_counting: months that are left out")
    subjects = plan.step("subjects", possible_subjects(plan, header))
    if each.chain is not None:
        assert answers is not None
        found = _chain(plan, each, answers, subjects, question)
    elif each.trigger is None:
        found = _founding(plan, each, subjects, question)
    else:
        found = _triggered(plan, each, each.trigger, subjects, question)
    end = sql.lesser(column("q.as_of"), column("q.period_last"))
    begun = either(is_null(column("x.window_first")), le(column("x.window_first"), end))
    columns = {name: column(f"x.{name}") for name in COLUMNS} | {name: column(f"q.{name}") for name in ASKED}
    return sql.select(columns, sql.nested(found, "x"), [sql.crossed(question("q"))], begun)


def trigger_table(each: Each, answers: Rows | None) -> Table:
    """The table of the rows that open the windows."""
    if each.chain is not None and answers is not None:
        return answers.table
    return Table.ORGANIZATIONS if each.trigger is None else each.trigger.table


def _nothing(subject: Tree, key: str) -> dict[str, Tree]:
    """The one window of a subject that has no trigger."""
    dates = dict.fromkeys(("window_first", "window_last", "bind_first", "counts_first"), null(DATE))
    fixed = {"subject": subject, "w": cast(whole(-1), BIGINT), "key": text(key), "preset": text("no_trigger")}
    found = fixed | dates | {"law_day": column("q.as_of"), "trigger": null(INT), "trigger_id": null(TEXT)}
    return {name: found[name] for name in COLUMNS}


# one window a row


def _triggered(plan: Plan, each: Each, rows: Rows, subjects: Aliased, question: Aliased) -> Tree:
    frame = _trigger_frame(plan, f"r.{rows.date}_low", f"r.{rows.date}_high")
    if not isinstance(rows.owner, Own):
        raise Refused("Each: triggers of other organizations")
    if rows.table not in SPANS:
        raise Refused(f"Each: rows of {rows.table.value} open no windows")
    of_organizations = rows.table is Table.ORGANIZATIONS
    owner = owner_column(rows, rows.owner)
    low, high = column(f"r.{rows.date}_low"), column(f"r.{rows.date}_high")
    joins = [sql.crossed(question("q"))]
    if of_organizations:
        joins.append(sql.inner(current(plan)("cv"), eq(column("cv.organization"), column("o.organization"))))
        joins.append(sql.inner(plan.fact(rows.table, "r"), eq(column("r.row"), column("cv.version"))))
    else:
        joins.append(sql.inner(owned_rows(plan, rows.table, owner)("r"), eq(column("r.owner"), column("o.organization"))))
    truths = [frame.need(maybe(is_known(column(f"r.{'organization' if of_organizations else owner}")))), *row_truths(rows, frame)]
    match = frame.keep(both(*truths, truth(rows.where, frame)))
    where = [*prefilter(rows), no(both(eq(low, LAST_DAY), eq(high, LAST_DAY)))]
    if rows.date in HIDDEN:
        where.append(le(low, column("q.as_of")))
    key: Tree = sql.coalesce(column("r.id"), text(""))
    if of_organizations:
        key = text(plan.program.vocabulary.attributes[int(rows.date[2:])].name if rows.date.startswith("a_") else rows.date)
    columns = _window(plan, each, rows.table, frame, frame.need(key), low, high)
    undecided = case((is_known(columns["preset"]), columns["preset"]), (is_null(match), text("trigger_undecided")), otherwise=null(TEXT))
    columns |= {"preset": undecided}
    joins += _subject_join(plan, frame, low)
    found = frame.query(subjects("o"), joins, both(*where), columns, no(sql.surely_not(match)))
    place = sql.windowed(sql.call("ROW_NUMBER"), [column("x.subject"), column("x.key")], [column("x.trigger")])
    listed = sql.select({name: column(f"x.{name}") for name in COLUMNS} | {"place": place}, sql.nested(found, "x"))
    windows = plan.step("triggers", sql.select({name: column(f"x.{name}") for name in COLUMNS}, sql.nested(listed, "x"), where=eq(column("x.place"), whole(1))))
    once = sql.select({name: column(f"x.{name}") for name in COLUMNS}, windows("x"))
    if not each.must_exist:
        return once
    some = sql.select({"one": whole(1)}, windows("x"), where=eq(column("x.subject"), column("o.organization")))
    lacking = sql.select(_nothing(column("o.organization"), ""), subjects("o"), [sql.crossed(question("q"))], no(sql.exists(some)))
    return sql.union(once, lacking)


def _trigger_frame(plan: Plan, low: str, high: str) -> Frame:
    """Where conditions and offsets of triggers `r` of subjects `o` are evaluated."""
    missing = both(eq(column(low), FIRST_DAY), eq(column(high), LAST_DAY))
    law = case((missing, column("q.as_of")), otherwise=column(low))
    aliases = {Scope.SUBJECT: "s", Scope.ROW: "r", Scope.TRIGGER: "r"}
    return Frame(plan.dialect, plan.parameters, aliases, column("o.organization"), law, NO_WINDOW, schema=plan.names.facts)


def _subject_join(plan: Plan, frame: Frame, day: Tree) -> list[exp.Join]:
    if Scope.SUBJECT not in frame.used:
        return []
    covering = both(eq(column("sv.organization"), column("o.organization")), sql.within(day, column("sv.sure_first"), column("sv.sure_last")))
    return [sql.left(versions(plan)("sv"), covering), sql.left(plan.fact(Table.ORGANIZATIONS, "s"), eq(column("s.row"), column("sv.version")))]


def _window(plan: Plan, each: Each, table: Table, frame: Frame, key: Tree, low: Tree, high: Tree, same_day: bool = True) -> dict[str, Tree]:
    """The columns of the window that a trigger `r` with a date opens. `same_day`: an answer on the trigger's own day counts."""
    need, keep = frame.need, frame.keep
    head = {"subject": need(frame.subject), "w": need(cast(column("r.row"), BIGINT)), "key": key}
    tail = {"law_day": need(frame.law), "trigger": need(column("r.row")), "trigger_id": need(column("r.id"))}
    if each.within is None and each.by is None:
        days = _own_span(table, frame)
        found = head | {"preset": null(TEXT)} | days | tail
        return {name: found[name] for name in COLUMNS}
    exact, day = need(eq(low, high)), need(low)
    known = [exact]
    start: Tree = FIRST_DAY
    if each.after is not None:
        after = _span(each.after, frame)
        known.append(is_known(after.amount))
        start = keep(add_amount(plan.dialect, day, keep(after.amount), after.unit))
    if each.within is not None:
        within = _span(each.within, frame)
        known.append(is_known(within.amount))
        end = keep(add_amount(plan.dialect, day, keep(within.amount), within.unit))
    else:
        named = [need(column(f"r.{each.by}_{end}")) for end in ("low", "high")]
        known.append(eq(named[0], named[1]))
        end = named[0]
    dated = keep(both(*known))
    first = keep(sql.lesser(start, end))
    binds = keep(sql.lesser(day, end)) if each.after is None else first
    counts = first if same_day else keep(sql.greater(first, plan.dialect.days_after(day, whole(1))))
    days = {
        name: case((dated, value), otherwise=null(DATE))
        for name, value in {"window_first": first, "window_last": end, "bind_first": binds, "counts_first": counts}.items()
    }
    found = head | {"preset": case((dated, null(TEXT)), otherwise=text("trigger_undated"))} | days | tail
    return {name: found[name] for name in COLUMNS}


def _span(expression: Expression, frame: Frame) -> Span:
    value = compiled(expression, frame)
    if not isinstance(value, Span):
        raise TypeError("an offset is a duration")
    return value


def _own_span(table: Table, frame: Frame) -> dict[str, Tree]:
    """The row's own span of days; an end that is open or after the as-of date is that."""
    begin, end = SPANS[table]
    low, high = frame.need(column(f"r.{begin}_low")), frame.need(column(f"r.{begin}_high"))
    missing = both(eq(low, FIRST_DAY), eq(high, LAST_DAY))
    last = frame.keep(sql.lesser(frame.need(column(f"r.{end}_high")), frame.need(column("q.as_of"))))
    first = frame.keep(case((missing, null(DATE)), otherwise=sql.lesser(low, last)))
    until = frame.keep(case((missing, null(DATE)), otherwise=last))
    return {"window_first": first, "window_last": until, "bind_first": first, "counts_first": first}


# founding


def _founding(plan: Plan, each: Each, subjects: Aliased, question: Aliased) -> Tree:
    """The window of the subject's founding, or one that is unknown."""
    frame = _trigger_frame(plan, "r.founded_on_low", "r.founded_on_high")
    low, high = column("r.founded_on_low"), column("r.founded_on_high")
    joins = [
        sql.crossed(question("q")),
        sql.left(current(plan)("cv"), eq(column("cv.organization"), column("o.organization"))),
        sql.left(plan.fact(Table.ORGANIZATIONS, "r"), eq(column("r.row"), column("cv.version"))),
    ]
    opened = _window(plan, each, Table.ORGANIZATIONS, frame, text("founding"), low, high)
    exact = frame.keep(sql.surely(frame.need(eq(low, high))))
    without = _nothing(opened["subject"], "founding") | {"law_day": frame.need(column("q.as_of"))}
    opened |= {"w": cast(whole(-2), BIGINT)}
    if each.chain is None:
        without |= {"trigger": opened["trigger"], "trigger_id": opened["trigger_id"]}
    else:
        opened |= {"trigger": null(INT), "trigger_id": null(TEXT)}  # answers are of another table
    columns = {name: opened[name] if opened[name] == without[name] else case((exact, opened[name]), otherwise=without[name]) for name in COLUMNS}
    return frame.query(subjects("o"), [*joins, *_subject_join(plan, frame, low)], sql.TRUE, columns)


# chains


def _chain(plan: Plan, each: Each, answers: Rows, subjects: Aliased, question: Aliased) -> Tree:
    """The start, and each answer after it, open a window."""
    assert each.chain is not None
    following = _one_a_day(plan, answers, subjects, question, "answers")
    if each.chain.first is None:
        opening = plan.step("opening", _founding(plan, each, subjects, question))
        day = column("s.law_day")
        started = both(eq(column("s.subject"), column("a.subject")), either(is_null(column("s.preset")), sql.ne(column("s.preset"), text("no_trigger"))))
        after: Callable[[Tree, Tree], Tree] = ge
    else:
        firsts = _one_a_day(plan, each.chain.first, subjects, question, "firsts")
        opening = plan.step("opening", _opened(plan, each, each.chain.first, firsts, subjects, question))
        day = column("s.law_day")
        started = both(eq(column("s.subject"), column("a.subject")), is_known(column("s.trigger")))
        after = sql.gt
    selected = either(is_null(column("s.subject")), after(column("a.day"), day))
    columns = {name: column(f"a.{name}") for name in ("subject", "day", "row")}
    later = plan.step("later", sql.select(columns, following("a"), [sql.left(opening("s"), started)], selected))
    windows = _windows_of_rows(plan, each, answers, later, question)
    return sql.union(sql.select({name: column(f"s.{name}") for name in COLUMNS}, opening("s")), windows)


def _opened(plan: Plan, each: Each, rows: Rows, firsts: Aliased, subjects: Aliased, question: Aliased) -> Tree:
    """The window of the first row that opens the chain, or one that is unknown."""
    place = sql.windowed(sql.call("ROW_NUMBER"), [column("a.subject")], [column("a.day")])
    ranked = sql.select({name: column(f"a.{name}") for name in ("subject", "day", "row")} | {"place": place}, firsts("a"))
    one = plan.step(
        "first", sql.select({name: column(f"a.{name}") for name in ("subject", "day", "row")}, sql.nested(ranked, "a"), where=eq(column("a.place"), whole(1)))
    )
    some = sql.select({"one": whole(1)}, one("x"), where=eq(column("x.subject"), column("o.organization")))
    lacking = sql.select(_nothing(column("o.organization"), ""), subjects("o"), [sql.crossed(question("q"))], no(sql.exists(some)))
    return sql.union(_windows_of_rows(plan, each, rows, one, question), lacking)


def _windows_of_rows(plan: Plan, each: Each, rows: Rows, found: Aliased, question: Aliased) -> Tree:
    """The windows that rows open on a day; an answer on that day does not count."""
    frame = _trigger_frame(plan, "o.day", "o.day")
    frame.subject = column("o.subject")
    joins = [sql.crossed(question("q")), sql.inner(plan.fact(rows.table, "r"), eq(column("r.row"), column("o.row")))]
    day = column("o.day")
    key = frame.need(sql.coalesce(column("r.id"), text("")))
    columns = _window(plan, each, rows.table, frame, key, day, day, same_day=False)
    if Scope.SUBJECT in frame.used:
        covering = both(eq(column("sv.organization"), column("o.subject")), sql.within(day, column("sv.sure_first"), column("sv.sure_last")))
        joins += [sql.left(versions(plan)("sv"), covering), sql.left(plan.fact(Table.ORGANIZATIONS, "s"), eq(column("s.row"), column("sv.version")))]
    return frame.query(found("o"), joins, sql.TRUE, columns)


def _one_a_day(plan: Plan, rows: Rows, subjects: Aliased, question: Aliased, name: str) -> Aliased:
    """(subject, day, row): the rows that surely match and are exactly dated, at most the as-of date: one a day, the least id."""
    if not isinstance(rows.owner, Own):
        raise Refused("Chain: answers of other organizations")
    if rows.place not in (Place.DATED, Place.ANY):
        raise Refused("Chain: answers that are in force")
    as_of = column("q.as_of")
    nothing: Mapping[str, Tree] = {"window_first": FIRST_DAY, "window_last": as_of, "due": as_of, "day": as_of, "law": as_of, "as_of": as_of}
    cells = sql.select({"subject": column("o.organization"), "w": cast(whole(0), BIGINT)} | dict(nothing), subjects("o"), [sql.crossed(question("q"))])
    overview = plan.step(f"{name}_asked", cells)
    sight = Sight(plan, overview, False, Stretch(FIRST_DAY, column("c.as_of"), column("c.as_of")), law=column(f"r.{rows.date}_low"), window=NO_WINDOW)
    found = candidates(sight, rows, lambda frame: {})
    order = [plan.dialect.by_code_point(sql.coalesce(column("x.id"), text(""))), column("x.row")]
    place = sql.windowed(sql.call("ROW_NUMBER"), [column("x.subject"), column("x.low")], order)
    sure = both(sql.surely(column("x.truth")), eq(column("x.low"), column("x.high")))
    ranked = sql.select({"subject": column("x.subject"), "day": column("x.low"), "row": column("x.row"), "place": place}, sql.nested(found, "x"), where=sure)
    columns = {name: column(f"x.{name}") for name in ("subject", "day", "row")}
    return plan.step(name, sql.select(columns, sql.nested(ranked, "x"), where=eq(column("x.place"), whole(1))))

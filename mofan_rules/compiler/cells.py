"""Cells: one for each verdict row, a subject and a window, with the days that matter to it (`docs/meaning.md` section 2).

Columns: `subject`, `w` (tells the windows of a subject apart), `key`, `window_first`, `window_last`, `due`, `law`, `day` (the reference day), `preset` (the
reason why nothing can be said), and `as_of`, `period_first`, `period_last`.
"""

from datetime import date

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.calendar import FIRST_DAY, delayed, window_first, window_last, window_number
from mofan_rules.compiler.dialects import Dialect
from mofan_rules.compiler.frame import Refused
from mofan_rules.compiler.organizations import Aliased, current, possibly_of_kind, versions
from mofan_rules.compiler.plan import Plan
from mofan_rules.compiler.tree import BIGINT, DATE, TEXT, TRUE, Tree, both, case, cast, column, eq, is_known, is_null, null, text, whole
from mofan_rules.ir.program import Calendar, Header, Once, Snapshot, Windows
from mofan_rules.schema import Table
from mofan_rules.values.dates import BEGINNING, END

KEY = ("subject", "w")
"""What tells cells apart."""

ASKED = ("as_of", "period_first", "period_last")


def same_cell(one: str, other: str) -> Tree:
    """Are they columns of one cell?"""
    return both(*(eq(column(f"{one}.{name}"), column(f"{other}.{name}")) for name in KEY))


def possible_subjects(plan: Plan, header: Header) -> Tree:
    """(organization): those with a version of their own that possibly have the kind on some day."""
    own = sql.any_of(column("v.own"))
    kind = sql.any_of(possibly_of_kind(header.subjects, column("v.kind")))
    return sql.select({"organization": column("v.organization")}, versions(plan)("v"), group=[column("v.organization")], having=both(own, kind))


def windows_of(plan: Plan, windows: Windows, header: Header, question: Aliased) -> Tree:
    """(subject, w, key, window_first, window_last, preset, and the question): every subject with every window that the period may select."""
    subjects = sql.nested(possible_subjects(plan, header), "o")
    asked = {name: column(f"q.{name}") for name in ASKED}
    head: dict[str, Tree] = {"subject": column("o.organization")}
    fixed: dict[str, Tree] = {"key": text(""), "preset": null(TEXT)}
    match windows:
        case Snapshot():
            days = {"window_first": column("q.as_of"), "window_last": column("q.as_of")}
            return sql.select(head | {"w": cast(whole(0), BIGINT)} | fixed | days | asked, subjects, [sql.crossed(question("q"))])
        case Once(first, last):
            days = {"window_first": sql.day(first), "window_last": sql.day(last)}
            selected = both(sql.le(sql.day(first), _end("q")), sql.ge(sql.day(last), column("q.period_first")))
            return sql.select(head | {"w": cast(whole(0), BIGINT)} | fixed | days | asked, subjects, [sql.crossed(question("q"))], selected)
        case Calendar(_, str()):
            return _own_calendars(plan, windows, subjects, question)
        case Calendar(every, anchor):
            day = None if anchor is None else sql.day(_date(anchor))
            numbers = sql.nested(numbered(plan.dialect, windows, question, day), "n")
            days = {
                "window_first": window_first(plan.dialect, every, column("n.w"), day),
                "window_last": window_last(plan.dialect, every, column("n.w"), day),
            }
            listed = {name: column(f"n.{name}") for name in ASKED}
            return sql.select(head | {"w": column("n.w")} | fixed | days | listed, subjects, [sql.crossed(numbers)])
        case _:
            raise Refused("Each: windows that triggers open")


def _date(anchor: date | str | None) -> date:
    assert isinstance(anchor, date)
    return anchor


def _end(alias: str) -> Tree:
    """The earlier of the as-of date and the end of the period."""
    return sql.lesser(column(f"{alias}.as_of"), column(f"{alias}.period_last"))


def numbered(dialect: Dialect, calendar: Calendar, question: Aliased, anchor: Tree | None) -> Tree:
    """(w, and the question): the numbers of the windows of a calendar that have begun and reach into the period."""
    first = window_number(dialect, calendar.every, column("q.period_first"), anchor)
    last = window_number(dialect, calendar.every, _end("q"), anchor)
    if anchor is not None:
        first = sql.greater(first, whole(0))
    ends = sql.select({"first": first, "last": last} | {name: column(f"q.{name}") for name in ASKED}, question("q"))
    asked = {name: column(f"e.{name}") for name in ASKED}
    listed = sql.select({"w": dialect.numbers(column("e.first"), column("e.last"))} | asked, sql.nested(ends, "e"))
    return sql.select({"w": cast(column("m.w"), BIGINT)} | {name: column(f"m.{name}") for name in ASKED}, sql.nested(listed, "m"))


def _own_calendars(plan: Plan, calendar: Calendar, subjects: Tree, question: Aliased) -> Tree:
    """The windows of a calendar that begins on a date of each subject."""
    dialect, every, name = plan.dialect, calendar.every, str(calendar.starting)
    low, high = column(f"r.{name}_low"), column(f"r.{name}_high")
    joins = [
        sql.crossed(question("q")),
        sql.left(current(plan)("v"), eq(column("v.organization"), column("o.organization"))),
        sql.left(plan.fact(Table.ORGANIZATIONS, "r"), eq(column("r.row"), column("v.version"))),
    ]
    start = case((eq(low, high), low), otherwise=null(DATE))
    asked = {name: column(f"q.{name}") for name in ASKED}
    started = sql.select({"subject": column("o.organization"), "start": start} | asked, subjects, joins)
    anchor = column("q.start")
    first = sql.greater(window_number(dialect, every, column("q.period_first"), anchor), whole(0))
    last = window_number(dialect, every, _end("q"), anchor)
    carried = {name: column(f"q.{name}") for name in ("subject", "start", *ASKED)}
    ends = sql.select({"first": first, "last": last} | carried, sql.nested(started, "q"), where=is_known(anchor))
    kept = {name: column(f"e.{name}") for name in ("subject", "start", *ASKED)}
    listed = sql.select({"w": dialect.numbers(column("e.first"), column("e.last"))} | kept, sql.nested(ends, "e"))
    days = {
        "window_first": window_first(dialect, every, column("m.w"), column("m.start")),
        "window_last": window_last(dialect, every, column("m.w"), column("m.start")),
    }
    again = {name: column(f"m.{name}") for name in ASKED}
    fixed: dict[str, Tree] = {"key": text(""), "preset": null(TEXT)}
    columns = {"subject": column("m.subject"), "w": cast(column("m.w"), BIGINT)} | fixed | days | again | {"start": column("m.start")}
    dated = sql.select(columns, sql.nested(listed, "m"))
    nothing: dict[str, Tree] = {"key": text(""), "preset": text("start_unknown"), "window_first": null(DATE), "window_last": null(DATE)}
    head = {"subject": column("q.subject"), "w": cast(whole(-1), BIGINT)}
    undated = sql.select(head | nothing | asked | {"start": anchor}, sql.nested(started, "q"), where=is_null(anchor))
    return sql.union(dated, undated)


def cells_of(plan: Plan, header: Header, windows: Tree, by_day: bool, grace: bool) -> Aliased:
    """The cells of some windows: with reference day, law and due day, those only to which this version of the requirement applies and whose subject
    possibly has the kind on a day of the window.

    Parameters
    ----------
    by_day: the law is that of the reference day. grace: the due day is delayed by the grace.
    """
    carried = ("subject", "w", "key", "preset", "window_first", "window_last", *ASKED)
    extra = _extra(windows)
    first = sql.coalesce(column("c.window_first"), FIRST_DAY)
    until = sql.coalesce(column("c.window_last"), column("c.as_of"))
    end = sql.lesser(until, column("c.as_of"))
    close = sql.lesser(end, column("v.last"))
    alive = sql.ge(close, sql.greater(column("v.first"), first))
    day = sql.coalesce(sql.largest(case((alive, close), otherwise=null(DATE))), sql.largest(end))
    touching = both(sql.le(column("v.first"), until), sql.ge(column("v.last"), first))
    kind = sql.any_of(both(touching, possibly_of_kind(header.subjects, column("v.kind"))))
    same = eq(column("v.organization"), column("c.subject"))
    group = [column(f"c.{name}") for name in (*carried, *extra)]
    columns = {name: column(f"c.{name}") for name in (*carried, *extra)} | {"day": day, "has_kind": case((kind, whole(1)), otherwise=whole(0))}
    seen = sql.select(columns, sql.nested(windows, "c"), [sql.left(versions(plan)("v"), same)], group=group)
    kept = {name: column(f"c.{name}") for name in (*carried, *extra)}
    undated = is_null(column("c.window_first"))
    reference = case((undated, column("c.as_of")), otherwise=column("c.day"))
    law = reference if by_day else sql.coalesce(column("c.law_day") if "law_day" in extra else column("c.window_first"), column("c.as_of"))
    opening = column("c.bind_first") if "bind_first" in extra else null(DATE)
    due = delayed(plan.dialect, column("c.window_last"), header.grace if grace else None)
    result = kept | {"bind_first": opening, "day": reference, "law": law, "due": case((is_known(column("c.window_last")), due), otherwise=null(DATE))}
    having = sql.select(result, sql.nested(seen, "c"), where=eq(column("c.has_kind"), whole(1)))
    effective = TRUE
    if header.first != BEGINNING:
        effective = sql.ge(column("c.law"), sql.day(header.first))
    if header.last != END:
        effective = both(effective, sql.le(column("c.law"), sql.day(header.last)))
    return plan.step("cells", sql.select({}, sql.nested(having, "c"), where=effective, star="c"))


def _extra(windows: Tree) -> list[str]:
    """Columns of the windows beside those that all have."""
    query = windows
    while not isinstance(query, exp.Select):
        query = query.this
    known = {"subject", "w", "key", "preset", "window_first", "window_last", *ASKED}
    return [found.alias for found in query.expressions if found.alias not in known]

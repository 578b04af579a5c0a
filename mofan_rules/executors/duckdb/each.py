"""Windows that triggers open: their first and last day, reckoned from the trigger's date (`docs/meaning.md` 2.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import Runs
from mofan_rules.executors.duckdb.calendar import add_amount, delayed
from mofan_rules.executors.duckdb.cells import CARRIED, may_touch
from mofan_rules.executors.duckdb.codes import code
from mofan_rules.executors.duckdb.expressions import compile_expression
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.members import by_who, same_or_by_who, stretches
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.triggers import openings, subject_join, trigger_frame
from mofan_rules.executors.duckdb.values import Span
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, END_COLUMN, Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.program import Each, Header
from mofan_rules.ir.rows import Rows


@dataclass(frozen=True, slots=True)
class Opened:
    """Judgements whose windows triggers open, all reckoned alike: from offsets or dates of the triggers, or the triggers' own spans."""

    work: Work
    headers: Sequence[Header]
    members: Sequence[Each]

    @property
    def one(self) -> Each:
        """One of them: they agree in the table, owner and date of their triggers, and in the months not counted."""
        return self.members[0]


def trigger_windows(opened: Opened, answers: Rows | None) -> tuple[str, Runs]:
    """The relation of the windows that rows, foundings or a chain open, in the columns of `cells`, with the stretches that they carry, and how these lie."""
    work, one = opened.work, opened.one
    openings_of_all = openings(work, opened.members, answers)
    reckoned = (_reckoned if one.within is not None or one.by is not None else _own_span)(opened, openings_of_all)
    each, runs = stretches(work, opened.headers, work.subjects)
    shares = may_touch(runs, f"COALESCE(w.window_first, {sql.FIRST_DAY})", f"COALESCE(w.window_last, {work.as_of})")
    due = {who: delayed("w.window_last", header.grace) for who, header in enumerate(opened.headers)}
    return (
        f"(SELECT w.cell, w.who, w.subject, w.key, w.window_first, w.window_last, {by_who('w.who', due, due[0])} AS due, w.law, w.preset,"
        f' w."row" AS trigger, w.id AS trigger_id, w.after_day, NULL::DATE AS start, w.bind_first, k.effective_first, k.effective_last, {CARRIED}'
        f" FROM ({reckoned}) w JOIN ({each}) k ON k.organization = w.subject AND k.who = w.who AND {shares})"
    ), runs


def _reckoned(opened: Opened, openings: str) -> str:
    """Windows from `after` to `within` or `by`."""
    work, members, one = opened.work, opened.members, opened.one
    choices = choice_columns(work, named_parameters([offset for each in members for offset in (each.after, each.within)]))
    frame = trigger_frame(work, choices)
    low, high = frame.need("c.low"), frame.need("c.high")
    date = frame.keep(f"CASE WHEN {low} = {high} THEN {low} END")
    firsts = {who: _moved(each.after, date, frame) for who, each in enumerate(members)}
    ends = {who: _end(each, date, frame) for who, each in enumerate(members)}
    start, end = (frame.keep(same_or_by_who(frame, texts)) for texts in (firsts, ends))
    names = ("cell", "who", "subject", "key", "law", "preset", "row", "id", "after_day")
    flat = {name: frame.need(f"c.{sql.name(name)}") for name in names}
    source = f"{with_choices(work, openings, choices)} c"
    if one.trigger is not None:
        source += f' LEFT JOIN facts.{one.trigger.table.value} r ON r."row" = c."row"'
    amount = ""
    if one.not_counting:
        amount = frame.keep(same_or_by_who(frame, {who: _span(each.within, frame).amount for who, each in enumerate(members) if each.within is not None}))
    source += subject_join(work, frame)
    relation = frame.relation(source)
    if one.not_counting:
        relation = _with_counting_days(work, relation, one.not_counting, date, amount, end)
    known = f"{date} IS NOT NULL AND {start} IS NOT NULL AND {end} IS NOT NULL"
    preset = (
        f"CASE WHEN {flat['preset']} = {code('no_trigger')} THEN {code('no_trigger')}"
        f" WHEN NOT ({known}) THEN {code('trigger_undated')} ELSE {flat['preset']} END"
    )
    listed = ", ".join(f"{column} AS {sql.name(name)}" for name, column in flat.items() if name != "preset")
    binds = {who: f"CASE WHEN {known} THEN least({date}, {end}) END" if each.after is None else "NULL::DATE" for who, each in enumerate(members)}
    return (
        f"SELECT {listed}, {preset} AS preset, CASE WHEN {known} THEN least({start}, {end}) END AS window_first,"
        f" CASE WHEN {known} THEN {end} END AS window_last, {by_who(flat['who'], binds, binds[0])} AS bind_first FROM {relation}"
    )


def _span(offset: Expression, frame: Frame) -> Span:
    return cast(Span, compile_expression(offset, frame))


def _moved(offset: Expression | None, date: str, frame: Frame) -> str:
    """The trigger's date, moved by an offset; without one the beginning of time."""
    if offset is None:
        return sql.FIRST_DAY
    span = _span(offset, frame)
    return add_amount(date, frame.keep(span.amount), span.unit)


def _end(each: Each, date: str, frame: Frame) -> str:
    """The last day of a window, as far as no months are left out."""
    if each.by is not None:
        low, high = (frame.need(f"r.{sql.name(each.by + end)}") for end in ("_low", "_high"))
        return f"CASE WHEN {low} = {high} THEN {low} END"
    return "NULL::DATE" if each.not_counting else _moved(each.within, date, frame)


def _with_counting_days(work: Work, relation: str, months: frozenset[int], date: str, amount: str, end: str) -> str:
    """The relation with the column `end`: the day that is so many days on, days in some months not counted."""
    base = work.table("reckoning", f"SELECT * FROM {relation}")
    limits = work.rows(f"SELECT min({date}), max({date}), max({amount}) FROM {base} WHERE {date} IS NOT NULL AND {amount} IS NOT NULL")[0]
    if limits[0] is None or len(months) >= 12:
        return base
    years = int(limits[2]) // 28 + 2
    horizon = f"least({sql.day(limits[1])} + {366 * years}, {sql.LAST_DAY})"
    listed = ", ".join(str(month) for month in sorted(months))
    counts = f"CASE WHEN month(d) IN ({listed}) THEN 0 ELSE 1 END"
    days = (
        f"SELECT d, {counts} AS counts, sum({counts}) OVER (ORDER BY d ROWS UNBOUNDED PRECEDING) AS place"
        f" FROM (SELECT unnest(range({sql.day(limits[0])}::TIMESTAMP, {horizon}::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE AS d)"
    )
    table = work.table("counting", days)
    return (
        f"(SELECT b.* REPLACE (CASE WHEN {amount} = 0 THEN {date} WHEN {amount} > 0 THEN z.d END AS {end}) FROM {base} b"
        f" LEFT JOIN {table} a ON a.d = {date} LEFT JOIN {table} z ON z.counts = 1 AND {amount} > 0 AND z.place = a.place + {amount})"
    )


def _own_span(opened: Opened, openings: str) -> str:
    """Windows that are the rows' own spans of dates."""
    work, one = opened.work, opened.one
    assert one.trigger is not None
    table = one.trigger.table
    begin, finish = BEGINNING_COLUMN[table], END_COLUMN.get(table, BEGINNING_COLUMN[table])
    low, high = f"r.{sql.name(begin + '_low')}", f"r.{sql.name(begin + '_high')}"
    known = f"NOT ({low} = {sql.FIRST_DAY} AND {high} = {sql.LAST_DAY})"
    end = f"r.{sql.name(finish + '_high')}"
    last = f"CASE WHEN {end} > {work.as_of} THEN {work.as_of} ELSE {end} END"
    return (
        f'SELECT c.cell, c.who, c.subject, c.key, c.law, c.preset, c."row", c.id, c.after_day, CASE WHEN {known} THEN least({low}, {last}) END AS window_first,'
        f' CASE WHEN {known} THEN {last} END AS window_last, NULL::DATE AS bind_first FROM {openings} c LEFT JOIN facts.{table.value} r ON r."row" = c."row"'
    )

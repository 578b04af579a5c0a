"""Windows that triggers open: their first and last day, reckoned from the trigger's date (`docs/meaning.md` 2.8)."""

from typing import cast

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import bound_runs
from mofan_rules.executors.duckdb.calendar import add_amount, delayed
from mofan_rules.executors.duckdb.cells import may_touch
from mofan_rules.executors.duckdb.codes import code
from mofan_rules.executors.duckdb.expressions import compile_expression
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.triggers import openings, subject_join, trigger_frame
from mofan_rules.executors.duckdb.values import Span
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, END_COLUMN, Work
from mofan_rules.ir.program import Each, Header
from mofan_rules.ir.rows import Rows


def trigger_windows(work: Work, header: Header, each: Each, answers: Rows | None) -> str:
    """The relation of the windows that rows, foundings or a chain open, in the columns of `cells`."""
    opened = openings(work, each, answers)
    reckoned = _reckoned(work, each, opened) if each.within is not None or each.by is not None else _own_span(work, each, opened)
    kinds = bound_runs(work, header.subjects, None)
    shares = may_touch(kinds, f"COALESCE(w.window_first, {sql.FIRST_DAY})", f"COALESCE(w.window_last, {work.as_of})")
    return (
        f"(SELECT w.cell, w.subject, w.key, w.window_first, w.window_last, {delayed('w.window_last', header.grace)} AS due, w.law, w.preset,"
        ' w."row" AS trigger, w.id AS trigger_id, w.after_day, NULL::DATE AS start, w.bind_first'
        f" FROM ({reckoned}) w JOIN {kinds.each} k ON k.organization = w.subject AND {shares})"
    )


def _reckoned(work: Work, each: Each, opened: str) -> str:
    """Windows from `after` to `within` or `by`."""
    choices = choice_columns(work, named_parameters([each.after, each.within]))
    frame = trigger_frame(work, choices)
    low, high = frame.need("c.low"), frame.need("c.high")
    date = frame.keep(f"CASE WHEN {low} = {high} THEN {low} END")
    first = sql.FIRST_DAY
    if each.after is not None:
        after = cast(Span, compile_expression(each.after, frame))
        first = add_amount(date, frame.keep(after.amount), after.unit)
    if each.by is not None:
        ends = [frame.need(f"r.{sql.name(each.by + end)}") for end in ("_low", "_high")]
        last = f"CASE WHEN {ends[0]} = {ends[1]} THEN {ends[0]} END"
    else:
        assert each.within is not None
        within = cast(Span, compile_expression(each.within, frame))
        amount = frame.keep(within.amount)
        last = "NULL::DATE" if each.not_counting else add_amount(date, amount, within.unit)
    start, end = frame.keep(first), frame.keep(last)
    flat = {name: frame.need(f"c.{sql.name(name)}") for name in ("cell", "subject", "key", "law", "preset", "row", "id", "after_day")}
    source = f"{with_choices(work, opened, choices)} c"
    if each.trigger is not None:
        source += f' LEFT JOIN facts.{each.trigger.table.value} r ON r."row" = c."row"'
    source += subject_join(work, frame)
    relation = frame.relation(source)
    if each.not_counting:
        relation = _with_counting_days(work, relation, each.not_counting, date, amount, end)
    known = f"{date} IS NOT NULL AND {start} IS NOT NULL AND {end} IS NOT NULL"
    preset = (
        f"CASE WHEN {flat['preset']} = {code('no_trigger')} THEN {code('no_trigger')}"
        f" WHEN NOT ({known}) THEN {code('trigger_undated')} ELSE {flat['preset']} END"
    )
    listed = ", ".join(f"{column} AS {sql.name(name)}" for name, column in flat.items() if name != "preset")
    bind = f"CASE WHEN {known} THEN least({date}, {end}) END" if each.after is None else "NULL::DATE"
    return (
        f"SELECT {listed}, {preset} AS preset, CASE WHEN {known} THEN least({start}, {end}) END AS window_first,"
        f" CASE WHEN {known} THEN {end} END AS window_last, {bind} AS bind_first FROM {relation}"
    )


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


def _own_span(work: Work, each: Each, opened: str) -> str:
    """Windows that are the rows' own spans of dates."""
    assert each.trigger is not None
    table = each.trigger.table
    begin, finish = BEGINNING_COLUMN[table], END_COLUMN.get(table, BEGINNING_COLUMN[table])
    low, high = f"r.{sql.name(begin + '_low')}", f"r.{sql.name(begin + '_high')}"
    known = f"NOT ({low} = {sql.FIRST_DAY} AND {high} = {sql.LAST_DAY})"
    end = f"r.{sql.name(finish + '_high')}"
    last = f"CASE WHEN {end} > {work.as_of} THEN {work.as_of} ELSE {end} END"
    return (
        f'SELECT c.cell, c.subject, c.key, c.law, c.preset, c."row", c.id, c.after_day, CASE WHEN {known} THEN least({low}, {last}) END AS window_first,'
        f' CASE WHEN {known} THEN {last} END AS window_last, NULL::DATE AS bind_first FROM {opened} c LEFT JOIN facts.{table.value} r ON r."row" = c."row"'
    )

"""Judgements that are judged together: their cells have the column `who`, the place of theirs among the members.

Rows that several members read are *shared*: one scan, spread to the members that ask for their kind, each with its own condition.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import Runs, all_bindings, life
from mofan_rules.executors.duckdb.expressions import compile_expression, truth
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.shapes import choose, missing_like
from mofan_rules.executors.duckdb.values import Value
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.measures import Count, Extreme
from mofan_rules.ir.program import Header
from mofan_rules.ir.rows import Rows
from mofan_rules.schema import KIND_COLUMN

MOST = 1_000
"""More members than this are several families: cells are numbered by subject, member and window in 64 bits."""


@dataclass(frozen=True, slots=True)
class SharedRows(Rows):
    """The rows of several members, alike but for kinds and conditions; `kinds` are those of all of them, `where` is none's."""

    members: tuple[tuple[int, Rows], ...] = ()


@dataclass(frozen=True, slots=True)
class SharedExtreme(Extreme):
    """An extreme of which each member asks its own value."""

    values: tuple[tuple[int, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class SharedCount(Count):
    """A count in which each member tells things apart by an expression of its own."""

    things: tuple[tuple[int, Expression], ...] = ()


def by_who(who: str, texts: Mapping[int, str], otherwise: str) -> str:
    """The text of the member that a row belongs to."""
    alike: dict[str, list[int]] = {}
    for place, text in texts.items():
        alike.setdefault(text, []).append(place)
    branches = [(text, places) for text, places in alike.items() if text != otherwise]
    if not branches:
        return otherwise
    cases = " ".join(f"WHEN {who} IN ({', '.join(map(str, places))}) THEN {text}" for text, places in branches)
    return f"CASE {cases} ELSE {otherwise} END"


def same_or_by_who(frame: Frame, texts: Mapping[int, str]) -> str:
    """The one text of all members, or that of the member that a cell belongs to."""
    first = next(iter(texts.values()))
    if all(text == first for text in texts.values()):
        return first
    return by_who(frame.need(f"{frame.cell}.who"), texts, first)


def source(rows: Rows) -> str:
    """The relation in which rows are looked for: their table, spread to the members where they are shared."""
    table = f"facts.{rows.table.value}"
    if not isinstance(rows, SharedRows):
        return table
    if len(rows.members) == 1:
        # A table as it stands is planned better than a union.
        return f"(SELECT e.*, {rows.members[0][0]} AS who FROM {table} e)"
    everyone = [who for who, own in rows.members if own.kinds is None or rows.table not in KIND_COLUMN]
    pairs = [(kind, who) for who, own in rows.members if who not in everyone for kind in sorted(own.kinds or ())]
    parts = []
    if pairs:
        column = f"e.{KIND_COLUMN[rows.table]}"
        values = ", ".join(f"({sql.text(kind)}, {who})" for kind, who in pairs)
        parts.append(f"SELECT e.*, g.who FROM {table} e JOIN (VALUES {values}) g(kind, who) ON g.kind = {column}")
        asking = ", ".join(f"({who})" for who in sorted({who for _, who in pairs}))
        parts.append(f"SELECT e.*, g.who FROM {table} e CROSS JOIN (VALUES {asking}) g(who) WHERE {column} IS NULL")
    if everyone:
        parts.append(f"SELECT e.*, g.who FROM {table} e CROSS JOIN (VALUES {', '.join(f'({who})' for who in everyone)}) g(who)")
    return f"({' UNION ALL '.join(parts)})" if parts else f"(SELECT e.*, 0 AS who FROM {table} e WHERE FALSE)"


def same_member(rows: Rows) -> str:
    """What a join of cells `c` and rows `r` asks for besides, where rows are shared."""
    return " AND r.who = c.who" if isinstance(rows, SharedRows) else ""


def conditions_of(rows: Rows) -> list[Expression | None]:
    """The conditions on rows: one, or those of all members."""
    return [own.where for _, own in rows.members] if isinstance(rows, SharedRows) else [rows.where]


def row_condition(rows: Rows, frame: Frame, whose: str = "r.who") -> str:
    """The truth of the condition on a row, of the member that it is spread to (`whose`: a column of the FROM clause)."""
    if not isinstance(rows, SharedRows):
        return truth(rows.where, frame)
    alike: dict[Expression, list[int]] = {}
    for who, own in rows.members:
        if own.where is not None:
            alike.setdefault(own.where, []).append(who)
    if not alike:
        return sql.TRUE
    texts = {who: truth(where, frame) for where, places in alike.items() for who in places}
    return by_who(frame.need(whose), texts, sql.TRUE)


def extreme_value(extreme: Extreme, frame: Frame) -> Value:
    """The value that is asked of a row."""
    if not isinstance(extreme, SharedExtreme):
        return compile_expression(extreme.value, frame)
    values = [(who, compile_expression(value, frame)) for who, value in extreme.values]
    return choose(frame.need("r.who"), values, missing_like(values[0][1])) if len(values) > 1 else values[0][1]


NOWHERE = -1
"""The group of a `when` whose days are not known beforehand."""


def cell_number(subject: str, who: str, number: str, stride: int) -> str:
    """The number of a member's cell."""
    return f"({subject}::BIGINT * {MOST} + {who}) * {stride} + ({number})"


def subject_of(cell: str, stride: int) -> str:
    """The subject of a member's cell, by the number of the cell."""
    return f"({cell} // {MOST * stride})"


def stretches(work: Work, headers: Sequence[Header], subjects: str) -> tuple[str, Runs]:
    """The query (who, organization, first, last, possible, l_…, b_…, effective_first, effective_last) of the subjects that may have the kind of a member on
    some day, with the stretches of their existence and binding; and how these are laid out. A `when` that depends on the window has no stretches here."""
    bindings = all_bindings(work)
    places = [(bindings.groups[header.subjects, None], bindings.groups.get((header.subjects, header.when), NOWHERE)) for header in headers]
    runs = Runs("", "", not any(place in bindings.listed for pair in places for place in pair))
    values = ", ".join(
        f"({who}, {kind}, {when}, {sql.day(header.first)}, {sql.day(header.last)})"
        for who, (header, (kind, when)) in enumerate(zip(headers, places, strict=True))
    )
    bound = ", ".join(f"b.{name} AS b_{name}" for name in ("first", "last", "sure", "possible"))
    query = (
        "SELECT g.who, g.effective_first, g.effective_last, k.organization, k.first, k.last, k.possible,"
        f" l.first AS l_first, l.last AS l_last, l.possible AS l_possible, {bound}"
        f" FROM (VALUES {values}) g(who, kind, bound, effective_first, effective_last) JOIN {bindings.table} k ON k.place = g.kind"
        f" SEMI JOIN {subjects} u ON u.organization = k.organization LEFT JOIN {life(work).each} l ON l.organization = k.organization"
        f" LEFT JOIN {bindings.table} b ON b.place = g.bound AND b.organization = k.organization"
    )
    return query, runs

"""Totals, largest groups, and the value at the latest or earliest row (`ir.measures`)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.arithmetic import Exact
from mofan_rules.compiler.calendar import FIRST_DAY, LAST_DAY
from mofan_rules.compiler.cells import KEY, same_cell
from mofan_rules.compiler.counting import FLAGS, counted, key_text, thing_of, whole_columns
from mofan_rules.compiler.expressions import compiled
from mofan_rules.compiler.frame import Frame, MeasureColumns, Refused
from mofan_rules.compiler.matching import Sight, candidates
from mofan_rules.compiler.tree import BIGINT, BOOLEAN, DATE, Tree, both, case, column, either, eq, is_known, is_null, lt, no, null, whole
from mofan_rules.compiler.values import ROWS, Dates, Number, Plain, Ratio, Span, Truth, Value, checked
from mofan_rules.ir.expressions import Const, Field
from mofan_rules.ir.measures import Extreme, LargestGroup, Total
from mofan_rules.schema import Type

CELL: Mapping[str, Tree] = {name: column(f"f.{name}") for name in KEY}


def total_query(sight: Sight, total: Total, alias: str) -> tuple[Tree, MeasureColumns]:
    """The query of a total (subject, w, low, high, undecided, rejected), and how it is read."""
    shape: list[Number] = []

    def project(frame: Frame) -> dict[str, Tree]:
        value = Exact(frame).kept_number(cast(Number, compiled(total.value, frame)))
        if not isinstance(value.low.d, int) or not isinstance(value.high.d, int):
            raise Refused("Total: a sum of quotients")
        shape.append(value)
        plain = isinstance(total.value, Field)
        ends = {"v_low": (value.low, total.minimum if plain else None), "v_high": (value.high, total.maximum if plain else None)}
        return {name: _within(end, limit, frame) for name, (end, limit) in ends.items()}

    found = candidates(sight, total.rows, project)
    ends = {}
    for end, extreme in (("low", sql.lesser), ("high", sql.greater)):
        value = column(f"f.v_{end}")
        added = case((sql.surely(column("f.truth")), value), otherwise=extreme(value, whole(0)))
        ends[end] = case((sql.any_of(is_null(value)), null(BIGINT)), otherwise=sql.total(added))
    query = sql.select({**CELL, **ends, **FLAGS}, sql.nested(found, "f"), group=list(CELL.values()))
    nothing = is_null(column(f"{alias}.subject"))
    low, high = (
        checked(Ratio(case((nothing, whole(0)), otherwise=column(f"{alias}.{name}")), ratio.d, ratio.top * ROWS, ratio.bottom))
        for name, ratio in (("low", shape[0].low), ("high", shape[0].high))
    )
    return query, MeasureColumns(Number(low, high))


def _within(end: Ratio, limit: int | None, frame: Frame) -> Tree:
    assert isinstance(end.d, int)
    n = frame.dialect.exact(end.n)
    return frame.keep(n if limit is None else sql.coalesce(n, frame.dialect.exact(whole(limit * end.d))))


def largest_query(sight: Sight, group: LargestGroup, alias: str) -> tuple[Tree, MeasureColumns]:
    """The query of the size of the largest group (subject, w, low, high, undecided, rejected), and how it is read."""

    def project(frame: Frame) -> dict[str, Tree]:
        return {"thing": thing_of(group.distinct, group.rows, frame), "grp": frame.keep(key_text(compiled(group.by, frame), frame))}

    found = sight.plan.step(f"{alias}_rows", candidates(sight, group.rows, project))
    names = {name: column(f"f.{name}") for name in (*KEY, "grp", "thing", "truth")}
    placed = sql.select(names, found("f"), where=is_known(column("f.grp")))
    groups = sql.select({name: column(f"g.{name}") for name in (*KEY, "grp")}, found("g"), distinct=True)
    anywhere = {**CELL, "grp": column("g.grp"), "thing": column("f.thing"), "truth": null(BOOLEAN)}
    spread = sql.select(anywhere, found("f"), [sql.inner(sql.nested(groups, "g"), same_cell("g", "f"))], is_null(column("f.grp")))
    group_of = [*CELL.values(), column("f.grp")]
    sizes = sql.select({**CELL, **counted("f.thing", column("f.truth"))}, sql.nested(sql.union(placed, spread), "f"), group=group_of)
    largest = {"low": sql.largest(column("f.low")), "high": sql.largest(column("f.high"))}
    best = sql.select({**CELL, **largest}, sql.nested(sizes, "f"), group=list(CELL.values()))
    lost = case((sql.any_of(both(sql.surely(column("f.truth")), is_null(column("f.grp")))), whole(1)), otherwise=whole(0))
    low = sql.greater(sql.largest(column("b.low")), lost)
    columns = {**CELL, "low": sql.cast(low, BIGINT), "high": sql.largest(column("b.high")), **FLAGS}
    query = sql.select(columns, found("f"), [sql.inner(sql.nested(best, "b"), same_cell("b", "f"))], group=list(CELL.values()))
    return query, whole_columns(alias)


# the latest and the earliest


def extreme_query(sight: Sight, extreme: Extreme, alias: str) -> tuple[Tree, MeasureColumns]:
    """The query of the value at the latest or earliest row (subject, w, the parts of the value, some, edge, undecided, rejected), and how it is read."""
    if extreme.default is not None and (not isinstance(extreme.default, Const) or extreme.default.type is Type.ORGANIZATION):
        raise Refused("Extreme.default: no literal")
    shape: list[Value] = []

    def project(frame: Frame) -> dict[str, Tree]:
        shape.append(compiled(extreme.value, frame))
        return {name: frame.keep(part) for name, part in _parts(shape[-1], frame).items()}

    found = sight.plan.step(f"{alias}_rows", candidates(sight, extreme.rows, project))
    names = {name: column(f"f.{name}") for name in (*KEY, "certain", "truth", "low", "high", *_names(shape[0]))}
    sure = sql.surely(column("f.truth"))
    near, best = (column("f.low"), sql.largest) if extreme.latest else (column("f.high"), sql.smallest)
    edge = sql.windowed(best(case((sure, near), otherwise=null(DATE))), CELL.values())
    rank = case((is_null(column("f.id")), whole(-1)), otherwise=column("f.row"))  # rows are numbered in the order of their ids
    edged = sql.select({**names, "rank": rank, "edge": edge}, found("f"))
    on_edge = both(eq(column("f.low"), column("f.high")), eq(column("f.low"), column("f.edge")))
    top = sql.windowed(sql.largest(case((both(sure, on_edge), column("f.rank")), otherwise=null(BIGINT))), CELL.values())
    kept = {**names, "rank": column("f.rank"), "edge": column("f.edge")}
    topped = sql.select({**kept, "top": top}, sql.nested(edged, "f"))
    beyond = lt(column("f.high"), column("f.edge")) if extreme.latest else sql.gt(column("f.low"), column("f.edge"))
    beaten = sql.surely(either(beyond, both(on_edge, lt(column("f.rank"), column("f.top")))))
    columns = {**CELL, **_hull(shape[0]), "some": sql.any_of(sure), "edge": best(column("f.edge"))}
    left = sql.select(columns, sql.nested(topped, "f"), where=no(beaten), group=list(CELL.values()))
    flags = sql.select({**CELL, **FLAGS}, found("f"), group=list(CELL.values()))
    chosen = {name: column(f"l.{name}") for name in (*KEY, *_names(shape[0]), "some", "edge")}
    chosen |= {name: column(f"g.{name}") for name in FLAGS}
    query = sql.select(chosen, sql.nested(left, "l"), [sql.inner(sql.nested(flags, "g"), same_cell("g", "l"))])
    absent = case((is_null(column(f"{alias}.subject")), sql.TRUE), (column(f"{alias}.some"), sql.FALSE), otherwise=null(BOOLEAN))
    return query, MeasureColumns(_read(sight, extreme, shape[0], alias), absent)


def _names(value: Value) -> tuple[str, ...]:
    return ("v_low", "v_high") if isinstance(value, Number | Dates) else ("v",)


def _parts(value: Value, frame: Frame) -> dict[str, Tree]:
    """The columns that make up a value."""
    match value:
        case Number(low, high):
            if not isinstance(low.d, int) or not isinstance(high.d, int):
                raise Refused("Extreme: a quotient")
            return {"v_low": frame.dialect.exact(low.n), "v_high": frame.dialect.exact(high.n)}
        case Dates(first, last):
            return {"v_low": first, "v_high": last}
        case Truth(known):
            return {"v": case((known, whole(1)), (no(known), whole(0)), otherwise=null(BIGINT))}
        case Plain(known) | Span(known):
            return {"v": known}


def _hull(value: Value) -> dict[str, Tree]:
    """The aggregates that make the hull of values out of their columns."""
    match value:
        case Number():
            ends = {"v_low": sql.smallest, "v_high": sql.largest}
            return {name: case((sql.any_of(is_null(column(f"f.{name}"))), null(BIGINT)), otherwise=best(column(f"f.{name}"))) for name, best in ends.items()}
        case Dates():
            return {"v_low": sql.smallest(column("f.v_low")), "v_high": sql.largest(column("f.v_high"))}
        case _:
            differ = sql.gt(sql.number_of_different(column("f.v")), whole(1))
            one = case((either(sql.any_of(is_null(column("f.v"))), differ), exp.Null()), otherwise=sql.smallest(column("f.v")))
            return {"v": one}


def _read(sight: Sight, extreme: Extreme, value: Value, alias: str) -> Value:
    """The value over a FROM clause with the measure, joined by that for no row unless some row is sure."""
    row, some = is_known(column(f"{alias}.subject")), sql.surely(column(f"{alias}.some"))
    default = extreme.default.value if isinstance(extreme.default, Const) else None

    def part(name: str, missing: Tree, joined: Tree | None) -> Tree:
        found = column(f"{alias}.{name}")
        return case((some, found), (row, missing if joined is None else joined), otherwise=missing if joined is None else alone[name])

    alone: dict[str, Tree] = {}
    match value:
        case Number(low, high):
            nothing = sight.plan.dialect.exact(null(BIGINT))
            ends = []
            for name, ratio, pick in (("v_low", low, sql.lesser), ("v_high", high, sql.greater)):
                joined, top = None, ratio.top
                if default is not None:
                    assert isinstance(ratio.d, int)
                    assert isinstance(default, Fraction)
                    number = default * ratio.d
                    if number.denominator != 1:
                        raise Refused("Extreme.default: of another precision")
                    alone[name] = sight.plan.dialect.exact(whole(number.numerator))
                    joined, top = pick(column(f"{alias}.{name}"), alone[name]), max(top, abs(number.numerator))
                ends.append(Ratio(part(name, nothing, joined), ratio.d, top, ratio.bottom))
            return Number(ends[0], ends[1])
        case Truth() | Plain() if default is not None:
            alone["v"] = whole(int(default)) if isinstance(default, bool) else sql.text(str(default))
            known = part("v", exp.Null(), case((eq(column(f"{alias}.v"), alone["v"]), alone["v"]), otherwise=exp.Null()))
            return Truth(eq(known, whole(1))) if isinstance(value, Truth) else Plain(known)
        case _ if default is not None:
            raise Refused("Extreme.default: of such a type")
        case Dates():
            return Dates(part("v_low", FIRST_DAY, None), part("v_high", LAST_DAY, None))
        case Truth():
            return Truth(eq(part("v", null(BIGINT), None), whole(1)))
        case Plain():
            return Plain(part("v", exp.Null(), None))
        case Span(_, unit):
            return Span(part("v", null(BIGINT), None), unit)

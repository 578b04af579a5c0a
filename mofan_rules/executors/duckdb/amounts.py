"""Totals, and the value at the latest or earliest row (`ir.measures`)."""

from dataclasses import replace

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.counts import FLAGS, ROW_LIMIT
from mofan_rules.executors.duckdb.expressions import compile_expression
from mofan_rules.executors.duckdb.frame import Frame, MeasureColumns
from mofan_rules.executors.duckdb.matching import candidates
from mofan_rules.executors.duckdb.members import extreme_value
from mofan_rules.executors.duckdb.scope import Judging, Stretch
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Ratio, Span, TooLarge, Truth, Value, checked
from mofan_rules.ir.expressions import Field
from mofan_rules.ir.measures import Extreme, Total


def total_query(judging: Judging, total: Total, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    """The query of a total (cell, low, high, some, undecided, rejected), and how it is read."""
    shape: list[Number] = []

    def project(frame: Frame) -> dict[str, str]:
        value = compile_expression(total.value, frame)
        assert isinstance(value, Number)
        if not isinstance(value.low.d, int) or not isinstance(value.high.d, int):
            raise TooLarge
        shape.append(value)
        plain = isinstance(total.value, Field)
        return {"v_low": _within(value.low, total.minimum if plain else None, frame), "v_high": _within(value.high, total.maximum if plain else None, frame)}

    found = candidates(judging, total.rows, stretch, project)
    parts = []
    for end, extreme in (("low", "least"), ("high", "greatest")):
        added = f"COALESCE(sum(CASE WHEN truth THEN v_{end} ELSE {extreme}(0, v_{end}) END), 0)"
        parts.append(f"CASE WHEN bool_or(v_{end} IS NULL) THEN NULL ELSE {added} END::HUGEINT AS {end}")
    query = f"SELECT cell, {', '.join(parts)}, TRUE AS some, {FLAGS} FROM ({found}) GROUP BY cell"
    ends = []
    for end in ("low", "high"):
        ratio = getattr(shape[0], end)
        ends.append(checked(Ratio(f"CASE WHEN {alias}.some THEN {alias}.{end} ELSE 0 END", ratio.d, ratio.top * ROW_LIMIT, ratio.bottom)))
    columns = MeasureColumns(Number(ends[0], ends[1]), sql.FALSE)
    return query, columns, columns


def _within(ratio: Ratio, bound: int | None, frame: Frame) -> str:
    assert isinstance(ratio.d, int)
    if bound is None:
        return frame.keep(f"({ratio.n})::HUGEINT")
    return frame.keep(f"COALESCE({ratio.n}, {sql.whole(bound * ratio.d)})::HUGEINT")


def _parts(value: Value) -> dict[str, str]:
    """The columns that make up a value."""
    match value:
        case Number(low, high):
            return {"v_low": low.n, "d_low": low.denominator, "v_high": high.n, "d_high": high.denominator}
        case Dates(first, last):
            return {"v_low": first, "v_high": last}
        case Truth(known) | Plain(known) | Span(known):
            return {"v": known}


def _hull(value: Value) -> dict[str, str]:
    """The aggregates that make the hull of values out of their columns."""
    match value:
        case Number(low, high) if isinstance(low.d, int) and isinstance(high.d, int):
            return {f"v_{end}": f"CASE WHEN bool_or(v_{end} IS NULL) THEN NULL ELSE {best}(v_{end}) END" for end, best in (("low", "min"), ("high", "max"))}
        case Number():
            columns = {}
            for end, operator in (("low", "<="), ("high", ">=")):
                better = f"CASE WHEN a.n * b.d {operator} b.n * a.d THEN a ELSE b END"
                listed = f"list_reduce(list({{'n': v_{end}::HUGEINT, 'd': d_{end}::HUGEINT}}), lambda a, b: {better})"
                for part in ("n", "d"):
                    name = "v" if part == "n" else "d"
                    columns[f"{name}_{end}"] = f"CASE WHEN bool_or(v_{end} IS NULL) THEN NULL ELSE ({listed}).{part} END"
            return columns
        case Dates():
            return {"v_low": "min(v_low)", "v_high": "max(v_high)"}
        case Truth() | Plain() | Span():
            return {"v": "CASE WHEN bool_or(v IS NULL) OR count(DISTINCT v) > 1 THEN NULL ELSE any_value(v) END"}


def extreme_query(judging: Judging, extreme: Extreme, stretch: Stretch, alias: str) -> tuple[str, MeasureColumns, MeasureColumns]:
    """The query of the value at the latest or earliest row (cell, the parts of the value, some, edge, undecided, rejected), and how it is read."""
    shape: list[Value] = []

    def project(frame: Frame) -> dict[str, str]:
        shape.append(extreme_value(extreme, frame))
        return {name: frame.keep(f"({part})") for name, part in _parts(shape[-1]).items()}

    found = candidates(judging, extreme.rows, stretch, project)
    value = shape[0]
    near, far, best = ("low", "high", "max") if extreme.latest else ("high", "low", "min")
    edged = f"SELECT *, {best}({near}) FILTER (truth) OVER (PARTITION BY cell) AS edge FROM found"
    rank = "{'id': COALESCE(id, ''), 'row': \"row\"}"
    topped = f"SELECT *, max({rank}) FILTER (truth AND low = high AND low = edge) OVER (PARTITION BY cell) AS top FROM ({edged})"
    beaten = f"{far} {'<' if extreme.latest else '>'} edge OR (low = high AND low = edge AND {rank} < top)"
    hull = ", ".join(f"{aggregate} AS {name}" for name, aggregate in _hull(value).items())
    left = f"SELECT cell, {hull}, bool_or(truth) IS TRUE AS some, any_value(edge) AS edge FROM ({topped}) WHERE ({beaten}) IS NOT TRUE GROUP BY cell"
    flags = f"SELECT cell, {FLAGS} FROM found GROUP BY cell"
    query = f"WITH found AS MATERIALIZED ({found}) SELECT l.*, f.undecided, f.rejected FROM ({left}) l JOIN ({flags}) f ON f.cell = l.cell"
    absent = f"CASE WHEN {alias}.cell IS NULL THEN TRUE WHEN {alias}.some THEN FALSE END"
    columns = MeasureColumns(_joined_default(judging, extreme, value, alias), absent)
    return query, columns, columns


def _joined_default(judging: Judging, extreme: Extreme, value: Value, alias: str) -> Value:
    """The hull of the candidates' values and, unless some row is sure, the value for *no row*."""
    sure, none = f"{alias}.some", f"{alias}.cell IS NULL"
    default = compile_expression(extreme.default, Frame({}, {})) if extreme.default is not None else None

    match value:
        case Number(low, high):
            static = isinstance(low.d, int) and isinstance(high.d, int)
            ends = []
            for end, ratio, best in (("low", low, "least"), ("high", high, "greatest")):
                column = f"{alias}.v_{end}"
                denominator = ratio.d if static else f"COALESCE({alias}.d_{end}, 1)"
                joined = "NULL"
                if isinstance(default, Number):
                    other = default.low if end == "low" else default.high
                    if not (isinstance(ratio.d, int) and isinstance(other.d, int)) or ratio.d % other.d:
                        raise TooLarge
                    scaled = f"({(other.n)}) * {ratio.d // other.d}"
                    joined = f"CASE WHEN {none} THEN {scaled} WHEN {column} IS NOT NULL AND ({scaled}) IS NOT NULL THEN {best}({column}, {scaled}) END"
                    ratio = replace(ratio, top=max(ratio.top, other.top * ratio.bottom))
                ends.append(Ratio(f"CASE WHEN {sure} THEN {column} ELSE {joined} END", denominator, ratio.top, ratio.bottom))
            return Number(ends[0], ends[1])
        case Dates():
            first, last = (default.low, default.high) if isinstance(default, Dates) else (sql.FIRST_DAY, sql.LAST_DAY)
            return Dates(
                f"CASE WHEN {sure} THEN {alias}.v_low WHEN {none} THEN {first} ELSE least({alias}.v_low, {first}) END",
                f"CASE WHEN {sure} THEN {alias}.v_high WHEN {none} THEN {last} ELSE greatest({alias}.v_high, {last}) END",
            )
        case Truth() | Plain() | Span():
            other_value = (next(iter(_parts(default).values()))) if default is not None else "NULL"
            joined = f"CASE WHEN {sure} THEN {alias}.v WHEN {none} THEN {other_value} WHEN {alias}.v = {other_value} THEN {alias}.v END"
            if isinstance(value, Span):
                return Span(joined, value.unit)
            return Truth(joined) if isinstance(value, Truth) else Plain(joined)

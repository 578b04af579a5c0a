"""Evaluates one compiled expression in DuckDB, and makes admitted tables by hand."""

from datetime import date
from fractions import Fraction
from typing import Any

import duckdb

from mofan_rules.executors.duckdb.expressions import compile_expression
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.values import Dates, Number, Plain, Ratio, Span, Truth
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.expressions import Const, Expression, Field, Op, Operator, Scope
from mofan_rules.schema import ADMITTED, Attribute, Table, Type, Vocabulary
from mofan_rules.values.dates import Duration, DurationUnit

SQL_TYPES = {
    Type.BOOLEAN: "BOOLEAN",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DECIMAL(24,6)",
    Type.TEXT: "VARCHAR",
    Type.DATE: "DATE",
    Type.ORGANIZATION: "INTEGER",
    Type.ITEMS: "VARCHAR[]",
}

OPEN = date(9999, 12, 31)
SINCE_EVER = date(1, 1, 1)


def number(value: int | str | Fraction | None) -> Const:
    return Const(None if value is None else Fraction(value), Type.NUMBER)


def text(value: str | None) -> Const:
    return Const(value, Type.TEXT)


def day(year: int, month: int, day_of_month: int) -> Const:
    return Const(date(year, month, day_of_month), Type.DATE)


def months(amount: int) -> Const:
    return Const(Duration(amount, DurationUnit.MONTHS), Type.MONTHS)


def days(amount: int) -> Const:
    return Const(Duration(amount, DurationUnit.DAYS), Type.DAYS)


def cell(column: str, type_: Type) -> Field:
    return Field(Scope.ROW, column, type_)


def op(operator: Operator, *arguments: Expression, type_: Type = Type.BOOLEAN) -> Op:
    return Op(operator, arguments, type_)


def evaluate(expression: Expression, certain: bool = True, **cells: tuple[Type, Any]) -> Any:
    """The value of an expression over one row: a truth value, a (low, high) of numbers or days, a text, a number of units.

    `cells` are typed; a date is one day or a pair.
    """
    connection = duckdb.connect()
    names, values = [], []
    for name, (type_, value) in cells.items():
        if type_ is Type.DATE:
            low, high = value if isinstance(value, tuple) else (value, value)
            names += [f'?::DATE AS "{name}_low"', f'?::DATE AS "{name}_high"']
            values += [low, high]
        else:
            names.append(f'?::{SQL_TYPES[type_]} AS "{name}"')
            values.append(value)
    frame = Frame({Scope.ROW: "r"}, {Scope.ROW: "r.certain"})
    value = compile_expression(expression, frame)
    listed = ", ".join([*names, f"{certain} AS certain"])
    found = connection.execute(f"SELECT {', '.join(_columns(value))} FROM {frame.relation(f'(SELECT {listed}) r')}", values).fetchall()[0]
    return _result(value, found)


def _columns(value: object) -> list[str]:
    match value:
        case Number(low, high):
            return [low.n, low.denominator, high.n, high.denominator]
        case Dates(first, last):
            return [first, last]
        case Truth(known) | Plain(known):
            return [known]
        case Span(amount, _):
            return [amount]
    raise TypeError(value)


def _result(value: object, found: tuple[Any, ...]) -> Any:
    match value:
        case Number():
            ends = [None if n is None else Fraction(n, d) for n, d in (found[:2], found[2:])]
            return ends[0] if ends[0] == ends[1] else tuple(ends)
        case Dates():
            return found[0] if found[0] == found[1] else found
        case _:
            return found[0]


def facts(attributes: tuple[Attribute, ...] = (), vocabulary: Vocabulary | None = None, **rows: list[dict[str, Any]]) -> AdmittedFacts:
    """Admitted tables with these rows; columns left out are as if nothing was said. `subjects` is made of the organizations."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA facts").fetchall()
    words = vocabulary or Vocabulary(attributes=attributes)
    for table, fixed in ADMITTED.items():
        columns = dict(fixed)
        for place, attribute in enumerate(words.attributes):
            if attribute.table is table:
                sides = ("_low", "_high") if attribute.type is Type.DATE else ("",)
                columns |= {f"a_{place}{side}": SQL_TYPES[attribute.type] for side in sides}
        listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f'CREATE TABLE facts."{table.value}" ({listed})').fetchall()
        for number_, row in enumerate(rows.get(table.value, [])):
            full = _filled(table, {"row": number_} | row, columns)
            marks = ", ".join("?" for _ in full)
            connection.execute(
                f'INSERT INTO facts."{table.value}" ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in full)}) VALUES ({marks})', list(full.values())
            ).fetchall()
    connection.execute(
        "CREATE TABLE facts.subjects AS SELECT organization AS number, min(id) AS id FROM facts.organizations GROUP BY ALL ORDER BY 1"
    ).fetchall()
    return AdmittedFacts(connection, words)


def _filled(table: Table, row: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    """The row with what is left out: certain, held, unknown dates, open ends."""
    full = dict(row)
    if "certain" in columns:
        full.setdefault("certain", True)
    if "held" in columns:
        full.setdefault("held", "yes")
    if "id" in columns:
        full.setdefault("id", f"{table.value}{row['row']}")
    for name in columns:
        stem = name.removesuffix("_low").removesuffix("_high")
        if name != stem and stem in full:
            value = full[stem]
            low, high = value if isinstance(value, tuple) else (value, value)
            full[f"{stem}_low"], full[f"{stem}_high"] = low, high
    for name in columns:
        if name.endswith(("_low", "_high")) and name not in full and not name.startswith("belongs_to"):
            beginning = name.startswith(("valid_from", "from_date"))
            ending = name.startswith(("valid_until", "until_date", "dissolved_on"))
            full[name] = SINCE_EVER if beginning else OPEN if ending or name.endswith("_high") else SINCE_EVER
    return {name: value for name, value in full.items() if name in columns}


__all__ = ["Ratio", "cell", "day", "days", "evaluate", "facts", "months", "number", "op", "text"]

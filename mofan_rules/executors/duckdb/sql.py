"""The one place where values become SQL text: identifiers, literals, and the small phrases that every query shares.

Nothing that an author wrote reaches a query except through `name` and the literals of this module. `DatE`s are DuckDB `DATE`s; truth values are
nullable `BOOLEAN`s, whose `AND`, `OR` and `NOT` are Kleene's.
"""

from collections.abc import Iterable
from datetime import date

from mofan_rules.values.dates import BEGINNING, END

TRUE, FALSE, UNKNOWN = "TRUE", "FALSE", "NULL::BOOLEAN"

INTEGER_TOP = 2**31
"""Literals below it have 32 bits in DuckDB, and so would their products."""

BIGINT_TOP = 2**62
"""Numbers up to here are computed in 64 bits, larger ones in 128."""

HUGEINT_TOP = 2**126
"""No intermediate result may be able to exceed this."""


def name(identifier: str) -> str:
    """A quoted identifier."""
    if "\0" in identifier:
        raise ValueError("an identifier with a null character")
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal; null characters, which a literal cannot hold, are put in by code point."""
    parts = ["'" + part.replace("'", "''") + "'" for part in value.split("\0")]
    return parts[0] if len(parts) == 1 else "(" + " || chr(0) || ".join(parts) + ")"


def day(value: date) -> str:
    """A date literal."""
    return f"DATE '{value.year:04d}-{value.month:02d}-{value.day:02d}'"


def whole(value: int) -> str:
    """An integer literal of 64 or 128 bits."""
    digits = str(value) if value >= 0 else f"({value})"
    return digits if abs(value) < BIGINT_TOP else f"{digits}::HUGEINT"


FIRST_DAY, LAST_DAY = day(BEGINNING), day(END)


def texts(values: Iterable[str]) -> str:
    """A bracketed list for `IN`, in a fixed order; an empty one matches nothing."""
    listed = ", ".join(text(value) for value in sorted(values))
    return f"({listed or 'NULL'})"


def conjunction(parts: Iterable[str]) -> str:
    """The Kleene *and*."""
    kept = [part for part in parts if part != TRUE]
    if FALSE in kept:
        return FALSE
    return " AND ".join(f"({part})" for part in kept) if kept else TRUE


def disjunction(parts: Iterable[str]) -> str:
    """The Kleene *or*."""
    kept = [part for part in parts if part != FALSE]
    if TRUE in kept:
        return TRUE
    return " OR ".join(f"({part})" for part in kept) if kept else FALSE


def decided(true: str, false: str) -> str:
    """A truth value from two plain conditions: when it is surely so, and when surely not."""
    return f"CASE WHEN {true} THEN TRUE WHEN {false} THEN FALSE END"


def lesser(a: str, b: str) -> str:
    """The smaller of two values, null if one is null (`least` ignores nulls)."""
    return f"CASE WHEN {a} <= {b} THEN {a} WHEN {b} < {a} THEN {b} END"


def greater(a: str, b: str) -> str:
    """The greater of two values, null if one is null (`greatest` ignores nulls)."""
    return f"CASE WHEN {a} >= {b} THEN {a} WHEN {b} > {a} THEN {b} END"


def floor_divide(a: str, b: str) -> str:
    """`a / b` rounded down, for whole numbers and `b` above 0 (`//` truncates)."""
    return f"(({a}) - ((({a}) % ({b})) + ({b})) % ({b})) // ({b})"

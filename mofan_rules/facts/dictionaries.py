"""One dictionary a column: each different text that occurs in it, with what it means.

Texts repeat (a year of events has 366 dates), so each is read once, however many rows bear it. A dictionary is a table
`dict.<table>_<column>` with the columns `text`, `state` and the values; its `state` is 0 for a text that is empty, 1 for a legible
one; what else it may be, `PROBLEMS` says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from mofan_rules.facts.cells import Cell
from mofan_rules.facts.mapping import IGNORED
from mofan_rules.facts.sql import name, text, texts
from mofan_rules.schema import Attribute, Table

if TYPE_CHECKING:
    import duckdb

LONGEST_TEXT = 1_000_000
LARGEST_INTEGER = 10**15
LARGEST_NUMBER = 10**12

PROBLEMS: dict[Cell, dict[int, str]] = {
    Cell.TEXT: {2: "bad_text", 3: "bad_value"},
    Cell.ORGANIZATION: {2: "dangling_reference"},
    Cell.KIND: {2: "unknown_kind", 3: "ignored"},
    Cell.DATE: {2: "bad_date", 3: "date_out_of_range"},
    Cell.PERIOD: {2: "bad_period", 3: "date_out_of_range"},
    Cell.BOOLEAN: {2: "bad_boolean"},
    Cell.HELD: {2: "bad_value"},
    Cell.INTEGER: {2: "bad_integer", 3: "out_of_range"},
    Cell.NUMBER: {2: "bad_number", 3: "out_of_range"},
    Cell.ITEMS: {2: "bad_text"},
}
"""The rejection code of each state above 1."""

VALUES: dict[Cell, tuple[str, ...]] = {Cell.DATE: ("low", "high"), Cell.PERIOD: ("low", "high")}
"""The value columns of a dictionary where it is not the one column `value`."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The dictionary of one column: its table, and what its cells hold."""

    column: str
    cell: Cell
    table: str

    @property
    def values(self) -> tuple[str, ...]:
        return VALUES.get(self.cell, ("value",))


def make_dictionary(
    connection: "duckdb.DuckDBPyConnection",
    table: Table,
    column: str,
    cell: Cell,
    *,
    canonical: Mapping[str, str] | None = None,
    attribute: Attribute | None = None,
) -> Dictionary:
    """Create the dictionary of a column of `text.<table>`.

    Parameters
    ----------
    canonical: for kinds, the canonical name of each known one.
    attribute: for an attribute, its bounds and its list of values.

    All columns of dates share one dictionary, which `make_dates` made.
    """
    if cell is Cell.DATE:
        return Dictionary(column, cell, "dict.dates")
    made = f"dict.{name(f'{table.value}_{column}')}"
    found = f"(SELECT DISTINCT {name(column)} AS text FROM text.{name(table.value)} WHERE {name(column)} IS NOT NULL)"
    connection.execute(f"CREATE OR REPLACE TABLE {made} AS {_select(cell, found, canonical or {}, attribute)}")
    return Dictionary(column, cell, made)


def make_dates(connection: "duckdb.DuckDBPyConnection", columns: Iterable[tuple[Table, str]]) -> None:
    """Create `dict.dates`, the one dictionary of all date columns, and `dict.date_places`, which tells in which column each text stands."""
    places = " UNION ALL ".join(
        f"SELECT DISTINCT {text(f'{table.value}.{column}')} AS place, {name(column)} AS text FROM text.{name(table.value)} WHERE {name(column)} IS NOT NULL"
        for table, column in columns
    )
    connection.execute(f"CREATE TABLE dict.date_places AS {places or 'SELECT NULL::VARCHAR AS place, NULL::VARCHAR AS text WHERE false'}")
    connection.execute("""CREATE TABLE dict.dates AS
        WITH cells AS (SELECT text, reading.plain(text) AS p FROM (SELECT DISTINCT text FROM dict.date_places)),
        parsed AS (SELECT text, p, reading.full_date(p) AS whole, reading.month_date(p) AS month, reading.year_date(p) AS year FROM cells),
        spans AS (SELECT text, p, whole, coalesce(whole, month, year) AS low, coalesce(whole, last_day(month), make_date(year(year), 12, 31)) AS high
                  FROM parsed)
        SELECT text, low, high,
            CASE WHEN p IS NULL THEN 0 WHEN low IS NULL THEN 2 WHEN reading.in_range(low) AND reading.in_range(high) THEN 1 ELSE 3 END::UTINYINT AS state,
            CASE WHEN low IS NOT NULL THEN reading.day_style(p, whole) END AS style FROM spans""")


def _select(cell: Cell, found: str, canonical: Mapping[str, str], attribute: Attribute | None) -> str:
    """The query that reads the texts of a column."""
    match cell:
        case Cell.DATE:
            raise AssertionError("dates are read by make_dates")
        case Cell.PERIOD:
            return f"""SELECT text, low, high, CASE WHEN p IS NULL THEN 0 WHEN low IS NULL OR high IS NULL OR high < low THEN 2
                    WHEN reading.in_range(low) AND reading.in_range(high) THEN 1 ELSE 3 END::UTINYINT AS state
                FROM (SELECT text, p, coalesce(reading.single_low(p), reading.single_low(first)) AS low,
                          coalesce(reading.single_high(p), reading.single_high(last)) AS high
                      FROM (SELECT *, reading.span_from(p) AS first, reading.span_until(p) AS last FROM {_plain(found)}))"""
        case Cell.BOOLEAN:
            return _legible("reading.truth(p)", _plain(found))
        case Cell.HELD:
            return _legible("reading.held(p)", _plain(found))
        case Cell.INTEGER:
            minimum, maximum = (attribute.minimum, attribute.maximum) if attribute else (Fraction(0), None)
            return _number(found, "reading.whole(p)", LARGEST_INTEGER, minimum, maximum)
        case Cell.NUMBER:
            minimum, maximum = (attribute.minimum, attribute.maximum) if attribute else (None, None)
            return _number(found, "reading.exact(p)", LARGEST_NUMBER, minimum, maximum)
        case Cell.ITEMS:
            return _legible(f"CASE WHEN length(p) <= {LONGEST_TEXT} THEN reading.listed(p) END", _normal(found))
        case Cell.ORGANIZATION:
            return _legible("i.number", f"{_normal(found)} f LEFT JOIN work.ids i ON i.id = f.p")
        case Cell.KIND:
            pairs = ", ".join(f"({text(written)}, {text(kind)})" for written, kind in canonical.items()) or "(NULL, NULL)"
            return _legible(
                "k.kind", f"{_normal(found)} f LEFT JOIN (VALUES {pairs}) k(written, kind) ON k.written = f.p", f"WHEN starts_with(p, {text(IGNORED)}) THEN 3"
            )
        case Cell.TEXT | Cell.ID:
            listed = f"WHEN length(p) <= {LONGEST_TEXT} AND p NOT IN {texts(attribute.values)} THEN 3" if attribute and attribute.values else ""
            return _legible(f"CASE WHEN length(p) <= {LONGEST_TEXT} THEN p END", _normal(found), listed)


def _plain(found: str) -> str:
    """The texts with full-width letters made plain, as `p`."""
    return f"(SELECT text, reading.plain(text) AS p FROM {found})"


def _normal(found: str) -> str:
    """The texts trimmed and composed, as `p`."""
    return f"(SELECT text, reading.norm(text) AS p FROM {found})"


def _legible(value: str, texts: str, special: str = "") -> str:
    """Texts with a value; those that have none are illegible, and what `special` says."""
    return f"SELECT text, {value} AS value, CASE WHEN p IS NULL THEN 0 {special} WHEN value IS NULL THEN 2 ELSE 1 END::UTINYINT AS state FROM {texts}"


def _number(found: str, parsed: str, limit: int, minimum: Fraction | None, maximum: Fraction | None) -> str:
    bounds = [f"abs(v) < {limit}"]
    bounds += [f"v * {minimum.denominator} >= {minimum.numerator}"] if minimum is not None else []
    bounds += [f"v * {maximum.denominator} <= {maximum.numerator}"] if maximum is not None else []
    return f"""SELECT text, CASE WHEN abs(v) < {limit} THEN v END AS value,
            CASE WHEN p IS NULL THEN 0 WHEN v IS NULL THEN 2 WHEN {" AND ".join(bounds)} THEN 1 ELSE 3 END::UTINYINT AS state
        FROM (SELECT text, p, {parsed} AS v FROM {_plain(found)})"""

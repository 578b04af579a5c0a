"""Derivations in SQL against the interpreter's, on random programs and random finds."""

from contextlib import closing
from datetime import date
from fractions import Fraction
from random import Random

import duckdb
import pytest

from mofan_rules.executors.duckdb.derived import derive
from mofan_rules.executors.duckdb.finds import spelled, understood
from mofan_rules.executors.interpreter.derive import derive as derive_plainly
from mofan_rules.ir.derivations import DerivedFact, Ground, Pattern, in_order
from mofan_rules.schema import Type
from tests.rete.programs import DAYS, Drawn, day, ground, program

SEEDS = 60


def in_sql(connection: duckdb.DuckDBPyConnection, drawn: Drawn, found: Ground, until: date) -> tuple[DerivedFact, ...]:
    """What follows from finds, which are put into tables first."""
    tables: dict[Pattern, str] = {}
    with closing(connection.cursor()) as cursor:
        for number, (pattern, finds) in enumerate(found.items()):
            tables[pattern] = f"find_{number}"
            columns = [*(f"v{place} VARCHAR" for place in range(len(pattern.variables))), "day DATE", "first DATE", "last DATE"]
            cursor.execute(f"CREATE TEMP TABLE find_{number} ({', '.join(columns)})")
            rows = [[*map(spelled, find.values), find.day, find.first, find.last] for find in finds]
            if rows:
                cursor.executemany(f"INSERT INTO find_{number} VALUES ({', '.join('?' * len(columns))})", rows)
        return derive(cursor, drawn.derivations, tables, until)


def test_random_derivations() -> None:
    some = 0
    with duckdb.connect(":memory:") as connection:
        for seed in range(SEEDS):
            drawn, random = program(seed), Random(seed)
            found, until = ground(drawn, random), day(DAYS + random.randint(-6, 6))
            expected = tuple(sorted(derive_plainly(drawn.derivations, found, until), key=in_order))
            assert in_sql(connection, drawn, found, until) == expected, seed
            some += bool(expected)
    assert some > SEEDS // 4


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (Fraction(3), "3", Type.INTEGER),
        (Fraction(-10), "-10", Type.NUMBER),
        (Fraction(0), "0", Type.NUMBER),
        (Fraction(-1, 2), "-0.5", Type.NUMBER),
        (Fraction(1, 10**6), "0.000001", Type.NUMBER),
        (Fraction(100), "100", Type.NUMBER),
        (Fraction(1, 3), "1/3", Type.NUMBER),
        (True, "true", Type.BOOLEAN),
        (False, "false", Type.BOOLEAN),
        (date(2024, 2, 29), "2024-02-29", Type.DATE),
        ("支部 '1'", "支部 '1'", Type.TEXT),
    ],
)
def test_values_are_texts_and_back(value: Fraction | bool | date | str, text: str, kind: Type) -> None:
    assert spelled(value) == text
    assert understood(text, kind) == value


def test_numbers_of_cells_are_spelled_alike() -> None:
    with duckdb.connect(":memory:") as connection:
        for value in (Fraction(3), Fraction(-1, 2), Fraction(0), Fraction(1200), Fraction(1, 8)):
            [(text,)] = connection.execute(f"SELECT rtrim(rtrim(({float(value)})::DECIMAL(24, 6)::VARCHAR, '0'), '.')").fetchall()
            assert text == spelled(value)

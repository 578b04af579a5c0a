"""Stretches of days made one."""

from random import Random

import duckdb
import pytest

from mofan_rules.executors.duckdb.days import merged

STRETCHES = [(first, first + 10) for first in range(0, 100, 20)]
OWNERS = 3


@pytest.mark.parametrize("copies", [1, 2, 3, 6, 9])
def test_stretches_that_stand_there_several_times_are_one(copies: int) -> None:
    """As those do that are reached on several paths. Rows alike in all columns come in any order, and may come in another when they are sorted again."""
    rows = [(owner, first, last) for owner in range(OWNERS) for first, last in STRETCHES for _ in range(copies)]
    Random(copies).shuffle(rows)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE spans (organization INTEGER, first INTEGER, last INTEGER)")
        connection.execute(f"INSERT INTO spans VALUES {', '.join(map(str, rows))}")
        found = connection.execute(f"SELECT organization, first, last FROM ({merged('spans')}) ORDER BY ALL").fetchall()
    assert found == [(owner, first, last) for owner in range(OWNERS) for first, last in STRETCHES]

"""Each known difference between languages and engines, and what shows what it means here: a topic of `language.py`, or a test.

The topics run on every executor (`test_language.py`) and, compiled, on DuckDB, PostgreSQL and Spark (`tests/compiler/test_conditions.py`).
"""

from pathlib import Path

import pytest

from tests.pins.language import CONDITIONS, REFUSED

HERE = "tests/pins/test_language.py::"
ENGINES = "tests/compiler/test_pins.py::"

DIFFERENCES: dict[str, tuple[str, ...]] = {
    # what a missing value means
    "a missing value is equal to nothing, and unequal to nothing": ("a comparison with a missing value is unknown",),
    "it may be among others": ("a comparison with a missing value is unknown", "one of a list with something missing"),
    "a range whose end is missing": ("an end of a range that is missing is not an open end",),
    "a choice on what is missing": ("a choice on an unknown condition takes neither branch",),
    "a sum or a maximum with something missing": (
        "the greatest and the least do not pass over what is missing",
        HERE + "test_totals_of_nothing_and_of_something_missing",
    ),
    "to ask for presence": ("presence is asked for by name",),
    # what engines answer
    "division by zero": ("division by zero is unknown",),
    "the type of a quotient": ("a quotient of whole numbers is not cut",),
    "percentages and shortfalls on the exact limit": ("percentages and shortfalls are decided on the exact limit", HERE + "test_every_exact_percentage"),
    "thirds": ("three thirds are one",),
    "overflow": ("large products do not overflow",),
    "rounding": ("nothing is rounded unless it is asked for", "there is no rounding to nowhere in particular"),
    "the sign of a remainder": ("a remainder has the sign of the divisor",),
    "the end of a month": ("months clamp to the end of the month and are added once",),
    "months in a column": ("a number of months may stand in a cell",),
    "a date less a date": ("a date less a date is a number of days", "a number of days is not a duration"),
    "months between": ("months between two dates are complete",),
    "one month and thirty days": ("durations of months and of days are not comparable",),
    "the first day of the week": ("the week begins on Monday",),
    "the order of texts": ("texts have no order", ENGINES + "test_duckdb", ENGINES + "test_postgres", ENGINES + "test_spark"),
    "composed and decomposed letters": ("texts have one form, and their case is kept",),
    "upper case": ("texts have one form, and their case is kept", "there is no function on the case of letters"),
    "one of a list with nothing in it": ("one of a list with something missing",),
    "between": ("between is two comparisons",),
    "a choice on the unknown": ("a choice on an unknown condition takes neither branch",),
    "some and every row": ("there are no quantifiers", HERE + "test_some_and_every_row"),
    "a list with nothing in it": ("a list that is missing is not an empty one",),
    "an empty list": ("a list that is missing is not an empty one", HERE + "test_totals_of_nothing_and_of_something_missing"),
    "texts and numbers": ("texts and numbers are not turned into each other",),
    "dates that are none": ("a date is not read from a text", HERE + "test_a_bad_date_stops_no_query"),
    "rows that a join multiplies": (HERE + "test_nothing_is_counted_more_than_once",),
    "patterns": ("there are no patterns",),
    # found when a first program ran on two executors
    "the least of something and nothing": ("the greatest and the least do not pass over what is missing",),
    "whole division below zero": ("division rounds down below zero too",),
    "quarters of different lengths": ("tests/duckdb/test_pins.py::test_quarters_are_compared_in_months",),
}
"""By difference: topics, or tests as pytest names them."""


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_each_difference_is_shown(difference: str) -> None:
    for shown in DIFFERENCES[difference]:
        place, named, test = shown.partition("::")
        if named:
            assert f"def {test}(" in (Path(__file__).parents[2] / place).read_text(encoding="utf-8"), shown
        else:
            assert shown in CONDITIONS or shown in REFUSED, shown


def test_each_topic_is_a_difference() -> None:
    named = {shown for several in DIFFERENCES.values() for shown in several}
    assert not (set(CONDITIONS) | set(REFUSED)) - named - {"tenths are tenths", "and, or"}

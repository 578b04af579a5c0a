"""A row that is read by itself is what admission makes of it among all others."""

from collections import Counter
from typing import Any

import pytest

from mofan_rules.executors.interpreter.facts import Facts as ReadFacts
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.facts import AdmittedFacts, Facts, admit
from mofan_rules.facts.reading import normal
from mofan_rules.facts.single import SINGLE, SingleReader, key_of
from mofan_rules.schema import Table
from mofan_rules.sessions.live import LiveFacts
from mofan_rules.sessions.recorded import Columns
from tests.cases import ruleset_of
from tests.differential.scenarios import scenarios

SEEDS = range(10)
LEAST = 250


def readers(facts: AdmittedFacts) -> dict[Table, SingleReader]:
    """Readers that know the organizations of some facts."""
    numbers = dict(facts.connection.execute("SELECT id, number FROM facts.ids").fetchall())
    certain = {row[0] for row in facts.connection.execute("SELECT organization FROM facts.organizations WHERE certain").fetchall()}
    return {table: SingleReader(table, facts.vocabulary, numbers, certain) for table in SINGLE}


def alone(tables: dict[str, list[dict[str, str]]], table: str) -> set[str]:
    """The ids of a table that one row bears and no row names."""
    named = [row.get("supersedes") for row in tables[table]]
    named += [row.get("event") for row in tables.get("attendance", ())] if table == "events" else []
    named += [row.get("id") for row in tables[table]]
    found = Counter(normal(one) for one in named if one)
    return {one for one, times in found.items() if times == 1 and one is not None}


def comparable(row: Row) -> dict[str, Any]:
    """A row without the number that orders it."""
    return {column: cell for column, cell in row.cells.items() if column != "row"} | {"id": row.id, "certain": row.certain}


def test_a_row_by_itself_is_what_admission_makes_of_it() -> None:
    """Whatever the reader of single rows does not leave to admission, it reads as admission does, cell for cell."""
    compared: Counter[Table] = Counter()
    for seed in SEEDS:
        scenario = next(iter(scenarios(seed)))
        vocabulary = ruleset_of(scenario.case()).program.vocabulary
        facts = admit(Facts(**scenario.facts, complete=scenario.complete), vocabulary, keep_keys=True)
        live, columns, reading = LiveFacts(facts), Columns(vocabulary), readers(facts)
        for table in SINGLE:
            kept = {row.id: row for row in ReadFacts(facts, whole=True).table(table)}
            single = alone(scenario.facts, table.value) if table.value in scenario.facts else set()
            for given in scenario.facts.get(table.value, ()):
                row = reading[table].row(columns.texts(table, given))
                if row is None or row.id not in single:
                    continue
                found, wanted = comparable(live.row(row)), comparable(kept[row.id])
                if table is Table.TENURES:  # where tenures meet, one ends the day before: that is looked at elsewhere
                    found.pop("until_date"), wanted.pop("until_date")
                assert found == wanted, (seed, given)
                compared[table] += 1
                assert live.mentions(table, row.id)
        facts.connection.close()
    assert sum(compared.values()) > LEAST, compared
    assert set(compared) == set(SINGLE)


@pytest.mark.parametrize("text", ["", "a", "甲乙", "a" * 100])
def test_keys_are_those_that_sql_makes(text: str) -> None:
    """The digest of an id is the same in Python as in DuckDB."""
    import duckdb

    assert duckdb.execute("SELECT md5_number_lower(?)", [text]).fetchall() == [(key_of(text),)]

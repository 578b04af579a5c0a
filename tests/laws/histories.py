"""Journals: rows that were recorded, corrected and withdrawn, and the rows that are left in the end."""

from dataclasses import replace
from random import Random

from mofan_rules.facts.admitted import AdmittedFacts
from tests.differential.populations import Row
from tests.differential.scenarios import Scenario

TABLES = ("events", "tenures", "evidence", "waivers", "relations")

History = list[Row]
"""What was recorded of one thing, each row correcting the one before; the last may be withdrawn."""

Histories = dict[str, list[History]]


def journal(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Histories:
    """A history for each row of the scenario that was admitted, is no correction and shares its id with none; other rows are left out.
    (A correction that is rejected corrects nothing, so that its history would end otherwise than its last row.)"""
    found: Histories = {}
    rejected = {(table, line) for table, line in facts.connection.execute('SELECT "table", line FROM facts.rejected').fetchall()}
    for table in TABLES:
        rows = [row for number, row in enumerate(scenario.facts.get(table, ()), 1) if (table, number) not in rejected]
        rows = [row for row in rows if "supersedes" not in row and "withdrawn" not in row]
        ids = [row["id"] for row in rows]
        single = [{name: cell for name, cell in row.items() if name != "recorded_on"} for row in rows if ids.count(row["id"]) == 1]
        if table in scenario.facts:
            found[table] = [_history(random, row, single) for row in single]
    return found


def _history(random: Random, row: Row, others: list[Row]) -> History:
    """One to four records, each but the first correcting the one before. The records before the last hold what other rows hold."""
    length = random.choice((1, 1, 2, 2, 3, 4))
    history = []
    for number in range(length):
        content = row if number == length - 1 else random.choice(others)
        record = content | {"id": f"{row['id']}.{number}"}
        if number:
            record |= {"supersedes": f"{row['id']}.{number - 1}", "recorded_on": f"2020-01-{number + 1:02}"}
        history.append(record)
    if length > 1 and random.random() < 0.25:
        history[-1] = history[-1] | {"withdrawn": "yes"}
    return history


def journalled(random: Random, scenario: Scenario, histories: Histories) -> Scenario:
    """All records, in some order."""
    facts = {table: [record for history in found for record in history] for table, found in histories.items()}
    return replace(scenario, facts=scenario.facts | {table: random.sample(rows, len(rows)) for table, rows in facts.items()}, known_at=None)


def final_facts(scenario: Scenario, histories: Histories) -> Scenario:
    """The last record of each history, unless it is withdrawn, as if it had never been another."""
    final = {
        table: [
            {name: cell for name, cell in history[-1].items() if name not in ("supersedes", "recorded_on")}
            for history in found
            if "withdrawn" not in history[-1]
        ]
        for table, found in histories.items()
    }
    return replace(scenario, facts=scenario.facts | final, known_at=None)

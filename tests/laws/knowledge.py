"""Ways of knowing more (SEMANTICS section 7, law 1): each makes of a scenario one with the same facts and something more of them known."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from mofan_rules.facts.admitted import AdmittedFacts
from tests.cases import admitted
from tests.differential.populations import Row
from tests.differential.scenarios import Scenario
from tests.differential.world import GRADES, ITEMS, KINDS, PERSONS, TEXTS, VOCABULARY, attributes, family

KIND_COLUMN = {"organizations": "kind", "relations": "kind", "events": "kind", "tenures": "role", "evidence": "kind"}
DATES = {
    "organizations": ("founded_on", "dissolved_on", "valid_from", "valid_until"),
    "relations": ("valid_from", "valid_until"),
    "events": ("date",),
    "tenures": ("from_date", "until_date"),
    "evidence": ("date", "valid_until"),
    "waivers": ("from_date", "until_date"),
}
FILLED = {"events": ("date", "expected", "attended"), "tenures": ("person",), "evidence": ("date", "items", "grade", "assessor")}
"""Cells of fixed columns whose absence is a gap in what is known. (An empty end of a span is not: it means always.)"""

Change = Callable[[Random, Scenario, AdmittedFacts], Scenario | None]


def with_row(scenario: Scenario, table: str, index: int, row: Row) -> Scenario:
    """The scenario with one row replaced."""
    rows = scenario.facts[table]
    return replace(scenario, facts=scenario.facts | {table: [*rows[:index], row, *rows[index + 1 :]]})


def _pick(random: Random, changes: Iterator[Scenario]) -> Scenario | None:
    found = list(changes)
    return random.choice(found) if found else None


def fill_a_cell(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Scenario | None:
    """A cell that was missing is filled."""
    return _pick(random, _filled(random, scenario, facts))


def _filled(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Iterator[Scenario]:
    for table, index, row in _sound(scenario, facts):
        kind = row.get(KIND_COLUMN.get(table, ""), "")
        gaps = [name for name in FILLED.get(table, ()) if not row.get(name)]
        gaps += [name for name in attributes(table, (kind,)) if not row.get(name)]
        if table == "events" and row["id"] in {attended["event"] for attended in scenario.facts.get("attendance", ())}:
            gaps = [name for name in gaps if name not in ("expected", "attended")]
        for name in gaps:
            yield with_row(scenario, table, index, row | {name: _value(random, scenario, table, name)})


def make_a_date_exact(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Scenario | None:
    """A date that was known in part becomes one of the days that it could be."""
    return _pick(random, _exact(random, scenario, facts))


def _exact(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Iterator[Scenario]:
    for table, index, row in _sound(scenario, facts):
        for name in DATES.get(table, ()):
            if re.fullmatch(r"\d{4}(-\d{2})?", row.get(name, "")):
                day = _within(random, row[name])
                if _in_order(row | {name: day}, table):
                    yield with_row(scenario, table, index, row | {name: day})


def decide_what_was_unclear(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Scenario | None:
    """An event of which it was unclear whether it was held turns out to have been, or not."""
    changes = [(index, row) for table, index, row in _sound(scenario, facts) if table == "events" and row.get("held") == "unclear"]
    if not changes:
        return None
    index, row = random.choice(changes)
    return with_row(scenario, "events", index, row | {"held": random.choice(("yes", "no"))})


REPAIRABLE = ("bad_date", "date_out_of_range", "unknown_kind", "out_of_range", "bad_integer", "bad_number", "bad_boolean", "reversed_interval", "missing_value")


def repair_a_row(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Scenario | None:
    """A cell for which a row was rejected gets a value that it may have."""
    query = f'SELECT "table", line, "column" FROM facts.rejected WHERE code IN {REPAIRABLE} ORDER BY ALL'
    changes = []
    for table, line, column in facts.connection.execute(query).fetchall():
        row = scenario.facts[table][line - 1]
        if table == "organizations" or table not in DATES or not column:
            continue
        repaired = row | {column: _value(random, scenario, table, column)}
        if column in DATES[table] and not _in_order(repaired, table):
            continue
        changes.append(with_row(scenario, table, line - 1, repaired))
    return random.choice(changes) if changes else None


def repair_an_organization(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Scenario | None:
    """The same of an organization, which may have been known from that row only. (It is no repair if it brings the row into contradiction with others.)"""
    query = f'SELECT line, "column" FROM facts.rejected WHERE "table" = \'organizations\' AND code IN {REPAIRABLE} AND "column" IS NOT NULL ORDER BY ALL'
    before = _rejected_rows(facts)
    found = facts.connection.execute(query).fetchall()
    for line, column in random.sample(found, min(len(found), 3)):
        row = scenario.facts["organizations"][line - 1]
        repaired = with_row(scenario, "organizations", line - 1, row | {column: _value(random, scenario, "organizations", column)})
        after = admitted(repaired.case(), facts.vocabulary)
        rejected = _rejected_rows(after)
        after.connection.close()
        if rejected < before:
            return repaired
    return None


def _rejected_rows(facts: AdmittedFacts) -> set[tuple[str, int]]:
    return set(facts.connection.execute('SELECT "table", line FROM facts.rejected').fetchall())


def declare_a_feed_complete(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Scenario | None:
    """A feed that was incomplete is declared complete, or a table that was not supplied is."""
    changes = [
        with_row(scenario, "feeds", index, row | {"complete": "yes"})
        for table, index, row in _sound(scenario, facts)
        if table == "feeds" and row["complete"] == "no"
    ]
    absent = [table for table in ("events", "tenures", "evidence", "waivers", "relations") if table not in scenario.facts and table not in scenario.complete]
    changes += [replace(scenario, complete=(*scenario.complete, table)) for table in absent]
    return random.choice(changes) if changes else None


def add_a_row(random: Random, scenario: Scenario, facts: AdmittedFacts) -> Scenario | None:
    """A row turns up in a table that was not supplied, so that it was incomplete everywhere; the table stays incomplete."""
    absent = [table for table in ("events", "tenures", "evidence") if table not in scenario.facts and table not in scenario.complete]
    if not absent or any(row["table"] in absent for row in scenario.facts.get("feeds", ())):
        return None
    table = random.choice(absent)
    row = _new_row(random, scenario, table)
    feeds = [*scenario.facts.get("feeds", ()), {"table": table, "complete": "no"}]
    return replace(scenario, facts=scenario.facts | {table: [row], "feeds": feeds})


CHANGES: tuple[Change, ...] = (
    fill_a_cell,
    make_a_date_exact,
    decide_what_was_unclear,
    repair_a_row,
    repair_an_organization,
    declare_a_feed_complete,
    add_a_row,
)


def _sound(scenario: Scenario, facts: AdmittedFacts) -> Iterator[tuple[str, int, Row]]:
    """The rows that were admitted as they stand: neither rejected nor corrected, and correcting nothing; of rows with one id only single ones."""
    rejected = {(table, line) for table, line in facts.connection.execute('SELECT "table", line FROM facts.rejected').fetchall()}
    for table, rows in scenario.facts.items():
        ids = [row.get("id", "") for row in rows]
        corrected = {row.get("supersedes") for row in rows}
        for index, row in enumerate(rows):
            single = "id" not in row or (ids.count(row["id"]) == 1 and row["id"] not in corrected and not row.get("supersedes"))
            if (table, index + 1) not in rejected and single:
                yield table, index, row


def _within(random: Random, partial: str) -> str:
    first = date.fromisoformat(f"{partial}-01" if len(partial) == 7 else f"{partial}-01-01")
    days = 28 if len(partial) == 7 else 365
    return (first + timedelta(days=random.randrange(days))).isoformat()


def _in_order(row: Row, table: str) -> bool:
    """Do spans that are known still run forwards?"""
    columns = DATES[table] if table != "organizations" else ("founded_on", "valid_from", "valid_until", "dissolved_on")
    known = [row[name] for name in columns if row.get(name)]
    return all(len(day) == 10 for day in known) and known == sorted(known)


def _value(random: Random, scenario: Scenario, table: str, name: str) -> str:
    """Something that a cell may hold."""
    if name == KIND_COLUMN.get(table):
        return random.choice(KINDS[table])
    ids = [row["id"] for row in scenario.facts["organizations"]]
    fixed = {
        "date": random.choice(_days(scenario)),
        "expected": str(random.randrange(6)),
        "attended": str(random.randrange(6)),
        "person": random.choice(PERSONS),
        "items": ";".join(random.sample(ITEMS, 2)),
        "grade": random.choice(GRADES),
        "assessor": random.choice(("self", "c1")),
        "organization": random.choice(ids),
        "held": "yes",
        "present": "yes",
        "withdrawn": "no",
    }
    if name in fixed:
        return fixed[name]
    if name not in VOCABULARY["attributes"]:
        return random.choice(_days(scenario))
    fields = VOCABULARY["attributes"][name]
    values: dict[str, str] = {
        "integer": str(random.randrange(0, 8)),
        "number": random.choice(("0", "0.5", "1")),
        "boolean": random.choice(("yes", "no")),
        "date": random.choice(_days(scenario)),
        "text": random.choice(tuple(fields.get("values", TEXTS))),
        "organization": random.choice(ids),
        "items": random.choice(ITEMS),
    }
    return values[str(fields["type"])]


def _days(scenario: Scenario) -> list[str]:
    found = {
        row[name]
        for table, names in DATES.items()
        for row in scenario.facts.get(table, ())
        for name in names
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row.get(name, ""))
    }
    return sorted(day for day in found if not day.endswith("99")) or [scenario.as_of]


def _new_row(random: Random, scenario: Scenario, table: str) -> Row:
    row = {"id": "new", "organization": random.choice(scenario.facts["organizations"])["id"]}
    first, last = sorted(random.choices(_days(scenario), k=2))
    match table:
        case "events":
            row |= {"kind": random.choice(KINDS["events"]), "date": first}
        case "tenures":
            # not the roster role, whose holders are expected at events
            row |= {"role": random.choice([kind for kind in KINDS["tenures"] if kind not in family("member")]), "person": random.choice(PERSONS)}
            row |= {"from_date": first, "until_date": last}
        case _:
            row |= {"kind": random.choice(KINDS["evidence"]), "date": first, "grade": random.choice(GRADES), "items": random.choice(ITEMS), "assessor": "c1"}
    for name in attributes(table, (row.get("kind", row.get("role", "")),)):
        if random.random() < 0.7:
            row[name] = _value(random, scenario, table, name)
    return row

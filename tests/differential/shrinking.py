"""Makes a scenario on which executors disagree as small as it goes: requirements, tables, rows, columns and fields are dropped greedily."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.cases import as_text
from tests.differential.comparison import Difference, fails
from tests.differential.scenarios import Scenario


def shrink(difference: Difference, seconds: float = 120.0) -> Difference:
    """The same kind of difference on the smallest scenario found in that time.

    A step is kept if the executor still disagrees (or still raises an error, if it did).
    """
    deadline = time.monotonic() + seconds
    best = difference
    changed = True
    while changed and time.monotonic() < deadline:
        changed = False
        for candidate in _smaller(best.scenario, best):
            if time.monotonic() > deadline:
                break
            found = fails(candidate, best.executor)
            if found is not None and bool(found.error) == bool(best.error):
                best, changed = found, True
                break
    return best


def case_text(difference: Difference) -> str:
    """A conformance case file that wants what the interpreter says of the first row that differs."""
    row = next(iter(difference.expected), None)
    return difference.scenario.text([as_text(row)] if row is not None else [])


def _smaller(scenario: Scenario, difference: Difference) -> Iterator[Scenario]:
    """Smaller scenarios, the greatest steps first."""
    yield from _requirements(scenario, difference)
    yield from _tables(scenario)
    for name in ("measures", "parameters"):
        yield from _entries(scenario, name)
    yield from _rows(scenario)
    yield from _fields(scenario)
    yield from _cells(scenario)
    if scenario.known_at:
        yield replace(scenario, known_at=None)
    yield from _vocabulary(scenario)


def _with(scenario: Scenario, **changes: Any) -> Scenario:
    return replace(scenario, ruleset=scenario.ruleset | changes)


def _requirements(scenario: Scenario, difference: Difference) -> Iterator[Scenario]:
    requirements = scenario.ruleset["requirements"]
    if difference.first is not None and len(requirements) > 1:
        only = [requirement for requirement in requirements if requirement["id"] == difference.first.requirement]
        if len(only) < len(requirements):
            yield _with(scenario, requirements=only)
            parts = {part for requirement in only for part in requirement.get("of", ())}
            yield _with(scenario, requirements=[requirement for requirement in requirements if requirement in only or requirement["id"] in parts])
    for index in range(len(requirements)):
        if len(requirements) > 1:
            yield _with(scenario, requirements=requirements[:index] + requirements[index + 1 :])


def _tables(scenario: Scenario) -> Iterator[Scenario]:
    for table in scenario.facts:
        if table != "organizations":
            yield replace(scenario, facts={name: rows for name, rows in scenario.facts.items() if name != table})
            if scenario.facts[table]:
                yield replace(scenario, facts=scenario.facts | {table: []})


def _entries(scenario: Scenario, name: str) -> Iterator[Scenario]:
    entries: Mapping[str, Any] = scenario.ruleset.get(name, {})
    if entries:
        yield _with(scenario, **{name: {}})
    if "roster" in scenario.ruleset:
        yield replace(scenario, ruleset={key: value for key, value in scenario.ruleset.items() if key != "roster"})
    for key in entries:
        yield _with(scenario, **{name: {other: value for other, value in entries.items() if other != key}})


def _vocabulary(scenario: Scenario) -> Iterator[Scenario]:
    """Without one section, kind or attribute; what is still used cannot go, for then the ruleset is refused."""
    vocabulary = scenario.ruleset["vocabulary"]
    for section, entries in vocabulary.items():
        yield _with(scenario, vocabulary={name: value for name, value in vocabulary.items() if name != section})
        for key in entries:
            yield _with(scenario, vocabulary=vocabulary | {section: {name: value for name, value in entries.items() if name != key}})


def _rows(scenario: Scenario) -> Iterator[Scenario]:
    for table, rows in scenario.facts.items():
        size = len(rows) // 2
        while size >= 1:
            for start in range(0, len(rows), size):
                kept = rows[:start] + rows[start + size :]
                if kept or table != "organizations":
                    yield replace(scenario, facts=scenario.facts | {table: kept})
            size //= 2


def _fields(scenario: Scenario) -> Iterator[Scenario]:
    requirements = scenario.ruleset["requirements"]
    for index, requirement in enumerate(requirements):
        for key in requirement:
            if key not in ("id", "kind", "subject"):
                smaller = {name: value for name, value in requirement.items() if name != key}
                yield _with(scenario, requirements=[*requirements[:index], smaller, *requirements[index + 1 :]])


def _cells(scenario: Scenario) -> Iterator[Scenario]:
    for table, rows in scenario.facts.items():
        for index, row in enumerate(rows):
            for column in row:
                smaller = {name: value for name, value in row.items() if name != column}
                yield replace(scenario, facts=scenario.facts | {table: [*rows[:index], smaller, *rows[index + 1 :]]})

"""Random derivations, as authors write them, over the verdicts of a random ruleset and over random facts."""

from collections.abc import Sequence
from random import Random
from typing import Any

from tests.differential.expressions import Expressions, Name
from tests.differential.world import FIXED, GRADES, KINDS, PERSONS, TEXTS, attributes

Written = dict[str, Any]

HEADS = {
    "order": {"topic": "text", "due_day": "date", "urgent": "boolean"},
    "report": {"topic": "text", "partner": "organization", "balance": "number"},
    "meeting": {"topic": "text", "partner": "organization", "score": "number", "urgent": "boolean"},
}
"""What is derived, with the attributes that it may have. (They are kinds of events that are recorded too.)"""

VERDICTS = {
    "subject": "organization",
    "accountable": "organization",
    "requirement": "text",
    "key": "text",
    "window_from": "date",
    "next": "date",
    "due_on": "date",
}
ROWS = {"event": "events", "document": "evidence", "role": "tenures", "organizations": "organizations"}
STATES = ("violated", "violated", "satisfied", "unknown", "pending", "waived")
HOLDABLE = ("organization", "text", "date", "integer", "number", "boolean")
NAMES = {"organization": ("a", "b", "c"), "text": ("t", "u"), "date": ("d", "e"), "number": ("n",), "boolean": ("f",)}


class Derivations:
    """Makes the list under `derive`."""

    def __init__(self, random: Random, days: Sequence[str], requirements: Sequence[str]) -> None:
        self.random = random
        self.days = days
        self.requirements = requirements
        self.depth = {kind: random.randrange(3) for kind in HEADS}

    def document(self) -> list[Written]:
        return [self._derivation(f"d{number}") for number in range(self.random.randint(2, 5))]

    def _derivation(self, name: str) -> Written:
        kind = self.random.choice(list(HEADS))
        here = [other for other in HEADS if self.depth[other] <= self.depth[kind]]
        below = [other for other in HEADS if self.depth[other] < self.depth[kind]]
        patterns = [self._dated(here)] + [self._pattern(here) for _ in range(self.random.choice((0, 1, 1, 2)))]
        fields: Written = {"id": name, "if": patterns}
        if self.random.random() < 0.3:
            fields["not"] = [self._absent(below, _bound(patterns))]
        if self.random.random() < 0.3:
            fields["count"] = [self._counted(below)]
        if self.random.random() < 0.4:
            fields["after"] = self.random.choice(("3 days", "1 month", "40 days"))
        bound = _bound(patterns)
        organizations = [f"${name}" for name in NAMES["organization"] if name in bound]
        then: Written = {"event": kind, "organization": self.random.choice(organizations or ["o1"])}
        given = {}
        for attribute, type_ in HEADS[kind].items():
            names = [f"${name}" for name in NAMES[type_] if name in bound]
            if names and self.random.random() < 0.6:
                given[attribute] = self.random.choice(names)
        return fields | {"then": then | ({"attributes": given} if given else {})}

    # patterns

    def _dated(self, kinds: Sequence[str]) -> Written:
        draw = self.random.random()
        return self._verdict() if draw < 0.5 else self._rows("event") if draw < 0.75 or not kinds else self._derived(kinds)

    def _pattern(self, kinds: Sequence[str]) -> Written:
        draw = self.random.random()
        if draw < 0.35:
            return {"relation": self.random.choice(KINDS["relations"])} | self._match({"source": "organization", "target": "organization"}, 0.9)
        return self._rows(self.random.choice(list(ROWS))) if draw < 0.6 else self._dated(kinds)

    def _verdict(self, requirement: str | None = None) -> Written:
        wanted = requirement or self.random.choice(self.requirements)
        return {"verdict": wanted, "state": self.random.sample(STATES[1:], 2)} | self._match(VERDICTS, 0.35, "subject")

    def _derived(self, kinds: Sequence[str]) -> Written:
        kind = self.random.choice(list(kinds))
        return {"derived": kind} | self._match({"organization": "organization", "date": "date", **HEADS[kind]}, 0.4, "organization")

    def _rows(self, source: str) -> Written:
        table = ROWS[source]
        kind = self.random.choice([kind for kind in KINDS[table] if kind not in ("joint", "person")])
        columns = {name: type_ for name, type_ in (FIXED[table] | attributes(table, (kind,))).items() if type_ in HOLDABLE}
        owner = "organization"
        fields: Written = {source: kind} | self._match({"organization": "organization"} | columns, 0.2, owner)
        if self.random.random() < 0.4:
            seen = FIXED[table] | attributes(table, (kind,))
            names = [Name(f"row.{name}", "number" if type_ == "integer" else type_, TEXTS + PERSONS + GRADES) for name, type_ in seen.items()]
            fields["where"] = Expressions(self.random, names, self.days, window=False).boolean(1)
        return fields

    def _absent(self, below: Sequence[str], bound: set[str]) -> Written:
        """A pattern over what is settled, with no variable of its own but where nothing asks for it."""
        pattern = self._derived(below) if below and self.random.random() < 0.6 else self._verdict()
        pattern["match"] = {column: term for column, term in pattern["match"].items() if not term.startswith("$") or term[1:] in bound}
        return pattern

    def _counted(self, below: Sequence[str]) -> Written:
        inner = [self._derived(below) if below and self.random.random() < 0.4 else self._verdict()]
        column = "organization" if "derived" in inner[0] else "subject"
        inner[0]["match"] = {"date" if "derived" in inner[0] else "due_on": "$counted", column: f"${self.random.choice(NAMES['organization'])}"}
        bound = {"at_least": str(self.random.choice((1, 2)))} if self.random.random() < 0.6 else {"at_most": str(self.random.choice((0, 1, 2)))}
        return {"of": "$counted", "in": inner, **bound}

    def _match(self, columns: dict[str, str], often: float, always: str | None = None) -> Written:
        found = {}
        for column, type_ in columns.items():
            wanted = "number" if type_ == "integer" else type_
            if column == always or self.random.random() < often:
                literal = wanted == "organization" and self.random.random() < 0.05
                found[column] = "o1" if literal else f"${self.random.choice(NAMES[wanted])}"
        return {"match": found}


def _bound(patterns: Sequence[Written]) -> set[str]:
    return {term[1:] for pattern in patterns for term in pattern["match"].values() if term.startswith("$")}

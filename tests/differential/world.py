"""The one vocabulary of all random rulesets: kinds, attributes of each type on each table, and what their cells may hold."""

from typing import Any

VOCABULARY: dict[str, Any] = {
    "organizations": {"unit": {}, "branch": {"kinds": ["joint", "temporary"], "aliases": ["cell"]}, "committee": {}, "person": {}},
    "relations": {"guides": {"kinds": ["mentors"]}, "covers": {}},
    "events": {"meeting": {"kinds": ["special"], "aliases": ["assembly"]}, "lecture": {}, "order": {}, "report": {}},
    "roles": {"head": {"kinds": ["acting"]}, "deputy": {}, "member": {}},
    "documents": {"plan": {}, "assessment": {"kinds": ["audit"]}},
    "attributes": {
        "size": {"of": "branch", "type": "integer", "min": "0"},
        "rate": {"table": "organizations", "type": "number"},
        "level": {"of": ["branch", "unit"], "type": "text", "values": ["a", "b", "c"]},
        "active": {"table": "organizations", "type": "boolean"},
        "opened": {"table": "organizations", "type": "date"},
        "sponsor": {"of": "branch", "type": "organization"},
        "powers": {"of": ["branch", "committee"], "type": "items"},
        "topic": {"of": ["meeting", "order", "report"], "type": "text"},
        "urgent": {"of": ["meeting", "order"], "type": "boolean"},
        "score": {"of": "meeting", "type": "integer", "min": "0", "max": "10"},
        "hours": {"table": "events", "type": "number", "min": "0"},
        "balance": {"of": "report", "type": "number"},
        "due_day": {"of": "order", "type": "date"},
        "partner": {"of": ["meeting", "report"], "type": "organization"},
        "tokens": {"of": "meeting", "type": "items"},
        "full_time": {"table": "tenures", "type": "boolean"},
        "share_of_work": {"of": "head", "type": "number", "min": "0", "max": "1"},
        "pages": {"table": "evidence", "type": "integer"},
        "certified": {"of": "plan", "type": "boolean"},
        "checked": {"table": "evidence", "type": "date"},
        "strength": {"table": "relations", "type": "integer"},
    },
}

KINDS = {
    "organizations": ("unit", "branch", "joint", "temporary", "committee", "person"),
    "relations": ("guides", "mentors", "covers", "part_of"),
    "events": ("meeting", "special", "lecture", "order", "report"),
    "tenures": ("head", "acting", "deputy", "member"),
    "evidence": ("plan", "assessment", "audit"),
}
"""Every kind of each table, by the name that facts use."""

FAMILIES = {"branch": ("branch", "joint", "temporary"), "meeting": ("meeting", "special"), "head": ("head", "acting"), "assessment": ("assessment", "audit")}

TEXTS = ("a", "b", "c", "x", "y")
ITEMS = ("alpha", "beta", "gamma")
GRADES = ("good", "fair", "poor")
PERSONS = ("p1", "p2", "p3", "p4")

FIXED: dict[str, dict[str, str]] = {
    "organizations": {"id": "text", "name": "text", "kind": "text", "founded_on": "date"},
    "relations": {"id": "text", "kind": "text", "source": "organization", "target": "organization", "valid_from": "date", "valid_until": "date"},
    "events": {"id": "text", "organization": "organization", "kind": "text", "date": "date", "expected": "integer", "attended": "integer"},
    "tenures": {"id": "text", "organization": "organization", "role": "text", "person": "text", "from_date": "date", "until_date": "date"},
    "evidence": {
        "id": "text",
        "organization": "organization",
        "kind": "text",
        "date": "date",
        "valid_until": "date",
        "items": "items",
        "grade": "text",
        "assessor": "text",
    },
}
"""The fixed columns that conditions can read, with their types."""


def family(kind: str) -> tuple[str, ...]:
    """A kind and its special cases."""
    return FAMILIES.get(kind, (kind,))


def attributes(table: str, kinds: tuple[str, ...]) -> dict[str, str]:
    """The attributes that rows of some kinds of a table may have, with their types."""
    wanted = {special for kind in kinds for special in family(kind)}
    found = {}
    for name, fields in VOCABULARY["attributes"].items():
        if fields.get("table") == table:
            found[name] = fields["type"]
            continue
        of = fields.get("of", ())
        owners = {special for kind in ([of] if isinstance(of, str) else of) for special in family(kind)}
        if owners & wanted and owners & set(KINDS[table]):
            found[name] = fields["type"]
    return found

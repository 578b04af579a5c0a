"""Questions for the checker: rulesets with one plain requirement of each kind, on small facts with gaps of every sort.

Each row has an id of its own, so that an explanation can name it; feeds too.
"""

from random import Random
from typing import Any

Row = dict[str, str]

VOCABULARY: dict[str, Any] = {
    "organizations": {"branch": {}, "committee": {}, "division": {}},
    "events": {"meeting": {}, "order": {}, "report": {}},
    "roles": {"head": {}},
    "documents": {"plan": {}},
    "relations": {"covers": {}},
    "attributes": {
        "size": {"of": "branch", "type": "integer", "min": "0"},
        "staff": {"of": "division", "type": "integer", "min": "0"},
        "score": {"of": "meeting", "type": "integer", "min": "0", "max": "10"},
        "full_time": {"of": "head", "type": "boolean"},
    },
}

BRANCHES = ("b1", "b2", "b3", "b4")
DIVISIONS = ("d1", "d2", "d3")
AS_OF = "2024-07-15"
PERIOD = "2024-01-01..2024-07-15"
IDS = ("occurrence", "deadline", "occupancy", "coverage", "attribute", "evidence", "rollup")
"""The id of each requirement is its kind."""


def ruleset(random: Random) -> dict[str, Any]:
    """One requirement a kind; the attribute has a second form, about each meeting."""
    lasting = random.choice(({}, {"every": "month"}))
    occurrence = {"event": "meeting", "every": "quarter"} | random.choice(
        ({"at_least": "1"}, {"at_least": "2"}, {"at_most": "1"}, {"at_least": "1", "at_most": "2"})
    )
    occurrence |= random.choice(({}, {"where": "row.score >= 5"})) | random.choice(({}, {"grace": "20天"})) | random.choice(({}, {"when": "size >= 3"}))
    attribute = random.choice(({"condition": "size >= 3"} | lasting, {"each": {"event": "meeting"}, "condition": "trigger.score >= 5"}))
    forms: dict[str, dict[str, Any]] = {
        "occurrence": occurrence,
        "deadline": {"trigger": {"event": "order"}, "response": {"event": "report"}, "within": "30天"},
        "occupancy": {"role": "head"} | random.choice(({}, {"where": "row.full_time"})) | random.choice(({}, {"at_least": "1", "at_most": "1"})) | lasting,
        "coverage": {"relation": "covers", "direction": "in", "of": "division"} | random.choice(({}, {"where": "row.staff >= 3"}, {"at_least": "2"})) | lasting,
        "attribute": attribute,
        "evidence": {"document": "plan"} | random.choice(({}, {"items": ["goal", "tasks"]})) | lasting,
        "rollup": {"subject": "committee", "of": ["occurrence"], "over": "part_of", "every": "quarter", "at_least": random.choice(("50%", "100%"))},
    }
    requirements = []
    for kind in IDS:
        policy = {"modality": random.choice(("must", "should")), "waivable": random.choice(("true", "false"))}
        requirements.append({"id": kind, "kind": kind, "subject": "branch"} | policy | forms[kind])
    return {"vocabulary": VOCABULARY, "requirements": requirements}


def facts(random: Random) -> dict[str, list[Row]]:
    """Facts with missing cells, dates known in part, rows that are rejected, and feeds that are incomplete."""

    def day(first_month: int = 1, last_month: int = 7) -> str:
        exact = f"2024-{random.randrange(first_month, last_month + 1):02}-{random.choice((1, 2, 15, 28)):02}"
        return random.choice((exact,) * 8 + (exact[:7], exact[:4], "", "2024-02-31"))

    def cell(*values: str) -> str:
        return random.choice((*values, *values, ""))

    organizations: list[Row] = [{"id": "c1", "kind": "committee"}]
    for branch in BRANCHES:
        founded = random.choice(("2010-01-01", "2010-01-01", "2010-01-01", "2024-02-15"))
        organizations.append({"id": branch, "kind": "branch", "parent": "c1", "founded_on": founded, "size": cell("2", "3", "9")})
    organizations += [{"id": division, "kind": "division", "staff": cell("0", "2", "3", "8")} for division in DIVISIONS]
    events: list[Row] = []
    tenures: list[Row] = []
    plans: list[Row] = []
    edges: list[Row] = []
    waivers: list[Row] = []
    feeds: list[Row] = []
    for branch in BRANCHES:
        for kind in ("meeting", "meeting", "meeting", "order", "report"):
            if random.random() < 0.7:
                row = {"id": f"e{len(events)}", "organization": branch, "kind": kind, "date": day(), "held": random.choice(("", "", "", "", "no", "unclear"))}
                events.append(row | ({"score": cell("4", "5", "9", "11")} if kind == "meeting" else {}))
        for _ in range(random.randrange(3)):
            row = {"id": f"t{len(tenures)}", "organization": branch, "role": "head", "person": f"p{len(tenures)}", "from_date": day(1, 4) or "2020-01-01"}
            tenures.append(row | {"until_date": random.choice(("", "", "2024-06-30", "2024-07-15")), "full_time": cell("yes", "no")})
        for _ in range(random.randrange(3)):
            row = {"id": f"q{len(plans)}", "organization": branch, "kind": "plan", "date": day(1, 4) or "2020-01-01"}
            plans.append(row | {"valid_until": random.choice(("", "", "2024-06-30", "2024-12-31")), "items": cell("goal;tasks", "goal", "tasks;goal;more")})
        for _ in range(random.randrange(3)):
            row = {"id": f"x{len(edges)}", "source": random.choice(DIVISIONS), "target": branch, "kind": "covers"}
            edges.append(row | {"valid_from": random.choice(("", "", "2024-03-01", "2024-07", "2024"))})
        for requirement in IDS:
            if random.random() < 0.15:
                row = {"id": f"w{len(waivers)}", "organization": branch, "requirement": requirement, "reason": "flood", "approved_by": "c1"}
                waivers.append(row | {"from_date": "2024-01-01", "until_date": random.choice(("2024-04-30", "2024-12-31", "2024"))})
        for table, kinds in (("events", ("meeting", "report")), ("tenures", ("head",)), ("evidence", ("plan",)), ("waivers", IDS)):
            if random.random() < 0.12:
                span = random.choice(({"from_date": "2024-02-01", "until_date": "2024-02-10"}, {"from_date": "2024-04-01"}, {}))
                feeds.append({"id": f"f{len(feeds)}", "table": table, "kind": random.choice(kinds), "organization": branch, "complete": "no"} | span)
    return {
        "organizations": organizations,
        "events": events,
        "tenures": tenures,
        "evidence": plans,
        "relations": edges,
        "waivers": waivers,
        "feeds": feeds or [{"id": "f0", "table": "events", "kind": "report", "organization": "b1", "complete": "yes"}],
    }

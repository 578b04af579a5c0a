"""What the service answers is what the library says, and what is wrong is told in one form."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import mofan_rules as mr
from mofan_rules.sessions.as_json import forecast_data, verdict_data
from mofan_rules.sessions.forecast import forecast
from tests.cli.sample import EVENTS, ORGANIZATIONS
from tests.cli.test_derive import sample as sample_that_derives
from tests.service.serving import ABOUT, Served, codes

GIVEN: dict[str, Any] = {
    "organizations": [{"id": one.split(",")[0], "name": one.split(",")[1], "kind": "club"} for one in ORGANIZATIONS.splitlines()[1:]],
    "events": [{"id": one[0], "organization": one[1], "kind": one[2], "date": one[3]} for one in (line.split(",") for line in EVENTS.splitlines()[1:])],
    "complete": ["waivers"],
}
"""The facts of the sample, as a request has them."""


def library(service: Served) -> tuple[mr.Ruleset, mr.Facts]:
    return mr.load_ruleset(service.folder / "ruleset"), mr.load_facts(service.folder / "facts")


def test_evaluate_writes_the_report(service: Served, tmp_path: Path) -> None:
    """Byte for byte that of the library, which its schema describes; facts in the request say the same as those in files."""
    asked = {"ruleset": "ruleset", "as_of": "2025-01-15", "period": "2024", "executor": "interpreter"}
    answer = service.client.post("/evaluate", json=asked | {"facts_from": "facts"})
    mr.evaluate(*library(service), "2025-01-15", "2024", executor="interpreter").write(tmp_path / "report.json")
    assert answer.content == (tmp_path / "report.json").read_bytes()
    jsonschema.validate(answer.json(), json.loads(Path("docs/report.schema.json").read_text()))
    given = service.post("/evaluate", asked | {"facts": GIVEN})
    assert given["verdicts"] == answer.json()["verdicts"]
    assert given["facts"]["rows"] == {"events": {"read": 4, "admitted": 4, "rejected": 0}, "organizations": {"read": 2, "admitted": 2, "rejected": 0}}


def test_a_table_that_is_not_given_is_not_supplied(service: Served) -> None:
    """An empty one is; without facts there is nothing to judge."""
    asked = {"ruleset": "ruleset", "as_of": "2025-01-15", "period": "2024"}
    clubs = {"organizations": GIVEN["organizations"]}
    for facts, state in ((clubs, "unknown"), (clubs | {"events": [], "complete": "all"}, "violated")):
        found = service.post("/evaluate", asked | {"facts": facts})
        assert {verdict["state"] for verdict in found["verdicts"]} == {state}
    assert service.post("/evaluate", asked)["verdicts"] == []


def test_known_at_hides_what_came_later(service: Served) -> None:
    late = {"id": "9", "organization": "b", "kind": "meeting", "date": "2024-02-02", "recorded_on": "2024-09-09"}
    facts = GIVEN | {"events": [*GIVEN["events"], late]}
    asked = {"ruleset": "ruleset", "facts": facts, "as_of": "2025-01-15", "period": "2024Q1"}
    states = []
    for known in ("2024-09-08", "2024-09-09"):
        found = service.post("/evaluate", asked | {"known_at": known})["verdicts"]
        states += [one["state"] for one in found if one["requirement"] == "meet" and one["subject"] == "b"]
    assert states == ["violated", "satisfied"]


def test_explain_and_due_say_what_the_library_says(service: Served) -> None:
    ruleset, facts = library(service)
    evaluation = mr.evaluate(ruleset, facts, "2024-05-15")
    wanted = evaluation.explain("乙社", "meet", "2024Q1")
    asked = {"ruleset": "ruleset", "facts_from": "facts", "as_of": "2024-05-15"}
    found = service.post("/explain", asked | {"organization": "乙社", "requirement": "meet", "window": "2024Q1"})
    assert found == {"explanation": wanted.data(), "text": {"zh": wanted.text("zh"), "en": wanted.text("en")}}
    until = date(2024, 12, 31)
    dues = forecast(ruleset.program, evaluation.facts, evaluation.context, until, "interpreter")
    assert [(one.on.isoformat(), one.becomes and one.becomes.state) for one in dues] == [("2024-06-01", "violated"), ("2024-07-01", "violated")]
    assert service.post("/due", asked | {"until": "2024-12-31", "executor": "interpreter"}) == forecast_data(date(2024, 5, 15), until, dues)


def test_a_session_says_what_the_library_says(service: Served) -> None:
    """Record, correct, withdraw, advance; verdicts, explanation and forecast after all of it."""
    state = service.session("all")
    assert (state["name"], state["recorded"], state["as_of"]) == ("all", 0, "2024-12-31")
    path = "/sessions/all"
    with mr.open_session(*library(service), as_of="2024-12-31") as session:
        event = {"id": "n1", "organization": "b", "kind": "meeting", "date": "2024-02-02"}
        calls = (
            ("facts", {"events": [event], "tenures": [{"id": "t", "organization": "nowhere", "role": "x"}]}),
            ("corrections", {"id": "n1", "table": "events", "fact": event | {"id": "n2", "date": "2024-05-05"}}),
            ("withdrawals", {"id": "1", "table": "events"}),
            ("advance", {"as_of": "2025-01-15"}),
        )
        done = (
            session.record_many([mr.Event(**event), mr.Tenure(id="t", organization="nowhere", role="x")]),
            session.correct("n1", mr.Event(**event | {"id": "n2", "date": "2024-05-05"})),
            session.withdraw("1", "events"),
            session.advance("2025-01-15"),
        )
        for (call, body), wanted in zip(calls, done, strict=True):
            found = service.post(f"{path}/{call}", body)
            assert [one["reason"]["en"] for one in found["rejected"]] == [one.reason_en for one in wanted.rejected]
            assert len(found["ids"]) == len(wanted.ids)
            told = [(one["requirement"], one["subject"], one["before"], one["after"], one["message"]["zh"]) for one in found["changes"]]
            assert told == [
                (one.verdict.requirement, one.verdict.subject, one.before and one.before.state, one.after and one.after.state, one.why("zh")) for one in wanted
            ]
        rows = [verdict_data(row) for row in session.verdicts().rows()]
        explained = session.explain("b", "meet")
        due = forecast_data(session.as_of, date(2025, 3, 31), session.due("2025-03-31"))
    assert service.get(f"{path}/verdicts") == {"as_of": "2025-01-15", "total": len(rows), "offset": 0, "verdicts": rows}
    assert service.get(f"{path}/explain", organization="b", requirement="meet")["explanation"] == explained.data()
    assert service.get(path)["as_of"] == "2025-01-15"
    assert service.get(path)["recorded"] == 4
    assert service.get(f"{path}/due", until="2025-03-31") == due
    assert len(due["due"]) == 2
    assert "all" in service.get("/sessions")


def test_a_session_that_derives_says_what_follows(service: Served) -> None:
    """A reminder goes when the meeting is recorded after all; a session that does not derive says it when it is asked."""
    folder = service.folder / "reminding"
    folder.mkdir()
    ruleset, _ = sample_that_derives(folder)[:2]
    about = {"ruleset": str(Path(ruleset).relative_to(service.folder)), "as_of": "2024-08-01", "executor": "interpreter"}
    reminders = [
        {"kind": "reminder", "organization": "b", "date": day, "attributes": {"quarter": quarter, "times": 2}}
        for day, quarter in (("2024-04-01", "2024-01-01"), ("2024-07-01", "2024-04-01"))
    ]
    late = {"events": [{"id": "late", "organization": "b", "kind": "meeting", "date": "2024-02-02"}]}
    for name, derive in (("reminding", True), ("silent", False)):
        service.session(name, **about, derive=derive)
        assert service.get(f"/sessions/{name}/derived") == {"as_of": "2024-08-01", "derived": reminders}
        answer = service.post(f"/sessions/{name}/facts", late)
        assert (answer["derived"], answer["withdrawn"]) == ([], reminders[:1] if derive else [])
        assert service.get(f"/sessions/{name}/derived")["derived"] == reminders[1:]


def test_verdicts_are_chosen_and_paged(service: Served) -> None:
    service.session("paged")
    every = service.get("/sessions/paged/verdicts")["verdicts"]
    chosen = service.get("/sessions/paged/verdicts", organization="b", requirement="trial", state="violated", offset=2, limit=3)
    wanted = [one for one in every if (one["subject"], one["requirement"], one["state"]) == ("b", "trial", "violated")]
    assert (chosen["total"], chosen["offset"], chosen["verdicts"]) == (len(wanted), 2, wanted[2:5])
    assert len(wanted) > 5


def test_a_session_is_made_once(service: Served) -> None:
    """The same again is the same, also when its day has moved on; anything else of that name is refused."""
    facts = GIVEN | {"events": [event | {"attributes": {"n": 1.5, "m": None}} for event in GIVEN["events"]]}
    about = {"ruleset": "ruleset", "facts": facts, "as_of": "2024-12-31"}
    put = service.client.put
    assert put("/sessions/once", json=about).status_code == 201
    service.post("/sessions/once/advance", {"as_of": "2025-01-01"})
    again = put("/sessions/once", json=about)
    assert (again.status_code, again.json()["as_of"]) == (200, "2025-01-01")
    other = put("/sessions/once", json=about | {"period": "2024"})
    assert (other.status_code, codes(other)) == (409, ["other-session"])


def test_what_cannot_be_made_leaves_nothing_behind(service: Served) -> None:
    """A ruleset that is wrong is told with the place in its file, named as requests name it."""
    bad = service.folder / "bad"
    bad.mkdir()
    (bad / "ruleset.yaml").write_text("ruleset: bad\nversion: '1'\nnonsense: 1\n")
    for answer in (
        service.client.put("/sessions/bad", json=ABOUT | {"ruleset": "bad"}),
        service.client.post("/evaluate", json=ABOUT | {"ruleset": "bad"}),
    ):
        assert answer.status_code == 422
        [problem] = [one for one in answer.json()["diagnostics"] if one["code"] == "unknown-key"]
        assert (problem["file"], problem["line"], problem["column"]) == ("bad/ruleset.yaml", 3, 1)
    assert codes(service.client.get("/sessions/bad")) == ["no-such-session"]


def test_a_ruleset_that_has_changed_is_read_again(service: Served) -> None:
    path = service.folder / "changing"
    path.mkdir()
    for file in (service.folder / "ruleset").iterdir():
        (path / file.name).write_bytes(file.read_bytes())
    asked = ABOUT | {"ruleset": "changing"}
    first = service.post("/evaluate", asked)
    text = (path / "requirements.yaml").read_text()
    (path / "requirements.yaml").write_text(text.split("  - id: trial")[0])
    assert {one["id"] for one in first["requirements"]} - {one["id"] for one in service.post("/evaluate", asked)["requirements"]} == {"trial"}


@pytest.mark.parametrize(
    "name", ["../outside", "ruleset/../../outside", "/etc", ".", "..", "link", "ruleset/ruleset.yaml", "a\0b", "x" * 200, "ruleset\\..", "journals"]
)
def test_nothing_outside_the_folders_is_opened(service: Served, name: str) -> None:
    outside = service.folder.parent / "outside"
    if not outside.exists():
        outside.mkdir()
        for file in (service.folder / "ruleset").iterdir():
            (outside / file.name).write_bytes(file.read_bytes())
        (service.folder / "link").symlink_to(outside)
    assert mr.load_ruleset(outside)
    for asked, code in (({"ruleset": name}, "no-such-ruleset"), ({"facts_from": name}, "no-such-facts")):
        answer = service.client.post("/evaluate", json=ABOUT | asked)
        assert answer.status_code == 422
        if code == "no-such-ruleset" or name not in ("ruleset/ruleset.yaml", "journals"):
            assert codes(answer) == [code]


@pytest.mark.parametrize(
    ("body", "status", "code", "at"),
    [
        ({}, 422, "missing-field", "body.ruleset"),
        (ABOUT | {"as_of": "2024-02-30"}, 422, "wrong-field", "body.as_of"),
        (ABOUT | {"as_of": "0999-12-31"}, 422, "wrong-field", "body.as_of"),
        (ABOUT | {"period": "2024Q5"}, 422, "bad-period", None),
        (ABOUT | {"executor": "duckbd"}, 422, "wrong-field", "body.executor"),
        (ABOUT | {"executor": "spark"}, 422, "wrong-field", "body.executor"),
        (ABOUT | {"facts": {}}, 422, "facts-given-twice", None),
        ({"ruleset": "ruleset", "as_of": "2024-12-31", "facts": {"events": [{"when": "x"}]}}, 422, "unknown-field", "body.facts.events.0.when"),
        ({"ruleset": "ruleset", "as_of": "2024-12-31", "facts": {"meetings": []}}, 422, "unknown-field", "body.facts.meetings"),
        ({"ruleset": "ruleset", "as_of": "2024-12-31", "facts": {"events": [{"id": 7}]}}, 422, "wrong-field", "body.facts.events.0.id"),
        ([], 422, "wrong-field", "body"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(service: Served, body: object, status: int, code: str, at: str | None) -> None:
    answer = service.client.post("/evaluate", json=body)
    assert (answer.status_code, codes(answer)[0], answer.json()["diagnostics"][0]["at"]) == (status, code, at)
    if "executor" in str(at) and "duckbd" in str(body):
        assert "duckdb" in answer.json()["diagnostics"][0]["hint"]["en"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/sessions/none", None, 404, "no-such-session"),
        ("POST", "/sessions/none/facts", {}, 404, "no-such-session"),
        ("GET", "/sessions/none/changes", None, 404, "no-such-session"),
        ("GET", "/sessions/..%2Fruleset", None, 404, "no-such-page"),
        ("GET", "/sessions/.hidden", None, 422, "wrong-field"),
        ("DELETE", "/evaluate", None, 405, "wrong-method"),
        ("GET", "/nowhere", None, 404, "no-such-page"),
        ("POST", "/explain", ABOUT | {"organization": "a", "requirement": "met"}, 422, "no-such-requirement"),
        ("POST", "/explain", ABOUT | {"organization": "c", "requirement": "meet"}, 422, "unknown-organization"),
        ("POST", "/due", ABOUT | {"until": "2024-12-31"}, 422, "until-not-after"),
    ],
)
def test_each_problem_has_its_status(service: Served, method: str, path: str, body: object, status: int, code: str) -> None:
    answer = service.client.request(method, path, json=body)
    assert (answer.status_code, codes(answer)[0]) == (status, code)


def test_facts_that_a_session_cannot_take_change_nothing(service: Served) -> None:
    """All or none: a column that neither the table nor the ruleset knows."""
    service.session("whole")
    event = {"id": "n1", "organization": "b", "kind": "meeting", "date": "2024-02-02"}
    answer = service.client.post("/sessions/whole/facts", json={"events": [event, event | {"id": "n2", "attributes": {"weather": "fine"}}]})
    assert (answer.status_code, codes(answer)) == (422, ["unknown-fact-column"])
    assert service.get("/sessions/whole")["recorded"] == 0
    for body, code in (({"id": "none"}, "no-such-fact"), ({"id": "none", "table": "meetings"}, "wrong-field")):
        answer = service.client.post("/sessions/whole/withdrawals", json=body)
        assert (answer.status_code, codes(answer)) == (422, [code])


def test_the_page_and_the_document_need_nothing_from_elsewhere(service: Served) -> None:
    page = service.client.get("/docs").text
    assert "https://" not in page
    assert "/static-offline-docs/swagger-ui-bundle.js" in page
    assert service.client.get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200
    paths = service.get("/openapi.json")["paths"]
    assert {"/evaluate", "/explain", "/due", "/health", "/metrics", "/sessions/{name}/facts", "/sessions/{name}/changes"} <= set(paths)


def test_metrics_name_nobody(service: Served) -> None:
    """Numbers by route; a path that is none has no line of its own."""
    service.session("secret-name")
    service.post("/sessions/secret-name/facts", {"events": [{"id": "n1", "organization": "b", "kind": "meeting", "date": "2024-02-02"}]})
    service.client.get("/some/other/secret")
    text = service.client.get("/metrics").text
    assert "secret" not in text
    assert service.metric("mofan_facts_recorded_total") >= 1
    assert service.metric("mofan_verdicts_changed_total") >= 2
    assert 'route="/sessions/{name}/facts",status="200"' in text
    assert service.metric("mofan_sessions_open") >= 1

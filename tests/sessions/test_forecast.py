"""What falls due is what evaluating every day anew would say; and calendars can read it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import vobject

import mofan_rules as mr
from mofan_rules import pipeline
from mofan_rules.facts import AdmittedFacts
from mofan_rules.ir.program import Context, Program, Snapshot
from mofan_rules.ruleset import load_texts
from mofan_rules.sessions.calendar_file import calendar
from mofan_rules.sessions.forecast import Due, forecast
from mofan_rules.verdicts.table import Verdict
from tests.cases import admitted, ruleset_texts
from tests.sessions.sample import RULESET, opened, ruleset
from tests.sessions.world import Course

DAYS = 20
SEEDS = (2, 4)
"""`--sessions N` follows N scenarios."""


def day_by_day(program: Program, facts: AdmittedFacts, context: Context, until: date) -> list[tuple[Verdict, date, Verdict | None]]:
    """Evaluate every day, for the same period, and note when what was pending is so no more. A state of the as-of date is the same one on each day."""
    moving = {one.header.requirement for one in program.judgements if isinstance(one.windows, Snapshot)}

    def table(day: date) -> dict[tuple[object, ...], Verdict]:
        rows = pipeline.run("interpreter", program, facts, Context(day, context.period_first, context.period_last)).rows()
        return {(row.requirement, row.subject, row.key, *(() if row.requirement in moving else row[3:5])): row for row in rows}

    waiting = {key: row for key, row in table(context.as_of).items() if row.state == "pending"}
    found: list[tuple[Verdict, date, Verdict | None]] = []
    day = context.as_of
    while day < until:
        day += timedelta(days=1)
        now = table(day)
        for key, row in list(waiting.items()):
            other = now.get(key)
            if other is None or other.state != "pending":
                found.append((waiting.pop(key), day, other))
                assert row is found[-1][0]
    return found


def told(dues: tuple[Due, ...]) -> list[tuple[Verdict, date, Verdict | None]]:
    return [(due.verdict, due.on, due.becomes) for due in dues]


def test_a_forecast_is_what_every_day_would_say(request: pytest.FixtureRequest) -> None:
    """On random programs and facts, also such as begin or end in the future."""
    wanted = request.config.getoption("--sessions")
    flips = 0
    for seed in range(wanted // 25) if wanted else SEEDS:
        course = Course(seed, share=1)
        case = course.scenario.case()
        # asked where much is open, while facts are known that lie in the future
        context = Context(case.as_of - timedelta(days=60), case.context.period_first, case.context.period_last)
        until = context.as_of + timedelta(days=DAYS)
        facts = admitted(case, course.ruleset.program.vocabulary)
        found = told(forecast(course.ruleset.program, facts, context, until, "interpreter"))
        expected = day_by_day(course.ruleset.program, facts, context, until)
        facts.connection.close()
        assert sorted(map(str, found)) == sorted(map(str, expected)), seed
        flips += len(found)
    assert flips > 5


def test_days_on_which_nothing_can_change_are_not_looked_at() -> None:
    looked: list[date] = []
    with opened() as session:
        facts = pipeline.admit(ruleset(), session.facts())
        dues = forecast(ruleset().program, facts, session.context, date(2024, 7, 31), "interpreter", looked.append)
    assert [(due.verdict.requirement, due.verdict.subject, due.on) for due in dues] == [
        ("assembly", "b1", date(2024, 7, 1)),
        ("assembly", "b2", date(2024, 7, 1)),
        ("share", "c", date(2024, 7, 1)),
    ]
    assert len(looked) < 12


def test_what_is_waived_may_decide_a_roll_up_once_it_is_due() -> None:
    """The months of an any-of roll-up: February is waived until its grace is over, on a Monday, and satisfied from the next day on."""
    seldom = {"id": "seldom", "kind": "occurrence", "subject": "branch", "event": "assembly", "at_most": "1", "every": "month"} | {
        "grace": "4天",
        "modality": "should",
    }
    once = {"id": "once", "kind": "rollup", "subject": "branch", "of": ["seldom"], "every": "year", "at_least": "1", "partial": "require"}
    rules = load_texts(ruleset_texts({**RULESET, "requirements": [seldom, once]}))
    waiver = {"id": "w", "organization": "b", "requirement": "seldom", "from_date": "2024-02-01", "until_date": "2024-02-29", "reason": "flood"}
    branch = {"id": "b", "kind": "branch", "founded_on": "2024-02-01"}
    facts = pipeline.admit(rules, mr.Facts(organizations=[branch], events=[], waivers=[waiver], complete="all"))
    context = Context(date(2024, 3, 2), date(2024, 1, 1), date(2024, 12, 31))
    dues = forecast(rules.program, facts, context, date(2024, 4, 30), "interpreter")
    facts.connection.close()
    assert [(due.verdict.requirement, due.verdict.window_until, due.on, due.becomes and due.becomes.state) for due in dues] == [
        ("once", date(2024, 12, 31), date(2024, 3, 5), "satisfied"),
        ("seldom", date(2024, 3, 31), date(2024, 4, 5), "satisfied"),
    ]


def test_a_session_says_what_falls_due() -> None:
    """With what has been recorded; a vacancy is forgiven until its grace is over."""
    with opened(
        as_of="2024-06-15", tenures=[{"organization": "b1", "role": "secretary", "person": "p", "from_date": "2020-01-01", "until_date": "2024-06-01"}]
    ) as session:
        session.record(mr.Event(organization="b1", kind="assembly", date="2024-05-01"))
        dues = session.due("2024-07-15")
        assert [(due.verdict.requirement, due.verdict.subject, due.on, due.becomes and due.becomes.state) for due in dues] == [
            ("assembly", "b2", date(2024, 7, 1), "violated"),
            ("share", "c", date(2024, 7, 1), "violated"),
            ("secretary", "b1", date(2024, 7, 3), "violated"),
        ]


def test_a_calendar_program_reads_the_file() -> None:
    """By a parser that has nothing to do with the writer: one all-day event a duty, on its last day, with the same uid in each file."""
    with opened() as session:
        dues = session.due("2024-07-15")
        made = datetime(2024, 6, 15, 8, tzinfo=UTC)
        file = calendar(dues, ruleset().catalogue, {"b1": "支部一、二"}, made)
        again = calendar(session.due("2024-07-15"), ruleset().catalogue, {}, made + timedelta(days=1))
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    read, later = (list(vobject.readOne(one.decode()).vevent_list) for one in (file, again))
    assert [event.uid.value for event in read] == [event.uid.value for event in later]
    assert len({event.uid.value for event in read}) == 3
    first = read[0]
    assert first.dtstart.value == date(2024, 6, 30)
    assert first.dtend.value == date(2024, 7, 1)
    assert first.summary.value == "支部一、二：an assembly a quarter"
    assert "未" in first.description.value or "不足" in first.description.value


def test_the_command_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table, as JSON, and as a calendar in a file."""
    import json

    from mofan_rules.cli import main

    asked = ["due", "rulesets/mofan-minimal", "rulesets/mofan-minimal/example", "--as-of", "2024-12-30", "--until", "2025-01-01", "--lang", "zh"]
    assert main([*asked, "--format", "json"]) == 0
    told_json = json.loads(capsys.readouterr().out)
    assert told_json["due"]
    assert {due["becomes"] for due in told_json["due"]} <= {"violated", "unknown", "satisfied", "waived", "not_applicable", None}
    assert main(asked) == 0
    assert told_json["due"][0]["subject"] in capsys.readouterr().out
    target = tmp_path / "due.ics"
    assert main([*asked, "-o", str(target)]) == 0
    assert len(list(vobject.readOne(target.read_text(encoding="utf-8")).vevent_list)) == len(told_json["due"])
    assert main([*asked[:-4], "--until", "2024-12-30"]) == 2

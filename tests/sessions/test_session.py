"""A session, call by call."""

import threading
from datetime import date

import pytest
from pydantic import ValidationError

import mofan_rules as mr
from mofan_rules.diagnostics import QuestionError
from mofan_rules.ruleset import load_texts
from mofan_rules.sessions import Changes
from tests.cases import ruleset_texts
from tests.sessions.sample import RULESET, facts, opened, ruleset, states


def told(changes: Changes) -> list[tuple[str, str, str | None, str | None]]:
    """Changes in short."""
    return [
        (change.verdict.requirement, change.verdict.subject, change.before and change.before.state, change.after and change.after.state) for change in changes
    ]


def test_a_fact_tells_what_it_changed_ancestors_included() -> None:
    """The branch's verdict, and the roll-up of its committee, in the order of verdict tables."""
    with opened(as_of="2024-07-15") as session:
        assert states(session, "assembly")["b1", "2024-04"] == "violated"
        changes = session.record(mr.Event(id="e3", organization="b1", kind="assembly", date=date(2024, 5, 1), expected=4, attended=3))
        assert told(changes) == [("assembly", "b1", "violated", "satisfied"), ("quorum", "b1", "pending", "satisfied"), ("share", "c", "violated", "violated")]
        assert changes.ids == ("e3",)
        assert changes[0].why("en") == "met: at least 1 required, 1 or more found"
        assert changes[0].why("zh")
        share = [change for change in session.record(mr.Event(organization="b2", kind="assembly", date="2024-06-30")) if change.verdict.requirement == "share"]
        assert [change.after.state for change in share if change.after] == ["pending"]


def test_a_fact_that_changes_nothing_tells_nothing() -> None:
    with opened() as session:
        assert not session.record(mr.Event(organization="b1", kind="lecture", date="2024-05-01"))


def test_a_fact_without_an_id_gets_one() -> None:
    """By this id it can be corrected and withdrawn."""
    with opened() as session:
        [identifier] = session.record(mr.Event(organization="b1", kind="assembly", date="2024-05-01")).ids
        assert states(session, "assembly")["b1", "2024-04"] == "satisfied"
        session.correct(identifier, mr.Event(organization="b2", kind="assembly", date="2024-05-01"))
        assert states(session, "assembly") == {
            ("b1", "2024-01"): "satisfied",
            ("b1", "2024-04"): "pending",
            ("b2", "2024-01"): "satisfied",
            ("b2", "2024-04"): "satisfied",
        }


def test_an_id_that_is_given_is_not_there_already() -> None:
    """Facts that an earlier session recorded may be among those of the beginning."""
    earlier = [{"id": "session-000000001", "organization": "b1", "kind": "lecture", "date": "2024-01-01"}]
    with opened(events=earlier) as session:
        both = [mr.Event(organization="b1", kind="assembly", date="2024-05-01"), mr.Event(id=" ", organization="b2", kind="assembly", date="2024-05-01")]
        assert session.record_many(both).ids == ("session-000000002", "session-000000003")
        assert not session.rejected()


def test_a_fact_of_the_beginning_is_withdrawn() -> None:
    with opened() as session:
        changes = session.withdraw("e1")
        assert told(changes)[0] == ("assembly", "b1", "satisfied", "violated")
        assert not session.rejected()


def test_what_nobody_knows_cannot_be_withdrawn() -> None:
    with opened(evidence=[{"id": "e1", "organization": "b1", "kind": "plan", "date": "2024-01-01"}]) as session:
        with pytest.raises(QuestionError, match="no-such-fact"):
            session.withdraw("nothing")
        with pytest.raises(QuestionError, match="no-such-fact"):
            session.correct("b1", mr.Event(organization="b1", kind="lecture", date="2024-05-01"))
        with pytest.raises(QuestionError, match="several-facts"):
            session.withdraw("e1")
        assert told(session.withdraw("e1", "events"))


def test_a_row_waits_for_the_one_that_it_needs() -> None:
    """Rejected only for want of an organization, or of an event, it is tried again when that arrives (SEMANTICS section 1.7)."""
    with opened() as session:
        changes = session.record(mr.Event(id="e9", organization="b3", kind="assembly", date="2024-05-01"))
        assert [(one.code, one.value) for one in changes.rejected] == [("dangling_reference", "b3")]
        session.record(mr.Organization(id="b3", kind="branch", parent="c", founded_on="2024-01-01"))
        assert states(session, "assembly")["b3", "2024-04"] == "satisfied"
        assert not session.rejected()
        session.record(mr.Tenure(organization="b3", role="member", person="p1", from_date="2024-01-01"))
        assert session.record(mr.Attendance(event="later", person="p1", present=True)).rejected
        changes = session.record(mr.Event(id="later", organization="b3", kind="assembly", date="2024-05-03"))
        assert ("quorum", "b3", "pending", "satisfied") in told(changes)


def test_facts_that_come_together_are_taken_together() -> None:
    """All of them or none; what changed is told once."""
    with opened() as session:
        many = [mr.Event(organization=branch, kind="assembly", date="2024-05-01") for branch in ("b1", "b2", "b1")]
        assert told(session.record_many(many))[:2] == [("assembly", "b1", "pending", "satisfied"), ("assembly", "b2", "pending", "satisfied")]
        before = list(session.verdicts())
        with pytest.raises(QuestionError, match="unknown-fact-column"):
            session.record_many([*many, mr.Event(organization="b1", kind="assembly", date="2024-05-01", attributes={"topik": "x"})])
        assert list(session.verdicts()) == before
        assert not session.record_many([])


def test_a_cell_that_cannot_be_read_is_rejected_as_in_a_file() -> None:
    """Nothing is lost silently: the row stands among the rejected ones, and leaves unknown what it could have decided."""
    with opened(as_of="2024-07-15") as session:
        changes = session.record(mr.Event(organization="b1", kind="assembly", date="2024-13-01"))
        assert [one.code for one in changes.rejected] == ["bad_date"]
        assert ("assembly", "b1", "violated", "unknown") in told(changes)


def test_a_column_that_is_none_is_refused() -> None:
    """An attribute that the ruleset declares is a column; a word that is nothing is a mistake, and is told with what was meant."""
    with opened() as session:
        assert session.record(mr.Event(organization="b1", kind="assembly", date="2024-05-01", attributes={"topic": "plans"}))
        with pytest.raises(QuestionError, match="unknown-fact-column") as raised:
            session.record(mr.Event(organization="b1", kind="assembly", date="2024-05-01", attributes={"topc": "plans"}))
        assert "topic" in str(raised.value.diagnostics[0])
    with pytest.raises(ValidationError):
        mr.Event.model_validate({"organization": "b1", "kind": "assembly", "dat": "2024-05-01"})


def test_time_passes() -> None:
    with opened() as session:
        changes = session.advance("2024-07-01")
        assert ("assembly", "b1", "pending", "violated") in told(changes)
        assert session.as_of == date(2024, 7, 1)
        assert ("assembly", "b1", None, "pending") in told(changes)
        with pytest.raises(QuestionError, match="bad-date"):
            session.advance("tomorrow")


def test_recording_of_a_table_that_was_not_supplied_does_not_make_it_complete() -> None:
    """That one meeting is recorded does not say that no other was held."""
    only = mr.Facts(organizations=[{"id": "b1", "kind": "branch", "founded_on": "2020-01-01"}])
    with mr.open_session(ruleset(), only, "2024-07-15", executor="interpreter") as session:
        session.record(mr.Event(organization="b1", kind="assembly", date="2024-05-01"))
        assert states(session, "assembly") == {("b1", "2024-01"): "unknown", ("b1", "2024-04"): "satisfied", ("b1", "2024-07"): "pending"}
        session.record(mr.Feed(of="events", complete=True))
        assert states(session, "assembly")["b1", "2024-01"] == "unknown", "of two feeds the incomplete one wins"
        session.record(mr.Feed(of="events", organization="b1", complete=True))
        assert states(session, "assembly")["b1", "2024-01"] == "violated"


def test_a_verdict_is_explained_by_the_facts_as_they_are() -> None:
    with opened() as session:
        session.record(mr.Event(id="e7", organization="b1", kind="assembly", date="2024-05-01"))
        assert "e7" in str(session.explain("b1", "assembly", "2024Q2").data())


def test_subscribers_are_told_in_order_and_disturb_nobody() -> None:
    """One raises, one is slow: recording goes on, and the end waits until all has been told."""
    heard: list[str] = []
    go = threading.Event()

    def slow(changes: Changes) -> None:
        go.wait(20)
        heard.append(changes.ids[0])

    def raising(changes: Changes) -> None:
        raise RuntimeError("a subscriber's own fault")

    with opened() as session:
        session.subscribe(raising)
        end = session.subscribe(slow)
        for number, branch in enumerate(("b1", "b2")):
            session.record(mr.Event(id=f"n{number}", organization=branch, kind="assembly", date="2024-05-01"))
        assert not heard
        end()
        session.withdraw("n0")
        go.set()
    assert heard == ["n0", "n1"]
    assert not [thread for thread in threading.enumerate() if thread.name == "mofan-subscribers"]


def test_several_threads_may_record() -> None:
    """No fact is lost or counted twice, and the verdicts are those of a batch run."""
    with opened() as session:

        def work(name: str) -> None:
            for number in range(12):
                session.record(mr.Event(id=f"{name}{number}", organization="b1", kind="assembly", date=f"2024-05-{number + 1:02}"))

        threads = [threading.Thread(target=work, args=(name,)) for name in "xyz"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = mr.evaluate(ruleset(), session.facts(), session.as_of, executor="interpreter").verdicts
        assert list(found) == list(session.verdicts())


def test_a_closed_session_says_so() -> None:
    session = opened()
    session.close()
    session.close()
    with pytest.raises(QuestionError, match="session-closed"):
        session.verdicts()


def test_the_facts_of_a_session_know_when_they_were_recorded() -> None:
    """So the verdicts as they were known on a past day are computed from them."""
    with opened(as_of="2024-05-01") as session:
        session.record(mr.Event(organization="b1", kind="assembly", date="2024-04-30"))
        session.advance("2024-06-01")
        session.record(mr.Event(organization="b2", kind="assembly", date="2024-04-30"))
        known = mr.evaluate(ruleset(), session.facts(), "2024-06-01", known_at="2024-05-15", executor="interpreter").verdicts
        held = {row.subject for row in known if row.requirement == "assembly" and row.state == "satisfied" and row.window_from == date(2024, 4, 1)}
        assert held == {"b1"}
        assert facts().supplied == session.facts().supplied


def test_a_roll_up_looks_beyond_the_period_that_is_asked() -> None:
    """A roll-up by the year counts quarters that a period of one quarter does not show: an event of such a quarter changes it all the same."""
    document = {**RULESET, "requirements": [one | ({"every": "year"} if one["id"] == "share" else {}) for one in RULESET["requirements"]]}
    yearly = load_texts(ruleset_texts(document))
    with mr.open_session(yearly, facts(), "2024-06-15", period="2024Q2", executor="interpreter") as session:
        first = session.record(mr.Event(id="x", organization="b1", kind="assembly", date="2024-04-02"))
        assert [change.verdict.measured for change in first if change.verdict.requirement == "share"] == ["3..4/4"]
        session.record(mr.Event(organization="b2", kind="lecture", date="2024-05-01"))
        withdrawn = session.withdraw("e2")
        assert [change.verdict.measured for change in withdrawn if change.verdict.requirement == "share"] == ["2..3/4"]
        again = session.record(mr.Event(organization="b2", kind="assembly", date="2024-03-03"))
        assert "assembly" not in {change.verdict.requirement for change in again}
        assert [change.verdict.measured for change in again if change.verdict.requirement == "share"] == ["3..4/4"]
        found = mr.evaluate(yearly, session.facts(), session.as_of, period="2024Q2", executor="duckdb").verdicts
        assert list(found) == list(session.verdicts())

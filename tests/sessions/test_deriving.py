"""What follows in a session is what follows in a batch run on the final facts, after whatever was called; and each call says what came and what went.

`pytest tests/sessions/test_deriving.py --sessions 5000` follows more sequences than CI does.
"""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

import mofan_rules as mr
from mofan_rules import pipeline
from mofan_rules.evaluation.derived import Derived
from mofan_rules.executors.rete import missing as looked_up
from mofan_rules.ruleset import load_texts
from mofan_rules.sessions.changes import Changes
from mofan_rules.sessions.following import Following
from mofan_rules.verdicts.table import Verdict
from tests.cli.test_derive import sample
from tests.sessions.test_equality import Sessions
from tests.sessions.world import Course

pytestmark = pytest.mark.filterwarnings("ignore:derivations run on the interpreter")

SEQUENCES, WORLDS = 1, 3

seen: Counter[str] = Counter()
"""How often something came or went, so that a test that shows nothing is noticed."""


def plain(facts: tuple[Derived, ...]) -> Counter[tuple[object, ...]]:
    """Derived facts as values that can be counted."""
    return Counter((fact.kind, fact.organization, fact.date, tuple(fact.attributes.items())) for fact in facts)


class Deriving(Sessions):
    """The calls of the equality test, on random programs with random derivations."""

    @initialize(seed=st.integers(0, 100_000))
    def open(self, seed: int) -> None:
        self.course = Course(seed, derive=True)
        self.session = self.course.open()
        self.table: list[Verdict] = list(self.session.verdicts())
        self.recorded = []
        self.changed = None
        self.follows = plain(self.session.derived())
        self.told: list[Changes] = []
        tell = self.session._told
        self.session._told = lambda changes: self.told.append(changes) or tell(changes)  # type: ignore[func-returns-value, method-assign]

    @invariant()
    def what_came_and_went_is_told(self) -> None:
        for changes in self.told:
            derived, withdrawn = plain(changes.derived), plain(changes.withdrawn)
            assert not withdrawn - self.follows, "withdrawn what did not follow"
            self.follows = self.follows - withdrawn + derived
            seen.update(derived=len(changes.derived), withdrawn=len(changes.withdrawn))
        self.told.clear()
        if hasattr(self, "session"):
            assert plain(self.session.derived()) == self.follows
            assert not self.follows or max(self.follows.values()) == 1

    def teardown(self) -> None:
        if hasattr(self, "session"):
            evaluation = pipeline.evaluate(self.course.ruleset, self.session.facts(), self.session.as_of, self.course.scenario.period, executor="interpreter")
            assert self.session.derived() == evaluation.derived()
            evaluation.facts.connection.close()
        super().teardown()


def test_what_follows_equals_a_batch_run(request: pytest.FixtureRequest) -> None:
    wanted = request.config.getoption("--sessions")
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Deriving,
        settings=settings(
            max_examples=(wanted // 25 if wanted else SEQUENCES),
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=slow,
            database=None,
            derandomize=not wanted,
            phases=(Phase.generate, Phase.shrink) if wanted else (Phase.generate,),
        ),
    )
    assert not wanted or seen["derived"], "nothing has come, or this shows nothing"


RULESET = """
ruleset: case
version: "1"
vocabulary:
  organizations: {club: {}, committee: {}}
  events: {meeting: {}, lecture: {}, finding: {}, reminder: {}, talk: {}, alarm: {}}
  attributes: {about: {of: [reminder, talk], type: organization}, grade: {of: finding, type: integer}}
requirements:
  - {id: meet, kind: occurrence, subject: club, event: meeting, every: month, modality: should}
  - {id: learn, kind: occurrence, subject: club, event: lecture, every: month, modality: should}
derive:
  - id: missed
    if: [{verdict: [meet, learn], match: {subject: $club}}, {relation: part_of, match: {source: $club, target: $over}}]
    then: {event: reminder, organization: $over, attributes: {about: $club}}
  - id: twice
    if:
      - {verdict: meet, match: {subject: $club, next: $second}}
      - {verdict: meet, match: {subject: $club, window_from: $second}}
      - {relation: part_of, match: {source: $club, target: $over}}
    then: {event: talk, organization: $over, attributes: {about: $club}}
  - id: up
    if: [{derived: talk, match: {organization: $here, about: $club}}, {relation: part_of, match: {source: $here, target: $over}}]
    then: {event: talk, organization: $over, attributes: {about: $club}}
  - id: many
    if: {relation: part_of, match: {source: $here, target: $over}}
    count: {of: $club, at_least: 2, in: {derived: reminder, match: {organization: $here, about: $club}}}
    then: {event: alarm, organization: $over}
  - id: found
    if: {event: finding, where: grade >= 3, match: {organization: $club}}
    not: {derived: talk, match: {about: $club}}
    then: {event: alarm, organization: $club}
"""
"""Absence that is made good later, windows in a row, recursion up the tree, a count, a row beside a negation."""

CLUBS = ("a", "b", "c")
PARENTS = {"a": "left", "b": "left", "c": "right", "left": "top", "right": "top", "top": None}


class Supervision(RuleBasedStateMachine):
    """Meetings and findings of three clubs under two committees under one: most come as rows by themselves, and take back or bring what follows."""

    @initialize()
    def open(self) -> None:
        rows = [{"id": name, "kind": "club" if name in CLUBS else "committee", "parent": parent} for name, parent in PARENTS.items()]
        self.ruleset = load_texts({"ruleset.yaml": RULESET})
        self.session = mr.open_session(self.ruleset, mr.Facts(organizations=rows, complete="all"), "2024-02-15", "2024", executor="interpreter", derive=True)
        self.follows = plain(self.session.derived())
        self.ids: list[str] = []
        assert len(self.follows) == 4  # each club's January, and that one committee has two such clubs

    def _told(self, changes: Changes) -> None:
        derived, withdrawn = plain(changes.derived), plain(changes.withdrawn)
        assert not withdrawn - self.follows, "withdrawn what did not follow"
        self.follows = self.follows - withdrawn + derived
        assert plain(self.session.derived()) == self.follows
        seen.update(came=derived.total(), went=withdrawn.total())

    @rule(club=st.sampled_from(CLUBS), month=st.integers(1, 6), kinds=st.sampled_from((["meeting"], ["lecture"], ["meeting", "lecture"], ["meeting"] * 2)))
    def meet(self, club: str, month: int, kinds: list[str]) -> None:
        """A reminder of a month goes when neither is missed any more: two verdicts are found alike."""
        self._record([mr.Event(organization=club, kind=kind, date=f"2024-{month:02}-07") for kind in kinds])

    @rule(club=st.sampled_from(CLUBS), grade=st.integers(2, 4), times=st.sampled_from((1, 2)))
    def find(self, club: str, grade: int, times: int) -> None:
        """Two on one day are one find: when one of them is withdrawn, what follows stays."""
        self._record([mr.Event(organization=club, kind="finding", date="2024-01-20", attributes={"grade": grade}) for _ in range(times)])

    def _record(self, facts: list[mr.Event]) -> None:
        changes = self.session.record_many(facts)
        self.ids += changes.ids
        self._told(changes)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        identifier = data.draw(st.sampled_from(self.ids))
        self.ids.remove(identifier)
        self._told(self.session.withdraw(identifier))

    @rule(day=st.sampled_from(("2024-02-15", "2024-03-01", "2024-04-20", "2024-06-01")))
    def advance(self, day: str) -> None:
        """Forth or back."""
        self._told(self.session.advance(day))

    def teardown(self) -> None:
        """Compared after rows that come by themselves, since a whole evaluation before would hide what such rows did wrongly."""
        if hasattr(self, "session"):
            club = CLUBS[len(self.ids) % 3]
            for kind, executor in (("meeting", "interpreter"), ("lecture", "duckdb"), ("finding", "interpreter")):
                grade = {"grade": 4} if kind == "finding" else {}
                self._record([mr.Event(organization=club, kind=kind, date="2024-01-21", attributes=grade)])
                evaluation = mr.evaluate(self.ruleset, self.session.facts(), self.session.as_of, "2024", executor=executor)
                assert self.session.derived() == evaluation.derived()
                evaluation.facts.connection.close()
            self.session.close()


def test_supervision_is_that_of_a_batch_run(request: pytest.FixtureRequest) -> None:
    wanted = request.config.getoption("--sessions")
    seen.clear()
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = (Phase.generate, Phase.shrink) if wanted else (Phase.generate,)
    run_state_machine_as_test(
        Supervision,
        settings=settings(
            max_examples=(wanted // 5 if wanted else WORLDS),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=checks,
            database=None,
            derandomize=not wanted,
            phases=phases,
        ),
    )
    assert seen["came"] > WORLDS, seen
    assert seen["went"] > WORLDS, seen


REMINDERS = [("reminder", "b", "2024-04-01"), ("reminder", "b", "2024-07-01")]


def named(facts: tuple[Derived, ...]) -> list[tuple[str, str, str]]:
    return [(fact.kind, fact.organization, fact.date.isoformat()) for fact in facts]


@pytest.mark.parametrize("network", [pytest.param(True, marks=pytest.mark.live), False], ids=["live", "interpreter"])
@pytest.mark.parametrize("executor", ["duckdb", "interpreter"])
def test_what_follows_comes_and_goes(network: bool, executor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A meeting that is recorded after all takes back the reminder of its absence; withdrawn, it brings it again. Rows that are judged by themselves, whole
    evaluations, and days that pass or go back, on the network and without it."""
    if not network:
        monkeypatch.setattr(looked_up, "missing", lambda: "not asked for")
    elif reason := looked_up.missing():
        pytest.skip(reason)
    monkeypatch.setattr("mofan_rules.evaluation.deriving._say_once", lambda reason: None)
    steps: Counter[str] = Counter()
    for name in ("added", "renewed"):
        monkeypatch.setattr(Following, name, _counted(name, steps))
    ruleset, facts = (str(path) for path in sample(tmp_path)[:2])
    with mr.open_session(mr.load_ruleset(ruleset), mr.load_facts(facts), "2024-08-01", journal=tmp_path / "live.db", executor=executor, derive=True) as session:
        assert named(session.derived()) == REMINDERS
        late = mr.Event(id="late", organization="b", kind="meeting", date="2024-02-02")
        changes = session.record(late)
        assert (named(changes.derived), named(changes.withdrawn)) == ([], REMINDERS[:1])
        assert dict(changes.withdrawn[0].attributes)["times"] == 2
        assert steps == {"renewed": 1, "added": 1}
        assert named(session.derived()) == REMINDERS[1:]
        other = session.record(mr.Event(id="other", organization="a", kind="meeting", date="2024-02-02"))
        assert (other.derived, other.withdrawn, steps["renewed"]) == ((), (), 1)
        changes = session.withdraw("late")
        assert (named(changes.derived), named(changes.withdrawn)) == (REMINDERS[:1], [])
        assert named(session.advance("2024-10-05").derived) == [("reminder", "b", "2024-10-01")]
        back = session.advance("2024-05-01")
        assert (named(back.derived), named(back.withdrawn)) == ([], [REMINDERS[1], ("reminder", "b", "2024-10-01")])
        assert session.derived() == mr.evaluate(session.ruleset, session.facts(), "2024-05-01").derived()
    with mr.open_session(mr.load_ruleset(ruleset), mr.load_facts(facts), "2024-08-01", journal=tmp_path / "live.db", executor=executor) as session:
        assert named(session.derived()) == REMINDERS
        changes = session.record(mr.Event(id="again", organization="b", kind="meeting", date="2024-05-05"))
        assert changes.withdrawn == ()
        assert named(session.derived()) == REMINDERS[:1]


def _counted(name: str, steps: Counter[str]) -> object:
    method = getattr(Following, name)

    def counted(self: Following, *arguments: object) -> object:
        steps[name] += 1
        return method(self, *arguments)

    return counted


def test_subscribers_are_told_what_follows(tmp_path: Path) -> None:
    ruleset, facts = (str(path) for path in sample(tmp_path)[:2])
    heard: list[Changes] = []
    with mr.open_session(mr.load_ruleset(ruleset), mr.load_facts(facts), "2024-08-01", executor="interpreter", derive=True) as session:
        session.subscribe(heard.append)
        session.record(mr.Event(id="late", organization="b", kind="meeting", date="2024-02-02"))
    assert [named(changes.withdrawn) for changes in heard] == [REMINDERS[:1]]

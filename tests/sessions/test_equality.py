"""Equality is the law: whatever was called in whatever order, a session's verdict table is that of a batch run on the final facts (SEMANTICS section 7.6).

`pytest tests/sessions/test_equality.py --sessions 5000` follows more sequences than CI does.
"""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from mofan_rules import pipeline
from mofan_rules.diagnostics import QuestionError
from mofan_rules.verdicts.table import Verdict
from tests.differential.populations import Row
from tests.sessions.world import Course, applied, fact_of

SEQUENCES, ORDERS = 2, 20
ORDERS_OF_ONE = 5
"""So many orders of the same facts are compared with one batch run; of many sequences, five times as many."""


class Sessions(RuleBasedStateMachine):
    """Calls to a session on a random program. Each call's changes turn the table before into the table after; in the end the table is the batch run's."""

    @initialize(seed=st.integers(0, 100_000))
    def open(self, seed: int) -> None:
        self.course = Course(seed)
        self.session = self.course.open()
        self.table: list[Verdict] = list(self.session.verdicts())
        self.recorded: list[tuple[str, str, Row]] = []
        self.changed: Counter[Verdict] | None = None

    @precondition(lambda self: self.course.waiting)
    @rule(number=st.sampled_from((1, 1, 1, 3)))
    def record(self, number: int) -> None:
        rows = [self.course.waiting.pop() for _ in range(min(number, len(self.course.waiting)))]
        changes = self.session.record_many([fact_of(*row) for row in rows])
        self.recorded += [(table, identifier, row) for identifier, (table, row) in zip(changes.ids, rows, strict=True)]
        self.changed = applied(self.table, changes)

    @precondition(lambda self: self.recorded)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        table, identifier, _ = data.draw(st.sampled_from(self.recorded))
        _, _, other = data.draw(st.sampled_from([one for one in self.recorded if one[0] == table]))
        content = dict(other) if table == "organizations" else {name: cell for name, cell in other.items() if name != "id"}
        try:
            self.changed = applied(self.table, self.session.correct(identifier, fact_of(table, content)))
        except QuestionError as error:
            assert error.diagnostics[0].code in ("no-such-fact", "several-facts")

    @precondition(lambda self: self.recorded)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        table, identifier, _ = data.draw(st.sampled_from(self.recorded))
        try:
            self.changed = applied(self.table, self.session.withdraw(identifier, table))
        except QuestionError as error:
            assert error.diagnostics[0].code == "no-such-fact"

    @rule(days=st.sampled_from((1, 3, 40)))
    def advance(self, days: int) -> None:
        self.changed = applied(self.table, self.session.advance(self.session.as_of + timedelta(days=days)))

    @invariant()
    def changes_are_what_changed(self) -> None:
        if self.changed is not None:
            self.table = list(self.session.verdicts())
            assert Counter(self.table) == self.changed
            self.changed = None

    def teardown(self) -> None:
        if hasattr(self, "session"):
            _equals_a_batch_run(self.course, self.session.facts(), self.session.as_of.isoformat(), self.table, "interpreter")
            self.session.close()


def _equals_a_batch_run(course: Course, facts: object, as_of: str, table: list[Verdict], executor: str) -> None:
    evaluation = pipeline.evaluate(course.ruleset, facts, as_of, course.scenario.period, executor=executor)  # type: ignore[arg-type]
    found = list(evaluation.verdicts)
    evaluation.facts.connection.close()
    assert table == found


def test_any_calls_in_any_order_equal_a_batch_run(request: pytest.FixtureRequest) -> None:
    """Facts, corrections, withdrawals and time, drawn and shrunk by hypothesis."""
    wanted = request.config.getoption("--sessions")
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Sessions,
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


def test_the_order_in_which_facts_come_does_not_matter(request: pytest.FixtureRequest) -> None:
    """Facts that come one by one in many orders, most of them rows that are read by themselves, now and then one that is not; some orders are compared with
    the other executor."""
    wanted = request.config.getoption("--sessions") or ORDERS
    followed, judged, seed = 0, 0, 1  # by far the most verdicts change in the fourth of them
    while followed < wanted:
        course, seed = Course(seed, share=0.7), seed + 1
        standing = course.stands()
        rows = course.independent(standing, 6) + course.waiting[: seed % 5 == 0]
        expected: list[Verdict] | None = None
        for order in range(min(ORDERS_OF_ONE if wanted == ORDERS else 5 * ORDERS_OF_ONE, wanted - followed)):
            session = course.begin(standing)
            for place in Random(order).sample(range(len(rows)), len(rows)):
                table, row = rows[place]
                judged += len(session.record(fact_of(table, row | {"recorded_on": row.get("recorded_on", "2020-01-01")})))
            found = list(session.verdicts())
            if expected is None:
                expected = found
                _equals_a_batch_run(course, session.facts(), course.scenario.as_of, found, "interpreter")
            if order and followed % 50 == 1 and wanted > ORDERS:
                _equals_a_batch_run(course, session.facts(), course.scenario.as_of, found, "duckdb")
            assert found == expected, (seed, order)
            session.close()
            followed += 1
        standing.close()
    assert judged > wanted, "the facts must change verdicts, or this shows nothing"

"""Explaining one verdict: which one, from what, and what would change it; as text and as JSON."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.diagnostics.render import display_width
from mofan_rules.executors.interpreter import Executor
from mofan_rules.executors.interpreter import facts as interpreter_facts
from mofan_rules.ir.expressions import Operator
from mofan_rules.ir.measures import Count, Extreme, Measure
from mofan_rules.ir.program import Bounds, Calendar, Each, Judge, Judgement, Measured, Partial, Per, Program
from mofan_rules.ir.rows import Place, Rows
from mofan_rules.schema import Table, Type
from mofan_rules.verdicts.catalogue import Citation, Entry
from mofan_rules.verdicts.explanation import Explanation, Fact, Needed, Node, NodeKind, NoSuchVerdict, Role
from mofan_rules.verdicts.explanation_json import explanation_data
from mofan_rules.verdicts.explanation_text import explanation_text
from tests.interpreter.test_tallies import share, unit
from tests.interpreter.world import (
    MONTH,
    QUARTER,
    TODAY,
    World,
    condition,
    context,
    counting,
    days,
    header,
    lasting,
    number,
    of_subject,
    op,
    program,
    row,
    value_of,
    verdicts,
)

AS_OF = "2024-08-15"
HALF = op(Operator.AT_LEAST, op(Operator.MULTIPLY, row("attended"), number(2), type_=Type.NUMBER), row("expected"))
SIZED = Rows(Table.EVENTS, frozenset({"meeting"}), where=HALF)
POST = Rows(Table.TENURES, frozenset({"secretary"}), place=Place.IN_FORCE, date="from_date")
BIG = op(Operator.AND, op(Operator.AT_LEAST, of_subject("size"), number(7)), op(Operator.EQUAL, of_subject("area", Type.TEXT), of_subject("area", Type.TEXT)))
ENTRY = Entry(
    "r",
    "occurrence",
    Bilingual("每季度开会", "Quarterly meetings"),
    remedy=Bilingual("补开会议", "Hold the meeting"),
    citations=(Citation("章程", Bilingual("某某章程", "Charter"), "第三条", "每季度召开1次"),),
)


def branch(**attributes: Any) -> World:
    return World().organization("b", **attributes)


def explained(world: World, made: Judgement | Program, window: Any = None, requirement: str = "r", subject: str = "b", **more: Any) -> Explanation:
    whole = made if isinstance(made, Program) else program(made, vocabulary=world.vocabulary)
    return Executor().explain(whole, world.admitted(), context(more.pop("as_of", AS_OF), more.pop("period", "")), requirement, subject, window, **more)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def values(explanation: Explanation, kind: NodeKind) -> dict[str, str]:
    """Titles and values of the nodes of a kind."""
    return {node.title.en: node.value.en for node in nodes(explanation.root) if node.kind is kind}


FOUR = branch().event("b", "2024-02-01", id="e1").event("b", "2024-05-01", id="e2", held="unclear")

# which verdict


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("2024Q1", "2024-01-01"),
        ("2024年第二季度", "2024-04-01"),
        ("2024-05", "2024-04-01"),
        (date(2024, 8, 1), "2024-07-01"),
        ((date(2024, 1, 1), date(2024, 3, 31)), "2024-01-01"),
        ("2024", "2024-07-01"),
        ("2024-03-15..2024-04-15", "2024-04-01"),
        (None, "2024-04-01"),
    ],
)
def test_a_window_is_named_by_itself_a_part_or_a_day(window: Any, expected: str) -> None:
    assert str(explained(FOUR, counting(), window).verdict.window_from) == expected


def test_without_a_window_the_latest_violated_one_is_meant() -> None:
    found = explained(branch().event("b", "2024-05-01"), counting())
    assert (found.verdict.state, str(found.verdict.window_from)) == ("violated", "2024-01-01")
    assert [str(other.window_from) for other in found.others] == ["2024-04-01", "2024-07-01"]


def test_a_key_tells_verdicts_of_one_window_apart() -> None:
    each = Each(Rows(Table.EVENTS, frozenset({"visit"})), lasting(days(0)), lasting(days(10)))
    made = Judgement(header(kind="deadline"), each, Judge.WINDOW, (Measure("n", Count(SIZED)),), (Bounds("n", number(1), None, "missing"),), Measured.DATE)
    world = branch().event("b", "2024-01-10", "visit", id="v1").event("b", "2024-01-10", "visit", id="v2")
    found = explained(world, made, key="v1")
    assert (found.verdict.key, found.verdict.reason) == ("v1", "missing")
    assert Fact(Role.TRIGGER, "events", "v1", date(2024, 1, 10)) in found.evidence


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"requirement": "other"}, "requirement"),
        ({"subject": "nobody"}, "subject"),
        ({"window": "2019"}, "window"),
        ({"key": "other"}, "window"),
    ],
)
def test_what_is_not_there_is_said(asked: dict[str, Any], reason: str) -> None:
    world = World().organization("b", since="2020-01-01").event("b", "2024-02-01")
    with pytest.raises(NoSuchVerdict) as caught:
        explained(world, counting(), **asked)
    assert caught.value.reason == reason


def test_a_window_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="soon"):
        explained(FOUR, counting(), "soon")


# from what


def test_each_measure_has_its_value_and_the_rows_behind_it() -> None:
    world = branch(size=9).event("b", "2024-02-01", id="e1", expected=4, attended=4).event("b", "2024-02-02", id="e2", expected=4)
    world.event("b", "2024-02-03", id="e3", expected=4, attended=1).event("b", "2024-02-04", id="e4", certain=False, attended=4, expected=4)
    found = explained(world, counting(SIZED, at_least=number(3)), "2024Q1")
    assert values(found, NodeKind.MEASURE) == {"n: number of events (meeting)": "1..3"}
    assert [(fact.role, fact.id) for fact in found.evidence] == [(Role.COUNTED, "e1"), (Role.UNDECIDED, "e2"), (Role.REJECTED, "e4")]


def test_evidence_is_ordered_by_role_date_and_id() -> None:
    world = (
        branch().event("b", "2024-02-02", id="a").event("b", "2024-02-01", id="z").event("b", "2024-02-01", id="y").waiver("b", "r", "2024-03-31", "2024-03-31")
    )
    found = explained(world, counting(at_least=number(9)), "2024Q1")
    assert [(fact.role.value, fact.id) for fact in found.evidence] == [("counted", "y"), ("counted", "z"), ("counted", "a"), ("waiver", "w0")]


def test_each_sub_expression_has_its_value() -> None:
    found = explained(branch(size=9), condition(BIG))
    assert values(found, NodeKind.EXPRESSION) == {"size >= 7": "yes", "size": "9", "area = area": "unknown", "area": "unknown"}
    test = next(node for node in nodes(found.root) if node.kind is NodeKind.TEST)
    assert (test.title.en, test.value.en) == ("size >= 7 and area = area", "unknown")


def test_the_binding_is_shown_by_stretches_of_days() -> None:
    world = World().organization("b", until="2024-02-10", size=9).organization("b", since="2024-02-11", size=3)
    found = explained(world, counting(when=op(Operator.GREATER, of_subject("size"), number(5)), partial=Partial.REQUIRE), "2024Q1")
    binding = next(node for node in found.root.children if node.kind is NodeKind.BINDING)
    assert [(node.title.en, node.value.en) for node in binding.children if node.kind is NodeKind.DAYS] == [
        ("2024-01-01 to 2024-02-10", "yes"),
        ("2024-02-11 to 2024-03-31", "no"),
    ]


def test_gaps_name_the_feeds_behind_them() -> None:
    found = explained(branch().feed(Table.EVENTS, kind="meeting"), counting(Rows(Table.EVENTS, frozenset({"meeting"}))), "2024Q1")
    assert [(fact.role, fact.id) for fact in found.evidence] == [(Role.FEED, "f0")]


def test_grace_says_since_when_a_post_is_vacant() -> None:
    world = branch().tenure("b", "p", "2020-01-01", "2024-08-01")
    found = explained(world, counting(POST, TODAY, judge=Judge.DAY, grace=days(90)))
    assert values(found, NodeKind.RUN) == {"within grace, failing since": "2024-08-02"}
    assert found.needed == (Needed(Bilingual("任职（secretary）的数目", "number of tenures (secretary)"), "1", "", date(2024, 10, 31)),)


def test_a_tally_shows_its_parts() -> None:
    world = unit("A", "b")
    found = explained(world, program(counting(), share("1")), "2024Q1", "t", "u", as_of="2024-06-30", period="2024-01..2024-03")
    assert found.verdict.state == "violated"
    assert values(found, NodeKind.PART) == {"r · A 2024-01-01 to 2024-03-31": "satisfied", "r · b 2024-01-01 to 2024-03-31": "violated"}
    merged = explained(
        world, program(counting(windows=Calendar(MONTH)), share("1", per=Per.SUBJECT)), "2024Q1", "t", "u", as_of="2024-06-30", period="2024-01..2024-03"
    )
    assert values(merged, NodeKind.PART)["r · A"] == "violated"


def test_why_this_state_and_not_another() -> None:
    found = explained(FOUR, counting(), "2024Q3")
    state = found.root.children[-1]
    assert (state.title.en, state.value.en) == ("state: pending", "open")
    assert [child.title.en for child in state.children] == ["not applicable", "satisfied", "waived", "violated"]


# what would have to happen


@pytest.mark.parametrize(
    ("made", "window", "expected"),
    [
        (counting(at_least=number(3)), "2024Q1", [("2", "", "2024-03-31", True)]),
        (counting(at_least=number(3)), "2024Q3", [("3", "", "2024-09-30", False)]),
        (counting(at_least=None, at_most=number(0)), "2024Q1", [("", "1", "2024-03-31", True)]),
        (counting(at_least=number(1)), "2024Q1", []),
    ],
)
def test_how_much_is_lacking_and_by_when(made: Judgement, window: str, expected: list[tuple[str, str, str, bool]]) -> None:
    found = explained(FOUR, made, window)
    assert [(needed.more, needed.fewer, str(needed.by), needed.missed) for needed in found.needed] == expected


def test_a_condition_that_fails_is_needed_in_its_failing_parts() -> None:
    made = condition(op(Operator.AND, op(Operator.GREATER, of_subject("size"), number(5)), op(Operator.LESS, of_subject("size"), number(99))))
    assert [needed.what.en for needed in explained(branch(size=3), made).needed] == ["size > 5"]


def test_what_a_share_lacks() -> None:
    found = explained(unit("A", "b", "c"), program(counting(), share("0.6")), "2024Q1", "t", "u", as_of="2024-06-30", period="2024-01..2024-03")
    assert [(needed.more, needed.what.en) for needed in found.needed] == [("1", "parts that are satisfied")]


# law 5, lazily read


def test_asking_changes_nothing_and_agrees_with_the_run() -> None:
    world = branch().event("b", "2024-02-01", id="e1").event("b", "2024-05", id="e2").organization("c").event("c", "2024-01-05")
    before = verdicts(world, counting(), AS_OF)
    facts, made = world.admitted(), program(counting())
    for verdict in before:
        assert verdict.window_from is not None
        assert verdict.window_until is not None
        span = (verdict.window_from, verdict.window_until)
        assert Executor().explain(made, facts, context(AS_OF), "r", verdict.subject, span).verdict == verdict
    assert list(Executor().run(made, facts, context(AS_OF)).rows()) == before


def test_of_large_tables_only_the_rows_that_are_needed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    world = unit("A", "b").organization("v", "unit")
    for place in range(30):
        world.event("v", "2024-02-01", id=f"x{place}")
    whole = program(counting(), share("1"))
    first = Executor().explain(whole, world.admitted(), context(AS_OF), "t", "u", "2024")
    read: list[str] = []
    original = interpreter_facts.Reader.row

    def watched(self: interpreter_facts.Reader, values: tuple[object, ...]) -> interpreter_facts.Row:
        found = original(self, values)
        if found.table is Table.EVENTS:
            read.append(found.id)
        return found

    monkeypatch.setattr(interpreter_facts, "SMALL", 0)
    monkeypatch.setattr(interpreter_facts.Reader, "row", watched)
    assert Executor().explain(whole, world.admitted(), context(AS_OF), "t", "u", "2024") == first
    assert set(read) == {"e000"}
    read.clear()
    assert Executor().explain(whole, world.admitted(), context(AS_OF), "r", "b", "2024Q1").verdict.state == "violated"
    assert read == []


# as text and as JSON


def test_the_text_in_chinese() -> None:
    text = explanation_text(explained(branch().event("b", "2024-05-01", id="e1"), counting(at_least=number(2)), "2024Q2"), ENTRY, "zh")
    for line in (
        "r 每季度开会",
        "b · 2024年第二季度 · 未达标",
        "依据 某某章程 第三条：“每季度召开1次”",
        "    n：事件（lecture、meeting）的数目  1  计入 e1",
        "  事件（lecture、meeting）的数目：还差 1，本应不晚于 2024-06-30",
        "  补开会议",
    ):
        assert line in text.splitlines()


def test_the_text_in_english() -> None:
    text = explanation_text(explained(FOUR, counting()), ENTRY, "en")
    for line in ("b · 2024 Q2 · unknown", "These facts would decide it", "  cell events/e2/held", "  2024 Q1  satisfied"):
        assert line in text.splitlines()


def test_of_what_may_not_apply_nothing_else_is_said() -> None:
    """Whether the requirement binds is open: that is the reason, not how the test would come out."""
    found = explained(branch(size=None).event("b", "2024-02-01"), counting(when=op(Operator.AT_LEAST, of_subject("size"), number(7))), "2024Q1")
    assert found.verdict.reason == "binding_unknown"
    state = next(node for node in found.root.children if node.kind is NodeKind.STATE)
    assert [(child.title.en, child.value.en) for child in state.children] == [("not applicable", "it may bind: that is not certain")]


def test_a_row_that_is_not_there_is_named_as_what_would_decide() -> None:
    """Of the latest document a grade is asked, and there is no document: no cell could be filled in."""
    graded = Extreme(Rows(Table.EVIDENCE, frozenset({"rating"}), place=Place.IN_FORCE), row("score", Type.NUMBER))
    made = condition(op(Operator.AT_LEAST, value_of("n"), number(3)), measures=(Measure("n", graded),))
    found = explained(branch(), made, None)
    assert found.verdict.state == "unknown"
    assert found.complete
    assert [(fact.kind.value, fact.table, fact.name, fact.organization) for fact in found.deciding] == [("row", "evidence", "rating", "b")]


def test_rows_over_a_bound_show_why_they_count() -> None:
    where = op(Operator.AT_LEAST, row("attended"), number(5))
    made = counting(Rows(Table.EVENTS, frozenset({"meeting"}), where=where), at_least=None, at_most=number(0))
    tree = explained(branch().event("b", "2024-02-01", id="e1", attended=6), made, "2024Q1").root
    shown = [node for node in nodes(tree) if node.facts and node.kind is NodeKind.EXPRESSION]
    assert [(node.facts[0].id, node.value.en) for node in shown] == [("e1", "yes")]


def test_an_id_that_was_made_up_is_not_shown() -> None:
    text = explanation_text(explained(branch().event("b", "2024-02-01", id="~9f2c"), counting(), "2024Q1"), ENTRY, "zh")
    assert "计入 （无编号）" in text
    assert "9f2c" not in text


def test_values_stand_in_one_column_whatever_the_width_of_the_glyphs() -> None:
    lines = explanation_text(explained(FOUR, counting(), "2024Q2"), None, "zh").splitlines()
    ends = {
        display_width(line[: line.index(value)])
        for line in lines
        for title, value in (("适用版本", "一直"), ("期间 ", "2024-04-01"))
        if line.strip().startswith(title)
    }
    assert len(ends) == 1


def test_long_lists_are_cut_and_counted() -> None:
    world = branch()
    for place in range(30):
        world.event("b", "2024-02-01", id=f"x{place:02}")
    text = explanation_text(explained(world, counting(), "2024Q1"), None, "en")
    assert "x19 and 10 more" in text
    assert "x20" not in text


def test_what_stands_in_facts_cannot_play_with_the_terminal() -> None:
    text = explanation_text(explained(branch().event("b", "2024-02-01", id="e\x1b[31m"), counting(), "2024Q1"))
    assert "\x1b" not in text


def test_the_json_has_everything_in_both_languages() -> None:
    found = explained(FOUR, counting(), "2024Q2")
    data = json.loads(json.dumps(explanation_data(found), ensure_ascii=False))
    assert data["verdict"]["state"] == "unknown"
    assert data["verdict"]["window_from"] == "2024-04-01"
    assert data["deciding"] == [
        {"kind": "cell", "table": "events", "id": "e2", "name": "held", "organization": "", "from": None, "until": None},
    ]
    assert data["evidence"] == [{"role": "undecided", "table": "events", "id": "e2", "date": "2024-05-01"}]
    assert data["derivation"]["children"][0]["title"] == {"zh": "适用版本", "en": "version in force"}
    assert set(data) == {
        "verdict", "kind", "law", "reference_day", "derivation", "evidence", "deciding", "deciding_complete", "needed", "others"
    }  # fmt: skip


def test_every_state_can_be_explained() -> None:
    world = branch(since="2023-12-01..2024-01-10").event("b", "2024-05-01").waiver("b", "r", "2024-09-30", "2024-09-30")
    made = counting(windows=Calendar(QUARTER))
    seen = set()
    for verdict in verdicts(world, made, "2025-02-01", "2023-10..2024-12"):
        assert verdict.window_from is not None
        assert verdict.window_until is not None
        found = explained(world, made, (verdict.window_from, verdict.window_until), as_of="2025-02-01")
        assert found.verdict == verdict
        assert explanation_text(found, None, "both")
        seen.add(verdict.state)
    assert seen == {"not_applicable", "unknown", "satisfied", "waived", "violated"}

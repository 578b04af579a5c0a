"""What authors are told about the common mistakes, word for word, and that every code of the language is among them."""

from mofan_rules.condition import Names, compile_expression
from mofan_rules.diagnostics import Severity, Span
from mofan_rules.diagnostics.catalogue.condition import CONDITION_CODES
from mofan_rules.schema import Type
from tests.condition.condition_mistakes import GOLDEN, MISTAKES, golden
from tests.condition.condition_names import NAMES, compiled, sound


def test_messages_are_those_of_the_golden_file() -> None:
    assert golden() == GOLDEN.read_text(encoding="utf-8")


def test_every_mistake_is_told() -> None:
    assert all(compiled(text, Type.BOOLEAN)[1] for text in MISTAKES)


def test_every_code_of_the_language_has_a_mistake() -> None:
    told = {one.code for text in MISTAKES for one in compiled(text, Type.BOOLEAN)[1]}
    assert set(CONDITION_CODES) - told == {"ambiguous-run"}


def test_a_run_that_reads_in_two_ways() -> None:
    fields = dict.fromkeys(("甲", "甲且乙", "丙", "乙且丙"), NAMES.fields["已公示"])
    expression, found = compiled("甲且乙且丙", names=Names(fields=fields))
    assert expression is None
    assert [one.code for one in found] == ["ambiguous-run"]
    assert "甲且乙 且 丙" in found[0].message.zh and "甲 且 乙且丙" in found[0].message.zh
    assert sound("甲且乙 且 丙", names=Names(fields=fields)) == sound("甲且乙 and 丙", names=Names(fields=fields))


def test_several_problems_are_told_at_once() -> None:
    found = compiled("正式党员树 > 7 且 类型 = “党支不” 且 日期 > 2024-02-30 且 占比 == 3")[1]
    assert [one.code for one in found] == ["unknown-name", "not-a-kind", "invalid-date", "foreign-operator"]


def test_names_are_checked_where_the_structure_is_broken() -> None:
    assert {one.code for one in compiled("(正式党员树 > 7 且 日其 > 成立日期")[1]} == {"unclosed-bracket", "unknown-name"}


def test_warnings_leave_the_expression() -> None:
    expression, found = compiled("议题 = “选取”", Type.BOOLEAN)
    assert expression is not None
    assert [one.severity for one in found] == [Severity.WARNING]


def place(text: str, span: Span) -> tuple[int, int, int]:
    found = compile_expression(text, span, NAMES, None)[1]
    assert len(found) == 1 and found[0].span is not None
    return found[0].span.line, found[0].span.column, found[0].span.end_column


def test_places_inside_the_file() -> None:
    text = "已公示 且 正式党员树 > 7"
    assert place(text, Span("a.yaml", 12, 11, 12, 11 + len(text))) == (12, 17, 22)


def test_places_inside_quotes() -> None:
    text = "已公示 且 正式党员树 > 7"
    assert place(text, Span("a.yaml", 12, 11, 12, 13 + len(text))) == (12, 18, 23)


def test_several_lines_and_escapes_point_at_the_whole_text() -> None:
    assert place("已公示 且\n正式党员树 > 7", Span("a.yaml", 12, 11, 13, 9)) == (12, 11, 9)
    assert place("已公示 且 正式党员树 > 7", Span("a.yaml", 12, 11, 12, 40)) == (12, 11, 40)

"""The names that the tests of the condition language see."""

from mofan_rules.condition import Names, compile_expression
from mofan_rules.diagnostics import Diagnostic, Span
from mofan_rules.ir.expressions import Expression, Field, MeasureValue, Param, Scope, WindowDay
from mofan_rules.schema import Type


def _field(column: str, type: Type, scope: Scope = Scope.SUBJECT) -> Field:
    return Field(scope, column, type, column)


_LEAVES: dict[str, Expression] = {
    "正式党员数": _field("a_0", Type.INTEGER),
    "党员数": _field("a_1", Type.INTEGER),
    "非公党组织数": _field("a_2", Type.INTEGER),
    "占比": _field("a_3", Type.NUMBER),
    "已公示": _field("a_4", Type.BOOLEAN),
    "换届且公示": _field("a_5", Type.BOOLEAN),
    "届满日期": _field("a_6", Type.DATE),
    "上级": _field("a_7", Type.ORGANIZATION),
    "类型": _field("kind", Type.TEXT),
    "名称": _field("name", Type.TEXT),
    "成立日期": _field("founded_on", Type.DATE),
    "日期": _field("date", Type.DATE, Scope.ROW),
    "实到人数": _field("attended", Type.INTEGER, Scope.ROW),
    "应到人数": _field("expected", Type.INTEGER, Scope.ROW),
    "议题": _field("a_8", Type.TEXT, Scope.ROW),
    "内容": _field("items", Type.ITEMS, Scope.ROW),
    "被检查单位": _field("a_9", Type.ORGANIZATION, Scope.ROW),
    "记录.类型": _field("kind", Type.TEXT, Scope.ROW),
    "触发.日期": _field("date", Type.DATE, Scope.TRIGGER),
    "任期": Param("任期", Type.MONTHS),
    "空缺上限": Param("空缺上限", Type.DAYS),
    "最低人数": Param("最低人数", Type.INTEGER),
    "学时合计": MeasureValue("学时合计", Type.NUMBER),
    "最近会议": MeasureValue("最近会议", Type.DATE),
    "窗口.首日": WindowDay(False),
    "窗口.末日": WindowDay(True),
}

_ENGLISH = {
    "formal_members": "正式党员数",
    "members": "党员数",
    "share": "占比",
    "published": "已公示",
    "kind": "类型",
    "name": "名称",
    "founded_on": "成立日期",
    "date": "日期",
    "attended": "实到人数",
    "expected": "应到人数",
    "topic": "议题",
    "items": "内容",
    "row.kind": "记录.类型",
    "trigger.date": "触发.日期",
    "window.first": "窗口.首日",
    "window.last": "窗口.末日",
}

NAMES = Names(
    fields=_LEAVES | {english: _LEAVES[chinese] for english, chinese in _ENGLISH.items()},
    kinds={
        "党支部": frozenset({"党支部", "联合党支部", "临时党支部"}),
        "支部": frozenset({"党支部", "联合党支部", "临时党支部"}),
        "联合党支部": frozenset({"联合党支部"}),
        "临时党支部": frozenset({"临时党支部"}),
        "机关党委": frozenset({"机关党委"}),
    },
    roles={"书记": frozenset({"书记"}), "委员": frozenset({"委员", "组织委员"}), "组织委员": frozenset({"组织委员"})},
    relations=frozenset({"指导", "part_of"}),
    values={"议题": ("选举", "其他"), "topic": ("选举", "其他")},
    families={(Scope.ROW, "kind"): {"党员大会": frozenset({"党员大会"}), "支委会": frozenset({"支委会"})}},
)


def compiled(text: str, *expected: Type, names: Names = NAMES) -> tuple[Expression | None, list[Diagnostic]]:
    """The expression and the diagnostics of a text that stands at the beginning of line 1 of `a.yaml`."""
    return compile_expression(text, Span("a.yaml", 1, 1, 1, 1 + len(text)), names, frozenset(expected) or None)


def sound(text: str, *expected: Type, names: Names = NAMES) -> Expression:
    """The expression of a text that has no problem at all."""
    expression, found = compiled(text, *expected, names=names)
    assert expression is not None and not found, (text, [(one.code, one.message.en) for one in found])
    return expression

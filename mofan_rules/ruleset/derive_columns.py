"""Which columns the patterns of a derivation can name, by their English and Chinese names."""

from collections.abc import Mapping
from typing import assert_never

from mofan_rules.ir.derivations import DERIVED_COLUMNS, EDGE_COLUMNS, VERDICT_COLUMNS, OfDerived, OfEdges, OfRows, OfVerdicts, Source
from mofan_rules.ir.expressions import Scope
from mofan_rules.requirements.names import Side, attributes_seen, column, columns
from mofan_rules.schema import Table, Type, Vocabulary

Columns = Mapping[str, tuple[str, Type]]
"""The column and its type, by each name that an author may write."""

CHINESE = {
    "requirement": "要求",
    "subject": "对象",
    "key": "键",
    "window_from": "期间首日",
    "window_until": "期间末日",
    "next": "下期首日",
    "due_on": "到期日",
    "accountable": "责任组织",
    "source": "起点",
    "target": "终点",
    "organization": "组织",
    "date": "日期",
}

HOLDABLE = frozenset({Type.BOOLEAN, Type.INTEGER, Type.NUMBER, Type.TEXT, Type.DATE, Type.ORGANIZATION})
"""What a variable can stand for: not a list."""


def source_columns(vocabulary: Vocabulary, source: Source) -> Columns:
    """The columns of a source."""
    match source:
        case OfVerdicts():
            return _named(VERDICT_COLUMNS)
        case OfEdges():
            return _named(EDGE_COLUMNS)
        case OfDerived(kinds):
            return {**attribute_columns(vocabulary, kinds), **_named(DERIVED_COLUMNS)}
        case OfRows(table, kinds):
            found = columns(vocabulary, Side(Scope.ROW, table, kinds))
            organization = _named({"organization": Type.ORGANIZATION}) if table is Table.ORGANIZATIONS else {}
            return {**organization, **{name: (field.column, field.type) for name, field in found.items() if field.type in HOLDABLE}}
        case _:
            assert_never(source)


def attribute_columns(vocabulary: Vocabulary, kinds: frozenset[str]) -> Columns:
    """The attributes of events of these kinds."""
    found: dict[str, tuple[str, Type]] = {}
    for attribute in attributes_seen(vocabulary, Side(Scope.ROW, Table.EVENTS, kinds)):
        if attribute.type in HOLDABLE:
            for name in (attribute.name, *attribute.aliases):
                found[name] = (column(vocabulary, attribute), attribute.type)
    return found


def _named(fixed: Mapping[str, Type]) -> Columns:
    return {name: (english, kind) for english, kind in fixed.items() for name in (english, CHINESE[english])}

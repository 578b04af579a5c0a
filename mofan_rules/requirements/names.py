"""Which names an expression can see, by the place where it stands (`docs/ruleset-format.md`, Requirements)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mofan_rules.condition import Names
from mofan_rules.condition.characters import canonical_name
from mofan_rules.ir.expressions import Expression, Field, MeasureValue, Param, Scope, WindowDay
from mofan_rules.schema import KIND_COLUMN, Attribute, Parameter, Table, Type, Vocabulary

FIXED: dict[Table, tuple[tuple[str, str, Type], ...]] = {
    Table.ORGANIZATIONS: (
        ("id", "编号", Type.TEXT),
        ("name", "名称", Type.TEXT),
        ("kind", "类型", Type.TEXT),
        ("founded_on", "成立日期", Type.DATE),
    ),
    Table.RELATIONS: (
        ("id", "编号", Type.TEXT),
        ("kind", "类型", Type.TEXT),
        ("source", "起点", Type.ORGANIZATION),
        ("target", "终点", Type.ORGANIZATION),
        ("valid_from", "生效日期", Type.DATE),
        ("valid_until", "有效期至", Type.DATE),
    ),
    Table.EVENTS: (
        ("id", "编号", Type.TEXT),
        ("organization", "组织", Type.ORGANIZATION),
        ("kind", "类型", Type.TEXT),
        ("date", "日期", Type.DATE),
        ("expected", "应到人数", Type.INTEGER),
        ("attended", "实到人数", Type.INTEGER),
    ),
    Table.TENURES: (
        ("id", "编号", Type.TEXT),
        ("organization", "组织", Type.ORGANIZATION),
        ("role", "职务", Type.TEXT),
        ("person", "人员", Type.TEXT),
        ("from_date", "开始日期", Type.DATE),
        ("until_date", "结束日期", Type.DATE),
    ),
    Table.EVIDENCE: (
        ("id", "编号", Type.TEXT),
        ("organization", "组织", Type.ORGANIZATION),
        ("kind", "类型", Type.TEXT),
        ("date", "日期", Type.DATE),
        ("valid_until", "有效期至", Type.DATE),
        ("items", "内容", Type.ITEMS),
        ("grade", "评定等次", Type.TEXT),
        ("assessor", "评定人", Type.TEXT),
    ),
}
"""The fixed columns that conditions can read, with their Chinese names and types."""

PREFIXES = {Scope.SUBJECT: ("subject", "主体"), Scope.ROW: ("row", "记录"), Scope.TRIGGER: ("trigger", "触发")}
"""What names one side where two have a column of one name."""

WINDOW_DAYS: dict[str, Expression] = {
    "window.first": WindowDay(last=False),
    "窗口.首日": WindowDay(last=False),
    "window.last": WindowDay(last=True),
    "窗口.末日": WindowDay(last=True),
}


@dataclass(frozen=True, slots=True)
class Side:
    """Rows whose columns an expression sees: of a table, of some kinds (`None`: any)."""

    scope: Scope
    table: Table
    kinds: frozenset[str] | None = None


def column(vocabulary: Vocabulary, attribute: Attribute) -> str:
    """The admitted column of an attribute: `a_<n>` after its place in the vocabulary."""
    return f"a_{vocabulary.attributes.index(attribute)}"


def attributes_seen(vocabulary: Vocabulary, side: Side) -> list[Attribute]:
    """The attributes that rows of these kinds may have."""
    return [attribute for attribute in vocabulary.attributes_of(side.table) if _applies(vocabulary, attribute, side.kinds)]


def _applies(vocabulary: Vocabulary, attribute: Attribute, kinds: frozenset[str] | None) -> bool:
    if kinds is None or not attribute.kinds:
        return True
    return any(kinds & vocabulary.family(attribute.table, kind) for kind in attribute.kinds)


def columns(vocabulary: Vocabulary, side: Side) -> dict[str, Field]:
    """Every name of a column of such rows: fixed ones in English and Chinese, attributes and their aliases."""
    found: dict[str, Field] = {}
    for place, attribute in enumerate(vocabulary.attributes):
        if attribute.table is side.table and _applies(vocabulary, attribute, side.kinds):
            seen = Field(side.scope, f"a_{place}", attribute.type, attribute.name)
            found |= {canonical_name(name): seen for name in (attribute.name, *attribute.aliases)}
    for english, chinese, kind in FIXED[side.table]:
        for name in (english, chinese):
            found.setdefault(name, Field(side.scope, english, kind, name))
    return found


def families(vocabulary: Vocabulary, table: Table) -> dict[str, frozenset[str]]:
    """Each name and alias of the kinds of a table, with the whole family."""
    return {name: vocabulary.family(table, kind) for name, kind in vocabulary.canonical(table).items()}


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a place can see besides parameters: the subject, the measures, and rows, of which the last hides the ones before."""

    subject: frozenset[str] | None
    sides: tuple[Side, ...] = ()
    measures: Mapping[str, Type] = field(default_factory=dict)
    window: bool = True


def names(vocabulary: Vocabulary, parameters: Iterable[Parameter], scopes: Scopes) -> Names:
    """The names of a place. The columns of `scopes.sides` hide the subject's of the same name; prefixed names reach each side."""
    seen: dict[str, Expression] = {canonical_name(parameter.name): Param(parameter.name, parameter.type) for parameter in parameters}
    seen |= {canonical_name(name): MeasureValue(name, kind) for name, kind in scopes.measures.items()}
    if scopes.window:
        seen |= WINDOW_DAYS
    values: dict[str, tuple[str, ...]] = {}
    for side in (Side(Scope.SUBJECT, Table.ORGANIZATIONS, scopes.subject), *scopes.sides):
        allowed = {attribute.name: attribute.values for attribute in attributes_seen(vocabulary, side) if attribute.values}
        bare = side.scope is not Scope.TRIGGER or len(scopes.sides) == 1
        for name, expression in columns(vocabulary, side).items():
            for written in (*((name,) if bare else ()), *(f"{prefix}.{name}" for prefix in _prefixes(side, scopes))):
                seen[written] = expression
                values.pop(written, None)
                if expression.label in allowed and expression.column.startswith("a_"):
                    values[written] = allowed[expression.label]
    return Names(
        fields=seen,
        kinds=families(vocabulary, Table.ORGANIZATIONS),
        roles=families(vocabulary, Table.TENURES),
        relations=frozenset(vocabulary.canonical(Table.RELATIONS)),
        values=values,
        families={(side.scope, KIND_COLUMN[side.table]): families(vocabulary, side.table) for side in scopes.sides},
    )


def _prefixes(side: Side, scopes: Scopes) -> tuple[str, ...]:
    """A single trigger's columns are also `row.x`: in `each` the row is the trigger."""
    if side.scope is Scope.TRIGGER and len(scopes.sides) == 1:
        return (*PREFIXES[Scope.TRIGGER], *PREFIXES[Scope.ROW])
    return PREFIXES[side.scope]

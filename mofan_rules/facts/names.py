"""The names that tables and columns may have besides their own: Chinese ones, and how two spellings are compared."""

import unicodedata
from collections.abc import Iterable, Mapping

from mofan_rules.facts.cells import fixed_columns
from mofan_rules.schema import Attribute, Table, Vocabulary

TABLE_ALIASES: dict[Table, tuple[str, ...]] = {
    Table.ORGANIZATIONS: ("组织", "组织表", "组织机构", "机构", "单位", "党组织", "organization", "orgs"),
    Table.RELATIONS: ("关系", "关系表", "组织关系", "relation", "edges"),
    Table.EVENTS: ("活动", "活动表", "会议", "事件", "活动记录", "event"),
    Table.ATTENDANCE: ("出席", "到会", "签到", "考勤", "出席情况"),
    Table.TENURES: ("任职", "任职表", "任职情况", "职务", "tenure", "posts"),
    Table.EVIDENCE: ("材料", "佐证", "佐证材料", "文件", "文档", "资料", "documents"),
    Table.WAIVERS: ("免除", "豁免", "批准延期", "延期", "waiver"),
    Table.FEEDS: ("数据完整性", "报送情况", "填报情况", "完整性", "feed"),
}

COLUMN_ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("编号", "编码", "代码", "记录编号", "组织编号", "活动编号"),
    "name": ("名称", "组织名称"),
    "kind": ("类型", "类别", "种类", "组织类型", "活动类型", "会议类型", "材料类型", "关系类型"),
    "role": ("职务", "岗位", "角色"),
    "parent": ("上级", "上级组织", "上级编号", "所属组织", "parent_id"),
    "founded_on": ("成立日期", "成立时间"),
    "dissolved_on": ("撤销日期", "撤销时间", "注销日期"),
    "valid_from": ("生效日期", "有效期起", "有效期自"),
    "valid_until": ("失效日期", "有效期至", "有效期止"),
    "source": ("起点", "源组织", "甲方"),
    "target": ("终点", "目标组织", "乙方"),
    "organization": ("组织", "组织编号", "所属支部", "所在组织", "单位", "单位编号", "支部"),
    "date": ("日期", "时间", "活动日期", "活动时间", "召开日期", "召开时间"),
    "belongs_to": ("所属期", "所属时期", "归属期"),
    "held": ("是否召开", "召开情况", "是否举行"),
    "expected": ("应到人数", "应到", "应参加人数"),
    "attended": ("实到人数", "实到", "到会人数", "实际参加人数"),
    "event": ("活动编号", "活动", "会议编号"),
    "person": ("人员", "人员编号", "姓名编号", "任职人"),
    "present": ("是否出席", "是否到会", "出席", "到会"),
    "from_date": ("开始日期", "任职日期", "起始日期", "自"),
    "until_date": ("结束日期", "免职日期", "截止日期", "离任日期", "至"),
    "items": ("内容", "要素", "包含内容"),
    "grade": ("等次", "评定等次", "等级"),
    "assessor": ("评定人", "评定单位", "评定机关"),
    "requirement": ("要求", "要求编号", "规则编号"),
    "reason": ("理由", "原因"),
    "approved_by": ("批准人", "批准机关", "批准单位"),
    "table": ("表", "表名"),
    "complete": ("是否完整", "完整", "是否齐全"),
    "recorded_on": ("登记日期", "登记时间", "录入日期", "录入时间"),
    "supersedes": ("更正", "更正编号", "替代", "取代"),
    "withdrawn": ("作废", "是否作废", "撤回"),
}
"""Other names of the fixed columns. One word may stand for different columns in different tables; a name that a table does not have is passed over."""


def folded(name: str) -> str:
    """A name as it is compared: compatibility form, small letters, blanks and hyphens as low lines, without what surrounds it."""
    plain = unicodedata.normalize("NFKC", name).strip().strip("\ufeff").casefold()
    return "_".join(plain.replace("-", " ").split())


def table_names() -> dict[str, Table]:
    """The table of each folded name."""
    names = {folded(alias): table for table, aliases in TABLE_ALIASES.items() for alias in aliases}
    return names | {table.value: table for table in Table}


def table_of(name: str) -> Table | None:
    """The table that a file or sheet of this name holds: the name itself, or followed by a number or date (`events-2024`)."""
    known = table_names()
    plain = folded(name)
    if plain in known:
        return known[plain]
    stem = plain.rstrip("0123456789_-. ()年月季度上下半q")
    return known.get(stem)


def column_names(table: Table, vocabulary: Vocabulary) -> dict[str, str]:
    """The column (a fixed one, or `a_<n>`) of each folded name that the table may use. A fixed column's own name beats an attribute, and that an alias."""
    names: dict[str, str] = {}
    fixed = fixed_columns(table)
    for column in fixed:
        for alias in COLUMN_ALIASES.get(column, ()):
            names.setdefault(folded(alias), column)
    names |= _prefixed(table, fixed)
    attributes = [(f"a_{number}", attribute) for number, attribute in enumerate(vocabulary.attributes) if attribute.table is table]
    names |= {folded(alias): column for column, attribute in attributes for alias in attribute.aliases}
    names |= {folded(attribute.name): column for column, attribute in attributes}
    return names | {column: column for column in fixed}


def attribute_of(column: str, vocabulary: Vocabulary) -> Attribute | None:
    """The attribute that a column holds, if it is one."""
    return vocabulary.attributes[int(column[2:])] if column.startswith("a_") else None


def kinds_having(attribute: Attribute, vocabulary: Vocabulary) -> set[str]:
    """The kinds whose rows have an attribute, with their special cases."""
    return {one for kind in attribute.kinds for one in vocabulary.family(attribute.table, kind)}


def _prefixed(table: Table, fixed: Iterable[str]) -> dict[str, str]:
    """Words that mean one thing in one table: 组织编号 is the id of an organization, elsewhere the organization of a row."""
    special: Mapping[Table, dict[str, str]] = {
        Table.ORGANIZATIONS: {"组织编号": "id", "组织名称": "name"},
        Table.EVENTS: {"活动编号": "id"},
        Table.ATTENDANCE: {"活动编号": "event", "编号": "event"},
        Table.TENURES: {"至": "until_date"},
        Table.EVIDENCE: {"有效期至": "valid_until"},
    }
    others = {folded("组织编号"): "organization"} if "organization" in fixed else {}
    return others | {folded(word): column for word, column in special.get(table, {}).items()}

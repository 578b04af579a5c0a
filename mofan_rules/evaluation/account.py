"""The account of facts that `mofan facts` shows: rows by table, rejected rows, assumptions, kinds, relations and the shape of the tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mofan_rules.diagnostics import Bilingual, Language
from mofan_rules.reports.base import RejectedCount
from mofan_rules.reports.sections import Section

if TYPE_CHECKING:
    from mofan_rules.facts import AdmittedFacts


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one table. `admitted` contains those `superseded`, `withdrawn` and recorded `later` than the known-at date, which do not count."""

    table: str
    supplied: bool
    read: int
    admitted: int
    rejected: int
    superseded: int
    withdrawn: int
    later: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The shape of `part_of`: how many organizations there are, stand at the top, are linked with nothing, and how deep it goes."""

    organizations: int
    tops: int
    alone: int
    levels: int


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that `mofan facts` shows. `kinds` counts rows by table and kind."""

    tables: tuple[TableRows, ...]
    rejected: tuple[RejectedCount, ...]
    assumptions: tuple[Bilingual, ...]
    kinds: tuple[tuple[str, str, int], ...]
    tree: Tree
    with_ruleset: bool

    def notes(self, language: Language) -> Iterator[str]:
        """What to say before the tables."""
        if not self.with_ruleset:
            words = Bilingual("没有指定规则集：各类名称照数据所写，属性列没有读取", "no ruleset given: kinds are taken as they stand, attributes are not read")
            yield words.of(language)
        for words in self.assumptions:
            yield words.of(language)

    def sections(self, language: Language) -> Iterator[Section]:
        """The tables."""

        def say(zh: str, en: str) -> str:
            return Bilingual(zh, en).of(language)

        yield self._rows(language)
        if self.rejected:
            headings = (say("表", "table"), say("代码", "code"), say("行数", "rows"), say("第一处", "the first of them"))
            cells = [(one.table, one.code, f"{one.number:,}", one.example.of(language)) for one in self.rejected]
            yield Section(say("未采纳的行", "rejected rows"), headings, cells, frozenset({2}))
        if self.kinds:
            columns = (say("表", "table"), say("种类", "kind"), say("行数", "rows"))
            counts = [(table, kind, f"{number:,}") for table, kind, number in self.kinds]
            yield Section(say("采纳的行，按种类", "admitted rows by kind"), columns, counts, frozenset({2}))
        tree = self.tree
        shape = [
            (say("组织", "organizations"), f"{tree.organizations:,}"),
            (say("没有上级的", "without a parent"), f"{tree.tops:,}"),
            (say("其中也没有下级的", "of these without children"), f"{tree.alone:,}"),
            (say("层数", "levels"), f"{tree.levels:,}"),
        ]
        yield Section(say("隶属关系（现状）", "the tree (as it stands now)"), ("", ""), shape, frozenset({1}))

    def _rows(self, language: Language) -> Section:
        def say(zh: str, en: str) -> str:
            return Bilingual(zh, en).of(language)

        names = (
            say("读入", "read"),
            say("采纳", "admitted"),
            say("未采纳", "rejected"),
            say("已更正", "superseded"),
            say("已撤回", "withdrawn"),
            say("此后登记", "later"),
        )
        rows = [
            (one.table, *(f"{number:,}" for number in (one.read, one.admitted, one.rejected, one.superseded, one.withdrawn, one.later)))
            if one.supplied or one.read
            else (one.table, say("未提供", "not supplied"), *[""] * 5)
            for one in self.tables
        ]
        more = say(
            "读入 = 采纳 + 未采纳；已更正、已撤回、此后登记的行属于采纳，但不起作用",
            "read = admitted + rejected; superseded, withdrawn and later rows are admitted but do not count",
        )
        return Section(say("数据表", "tables"), (say("表", "table"), *names), rows, frozenset(range(1, 7)), more)

    def as_data(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "format": "mofan-facts/1",
            "tables": {
                one.table: {
                    "supplied": one.supplied,
                    "read": one.read,
                    "admitted": one.admitted,
                    "rejected": one.rejected,
                    "superseded": one.superseded,
                    "withdrawn": one.withdrawn,
                    "later": one.later,
                }
                for one in self.tables
            },
            "rejected": [
                {"table": one.table, "code": one.code, "number": one.number, "example": {"zh": one.example.zh, "en": one.example.en}} for one in self.rejected
            ],
            "assumptions": [{"zh": words.zh, "en": words.en} for words in self.assumptions],
            "kinds": [{"table": table, "kind": kind, "number": number} for table, kind, number in self.kinds],
            "tree": {"organizations": self.tree.organizations, "tops": self.tree.tops, "alone": self.tree.alone, "levels": self.tree.levels},
        }


def account_of(facts: "AdmittedFacts", with_ruleset: bool) -> Account:
    """The account of admitted facts."""
    from mofan_rules.evaluation.rows import rows_read

    assert facts.summary is not None, "made by admission"
    tables = tuple(
        TableRows(table.value, one.supplied, one.read, one.admitted, one.rejected, one.superseded, one.withdrawn, one.later)
        for table, one in facts.summary.tables.items()
    )
    read = rows_read(facts)
    kinds = tuple(facts.connection.execute(_KINDS).fetchall())
    tree = Tree(*facts.connection.execute(_TREE).fetchall()[0])
    return Account(tables, tuple(read.rejected), tuple(read.assumptions), kinds, tree, with_ruleset)


_KINDS = " UNION ALL ".join(
    f"""SELECT '{table}' AS "table", "{column}" AS kind, count(*) AS number FROM facts."{table}" WHERE certain GROUP BY ALL"""
    for table, column in (("organizations", "kind"), ("relations", "kind"), ("events", "kind"), ("tenures", "role"), ("evidence", "kind"))
)
_KINDS = f'SELECT * FROM ({_KINDS}) ORDER BY "table", number DESC, kind'

_TREE = """
    WITH RECURSIVE here AS (SELECT DISTINCT organization FROM facts.organizations WHERE certain AND valid_until_high = DATE '9999-12-31'),
    edge AS (
        SELECT DISTINCT source, target FROM facts.relations JOIN here a ON a.organization = source JOIN here b ON b.organization = target
        WHERE kind = 'part_of' AND certain AND valid_until_high = DATE '9999-12-31'
    ),
    top AS (SELECT organization FROM here WHERE organization NOT IN (SELECT source FROM edge)),
    level(organization, depth) AS (SELECT organization, 1 FROM top UNION SELECT e.source, l.depth + 1 FROM level l JOIN edge e ON e.target = l.organization)
    SELECT
        (SELECT count(*) FROM here), (SELECT count(*) FROM top),
        (SELECT count(*) FROM top WHERE organization NOT IN (SELECT target FROM edge)), (SELECT coalesce(max(depth), 0) FROM level)
"""

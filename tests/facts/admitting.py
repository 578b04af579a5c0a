"""A small vocabulary, and short ways of admitting tables and of looking at what came of it."""

from datetime import date
from fractions import Fraction
from typing import Any

from mofan_rules.facts import AdmittedFacts, Facts, admit
from mofan_rules.schema import Attribute, Kind, Table, Type, Vocabulary, WaiverPolicy


def kinds(*names: Kind) -> dict[str, Kind]:
    return {kind.name: kind for kind in names}


VOCABULARY = Vocabulary(
    kinds={
        Table.ORGANIZATIONS: kinds(Kind("党支部", aliases=("支部",)), Kind("临时党支部", parent="党支部"), Kind("机关党委")),
        Table.RELATIONS: kinds(Kind("指导")),
        Table.EVENTS: kinds(Kind("党员大会", aliases=("支部大会",)), Kind("党课"), Kind("换届", parent="党员大会")),
        Table.TENURES: kinds(Kind("书记"), Kind("成员")),
        Table.EVIDENCE: kinds(Kind("方案")),
    },
    attributes=(
        Attribute("人数", Table.ORGANIZATIONS, Type.INTEGER, kinds=("党支部",), aliases=("members",), minimum=Fraction(0), maximum=Fraction(5000)),
        Attribute("学时", Table.EVENTS, Type.NUMBER, minimum=Fraction(0)),
        Attribute("公开", Table.EVENTS, Type.BOOLEAN),
        Attribute("议题", Table.EVENTS, Type.TEXT, kinds=("党员大会",), values=("选举", "其他")),
        Attribute("任期届满", Table.ORGANIZATIONS, Type.DATE),
        Attribute("对方", Table.EVENTS, Type.ORGANIZATION),
        Attribute("要点", Table.EVENTS, Type.ITEMS),
    ),
    roster="成员",
    waivers={"r.must": WaiverPolicy(True, False), "r.waivable": WaiverPolicy(True, True), "r.should": WaiverPolicy(False, False)},
)

TWO: list[dict[str, Any]] = [{"id": "a", "kind": "党支部"}, {"id": "b", "kind": "机关党委"}]
"""Two organizations that have existed since always."""


def admitted(known_at: date | None = None, vocabulary: Vocabulary = VOCABULARY, **tables: Any) -> AdmittedFacts:
    """Facts admitted from lists of rows; `organizations` defaults to `TWO`."""
    tables.setdefault("organizations", TWO)
    return admit(Facts(**tables), vocabulary, known_at)


def shown(facts: AdmittedFacts, table: Table, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of an admitted table, by row."""
    selected = ", ".join(f'"{column}"' for column in columns)
    return facts.connection.execute(f'SELECT {selected} FROM facts."{table.value}" ORDER BY "row"').fetchall()


def rejected(facts: AdmittedFacts, *columns: str) -> list[tuple[Any, ...]]:
    """The rejected rows: table, line and code, or the columns asked for."""
    selected = ", ".join(f'"{column}"' for column in columns or ("table", "line", "code"))
    return facts.connection.execute(f'SELECT {selected} FROM facts.rejected ORDER BY "table", file, line, code').fetchall()


def everything(facts: AdmittedFacts) -> dict[str, list[tuple[Any, ...]]]:
    """All admitted tables, for comparing two admissions as wholes."""
    return {table.value: [tuple(row) for row in facts.rows(table)] for table in Table} | {"subjects": [(one,) for one in facts.subjects()]}


def adds_up(facts: AdmittedFacts) -> None:
    """Every row read is admitted or rejected, and stands in the table of rejected rows once, beside the relations that `parent` gave and that were rejected."""
    assert facts.summary is not None
    for table in facts.summary.tables.values():
        assert table.read == table.admitted + table.rejected
        assert table.rejected == sum(table.codes.values())
    count = facts.connection.execute("SELECT count(*) FROM facts.rejected").fetchall()[0][0]
    assert facts.summary.rejected + facts.summary.tables[Table.RELATIONS].derived_rejected == count

"""How the nodes of a program and their values are called in explanations."""

from collections.abc import Mapping

from mofan_rules.condition.printer import print_expression
from mofan_rules.diagnostics.bilingual import Bilingual, same
from mofan_rules.executors.interpreter.bounds import written_interval
from mofan_rules.executors.interpreter.facts import Row
from mofan_rules.executors.interpreter.matching import SPANS
from mofan_rules.executors.interpreter.values import Value, is_missing
from mofan_rules.ir.expressions import Expression, MeasureValue
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.rows import Rows
from mofan_rules.schema import Table, Type
from mofan_rules.values.dates import BEGINNING, END, Day, Duration, DurationUnit
from mofan_rules.values.interval import Interval
from mofan_rules.values.truth import Truth
from mofan_rules.verdicts.explanation import Fact, Role

TABLES: dict[Table, Bilingual] = {
    Table.ORGANIZATIONS: Bilingual("组织", "organizations"),
    Table.RELATIONS: Bilingual("关系", "relations"),
    Table.EVENTS: Bilingual("事件", "events"),
    Table.ATTENDANCE: Bilingual("出席", "attendance"),
    Table.TENURES: Bilingual("任职", "tenures"),
    Table.EVIDENCE: Bilingual("材料", "evidence"),
    Table.WAIVERS: Bilingual("豁免", "waivers"),
    Table.FEEDS: Bilingual("报送", "feeds"),
}

UNKNOWN = Bilingual("未知", "unknown")
TRUTHS: dict[Truth, Bilingual] = {True: Bilingual("是", "yes"), False: Bilingual("否", "no"), None: UNKNOWN}


def expression_text(expression: Expression) -> Bilingual:
    """An expression as its author would write it."""
    return Bilingual(print_expression(expression, "zh"), print_expression(expression, "en"))


def value_text(value: Value, type_: Type, subjects: list[str]) -> Bilingual:
    """A value as people read it."""
    if value is None or is_missing(value):
        return UNKNOWN
    match value:
        case bool():
            return TRUTHS[value]
        case Interval():
            return same(written_interval(value))
        case Day():
            return same(day_text(value))
        case int():
            return same(subjects[value]) if type_ is Type.ORGANIZATION else same(str(value))
        case Duration():
            days = value.unit is DurationUnit.DAYS
            return Bilingual(f"{value.amount}{'天' if days else '个月'}", f"{value.amount} {'days' if days else 'months'}")
        case tuple():
            return Bilingual("、".join(value) or "（空）", ", ".join(value) or "(none)")
        case str():
            return same(value)


def day_text(day: Day) -> str:
    """A date, or the span in which it lies."""
    if day.exact:
        return "…" if day.low in (BEGINNING, END) else day.low.isoformat()
    low = "" if day.low == BEGINNING else day.low.isoformat()
    return f"{low}..{'' if day.high == END else day.high.isoformat()}"


def rows_text(rows: Rows) -> Bilingual:
    """Which rows a measure reads, in short: the table and the kinds."""
    table = TABLES[rows.table]
    kinds = sorted(rows.kinds or ())
    return Bilingual(f"{table.zh}（{'、'.join(kinds)}）", f"{table.en} ({', '.join(kinds)})") if kinds else table


def about(quantity: Count | Total | Extreme | LargestGroup) -> Bilingual:
    """What a measure says."""
    rows = rows_text(quantity.rows)
    match quantity:
        case Count():
            return Bilingual(f"{rows.zh}的数目", f"number of {rows.en}")
        case Total(value=value):
            summed = expression_text(value)
            return Bilingual(f"{rows.zh}的 {summed.zh} 之和", f"sum of {summed.en} over {rows.en}")
        case Extreme(value=value, latest=latest):
            taken = expression_text(value)
            return Bilingual(
                f"{'最近' if latest else '最早'}一项{rows.zh}的 {taken.zh}", f"{taken.en} of the {'latest' if latest else 'earliest'} of {rows.en}"
            )
        case LargestGroup(by=by):
            grouped = expression_text(by)
            return Bilingual(f"{rows.zh}按 {grouped.zh} 分组，最大一组的数目", f"largest group of {rows.en} by {grouped.en}")


PREFIXES: dict[str, Bilingual] = {
    "events": same(""),
    "holders": same(""),
    "matching": same(""),
    "documents": same(""),
    "complete": same(""),
    "answers": Bilingual("办理记录：", "answers: "),
    "others": Bilingual("其余：", "the others: "),
    "unfit_holders": Bilingual("不符合条件的：", "not meeting the condition: "),
}
"""What is said before a measure that the kind of the requirement has made, by its name; one that the author has named is called by that name."""


def measure_text(measure: Measure) -> Bilingual:
    """A measure with its name."""
    what = about(measure.quantity)
    prefix = PREFIXES.get(measure.name) or Bilingual(f"{measure.name}：", f"{measure.name}: ")
    return Bilingual(prefix.zh + what.zh, prefix.en + what.en)


def test_text(expression: Expression, measures: Mapping[str, Measure]) -> Bilingual:
    """A condition as its author would write it; one that is only a measure of the kind's own is told by what that measures."""
    if isinstance(expression, MeasureValue) and expression.name in PREFIXES and expression.name in measures:
        return about(measures[expression.name].quantity)
    return expression_text(expression)


def fact(row: Row, role: Role) -> Fact:
    """A row as evidence."""
    start = row.cells.get(SPANS[row.table][0]) if row.table in SPANS else None
    known = isinstance(start, Day) and start.low != BEGINNING
    return Fact(role, row.table.value, row.id, start.low if isinstance(start, Day) and known else None)

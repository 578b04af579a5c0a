"""A verdict table from plain rows, a catalogue and a report, for tests of what is made from them."""

from collections.abc import Sequence
from datetime import date

from mofan_rules.diagnostics import Bilingual, Language, same
from mofan_rules.reports import Report
from mofan_rules.reports.base import FactsRead, NamesOf, Question, RejectedCount
from mofan_rules.verdicts.catalogue import Catalogue, Citation, Entry
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.summary import summarize
from mofan_rules.verdicts.table import Verdict

AS_OF = date(2024, 10, 15)
Q1, Q3, Q4 = ((date(2024, first, 1), date(2024, first + 2, last)) for first, last in ((1, 31), (7, 30), (10, 31)))


def verdict(requirement: str, subject: str, state: str, reason: str, window: tuple[date, date] | None = Q1, **columns: object) -> Verdict:
    first, last = window if window else (None, None)
    cells = {"key": "", "measured": "", "required": "", "due_on": last, "accountable": subject} | columns
    return Verdict(requirement=requirement, subject=subject, window_from=first, window_until=last, state=state, reason=reason, **cells)  # type: ignore[arg-type]


CATALOGUE = Catalogue(
    "sample",
    "1.0",
    Bilingual("示例规则集", "A sample"),
    (
        Entry(
            "meet",
            "occurrence",
            Bilingual("每季度开会", "Meet every quarter"),
            "should",
            remedy=Bilingual("补开会议", "Hold the meeting"),
            citations=(Citation("rule", Bilingual("工作条例", "Regulation"), "第十一条"),),
        ),
        Entry("elect", "deadline", Bilingual("按期换届", "Elect in time")),
        Entry("trial", "attribute", Bilingual("试行项", "On trial"), stage="shadow"),
        Entry("share", "rollup", same("share")),
    ),
)

VERDICTS = (
    verdict("elect", "b1", "violated", "late", measured="2024-03-05", required="2024-01-31"),
    verdict("elect", "b2", "violated", "missing", required="2024-01-31"),
    verdict("elect", "b3", "unknown", "no_trigger", None, key="founding"),
    verdict("meet", "b1", "satisfied", "met", measured="1+", required="1.."),
    verdict("meet", "b1", "violated", "too_few", Q3, measured="0", required="1.."),
    verdict("meet", "b1", "pending", "open", Q4, measured="0", required="1.."),
    verdict("meet", "b2", "unknown", "undecided_rows", measured="0..", required="1..", accountable="top"),
    verdict("meet", "b2", "waived", "waived", Q3, measured="0", required="1..", accountable="top"),
    verdict("meet", "b2", "pending", "open", Q4, measured="0", required="1..", due_on=date(2024, 10, 31), accountable="top"),
    verdict("share", "top", "violated", "too_few", measured="1/2", required="95/100"),
    verdict("trial", "b1", "violated", "condition_false"),
    verdict("trial", "b2", "not_applicable", "not_bound"),
)


def known_names(names: dict[str, str]) -> NamesOf:
    return lambda organizations: {one: names[one] for one in organizations if one in names}


def report(language: Language = "zh", rows: Sequence[Verdict] = VERDICTS, names: dict[str, str] | None = None) -> Report:
    """A report with something in every section."""
    table = RowsTable(rows)
    known = {"b1": "一支部", "b2": '<script>alert("二")</script>', "top": "=1+1"} if names is None else names
    facts = FactsRead(
        {"events": (10, 8, 2), "organizations": (4, 4, 0)},
        (RejectedCount("events", "bad_date", 2, Bilingual("events.csv:7 不是日期", "events.csv:7 is no date")),),
        (Bilingual("events.csv 按 GB18030 读取", "events.csv was read as GB18030"),),
        2,
    )
    asked = Question(AS_OF, date(2024, 1, 1), date(2024, 12, 31), None, "duckdb")
    return Report(table, CATALOGUE, summarize(table, CATALOGUE, AS_OF), asked, language, facts, known_names(known), 0.5)

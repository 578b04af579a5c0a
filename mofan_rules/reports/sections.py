"""The tables that the formats for people show, as titles, headings and cells: each format only lays them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mofan_rules.diagnostics.bilingual import Bilingual
from mofan_rules.reports.base import Report, most_serious
from mofan_rules.values.periods import period_name
from mofan_rules.verdicts.catalogue import Entry
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.summary import DUE_SOON_DAYS, Line, rate
from mofan_rules.verdicts.wording import MODALITIES, STATES, state_words, window_words


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title. `numbers` are the places of the columns that hold numbers, `whole` of others whose cells
    are not broken into lines. `more` is said below it. `named`: the first two columns are a name and its id, which a narrow page may show in one."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    numbers: frozenset[int] = frozenset()
    more: str = ""
    whole: frozenset[int] = frozenset()
    named: bool = False


def headline(report: Report) -> str:
    """The ruleset's title and version."""
    catalogue = report.catalogue
    return f"{catalogue.title.of(report.language) or catalogue.ruleset} {catalogue.version}"


def question(report: Report) -> list[tuple[str, str]]:
    """What was asked, as pairs of a word and a value."""
    asked = report.question
    today = report.say("（今天；未指定）", " (today; not given)")
    pairs = [
        (report.say("截至", "as of"), asked.as_of.isoformat() + ("" if asked.as_of_given else today)),
        (report.say("期间", "period"), window_words(asked.period_first, asked.period_last).of(report.language)),
    ]
    if asked.known_at is not None:
        pairs.append((report.say("只用此日之前的记录", "known at"), asked.known_at.isoformat()))
    return pairs


def period(report: Report) -> str:
    """The period asked, as the command line takes it."""
    return period_name(report.question.period_first, report.question.period_last)


def states(report: Report) -> Section:
    """Requirement × state, with the totals."""
    say = report.say
    headings = _headings(report)
    rows = [_counts(report, line, report.title(line.requirement), line.requirement) for line in report.summary.lines]
    counts = report.summary.counts
    rows.append((say("合计", "all"), "", *(_number(counts[state]) for state in STATES), _rate(report.summary.rate)))
    numbers = frozenset(range(2, len(headings)))
    note = say("达标率 = 达标 ÷（达标 + 未达标）", "rate = satisfied ÷ (satisfied + violated)")
    return Section(say("各项要求", "requirements"), headings, rows, numbers, note, named=True)


def shadow(report: Report) -> Section | None:
    """The same for requirements on trial; `None` if there are none."""
    say = report.say
    if not report.summary.shadow:
        return None
    headings = _headings(report)
    rows = [_counts(report, line, report.title(line.requirement), line.requirement) for line in report.summary.shadow]
    return Section(say("试行要求（不计入合计）", "on trial (in no total)"), headings, rows, frozenset(range(2, len(headings))), named=True)


def worst_off(report: Report) -> Section | None:
    """The organizations with the most violated verdicts; `None` if there are none."""
    say = report.say
    if not report.summary.worst_off:
        return None
    names = report.names_of([row.organization for row in report.summary.worst_off])
    headings = (
        say("组织", "organization"),
        say("编号", "id"),
        say("未达标（应当）", "violated (must)"),
        say("未达标（一般）", "violated (should)"),
        say("无法判定", "unknown"),
    )
    rows = [
        (names.get(row.organization, ""), row.organization, _number(row.violated_must), _number(row.violated_should), _number(row.unknown))
        for row in report.summary.worst_off
    ]
    total, shown = report.summary.organizations_in_default, len(rows)
    more = say(f"共 {total} 个组织有未达标项，这里是最多的 {shown} 个", f"{total} organizations have violated verdicts; these {shown} have the most")
    return Section(say("问题最多的组织", "worst off"), headings, rows, frozenset({2, 3, 4}), more if total > shown else "", named=True)


def due_soon(report: Report) -> Section | None:
    """The pending verdicts that fall due first; `None` if nothing falls due soon."""
    say = report.say
    if not report.summary.due_soon:
        return None
    names = report.names_of([row.subject for row in report.summary.due_soon])
    headings = (say("最迟", "due"), say("组织", "organization"), say("要求", "requirement"), say("期间", "window"))
    rows = [
        (
            row.due_on.isoformat(),
            _named(row.subject, names),
            report.title(row.requirement),
            window_words(row.window_from, row.window_until).of(report.language),
        )
        for row in report.summary.due_soon
    ]
    total, shown = report.summary.due_soon_total, len(rows)
    more = say(f"{DUE_SOON_DAYS} 天内到期共 {total} 项，这里是最早的 {shown} 项", f"{total} fall due within {DUE_SOON_DAYS} days; these {shown} first")
    return Section(say("即将到期", "due soon"), headings, rows, more=more if total > shown else "", whole=frozenset({0, 3}))


def rejected(report: Report) -> Section | None:
    """The rejected rows by code; `None` if none was rejected."""
    say = report.say
    if not report.facts.rejected:
        return None
    headings = (say("表", "table"), say("原因", "code"), say("行数", "rows"), say("例", "example"))
    rows = [(row.table, row.code, _number(row.number), row.example.of(report.language)) for row in report.facts.rejected]
    return Section(say("未采纳的数据行", "rows rejected"), headings, rows, frozenset({2}), _rejected_organizations(report))


def _rejected_organizations(report: Report) -> str:
    number = report.facts.rejected_organizations
    if not number:
        return ""
    if number == 1:
        return report.say("有 1 个组织只登记在未采纳的行里，它的各项要求无法判定", "1 organization is known from rejected rows only: its verdicts are unknown")
    return report.say(
        f"有 {number:,} 个组织只登记在未采纳的行里，它们的各项要求无法判定",
        f"{number:,} organizations are known from rejected rows only: their verdicts are unknown",
    )


def serious(report: Report, limit: int) -> Section | None:
    """The violated and the unknown verdicts, one by one; `None` if there are none."""
    say = report.say
    found, total = most_serious(report, limit)
    if not found:
        return None
    names = report.names_of({verdict.subject for verdict in found})
    headings = (
        say("结论", "state"),
        say("组织", "organization"),
        say("要求", "requirement"),
        say("期间", "window"),
        say("说明", "why"),
        say("依据", "citation"),
    )
    rows = [
        (
            state_words(verdict.state, report.language) + _modality(report, report.entry(verdict.requirement, verdict.window_from)),
            _named(verdict.subject, names),
            report.title(verdict.requirement),
            window_words(verdict.window_from, verdict.window_until).of(report.language),
            report.message(verdict),
            report.citation(report.entry(verdict.requirement, verdict.window_from)),
        )
        for verdict in found
    ]
    more = say(f"共 {total} 项，这里只列前 {len(found)} 项", f"{total} in all; the first {len(found)} are listed")
    return Section(say("未达标与无法判定的结论", "violated and unknown"), headings, rows, more=more if total > len(found) else "", whole=frozenset({0, 3}))


def rows_read(report: Report) -> str:
    """One sentence on the rows that were read."""
    if not report.facts.rows:
        return ""
    read, kept, left_out = (sum(numbers[place] for numbers in report.facts.rows.values()) for place in range(3))
    return report.say(f"读入 {read:,} 行 = 采纳 {kept:,} 行 + 未采纳 {left_out:,} 行", f"{read:,} rows read = {kept:,} admitted + {left_out:,} rejected")


def assumptions(report: Report) -> list[str]:
    """What was assumed about the facts, a sentence each."""
    return [words.of(report.language) for words in report.facts.assumptions]


def _headings(report: Report) -> tuple[str, ...]:
    """Of the tables of states; the widest English word is cut short."""
    words = (Bilingual(words.zh, "n/a" if state is State.NOT_APPLICABLE else words.en) for state, words in STATES.items())
    return (report.say("要求", "requirement"), report.say("编号", "id"), *(word.of(report.language) for word in words), report.say("达标率", "rate"))


def _counts(report: Report, line: Line, *first: str) -> tuple[str, ...]:
    return (*first, *(_number(line.counts[state]) for state in STATES), _rate(rate(line.counts)))


def _modality(report: Report, entry: Entry) -> str:
    return "" if entry.modality == "must" else f" ({MODALITIES[entry.modality].of(report.language)})"


def _named(organization: str, names: dict[str, str]) -> str:
    name = names.get(organization, "")
    return f"{name} ({organization})" if name and name != organization else organization


def _number(number: int) -> str:
    return f"{number:,}" if number else "·"


def _rate(share: Fraction | None) -> str:
    """In percent with one decimal, cut and not rounded."""
    if share is None:
        return "—"
    thousandths = int(share * 1000)
    return f"{thousandths // 10}.{thousandths % 10}%"

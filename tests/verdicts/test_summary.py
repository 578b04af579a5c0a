"""Summaries, comparisons and the forms in which users hold verdict tables."""

from datetime import date
from fractions import Fraction

import pytest

from mofan_rules.diagnostics import QuestionError
from mofan_rules.verdicts.compare import compare
from mofan_rules.verdicts.frame import Verdicts
from mofan_rules.verdicts.rows_table import RowsTable
from mofan_rules.verdicts.state import State
from mofan_rules.verdicts.summary import DUE_SOON_DAYS, summarize
from mofan_rules.verdicts.table import COLUMNS
from mofan_rules.verdicts.wording import measured_words, required_words, window_words
from tests.reports.tables import AS_OF, CATALOGUE, Q4, VERDICTS, verdict

SUMMARY = summarize(RowsTable(VERDICTS), CATALOGUE, AS_OF)


def test_counts_leave_out_what_is_on_trial() -> None:
    assert SUMMARY.total == 10
    assert SUMMARY.counts[State.VIOLATED] == 4
    assert [line.requirement for line in SUMMARY.lines] == ["meet", "elect", "share"]
    assert [(line.requirement, line.total) for line in SUMMARY.shadow] == [("trial", 2)]


def test_the_rate_is_exact() -> None:
    assert SUMMARY.rate == Fraction(1, 5)
    assert SUMMARY.lines[0].rate == Fraction(1, 2)
    assert summarize(RowsTable(()), CATALOGUE, AS_OF).rate is None


def test_each_verdict_is_charged_once_to_the_accountable() -> None:
    assert [(row.organization, row.violated_must, row.violated_should, row.unknown) for row in SUMMARY.worst_off] == [
        ("b1", 1, 1, 0),
        ("top", 1, 0, 1),
        ("b2", 1, 0, 0),
    ]
    assert SUMMARY.organizations_in_default == 3


def test_the_worst_are_named_and_all_are_counted() -> None:
    summary = summarize(RowsTable(VERDICTS), CATALOGUE, AS_OF, worst=1)
    assert [row.organization for row in summary.worst_off] == ["b1"]
    assert summary.organizations_in_default == 3


@pytest.mark.parametrize(("days", "soon"), [(0, 1), (DUE_SOON_DAYS, 1), (DUE_SOON_DAYS + 1, 0)])
def test_due_soon(days: int, soon: int) -> None:
    due = date.fromordinal(AS_OF.toordinal() + days)
    rows = [verdict("meet", "b1", "pending", "open", Q4, due_on=due), verdict("trial", "b1", "pending", "open", Q4, due_on=due)]
    summary = summarize(RowsTable(rows), CATALOGUE, AS_OF)
    assert summary.due_soon_total == len(summary.due_soon) == soon


@pytest.mark.parametrize(("level", "fails"), [("never", False), ("must", True), ("should", True), ("unknown", True)])
def test_fails(level: str, fails: bool) -> None:
    assert SUMMARY.fails(level) is fails
    assert not summarize(RowsTable(VERDICTS[-2:]), CATALOGUE, AS_OF).fails(level)


def test_equal_tables_do_not_differ() -> None:
    assert compare(RowsTable(VERDICTS), RowsTable(VERDICTS)) == []


def test_differences_name_their_columns() -> None:
    changed = VERDICTS[3]._replace(state="violated", reason="too_few", measured="0")
    after = [*VERDICTS[1:3], changed, *VERDICTS[4:], verdict("trial", "b9", "satisfied", "met")]
    found = compare(RowsTable(VERDICTS), RowsTable(after))
    assert [(one.before, one.after) for one in found] == [(VERDICTS[0], None), (VERDICTS[3], changed), (None, after[-1])]
    assert found[1].columns == ("state", "reason", "measured")
    assert found[0].columns == COLUMNS
    assert len(compare(RowsTable(VERDICTS), RowsTable(after), limit=2)) == 2


def test_a_row_that_occurs_twice_differs_from_one_that_occurs_once() -> None:
    rows = VERDICTS[:1]
    assert compare(RowsTable((*rows, *rows)), RowsTable(rows)) != []


def test_frames_hold_the_same_rows() -> None:
    frames = Verdicts(RowsTable(VERDICTS))
    assert list(frames) == list(frames.rows()) == list(VERDICTS)
    assert len(frames) == len(VERDICTS)
    assert [tuple(row) for row in frames.to_polars().rows()] == [tuple(row) for row in VERDICTS]
    assert frames.to_arrow().column_names == list(COLUMNS)
    assert frames.to_arrow().to_pylist() == [row._asdict() for row in VERDICTS]
    pandas = frames.to_pandas()
    assert list(pandas.columns) == list(COLUMNS)
    assert list(pandas["subject"]) == [row.subject for row in VERDICTS]


def test_a_library_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for convert in ("to_pandas", "to_polars", "to_arrow"):
        with pytest.raises(QuestionError, match="not installed"):
            getattr(Verdicts(RowsTable(())), convert)()


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), "2024年", "2024"),
        (date(2024, 7, 1), date(2024, 9, 30), "2024年第三季度", "2024 Q3"),
        (date(2024, 7, 1), date(2024, 12, 31), "2024年下半年", "2024 H2"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024年2月", "2024-02"),
        (date(2024, 1, 1), date(2024, 1, 7), "2024年第1周", "2024 week 1"),
        (date(2024, 1, 2), date(2024, 1, 2), "2024-01-02", "2024-01-02"),
        (date(2024, 1, 2), date(2024, 3, 4), "2024-01-02 至 2024-03-04", "2024-01-02 to 2024-03-04"),
        (date(1, 1, 1), date(2024, 3, 4), "至 2024-03-04", "until 2024-03-04"),
        (None, None, "—", "—"),
    ],
)
def test_windows_in_words(first: date | None, last: date | None, zh: str, en: str) -> None:
    assert (window_words(first, last).zh, window_words(first, last).en) == (zh, en)


@pytest.mark.parametrize(
    ("measured", "share", "zh", "en"),
    [
        ("3", False, "3", "3"),
        ("2+", False, "2 以上", "2 or more"),
        ("0..2", False, "0 至 2", "between 0 and 2"),
        ("1..", False, "至少 1", "at least 1"),
        ("..5", False, "至多 5", "at most 5"),
        ("-1.5..2/3", False, "-1.5 至 2/3", "between -1.5 and 2/3"),
        ("2/3", False, "2/3", "2/3"),
        ("94/99", True, "94/99 (94.9%)", "94/99 (94.9%)"),
        ("0/0", True, "0/0", "0/0"),
        ("3..5/8", True, "8 项中的 3 至 5 项", "3 to 5 of 8"),
        ("2024-01-31", False, "2024-01-31", "2024-01-31"),
        ("", False, "不详", "not known"),
    ],
)
def test_measured_in_words(measured: str, share: bool, zh: str, en: str) -> None:
    assert (measured_words(measured, share).zh, measured_words(measured, share).en) == (zh, en)


@pytest.mark.parametrize(
    ("required", "share", "zh", "en"),
    [
        ("1..", False, "不少于 1", "at least 1"),
        ("..3", False, "不超过 3", "at most 3"),
        ("1..3", False, "1 至 3", "1 to 3"),
        ("2", False, "恰好 2", "exactly 2"),
        ("95/100", True, "95%", "95%"),
        ("50..95/100", True, "50% 至 95%", "50% to 95%"),
        ("1/3", True, "33.3%", "33.3%"),
        ("2024-01-31", False, "2024-01-31", "2024-01-31"),
    ],
)
def test_required_in_words(required: str, share: bool, zh: str, en: str) -> None:
    assert (required_words(required, share).zh, required_words(required, share).en) == (zh, en)

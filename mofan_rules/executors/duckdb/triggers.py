"""The dated facts that open windows: trigger rows, foundings, and the answers that make a chain (`docs/meaning.md` 2.8 and 2.9).

Each gives a table (cell, who, subject, law, day, low, high, id, key, row, after_day, preset): one row a window to be, before its dates are reckoned; `who` is
the place of the judgement among those that are judged together.
"""

from collections.abc import Sequence

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.bindings import life
from mofan_rules.executors.duckdb.cells import current_versions
from mofan_rules.executors.duckdb.codes import code
from mofan_rules.executors.duckdb.days import subject_versions
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.holding import holds_column, holds_in
from mofan_rules.executors.duckdb.matching import prefilter, row_truths
from mofan_rules.executors.duckdb.members import SharedRows, conditions_of, row_condition, source
from mofan_rules.executors.duckdb.parameters import choice_columns, named_parameters, with_choices
from mofan_rules.executors.duckdb.scope import date_column, owner_column
from mofan_rules.executors.duckdb.slots import shared_rows
from mofan_rules.executors.duckdb.work import Work
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.program import Each
from mofan_rules.ir.rows import Own, Rows
from mofan_rules.schema import Table

ROW_KEY = "COALESCE(id, '')"

DATES_OF_DEEDS = ("date", "from_date", "valid_from")
"""Columns whose dates after the as-of date are not seen; later until-dates and date attributes are plans, and are."""


def matching_rows(work: Work, rows: Rows) -> str:
    """A table of the rows that possibly match, with `who` and `truth`: whether they surely do and are certain."""
    column, owner = date_column(rows), rows.owner
    assert isinstance(owner, Own)
    low, high = (f"r.{sql.name(column + end)}" for end in ("_low", "_high"))
    where = [*prefilter(rows), f"NOT ({low} = {sql.LAST_DAY} AND {high} = {sql.LAST_DAY})"]
    if column in DATES_OF_DEEDS:
        where.append(f"{low} <= {work.as_of}")
    mine = f"r.{sql.name(owner_column(rows.table, owner))}"
    spread, who = source(rows), "r.who" if isinstance(rows, SharedRows) else "0"
    joined = f"{spread} r JOIN {work.subjects} u ON u.organization = {mine}"
    if rows.table is Table.ORGANIZATIONS:
        joined += f' JOIN {current_versions(work)} v ON v.version = r."row"'
    key = "COALESCE(r.id, '')" if rows.table is not Table.ORGANIZATIONS else sql.text(_column_name(work, column))
    columns = (
        f"CASE WHEN {low} = {sql.FIRST_DAY} AND {high} = {sql.LAST_DAY} THEN {work.as_of} ELSE {low} END AS law, CASE WHEN {low} < {work.as_of} THEN {low}"
        f' ELSE {work.as_of} END AS day, {low} AS low, {high} AS high, r.id, {key} AS key, r."row", {who} AS who'
    )
    condition = " AND ".join(where)
    found = f"SELECT u.organization AS subject, {columns}, TRUE AS owned FROM {joined} WHERE {condition}"
    if work.any(f"SELECT 1 FROM facts.{rows.table.value} r WHERE {mine} IS NULL"):
        found += (
            f" UNION ALL SELECT u.organization AS subject, {columns}, NULL FROM {spread} r CROSS JOIN {work.subjects} u WHERE {mine} IS NULL AND {condition}"
        )
    numbered = f"(SELECT row_number() OVER () AS cell, *, NULL::DATE AS window_first, NULL::DATE AS window_last FROM ({found}))"
    conditions = conditions_of(rows)
    choices = choice_columns(work, named_parameters(conditions))
    frame = trigger_frame(work, choices)
    if any(holds_in(where) for where in conditions):
        numbered = work.table("numbered", f"SELECT * FROM {numbered}")
        frame.holds = lambda asked, node: holds_column(work, numbered, asked, node)
    result = sql.conjunction([*row_truths(rows, frame), frame.need("CASE WHEN c.owned THEN TRUE END"), row_condition(rows, frame, "c.who")])
    flat = {name: frame.need(f"c.{sql.name(name)}") for name in ("who", "subject", "law", "day", "low", "high", "id", "key", "row")}
    kept = frame.keep(result)
    found = f'{with_choices(work, numbered, choices)} c JOIN facts.{rows.table.value} r ON r."row" = c."row"' + subject_join(work, frame)
    listed = ", ".join(f"{column} AS {sql.name(name)}" for name, column in flat.items())
    query = f"SELECT {listed}, {kept} AS truth FROM {frame.relation(found)} WHERE {kept} IS NOT FALSE"
    return work.table("opening", query)


def _column_name(work: Work, column: str) -> str:
    """The name that an author gave to a column."""
    if column.startswith("a_") and column[2:].isdigit():
        return work.program.vocabulary.attributes[int(column[2:])].name
    return column


def trigger_frame(work: Work, choices: dict[str, str]) -> Frame:
    """Where expressions on a row `r` that opens a window are evaluated."""
    return Frame(
        {Scope.SUBJECT: "s", Scope.ROW: "r", Scope.TRIGGER: "r"},
        {Scope.SUBJECT: "s.certain", Scope.ROW: "r.certain", Scope.TRIGGER: "r.certain"},
        work.parameters,
        choices,
    )


def subject_join(work: Work, frame: Frame) -> str:
    """The subject's version on the day of `c`, if the frame reads it."""
    if Scope.SUBJECT not in frame.used:
        return ""
    return f" LEFT JOIN {subject_versions(work)} s ON s.subject_number = c.subject AND c.day BETWEEN s.span_first AND s.span_last"


def openings(work: Work, members: Sequence[Each], answers: Rows | None) -> str:
    """The table of all windows to be of some judgements, whose triggers differ in kinds and conditions only. A chain stands alone;
    `answers` are the rows of its first measure."""
    one = members[0]
    if one.chain is not None:
        assert answers is not None
        return _chain(work, one.chain.first, answers)
    if one.trigger is None:
        return _numbered(work, f"SELECT f.*, g.who::INTEGER AS who FROM ({_founding(work)}) f CROSS JOIN range({len(members)}) g(who)")
    triggers = [(who, each.trigger) for who, each in enumerate(members) if each.trigger is not None]
    found = matching_rows(work, shared_rows(triggers) if len(triggers) > 1 else one.trigger)
    decided = f"CASE WHEN truth THEN NULL ELSE {code('trigger_undecided')} END"
    query = (
        f'SELECT subject, law, day, low, high, id, key, "row", NULL::DATE AS after_day, {decided} AS preset, who FROM {found}'
        ' QUALIFY id IS NULL OR row_number() OVER (PARTITION BY who, subject, id ORDER BY "row") = 1'
    )
    if must := [f"({who})" for who, each in enumerate(members) if each.must_exist]:
        query += (
            f" UNION ALL SELECT u.organization, {_nothing(work, '')}, g.who FROM {work.subjects} u CROSS JOIN (VALUES {', '.join(must)}) g(who)"
            f" ANTI JOIN {found} f ON f.subject = u.organization AND f.who = g.who"
        )
    return _numbered(work, query)


def _numbered(work: Work, query: str) -> str:
    return work.table("openings", f"SELECT row_number() OVER () AS cell, * FROM ({query})")


def _nothing(work: Work, key: str) -> str:
    """The columns, without the subject, of a window that nothing opens although something must."""
    return f"{work.as_of}, {work.as_of}, {sql.FIRST_DAY}, {sql.LAST_DAY}, NULL::VARCHAR, {sql.text(key)}, NULL::INTEGER, NULL::DATE, {code('no_trigger')}"


def _founded(work: Work) -> str:
    """(subject, t): the day of founding, null if it is not known exactly."""
    low, high = 'o."founded_on_low"', 'o."founded_on_high"'
    return (
        f"SELECT u.organization AS subject, CASE WHEN {low} = {high} THEN {low} END AS t FROM {work.subjects} u"
        f' LEFT JOIN {current_versions(work)} v ON v.organization = u.organization LEFT JOIN facts.organizations o ON o."row" = v.version'
    )


def _founding(work: Work) -> str:
    day = f"CASE WHEN t < {work.as_of} THEN t ELSE {work.as_of} END"
    known = (
        f"SELECT subject, t AS law, {day} AS day, t AS low, t AS high, NULL::VARCHAR AS id, 'founding'"
        ' AS key, NULL::INTEGER AS "row", NULL::DATE AS after_day, NULL::INTEGER AS preset'
    )
    return f"{known} FROM ({_founded(work)}) WHERE t IS NOT NULL UNION ALL SELECT subject, {_nothing(work, 'founding')} FROM ({_founded(work)}) WHERE t IS NULL"


def _answers(work: Work, rows: Rows) -> str:
    """A table (subject, t, id, row) of the rows that surely match, exactly dated by the as-of date while the subject exists; one a day."""
    found = matching_rows(work, rows)
    query = (
        f'SELECT f.subject, f.low AS t, f.id, f."row" FROM {found} f SEMI JOIN {life(work).table} l ON l.organization = f.subject AND l.sure'
        f" AND f.low BETWEEN l.first AND l.last WHERE f.truth AND f.low = f.high AND f.low <= {work.as_of}"
        ' QUALIFY row_number() OVER (PARTITION BY f.subject, f.low ORDER BY f.id, f."row") = 1'
    )
    return work.table("answers", query)


def _chain(work: Work, first: Rows | None, rows: Rows) -> str:
    answers = _answers(work, rows)
    key = "founding" if first is None else ""
    if first is None:
        starts = work.table("starts", f'SELECT subject, t, NULL::VARCHAR AS id, NULL::INTEGER AS "row" FROM ({_founded(work)}) WHERE t IS NOT NULL')
        start_key, after, later = "'founding'", "NULL::DATE", ">="
    else:
        opening = _answers(work, first)
        starts = work.table("starts", f"SELECT * FROM {opening} QUALIFY row_number() OVER (PARTITION BY subject ORDER BY t) = 1")
        start_key, after, later = "COALESCE(id, '')", "t", ">"
    day = f"CASE WHEN t < {work.as_of} THEN t ELSE {work.as_of} END"
    columns = f't AS law, {day} AS day, t AS low, t AS high, id, {{key}} AS key, "row", {{after}} AS after_day, NULL::INTEGER AS preset'
    query = (
        f"SELECT subject, {columns.format(key=start_key, after=after)} FROM {starts}"
        f" UNION ALL SELECT subject, {columns.format(key=ROW_KEY, after='t')} FROM"
        f" (SELECT a.* FROM {answers} a LEFT JOIN {starts} s ON s.subject = a.subject WHERE s.subject IS NULL OR a.t {later} s.t)"
        f" UNION ALL SELECT u.organization, {_nothing(work, key)} FROM {work.subjects} u ANTI JOIN {starts} s ON s.subject = u.organization"
    )
    return _numbered(work, f"SELECT *, 0 AS who FROM ({query})")

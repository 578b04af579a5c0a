"""The days on which the tests of a state can change: between two of them nothing that the tests read does."""

from collections.abc import Sequence
from datetime import date, timedelta

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.days import kind_truth, subject_versions
from mofan_rules.executors.duckdb.graph import ancestry, reach
from mofan_rules.executors.duckdb.measures import rows_of
from mofan_rules.executors.duckdb.parameters import named_parameters
from mofan_rules.executors.duckdb.scope import date_column, owner_column
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, END_COLUMN, Work
from mofan_rules.ir.expressions import Expression, Holds, Op, WindowDay
from mofan_rules.ir.measures import Extreme, Measure
from mofan_rules.ir.rows import ByRole, Direction, Linked, OfLinked, Own, Rows
from mofan_rules.schema import KIND_COLUMN
from mofan_rules.values.dates import BEGINNING, END


def change_days(work: Work, measures: Sequence[Measure], owners: str, bound: str, tested: list[Expression | None]) -> str:
    """A table (cell, owner, subject, day, next, row_first): from `day` to the day before `next` nothing changes; up to the as-of date.

    Parameters
    ----------
    measures: those that the tests read.
    owners: a table (owner, subject, since, row_first); since: the first day of interest.
    bound: a table (owner, first, last, sure).
    tested: all expressions that are evaluated.
    """
    limit = f"day > o.since AND day <= {work.as_of}"
    if any(_looks_at_day(expression) for expression in tested):
        days = f"SELECT o.owner, unnest(range(o.since::TIMESTAMP, {work.as_of}::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE AS day FROM {owners} o"
    else:
        own = _ends(f"SELECT owner, first, last + 1 AS last FROM {bound}", "owner", ("first", "last"))
        days = f"SELECT owner, since AS day FROM {owners} UNION SELECT d.owner, d.day FROM ({own}) d JOIN {owners} o ON o.owner = d.owner AND {limit}"
        for source in _subject_changes(work, measures, owners, tested):
            days += f" UNION SELECT o.owner, d.day FROM ({source}) d JOIN {owners} o ON o.subject = d.subject AND {limit}"
        general = " UNION ".join(_general_changes(work, measures, owners, tested))
        if general:
            days += f" UNION SELECT o.owner, d.day FROM ({general}) d JOIN {owners} o ON {limit}"
    following = f"COALESCE(lead(day) OVER (PARTITION BY owner ORDER BY day), {work.as_of} + 1)"
    query = (
        f"SELECT row_number() OVER () AS cell, d.owner, o.subject, d.day, d.next, o.row_first FROM (SELECT owner, day, {following} AS next FROM ({days})) d"
        f" JOIN {owners} o ON o.owner = d.owner WHERE d.day <= {work.as_of}"
    )
    return work.table("days", query)


def _looks_at_day(expression: Expression | None) -> bool:
    match expression:
        case WindowDay():
            return True
        case Op(_, arguments):
            return any(_looks_at_day(argument) for argument in arguments)
        case _:
            return False


def _ends(relation: str, key: str, columns: tuple[str, ...]) -> str:
    """(key, day) of all the days in some columns of a relation."""
    return " UNION ".join(f"SELECT {key}, {column} AS day FROM ({relation})" for column in columns)


def row_days(measure: Measure) -> list[str]:
    """The days, over a row `r` of a measure, on which it begins or ceases to match; of an extreme also the day after its date, from which on a row that a
    feed does not have could beat it."""
    rows = rows_of(measure)
    begin, end, dated = BEGINNING_COLUMN[rows.table], END_COLUMN.get(rows.table), date_column(rows)
    days = [f"r.{sql.name(column + side)}" for column in dict.fromkeys((begin, dated)) for side in ("_low", "_high")]
    if end is not None:
        days += [f"r.{sql.name(end + side)} + 1" for side in ("_low", "_high")]
    if isinstance(measure.quantity, Extreme):
        days += [f"r.{sql.name(dated + side)} + 1" for side in ("_low", "_high")]
    return days


def _tenure_days() -> list[str]:
    return ["h.from_date_low", "h.from_date_high", "h.until_date_low + 1", "h.until_date_high + 1"]


def _each(days: list[str], subject: str, source: str, where: str) -> list[str]:
    return [f"SELECT {subject} AS subject, {day} AS day FROM {source} WHERE {where}" for day in days]


def _kind_filter(rows: Rows) -> str:
    if rows.kinds is None or rows.table not in KIND_COLUMN:
        return sql.TRUE
    return f"({kind_truth(rows.kinds, f'r.{KIND_COLUMN[rows.table]}')}) IS NOT FALSE"


def _subject_changes(work: Work, measures: Sequence[Measure], owners: str, tested: list[Expression | None]) -> list[str]:
    """Queries (subject, day) of what changes for one subject."""
    starts = f"SELECT DISTINCT subject FROM {owners}"
    sources = [
        _ends(f"SELECT subject_number AS subject, span_first, span_last + 1 AS span_last FROM {subject_versions(work)}", "subject", ("span_first", "span_last"))
    ]
    for measure in measures:
        rows = rows_of(measure)
        table, wanted = f"facts.{rows.table.value} r", _kind_filter(rows)
        match rows.owner:
            case Own() as owner:
                column = f"r.{sql.name(owner_column(rows.table, owner))}"
                sources += _each(row_days(measure), column, table, f"{wanted} AND {column} IS NOT NULL")
            case OfLinked(link):
                links = reach(work, link, starts)
                sources.append(_ends(f"SELECT subject, first, last + 1 AS last FROM {links}", "subject", ("first", "last")))
                sources += _each(
                    row_days(measure),
                    "q.subject",
                    f"(SELECT DISTINCT subject, organization FROM {links}) q JOIN {table} ON r.organization = q.organization",
                    wanted,
                )
            case ByRole(roles):
                held = f"({kind_truth(roles, 'h.role')}) IS NOT FALSE"
                sources += _each(_tenure_days(), "h.organization", "facts.tenures h", f"{held} AND h.organization IS NOT NULL")
                sources += _each(
                    row_days(measure),
                    "h.organization",
                    f"facts.tenures h JOIN {table} ON r.organization = h.holder",
                    f"{held} AND h.organization IS NOT NULL AND {wanted}",
                )
    for node in _holds(tested):
        held = f"({kind_truth(node.roles, 'h.role')}) IS NOT FALSE"
        if node.relation is None:
            sources += _each(_tenure_days(), "h.organization", "facts.tenures h", f"{held} AND h.organization IS NOT NULL")
        else:
            links = reach(work, Linked(node.relation, Direction.OUT, 1), starts)
            sources.append(_ends(f"SELECT subject, first, last + 1 AS last FROM {links}", "subject", ("first", "last")))
            sources += _each(
                _tenure_days(),
                "q.subject",
                f"(SELECT DISTINCT subject, organization FROM {links}) q JOIN facts.tenures h ON h.organization = q.organization",
                held,
            )
    unders = {value.under for name in named_parameters(tested) for value in work.parameters[name].values if value.under is not None}
    if unders:
        below = ancestry(work, sorted(unders))
        sources.append(_ends(f"SELECT organization AS subject, first, last + 1 AS last FROM {below}", "subject", ("first", "last")))
    return sources


def _holds(tested: list[Expression | None]) -> list[Holds]:
    found: list[Holds] = []

    def walk(expression: Expression | None) -> None:
        match expression:
            case Holds():
                found.append(expression)
            case Op(_, arguments):
                for argument in arguments:
                    walk(argument)
            case _:
                pass

    for expression in tested:
        walk(expression)
    return found


def _general_changes(work: Work, measures: Sequence[Measure], owners: str, tested: list[Expression | None]) -> list[str]:
    """Queries (day) of what changes for all subjects."""
    days = {value.first for name in named_parameters(tested) for value in work.parameters[name].values}
    days |= {value.last + timedelta(days=1) for name in named_parameters(tested) for value in work.parameters[name].values if value.last != END}
    since = work.rows(f"SELECT min(since) FROM {owners}")[0][0] or work.context.as_of
    for measure in measures:
        if measure.per is not None and isinstance(since, date):
            days |= {first for first, _ in measure.per.between(since, work.context.as_of)}
    values = ", ".join(f"({sql.day(day)})" for day in sorted(days) if day != BEGINNING)
    sources = [f"SELECT day FROM (VALUES {values}) t(day)"] if values else []
    sources.append("SELECT from_date AS day FROM facts.feeds UNION SELECT until_date + 1 FROM facts.feeds")
    roles = bool(_holds(tested))
    for measure in measures:
        rows = rows_of(measure)
        owner = rows.owner
        column = f"r.{sql.name(owner_column(rows.table, owner))}" if isinstance(owner, Own) else 'r."organization"'
        if work.any(f"SELECT 1 FROM facts.{rows.table.value} r WHERE {column} IS NULL"):
            sources += [f"SELECT {day} AS day FROM facts.{rows.table.value} r WHERE {column} IS NULL" for day in row_days(measure)]
        if isinstance(owner, ByRole) and work.any("SELECT 1 FROM facts.tenures WHERE person IS NULL"):
            sources += [f"SELECT {day} AS day FROM facts.{rows.table.value} r" for day in row_days(measure)]
        roles = roles or isinstance(owner, ByRole)
    if roles:
        sources += [f"SELECT {day} AS day FROM facts.tenures h WHERE h.organization IS NULL" for day in _tenure_days()]
    return sources

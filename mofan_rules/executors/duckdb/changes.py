"""The days on which the tests of a state can change: between two of them nothing that the tests read does."""

from collections.abc import Sequence
from datetime import date, timedelta

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.days import kind_truth, subject_versions
from mofan_rules.executors.duckdb.graph import ancestry, reach
from mofan_rules.executors.duckdb.measures import rows_of
from mofan_rules.executors.duckdb.members import SharedRows, source
from mofan_rules.executors.duckdb.parameters import named_parameters
from mofan_rules.executors.duckdb.scope import date_column, owner_column
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, END_COLUMN, Work
from mofan_rules.ir.expressions import Expression, Holds, Op, WindowDay
from mofan_rules.ir.measures import Extreme, Measure
from mofan_rules.ir.rows import ByRole, Direction, Linked, OfLinked, Own, Rows
from mofan_rules.schema import KIND_COLUMN, Table
from mofan_rules.values.dates import BEGINNING, END


def change_days(work: Work, measures: Sequence[Measure], owners: str, bound: str, tested: list[Expression | None]) -> str:
    """A table (cell, owner, subject, day, next, row_first): from `day` to the day before `next` nothing changes; up to the as-of date.

    Parameters
    ----------
    measures: those that the tests read.
    owners: a table (owner, subject, since, row_first, and who if there are several members); since: the first day of interest.
    bound: a table (owner, first, last, sure).
    tested: all expressions that are evaluated.
    """
    limit = f"day > o.since AND day <= {work.as_of}"
    if any(_looks_at_day(expression) for expression in tested):
        days = f"SELECT o.owner, unnest(range(o.since::TIMESTAMP, {work.as_of}::TIMESTAMP + INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE AS day FROM {owners} o"
    else:
        own = _ends(f"SELECT owner, first, last + 1 AS last FROM {bound}", "owner", ("first", "last"))
        days = f"SELECT owner, since AS day FROM {owners} UNION SELECT d.owner, d.day FROM ({own}) d JOIN {owners} o ON o.owner = d.owner AND {limit}"
        for query, mine in _subject_changes(work, measures, owners, tested):
            days += f" UNION SELECT o.owner, d.day FROM ({query}) d JOIN {owners} o ON o.subject = d.subject{mine} AND {limit}"
        general = " UNION ".join(_general_changes(work, measures, owners, tested))
        if general:
            days += f" UNION SELECT o.owner, d.day FROM ({general}) d JOIN {owners} o ON {limit}"
    following = f"COALESCE(lead(day) OVER (PARTITION BY owner ORDER BY day), {work.as_of} + 1)"
    numbered = (
        f"SELECT row_number() OVER () AS cell, d.owner, o.subject, d.day, d.next, o.row_first FROM (SELECT owner, day, {following} AS next FROM ({days})) d"
        f" JOIN {owners} o ON o.owner = d.owner WHERE d.day <= {work.as_of}"
    )
    return work.table("days", numbered)


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


def _each(days: list[str], subject: str, relation: str, where: str, who: str = "") -> list[str]:
    return [f"SELECT {subject} AS subject, {day} AS day{who} FROM {relation} WHERE {where}" for day in days]


def _kind_filter(rows: Rows) -> str:
    if rows.kinds is None or rows.table not in KIND_COLUMN:
        return sql.TRUE
    return f"({kind_truth(rows.kinds, f'r.{KIND_COLUMN[rows.table]}')}) IS NOT FALSE"


def _subject_changes(work: Work, measures: Sequence[Measure], owners: str, tested: list[Expression | None]) -> list[tuple[str, str]]:
    """Queries (subject, day) of what changes for one subject, each with what the join to its owners asks for besides: rows that members share change something
    only for those that look for their kind."""
    starts = f"SELECT DISTINCT subject FROM {owners}"
    versions = f"SELECT subject_number AS subject, span_first, span_last + 1 AS span_last FROM {subject_versions(work)}"
    found = [(_ends(versions, "subject", ("span_first", "span_last")), "")]
    if own := _feeds_asked(measures, tested)[1]:
        feeds = f'SELECT organization AS subject, from_date, until_date + 1 AS until_date FROM facts.feeds WHERE "table" IN ({_names(own)})'
        found.append((_ends(f"{feeds} AND organization IS NOT NULL", "subject", ("from_date", "until_date")), ""))
    for measure in measures:
        found += _row_changes(work, measure, starts)
    sources: list[str] = []
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
    return [*found, *((query, "") for query in sources)]


def _row_changes(work: Work, measure: Measure, starts: str) -> list[tuple[str, str]]:
    """What the rows of one measure change, likewise."""
    rows = rows_of(measure)
    table, wanted = f"{source(rows)} r", _kind_filter(rows)
    who, mine, users = "", "", ""
    if isinstance(rows, SharedRows):
        who, mine = ", r.who", " AND o.who = d.who"
        users = f" AND o.who IN ({', '.join(str(member) for member, _ in rows.members)})"
    match rows.owner:
        case Own() as owner:
            column = f"r.{sql.name(owner_column(rows.table, owner))}"
            return [(query, mine) for query in _each(row_days(measure), column, table, f"{wanted} AND {column} IS NOT NULL", who)]
        case OfLinked(link):
            links = reach(work, link, starts)
            linked = f"(SELECT DISTINCT subject, organization FROM {links}) q JOIN {table} ON r.organization = q.organization"
            edges = _ends(f"SELECT subject, first, last + 1 AS last FROM {links}", "subject", ("first", "last"))
            return [(edges, users), *((query, mine) for query in _each(row_days(measure), "q.subject", linked, wanted, who))]
        case ByRole(roles):
            held = f"({kind_truth(roles, 'h.role')}) IS NOT FALSE AND h.organization IS NOT NULL"
            joined = f"facts.tenures h JOIN {table} ON r.organization = h.holder"
            found = [(query, users) for query in _each(_tenure_days(), "h.organization", "facts.tenures h", held)]
            return [*found, *((query, mine) for query in _each(row_days(measure), "h.organization", joined, f"{held} AND {wanted}", who))]


def _feeds_asked(measures: Sequence[Measure], tested: list[Expression | None]) -> tuple[set[Table], set[Table]]:
    """The tables whose feeds the tests may ask, and which of these they ask for the subject alone."""
    mine: set[Table] = set()
    others = {Table.TENURES, Table.RELATIONS} if _holds(tested) else set()
    for measure in measures:
        rows = rows_of(measure)
        match rows.owner:
            case Own("organization"):
                mine.add(rows.table)
            case Own():
                others.add(rows.table)
            case OfLinked():
                others |= {rows.table, Table.RELATIONS, Table.ORGANIZATIONS}
            case ByRole():
                others |= {rows.table, Table.TENURES, Table.ORGANIZATIONS}
    return mine | others, mine - others


def _names(tables: set[Table]) -> str:
    return ", ".join(sql.text(table.value) for table in sorted(tables))


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
    asked, own = _feeds_asked(measures, tested)
    if asked:
        general = f'SELECT * FROM facts.feeds WHERE "table" IN ({_names(asked)})'
        if own:
            general += f' AND (organization IS NULL OR "table" NOT IN ({_names(own)}))'
        sources.append(f"SELECT from_date AS day FROM ({general}) UNION SELECT until_date + 1 FROM ({general})")
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

"""Facts written down by hand, admitted as `schema.tables` says, and small programs over them."""

import calendar
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

import duckdb

from mofan_rules.executors.interpreter import Executor
from mofan_rules.facts.admitted import AdmittedFacts
from mofan_rules.ir.expressions import Const, Expression, Field, MeasureValue, Op, Operator, Param, Scope
from mofan_rules.ir.measures import Count, Extreme, LargestGroup, Measure, Total
from mofan_rules.ir.program import (
    Bounds,
    Calendar,
    Condition,
    Context,
    Each,
    Header,
    Judge,
    Judgement,
    Measured,
    Once,
    Program,
    Snapshot,
    Tally,
)
from mofan_rules.ir.rows import Rows
from mofan_rules.schema import ADMITTED, Attribute, Kind, Parameter, Table, Type, Vocabulary
from mofan_rules.values.dates import BEGINNING, END, Duration, DurationUnit
from mofan_rules.values.windows import Every, Unit
from mofan_rules.verdicts.table import Verdict

DUCKDB = {
    Type.BOOLEAN: "BOOLEAN",
    Type.INTEGER: "BIGINT",
    Type.NUMBER: "DECIMAL(24,6)",
    Type.TEXT: "VARCHAR",
    Type.ORGANIZATION: "INTEGER",
    Type.ITEMS: "VARCHAR[]",
}

ATTRIBUTES = (
    Attribute("size", Table.ORGANIZATIONS, Type.INTEGER, minimum=Fraction(0)),
    Attribute("area", Table.ORGANIZATIONS, Type.TEXT),
    Attribute("chartered", Table.ORGANIZATIONS, Type.DATE),
    Attribute("hours", Table.EVENTS, Type.NUMBER, minimum=Fraction(0)),
    Attribute("topic", Table.EVENTS, Type.TEXT),
    Attribute("visited", Table.EVENTS, Type.ORGANIZATION),
    Attribute("deadline", Table.EVENTS, Type.DATE),
    Attribute("full_time", Table.TENURES, Type.BOOLEAN),
    Attribute("score", Table.EVIDENCE, Type.NUMBER),
)
COLUMN = {attribute.name: f"a_{number}" for number, attribute in enumerate(ATTRIBUTES)}

VOCABULARY = Vocabulary(
    kinds={
        Table.ORGANIZATIONS: {name: Kind(name, parent) for name, parent in (("branch", None), ("joint", "branch"), ("unit", None), ("group", None))},
        Table.EVENTS: {name: Kind(name, parent) for name, parent in (("meeting", None), ("lecture", "meeting"), ("visit", None), ("election", None))},
        Table.TENURES: {name: Kind(name) for name in ("secretary", "deputy", "member")},
        Table.EVIDENCE: {name: Kind(name) for name in ("plan", "rating")},
        Table.RELATIONS: {name: Kind(name, parent) for name, parent in (("part_of", None), ("guides", None), ("mentors", "guides"))},
    },
    attributes=ATTRIBUTES,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str | None, missing: tuple[date, date] = (BEGINNING, END)) -> tuple[date, date]:
    """`2024-02` is all of February; `2024-02-03..2024-03` runs from the first day to the last; `None` is unknown."""
    if text is None:
        return missing
    if ".." in text:
        first, last = text.split("..")
        return span(first)[0], span(last)[1]
    parts = [int(part) for part in text.split("-")]
    low = date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    month = parts[1] if len(parts) > 1 else 12
    high = low if len(parts) > 2 else date(parts[0], month, calendar.monthrange(parts[0], month)[1])
    return low, high


OPEN_START = (BEGINNING, BEGINNING)
OPEN_END = (END, END)
Row = dict[str, Any]


@dataclass
class World:
    """Facts under construction. Organizations are named by their ids."""

    vocabulary: Vocabulary = VOCABULARY
    rows: dict[Table, list[Row]] = field(default_factory=lambda: {table: [] for table in Table})

    def _add(self, table: Table, row: Row, attributes: Row) -> "World":
        for name, value in attributes.items():
            column = COLUMN[name]
            if ATTRIBUTES[int(column[2:])].type is Type.DATE:
                row[column + "_low"], row[column + "_high"] = span(value)
            else:
                row[column] = value
        self.rows[table].append(row)
        return self

    def _dates(self, row: Row, **spans: tuple[date, date]) -> Row:
        for name, (low, high) in spans.items():
            row[name + "_low"], row[name + "_high"] = low, high
        return row

    def organization(
        self,
        id: str | None,
        kind: str | None = "branch",
        since: str | None = "2000-01-01",
        until: str | None = "open",
        founded: str | None = None,
        certain: bool = True,
        organization: str | None = "",
        **attributes: Any,
    ) -> "World":
        """A version. `founded` is known only if it is given; `organization` is the id that it continues as."""
        owner = id if organization == "" else organization
        row = {"certain": certain, "id": id, "organization": owner, "kind": kind, "name": id}
        end = OPEN_END if until == "open" else span(until)
        start = OPEN_START if since == "open" else span(since)
        return self._add(Table.ORGANIZATIONS, self._dates(row, founded_on=span(founded), dissolved_on=OPEN_END, valid_from=start, valid_until=end), attributes)

    def relation(
        self,
        source: str | None,
        target: str | None,
        kind: str | None = "part_of",
        since: str | None = "2000-01-01",
        until: str | None = "open",
        certain: bool = True,
        id: str = "",
    ) -> "World":
        row = {"certain": certain, "id": id or f"{source}>{target}", "source": source, "target": target, "kind": kind}
        end = OPEN_END if until == "open" else span(until)
        return self._add(Table.RELATIONS, self._dates(row, valid_from=span(since), valid_until=end), {})

    def event(
        self,
        organization: str | None,
        when: str | None,
        kind: str | None = "meeting",
        id: str | None = "",
        belongs_to: str | None = None,
        held: str = "yes",
        expected: int | None = None,
        attended: int | None = None,
        certain: bool = True,
        **attributes: Any,
    ) -> "World":
        number = len(self.rows[Table.EVENTS])
        row: Row = {"certain": certain, "id": f"e{number:03}" if id == "" else id, "organization": organization, "kind": kind, "held": held}
        row |= {"expected": expected, "attended": attended}
        if belongs_to is not None:
            self._dates(row, belongs_to=span(belongs_to))
        return self._add(Table.EVENTS, self._dates(row, date=span(when)), attributes)

    def tenure(
        self,
        organization: str | None,
        person: str | None,
        since: str | None,
        until: str | None = "open",
        role: str | None = "secretary",
        holder: str | None = None,
        certain: bool = True,
        id: str = "",
        **attributes: Any,
    ) -> "World":
        number = len(self.rows[Table.TENURES])
        row = {"certain": certain, "id": id or f"t{number:03}", "organization": organization, "role": role, "person": person, "holder": holder}
        end = OPEN_END if until == "open" else span(until)
        return self._add(Table.TENURES, self._dates(row, from_date=span(since), until_date=end), attributes)

    def document(
        self,
        organization: str | None,
        when: str | None,
        until: str | None = "open",
        kind: str | None = "plan",
        items: list[str] | None = None,
        grade: str | None = None,
        assessor: str | None = None,
        certain: bool = True,
        id: str = "",
        **attributes: Any,
    ) -> "World":
        number = len(self.rows[Table.EVIDENCE])
        row = {"certain": certain, "id": id or f"d{number:03}", "organization": organization, "kind": kind, "items": items}
        row |= {"grade": grade, "assessor": assessor}
        end = OPEN_END if until == "open" else span(until)
        return self._add(Table.EVIDENCE, self._dates(row, date=span(when), valid_until=end), attributes)

    def waiver(self, organization: str | None, requirement: str | None, since: str | None, until: str | None, certain: bool = True, id: str = "") -> "World":
        row = {"certain": certain, "id": id or f"w{len(self.rows[Table.WAIVERS])}", "organization": organization, "requirement": requirement}
        return self._add(Table.WAIVERS, self._dates(row, from_date=span(since), until_date=span(until)), {})

    def feed(
        self,
        table: Table,
        complete: bool = False,
        kind: str | None = None,
        organization: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> "World":
        row: Row = {"id": f"f{len(self.rows[Table.FEEDS])}", "table": table.value, "kind": kind, "organization": organization, "complete": complete}
        row |= {"from_date": day(since) if since else BEGINNING, "until_date": day(until) if until else END}
        return self._add(Table.FEEDS, row, {})

    def admitted(self) -> AdmittedFacts:
        """The tables in DuckDB."""
        named = [row[column] for rows in self.rows.values() for row in rows for column in ("organization", "source", "target", "holder") if row.get(column)]
        ids = sorted(set(named))
        numbers = {name: number for number, name in enumerate(ids)}
        connection = duckdb.connect()
        connection.execute("CREATE SCHEMA facts")
        connection.execute("CREATE TABLE facts.subjects(number INTEGER, id VARCHAR)")
        for number, name in enumerate(ids):
            connection.execute("INSERT INTO facts.subjects VALUES (?, ?)", [number, name])
        for table in Table:
            self._create(connection, table, numbers)
        return AdmittedFacts(connection, self.vocabulary)

    def _create(self, connection: duckdb.DuckDBPyConnection, table: Table, numbers: dict[str, int]) -> None:
        columns = dict(ADMITTED[table])
        for number, attribute in enumerate(self.vocabulary.attributes):
            if attribute.table is table and attribute.type is Type.DATE:
                columns |= {f"a_{number}_low": "DATE", f"a_{number}_high": "DATE"}
            elif attribute.table is table:
                columns[f"a_{number}"] = DUCKDB[attribute.type]
        spelled = ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())
        connection.execute(f'CREATE TABLE facts."{table.value}"({spelled})')
        rows = sorted(enumerate(self.rows[table]), key=lambda item: (item[1].get("id") or "", item[1].get("kind") or item[1].get("role") or "", item[0]))
        for number, (_, row) in enumerate(rows):
            cells = {name: self._default(name) for name in columns} | row | {"row": number}
            values = [numbers.get(cells[name], cells[name]) if type_ == "INTEGER" else cells[name] for name, type_ in columns.items()]
            marks = ", ".join("?" for _ in columns)
            connection.execute(f'INSERT INTO facts."{table.value}" VALUES ({marks})', values)

    def _default(self, column: str) -> Any:
        if column.startswith("a_") and column.endswith("_low"):
            return BEGINNING
        return END if column.startswith("a_") and column.endswith("_high") else None


MONTH, QUARTER, YEAR, WEEK = Every(Unit.MONTH, 1), Every(Unit.MONTH, 3), Every(Unit.MONTH, 12), Every(Unit.WEEK, 1)


def days(amount: int) -> Duration:
    return Duration(amount, DurationUnit.DAYS)


def months(amount: int) -> Duration:
    return Duration(amount, DurationUnit.MONTHS)


def number(value: int | str | Fraction) -> Const:
    return Const(Fraction(value), Type.NUMBER)


def text(value: str) -> Const:
    return Const(value, Type.TEXT)


def lasting(value: Duration) -> Const:
    return Const(value, Type.DAYS if value.unit is DurationUnit.DAYS else Type.MONTHS)


def row(column: str, type_: Type = Type.INTEGER) -> Field:
    return Field(Scope.ROW, COLUMN.get(column, column), type_, column)


def of_subject(column: str, type_: Type = Type.INTEGER) -> Field:
    return Field(Scope.SUBJECT, COLUMN.get(column, column), type_, column)


def of_trigger(column: str, type_: Type = Type.INTEGER) -> Field:
    return Field(Scope.TRIGGER, COLUMN.get(column, column), type_, column)


def parameter(name: str, type_: Type = Type.NUMBER) -> Param:
    return Param(name, type_)


def op(operator: Operator, *arguments: Expression, type_: Type = Type.BOOLEAN) -> Op:
    return Op(operator, arguments, type_)


def header(requirement: str = "r", kind: str = "occurrence", subjects: frozenset[str] = frozenset({"branch", "joint"}), **more: Any) -> Header:
    return Header(requirement, kind, subjects, **more)


MEETINGS = Rows(Table.EVENTS, frozenset({"meeting", "lecture"}), by_period=True)


ONE, QUARTERLY, TODAY = number(1), Calendar(QUARTER), Snapshot()


def counting(
    rows: Rows = MEETINGS,
    windows: Calendar | Once | Snapshot | Each = QUARTERLY,
    at_least: Expression | None = ONE,
    at_most: Expression | None = None,
    judge: Judge = Judge.WINDOW,
    measured: Measured = Measured.NUMBER,
    quantity: Count | Total | Extreme | LargestGroup | None = None,
    few: str = "too_few",
    measure: Measure | None = None,
    **more: Any,
) -> Judgement:
    """A judgement with one measure (a count, if nothing else is said) between bounds; `more` is of the header."""
    named = measure or Measure("n", quantity or Count(rows))
    return Judgement(header(**more), windows, judge, (named,), (Bounds(named.name, at_least, at_most, few),), measured)


def condition(expression: Expression, windows: Any = TODAY, judge: Judge = Judge.DAY, measures: tuple[Measure, ...] = (), **more: Any) -> Judgement:
    """A judgement that a condition holds."""
    return Judgement(header(kind="attribute", **more), windows, judge, measures, (Condition(expression),), Measured.NOTHING)


def value_of(name: str, type_: Type = Type.NUMBER) -> MeasureValue:
    return MeasureValue(name, type_)


def program(*nodes: Judgement | Tally, parameters: tuple[Parameter, ...] = (), vocabulary: Vocabulary = VOCABULARY) -> Program:
    judgements = tuple(node for node in nodes if isinstance(node, Judgement))
    return Program("test", "1", vocabulary, parameters, judgements, tuple(node for node in nodes if isinstance(node, Tally)))


def context(as_of: str, period: str = "") -> Context:
    """The question; the period is the calendar year of the as-of date if none is given."""
    return Context(day(as_of), *span(period or as_of[:4]))


def verdicts(world: World, made: Program | Judgement, as_of: str, period: str = "") -> list[Verdict]:
    """All rows."""
    whole = made if isinstance(made, Program) else program(made)
    whole = replace(whole, vocabulary=world.vocabulary)
    return list(Executor().run(whole, world.admitted(), context(as_of, period)).rows())


def states(world: World, made: Program | Judgement, as_of: str, period: str = "") -> list[tuple[str, str]]:
    """State and reason of each row."""
    return [(verdict.state, verdict.reason) for verdict in verdicts(world, made, as_of, period)]


def only(world: World, made: Program | Judgement, as_of: str, period: str = "") -> Verdict:
    """The one row there is."""
    found = verdicts(world, made, as_of, period)
    assert len(found) == 1, found
    return found[0]

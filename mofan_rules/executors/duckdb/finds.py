"""What the patterns of derivations find in verdicts, rows and edges (`docs/meaning.md` 8.2): a table each.

Its columns are `v0`, `v1` … for the variables of the pattern, all of them text in one canonical form (`spelled`), so that they join whatever their type; `day`,
which dates the find, or null; and the span `first..last` on which it holds.
"""

from collections.abc import Collection, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

from mofan_rules.executors.duckdb import sql
from mofan_rules.executors.duckdb.expressions import truth
from mofan_rules.executors.duckdb.frame import Frame
from mofan_rules.executors.duckdb.values import TooLarge
from mofan_rules.executors.duckdb.work import BEGINNING_COLUMN, END_COLUMN
from mofan_rules.ir.derivations import Literal, OfDerived, OfEdges, OfRows, OfVerdicts, Pattern, Value
from mofan_rules.ir.expressions import Scope
from mofan_rules.ir.program import Program
from mofan_rules.schema import ADMITTED, KIND_COLUMN, Table, Type, Vocabulary

DECIMALS = 10**6
"""Numbers in cells have six places at most."""

Selected = tuple[str, dict[str, str], str]
"""A FROM clause with its conditions, the texts of its columns, and what `day, first, last` are."""


def spelled(value: Value) -> str:
    """The text of a value: of numbers in decimals where they end within six places."""
    match value:
        case bool():
            return "true" if value else "false"
        case Fraction():
            scaled = value * DECIMALS
            if scaled.denominator != 1:
                return str(value)
            whole, rest = divmod(abs(scaled.numerator), DECIMALS)
            return f"{'-' if scaled < 0 else ''}{whole}{f'.{rest:06}'.rstrip('0').rstrip('.')}"
        case date():
            return value.isoformat()
        case str():
            return value
        case _:
            assert_never(value)


def understood(text: str, type_: Type) -> Value:
    """The value that a text stands for."""
    match type_:
        case Type.BOOLEAN:
            return text == "true"
        case Type.INTEGER | Type.NUMBER:
            return Fraction(text)
        case Type.DATE:
            return date.fromisoformat(text)
        case _:
            return text


def find_query(program: Program, pattern: Pattern, as_of: date) -> str:
    """The SELECT of what a pattern finds; the view `verdicts` must be there if it reads verdicts.

    Raises
    ------
    ValueError: for a pattern over derived facts.
    """
    source = pattern.source
    match source:
        case OfVerdicts():
            selected = _verdicts(source)
        case OfRows():
            selected = _rows(program, source, {column for column, _ in pattern.terms}, as_of)
        case OfEdges(relation):
            selected = _edges(program.vocabulary, relation, as_of)
        case OfDerived():
            raise ValueError("derived facts are no ground")
        case _:
            assert_never(source)
    relation, columns, days = selected
    kept = ", ".join(dict.fromkeys([*(f"{columns[column]} AS {sql.name(column)}" for column, _ in pattern.terms if column in columns), days]))
    chosen, conditions = read(pattern, {column: sql.name(column) for column in columns})
    listed = ", ".join([*(f"{column} AS v{place}" for place, column in enumerate(chosen)), "day", "first", "last"])
    return f"SELECT DISTINCT {listed} FROM (SELECT {kept} FROM {relation}) WHERE {' AND '.join(conditions) or 'TRUE'}"


def read(pattern: Pattern, columns: dict[str, str]) -> tuple[list[str], list[str]]:
    """The columns of a pattern's variables, and the conditions under which cells are as its terms say. An empty cell equals nothing."""
    found: dict[str, str] = {}
    conditions = []
    for name, term in pattern.terms:
        column = columns.get(name)
        if column is None:
            return ["NULL::VARCHAR" for _ in pattern.variables], [sql.FALSE]
        if isinstance(term, Literal):
            conditions.append(f"{column} = {sql.text(spelled(term.value))}")
        elif term.name in found:
            conditions.append(f"{column} = {found[term.name]}")
        else:
            found[term.name] = column
            conditions.append(f"{column} IS NOT NULL")
    return [found[name] for name in pattern.variables], conditions


ALWAYS = f"{sql.FIRST_DAY} AS first, {sql.LAST_DAY} AS last"


def _verdicts(source: OfVerdicts) -> Selected:
    columns = {
        "requirement": "requirement",
        "subject": "subject",
        "key": "nullif(key, '')",
        "window_from": "window_from::VARCHAR",
        "window_until": "window_until::VARCHAR",
        "next": f"{_next('window_until')}::VARCHAR",
        "due_on": "due_on::VARCHAR",
        "accountable": "accountable",
    }
    relation = f"verdicts WHERE requirement IN {sql.texts(source.requirements)} AND state IN {sql.texts(source.states)} AND due_on IS NOT NULL"
    return relation, columns, f"{_next('due_on')} AS day, {ALWAYS}"


def _next(day: str) -> str:
    """The day after."""
    return f"CASE WHEN {day} = {sql.LAST_DAY} THEN {day} ELSE ({day} + 1)::DATE END"


def _rows(program: Program, source: OfRows, wanted: Collection[str], as_of: date) -> Selected:
    table = source.table
    frame = _row_frame(program)
    condition = frame.keep(truth(source.where, frame))
    columns = {name: frame.need(cell) for name, cell in _cells(program.vocabulary, table) if name in wanted}
    conditions = ["r.certain", f"r.{KIND_COLUMN[table]} IN {sql.texts(source.kinds)}"]
    if table is Table.EVENTS:
        conditions += ["(r.held IS NULL OR r.held = 'yes')", "r.date_low = r.date_high", _exists("r.organization", "r.date_low", as_of)]
        days = f"{frame.need('r.date_low')} AS day, {ALWAYS}"
    else:
        start, until = BEGINNING_COLUMN[table], END_COLUMN[table]
        days = f"NULL::DATE AS day, {frame.need(f'r.{start}_high')} AS first, {frame.need(_opened(f'r.{until}_low', as_of))} AS last"
    relation = frame.relation(f"facts.{table.value} r", " AND ".join(conditions))
    return f"{relation} WHERE {condition}", columns, days


def _cells(vocabulary: Vocabulary, table: Table) -> Iterator[tuple[str, str]]:
    """Each column of a table that a variable can hold, as text; organizations by their ids, dates only if they are exact."""
    for column, type_ in ADMITTED[table].items():
        if column in ("organization", "source", "target", "holder"):
            yield column, _id(f"r.{column}")
        elif column.endswith("_low"):
            yield column.removesuffix("_low"), _exact(f"r.{column.removesuffix('_low')}")
        elif type_ in ("VARCHAR", "BIGINT"):
            yield column, f"r.{column}::VARCHAR"
    for number, attribute in enumerate(vocabulary.attributes):
        column = f"r.a_{number}"
        match attribute.type:
            case Type.ORGANIZATION:
                yield f"a_{number}", _id(column)
            case Type.DATE:
                yield f"a_{number}", _exact(column)
            case Type.NUMBER:
                yield f"a_{number}", f"rtrim(rtrim({column}::VARCHAR, '0'), '.')"
            case Type.BOOLEAN | Type.INTEGER | Type.TEXT:
                yield f"a_{number}", f"{column}::VARCHAR"
            case _:
                continue


def _id(number: str) -> str:
    return f"(SELECT id FROM facts.subjects WHERE number = {number})"


def _exact(column: str) -> str:
    return f"CASE WHEN {column}_low = {column}_high AND {column}_low NOT IN ({sql.FIRST_DAY}, {sql.LAST_DAY}) THEN {column}_low::VARCHAR END"


def _opened(until: str, as_of: date) -> str:
    """An until-date that is a plan yet is open."""
    return f"CASE WHEN {until} > {sql.day(as_of)} THEN {sql.LAST_DAY} ELSE {until} END"


def _exists(organization: str, day: str, as_of: date) -> str:
    """Does it surely exist on a day? (Days after the as-of date are like it.)"""
    seen = f"least({day}, {sql.day(as_of)})"
    return (
        f"EXISTS (SELECT 1 FROM facts.organizations o WHERE o.organization = {organization} AND o.certain AND o.valid_from_low <= {sql.day(as_of)}"
        f" AND o.valid_from_high <= {seen} AND {_opened('o.valid_until_low', as_of)} >= {seen})"
    )


def _edges(vocabulary: Vocabulary, relation: str, as_of: date) -> Selected:
    kinds = sql.texts(vocabulary.family(Table.RELATIONS, relation))
    ends = [
        f"JOIN facts.organizations {name} ON {name}.organization = r.{end} AND {name}.certain AND {name}.valid_from_low <= {sql.day(as_of)}"
        f" JOIN facts.subjects {name}s ON {name}s.number = r.{end}"
        for name, end in (("n", "source"), ("f", "target"))
    ]
    first = "greatest(r.valid_from_high, n.valid_from_high, f.valid_from_high)"
    last = f"least({', '.join(_opened(f'{name}.valid_until_low', as_of) for name in 'rnf')})"
    source = f"facts.relations r {' '.join(ends)} WHERE r.certain AND r.kind IN {kinds} AND {first} <= {last}"
    return source, {"source": "ns.id", "target": "fs.id"}, f"NULL::DATE AS day, {first} AS first, {last} AS last"


def refused_finds(program: Program) -> Iterator[str]:
    """A sentence for each derivation whose conditions have numbers that could outgrow 128 bits."""
    for derivation in program.derivations:
        for pattern in derivation.all_patterns:
            if isinstance(pattern.source, OfRows):
                try:
                    truth(pattern.source.where, _row_frame(program))
                except TooLarge:
                    yield f"{derivation.name}: where: a number could outgrow 128 bits"


def _row_frame(program: Program) -> Frame:
    return Frame({Scope.ROW: "r"}, {Scope.ROW: "r.certain"}, {parameter.name: parameter for parameter in program.parameters})


def keep_finds(cursor: Any, program: Program, as_of: date) -> dict[Pattern, str]:
    """A temporary table for each pattern of a program's derivations that reads no derived facts; their names."""
    patterns = dict.fromkeys(pattern for derivation in program.derivations for pattern in derivation.all_patterns if not isinstance(pattern.source, OfDerived))
    tables = {}
    for number, pattern in enumerate(patterns):
        tables[pattern] = f"find_{number}"
        cursor.execute(f"CREATE TEMP TABLE find_{number} AS {find_query(program, pattern, as_of)}").fetchall()
    return tables

"""Is a program well formed? Named structural properties that every lowering and rewrite must keep; what breaks one is a defect of ours."""

from collections.abc import Callable, Iterator

from mofan_rules.ir.check_derivations import derivations_bind, derivations_stratified, derived_kinds_exist
from mofan_rules.ir.expressions import Expression, Field, Holds, MeasureValue, Op, Param, Scope
from mofan_rules.ir.measures import Extreme, Measure, WindowOf
from mofan_rules.ir.operators import ill_typed
from mofan_rules.ir.program import Bounds, Calendar, Condition, Each, Judge, Judgement, Program, Snapshot, Tally
from mofan_rules.ir.rows import ByRole, Own
from mofan_rules.ir.walk import nodes, program_expressions, program_links, program_rows
from mofan_rules.schema import ADMITTED, CELL_TYPES, Table, Type

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER})
DURATIONS = frozenset({Type.DAYS, Type.MONTHS})

Property = Callable[[Program], Iterator[str]]


def violations(program: Program) -> list[str]:
    """What is wrong with a program, a sentence each; nothing if it is well formed."""
    return [f"{check.__name__}: {sentence}" for check in PROPERTIES for sentence in check(program)]


def _nodes(program: Program) -> tuple[Judgement | Tally, ...]:
    return (*program.judgements, *program.tallies)


def kinds_exist(program: Program) -> Iterator[str]:
    """Subjects, rows, roles and relations name kinds of the vocabulary, whole families of them."""
    for node in _nodes(program):
        yield from _families(program, Table.ORGANIZATIONS, node.header.subjects, node.header.requirement)
        for rows in program_rows(node):
            if rows.kinds is not None:
                yield from _families(program, rows.table, rows.kinds, node.header.requirement)
            if isinstance(rows.owner, ByRole):
                yield from _families(program, Table.TENURES, rows.owner.roles, node.header.requirement)
        for link in program_links(node):
            if link.relation not in program.vocabulary.kinds.get(Table.RELATIONS, {}):
                yield f"{node.header.requirement}: no relation {link.relation}"


def _families(program: Program, table: Table, kinds: frozenset[str], requirement: str) -> Iterator[str]:
    for kind in kinds:
        if kind not in program.vocabulary.kinds.get(table, {}):
            yield f"{requirement}: no kind {kind} of {table}"
        elif not program.vocabulary.family(table, kind) <= kinds:
            yield f"{requirement}: {kind} without its special cases"


def columns_exist(program: Program) -> Iterator[str]:
    """Fields, dating columns and owners are columns of their tables, of the type they are said to have."""
    for node in _nodes(program):
        trigger = node.windows.trigger if isinstance(node, Judgement) and isinstance(node.windows, Each) else None
        tables = {Scope.SUBJECT: Table.ORGANIZATIONS, Scope.TRIGGER: trigger.table if trigger is not None else Table.ORGANIZATIONS}
        for expression in program_expressions(node):
            yield from _fields(program, expression, tables, node.header.requirement)
        for rows in program_rows(node):
            if column_type(program, rows.table, rows.date) is not Type.DATE:
                yield f"{node.header.requirement}: {rows.table} has no date {rows.date}"
            if isinstance(rows.owner, Own) and column_type(program, rows.table, rows.owner.column) is not Type.ORGANIZATION:
                yield f"{node.header.requirement}: {rows.table} has no organization {rows.owner.column}"
            if rows.where is not None:
                yield from _fields(program, rows.where, tables | {Scope.ROW: rows.table}, node.header.requirement)


def _fields(program: Program, expression: Expression, tables: dict[Scope, Table], requirement: str) -> Iterator[str]:
    for node in nodes(expression):
        if isinstance(node, Field) and node.scope in tables and column_type(program, tables[node.scope], node.column) is not node.type:
            yield f"{requirement}: {tables[node.scope]} has no {node.column} of type {node.type}"


def column_type(program: Program, table: Table, column: str) -> Type | None:
    """The type of an admitted column, or nothing if the table has none of that name."""
    if column.startswith("a_"):
        number = int(column.removeprefix("a_"))
        attributes = program.vocabulary.attributes
        return attributes[number].type if number < len(attributes) and attributes[number].table is table else None
    if f"{column}_low" in ADMITTED[table]:
        return Type.DATE
    if column in ("organization", "source", "target", "holder"):
        return Type.ORGANIZATION if column in ADMITTED[table] else None
    return {"VARCHAR": Type.TEXT, "BIGINT": Type.INTEGER, "VARCHAR[]": Type.ITEMS}.get(ADMITTED[table].get(column, ""))


def names_exist(program: Program) -> Iterator[str]:
    """Measures have names of their own, and whatever is named (measures, parameters) is there and of that type."""
    parameters = {parameter.name: parameter.type for parameter in program.parameters}
    for node in _nodes(program):
        measures = [measure.name for measure in node.measures] if isinstance(node, Judgement) else []
        if len(measures) != len(set(measures)):
            yield f"{node.header.requirement}: two measures of one name"
        for expression in program_expressions(node):
            for part in nodes(expression):
                if isinstance(part, Param) and parameters.get(part.name) is not part.type:
                    yield f"{node.header.requirement}: no parameter {part.name} of type {part.type}"
                if isinstance(part, MeasureValue) and part.name not in measures:
                    yield f"{node.header.requirement}: no measure {part.name}"
                if isinstance(part, Holds) and part.relation is not None and part.relation not in program.vocabulary.kinds.get(Table.RELATIONS, {}):
                    yield f"{node.header.requirement}: no relation {part.relation}"
        for test in node.tests if isinstance(node, Judgement) else ():
            if isinstance(test, Bounds) and test.measure not in measures:
                yield f"{node.header.requirement}: no measure {test.measure}"


def types_fit(program: Program) -> Iterator[str]:
    """Operators have arguments that they take; conditions are boolean, bounds numbers, offsets durations, literals of their type."""
    for node in _nodes(program):
        name = node.header.requirement
        for expression in program_expressions(node):
            for part in nodes(expression):
                if isinstance(part, Op) and (wrong := ill_typed(part)):
                    yield f"{name}: {wrong}"
        yield from _wanted(name, "when", node.header.when, frozenset({Type.BOOLEAN}))
        for rows in program_rows(node):
            yield from _wanted(name, "where", rows.where, frozenset({Type.BOOLEAN}))
        if isinstance(node, Tally):
            yield from _wanted(name, "bound", node.at_least, NUMBERS)
            yield from _wanted(name, "bound", node.at_most, NUMBERS)
        else:
            yield from _judgement_types(node)


def _judgement_types(node: Judgement) -> Iterator[str]:
    name = node.header.requirement
    if isinstance(node.windows, Each):
        yield from _wanted(name, "within", node.windows.within, DURATIONS)
        yield from _wanted(name, "after", node.windows.after, DURATIONS)
    yield from _wanted(name, "given", node.given, frozenset({Type.BOOLEAN}))
    kinds = {measure.name: measure_type(measure) for measure in node.measures}
    for test in node.tests:
        if isinstance(test, Condition):
            yield from _wanted(name, "condition", test.expression, frozenset({Type.BOOLEAN}))
        else:
            wanted = NUMBERS if kinds.get(test.measure) in NUMBERS else frozenset(CELL_TYPES)
            yield from _wanted(name, "bound", test.at_least, wanted)
            yield from _wanted(name, "bound", test.at_most, wanted)


def _wanted(name: str, what: str, expression: Expression | None, types: frozenset[Type]) -> Iterator[str]:
    if expression is not None and expression.type not in types:
        yield f"{name}: {what} is of type {expression.type}"


def measure_type(measure: Measure) -> Type:
    """What a measure gives: the type of the value it takes, else a number."""
    return measure.quantity.value.type if isinstance(measure.quantity, Extreme) else Type.NUMBER


def places_fit(program: Program) -> Iterator[str]:
    """Rows read no measures, the trigger is read only where there is one, the window before only where windows follow each other."""
    for node in program.judgements:
        name = node.header.requirement
        for rows in program_rows(node):
            if rows.where is not None and any(isinstance(part, MeasureValue) for part in nodes(rows.where)):
                yield f"{name}: a measure in a condition on rows"
        if not isinstance(node.windows, Each):
            parts = [part for expression in program_expressions(node) for part in nodes(expression)]
            if any(isinstance(part, Field) and part.scope is Scope.TRIGGER for part in parts):
                yield f"{name}: no trigger"
        if not isinstance(node.windows, Calendar) and any(measure.window is WindowOf.PREVIOUS for measure in node.measures):
            yield f"{name}: no window before"
        if not isinstance(node.windows, Snapshot | Calendar) and node.judge is not Judge.WINDOW:
            yield f"{name}: a state of a single window"
        if node.given is not None and node.judge is not Judge.DAY:
            yield f"{name}: a premise of what is no state of one day"
        if not node.tests:
            yield f"{name}: no test"


def parts_come_first(program: Program) -> Iterator[str]:
    """Each tally comes after all versions of its parts."""
    last = {tally.header.requirement: number for number, tally in enumerate(program.tallies)}
    judged = {judgement.header.requirement for judgement in program.judgements}
    for number, tally in enumerate(program.tallies):
        for part in tally.parts:
            if part not in judged and part not in last:
                yield f"{tally.header.requirement}: no part {part}"
            elif last.get(part, -1) >= number:
                yield f"{tally.header.requirement}: {part} does not come before it"


PROPERTIES: tuple[Property, ...] = (
    kinds_exist,
    columns_exist,
    names_exist,
    types_fit,
    places_fit,
    parts_come_first,
    derivations_bind,
    derivations_stratified,
    derived_kinds_exist,
)
"""All properties, by the order in which they are checked."""

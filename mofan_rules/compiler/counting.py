"""How many different things there are among candidates, as an interval (`ir.measures.Count`)."""

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.arithmetic import Exact
from mofan_rules.compiler.expressions import compiled
from mofan_rules.compiler.frame import Frame, MeasureColumns
from mofan_rules.compiler.tree import BIGINT, TEXT, Tree, both, case, column, eq, is_null, no, null, whole
from mofan_rules.compiler.values import ROWS, Dates, Number, Plain, Ratio, Span, Truth, Value
from mofan_rules.ir.expressions import Expression
from mofan_rules.ir.rows import Rows
from mofan_rules.schema import Table

OWN_KEY = {Table.TENURES: "person", Table.ORGANIZATIONS: "organization"}
"""What makes two rows of a table one, where it is not the id."""

FLAGS = {
    "undecided": sql.any_of(both(is_null(column("f.truth")), column("f.certain"))),
    "rejected": sql.any_of(both(is_null(column("f.truth")), no(column("f.certain")))),
}
"""Does a certain row match maybe, and does one that is not certain?"""


def counted(thing: str, truth: Tree) -> dict[str, Tree]:
    """The two ends of a count of things (null: anonymous)."""
    sure = sql.number_of_different(case((truth, column(thing)), otherwise=null(TEXT)))
    anonymous = case((sql.any_of(both(sql.surely(truth), is_null(column(thing)))), whole(1)), otherwise=whole(0))
    possible = sql.plus(sql.number_of_different(column(thing)), sql.number_of(is_null(column(thing))))
    return {"low": sql.cast(sql.greater(sure, anonymous), BIGINT), "high": sql.cast(possible, BIGINT)}


def key_text(value: Value, frame: Frame) -> Tree:
    """A text that is the same for equal values; null for one that is not known."""
    match value:
        case Number():
            exact = Exact(frame)
            number = exact.kept_number(value)
            return case((exact.same(number), exact.written(number.low)), otherwise=null(TEXT))
        case Dates(first, last):
            return case((eq(first, last), frame.dialect.date_text(first)), otherwise=null(TEXT))
        case Truth(known) | Plain(known) | Span(known):
            return sql.cast(known, TEXT)


def thing_of(distinct: Expression | None, rows: Rows, frame: Frame) -> Tree:
    """What makes two rows one."""
    if distinct is None:
        return frame.need(sql.cast(column(f"r.{OWN_KEY.get(rows.table, 'id')}"), TEXT))
    return frame.keep(key_text(compiled(distinct, frame), frame))


def whole_columns(alias: str) -> MeasureColumns:
    """A count, 0 where there is no candidate."""
    low, high = (Ratio(sql.coalesce(column(f"{alias}.{end}"), whole(0)), 1, ROWS, 1) for end in ("low", "high"))
    return MeasureColumns(Number(low, high))

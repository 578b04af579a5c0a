"""What conditions mean where other languages mean something else (`tests/pins`), compiled: one row of cells, and all conditions as columns over it."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlglot import exp

from mofan_rules.compiler import tree as sql
from mofan_rules.compiler.dialects import DIALECTS, Dialect
from mofan_rules.compiler.expressions import truth
from mofan_rules.compiler.frame import Frame
from mofan_rules.compiler.tree import BIGINT, BOOLEAN, DATE, FALSE, TEXT, TRUE, Tree, cast, null, text, whole
from mofan_rules.ir.expressions import Expression, Scope
from mofan_rules.ir.program import Condition
from mofan_rules.values.dates import BEGINNING, END
from tests.cases import Case, ruleset_of
from tests.compiler.engines import DuckDb, Engine, Postgres, Spark
from tests.pins.language import CELLS
from tests.pins.test_language import VOCABULARY, requirement, written

DECIMAL, ITEMS = exp.DataType.build("DECIMAL(24, 6)"), exp.DataType.build("ARRAY<TEXT>")
TRUTHS = {"satisfied": True, "violated": False, "unknown": None}


def conditions() -> Iterator[tuple[str, Expression, bool | None]]:
    """Each condition as written, its expression, and what it must be."""
    given = list(written())
    requirements = [requirement(number, condition) for number, (condition, _) in enumerate(given)]
    case = Case(Path("pins"), "", date(2024, 7, 15), {}, (), {"vocabulary": VOCABULARY, "requirements": requirements})
    by_id = {judgement.header.requirement: judgement for judgement in ruleset_of(case).program.judgements}
    for number, (condition, state) in enumerate(given):
        (test,) = by_id[f"r{number:03}"].tests
        assert isinstance(test, Condition)
        yield condition, test.expression, TRUTHS[state]


def cells(dialect: Dialect) -> Tree:
    """A relation of one row: the cells as admission leaves them, so that texts are composed and a missing date may be any."""
    row: dict[str, Tree] = {"certain": TRUE}
    for place, (type_, cell) in enumerate(CELLS.values()):
        name = f"a_{place}"
        match type_:
            case "integer":
                row[name] = cast(whole(int(cell)), BIGINT) if cell else null(BIGINT)
            case "number":
                row[name] = cast(text(cell), DECIMAL) if cell else null(DECIMAL)
            case "boolean":
                row[name] = (TRUE if cell == "yes" else FALSE) if cell else null(BOOLEAN)
            case "date":
                low, high = (date.fromisoformat(cell),) * 2 if cell else (BEGINNING, END)
                row |= {f"{name}_low": cast(sql.day(low), DATE), f"{name}_high": cast(sql.day(high), DATE)}
            case "items":
                row[name] = dialect.items([text(item) for item in cell.split(";")]) if cell else null(ITEMS)
            case _:
                row[name] = text(unicodedata.normalize("NFC", cell)) if cell else null(TEXT)
    return sql.nested(sql.select(row), "s")


def check(engine: Engine) -> None:
    """All conditions on one engine, in one query."""
    dialect = DIALECTS[engine.name]
    frame = Frame(dialect, {}, {Scope.SUBJECT: "s"}, whole(0), sql.day(date(2024, 1, 1)), (sql.day(date(2024, 1, 1)), sql.day(date(2024, 3, 31))))
    wanted = list(conditions())
    columns = {f"c{number}": truth(expression, frame) for number, (_, expression, _) in enumerate(wanted)}
    found = engine.row(frame.query(cells(dialect), [], TRUE, columns).sql(dialect.name))
    wrong = {condition: got for (condition, _, state), got in zip(wanted, found, strict=True) if got is not state}
    assert not wrong


def test_duckdb() -> None:
    check(DuckDb())


@pytest.mark.postgres
def test_postgres(postgres: str) -> None:
    check(Postgres(postgres))


@pytest.mark.spark
def test_spark(spark: object) -> None:
    check(Spark(spark))

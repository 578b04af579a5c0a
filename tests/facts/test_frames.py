"""Tables handed over in Python: rows, data frames, Arrow data, paths."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import nanoarrow
import numpy
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

from mofan_rules.diagnostics import FactsError
from mofan_rules.facts import Facts
from mofan_rules.schema import Table
from tests.facts.admitting import TWO, admitted, everything, rejected, shown

ROWS: list[dict[str, Any]] = [
    {"id": 1, "organization": "a", "kind": "党课", "date": date(2024, 3, 5), "attended": 3, "学时": 1.5, "公开": True, "要点": ["甲", "乙,丙"]},
    {"id": 2, "organization": "b", "kind": "党员大会", "date": None, "attended": None, "学时": None, "公开": None, "要点": None},
]
COLUMNS = ("id", "organization", "kind", "date_low", "attended", "a_1", "a_2", "a_6")
EXPECTED = [
    ("1", 0, "党课", date(2024, 3, 5), 3, Decimal("1.500000"), True, ["乙,丙", "甲"]),
    ("2", 1, "党员大会", date(1, 1, 1), None, None, None, None),
]


@dataclass
class Stream:
    """Only the Arrow stream protocol, to be read as often as one likes; and, if `once`, only once."""

    table: Any

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def forms() -> dict[str, Any]:
    table = pyarrow.Table.from_pylist(ROWS)
    return {
        "rows": ROWS,
        "generator": iter(ROWS),
        "pandas": pandas.DataFrame(ROWS),
        "pandas with dates as timestamps": pandas.DataFrame(ROWS).assign(date=pandas.to_datetime(["2024-03-05", None])),
        "polars": polars.DataFrame(ROWS),
        "arrow": table,
        "record batch reader": table.to_reader(),
        "stream": Stream(table),
        "nanoarrow": nanoarrow.Array(table),
        "dictionary": table.set_column(2, "kind", table.column("kind").dictionary_encode()),
    }


@pytest.mark.parametrize("form", forms())
def test_forms(form: str) -> None:
    facts = admitted(events=forms()[form])
    assert shown(facts, Table.EVENTS, *COLUMNS) == EXPECTED
    assert rejected(facts) == []


def test_facts_can_be_admitted_again_and_again() -> None:
    from mofan_rules.facts import admit
    from tests.facts.admitting import VOCABULARY

    facts = Facts(organizations=TWO, events=pyarrow.Table.from_pylist(ROWS).to_reader())
    assert everything(admit(facts, VOCABULARY)) == everything(admit(facts, VOCABULARY))


def test_parquet_and_paths(tmp_path: Path) -> None:
    path = tmp_path / "x [1].parquet"
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)
    (tmp_path / "y.csv").write_text("编号,类型\na,支部\nb,机关党委\n", encoding="gb18030")
    facts = admitted(organizations=str(tmp_path / "y.csv"), events=path)
    assert shown(facts, Table.EVENTS, *COLUMNS) == EXPECTED


def test_numbers_that_pandas_made_floats_of() -> None:
    """A column of whole numbers with a gap is one of floats; its ids are still 1 and 2."""
    frame = pandas.DataFrame({"id": [1.0, 2.0, numpy.nan], "kind": "党支部"})
    assert admitted(organizations=frame).subjects() == ["1", "2"]
    events = pandas.DataFrame({"id": ["x", "y"], "organization": [1.0, 2.0], "kind": "党课", "date": "2024", "attended": [numpy.inf, numpy.nan]})
    facts = admitted(organizations=frame, events=events)
    assert shown(facts, Table.EVENTS, "organization", "certain", "attended") == [(0, False, None), (1, True, None)]


@pytest.mark.parametrize("value", [3, "none.csv", b"id", {"id": 1}, [1], [("a",)], object(), Path("/"), [TWO], 1.5, "a\0b"])
def test_what_is_no_table(value: Any) -> None:
    with pytest.raises(FactsError):
        admitted(organizations=value)


def test_broken_streams_are_declared_errors() -> None:
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            raise RuntimeError("the other side is gone")

    with pytest.raises(FactsError, match="the other side is gone"):
        admitted(organizations=Broken())


def test_strange_cells() -> None:
    class Odd:
        def __str__(self) -> str:
            return "b"

    rows = [{"id": "a\ud800", "kind": "党支部"}, {"id": Odd(), "kind": "机关党委"}, {"id": b"c", "kind": "党支部", 5: 6}]
    assert admitted(organizations=rows).subjects() == ["a?", "b", "c"]


def test_unknown_names_of_complete_tables() -> None:
    with pytest.raises(FactsError) as caught:
        Facts(complete=["waiver s"])
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.hint is not None and "waivers" in diagnostic.hint.en
    assert Facts(complete="waivers").supplied == {Table.WAIVERS}


def test_without_pyarrow_pandas_and_numpy() -> None:
    """The base installation has none of them."""
    program = """
import sys
for absent in ("pyarrow", "pandas", "numpy", "polars"):
    sys.modules[absent] = None
from mofan_rules.facts import Facts, admit
from tests.facts.admitting import TWO, VOCABULARY
facts = admit(Facts(organizations=TWO, events=[{"organization": "a", "kind": "?", "date": "2024"}]), VOCABULARY)
print(facts.subjects(), facts.summary.rejected)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "['a', 'b'] 1\n"


def test_importing_the_package_loads_no_engine() -> None:
    program = "import sys, mofan_rules.facts; print([m for m in ('duckdb', 'psycopg', 'python_calamine', 'pydantic', 'networkx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_typed_columns_say_the_same_as_texts(tmp_path: Path) -> None:
    """Dates, numbers and truth values of Parquet files are taken as they are; what is out of range is rejected as it would be as text."""
    import duckdb

    rows = """SELECT * FROM (VALUES ('1', 'a', '党课', DATE '2024-03-05', 7, 1.5::DOUBLE, true), ('2', 'a', '党课', DATE '0999-03-05', -1, NULL, NULL),
        ('3', 'a', '党课', NULL, NULL, 2.25, false),
        (NULL, 'a', '党课', DATE '2024-03-06', 8, 1, NULL)) t(id, organization, kind, date, attended, 学时, 公开)"""
    place = str(tmp_path / "events")
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({rows}) TO '{place}.parquet' (FORMAT parquet)")
        connection.execute(f"COPY ({rows}) TO '{place}.csv' (FORMAT csv, HEADER)")
    typed, text = (admitted(events=f"{place}.{ending}") for ending in ("parquet", "csv"))
    assert everything(typed) == everything(text)
    assert rejected(typed, "line", "column", "code", "value") == [(line - 1, *rest) for line, *rest in rejected(text, "line", "column", "code", "value")]
    assert rejected(typed, "line", "code") == [(2, "date_out_of_range")]
    assert shown(typed, Table.EVENTS, "date_low")[0] == (date(2024, 3, 5),)


def test_a_date_that_cannot_be_makes_no_other_unknown() -> None:
    """An end before all times is one illegible cell, not a span that contradicts itself, be it typed or text."""
    rows = {"organization": ["a"], "role": ["书记"], "from_date": [date(2020, 6, 1)], "until_date": [date(999, 1, 1)]}
    typed = admitted(tenures=pyarrow.table(rows))
    text = admitted(tenures=pyarrow.table({key: [str(one) for one in cells] for key, cells in rows.items()}))
    columns = ("from_date_low", "from_date_high", "until_date_low", "until_date_high")
    assert shown(typed, Table.TENURES, *columns) == shown(text, Table.TENURES, *columns) == [(date(2020, 6, 1), date(2020, 6, 1), date(1, 1, 1), date.max)]
    assert rejected(typed) == rejected(text) == [("tenures", 1, "date_out_of_range")]

"""How much memory facts may take."""

from pathlib import Path

import pytest

from mofan_rules.diagnostics import QuestionError
from mofan_rules.facts.database import open_database, within_memory


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*")]


def test_what_is_beyond_the_limit_lies_in_files_that_go_with_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_database("30MB") as connection:
        assert not files(tmp_path)
        connection.execute("CREATE TABLE many AS SELECT n, md5(n::VARCHAR) AS text FROM range(1_000_000) t(n)")
        assert files(tmp_path)
        [(rows, total)] = connection.execute("SELECT count(DISTINCT text), sum(n) FROM many").fetchall()
        assert (rows, total) == (1_000_000, sum(range(1_000_000)))
    assert not files(tmp_path)


def test_what_does_not_fit_is_an_error_of_the_question() -> None:
    with open_database("5MB") as connection, pytest.raises(QuestionError) as told, within_memory():
        connection.execute("SELECT list(n) FROM range(10_000_000) t(n)").fetchall()
    assert [one.code for one in told.value.diagnostics] == ["out-of-memory"]


@pytest.mark.parametrize("limit", ["", "4", "4 gigabytes", "-1GB", "1GB; DROP TABLE x", "80%"])
def test_a_size_is_a_number_with_a_unit(limit: str) -> None:
    with pytest.raises(QuestionError) as told:
        open_database(limit)
    assert [one.code for one in told.value.diagnostics] == ["bad-size"]

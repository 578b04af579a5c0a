"""The script that `mofan compile` prints."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from mofan_rules import pipeline
from mofan_rules.cli import main
from mofan_rules.compiler.compile import view_name
from mofan_rules.compiler.plan import Names
from mofan_rules.compiler.script import script
from tests.cases import ruleset_texts

COUNTED = {"id": "meetings.held", "kind": "occurrence", "subject": "branch", "event": "meeting", "every": "quarter", "title": "Hold a meeting"}
CITED = COUNTED | {"cite": [{"source": "rules", "clause": "article 7", "quote": "a meeting\nevery quarter"}]}


def written(folder: Path, *requirements: dict[str, object]) -> str:
    """A folder with a ruleset."""
    document = {"sources": {"rules": {"title": "The rules"}}, "vocabulary": {"organizations": {"branch": {}}, "events": {"meeting": {}}}}
    for name, text in ruleset_texts(document | {"requirements": list(requirements)}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def test_it_can_be_installed_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without Python: tables, the question and the views, each requirement with its id and its citation above it."""
    code = main(["compile", written(tmp_path, CITED), "--dialect", "duckdb", "--as-of", "2024-07-15", "--period", "2024Q1", "--lang", "en"])
    text = capsys.readouterr().out
    assert code == 0
    assert "-- meetings.held: Hold a meeting (occurrence, must" in text
    assert "-- The rules article 7: a meeting every quarter\n" in text
    database = duckdb.connect()
    database.execute(text)
    database.execute("INSERT INTO facts.subjects VALUES (0, 'b1')")
    far, near = "DATE '9999-12-31'", "DATE '0001-01-01'"
    database.execute(f"INSERT INTO facts.organizations VALUES (0, true, 'b1', 0, 'branch', null, {near}, {far}, {far}, {far}, {near}, {near}, {far}, {far})")
    [row] = database.execute("SELECT requirement, subject, window_from::VARCHAR, state, reason, measured, required FROM mofan.verdicts").fetchall()
    assert row == ("meetings.held", "b1", "2024-01-01", "violated", "too_few", "0", "1..")
    database.execute("UPDATE mofan.question SET period_last = DATE '2024-12-31'")
    assert database.execute("SELECT count(*) FROM mofan.verdicts").fetchall() == [(3,)]
    database.execute(text)


def test_what_is_not_compiled_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Here and in the script: the requirement and the node. The others are there."""
    orders = {"trigger": {"event": "meeting"}, "response": {"event": "meeting"}, "within": "10 days", "not_counting": [7, 8]}
    summer = {"id": "without-summer", "kind": "deadline", "subject": "branch"} | orders
    code = main(["compile", written(tmp_path, COUNTED, summer), "--dialect", "postgres", "--lang", "en"])
    shown = capsys.readouterr()
    assert code == 1
    assert "not compiled: without-summer: " in shown.err
    assert "\n-- without-summer: " in shown.out
    assert '"verdicts_meetings_held"' in shown.out
    assert "verdicts_without" not in shown.out


def test_names_of_views_are_short_and_differ() -> None:
    """PostgreSQL cuts names of more than 63 bytes in silence, and Spark knows letters, digits and underscores only."""
    ids = ["a.b", "a-b", "a_b", "x" * 90, "x" * 91]
    names = [view_name(name) for name in ids]
    assert names[0] == "verdicts_a_b"
    assert len({*names}) == len(ids)
    assert all(len(name) <= 60 and name.replace("_", "").isalnum() for name in names)


def test_the_library_does_not_load_sqlglot() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, mofan_rules, mofan_rules.pipeline; print('sqlglot' in sys.modules)"], capture_output=True, text=True
    )
    assert done.stdout.strip() == "False"


def test_titles_cannot_end_a_comment() -> None:
    from mofan_rules.ruleset import load_texts

    document = {
        "vocabulary": {"organizations": {"branch": {}}, "events": {"meeting": {}}},
        "requirements": [COUNTED | {"title": "x\n; DROP TABLE y\r--\u2028z"}],
    }
    ruleset = load_texts(ruleset_texts(document))
    text = script(ruleset.program, ruleset.catalogue, "duckdb", Names(), None, "en").text
    assert next(line for line in text.splitlines() if "DROP TABLE" in line).startswith("-- meetings.held")
    assert pipeline.compile_sql(ruleset, "spark").refusals == ()

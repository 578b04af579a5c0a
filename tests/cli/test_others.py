"""`mofan lint`, `schema`, `facts` and `generate`."""

import json
from pathlib import Path

import jsonschema
import pytest

from mofan_rules.cli import main
from mofan_rules.ruleset.files import NOT_RULES
from tests.cli.sample import EVENTS, write_sample

ROOT = Path(__file__).parents[2]
MOFAN = str(ROOT / "rulesets" / "mofan")


def test_lint_of_a_good_ruleset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset, _ = write_sample(tmp_path)
    assert main(["lint", ruleset, "--lang", "zh"]) == 0
    assert "没有问题" in capsys.readouterr().out
    assert main(["lint", ruleset, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_lint_points_at_the_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset, facts = write_sample(tmp_path)
    path = Path(ruleset, "requirements.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("event: meeting", "event: meting", 1), encoding="utf-8")
    assert main(["lint", ruleset, "--lang", "en"]) == 2
    out = capsys.readouterr().out
    assert "requirements.yaml:7:12: error[" in out
    assert "did you mean: meeting?" in out
    line, caret = out.splitlines()[1:3]
    assert line[caret.index("^") : caret.rindex("^") + 1] == "meting"
    assert main(["lint", ruleset, "--format", "json"]) == 2
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["line"], found["column"]) == (7, 12)
    assert main(["check", ruleset, facts, "--as-of", "2025-01-01", "--lang", "en"]) == 2
    assert "did you mean: meeting?" in capsys.readouterr().err


def test_schema_describes_the_rulesets_that_ship(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import yaml

    target = tmp_path / "schema.json"
    assert main(["schema"]) == 0
    assert main(["schema", "-o", str(target)]) == 0
    schema = json.loads(target.read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out) == schema
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in sorted((ROOT / "rulesets").glob("*/*.yaml")):
        if path.name not in NOT_RULES:
            document = json.loads(json.dumps(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)))
            assert isinstance(document, dict)
            if "ruleset" not in document:
                assert [error.message for error in validator.iter_errors(_typed(document))] == []


def _typed(value: object) -> object:
    """Plain text as YAML's core schema would type it: editors check the typed value."""
    import yaml

    if isinstance(value, dict):
        return {key: _typed(cell) for key, cell in value.items()}
    if isinstance(value, list):
        return [_typed(cell) for cell in value]
    if isinstance(value, str) and value.isascii() and (value.isdecimal() or value in ("true", "false")):
        return yaml.safe_load(value)
    return value


def test_facts_shows_what_was_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruleset, facts = write_sample(tmp_path, EVENTS + "5,b,meeting,2024-13-01\n6,nobody,meeting,2024-01-01\n")
    assert main(["facts", facts, "--ruleset", ruleset, "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "events.csv:6" in out
    assert "2024-13-01" in out
    assert main(["facts", facts, "--ruleset", ruleset, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["tables"]["events"]["read"] == 6
    assert found["tables"]["events"]["admitted"] == 4
    assert {row["code"] for row in found["rejected"]} == {"bad_date", "dangling_reference"}
    assert found["tree"] == {"organizations": 2, "tops": 2, "alone": 2, "levels": 1}


def test_facts_without_a_ruleset_takes_kinds_as_they_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, facts = write_sample(tmp_path)
    assert main(["facts", facts, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rejected"] == []
    assert {(row["table"], row["kind"], row["number"]) for row in found["kinds"]} == {("organizations", "club", 2), ("events", "meeting", 4)}


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_generate_writes_what_check_reads(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "population"
    assert main(["generate", "--branches", "5", "--seed", "3", "--ruleset", MOFAN, "-o", str(target), "--format", name, "--lang", "en"]) == 0
    command = capsys.readouterr().out.splitlines()[-1].split()
    assert command[:2] == ["mofan", "check"]
    assert main([*command[1:], "--lang", "en"]) == 0
    assert "organizations" in {path.stem for path in target.iterdir()}


@pytest.mark.parametrize(
    "arguments", [("--branches", "0"), ("--branches", "-1"), ("--branches", "5", "--seed", "-1"), ("--branches", "5", "--ruleset", "no/such")]
)
def test_generate_refuses(arguments: tuple[str, ...], tmp_path: Path) -> None:
    given = list(arguments) if "--ruleset" in arguments else [*arguments, "--ruleset", MOFAN]
    assert main(["generate", *given, "-o", str(tmp_path / "out")]) == 2

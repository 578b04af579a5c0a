"""The JSON Schema of ruleset files: it takes what the reader takes, and refuses wrong keys and values."""

import json
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mofan_rules.requirements import KINDS
from mofan_rules.ruleset.json_schema import json_schema
from tests.requirements.test_lowering import CASES, FOLDER, MARK
from tests.ruleset.test_edits import RULESETS, texts_of


class Loader(yaml.SafeLoader):
    """Types scalars as editors do: YAML 1.2 has neither dates nor `on` and `yes`."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool") or letter in "tTfF"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def problems(text: str) -> list[str]:
    return [error.message for error in validator().iter_errors(yaml.load(text, Loader=Loader))]


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in RULESETS.glob("*/ruleset.yaml")))
def test_takes_the_rulesets(folder: str) -> None:
    assert {name: found for name, text in texts_of(RULESETS / folder).items() if (found := problems(text))} == {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_takes_every_kind(case: Any) -> None:
    requirement = case.read_text(encoding="utf-8").split(MARK)[0]
    indented = "\n".join(f"  {line}" for line in requirement.strip().splitlines())
    assert problems(f"requirements:\n-{indented[1:]}\n") == []


def test_takes_the_words_of_the_cases() -> None:
    assert problems((FOLDER / "ruleset.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "ruleset: a\nversion: '1'\ntitel: x\n",
        "ruleset: a\n",
        "requirement: []\n",
        "requirements: {}\n",
        "requirements: [{id: a, kind: occurence, subject: b, event: c, every: month}]\n",
        "requirements: [{id: a, kind: occurrence, subjct: b, event: c, every: month}]\n",
        "requirements: [{id: a, kind: occurrence, subject: b, event: c, every: month, modality: shall}]\n",
        "requirements: [{id: a b, kind: occurrence, subject: b, event: c, every: month}]\n",
        "ruleset: a\nversion: '1'\nvocabulary: {attributes: {x: {type: words, of: y}}}\n",
        "ruleset: a\nversion: '1'\nparameters: {x: [{vlaue: 3}]}\n",
        "ruleset: a\nversion: '1'\noverride: {x: {disabled: why}}\n",
    ],
)
def test_refuses(text: str) -> None:
    assert problems(text)


def test_everything_is_described() -> None:
    schema = json_schema()
    json.dumps(schema)
    assert [name for name, definition in schema["$defs"].items() if not definition.get("description")] == []
    fields = [(f"{name}.{key}", shape) for name, definition in schema["$defs"].items() for key, shape in definition.get("properties", {}).items()]
    assert [name for name, shape in fields if not shape.get("description")] == []
    assert {definition["properties"]["kind"]["const"] for definition in schema["$defs"].values() if "kind" in definition.get("properties", {})} == set(KINDS)

"""The JSON Schema of ruleset files, for editors that complete and check YAML: made from the models, described by their docstrings."""

import inspect
from ast import AnnAssign, Constant, Expr, Name, parse
from copy import deepcopy
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from mofan_rules.ruleset.document import RequirementsDocument, RulesetDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def json_schema() -> Schema:
    """One schema for all files of a ruleset: `ruleset.yaml` (it has a key `ruleset`) and files of requirements."""
    main = RulesetDocument.model_json_schema(by_alias=True, schema_generator=_Generator)
    file = RequirementsDocument.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions = {**file.pop("$defs"), **main.pop("$defs")}
    definitions["RulesetDocument"] = main
    definitions["RequirementsDocument"] = file
    models = {model.__name__: model for model in (*models_in(RulesetDocument), *models_in(RequirementsDocument))}
    for name, definition in definitions.items():
        _describe(definition, models[name])
    return {
        "$schema": DIALECT,
        "title": "mofan_rules ruleset",
        "description": "The files of a ruleset: ruleset.yaml, and the files of requirements beside it.",
        "if": {"required": ["ruleset"]},
        "then": {"$ref": "#/$defs/RulesetDocument"},
        "else": {"$ref": "#/$defs/RequirementsDocument"},
        "$defs": {name: _tidy(definition) for name, definition in sorted(definitions.items())},
    }


class _Generator(GenerateJsonSchema):
    """Leaves defaults out (some are values of ours, with no form in JSON), and with them the alternative *null*: a key is given or not there."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if schema.get("default", ...) is not None or "anyOf" not in inner:
            return inner
        kept = [shape for shape in inner["anyOf"] if shape != {"type": "null"}]
        return kept[0] if len(kept) == 1 else {"anyOf": kept}


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that a type is made of, each once: it, then those of its fields."""
    found: dict[type[BaseModel], None] = {}
    pending: list[Any] = [annotation]
    while pending:
        part = pending.pop(0)
        if isinstance(part, type) and issubclass(part, BaseModel):
            if part not in found:
                found[part] = None
                pending += [field.annotation for field in part.model_fields.values()]
        else:
            pending += getattr(part, "__args__", ())
    return list(found)


def _describe(definition: Schema, model: type[BaseModel]) -> None:
    """Give a model and its fields their docstrings."""
    definition["description"] = summary(model)
    texts = field_texts(model)
    aliases = {field.alias or name: name for name, field in model.model_fields.items()}
    for key, shape in definition.get("properties", {}).items():
        if aliases[key] in texts:
            shape["description"] = texts[aliases[key]]


def summary(model: type[BaseModel]) -> str:
    """The first sentence of a model's docstring."""
    return " ".join(inspect.getdoc(model).split("\n\n")[0].split()) if model.__doc__ else ""  # type: ignore[union-attr]


@cache
def field_texts(model: type[BaseModel]) -> dict[str, str]:
    """The text that stands under each field, those of the models it is built on included; the nearest wins."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base is not BaseModel and isinstance(base, type) and issubclass(base, BaseModel):
            texts |= _own_texts(base)
    return texts


def _own_texts(model: type[BaseModel]) -> dict[str, str]:
    body = parse(dedent(inspect.getsource(model))).body[0].body  # type: ignore[attr-defined]
    texts: dict[str, str] = {}
    for statement, following in pairwise(body):
        match statement, following:
            case AnnAssign(target=Name(id=name)), Expr(value=Constant(value=str(text))):
                texts[name] = " ".join(text.split())
    return texts


def _tidy(definition: Schema) -> Schema:
    """Without the titles that pydantic makes from names."""
    definition = deepcopy(definition)
    definition.pop("title", None)
    for shape in definition.get("properties", {}).values():
        shape.pop("title", None)
    return definition

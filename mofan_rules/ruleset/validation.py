"""From a tree of texts to the models, and from the models' errors to diagnostics with places."""

import re
from collections.abc import Iterable
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from mofan_rules.diagnostics import CODES, Bilingual, Diagnostics, Span, closest, same
from mofan_rules.documents.nodes import ListNode, MappingNode, Node, find, plain
from mofan_rules.documents.text import Text
from mofan_rules.requirements import KINDS

T = TypeVar("T")

_SHAPES = {
    "model_type": Bilingual("若干“键: 值”", "a mapping of keys to values"),
    "model_attributes_type": Bilingual("若干“键: 值”", "a mapping of keys to values"),
    "dict_type": Bilingual("若干“键: 值”", "a mapping of keys to values"),
    "list_type": Bilingual("列表（每项以“- ”开头，或写在 [ ] 里）", "a list"),
}


def validate(adapter: TypeAdapter[T], node: Node, diagnostics: Diagnostics) -> T | None:
    """What a node says, or nothing where it does not fit; each problem is reported at its place."""
    try:
        return adapter.validate_python(plain(node))
    except ValidationError as error:
        found = error.errors(include_url=False)
        unknown = [_unknown_key(detail, adapter, node) for detail in found if detail["type"] == "extra_forbidden"]
        for detail in found:
            _report(detail, adapter, node, diagnostics, guessed={guess for _, guesses in unknown for guess in guesses[:1]})
        return None


def _unknown_key(detail: ErrorDetails, adapter: TypeAdapter[Any], node: Node) -> tuple[str, tuple[str, ...]]:
    path = detail["loc"]
    model = model_at(adapter._type, path[:-1])
    return str(path[-1]), closest(str(path[-1]), _keys(model))


def _report(detail: ErrorDetails, adapter: TypeAdapter[Any], node: Node, diagnostics: Diagnostics, guessed: set[str]) -> None:
    path, kind = detail["loc"], detail["type"]
    target = node
    for _, step in find(node, path):
        target = step
    span = anchor(target)
    if kind in CODES:
        values = {name: value for name, value in detail.get("ctx", {}).items() if name != "code"}
        about = target.key(str(values.pop("at", ""))) if isinstance(target, MappingNode) else None
        values.pop("at", None)
        if "fields" in values:
            values["fields"] = same(values["fields"])
        diagnostics.report(kind, span if about is None else about.span, **values)
    elif kind == "extra_forbidden":
        key, guesses = _unknown_key(detail, adapter, node)
        diagnostics.report("unknown-key", _key_span(node, path) or span, suggestions=guesses, key=key)
    elif kind == "missing":
        if path[-1] not in guessed:
            diagnostics.report("missing-key", span, key=str(path[-1]))
    elif kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        diagnostics.report("unknown-value", span, suggestions=closest(str(target), allowed), value=str(target), allowed=same(", ".join(allowed)))
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        _report_kind(target, diagnostics)
    else:
        diagnostics.report("wrong-shape", span, wanted=_SHAPES.get(kind, _SHAPES["model_type"]))


def _report_kind(target: Node, diagnostics: Diagnostics) -> None:
    """A requirement without a kind, or with one that does not exist."""
    if not isinstance(target, MappingNode):
        diagnostics.report("wrong-shape", anchor(target), wanted=_SHAPES["model_type"])
        return
    kind = target.get("kind")
    if isinstance(kind, Text):
        diagnostics.report("unknown-kind", kind.span, suggestions=closest(kind, KINDS), kind=kind, allowed=same(", ".join(KINDS)))
        return
    meant = [key for key, _ in target.entries if "kind" in closest(key, ["kind"])]
    if kind is None and meant:
        diagnostics.report("unknown-key", meant[0].span, suggestions=["kind"], key=meant[0])
    else:
        diagnostics.report("missing-key", anchor(target), key="kind")


def anchor(node: Node) -> Span:
    """Where to point for a node: at a text itself, at a requirement's id, else at the first thing in it."""
    match node:
        case Text():
            return node.span
        case ListNode(items, span):
            return anchor(items[0]) if items else span
        case MappingNode(entries, span):
            identifier = node.get("id")
            if isinstance(identifier, Text):
                return identifier.span
            return entries[0][0].span if entries else span


def _key_span(node: Node, path: tuple[int | str, ...]) -> Span | None:
    parent = node
    for _, step in find(node, path[:-1]):
        parent = step
    key = parent.key(str(path[-1])) if isinstance(parent, MappingNode) else None
    return None if key is None else key.span


def _keys(model: type[BaseModel] | None) -> Iterable[str]:
    return () if model is None else [field.alias or name for name, field in model.model_fields.items()]


def model_at(annotation: Any, path: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model to which the path of an error leads, through lists, mappings, and kinds of requirements."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        return _in_union(annotation, path)
    if get_origin(annotation) in (list, dict):
        return model_at(get_args(annotation)[-1], path[1:]) if path else None
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return None
    if not path:
        return annotation
    fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
    return model_at(fields[str(path[0])].annotation, path[1:]) if path[0] in fields else None


def _in_union(annotation: Any, path: tuple[int | str, ...]) -> type[BaseModel] | None:
    if path and path[0] in KINDS:
        return model_at(KINDS[str(path[0])], path[1:])
    for alternative in get_args(annotation):
        if (found := model_at(alternative, path)) is not None:
            return found
    return None

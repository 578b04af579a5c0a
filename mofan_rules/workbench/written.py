"""What the authors of a ruleset wrote, with its places: requirements, their citations, values of parameters. Needed where a mark itself is the problem."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mofan_rules.diagnostics import Diagnostics
from mofan_rules.diagnostics.span import Span
from mofan_rules.documents.nodes import ListNode, MappingNode, Node
from mofan_rules.documents.reader import read_yaml
from mofan_rules.documents.text import Text
from mofan_rules.ruleset import Ruleset
from mofan_rules.schema import Type
from mofan_rules.workbench.fields import head

BOUNDS = ("at_least", "at_most", "within", "after", "grace")
"""The fields of a requirement in which numbers stand."""

NUMBERS = frozenset({Type.INTEGER, Type.NUMBER, Type.DAYS, Type.MONTHS})


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was written. `marked`: it says whether it has been verified."""

    source: str
    quote: Text | None
    row: Text | None
    marked: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A requirement as it was written. `number` is the first bound in which a number stands."""

    id: Text
    citations: tuple[Cited, ...]
    number: Text | None


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A number that a parameter has. `marked`: it is a local choice, or says of its citation whether it has been verified."""

    parameter: str
    span: Span
    quotes: tuple[Cited, ...]
    marked: bool


def written_requirements(ruleset: Ruleset) -> list[Written]:
    """All requirements of a ruleset and of what it imports, as they stand in the files."""
    return [_requirement(node, identifier) for root in _roots(ruleset) for node, identifier in _listed(root)]


def _roots(ruleset: Ruleset) -> Iterator[MappingNode]:
    for file, text in ruleset.texts.items():
        node = read_yaml(file, text.encode("utf-8", "surrogatepass"), Diagnostics())
        if isinstance(node, MappingNode):
            yield node


def _listed(root: MappingNode) -> Iterator[tuple[MappingNode, Text]]:
    listed = root.get("requirements")
    for item in listed.items if isinstance(listed, ListNode) else ():
        if isinstance(item, MappingNode) and isinstance(identifier := item.get("id"), Text):
            yield item, identifier


def _requirement(node: MappingNode, identifier: Text) -> Written:
    bounds = (node.get(field) for field in BOUNDS)
    number = next((bound for bound in bounds if isinstance(bound, Text) and any(character.isdigit() for character in bound)), None)
    return Written(identifier, _cites(node.get("cite")), number)


def _cites(node: Node | None) -> tuple[Cited, ...]:
    listed = node.items if isinstance(node, ListNode) else () if node is None else (node,)
    return tuple(_cite(item) for item in listed if isinstance(item, MappingNode))


def _cite(node: MappingNode) -> Cited:
    source, quote, row = node.get("source"), node.get("quote"), node.get("row")
    texts = [found if isinstance(found, Text) and found else None for found in (quote, row)]
    return Cited(str(source) if isinstance(source, Text) else "", texts[0], texts[1], node.get("verified") is not None)


def written_values(ruleset: Ruleset) -> list[WrittenValue]:
    """The values of all parameters that are numbers, shares or durations."""
    numbers = {parameter.name for parameter in ruleset.parameters if parameter.type in NUMBERS}
    found = []
    for root in _roots(ruleset):
        parameters = root.get("parameters")
        for name, node in parameters.entries if isinstance(parameters, MappingNode) else ():
            if name in numbers:
                found += [_value(str(name), item) for item in (node.items if isinstance(node, ListNode) else (node,))]
    return found


def _value(name: str, node: Node) -> WrittenValue:
    if not isinstance(node, MappingNode):
        return WrittenValue(name, head(node), (), False)
    fields: Mapping[str, Node] = {str(key): value for key, value in node.entries}
    cites = _cites(fields.get("cite"))
    value = fields.get("value")
    marked = fields.get("local") == "true" or value is None or value in ("none", "无") or any(cite.marked for cite in cites)
    return WrittenValue(name, head(node if value is None else value), cites, marked)

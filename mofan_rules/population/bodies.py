"""The organizations of one unit, before their rows are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mofan_rules.population.duties import Follows
from mofan_rules.population.fields import Condition
from mofan_rules.population.profile import Attribute, Node, Sum
from mofan_rules.population.streams import Stream


@dataclass(slots=True)
class Body:
    """One organization: it exists from day `first` to day `last` (ordinals; `last` none: still).

    `maker` is the organization it was made with, `company` that and those above it, by node; `values` are the cells of its attributes.
    `renamed` is the first day of its name, and the name that it had before; `unit` are the organizations of its unit, itself among them, by node.
    `counted`: in which attributes of which others its attributes are summed: (the other, of what, in what).
    `holders`: who holds which of its posts, or held it last; `people`: how many persons it has; `upset`: has something gone wrong with one of its posts?
    """

    id: str
    kind: str
    name: str
    parent: str
    first: int
    last: int | None
    company: dict[str, "Body"]
    values: dict[str, str] = field(default_factory=dict)
    maker: "Body | None" = None
    linked: bool = True
    renamed: tuple[int, str] | None = None
    unit: Mapping[str, list["Body"]] = field(default_factory=dict, repr=False, compare=False)
    holders: dict[str, str] = field(default_factory=dict)
    counted: list[tuple["Body", str, str]] = field(default_factory=list, repr=False, compare=False)
    people: int = 0
    upset: bool = False


def number_in(text: str, body: Body) -> int:
    """A number that the profile gives plainly or as the name of an attribute; 1 where the attribute holds none."""
    value = body.values.get(text, text)
    return int(value) if value.isdecimal() else 1


def holds(condition: Condition, body: Body) -> bool:
    """Does the organization meet a condition of the profile?"""
    for name, allowed in condition.items():
        value = _value(body, name)
        if isinstance(allowed, str):
            low, _, high = allowed.partition("..")
            if not value.isdecimal() or (low and int(value) < int(low)) or (high and int(value) > int(high)):
                return False
        elif value not in allowed:
            return False
    return True


def made_with(body: Body, node: str) -> list[Body]:
    """The organizations of a node further down that were made with this one."""
    return [other for other in body.unit.get(node, ()) if any(above is body for above in other.company.values())]


def befallen(follows: Follows, body: Body) -> bool:
    """Is there an organization of that node, made with this one, of which that is true which a fault follows?"""
    others = made_with(body, follows.node)
    return any((follows.unlinked and not other.linked) or (follows.blank is not None and not other.values.get(follows.blank)) for other in others)


def _value(body: Body, name: str) -> str:
    match name:
        case "kind":
            return body.kind
        case "made_with":
            return body.maker.kind if body.maker is not None else ""
        case _:
            return body.values.get(name, "")


def change(body: Body, cells: Mapping[str, str]) -> None:
    """Gives attributes other values; what sums them goes along where both are numbers."""
    for name, text in cells.items():
        before = body.values.get(name, "")
        if before.isdecimal() and text.isdecimal():
            for other, of, total in body.counted:
                if of == name:
                    other.values[total] = str(int(other.values[total]) + int(text) - int(before))
        body.values[name] = text


def fill(body: Body, attributes: list[Attribute], stream: Stream) -> None:
    """Draws the attributes of an organization, in their order."""
    for attribute in attributes:
        if holds(attribute.when, body):
            body.values[attribute.name] = _drawn(attribute, body, stream)


def _drawn(attribute: Attribute, body: Body, stream: Stream) -> str:
    if attribute.steps is not None:
        return str(stream.step(attribute.steps))
    if attribute.share is not None:
        whole = _number(body, attribute.share.of)
        low, high = attribute.share.percent
        return str(min(max(stream.between(whole * low // 100, whole * high // 100), attribute.share.least), whole))
    if attribute.at_least is not None:
        return "true" if _number(body, attribute.at_least.of) >= attribute.at_least.value else "false"
    if attribute.sum is not None:
        return str(_total(attribute.name, attribute.sum, body))
    if attribute.copy_of is not None:
        return _nearest(body, attribute.copy_of)
    return attribute.value or ""


def _total(name: str, asked: Sum, body: Body) -> int:
    total = 0
    for other in made_with(body, asked.node):
        if other.last is None and holds(asked.when, other):
            other.counted.append((body, asked.of, name))
            total += _number(other, asked.of)
    return total


def _nearest(body: Body, name: str) -> str:
    for other in (body, *reversed(body.company.values())):
        if name in other.values:
            return other.values[name]
    return ""


def _number(body: Body, name: str) -> int:
    value = _nearest(body, name)
    return int(value) if value.isdecimal() else 0


def number_of(node: Node, parent: Body, stream: Stream) -> int:
    """How many organizations of a node are made with one of the node above."""
    if not holds(node.when, parent):
        return 0
    if node.each_by_kind is None:
        return max(stream.step(node.each), 0)
    steps = node.each_by_kind.get(parent.kind)
    return max(stream.step(steps), 0) if steps else 0

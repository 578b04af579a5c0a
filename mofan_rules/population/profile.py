"""The profile of a population: what `population.yaml` may say, checked. `docs/population.md` explains each field to its author.

The engine has no statistic of any domain: kinds, names, sizes, frequencies and rates all come from here.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from mofan_rules.diagnostics import Diagnostics, Severity
from mofan_rules.diagnostics import Span as Place
from mofan_rules.documents.nodes import Node as Written
from mofan_rules.documents.nodes import find, plain, span_of
from mofan_rules.documents.reader import read_yaml
from mofan_rules.population.duties import Documents, Follows, Holder, Meetings, Posts, Relations, Standing, Terms
from mofan_rules.population.fields import Condition, DateSpan, Model, Rate, Span, Steps
from mofan_rules.population.inherited import Inheritance, base_of, taken_over

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class ProfileError(Exception):
    """A profile cannot be used; `.problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Share(Model):
    """A whole number between two percentages of another attribute, at least `least`."""

    of: str
    percent: Span
    least: int = 0


class AtLeast(Model):
    """A truth value: is another attribute at least so much?"""

    of: str
    value: int


class Sum(Model):
    """The sum of an attribute over the organizations of `node` that were made with this one, meet `when` and still exist."""

    of: str
    node: str
    when: Condition = Field(default_factory=dict)


class Attribute(Model):
    """How a column is filled, for the organizations that meet `when`. Exactly one of the ways. `written`: whether the facts have it."""

    name: str
    when: Condition = Field(default_factory=dict)
    steps: Steps | None = None
    share: Share | None = None
    at_least: AtLeast | None = None
    copy_of: str | None = None
    sum: Sum | None = None
    value: str | None = None
    written: bool = True

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.steps, self.share, self.at_least, self.copy_of, self.sum, self.value)
        if [way is None for way in ways].count(False) != 1:
            raise ValueError(f"{self.name}: give one of steps, share, at_least, copy_of, sum, value")
        return self


class Life(Model):
    """What happens in the period to a share `rate` of the organizations that meet `when`; it is no fault. `before` is the name before a renaming."""

    change: Literal["founded", "dissolved", "renamed"]
    rate: Rate
    when: Condition = Field(default_factory=dict)
    before: str = "{name}"


class Link(Model):
    """A relation to each organization from the one of the node `from_` in whose company it was made."""

    relation: str
    source: str


class KindBy(Model):
    """A kind for the organizations whose maker meets `when`."""

    kind: str
    when: Condition = Field(default_factory=dict)


class Node(Model):
    """A layer of organizations.

    Parameters
    ----------
    under: the node one of whose organizations each is made with (none: made once, at the top).
    parent: the node that is its `part_of` parent, if that is not `under` but one further up.
    kinds: drawn by weight; with `kind_by` the first whose condition the organization of `under` meets.
    each: how many to one of `under`; by `each_by_kind` of its kind where that is given.
    founded: when; without it, as the organization it was made with.
    """

    prefix: str = Field(pattern=r"^[a-z]{1,8}$")
    kinds: dict[str, float] = Field(min_length=1)
    kind_by: list[KindBy] = Field(default_factory=list)
    names: list[str] = Field(min_length=1)
    under: str | None = None
    parent: str | None = None
    each: Steps = Field(default_factory=lambda: [(1.0, 1, 1)])
    each_by_kind: dict[str, Steps] | None = None
    when: Condition = Field(default_factory=dict)
    founded: DateSpan | None = None
    life: list[Life] = Field(default_factory=list)
    attributes: list[Attribute] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    meetings: list[Meetings] = Field(default_factory=list)
    terms: list[Terms] = Field(default_factory=list)
    posts: list[Posts] = Field(default_factory=list)
    relations: list[Relations] = Field(default_factory=list)
    documents: list[Documents] = Field(default_factory=list)
    standing: list[Standing] = Field(default_factory=list)

    @property
    def late(self) -> int:
        """The place of the first attribute that is a sum, or how many there are: from there on they are filled once what is summed has been made."""
        return next((place for place, attribute in enumerate(self.attributes) if attribute.sum is not None), len(self.attributes))

    @property
    def summed(self) -> set[str]:
        """The nodes over which attributes are summed."""
        return {attribute.sum.node for attribute in self.attributes if attribute.sum is not None}


class BadRows(Model):
    """Rows that must be refused: one set for each `every` of the counted organizations, at least one. `rejected`: how many rows of it, if not all."""

    table: Literal["organizations", "relations", "events", "tenures", "evidence", "waivers", "feeds"]
    code: str
    every: int = Field(gt=0)
    rows: list[dict[str, str]] = Field(min_length=1)
    rejected: int | None = None


class Profile(Model):
    """A whole profile. `count` is the node whose organizations `--branches` counts, `repeat` the node that is repeated until there are enough.

    `taken_from` is the folder of the ruleset whose profile was taken over.
    """

    population: str
    as_of: date
    period: int = Field(ge=1900, le=2200)
    count: str
    repeat: str
    reasons: list[str] = Field(default_factory=lambda: ["-"])
    nodes: dict[str, Node] = Field(min_length=1)
    bad_rows: list[BadRows] = Field(default_factory=list)
    taken_from: str | None = Field(default=None, alias="from")

    @model_validator(mode="after")
    def _references(self) -> Self:
        above: dict[str, set[str]] = {}
        for name, node in self.nodes.items():
            if node.under is not None and node.under not in above:
                raise ValueError(f"{name}: under: {node.under} is not a node before it")
            chain = above[node.under] | {node.under} if node.under is not None else set()
            for other in (node.parent, *(link.source for link in node.links)):
                if other is not None and other not in chain:
                    raise ValueError(f"{name}: {other} is not a node above it")
            above[name] = chain
        for name, node in self.nodes.items():
            for other in (other for duty in node.relations for other in duty.to):
                if other not in above or (self.repeat in above[other] | {other}) != (self.repeat in above[name] | {name}):
                    raise ValueError(f"{name}: to: {other} is not a node of the same unit")
            for post in node.posts:
                if post.same_as is not None and post.same_as.node not in above[name]:
                    raise ValueError(f"{name}: same_as: {post.same_as.node} is not a node above it")
            for other in node.summed | {follows.node for follows in _followed(node)}:
                if name not in above.get(other, ()):
                    raise ValueError(f"{name}: {other} is not a node below it")
        self._in_order()
        if self.repeat not in above.get(self.count, set()) | {self.count}:
            raise ValueError(f"count: {self.count} does not lie under {self.repeat}")
        for name in (self.count, self.repeat):
            if name not in above:
                raise ValueError(f"{name} is not a node")
        return self

    def _in_order(self) -> None:
        """A node that asks what a sum decides must come after what is summed."""
        waiting: dict[str, set[str]] = {}
        for name, node in self.nodes.items():
            waiting = {late: rest for late, others in waiting.items() if (rest := others - {name})}
            asks = bool(node.when or node.each_by_kind or (node.kind_by and not node.summed))
            if node.under in waiting and asks:
                raise ValueError(f"{name} must come after {', '.join(sorted(waiting[node.under]))}, of which {node.under} has a sum")
            if node.summed:
                waiting[name] = node.summed


def _followed(node: Node) -> list[Follows]:
    """What faults of a node follow."""
    duties: list[Standing | Holder] = [*node.standing, *(holder for post in node.posts for holder in post.holder)]
    return [fault.follows for duty in duties for fault in duty.faults if fault.follows is not None]


def read_profile(path: Path) -> Profile:
    """The profile in a file, with what it takes over from another.

    Raises
    ------
    ProfileError: if the file cannot be read or says something that a profile cannot say.
    """
    node, written = _written(path, ())
    try:
        return Profile.model_validate(written)
    except ValidationError as error:
        raise ProfileError([_wrong(path, node, item) for item in error.errors()]) from None


def _written(path: Path, above: tuple[Path, ...]) -> tuple[Written, Any]:
    """What a file says, and what it says together with the one that it takes over."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ProfileError([f"{path}: {error.strerror}"]) from None
    found = Diagnostics()
    node = read_yaml(str(path), data, found)
    if node is None or found.has_errors:
        raise ProfileError([_told(path, problem.span, problem.message.of("both")) for problem in found if problem.severity is Severity.ERROR])
    own = plain(node)
    if not isinstance(own, dict):
        return node, own
    try:
        base = base_of(path, own)
        if base is None:
            return node, own
        if base.resolve() in (one.resolve() for one in (*above, path)):
            raise Inheritance("from: a profile cannot take over itself")
        _, said = _written(base, (*above, path))
        return node, taken_over(said, own) if isinstance(said, dict) else said
    except Inheritance as problem:
        raise ProfileError([f"{path}: {problem}"]) from None


def _wrong(path: Path, node: Written, item: "ErrorDetails") -> str:
    """One sentence on what does not validate, with the nearest place that was written."""
    span = next((span_of(part) for _, part in reversed(list(find(node, item["loc"])))), None)
    return _told(path, span, f"{'.'.join(map(str, item['loc']))}: {item['msg']}")


def _told(path: Path, span: Place | None, sentence: str) -> str:
    place = f"{path}: " if span is None else f"{path}:{span.line}:{span.column}: "
    return place + sentence

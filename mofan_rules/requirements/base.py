"""The fields that every requirement has, and the parts that several kinds share."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from mofan_rules.documents.text import Text
from mofan_rules.requirements.fields import (
    Day,
    Depth,
    Flag,
    Formula,
    Grace,
    Identifier,
    Model,
    Period,
    Prose,
    SomeWords,
    Whole,
    Word,
    Words,
    empty_is_mapping,
    one_is_list,
    wrong,
)
from mofan_rules.schema import Table
from mofan_rules.values.dates import BEGINNING, END

if TYPE_CHECKING:
    from mofan_rules.ir.program import Judgement, Tally
    from mofan_rules.requirements.lowering import Lowering


class Cite(Model):
    """The clause of a source that something rests on."""

    source: Word
    """A source that the ruleset declares."""
    clause: Word | None = None
    """Where in the source: `第十一条`."""
    quote: Word | None = None
    """The words of the source."""
    row: Word | None = None
    """The row of an inventory of requirements."""
    verified: Flag = False
    """Whether somebody has compared this with the source."""


class Effective(Model):
    """The days on which a version of a requirement is law, both ends included."""

    first: Annotated[Day, Field(alias="from")] = BEGINNING
    """The first day (default: since always)."""
    last: Annotated[Day, Field(alias="until")] = END
    """The last day (default: for ever)."""

    @model_validator(mode="after")
    def _in_order(self) -> "Effective":
        if self.first > self.last:
            raise wrong("dates-out-of-order")
        return self


class RowsOf(Model):
    """Rows of facts by table and kind: exactly one of the tables is named."""

    event: SomeWords | None = None
    """Events of one or several kinds."""
    document: SomeWords | None = None
    """Documents of one or several kinds."""
    role: SomeWords | None = None
    """Tenures of one or several roles."""
    relation: SomeWords | None = None
    """Edges of the organization graph that begin or end at the subject."""
    organizations: SomeWords | None = None
    """Organizations of one or several kinds."""
    direction: Literal["out", "in"] = "out"
    """Of a relation: does the edge lead from (`out`) or to (`in`) the subject."""

    @model_validator(mode="after")
    def _one(self) -> "RowsOf":
        if len(self.given()) != 1:
            raise wrong("one-of", fields="event, document, role, relation, organizations")
        return self

    def given(self) -> list[tuple[Table, list[Text]]]:
        """The tables that are named, with the kinds."""
        fields = (
            (Table.EVENTS, self.event),
            (Table.EVIDENCE, self.document),
            (Table.TENURES, self.role),
            (Table.RELATIONS, self.relation),
            (Table.ORGANIZATIONS, self.organizations),
        )
        return [(table, words) for table, words in fields if words is not None]


QUANTITIES = ("count", "sum", "distinct", "latest", "earliest", "largest_group", "previous")


class MeasureFields(Model):
    """A named quantity, counted from rows of facts for a subject and a window."""

    count: Flag | None = None
    """`true`: how many rows."""
    sum: Formula | None = None
    """The sum of a number over the rows."""
    distinct: Formula | None = None
    """How many different values the rows have; beside `largest_group`: what is counted in each group, in place of rows (of tenures: of persons)."""
    latest: Formula | None = None
    """The value at the latest row."""
    earliest: Formula | None = None
    """The value at the earliest row."""
    largest_group: Formula | None = None
    """How many rows (of tenures: persons) the largest group with one such value has."""
    previous: Word | None = None
    """Another measure, taken in the window before."""
    of: RowsOf | None = None
    """The rows."""
    where: Formula | None = None
    """A condition on each row."""
    along: Word | None = None
    """A relation: the rows of the organizations to which it leads, in place of the subject's own."""
    direction: Literal["out", "in"] = "in"
    """Of `along`: from the subject outwards, or towards it (`in` along part_of leads to the children)."""
    depth: Depth = 1
    """Of `along`: how many steps, or `all`."""
    per: Period | None = None
    """A period: the calendar window of this length that contains the reference day replaces the requirement's own."""

    @model_validator(mode="after")
    def _one_quantity(self) -> "MeasureFields":
        if len(self.quantities()) != 1 or self.count is False:
            raise wrong("one-of", fields=", ".join(QUANTITIES))
        if self.previous is None and self.of is None:
            raise wrong("missing-key", key="of")
        if self.previous is not None and (self.of is not None or self.where is not None or self.along is not None or self.per is not None):
            raise wrong("previous-alone", at="previous")
        if self.of is not None and self.of.organizations is not None and self.along is None:
            raise wrong("missing-key", key="along")
        return self

    def quantities(self) -> list[str]:
        """Which quantities are named; one, in a measure that has passed its checks. `distinct` beside `largest_group` is none of its own."""
        named = [name for name in QUANTITIES if getattr(self, name) is not None]
        return [name for name in named if name != "distinct" or self.largest_group is None]


def waivable(value: Any) -> Any:
    """`waivable: true` for `{yes: true}`."""
    return {"yes": value} if isinstance(value, Text) else value


class Waivable(Model):
    """Whether a waiver of a `must` is admitted, and by which clause."""

    yes: Flag = True
    """`waivable: true` says that it is, without a clause."""
    clause: Word | None = None
    """The clause that allows it."""


WaivableField = Annotated[Waivable | None, BeforeValidator(waivable, json_schema_input_type=Waivable | Flag)]
"""`true`, or `{clause: …}`."""


class Once(Model):
    """One window."""

    first: Annotated[Day, Field(alias="from")]
    """Its first day."""
    last: Annotated[Day, Field(alias="until")]
    """Its last day."""

    @model_validator(mode="after")
    def _in_order(self) -> "Once":
        if self.first > self.last:
            raise wrong("dates-out-of-order")
        return self


Cites = Annotated[list[Cite], BeforeValidator(one_is_list, json_schema_input_type=list[Cite] | Cite)]
"""Citations; one may stand without brackets."""

Measures = Annotated[dict[Word, MeasureFields], BeforeValidator(empty_is_mapping, json_schema_input_type=dict[str, MeasureFields] | None)]
"""Measures by name."""


class RequirementBase(Model):
    """What every requirement says of itself, whatever its kind."""

    id: Identifier
    """ASCII letters, digits, `.`, `_`, `-`; stable, since verdicts name it."""
    title: Prose | None = None
    """What people call it (default: its id)."""
    subject: SomeWords
    """The kinds of organization that it binds, special cases included."""
    when: Formula | None = None
    """A condition on the subject: it binds only where this is true."""
    effective: Effective = Effective()
    """The days on which this version is law. Versions of one requirement share an id and have spans that do not meet."""
    stage: Literal["draft", "shadow", "enforce"] = "enforce"
    """`draft` is not evaluated; `shadow` is evaluated and shown apart."""
    modality: Literal["must", "should"] = "must"
    """`must` (应当, 必须, 不得) or `should` (一般, 原则上)."""
    weight: Whole = 1
    """How much it weighs in roll-ups."""
    tags: Words = []
    """Words by which roll-ups and people find it."""
    accountable: Word | None = None
    """A relation from the subject to the organization that answers."""
    waivable: WaivableField = None
    """`true` or the clause that admits waivers of a `must`."""
    grace: Grace | None = None
    """Judgement waits so much longer: a duration (or a parameter that is one), or up to a month and day. Of a state: so long a failure is forgiven."""
    partial: Literal["skip", "require", "prorate"] = "skip"
    """What holds for a window on part of whose days the subject is bound."""
    measures: Measures = {}
    """Measures that only this requirement uses."""
    cite: Cites = []
    """The clauses that it rests on."""
    remedy: Prose | None = None
    """What to do where it is not met."""

    _keys: dict[str, Text] = PrivateAttr(default_factory=dict)

    @property
    def keys(self) -> Mapping[str, Text]:
        """Where each key was written, for diagnostics that are about a field as a whole."""
        return self._keys

    def written(self, keys: Iterable[Text]) -> None:
        """Remember where the keys were written."""
        self._keys.update({str(key): key for key in keys})

    def lower(self, lowering: "Lowering") -> "Judgement | Tally":
        """The node of the program that this requirement becomes; each kind has its own."""
        raise NotImplementedError


class Between(Model):
    """Bounds of a number."""

    at_least: Formula | None = None
    """The least number that is enough; `none` as a parameter's value means no bound."""
    at_most: Formula | None = None
    """The greatest number that is allowed."""


class StateFields(Model):
    """On which days a state is judged."""

    every: Period | None = None
    """Judge each period on its reference day (default: the as-of date alone)."""
    throughout: Flag = False
    """Judge each day of the period on which the subject is bound."""
    given: Formula | None = None
    """A premise over the subject and its measures on the day judged: where it is false, the requirement is `not_applicable`. Not with `throughout`."""

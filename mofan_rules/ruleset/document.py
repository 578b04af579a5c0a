"""The models of a ruleset's files, as authors write them: `ruleset.yaml` and the files of requirements beside it."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from mofan_rules.documents.text import Text
from mofan_rules.requirements import Requirement
from mofan_rules.requirements.base import Cites, Measures, WaivableField
from mofan_rules.requirements.fields import (
    Day,
    Flag,
    Formula,
    Grace,
    Identifier,
    Model,
    Prose,
    Whole,
    Word,
    Words,
    empty_is_mapping,
    one_is_list,
    wrong,
)
from mofan_rules.ruleset.derive import DeriveFields
from mofan_rules.values.dates import BEGINNING, END


def _number(value: Any) -> Fraction:
    try:
        number = Decimal(value) if isinstance(value, Text) and len(value) <= 30 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**17:
        raise wrong("field-not-number", value=str(value) if isinstance(value, Text) else "")
    return Fraction(number)


Number = Annotated[Fraction, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""An exact number."""


class Source(Model):
    """A text on which requirements rest."""

    title: Prose
    """Its full title."""
    in_force: Day | None = None
    """Since when it is in force."""
    until: Day | None = None
    """Its last day in force."""


class KindFields(Model):
    """A kind of organization, event, role, document or relation."""

    title: Prose | None = None
    """What people call it."""
    kinds: Words = []
    """Its special cases: a row of one of these matches wherever this kind is named."""
    aliases: Words = []
    """Other spellings that facts may use."""


class AttributeFields(Model):
    """A column that rows have beside the fixed ones."""

    title: Prose | None = None
    """What people call it."""
    type: Literal["boolean", "integer", "number", "text", "date", "organization", "items"]
    """What a cell holds."""
    of: Words | None = None
    """The kinds whose rows have it."""
    table: Literal["organizations", "relations", "events", "tenures", "evidence"] | None = None
    """The table whose rows have it; needed only where `of` does not say it."""
    min: Number | None = None
    """The least number that a cell may hold."""
    max: Number | None = None
    """The greatest number that a cell may hold."""
    values: Words = []
    """The only texts that a cell may hold."""
    aliases: Words = []
    """Other names of the column."""

    @model_validator(mode="after")
    def _placed(self) -> "AttributeFields":
        if self.of is None and self.table is None:
            raise wrong("one-of", fields="of, table")
        if (self.min is not None or self.max is not None) and self.type not in ("integer", "number"):
            raise wrong("attribute-range", at="type")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise wrong("attribute-range-empty", at="min")
        if self.values and self.type != "text":
            raise wrong("attribute-values", at="values")
        return self


Kind = Annotated[KindFields, BeforeValidator(empty_is_mapping, json_schema_input_type=KindFields | None)]
"""A kind; without fields it may be left empty."""

Kinds = Annotated[dict[Word, Kind], BeforeValidator(empty_is_mapping, json_schema_input_type=dict[str, Kind] | None)]
"""Kinds by name."""

Attributes = Annotated[dict[Word, AttributeFields], BeforeValidator(empty_is_mapping, json_schema_input_type=dict[str, AttributeFields] | None)]
"""Attributes by name."""


class VocabularyFields(Model):
    """The words in which facts are told."""

    organizations: Kinds = {}
    """Kinds of organization."""
    events: Kinds = {}
    """Kinds of event."""
    roles: Kinds = {}
    """Posts that people hold."""
    documents: Kinds = {}
    """Kinds of document and assessment."""
    relations: Kinds = {}
    """Kinds of edge between organizations; `part_of` and `continues` are always there."""
    attributes: Attributes = {}
    """Columns beside the fixed ones."""


def _value(value: Any) -> Any:
    if isinstance(value, Text) or (isinstance(value, list) and all(isinstance(item, Text) for item in value)):
        return value
    raise wrong("field-not-text")


class ParameterValue(Model):
    """One value of a parameter and the span in which it holds."""

    first: Annotated[Day, Field(alias="from")] = BEGINNING
    """The first day (default: since always)."""
    last: Annotated[Day, Field(alias="until")] = END
    """The last day (default: for ever)."""
    value: Annotated[
        Text | list[Text] | None,
        PlainValidator(_value),
        WithJsonSchema({"anyOf": [{"type": ["string", "number", "boolean"]}, {"type": "array", "items": {"type": "string"}}]}),
    ] = None
    """A number, share, duration, date, text, `true`/`false`, a list of texts; `none` as a bound is no bound; left out: not known yet."""
    type: Literal["boolean", "integer", "number", "text", "date", "organization", "items", "days", "months"] | None = None
    """Needed only where no value says it."""
    under: Word | None = None
    """The id of an organization: the value holds for it and what is below it."""
    cite: Cites = []
    """The clause that it rests on."""
    local: Flag = False
    """No regulation gives the value: it is a local choice."""

    @model_validator(mode="after")
    def _in_order(self) -> "ParameterValue":
        if self.first > self.last:
            raise wrong("dates-out-of-order")
        return self


class OverrideFields(Model):
    """What a ruleset changes in a requirement that it imports; the imported file itself stays as it is."""

    disable: Word | None = None
    """The reason why the requirement does not hold here; it then gives no verdicts."""
    reason: Word | None = None
    """Why it is changed."""
    modality: Literal["must", "should"] | None = None
    """Replaces the requirement's own."""
    stage: Literal["draft", "shadow", "enforce"] | None = None
    """Replaces the requirement's own."""
    weight: Whole | None = None
    """Replaces the requirement's own."""
    at_least: Formula | None = None
    """Replaces the requirement's own."""
    at_most: Formula | None = None
    """Replaces the requirement's own."""
    within: Formula | None = None
    """Replaces the requirement's own."""
    grace: Grace | None = None
    """Replaces the requirement's own."""
    waivable: WaivableField = None
    """Replaces the requirement's own."""
    accountable: Word | None = None
    """Replaces the requirement's own."""
    remedy: Prose | None = None
    """Replaces the requirement's own."""
    cite: Cites = []
    """Added to the requirement's own."""
    tags: Words = []
    """Added to the requirement's own."""


Sources = Annotated[dict[Word, Source], BeforeValidator(empty_is_mapping, json_schema_input_type=dict[str, Source] | None)]
"""Sources by the name that citations use."""

VocabularyField = Annotated[VocabularyFields, BeforeValidator(empty_is_mapping, json_schema_input_type=VocabularyFields | None)]
"""The vocabulary; it may be left empty."""


def _always(value: Any) -> Any:
    """`limit: 3` says as much as `limit: {value: 3}`."""
    return {"value": value} if isinstance(value, Text) else value


Scalar = Annotated[Text, WithJsonSchema({"type": ["string", "number", "boolean"]})]

OneValue = Annotated[ParameterValue, BeforeValidator(_always, json_schema_input_type=ParameterValue | Scalar)]
"""A value with its span, or a value alone, which then holds always."""

Values = Annotated[list[OneValue], BeforeValidator(one_is_list, json_schema_input_type=list[OneValue] | OneValue)]
"""The values of a parameter; one may stand without brackets."""

Parameters = Annotated[dict[Word, Values], BeforeValidator(empty_is_mapping, json_schema_input_type=dict[str, Values] | None)]
"""Parameters by name."""

Overrides = Annotated[dict[Word, OverrideFields], BeforeValidator(empty_is_mapping, json_schema_input_type=dict[str, OverrideFields] | None)]
"""Overrides by the id of the requirement."""


class FileHead(Model):
    """A file of requirements, of which each is checked by itself (`packages.py`)."""

    requirements: list[Any] = []
    """The requirements, in the order in which people should read them."""
    derive: list[DeriveFields] = []
    """What follows from verdicts and facts."""


class RulesetHead(FileHead):
    """`ruleset.yaml`: what a ruleset is called, what it builds on, its words and parameters."""

    ruleset: Identifier
    """Its id: letters, digits, `-` and `_`."""
    version: Word
    """Its version, a text."""
    title: Prose | None = None
    """What people call it (default: its id)."""
    time_zone: Word = Text("UTC")
    """The time zone in which days begin."""
    imports: Annotated[Words, Field(alias="import")] = []
    """Other rulesets that it builds on, by path relative to this folder."""
    roster: Word | None = None
    """The role whose holders are expected at an event that does not say how many."""
    sources: Sources = {}
    """The texts that citations name."""
    vocabulary: VocabularyField = VocabularyFields()
    """The words in which facts are told."""
    parameters: Parameters = {}
    """Named values with the spans in which they hold."""
    measures: Measures = {}
    """Named measures that requirements may use."""
    override: Overrides = {}
    """Changes of imported requirements, by id."""


class RequirementsDocument(FileHead):
    """A file of requirements."""

    requirements: list[Requirement] = []
    """The requirements, in the order in which people should read them."""


class RulesetDocument(RulesetHead):
    """`ruleset.yaml`: what a ruleset is called, what it builds on, its words and parameters."""

    requirements: list[Requirement] = []
    """Requirements may stand here too."""

"""The models of `derive:` in a ruleset's files, as authors write it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from mofan_rules.requirements.fields import Formula, Identifier, Length, Model, Prose, SomeWords, Whole, Word, empty_is_mapping, one_is_list, wrong

StateName = Literal["satisfied", "violated", "pending", "unknown", "waived", "not_applicable"]

States = Annotated[list[StateName], BeforeValidator(one_is_list, json_schema_input_type=list[StateName] | StateName)]
"""One state, or several."""

Terms = Annotated[dict[Word, Formula], BeforeValidator(empty_is_mapping, json_schema_input_type=dict[str, Formula] | None)]
"""What must stand in which column: a value, or a variable, which begins with `$`."""

SOURCES = ("verdict", "event", "document", "role", "organizations", "relation", "derived")
"""The keys of which a pattern has exactly one."""


class PatternFields(Model):
    """What must be found: in verdicts, rows, edges or derived facts."""

    verdict: SomeWords | None = None
    """Verdicts of this requirement, or of several."""
    state: States = ["violated"]
    """With `verdict`: in this state, or in one of several."""
    event: SomeWords | None = None
    """Events of this kind that were held."""
    document: SomeWords | None = None
    """Documents of this kind that are in force."""
    role: SomeWords | None = None
    """Tenures of this role that are in force."""
    organizations: SomeWords | None = None
    """Organizations of this kind that exist."""
    relation: Word | None = None
    """An edge of this relation that is in force, one step from `source` to `target`."""
    derived: SomeWords | None = None
    """Derived facts of this kind of event."""
    where: Formula | None = None
    """With rows: a condition over the row's own columns."""
    match: Terms = {}
    """What must stand in which column: a value, or a variable, which begins with `$` and is the same in the whole derivation."""

    @model_validator(mode="after")
    def _one_source(self) -> "PatternFields":
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) != 1:
            raise wrong("one-of", fields=", ".join(SOURCES))
        if "state" in self.model_fields_set and given != ["verdict"]:
            raise wrong("missing-key", key="verdict", at="state")
        if self.where is not None and given[0] in ("verdict", "relation", "derived"):
            raise wrong("one-of", fields="event, document, role, organizations", at="where")
        return self


class CountFields(Model):
    """How many different values a variable has where patterns hold together."""

    of: Word
    """The variable whose values are counted; it stands nowhere outside."""
    patterns: Annotated[list[PatternFields], BeforeValidator(one_is_list, json_schema_input_type=list[PatternFields] | PatternFields), Field(alias="in")]
    """The patterns. Variables that also stand outside are shared: it is counted for each of their values."""
    at_least: Whole | None = None
    """The least number, 1 or more."""
    at_most: Whole | None = None
    """The greatest number."""

    @model_validator(mode="after")
    def _bounded(self) -> "CountFields":
        if not self.patterns:
            raise wrong("field-empty", at="in")
        if self.at_least is None and self.at_most is None:
            raise wrong("missing-key", key="at_least")
        if self.at_least == 0:
            raise wrong("field-not-whole", value="0", at="at_least")
        return self


class ThenFields(Model):
    """The fact that follows."""

    event: Word
    """Its kind, one of the vocabulary's events."""
    organization: Word
    """The organization that it is about: a variable or an id."""
    attributes: Terms = {}
    """Attributes of that kind, each with a variable or a value."""


class DeriveFields(Model):
    """A derivation: a new fact for each way in which the patterns hold together."""

    id: Identifier
    """Its id: ASCII letters, digits, `.`, `_`, `-`."""
    title: Prose | None = None
    """What people call it."""
    patterns: Annotated[list[PatternFields], BeforeValidator(one_is_list, json_schema_input_type=list[PatternFields] | PatternFields), Field(alias="if")] = []
    """The patterns that must hold together."""
    absent: Annotated[list[PatternFields], BeforeValidator(one_is_list, json_schema_input_type=list[PatternFields] | PatternFields), Field(alias="not")] = []
    """Patterns none of which may hold: over verdicts and derived facts only."""
    count: Annotated[list[CountFields], BeforeValidator(one_is_list, json_schema_input_type=list[CountFields] | CountFields)] = []
    """Numbers that must lie between bounds."""
    after: Length | None = None
    """So much later does the fact follow, if it then still does."""
    then: ThenFields
    """The fact that follows."""

"""What a ruleset declares about facts: kinds, aliases, attributes, the roster role, and which waivers it admits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from mofan_rules.schema.tables import Table
from mofan_rules.schema.types import Type


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organization, event, role, document or relation.

    `parent` is the kind of which this is a special case (a 临时党支部 is a 党支部); a row of the narrower kind matches
    wherever the wider one is named. `aliases` are other spellings that facts may use.
    """

    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A declared column beside the fixed ones of a table.

    `kinds` are the kinds whose rows have it (none: all rows of the table); a cell on any other row is not read.
    `minimum` and `maximum` bound what the cell may hold, both included; a number outside is rejected.
    `values`, where given, are the only texts allowed.
    """

    name: str
    table: Table
    type: Type
    kinds: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverPolicy:
    """Which waivers a requirement admits (SEMANTICS section 3.5): a `should` is waived by a recorded reason, a `must`
    only where the requirement says `waivable` and the row names `approved_by`."""

    must: bool
    waivable: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a ruleset, as the readers of facts need them.

    `kinds` holds the kinds of each table by canonical name. `roster` is the role whose holders are expected at an event
    that does not say how many. `waivers` is the policy of each requirement id.
    """

    kinds: Mapping[Table, Mapping[str, Kind]] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    roster: str | None = None
    waivers: Mapping[str, WaiverPolicy] = field(default_factory=dict)
    _families: dict[tuple[Table, str], frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The families that were asked for: reading a ruleset asks for the same ones many thousand times."""

    def canonical(self, table: Table) -> dict[str, str]:
        """The canonical name of each name and alias of the kinds of a table."""
        kinds = self.kinds.get(table, {})
        names = {alias: kind.name for kind in kinds.values() for alias in kind.aliases}
        return names | {name: name for name in kinds}

    def family(self, table: Table, name: str) -> frozenset[str]:
        """A kind and all its special cases."""
        if (known := self._families.get((table, name))) is not None:
            return known
        kinds = self.kinds.get(table, {})
        family = {name}
        while found := {kind.name for kind in kinds.values() if kind.parent in family} - family:
            family |= found
        return self._families.setdefault((table, name), frozenset(family))

    def attributes_of(self, table: Table) -> tuple[Attribute, ...]:
        """The attributes declared for a table, in the order of their declaration."""
        return tuple(attribute for attribute in self.attributes if attribute.table is table)

"""The names that an expression can see."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mofan_rules.ir.expressions import Expression, Scope


@dataclass(frozen=True)
class Names:
    """What the place of an expression lets its author write.

    Parameters
    ----------
    fields: every name, with its leaf (`Field`, `Param`, `MeasureValue`, `WindowDay`): attributes, fixed columns and their Chinese names,
        parameters, measures, dotted names such as `subject.x`, `主体.x`, `window.first`.
    kinds: name or alias of each kind of organization -> its whole family. A comparison of a subject's `kind` with a text means the family, and a
        text that is no kind is an error; so it is for other `kind` columns, if the text is found here.
    roles, relations: what `holds(role, in: relation)` may name; a role stands for its family.
    values: name in `fields` -> the only texts that it ever holds; another text in a comparison gets a warning.
    families: like `kinds` for other columns of kinds, by scope and column (`(ROW, "kind")`, `(ROW, "role")` …): text -> its family.
    """

    fields: Mapping[str, Expression] = field(default_factory=dict)
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    relations: frozenset[str] = frozenset()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    families: Mapping[tuple[Scope, str], Mapping[str, frozenset[str]]] = field(default_factory=dict)

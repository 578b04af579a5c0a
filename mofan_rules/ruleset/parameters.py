"""From the parameters of a ruleset and its imports to `schema.Parameter`: typed, dated values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mofan_rules.condition import TypedValue, parse_literal
from mofan_rules.diagnostics import Diagnostics
from mofan_rules.documents.text import Text
from mofan_rules.ruleset.document import ParameterValue
from mofan_rules.ruleset.vocabulary import check_name
from mofan_rules.schema import DatedValue, Parameter, Type

UNBOUNDED = ("none", "无")
"""How *no bound* is written."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters by name; `percentages` are those with a value written in per cent, `open` those with a value that is not known."""

    by_name: Mapping[str, Parameter]
    percentages: frozenset[str]
    open: Mapping[str, Text]


def build_parameters(declared: Iterable[Mapping[Text, list[ParameterValue]]], diagnostics: Diagnostics) -> Parameters:
    """All parameters. What a ruleset says of a parameter comes after what its imports say, and so wins where both hold."""
    names: dict[str, Text] = {}
    entries: dict[str, list[ParameterValue]] = {}
    for source in declared:
        for name, values in source.items():
            check_name(name, diagnostics)
            names[str(name)] = name
            entries.setdefault(str(name), []).extend(values)
    return Parameters(
        by_name={name: _parameter(names[name], values, diagnostics) for name, values in entries.items()},
        percentages=frozenset(name for name, values in entries.items() if any(map(_in_per_cent, values))),
        open={name: names[name] for name, values in entries.items() if any(entry.value is None for entry in values)},
    )


def _in_per_cent(entry: ParameterValue) -> bool:
    return isinstance(entry.value, Text) and entry.value.strip().endswith(("%", "％"))


def _parameter(name: Text, entries: list[ParameterValue], diagnostics: Diagnostics) -> Parameter:
    if not entries:
        diagnostics.report("parameter-empty", name.span, name=name)
    declared = next((Type(entry.type) for entry in entries if entry.type is not None), None)
    typed = [(entry, _read(entry, declared, diagnostics)) for entry in entries]
    known = [(entry, found) for entry, found in typed if found is not None]
    kind = declared or _common(name, known, diagnostics)
    values = tuple(
        DatedValue(
            value=None if found is None else found.value,
            first=entry.first,
            last=entry.last,
            under=None if entry.under is None else str(entry.under),
            unbounded=_is_unbounded(entry),
        )
        for entry, found in typed
    )
    return Parameter(str(name), kind, values)


def _is_unbounded(entry: ParameterValue) -> bool:
    return isinstance(entry.value, Text) and entry.value in UNBOUNDED


def _read(entry: ParameterValue, declared: Type | None, diagnostics: Diagnostics) -> TypedValue | None:
    if entry.value is None or _is_unbounded(entry):
        return None
    if isinstance(entry.value, list):
        return TypedValue(tuple(str(item) for item in entry.value), Type.ITEMS)
    found = parse_literal(str(entry.value), declared)
    if found is None:
        diagnostics.report("parameter-value", entry.value.span, value=entry.value)
    return found


def _common(name: Text, known: list[tuple[ParameterValue, TypedValue]], diagnostics: Diagnostics) -> Type:
    """The one type of all values; whole numbers fit among numbers. A parameter of which nothing is known is a number."""
    types = {found.type for _, found in known}
    if types == {Type.INTEGER, Type.NUMBER}:
        return Type.NUMBER
    if len(types) > 1:
        first = known[0][1].type
        entry, found = next(pair for pair in known if pair[1].type is not first)
        span = entry.value.span if isinstance(entry.value, Text) else name.span
        diagnostics.report("parameter-types", span, name=name, first=first.value, second=found.type.value)
    return known[0][1].type if known else Type.NUMBER

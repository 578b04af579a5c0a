"""The types of the fields that authors write: from text with a place to names, dates, periods, flags.

A value that does not fit raises a `PydanticCustomError` whose type is one of our diagnostic codes; `ruleset/validation.py` gives it its place.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from mofan_rules.diagnostics import Bilingual, closest, same
from mofan_rules.documents.text import Text
from mofan_rules.requirements.periods import PERIODS, parse_duration, parse_every, parse_grace
from mofan_rules.values.dates import CivilDate, Duration
from mofan_rules.values.windows import Every

LARGEST_WHOLE = 1_000_000_000
"""No number of things in a ruleset is greater."""


class Model(BaseModel):
    """What all parts of a ruleset are: no key that is not declared, no silent conversion."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


def wrong(code: str, **values: object) -> PydanticCustomError:
    """The error of a field; `code` is a diagnostic code, `values` what its sentences name, `at` the key of a mapping that it is about."""
    return PydanticCustomError(code, "{code}", {"code": code, **values})


def _text(value: Any) -> Text:
    if not isinstance(value, Text):
        raise wrong("field-not-text")
    if not value.strip():
        raise wrong("field-empty")
    return value


def _parsed(parse: Callable[[str], object], code: str, known: tuple[str, ...] = ()) -> Callable[[Any], object]:
    """A validator by a function from text to value, which gives `None` for what does not fit; `known` are values that may have been meant."""

    def validate(value: Any) -> object:
        text = _text(value)
        result = parse(text.strip())
        if result is None:
            raise wrong(code, value=str(text), suggestions=closest(text, known))
        return result

    return validate


def one_is_list(value: Any) -> Any:
    """Lets a list of one be written without brackets."""
    return value if isinstance(value, list) else [value]


def _some(value: list[Text]) -> list[Text]:
    if not value:
        raise wrong("field-empty")
    return value


def empty_is_mapping(value: Any) -> Any:
    """An empty value stands for an empty mapping: `书记:` says as much as `书记: {}`."""
    return {} if isinstance(value, Text) and value == "" else value


def _prose(value: Any) -> Bilingual:
    if isinstance(value, dict):
        if not value or set(value) - {"zh", "en"}:
            raise wrong("field-languages")
        texts = {str(language): _text(text) for language, text in value.items()}
        first = next(iter(texts.values()))
        return Bilingual(str(texts.get("zh", first)), str(texts.get("en", first)))
    return same(str(_text(value)))


def iso_day(text: str) -> date | None:
    """The date that a text like `2024-03-31` names, of the years 1000 to 2999; else nothing."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1000 <= found.year <= 2999 else None


def _whole(text: str) -> int | None:
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII):
        return None
    return int(text) if int(text) <= LARGEST_WHOLE else None


def _flag(text: str) -> bool | None:
    return {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}.get(text.lower())


def _identifier(value: Any) -> Text:
    text = _text(value)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text, re.ASCII):
        raise wrong("field-not-id", value=str(text))
    return text


def _depth(text: str) -> int | None:
    """`0` stands for any number of steps."""
    if text in ("all", "全部"):
        return 0
    return _whole(text) or None


_SCALAR = {"type": ["string", "number", "boolean"]}

Word = Annotated[Text, PlainValidator(_text), WithJsonSchema({"type": "string"})]
"""A name or a text."""

Words = Annotated[list[Word], BeforeValidator(one_is_list), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})]
"""One name, or several, or none."""

SomeWords = Annotated[Words, AfterValidator(_some)]
"""One name, or several."""

Identifier = Annotated[Text, PlainValidator(_identifier), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"})]
"""The id of a requirement or a ruleset: ASCII letters, digits, `.`, `_`, `-`."""

Formula = Annotated[Text, PlainValidator(_text), WithJsonSchema(_SCALAR)]
"""An expression of the condition language; the lowering gives it its type."""

Prose = Annotated[
    Bilingual,
    PlainValidator(_prose),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "number"]},
                {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}, "additionalProperties": False, "minProperties": 1},
            ]
        }
    ),
]
"""A text for people: one text, or one for each language."""

Day = Annotated[date, PlainValidator(_parsed(iso_day, "field-not-date")), WithJsonSchema({"type": "string", "format": "date"})]
"""A date such as `2024-03-31`."""

Whole = Annotated[int, PlainValidator(_parsed(_whole, "field-not-whole")), WithJsonSchema({"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$"})]
"""A whole number, 0 or greater."""

_FLAG_SCHEMA = WithJsonSchema({"enum": [True, False, "yes", "no", "是", "否"]})
Flag = Annotated[
    bool, PlainValidator(_parsed(_flag, "field-not-flag", ("true", "false", "yes", "no"))), WithJsonSchema({"enum": [True, False, "yes", "no", "是", "否"]})
]
"""`true` or `false`."""

Period = Annotated[Every, PlainValidator(_parsed(parse_every, "field-not-period", PERIODS)), WithJsonSchema({"type": "string"})]
"""A period: `week`, `month`, `quarter`, `half-year`, `year`, `2 weeks`, `4 months`."""

Length = Annotated[Duration, PlainValidator(_parsed(parse_duration, "field-not-duration")), WithJsonSchema({"type": "string"})]
"""A duration: `30天`, `6 months`."""


def _grace(value: Any) -> Duration | CivilDate | Text:
    text = _text(value)
    found = parse_grace(text.strip())
    if found is None and not re.fullmatch(r"[^\W\d]\w*", text):
        raise wrong("field-not-grace", value=str(text))
    return text if found is None else found


Grace = Annotated[Duration | CivilDate | Text, PlainValidator(_grace), WithJsonSchema({"type": "string"})]
"""A duration, a month and day such as `03-31`, or the name of a parameter that is one duration everywhere and always."""

_DEPTH_SCHEMA = WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"enum": ["all", "全部"]}]})
Depth = Annotated[
    int, PlainValidator(_parsed(_depth, "field-not-depth", ("all", "全部"))), WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "all"}]})
]
"""How many steps along a relation; 0 stands for `all`."""

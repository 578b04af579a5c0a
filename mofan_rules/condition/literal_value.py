"""One literal by itself: the values of parameters, and of fields of a ruleset that hold one value."""

from typing import NamedTuple

from mofan_rules.condition.characters import plain
from mofan_rules.condition.compiler import LONGEST, read
from mofan_rules.condition.literals import LOOSE_DATE, NUMBER_IN_WORDS, Invalid, civil_date, duration_type, read_iso_duration
from mofan_rules.condition.names import Names
from mofan_rules.condition.problems import Problems
from mofan_rules.condition.syntax import Call, Literal, Negative, Syntax
from mofan_rules.condition.types import fits
from mofan_rules.condition.typing_pass import Typing
from mofan_rules.diagnostics import Span
from mofan_rules.ir.expressions import Const
from mofan_rules.schema import Scalar, Type


class TypedValue(NamedTuple):
    """A literal's value and type."""

    value: Scalar
    type: Type


def parse_literal(text: str, type: Type | None = None) -> TypedValue | None:
    """The value of one literal: `3年`, `80%`, `90 days`, `2024-03-05`, `true`, `7`, a text.

    Parameters
    ----------
    text: what stands in the ruleset.
    type: what it must be; `None`: whatever it is. A text needs no quotes; for `TEXT` and `ORGANIZATION` anything is a text, and
        for `ITEMS` a text is a list of one.

    Returns
    -------
    `None` if the text is no literal of that type. Without a type, what begins like a number or a date but is none, or is a number in
    words (`半年`), is not taken for a text: as one it needs quotes.
    """
    if type in (Type.TEXT, Type.ORGANIZATION, Type.ITEMS):
        written = _quoted(text)
        return TypedValue((written,) if type is Type.ITEMS else written, type)
    found = _constant(text)
    if type is not None:
        if found is None or not fits(found.type, frozenset({type})):
            return None
        return TypedValue(found.value, type)
    if found is not None:
        return found
    stripped = text.strip()
    begins_like_number = stripped[:1] in "+-−－@" or stripped[:1].isdecimal()
    if NUMBER_IN_WORDS.fullmatch(stripped):
        return None
    return None if not stripped or begins_like_number else TypedValue(_quoted(text), Type.TEXT)


def _constant(text: str) -> TypedValue | None:
    if len(text) > LONGEST:
        return None
    special = _date_or_iso_duration(text.strip())
    if special is not None:
        return special
    problems = Problems(text, Span("", 1, 1, 1, 1))
    nothing = Names()
    tree = read(text, nothing, problems)
    if problems.found or tree is None or not _is_literal(tree):
        return None
    found = Typing(nothing, problems).typed(tree)
    if problems.found or not isinstance(found, Const) or found.value is None:
        return None
    return TypedValue(found.value, found.type)


def _date_or_iso_duration(text: str) -> TypedValue | None:
    """`2024/3/5`, which only in an expression may be a calculation, and `P3Y`, which there may be a name."""
    plain_text = plain(text)
    if (match := LOOSE_DATE.fullmatch(plain_text)) and len(parts := [part for part in match.groups() if part is not None]) == 3:
        day = civil_date(*parts)
        return None if day is None else TypedValue(day, Type.DATE)
    duration = read_iso_duration(plain_text)
    return None if isinstance(duration, Invalid) else TypedValue(duration, duration_type(duration))


def _is_literal(tree: Syntax) -> bool:
    match tree:
        case Literal() | Negative(Literal()):
            return True
        case Call("date" | "duration" | "日期" | "时长" | "days" | "months" | "years" | "天" | "个月" | "年数"):
            return True
    return False


def _quoted(text: str) -> str:
    """The text without the quotes around it."""
    problems = Problems(text, Span("", 1, 1, 1, 1))
    if text.strip()[:1] in ('"', "“", "”", "'"):
        match read(text, Names(), problems) if len(text) <= LONGEST else None:
            case Literal(str() as inner) if not problems.found:
                return inner
    return text.strip()

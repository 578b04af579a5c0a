"""Small pieces of SQL: quoting, trimming, and the words that cells may hold."""

import re
from collections.abc import Iterable

SPACES = " \t\n\r\v\f\u00a0\u3000\ufeff\u200b\u200e\u200f\u2002\u2003\u2009"
"""Characters that are trimmed from both ends of a cell."""

WIDE = "０１２３４５６７８９：．，－−／＋％～　"
NARROW = "0123456789:.,--/+%~ "

YES = ("是", "真", "对", "有", "√", "✓", "✔", "true", "yes", "y", "t", "1")
NO = ("否", "假", "错", "无", "×", "✗", "✘", "false", "no", "n", "f", "0")
HELD_YES = (*YES, "已召开", "召开", "已开展", "held")
HELD_NO = (*NO, "未召开", "未开展", "取消", "cancelled", "not held")
HELD_UNCLEAR = ("unclear", "unknown", "不明", "不清", "待核实", "存疑")


def name(identifier: str) -> str:
    """An identifier, quoted."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal; characters that SQL text cannot hold plainly are joined by `chr`."""
    if "\0" not in value:
        return "'" + value.replace("'", "''") + "'"
    return "(" + " || chr(0) || ".join("'" + piece.replace("'", "''") + "'" for piece in value.split("\0")) + ")"


def texts(values: Iterable[str]) -> str:
    """A list of text literals in parentheses; never empty."""
    listed = ", ".join(text(value) for value in values)
    return f"({listed})" if listed else "(NULL)"


_TIME = r"(?:(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?"
_FULL = rf"^(\d{{4}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})\s?日?{_TIME}$"
_COMPACT = r"^(\d{4})(\d{2})(\d{2})$"
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_CLOCK = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?$"
_COLUMN = re.compile(r'(?:\w+\.)?(?:\w+|"[^"]*")')


def norm(cell: str) -> str:
    """The SQL of a text composed and trimmed; null if nothing is left."""
    return f"nullif(trim(nfc_normalize({cell}), {text(SPACES)}), '')"


def plain(cell: str) -> str:
    """The SQL of a normal text with full-width digits and signs made plain."""
    return f"trim(translate({norm(cell)}, {text(WIDE)}, {text(NARROW)}))"


def clean(cell: str) -> str:
    """The SQL of a normal text. A column whose text has nothing to trim at its ends, as nearly all have, is not trimmed, which is much faster."""
    if not _COLUMN.fullmatch(cell):
        return norm(cell)
    # Printable ASCII, or what comes after the last space but one: no character there is a space or composes to one.
    first = f"({cell} >= '!' AND {cell} < chr(127) OR {cell} >= '\u3001' AND NOT starts_with({cell}, '\ufeff'))"
    last = f"({cell}[-1] BETWEEN '!' AND '~' OR {cell}[-1] >= '\u3001' AND {cell}[-1] <> '\ufeff')"
    return f"CASE WHEN {first} AND {last} THEN nfc_normalize({cell}) ELSE {norm(cell)} END"


def day_text(cell: str) -> str:
    """The SQL of a date's text, of one with a time of day without it: else each moment would be a text of its own."""
    return f"CASE WHEN length({cell}) > 15 AND regexp_full_match({cell}, {text(_CLOCK)}) THEN left({cell}, 10) || ' 00:00' ELSE {cell} END"


def date_macros() -> tuple[str, ...]:
    """The statements that make `reading.full_date`, for what `facts.yaml` computes with dates before they are read."""
    return (
        "CREATE SCHEMA reading",
        "CREATE MACRO reading.civil(y, m, d) AS TRY(make_date(TRY_CAST(y AS BIGINT), TRY_CAST(m AS BIGINT), TRY_CAST(d AS BIGINT)))",
        "CREATE MACRO reading.civil_of(s) AS reading.civil(s.y, s.m, s.d)",
        f"""CREATE MACRO reading.full_date(p) AS coalesce(
            reading.civil_of(regexp_extract(p, {text(_FULL)}, ['y', 'm', 'd'])),
            reading.civil_of(regexp_extract(p, {text(_COMPACT)}, ['y', 'm', 'd'])),
            CASE WHEN regexp_full_match(p, {text(_SERIAL)}) THEN DATE '1899-12-30' + floor(p::DOUBLE)::INTEGER END)""",
    )


def file_name(path: str) -> str:
    """The literal of a file's path for DuckDB's readers, which take some characters for patterns."""
    return text("".join(f"[{character}]" if character in "[*?" else character for character in path))

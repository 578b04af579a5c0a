"""Small pieces of SQL: quoting, and the macros that read the text of a cell.

The macros live in the schema `reading` while facts are admitted. They follow SEMANTICS section 1: dates may be known in part, and
nothing is guessed: what has no single meaning is no date and no number.
"""

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
_MONTH = r"^(\d{4})(?:\s?[-/]\s?(\d{1,2})|\s?年\s?(\d{1,2})\s?月|\.(\d{2}|[2-9])|(\d{2}))$"
_YEAR = r"^(\d{4})\s?年?$"
_SERIAL = r"^\d{5}(?:\.\d+)?$"


def macros() -> tuple[str, ...]:
    """The statements that make the schema `reading`."""
    number = r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?)$"
    science = r"^[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}$"
    return (
        "CREATE SCHEMA IF NOT EXISTS reading",
        f"CREATE OR REPLACE MACRO reading.norm(x) AS nullif(trim(nfc_normalize(x), {text(SPACES)}), '')",
        f"CREATE OR REPLACE MACRO reading.plain(x) AS trim(translate(reading.norm(x), {text(WIDE)}, {text(NARROW)}))",
        """CREATE OR REPLACE MACRO reading.clean(x) AS CASE
            WHEN strlen(x) = length(x) AND x[1] > ' ' AND x[-1] > ' ' AND x[-1] < chr(127) THEN x ELSE reading.norm(x) END""",
        """CREATE OR REPLACE MACRO reading.civil(y, m, d) AS TRY(make_date(TRY_CAST(y AS BIGINT), TRY_CAST(m AS BIGINT), TRY_CAST(d AS BIGINT)))""",
        """CREATE OR REPLACE MACRO reading.civil_of(s) AS reading.civil(s.y, s.m, s.d)""",
        """CREATE OR REPLACE MACRO reading.month_of(s) AS reading.civil(s.y, s.a || s.b || s.c || s.d, '1')""",
        f"""CREATE OR REPLACE MACRO reading.full_date(p) AS coalesce(
            reading.civil_of(regexp_extract(p, {text(_FULL)}, ['y', 'm', 'd'])),
            reading.civil_of(regexp_extract(p, {text(_COMPACT)}, ['y', 'm', 'd'])),
            CASE WHEN regexp_full_match(p, {text(_SERIAL)}) THEN DATE '1899-12-30' + floor(p::DOUBLE)::INTEGER END)""",
        f"CREATE OR REPLACE MACRO reading.month_date(p) AS reading.month_of(regexp_extract(p, {text(_MONTH)}, ['y', 'a', 'b', 'c', 'd']))",
        f"CREATE OR REPLACE MACRO reading.year_date(p) AS reading.civil(regexp_extract(p, {text(_YEAR)}, 1), '1', '1')",
        """CREATE OR REPLACE MACRO reading.day_low(p) AS coalesce(reading.full_date(p), reading.month_date(p), reading.year_date(p))""",
        """CREATE OR REPLACE MACRO reading.day_high(p) AS coalesce(reading.full_date(p), last_day(reading.month_date(p)),
            reading.year_date(p) + INTERVAL 1 YEAR - INTERVAL 1 DAY)::DATE""",
        f"""CREATE OR REPLACE MACRO reading.day_style(p, whole) AS CASE
            WHEN whole IS NULL THEN 'part'
            WHEN regexp_full_match(p, {text(_SERIAL)}) THEN 'serial'
            WHEN regexp_full_match(p, {text(_COMPACT)}) THEN 'compact'
            WHEN contains(p, ':') THEN 'time'
            WHEN contains(p, '年') THEN 'chinese'
            WHEN regexp_full_match(p, '^\\d{{4}}-\\d\\d-\\d\\d$') THEN 'iso' ELSE 'other' END""",
        """CREATE OR REPLACE MACRO reading.in_range(d) AS d BETWEEN DATE '1000-01-01' AND DATE '2999-12-31'""",
        f"""CREATE OR REPLACE MACRO reading.truth(p) AS CASE
            WHEN lower(p) IN {texts((*YES, "1.0"))} THEN true WHEN lower(p) IN {texts((*NO, "0.0"))} THEN false END""",
        f"""CREATE OR REPLACE MACRO reading.held(p) AS CASE WHEN lower(p) IN {texts(HELD_YES)} THEN 'yes'
            WHEN lower(p) IN {texts(HELD_NO)} THEN 'no' WHEN lower(p) IN {texts(HELD_UNCLEAR)} THEN 'unclear' END""",
        rf"""CREATE OR REPLACE MACRO reading.whole(p) AS CASE
            WHEN length(p) < 40 AND regexp_full_match(p, {text(number)}) AND regexp_full_match(p, '^[^.]*(?:\.0*)?$')
            THEN TRY_CAST(regexp_replace(replace(p, ',', ''), '\..*$', '') AS BIGINT) END""",
        rf"""CREATE OR REPLACE MACRO reading.exact(p) AS CASE
            WHEN length(p) < 60 AND regexp_full_match(p, {text(number)}) AND regexp_full_match(p, '^[^.]*(?:\.\d{{0,6}}0*)?$')
            THEN TRY_CAST(replace(p, ',', '') AS DECIMAL(24, 6))
            WHEN length(p) < 60 AND regexp_full_match(p, {text(science)}) AND TRY_CAST(p AS DECIMAL(38, 18)) = TRY_CAST(p AS DECIMAL(24, 6))
            THEN TRY_CAST(p AS DECIMAL(24, 6)) END""",
        r"""CREATE OR REPLACE MACRO reading.listed(n) AS list_sort(list_distinct(list_filter(
            list_transform(CASE WHEN n LIKE '[%' AND json_valid(n) AND TRY(from_json(n, '["VARCHAR"]')) IS NOT NULL THEN from_json(n, '["VARCHAR"]')
                ELSE regexp_split_to_array(n, '[;；、,，|\n\r]+') END, lambda x: reading.norm(x)), lambda x: x IS NOT NULL)))""",
    )


def period_macros() -> tuple[str, ...]:
    """Macros for a period: `2024`, `2024Q3`, `2024H1`, `2024-W05`, a month, a day, `2024-09-01..2024-09-30`, and the same in Chinese."""
    quarter = r"^(\d{4})\s?[-年]?\s?(?:[Qq]([1-4])|第?([一二三四1-4])季度?)$"
    half = r"^(\d{4})\s?[-年]?\s?(?:[Hh]([12])|([上下])半年)$"
    week = r"^(\d{4})\s?(?:-?[Ww](\d{1,2})|年\s?第?(\d{1,2})周)$"
    span = r"^(\S+?)\s*(?:\.\.|~|至|到|—|–)\s*(\S+)$"
    return (
        f"""CREATE OR REPLACE MACRO reading.quarter_first(p) AS CASE WHEN regexp_full_match(p, {text(quarter)}) THEN TRY(make_date(
            regexp_extract(p, {text(quarter)}, 1)::BIGINT,
            translate(regexp_extract(p, {text(quarter)}, 2) || regexp_extract(p, {text(quarter)}, 3), '一二三四', '1234')::BIGINT * 3 - 2, 1)) END""",
        f"""CREATE OR REPLACE MACRO reading.half_first(p) AS CASE WHEN regexp_full_match(p, {text(half)}) THEN TRY(make_date(
            regexp_extract(p, {text(half)}, 1)::BIGINT,
            translate(regexp_extract(p, {text(half)}, 2) || regexp_extract(p, {text(half)}, 3), '上下', '12')::BIGINT * 6 - 5, 1)) END""",
        f"""CREATE OR REPLACE MACRO reading.week_year(p) AS CASE WHEN regexp_full_match(p, {text(week)}) THEN
            regexp_extract(p, {text(week)}, 1)::BIGINT END""",
        f"""CREATE OR REPLACE MACRO reading.week_number(p) AS CASE WHEN regexp_full_match(p, {text(week)}) THEN
            (regexp_extract(p, {text(week)}, 2) || regexp_extract(p, {text(week)}, 3))::BIGINT END""",
        """CREATE OR REPLACE MACRO reading.week_raw(p) AS
            (date_trunc('week', TRY(make_date(reading.week_year(p), 1, 4)))::DATE + (7 * (reading.week_number(p) - 1))::INTEGER)""",
        """CREATE OR REPLACE MACRO reading.week_first(p) AS CASE
            WHEN reading.week_number(p) >= 1 AND isoyear(reading.week_raw(p)) = reading.week_year(p) THEN reading.week_raw(p) END""",
        """CREATE OR REPLACE MACRO reading.single_low(p) AS
            coalesce(reading.day_low(p), reading.quarter_first(p), reading.half_first(p), reading.week_first(p))""",
        """CREATE OR REPLACE MACRO reading.single_high(p) AS coalesce(reading.day_high(p), (reading.quarter_first(p) + INTERVAL 3 MONTH - INTERVAL 1 DAY)::DATE,
            (reading.half_first(p) + INTERVAL 6 MONTH - INTERVAL 1 DAY)::DATE, reading.week_first(p) + 6)""",
        f"CREATE OR REPLACE MACRO reading.span_from(p) AS nullif(regexp_extract(p, {text(span)}, 1), '')",
        f"CREATE OR REPLACE MACRO reading.span_until(p) AS nullif(regexp_extract(p, {text(span)}, 2), '')",
    )


def file_name(path: str) -> str:
    """The literal of a file's path for DuckDB's readers, which take some characters for patterns."""
    return text("".join(f"[{character}]" if character in "[*?" else character for character in path))

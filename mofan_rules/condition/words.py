"""The words and signs of the language: keywords, functions and units in both spellings, and words of other languages that people write.

`RESERVED` is what no attribute, parameter or measure should be called.
"""

from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """A keyword, whatever its spelling."""

    AND = "and"
    OR = "or"
    NOT = "not"
    IN = "in"
    NOT_IN = "not in"
    BETWEEN = "between"
    TO = "to"
    BETWEEN_END = "之间"
    IF = "if"
    THEN = "then"
    ELSE = "else"
    TRUE = "true"
    FALSE = "false"
    NULL = "null"


KEYWORDS: dict[str, Word] = {
    "and": Word.AND,
    "AND": Word.AND,
    "且": Word.AND,
    "并且": Word.AND,
    "or": Word.OR,
    "OR": Word.OR,
    "或": Word.OR,
    "或者": Word.OR,
    "not": Word.NOT,
    "NOT": Word.NOT,
    "非": Word.NOT,
    "in": Word.IN,
    "属于": Word.IN,
    "在": Word.IN,
    "不属于": Word.NOT_IN,
    "不在": Word.NOT_IN,
    "between": Word.BETWEEN,
    "介于": Word.BETWEEN,
    "到": Word.TO,
    "至": Word.TO,
    "和": Word.TO,
    "之间": Word.BETWEEN_END,
    "if": Word.IF,
    "IF": Word.IF,
    "如果": Word.IF,
    "then": Word.THEN,
    "那么": Word.THEN,
    "则": Word.THEN,
    "else": Word.ELSE,
    "否则": Word.ELSE,
    "true": Word.TRUE,
    "TRUE": Word.TRUE,
    "真": Word.TRUE,
    "false": Word.FALSE,
    "FALSE": Word.FALSE,
    "假": Word.FALSE,
    "null": Word.NULL,
    "NULL": Word.NULL,
    "空": Word.NULL,
}


class Function(StrEnum):
    """A function, by its English name."""

    MISSING = "missing"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    WEEKDAY = "weekday"
    DAYS_BETWEEN = "days_between"
    MONTHS_BETWEEN = "months_between"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    MIN = "min"
    MAX = "max"
    ABS = "abs"
    FLOOR = "floor"
    CEILING = "ceiling"
    MODULO = "modulo"
    CONTAINS = "contains"
    HOLDS = "holds"
    EDATE = "EDATE"
    DATE = "date"
    DURATION = "duration"


CHINESE_FUNCTIONS: dict[Function, str] = {
    Function.MISSING: "缺失",
    Function.YEAR: "年",
    Function.MONTH: "月",
    Function.DAY: "日",
    Function.WEEKDAY: "星期",
    Function.DAYS_BETWEEN: "相隔天数",
    Function.MONTHS_BETWEEN: "相隔月数",
    Function.DAYS: "天",
    Function.MONTHS: "个月",
    Function.YEARS: "年数",
    Function.MIN: "最小",
    Function.MAX: "最大",
    Function.ABS: "绝对值",
    Function.FLOOR: "向下取整",
    Function.CEILING: "向上取整",
    Function.MODULO: "取余",
    Function.CONTAINS: "包含",
    Function.HOLDS: "任职",
}

FUNCTIONS: dict[str, Function] = {
    **{function.value: function for function in Function},
    **{chinese: function for function, chinese in CHINESE_FUNCTIONS.items()},
    **{function.value.upper(): function for function in (Function.YEAR, Function.MONTH, Function.DAY, Function.MIN, Function.MAX, Function.ABS)},
    **{function.value.upper(): function for function in (Function.DAYS, Function.FLOOR, Function.CEILING, Function.DATE)},
    "MOD": Function.MODULO,
    "天数": Function.DAYS,
    "月数": Function.MONTHS,
    "日期": Function.DATE,
    "时长": Function.DURATION,
}
"""Every spelling of each function. A function is known by the bracket behind it, so a column may have its name."""


@dataclass(frozen=True)
class Unit:
    """A unit of duration: so many months, or so many days."""

    months: int = 0
    days: int = 0


UNITS: dict[str, Unit] = {
    "年": Unit(months=12),
    "个月": Unit(months=1),
    "周": Unit(days=7),
    "个星期": Unit(days=7),
    "星期": Unit(days=7),
    "天": Unit(days=1),
    "日": Unit(days=1),
    "year": Unit(months=12),
    "years": Unit(months=12),
    "month": Unit(months=1),
    "months": Unit(months=1),
    "week": Unit(days=7),
    "weeks": Unit(days=7),
    "day": Unit(days=1),
    "days": Unit(days=1),
}

OWN_SIGNS: dict[str, str] = {
    ">=": ">=", "<=": "<=", "!=": "!=", "<>": "!=", "≥": ">=", "≤": "<=", "≠": "!=", "=": "=", "<": "<", ">": ">",
    "+": "+", "-": "-", "*": "*", "/": "/", "(": "(", ")": ")", "[": "[", "]": "]", ",": ",", ":": ":", "..": "..",
}  # fmt: skip
"""The signs, with their canonical spelling."""

FOREIGN_SIGNS: dict[str, str] = {
    "===": "=",
    "!==": "!=",
    "==": "=",
    "=>": ">=",
    "=<": "<=",
    "&&": "and",
    "||": "or",
    "&": "and",
    "|": "or",
    "!": "not",
    "**": "*",
    "^": "*",
    "//": "/",
}
"""Operators of other languages, with what is meant here."""

WORDS_FOR_SIGNS: dict[str, str] = {
    "等于": "=",
    "是": "=",
    "不等于": "!=",
    "不是": "!=",
    "为": "=",
    "不为": "!=",
    "大于": ">",
    "多于": ">",
    "高于": ">",
    "超过": ">",
    "晚于": ">",
    "小于": "<",
    "少于": "<",
    "低于": "<",
    "早于": "<",
    "不足": "<",
    "大于等于": ">=",
    "大于或等于": ">=",
    "不小于": ">=",
    "不少于": ">=",
    "不低于": ">=",
    "不早于": ">=",
    "小于等于": "<=",
    "小于或等于": "<=",
    "不大于": "<=",
    "不多于": "<=",
    "不高于": "<=",
    "不超过": "<=",
    "不晚于": "<=",
    "加上": "+",
    "减去": "-",
    "乘以": "*",
    "除以": "/",
}
"""Words that people write for operators. They are refused with the sign to write: some of them mean one thing to one reader and another to the next."""

FOREIGN_FUNCTIONS: dict[str, tuple[str, str]] = {
    "today": ("窗口.末日", "window.last"),
    "now": ("窗口.末日", "window.last"),
    "今天": ("窗口.末日", "window.last"),
    "当前日期": ("窗口.末日", "window.last"),
    "isblank": ("缺失(x)", "missing(x)"),
    "isnull": ("缺失(x)", "missing(x)"),
    "为空": ("缺失(x)", "missing(x)"),
    "datedif": ("相隔月数(a, b)", "months_between(a, b)"),
    "networkdays": ("相隔天数(a, b)", "days_between(a, b)"),
    "WEEKDAY": ("星期(x)，星期一是 1，不是 Excel 的星期日", "weekday(x), where Monday is 1, not Sunday as in Excel"),
    "roundup": ("向上取整(x)", "ceiling(x)"),
    "rounddown": ("向下取整(x)", "floor(x)"),
    "int": ("向下取整(x)", "floor(x)"),
    "power": ("x * x", "x * x"),
    "search": ("包含(x, y)", "contains(x, y)"),
    "find": ("包含(x, y)", "contains(x, y)"),
}
"""Functions of other languages, in small letters (in capitals where ours of that name means something else), with what is written here
in Chinese and in English."""


def function_of(name: str) -> Function | None:
    """The function of that spelling, whatever the case of its letters; `None` for one of another language, even if ours has its name."""
    return None if name in FOREIGN_FUNCTIONS else FUNCTIONS.get(name) or FUNCTIONS.get(name.casefold())


CHINESE_WORDS: frozenset[str] = frozenset(word for word in (*KEYWORDS, *WORDS_FOR_SIGNS) if not word.isascii())
"""What a run of Chinese characters may be split at."""

RESERVED: frozenset[str] = frozenset({*KEYWORDS, *WORDS_FOR_SIGNS})

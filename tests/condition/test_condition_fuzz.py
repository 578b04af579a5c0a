"""No text raises anything, and none takes long: there are only diagnostics."""

import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mofan_rules.condition import compile_expression, format_expression, print_expression
from mofan_rules.condition.words import CHINESE_WORDS, FOREIGN_SIGNS, FUNCTIONS, KEYWORDS, OWN_SIGNS, UNITS, WORDS_FOR_SIGNS
from mofan_rules.diagnostics import Severity, Span, render, to_json
from tests.condition.condition_names import NAMES, compiled, sound

BLANK = st.sampled_from(["", "", " ", "　"])
PIECES = st.sampled_from(
    [
        *NAMES.fields, *KEYWORDS, *FUNCTIONS, *UNITS, *OWN_SIGNS, *FOREIGN_SIGNS, *WORDS_FOR_SIGNS, *NAMES.roles, *NAMES.relations,
        "（", "）", "，", "“党支部”", '"', "“", "”", "'", "@", "@2024-03-05", "2024-03-05", "2024年3月5日", "3年",
        "7", "７", "80%", "1.5", ".", "。", "\\", "\n", "\t", "\0", "𝟘",
    ]
)  # fmt: skip
SOUP = st.lists(st.tuples(PIECES, BLANK), max_size=25).map(lambda parts: "".join(piece + blank for piece, blank in parts))


def check(text: str) -> None:
    expression, found = compile_expression(text, Span("a.yaml", 3, 5, 3, 5 + len(text)), NAMES, None)
    assert (expression is None) == any(one.severity is Severity.ERROR for one in found)
    for one in found:
        assert one.span is not None and one.span.line == 3 and 5 <= one.span.column < one.span.end_column
        to_json(one)
    rendered = render(found, {"a.yaml": f"\n\nif: {text}"}, "both")
    assert all(character.isprintable() or character == "\n" or (character.isspace() and character > "\x9f") for character in rendered)
    formatted = format_expression(text, NAMES)
    assert format_expression(formatted, NAMES) == formatted
    if expression is not None:
        assert sound_or_warned(formatted) == expression
        print_expression(expression)


def sound_or_warned(text: str) -> object:
    return compiled(text)[0]


@given(SOUP)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_word_soup(text: str) -> None:
    check(text)


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    check(text)


def operands(numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(numbers, st.sampled_from(["+", "-", "*", "/", "＋", "×"]), numbers).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        numbers.map(lambda n: f"-{n}"),
        st.tuples(st.sampled_from(["min", "最大", "取余"]), numbers, numbers).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(numbers, numbers).map(lambda t: f"(if 已公示 then {t[0]} else {t[1]})"),
    )


NUMBERS = st.recursive(
    st.sampled_from(["7", "80%", "党员数", "占比", "最低人数", "学时合计", "年(日期)", "日期 - 成立日期"]).map(lambda n: f"({n})"), operands, max_leaves=6
)
DATES = st.sampled_from(["日期", "触发.日期", "窗口.首日", "2024-03-05", "日期 + 3年", "成立日期 - 空缺上限", "日期 + 天(党员数)", "EDATE(日期, 3)"])
COMPARED = st.one_of(
    st.tuples(NUMBERS, st.sampled_from(["=", "≠", "<", "≤", ">", ">="]), NUMBERS).map(" ".join),
    st.tuples(DATES, st.sampled_from(["=", "!=", "<", "<=", ">", "≥"]), DATES).map(" ".join),
    st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda t: f"{t[0]} 介于 {t[1]} 到 {t[2]}"),
    st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda t: f"{t[0]} not in ({t[1]}, [{t[2]}..空])"),
    st.sampled_from(
        ["已公示", "类型 属于 (“党支部”, “机关党委”)", "缺失(日期)", "包含(内容, “党建”)", "任职(书记, 在: 指导)", "上级 != 被检查单位", "议题 = 名称"]
    ),
)
CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " 且 ".join(f"({part})" for part in parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " or ".join(f"({part})" for part in parts) + ")"),
        inner.map(lambda part: f"非 ({part})"),
    ),
    max_leaves=6,
)


@given(CONDITIONS, st.sampled_from(["zh", "en", None]))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_sound_conditions_keep_their_meaning_when_formatted(text: str, language: str | None) -> None:
    expression, found = compiled(text)
    assert expression is not None, (text, found)
    formatted = format_expression(text, NAMES, language)  # type: ignore[arg-type]
    assert compiled(formatted)[0] == expression
    assert format_expression(formatted, NAMES, language) == formatted  # type: ignore[arg-type]
    print_expression(expression)


MONSTERS = {
    "brackets": "(" * 10_000,
    "lists": "党员数 in (" * 900,
    "ranges": "党员数 in [(" * 800,
    "negations": "非 " * 3_000 + "已公示",
    "minuses": "-" * 10_000,
    "ifs": "if " * 3_000,
    "excel": "IF(" * 3_000,
    "sums": "1" + "+1" * 4_999,
    "bracketed sums": "(" * 30 + "1" + ("+1" * 60 + ")") * 30,
    "many conditions": " 且 ".join(["已公示"] * 1_500),
    "long list": "党员数 in (" + ",".join(["1"] * 4_000) + ")",
    "run": "且" * 10_000,
    "run of names": "党员数" * 3_000,
    "run with digits": "党员数大于1且" * 1_200,
    "digits in a run": "且1" * 5_000,
    "unknown names": "正式党员树 " * 1_600,
    "long names": ("正式党员树" * 20 + " ") * 90,
    "digits": "9" * 10_000,
    "decimals": "0." + "3" * 9_000,
    "durations": "1年" * 4_000,
    "quotes": "“" * 10_000,
    "at signs": "@" * 10_000,
    "comparisons": "1<" * 4_999 + "1",
    "commas": "," * 10_000,
    "dots": "a." * 4_999 + "a",
    "surrogates": "\ud800" * 100,
    "newlines": "\n" * 10_000,
    "functions": "abs(" * 2_000,
    "holds": "holds(" * 1_500,
    "calls": "最大(" + ",".join(["abs(党员数)"] * 800) + ")",
    "a million characters": "x" * 1_000_000,
}


@pytest.mark.parametrize("name", MONSTERS)
def test_monsters_are_only_diagnosed(name: str) -> None:
    started = time.process_time()
    compile_expression(MONSTERS[name], Span("a.yaml", 1, 1, 1, 1), NAMES, None)
    format_expression(MONSTERS[name], NAMES)
    assert time.process_time() - started < 5


def test_the_deepest_expressions_fit_a_small_stack() -> None:
    deep = "abs(" * 30 + "-党员数" + ")" * 30 + " > 1"
    limit = sys.getrecursionlimit()
    frames = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        frame, frames = frame.f_back, frames + 1
    sys.setrecursionlimit(frames + 650)
    try:
        expression = sound(deep)
        assert compiled(format_expression(deep, NAMES))[0] == expression
        print_expression(expression)
        long_sum = "党员数" + " + 占比" * 60 + " > 1"
        assert format_expression(long_sum, NAMES) == long_sum
        print_expression(sound(long_sum))
    finally:
        sys.setrecursionlimit(limit)


def test_keywords_and_units_are_not_functions() -> None:
    assert not CHINESE_WORDS & FUNCTIONS.keys()

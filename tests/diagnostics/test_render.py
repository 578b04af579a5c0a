"""Diagnostics as text: the caret stands under what is meant, whatever the width of the glyphs."""

import json

import pytest

from mofan_rules.diagnostics import Diagnostic, Related, Span, make, render, same, to_json
from mofan_rules.diagnostics.render import WIDEST, display_width


def at(line: int, column: int, end: int, end_line: int | None = None) -> Diagnostic:
    return make("unknown-name", Span("a.yaml", line, column, end_line or line, end), name="x", suggestions=["y"])


def shown(source: str, column: int, end: int) -> tuple[str, str]:
    """The source line and the carets, both without the gutter."""
    lines = render([at(1, column, end)], {"a.yaml": source}).split("\n")
    assert lines[1].startswith("   1 | ") and lines[2].startswith("     | ")
    return lines[1][7:], lines[2][7:]


def test_the_whole_block() -> None:
    source = "requirements:\n  - when: 正式党员树 ≥ 7\n"
    found = make("unknown-name", Span("三会一课.yaml", 2, 11, 2, 16), name="正式党员树", suggestions=["正式党员数"])
    assert render([found], {"三会一课.yaml": source}) == "\n".join(
        [
            "三会一课.yaml:2:11: error[unknown-name] 没有叫“正式党员树”的数据项",
            "   2 |   - when: 正式党员树 ≥ 7",
            "     |           ^^^^^^^^^^",
            "     = 是不是：正式党员数？",
        ]
    )
    assert render([found], {}, "en") == "\n".join(
        ["三会一课.yaml:2:11: error[unknown-name] there is nothing called `正式党员树`", "     = did you mean: 正式党员数?"]
    )
    assert "没有叫“正式党员树”的数据项 / there is nothing called `正式党员树`" in render([found], {}, "both")


@pytest.mark.parametrize(
    ("source", "column", "end", "line", "carets"),
    [
        ("abc", 2, 3, "abc", " ^"),
        ("条件abc", 3, 5, "条件abc", "    ^^"),
        ("条件", 2, 3, "条件", "  ^^"),
        ("\tx", 2, 3, "    x", "    ^"),
        ("ab\t条x", 4, 6, "ab  条x", "    ^^^"),
        ("e\u0301x", 3, 4, "e\u0301x", " ^"),
        ("（甲）x", 4, 5, "（甲）x", "      ^"),
        ("abc", 4, 4, "abc", "   ^"),
        ("abc", 9, 12, "abc", "   ^"),
        ("a\x1b[0mb", 6, 7, "a\ufffd[0mb", "     ^"),
        ("a\u202eb", 3, 4, "a\ufffdb", "  ^"),
        ("\uff76\uff9ex", 3, 4, "\uff76\uff9ex", "  ^"),
    ],
)
def test_carets(source: str, column: int, end: int, line: str, carets: str) -> None:
    assert shown(source, column, end) == (line, carets)


@pytest.mark.parametrize("letter", ["a", "条"])
@pytest.mark.parametrize("place", [0, 60, 500, 999])
def test_long_lines_are_cut_around_the_caret(letter: str, place: int) -> None:
    source = letter * place + "X" + letter * (999 - place)
    line, carets = shown(source, place + 1, place + 2)
    assert display_width(line) <= 2 * WIDEST
    before = 0
    for character in line:
        if before == carets.index("^"):
            assert character == "X"
            break
        before += display_width(character)
    assert line.startswith("…") == (place >= 60) and line.endswith("…") == (place < 900)
    assert carets.strip() == "^"


def test_a_huge_line_is_not_walked() -> None:
    assert len(render([at(1, 5_000_000, 5_000_001)], {"a.yaml": "x" * 10_000_000})) < 1_000


def test_spans_over_several_lines_mark_the_first() -> None:
    assert render([at(1, 3, 2, end_line=2)], {"a.yaml": "abcdef\nghi"}).split("\n")[2] == "     |   ^^^^"


def test_line_ends_are_those_of_yaml() -> None:
    source = "a\r\nb\rc\x85d\u2028e\nf"
    assert [render([at(line, 1, 2)], {"a.yaml": source}).split("\n")[1][-1] for line in range(1, 7)] == list("abcdef")


def test_places_that_do_not_exist() -> None:
    for line in (0, 3, 99):
        assert render([at(line, 1, 2)], {"a.yaml": "x\n"}).count("\n") == 1
    assert render([make("division-by-zero", None)], {}).startswith("warning[division-by-zero] ")
    assert render([], {}) == ""


def test_related_places() -> None:
    first = Related(Span("b.yaml", 1, 1, 1, 3), same("here"))
    found = make("unknown-name", Span("a.yaml", 1, 1, 1, 2), name="x", related=[first])
    assert render([found], {"a.yaml": "x", "b.yaml": "甲乙"}).split("\n")[3:] == ["     : b.yaml:1:1: here", "   1 | 甲乙", "     | ^^^^"]


def test_json() -> None:
    found = make("unknown-name", Span("a.yaml", 2, 3, 2, 5), name="x", suggestions=["y"], related=[Related(Span("a.yaml", 1, 1, 1, 2), same("here"))])
    data = json.loads(json.dumps(to_json(found), ensure_ascii=False))
    assert data == {
        "code": "unknown-name",
        "severity": "error",
        "message": {"zh": "没有叫“x”的数据项", "en": "there is nothing called `x`"},
        "hint": {"zh": "是不是：y？", "en": "did you mean: y?"},
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 5,
        "related": [{"message": {"zh": "here", "en": "here"}, "file": "a.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 2}],
    }
    assert to_json(make("division-by-zero", None))["line"] is None

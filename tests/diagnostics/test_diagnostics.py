"""The table of codes, making diagnostics, collecting them, and the declared errors."""

import pickle
import re
from pathlib import Path
from string import Formatter

import pytest

import mofan_rules
from mofan_rules.diagnostics import CODES, Bilingual, Diagnostic, Diagnostics, FactsError, MofanError, RulesetError, Severity, Span, make
from mofan_rules.diagnostics.codes import CATALOGUES

PACKAGE = Path(mofan_rules.__file__).parent


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_a_code_stands_in_one_catalogue() -> None:
    assert sum(map(len, CATALOGUES)) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_entries(code: str) -> None:
    entry = CODES[code]
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code)
    assert entry.title.zh and entry.title.en and entry.message.zh and entry.message.en
    assert fields(entry.message.zh) == fields(entry.message.en)
    assert re.search("[\u4e00-\u9fff]", entry.title.zh) and not re.search("[\u4e00-\u9fff]", entry.title.en)
    assert entry.hint is None or fields(entry.hint.zh) == fields(entry.hint.en)


def test_every_code_is_used_and_every_used_code_is_listed() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.parent.name != "catalogue"}
    written = {code for text in sources.values() for code in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+|[a-z]+)"', text)}
    assert set(CODES) <= written, sorted(set(CODES) - written)
    reported = {code for text in sources.values() for code in re.findall(r'(?:\bmake|\.report|\.fail)\(\s*"([a-z0-9-]+)"', text)}
    assert reported <= set(CODES), sorted(reported - set(CODES))
    assert len(reported) > 40


def test_messages_in_both_languages() -> None:
    found = make("unknown-name", None, name="党员树", suggestions=["党员数", "党员"])
    assert found.message == Bilingual("没有叫“党员树”的数据项", "there is nothing called `党员树`")
    assert found.hint == Bilingual("是不是：党员数、党员？", "did you mean: 党员数, 党员?")
    assert found.severity is Severity.ERROR


def test_arguments_are_cut_and_made_harmless() -> None:
    message = make("unknown-name", None, name="\x1b[31m{x}\n" + "y" * 10_000).message.zh
    assert len(message) < 100 and "\x1b" not in message and "\n" not in message and "{x}" in message


def test_a_hint_of_ones_own_is_filled_too() -> None:
    assert make("unknown-name", None, name="a", hint=Bilingual("写 {name}", "write {name}")).hint == Bilingual("写 a", "write a")


def test_a_missing_argument_is_a_defect() -> None:
    with pytest.raises(KeyError):
        make("unknown-name", None)
    with pytest.raises(KeyError):
        make("no-code-of-this-name", None)


def at(line: int, column: int, file: str = "a.yaml") -> Diagnostic:
    return make("unknown-name", Span(file, line, column, line, column + 1), name="x")


def test_collecting_sorts_by_place_and_drops_repetitions() -> None:
    collected = Diagnostics([at(2, 1), at(1, 9)])
    assert not Diagnostics().has_errors and collected.has_errors
    collected.extend([at(1, 2), at(2, 1), at(9, 9, "A.yaml")])
    collected.add(make("division-by-zero", None))
    collected.report("unknown-name", Span("a.yaml", 1, 5, 1, 6), name="y", suggestions=["z"])
    assert [(one.span.file, one.span.line, one.span.column) if one.span else None for one in collected] == [
        None, ("A.yaml", 9, 9), ("a.yaml", 1, 2), ("a.yaml", 1, 5), ("a.yaml", 1, 9), ("a.yaml", 2, 1)
    ]  # fmt: skip
    assert len(collected) == 6


def test_warnings_are_no_errors() -> None:
    assert not Diagnostics([make("division-by-zero", None)]).has_errors


@pytest.mark.parametrize("error", [RulesetError, FactsError])
def test_errors_carry_their_diagnostics(error: type[RulesetError] | type[FactsError]) -> None:
    raised = error([at(2, 1), at(1, 1), at(1, 1)])
    assert isinstance(raised, MofanError)
    assert [one.span.line for one in raised.diagnostics if one.span] == [1, 2]
    assert str(raised).startswith("a.yaml:1:1: error[unknown-name] 没有叫“x”的数据项 / there is nothing called `x`\n")
    again = pickle.loads(pickle.dumps(raised))
    assert type(again) is error and again.diagnostics == raised.diagnostics

"""The code blocks of `docs/condition-language.md`, and of the page in Chinese, do what the pages say."""

import re
from pathlib import Path

import pytest

from mofan_rules.condition.words import CHINESE_FUNCTIONS, Function
from mofan_rules.diagnostics.catalogue.condition import CONDITION_CODES
from mofan_rules.schema import Type
from tests.condition.condition_names import compiled, sound

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "condition-language.md").read_text(encoding="utf-8")
CHINESE_PAGE = (DOCS / "zh" / "条件语言.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", f"{PAGE}\n{CHINESE_PAGE}", re.DOTALL | re.MULTILINE)


def lines(language: str) -> list[str]:
    return [line for name, block in BLOCKS if name == language for line in block.splitlines()]


@pytest.mark.parametrize("text", lines("condition"))
def test_conditions_of_the_page(text: str) -> None:
    assert sound(text, Type.BOOLEAN).type is Type.BOOLEAN


@pytest.mark.parametrize("line", lines("refused"))
def test_refusals_of_the_page(line: str) -> None:
    text, code = re.split(r"\s{2,}", line)
    assert code in CONDITION_CODES
    assert code in [one.code for one in compiled(text, Type.BOOLEAN)[1]]


def test_python_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = [block for name, block in BLOCKS if name == "python"]
    assert len(blocks) == 1
    exec(compile(blocks[0], "condition-language.md", "exec"), {})
    assert "是不是：党员数" in capsys.readouterr().out


def test_no_block_is_left_out() -> None:
    assert {name for name, _ in BLOCKS} == {"condition", "refused", "python"}
    assert len(lines("condition")) > 65 and len(lines("refused")) > 20


def test_every_function_stands_on_the_page() -> None:
    for function in Function:
        assert f"{function.value}(" in PAGE, function
    for chinese in CHINESE_FUNCTIONS.values():
        assert chinese in PAGE, chinese
        assert f"{chinese}(" in CHINESE_PAGE, chinese

"""Lines of code: without blank lines, comments and docstrings."""

import ast
import io
import tokenize
from pathlib import Path

SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}


def lines_of_code(path: Path) -> int:
    """How many lines of a file say something: of Python by its tokens, of any other by how the line begins."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return len(_python(text))
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", "//")))


def _python(text: str) -> set[int]:
    lines = text.splitlines()
    said = {
        number
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in SILENT
        for number in range(token.start[0], token.end[0] + 1)
        if lines[number - 1].strip()
    }
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            said -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return said
